"""Rows of supplies: a province's 117 counties, 14 days and 40 goods, with room and without."""

from __future__ import annotations

import dataclasses

from benchmarks.cases import dispatch_supplies as instances
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.supply.network import solve, validate

ROOMS = {"lorries-enough": 100.0, "lorries-half-of-need": 1.0, "lorries-quarter-of-need": 0.5}
SMALL = dataclasses.replace(instances.RULES, horizon_days=4)


def rows() -> list[Line]:
    """The first call compiles; a small one before the clock runs does that."""
    small = instances.province(instances.CITIES, 1, days=SMALL.horizon_days)
    solve.plan(**small, rules=SMALL, on=instances.ON)
    return [row for name, room in ROOMS.items() for row in _rows(name, room)]


def _rows(name: str, room: float) -> list[Line]:
    given = instances.province(room=room)
    plan = solve.plan(**given, rules=instances.RULES, on=instances.ON)
    checked(validate.check(plan, **given, rules=instances.RULES, on=instances.ON))
    found = f"supplies-117-counties-14-days-40-goods-{name}"
    return [
        line(f"{found} yuan against bound", plan.answer.value, "yuan", peer=plan.answer.bound,
             goal=1.0001),
        line(f"{found} time", plan.answer.seconds, "s", peer=None, goal=10.0),
    ]  # fmt: skip

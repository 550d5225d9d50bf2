"""A testing round: its rows."""

from __future__ import annotations

import time

from benchmarks.cases import dispatch as instances
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.testing import solve as testing
from zhongshu.engines.testing import validate as testing_check


def rows() -> list[Line]:
    area = instances.sampling_round(1000, 1500)
    began = time.perf_counter()
    plan = testing.plan_round(**area, rules=instances.ROUND_RULES, start=instances.START)
    spent = time.perf_counter() - began
    checked(testing_check.check(plan, **area, rules=instances.ROUND_RULES))
    name = "testing-1000-villages-1500-candidates"
    total = float(sum(area["villages"]["people"].to_pylist()))
    in_reach = total - plan.reasons.get("no_point_in_reach", 0)
    return [
        line(f"{name} people with a point, of those in reach", plan.people, "persons",
             peer=in_reach, goal=0.99, most=False),
        line(f"{name} cost against bound", plan.value, "person-km", peer=plan.bound, goal=1.05),
        line(f"{name} time", spent, "s", peer=None, goal=20.0),
    ]  # fmt: skip

"""Prices: a basket good that rose in a county by more than local plans take quietly."""

from __future__ import annotations

import collections
from typing import Any

from zhongshu.service.findings.facade import Found
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.watch.finding import Kind, by_rule, found_as
from zhongshu.service.periods.cycle.words import say
from zhongshu.service.resources import facade as resources

RULE = "SUP-4"
_FACT = {"week_rise": "price_week_pct", "month_rise": "price_month_pct"}


def prices(frame: Frame) -> list[Found]:
    """One finding a county and good: the largest rise that a point of it reported on the last day,
    where the edition has a rule for it and the rule holds."""
    if RULE not in frame.pack.rules:
        return []
    path = frame.tree.get(frame.scope_unit).path
    seen = resources.watch(scope=Scope((path,)), path=path, as_of=frame.as_of)
    together: dict[tuple[str, str], list[dict[str, Any]]] = collections.defaultdict(list)
    for row in seen.rows:
        if row["why"] in _FACT:
            together[row["county_code"], row["item"]].append(row)
    found = [_rise(frame, county, item, rows) for (county, item), rows in sorted(together.items())]
    return [one for one in found if one is not None]


def _rise(frame: Frame, county: str, item: str, rows: list[dict[str, Any]]) -> Found | None:
    most = dict.fromkeys(_FACT.values(), 0.0)
    for row in rows:
        most[_FACT[row["why"]]] = max(most[_FACT[row["why"]]], round(100 * row["value"], 1))
    points = len({row["point_id"] for row in rows})
    facts = {**most, "good": item, "price_points": points, "day": rows[0]["date"]}
    judged = by_rule(frame.pack, RULE, facts)
    if judged is None:
        return None
    good = say(f"good.{item}")
    rises = {name.removeprefix("price_"): value for name, value in most.items()}
    return found_as(
        frame,
        Kind.PRICE_RISE,
        ("price", f"{county}:{item}"),
        judged,
        label=say("finding.label.price", unit=frame.name(county), good=good),
        text=say("finding.price_rise", points=points, **rises),
        unit=county,
        since=rows[0]["date"],
        facts=facts,
    )

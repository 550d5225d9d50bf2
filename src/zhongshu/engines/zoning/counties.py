"""County colours, by the pack's thresholds on community cases and the areas that stay open."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.engines.zoning.areas import Row
from zhongshu.engines.zoning.units import Units


def colours(
    county_codes: list[str],
    rows: list[Row],
    cases: pa.Table,
    units: Units,
    rules: model.ZoneRules,
    *,
    on: dt.date,
) -> pa.Table:
    """One row per county of the units table, the ones without cases included."""
    first = on - dt.timedelta(days=rules.colour.days)
    recent: dict[str | None, list[Row]] = {}
    for case in cases.to_pylist():
        if first < case["confirmed_on"] <= on and not case["imported"]:
            recent.setdefault(units.above(case["unit_code"], "county"), []).append(case)
    areas: dict[str, list[Row]] = {}
    for row in rows:
        if row["action"] != "release":
            areas.setdefault(row["county_code"], []).append(row)
    table = [
        _county(code, areas.get(code, []), recent.get(code, []), rules) for code in county_codes
    ]
    return pa.Table.from_pylist(table, schema=model.COUNTIES)


def _county(code: str, areas: list[Row], cases: list[Row], rules: model.ZoneRules) -> Row:
    community = sum(not case["in_quarantine"] for case in cases)
    return {
        "county_code": code,
        "colour": _colour(len(cases), community, len(areas), rules.colour),
        "local_cases": len(cases),
        "community_cases": community,
        "areas_high": sum(row["level"] == "high" for row in areas),
        "areas_medium": sum(row["level"] == "medium" for row in areas),
        "residents_restricted": sum(row["residents"] for row in areas),
        "person_days": float(sum(row["person_days"] for row in areas)),
        "low_zone": bool(areas),
        "rule_id": rules.colour.rule_id,
    }


def _colour(local: int, community: int, areas: int, rule: model.ColourRule) -> str:
    if community >= rule.high_cases:
        return "high"
    if community >= rule.medium_cases:
        return "medium"
    return "low" if local or areas else "none"

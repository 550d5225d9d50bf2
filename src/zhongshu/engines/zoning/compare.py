"""The same evidence drawn smaller and larger: what each way costs and covers."""

from __future__ import annotations

import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.engines.zoning.areas import Row
from zhongshu.engines.zoning.evidence import Pair
from zhongshu.engines.zoning.units import Units


def alternatives(
    rows: list[Row], pairs: list[Pair], units: Units, rules: model.ZoneRules
) -> pa.Table:
    """homes only, as chosen, whole townships, whole counties.

    A larger area runs at the strictest course of the areas it holds.  Evidence is counted in pairs
    (case, unit where it lived or stayed), the weak ones that draw nothing included.
    """
    open_rows = [row for row in rows if row["action"] != "release"]
    course = {row["unit_code"]: _weighted_days(row) for row in open_rows}
    homes = {
        row["unit_code"]: course[row["unit_code"]]
        for row in open_rows
        if "home_of_case" in row["reasons"]
    }
    options = {"homes": homes, "chosen": course}
    for kind in ("township", "county"):
        options[kind] = _widened(course, units, kind)
    table = [_row(key, areas, pairs, units, rules) for key, areas in options.items()]
    return pa.Table.from_pylist(table, schema=model.ALTERNATIVES)


def _weighted_days(row: Row) -> float:
    return float(row["person_days"] / row["residents"]) if row["residents"] else 0.0


def _widened(course: dict[str, float], units: Units, kind: str) -> dict[str, float]:
    """The units of `kind` that hold the areas; an area larger than that stays itself."""
    wide: dict[str, float] = {}
    for code, days in course.items():
        holder = units.above(code, kind) or code
        wide[holder] = max(days, wide.get(holder, 0.0))
    return wide


def _row(
    key: str, areas: dict[str, float], pairs: list[Pair], units: Units, rules: model.ZoneRules
) -> Row:
    codes = set(areas)
    people = {code: unit.people for code in areas if (unit := units.get(code))}
    largest = model.KINDS.index(rules.high.largest_unit)
    inside = sum(units.within(pair.unit_code, codes) is not None for pair in pairs)
    return {
        "key": key,
        "areas": len(areas),
        "people": sum(people.values()),
        "person_days": sum(people.get(code, 0) * days for code, days in areas.items()),
        "evidence_share": inside / len(pairs) if pairs else None,
        "in_pack": all(unit.rank <= largest for code in areas if (unit := units.get(code))),
        "chosen": key == "chosen",
    }

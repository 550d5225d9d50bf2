"""Re-checks a day's zoning from its tables alone.  Shares no code with the solver.

One sentence per violation; an empty list is a valid zoning.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.zoning import model

Row = dict[str, Any]
SIZES = {"household": 0, "building": 1, "village": 2, "township": 3, "county": 4}


def check(
    result: model.ZoningResult,
    *,
    cases: pa.Table,
    units: pa.Table,
    zones: pa.Table,
    rules: model.ZoneRules,
    on: dt.date,
) -> list[str]:
    areas = result.areas.to_pylist()
    known = {row["unit_code"]: row for row in units.to_pylist()}
    return [
        *_each_zone_once(areas, zones),
        *_sizes(areas, known, rules),
        *_evidence(areas, {row["case_id"] for row in cases.to_pylist()}),
        *_local_cases(areas, cases.to_pylist(), known, rules, on),
        *_figures(areas, known),
        *_steps(areas, result.conditions.to_pylist()),
        *_counties(areas, result.counties.to_pylist()),
    ]


def _each_zone_once(areas: list[Row], zones: pa.Table) -> list[str]:
    codes = [row["unit_code"] for row in areas]
    lost = sorted(set(zones["unit_code"].to_pylist()) - set(codes))
    twice = sorted({code for code in codes if codes.count(code) > 1})
    return [f"the zone in force {code} is not judged" for code in lost] + [
        f"{code} is judged twice" for code in twice
    ]


def _sizes(areas: list[Row], known: dict[str, Row], rules: model.ZoneRules) -> list[str]:
    faults = []
    for row in areas:
        rule = rules.high if row["level"] == "high" else rules.medium
        if row["action"] in ("draw", "raise") and (
            rule is None or SIZES[known[row["unit_code"]]["kind"]] > SIZES[rule.largest_unit]
        ):
            faults.append(f"{row['unit_code']} is larger than a {row['level']} area may be")
    return faults


def _evidence(areas: list[Row], cases: set[int]) -> list[str]:
    drawn = [row for row in areas if row["action"] in ("draw", "raise")]
    return [
        f"{row['unit_code']} is drawn without known cases or reasons"
        for row in drawn
        if not row["case_ids"] or not set(row["case_ids"]) <= cases or not row["reasons"]
    ]


def _local_cases(
    areas: list[Row],
    cases: list[Row],
    known: dict[str, Row],
    rules: model.ZoneRules,
    on: dt.date,
) -> list[str]:
    first = on - dt.timedelta(days=rules.lookback_days)
    local = {
        _county(row["unit_code"], known)
        for row in cases
        if not row["imported"] and first < row["confirmed_on"] <= on
    }
    return [
        f"{row['unit_code']} is drawn in a county without local cases"
        for row in areas
        if row["action"] == "draw" and row["county_code"] not in local
    ]


def _county(code: str | None, known: dict[str, Row]) -> str | None:
    while code in known:
        if known[code]["kind"] == "county":
            return code
        code = known[code]["parent"]
    return None


def _figures(areas: list[Row], known: dict[str, Row]) -> list[str]:
    faults = []
    for row in areas:
        unit = known[row["unit_code"]]
        if (row["residents"], row["households"]) != (unit["people"], unit["households"]):
            faults.append(f"{row['unit_code']} has other residents than its unit")
        if row["action"] == "release" and row["person_days"] != 0:
            faults.append(f"{row['unit_code']} is released and still costs person-days")
        if row["action"] != "release" and row["person_days"] > row["residents"] * row["days"]:
            faults.append(f"{row['unit_code']} costs more person-days than residents x days")
    return faults


def _steps(areas: list[Row], conditions: list[Row]) -> list[str]:
    """Nobody steps down before every condition is met, nor stays unmarked after."""
    met: dict[str, bool] = {}
    for row in conditions:
        met[row["unit_code"]] = met.get(row["unit_code"], True) and row["met"]
    faults = []
    for row in areas:
        steps = row["action"] in ("step_down", "release")
        if row["unit_code"] in met and steps != met[row["unit_code"]]:
            faults.append(f"{row['unit_code']}: {row['action']} against its release conditions")
    return faults


def _counties(areas: list[Row], counties: list[Row]) -> list[str]:
    shown = [row for row in areas if row["action"] != "release"]
    faults = []
    for county in counties:
        inside = [row for row in shown if row["county_code"] == county["county_code"]]
        if county["residents_restricted"] != sum(row["residents"] for row in inside):
            faults.append(f"{county['county_code']}: residents restricted do not add up")
        if inside and county["colour"] == "none":
            faults.append(f"{county['county_code']} has areas and no colour")
    return faults

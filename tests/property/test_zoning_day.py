"""Whatever the cases, places and zones: the day's zoning is valid and is what the rules say."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.zoning import model, oracle, shape, solve, validate

ON = dt.date(2022, 11, 8)
VILLAGES = ("A1", "A2", "A3", "B1", "B2")
RULES = model.ZoneRules(
    high=model.LevelRule("Z9-1", "village", 7, "medium", 1.0, negative_within_days=1),
    medium=model.LevelRule("Z9-2", "village", 7, "low", 0.5, stepped_days=3),
    place_high=model.PlaceRule(minutes=120, persons=20, cases=3),
    place_medium=model.PlaceRule(minutes=60, persons=5, cases=2),
    colour=model.ColourRule("COLOUR", days=14, high_cases=10, medium_cases=3),
    local_case_rule_id="Z9-5",
    lookback_days=10,
    first_day=0,
    quarantined_restart=True,
    shape_buffer_m=50.0,
)


def days_before(most: int) -> st.SearchStrategy[dt.date]:
    return st.integers(0, most).map(lambda n: ON - dt.timedelta(days=n))


def units() -> pa.Table:
    rows: list[dict[str, Any]] = []
    for county in "AB":
        rows.append({"unit_code": county, "kind": "county", "parent": None, "people": 900})
        rows.append(
            {"unit_code": f"{county}t", "kind": "township", "parent": county, "people": 600}
        )
    rows += [
        {"unit_code": v, "kind": "village", "parent": f"{v[0]}t", "people": 100 + n}
        for n, v in enumerate(VILLAGES)
    ]
    return pa.Table.from_pylist([{**row, "households": 30} for row in rows], schema=model.UNITS)


@st.composite
def days(draw: st.DrawFn) -> dict[str, Any]:
    cases = [
        {
            "case_id": number,
            "person": number,
            "unit_code": draw(st.sampled_from(VILLAGES)),
            "onset": None,
            "confirmed_on": draw(days_before(20)),
            "in_quarantine": draw(st.booleans()),
            "imported": draw(st.booleans()),
        }
        for number in range(1, draw(st.integers(0, 6)) + 1)
    ]
    at = dt.datetime(2022, 11, 1, 8, tzinfo=dt.UTC)
    exposures = [
        {
            "case_id": draw(st.integers(1, 6)),
            "place": place,
            "unit_code": VILLAGES[place % len(VILLAGES)],
            "time_from": at,
            "time_to": at + dt.timedelta(hours=1),
            "minutes": draw(st.sampled_from([5.0, 60.0, 130.0])),
            "persons": draw(st.sampled_from([0, 6, 30])),
        }
        for place in draw(st.lists(st.integers(0, 7), max_size=8))
    ]
    zones = [
        {
            "unit_code": code,
            "level": draw(st.sampled_from(["high", "medium"])),
            "since": draw(days_before(15)),
            "stepped": False,
        }
        for code in draw(st.lists(st.sampled_from(VILLAGES), unique=True))
    ]
    for zone in zones:
        zone["stepped"] = zone["level"] == "medium" and draw(st.booleans())
    coverage = [
        {
            "unit_code": code,
            "date": draw(days_before(12)),
            "inside": 100,
            "tested": draw(st.sampled_from([90, 100])),
            "positive": draw(st.sampled_from([0, 0, 1])),
        }
        for code in draw(st.lists(st.sampled_from(VILLAGES), max_size=8))
    ]
    return {
        "cases": pa.Table.from_pylist(cases, schema=model.CASES),
        "exposures": pa.Table.from_pylist(exposures, schema=model.EXPOSURES),
        "units": units(),
        "zones": pa.Table.from_pylist(zones, schema=model.ZONES),
        "coverage": pa.Table.from_pylist(coverage, schema=model.COVERAGE),
    }


NO_HOMES = pa.Table.from_pylist([], schema=model.HOMES)


@settings(max_examples=200, deadline=None)
@given(days())
def test_every_zoning_passes_the_independent_validator(day: dict[str, Any]) -> None:
    result = solve.draw(**day, homes=NO_HOMES, rules=RULES, on=ON)
    check = {name: day[name] for name in ("cases", "units", "zones")}
    assert validate.check(result, **check, rules=RULES, on=ON) == []


@settings(max_examples=300, deadline=None)
@given(days())
def test_levels_are_those_the_rules_say_unit_by_unit(day: dict[str, Any]) -> None:
    result = solve.draw(**day, homes=NO_HOMES, rules=RULES, on=ON)
    found = {
        row["unit_code"]: row["level"]
        for row in result.areas.to_pylist()
        if row["action"] != "release"
    }
    assert found == oracle.levels(**day, rules=RULES, on=ON)


@settings(max_examples=100, deadline=None)
@given(days())
def test_larger_ways_of_drawing_cover_no_less_and_free_nobody(day: dict[str, Any]) -> None:
    result = solve.draw(**day, homes=NO_HOMES, rules=RULES, on=ON)
    by_key = {row["key"]: row for row in result.alternatives.to_pylist()}
    order = [by_key[key] for key in ("homes", "chosen", "township", "county")]
    for smaller, larger in itertools.pairwise(order):
        assert smaller["people"] <= larger["people"]
        assert smaller["person_days"] <= larger["person_days"] + 1e-6
        assert (smaller["evidence_share"] or 0) <= (larger["evidence_share"] or 0) + 1e-9


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.floats(112, 112.2), st.floats(37, 37.2)), min_size=1, max_size=40),
    st.floats(10, 500),
)
def test_an_outline_is_closed_and_holds_every_home(
    points: list[tuple[float, float]], buffer_m: float
) -> None:
    ring = shape.outline(np.array(points), buffer_m=buffer_m)
    assert (ring[0] == ring[-1]).all()
    turns = [
        (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
        for a, b in itertools.pairwise(ring)
        for p in points
    ]
    assert min(turns) > 0  # strictly left of every edge

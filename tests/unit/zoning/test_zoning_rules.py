"""A day's zoning in small tables: who is closed in, why, and when it ends."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.zoning import model, solve, validate
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 8)
AT = dt.datetime(2022, 11, 5, 8, tzinfo=dt.UTC)
RULES = model.ZoneRules(
    high=model.LevelRule("Z9-1", "village", 7, "medium", 1.0),
    medium=model.LevelRule("Z9-2", "village", 7, "low", 0.5, stepped_days=3),
    place_high=model.PlaceRule(minutes=240, persons=50, cases=3),
    place_medium=model.PlaceRule(minutes=60, persons=5, cases=2),
    colour=model.ColourRule("COLOUR", days=14, high_cases=5, medium_cases=2),
    local_case_rule_id="Z9-5",
    lookback_days=10,
    first_day=0,
    quarantined_restart=True,
    shape_buffer_m=50.0,
)


def ago(days: int) -> dt.date:
    return ON - dt.timedelta(days=days)


def unit(code: str, kind: str, parent: str | None, people: int) -> dict[str, Any]:
    base = {"unit_code": code, "kind": kind, "parent": parent}
    return {**base, "people": people, "households": people // 3}


UNITS = [
    unit("C1", "county", None, 30000),
    unit("C2", "county", None, 20000),
    unit("T1", "township", "C1", 9000),
    unit("T2", "township", "C2", 8000),
    unit("V1", "village", "T1", 1000),
    unit("V2", "village", "T1", 2000),
    unit("V3", "village", "T2", 3000),
    unit("H1", "building", "V1", 90),
]


def case(number: int, code: str | None = "V1", days: int = 1, **more: Any) -> dict[str, Any]:
    base = {"case_id": number, "person": number, "unit_code": code, "onset": None}
    flags = {"in_quarantine": False, "imported": False}
    return {**base, "confirmed_on": ago(days), **flags, **more}


def stay(number: int, place: int, code: str = "V2", **more: Any) -> dict[str, Any]:
    base = {"case_id": number, "place": place, "unit_code": code, "time_from": AT}
    until = AT + dt.timedelta(hours=2)
    return {**base, "time_to": until, "minutes": 120.0, "persons": 10, **more}


def zone(code: str = "V1", level: str = "high", days: int = 8, **more: Any) -> dict[str, Any]:
    return {"unit_code": code, "level": level, "since": ago(days), "stepped": False, **more}


def negative(code: str = "V1", days: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "unit_code": code,
        "date": ago(days),
        "inside": 1000,
        "tested": 1000,
        "positive": 0,
        **more,
    }


def draw(rules: model.ZoneRules = RULES, **rows: list[dict[str, Any]]) -> model.ZoningResult:
    schemas = {
        "cases": model.CASES,
        "exposures": model.EXPOSURES,
        "units": model.UNITS,
        "zones": model.ZONES,
        "coverage": model.COVERAGE,
        "homes": model.HOMES,
    }
    given = {"units": UNITS, **rows}
    day = {n: pa.Table.from_pylist(given.get(n, []), schema=s) for n, s in schemas.items()}
    result = solve.draw(**day, rules=rules, on=ON)
    check = {name: day[name] for name in ("cases", "units", "zones")}
    assert validate.check(result, **check, rules=rules, on=ON) == []
    return result


def areas(result: model.ZoningResult) -> dict[str, dict[str, Any]]:
    return {row["unit_code"]: row for row in result.areas.to_pylist()}


def test_the_village_of_a_case_is_high_for_seven_days_and_medium_for_three() -> None:
    area = areas(draw(cases=[case(1)]))["V1"]
    assert (area["level"], area["action"], area["reasons"]) == ("high", "draw", ["home_of_case"])
    assert area["days"] == 10
    assert area["person_days"] == 1000 * (7 * 1.0 + 3 * 0.5)
    assert area["earliest_release"] == ON + dt.timedelta(days=7)


def test_a_place_where_a_case_stayed_some_time_makes_its_village_medium() -> None:
    area = areas(draw(cases=[case(1)], exposures=[stay(1, 5)]))["V2"]
    assert (area["level"], area["places"], area["case_ids"]) == ("medium", [5], [1])
    assert area["window_from"] == AT


def test_a_place_with_many_cases_is_high() -> None:
    cases = [case(n) for n in (1, 2, 3)]
    area = areas(draw(cases=cases, exposures=[stay(n, 5, minutes=1.0) for n in (1, 2, 3)]))["V2"]
    assert (area["level"], area["reasons"]) == ("high", ["several_cases_at_place"])


def test_a_short_stay_draws_nothing() -> None:
    assert "V2" not in areas(draw(cases=[case(1)], exposures=[stay(1, 5, minutes=5.0)]))


def test_a_case_found_in_quarantine_closes_no_village() -> None:
    assert areas(draw(cases=[case(1, in_quarantine=True)])) == {}


def test_a_county_without_local_cases_draws_no_zone_and_it_is_said() -> None:
    result = draw(cases=[case(1)], exposures=[stay(1, 5, code="V3")])
    assert set(areas(result)) == {"V1"}
    row = result.withheld.to_pylist()[0]
    assert (row["unit_code"], row["reason"], row["rule_id"]) == ("V3", "no_local_case", "Z9-5")


def test_evidence_older_than_the_look_back_draws_nothing() -> None:
    assert areas(draw(cases=[case(1, days=10)])) == {}


def test_a_case_without_a_village_is_listed_and_not_lost() -> None:
    result = draw(cases=[case(1, code=None)])
    assert result.withheld["reason"].to_pylist() == ["unit_unknown"]


def test_where_the_pack_allows_buildings_only_a_village_is_not_closed() -> None:
    rules = dataclasses.replace(
        RULES, high=dataclasses.replace(RULES.high, largest_unit="building"), medium=None
    )
    result = draw(rules, cases=[case(1), case(2, code="H1")])
    assert set(areas(result)) == {"H1"}
    assert result.withheld["reason"].to_pylist() == ["unit_too_large"]


def test_seven_clean_days_and_everyone_negative_step_high_down_to_medium() -> None:
    result = draw(zones=[zone(days=7)], coverage=[negative(days=0)])
    area = areas(result)["V1"]
    assert (area["action"], area["was"], area["level"]) == ("step_down", "high", "medium")
    assert area["days"] == 3
    assert area["overdue_days"] == 0


def test_clean_days_alone_do_not_suffice() -> None:
    result = draw(zones=[zone(days=9)], coverage=[negative(days=1, tested=999)])
    area = areas(result)["V1"]
    assert (area["action"], area["reasons"]) == ("keep", ["waits_for_tests"])
    met = {row["code"]: row["met"] for row in result.conditions.to_pylist()}
    assert met == {"clean_days": True, "all_negative": False}


def test_a_round_before_the_last_clean_day_does_not_count() -> None:
    assert areas(draw(zones=[zone(days=7)], coverage=[negative(days=2)]))["V1"]["action"] == "keep"


def test_a_zone_open_past_its_release_is_marked_overdue() -> None:
    area = areas(draw(zones=[zone(days=12)], coverage=[negative(days=5)]))["V1"]
    assert area["overdue_days"] == 5


def test_three_more_clean_days_release_a_stepped_down_area_without_another_round() -> None:
    area = areas(draw(zones=[zone(level="medium", days=3, stepped=True)]))["V1"]
    assert (area["action"], area["person_days"]) == ("release", 0.0)
    assert area["reasons"] == ["clean"]


def test_a_new_case_inside_restarts_the_clock() -> None:
    area = areas(draw(zones=[zone(days=9)], cases=[case(1, days=2)], coverage=[negative(days=1)]))
    assert area["V1"]["action"] == "prolong"
    assert "new_case_inside" in area["V1"]["reasons"]
    assert area["V1"]["clean_days"] == 2
    assert area["V1"]["earliest_release"] == ON + dt.timedelta(days=5)


def test_a_case_of_strict_home_isolation_need_not_restart_the_clock() -> None:
    rules = dataclasses.replace(RULES, quarantined_restart=False)
    inside = [case(1, days=2, in_quarantine=True)]
    area = areas(draw(rules, zones=[zone(days=7)], cases=inside, coverage=[negative(days=0)]))["V1"]
    assert area["action"] == "step_down"


def test_a_medium_area_with_a_case_is_raised() -> None:
    area = areas(draw(zones=[zone(level="medium", days=2)], cases=[case(1, days=0)]))["V1"]
    assert (area["action"], area["was"], area["level"]) == ("raise", "medium", "high")


def test_a_stepped_down_area_is_not_raised_again_by_its_old_cases() -> None:
    stepped = zone(level="medium", days=1, stepped=True)
    assert areas(draw(zones=[stepped], cases=[case(1, days=9)]))["V1"]["action"] == "keep"


def test_an_edition_without_medium_frees_the_medium_areas() -> None:
    rules = dataclasses.replace(RULES, medium=None)
    area = areas(draw(rules, zones=[zone(level="medium", days=1)]))["V1"]
    assert (area["action"], area["reasons"]) == ("release", ["level_abolished"])


def test_an_edition_without_medium_frees_a_clean_high_area_at_once() -> None:
    rules = dataclasses.replace(RULES, medium=None)
    area = areas(draw(rules, zones=[zone(days=7)], coverage=[negative(days=0)]))["V1"]
    assert area["action"] == "release"


def test_county_colours_follow_community_cases() -> None:
    cases = [case(n) for n in (1, 2)] + [case(3, code="V3", in_quarantine=True)]
    colours = {r["county_code"]: r["colour"] for r in draw(cases=cases).counties.to_pylist()}
    assert colours == {"C1": "medium", "C2": "low"}
    assert set(draw().counties["colour"].to_pylist()) == {"none"}


def test_the_price_of_drawing_larger_is_shown() -> None:
    table = draw(cases=[case(1)], exposures=[stay(1, 5)]).alternatives.to_pylist()
    price = {row["key"]: row for row in table}
    assert price["homes"]["people"] == 1000
    assert price["homes"]["evidence_share"] == 0.5
    assert price["chosen"]["people"] == 3000
    assert price["township"]["people"] == 9000
    assert price["county"]["person_days"] == 30000 * 8.5
    assert [price[k]["in_pack"] for k in ("chosen", "township", "county")] == [True, False, False]


def test_an_area_has_an_outline_around_its_homes() -> None:
    homes = [{"unit_code": "V1", "lon": 112.5, "lat": 37.8}]
    shapes = draw(cases=[case(1)], homes=homes).shapes.to_pylist()
    ring = json.loads(shapes[0]["geojson"])["coordinates"][0]
    assert ring[0] == ring[-1]
    assert max(lat for _, lat in ring) == pytest.approx(37.8 + 50 / 111195, abs=2e-6)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ({"zones": [zone(days=-1)]}, "zoning.zone_from_the_future"),
        ({"zones": [zone(code="V9")]}, "zoning.bad_zone"),
        ({"zones": [zone(), zone()]}, "zoning.zone_twice"),
        ({"units": [unit("X", "street", None, 5)]}, "zoning.bad_units"),
        ({"units": [unit("X", "county", None, -5)]}, "input.negative"),
        ({"exposures": [stay(1, 5, minutes=-3.0)]}, "input.negative"),
    ],
)
def test_tables_that_make_no_sense_are_refused(rows: dict[str, Any], code: str) -> None:
    with pytest.raises(BadInput) as refusal:
        draw(**rows)
    assert refusal.value.code == code


def test_the_run_card_can_be_written_down_as_json() -> None:
    assert json.dumps(draw(cases=[case(1)]).card.as_json())

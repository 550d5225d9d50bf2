"""A round in small tables: who walks where, when it is over, and what it waits for."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.testing import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
RULES = model.RoundRules(
    round_h=24,
    people_per_point_max=3000,
    per_desk_h=75,
    setup_h=5,
    sampling_h=8,
    pool_size=10,
    pool_max=20,
    walk_max_km=3,
    detour_factor=1.0,
    courier_every_h=4,
    courier_kmh=40,
    lab_turnaround_h=4,
    point_cost_km=100,
)


def village(code: str = "V1", people: int = 1000, lon: float | None = 112.5) -> dict[str, Any]:
    return {"unit_code": code, "people": people, "lon": lon, "lat": 37.8}


def point(name: str = "P1", desks: int = 5, lon: float | None = 112.5) -> dict[str, Any]:
    return {"point_id": name, "lon": lon, "lat": 37.8, "desks_max": desks}


def lab(name: str = "L1", tubes: int = 24000, lon: float = 112.5) -> dict[str, Any]:
    return {"lab_id": name, "lon": lon, "lat": 37.8, "tubes_per_day": tubes}


def plan(
    villages: list[Any], points: list[Any], labs: list[Any], rules: model.RoundRules = RULES
) -> model.RoundPlan:
    area = {
        "villages": pa.Table.from_pylist(villages, schema=model.VILLAGES),
        "candidates": pa.Table.from_pylist(points, schema=model.CANDIDATES),
        "labs": pa.Table.from_pylist(labs, schema=model.LABS),
    }
    made = solve.plan_round(**area, rules=rules, start=START)
    assert validate.check(made, **area, rules=rules) == []
    return made


def test_a_village_of_1000_needs_two_desks_100_tubes_and_is_done_in_hours() -> None:
    made = plan([village()], [point()], [lab()])
    row = made.points.to_pylist()[0]
    assert (row["desks"], row["tubes"], row["lab_id"]) == (2, 100, "L1")
    assert row["opens_at"] == START + dt.timedelta(hours=5)
    # 1,000 people at 2 desks of 75 an hour, 40 tubes in the last batch at 1,000 an hour, 4 h
    # of turnaround: 5 + 6.67 + 0.04 + 4 h
    assert made.finish_at is not None
    assert (made.finish_at - START).total_seconds() / 3600 == pytest.approx(15.71, abs=0.01)
    assert made.binding == "sampling"


def test_a_second_point_is_opened_only_when_the_first_is_full_or_far() -> None:
    two = [point("P1"), point("P2", lon=112.502)]
    assert plan([village()], two, [lab()]).points.num_rows == 1
    assert plan([village(people=3600)], two, [lab()]).points.num_rows == 2


def test_a_village_may_be_shared_between_points() -> None:
    made = plan([village(people=4000)], [point("P1"), point("P2")], [lab()])
    assert sorted(made.walks["people"].to_pylist()) == [1000, 3000]


def test_whoever_cannot_be_served_is_listed_with_the_reason() -> None:
    homes = [village("V1", 4000), village("V2", 50, lon=112.9), village("V3", 70, lon=None)]
    made = plan(homes, [point()], [lab()])
    assert made.reasons == {"points_full": 1000, "no_point_in_reach": 50, "no_coordinates": 70}


def test_a_slow_laboratory_is_named_as_what_binds() -> None:
    made = plan([village(people=3000)], [point()], [lab(tubes=240)])
    assert made.binding == "laboratory"


def test_tubes_go_to_a_farther_laboratory_rather_than_wait() -> None:
    homes = [village("V1", 3000), village("V2", 3000, lon=112.6)]
    points = [point("P1"), point("P2", lon=112.6)]
    made = plan(homes, points, [lab("L1", tubes=700), lab("L2", tubes=700, lon=112.7)])
    assert set(made.points["lab_id"].to_pylist()) == {"L1", "L2"}


def test_without_laboratories_the_finish_is_unknown_and_not_assumed() -> None:
    made = plan([village()], [point()], [])
    assert made.finish_at is None
    assert made.binding == "laboratories_missing"


def test_a_laboratory_without_capacity_gets_no_tubes() -> None:
    made = plan([village()], [point()], [lab("L1", tubes=0), lab("L2", lon=112.9)])
    assert made.points["lab_id"].to_pylist() == ["L2"]


def test_other_pools_and_hours_are_compared() -> None:
    rules = dataclasses.replace(RULES, pool_options=(5, 10, 20), sampling_options=(2, 8))
    table = plan([village(people=3000)], [point()], [lab()], rules).alternatives.to_pylist()
    rows = {row["key"]: row for row in table}
    assert [rows[k]["tubes"] for k in ("pool-5", "chosen", "pool-20")] == [600, 300, 150]
    assert rows["hours-2"]["unserved"] == 3000 - 5 * 75 * 2
    assert [row["chosen"] for row in table] == [True, False, False, False]


def test_nobody_to_test_is_an_empty_plan() -> None:
    made = plan([village(people=0)], [point()], [lab()])
    assert (made.people, made.points.num_rows, made.finish_at) == (0, 0, None)


@pytest.mark.parametrize(
    ("villages", "points", "rules", "code"),
    [
        ([village(people=-1)], [point()], RULES, "input.negative"),
        ([village()], [point(desks=-2)], RULES, "input.negative"),
        ([village()], [point(lon=None)], RULES, "testing.no_coordinates"),
        ([village()], [point()], dataclasses.replace(RULES, pool_size=30), "testing.pool_size"),
        ([village()], [point()], dataclasses.replace(RULES, per_desk_h=0), "testing.bad_rates"),
    ],
)
def test_tables_that_make_no_sense_are_refused(
    villages: list[Any], points: list[Any], rules: model.RoundRules, code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        plan(villages, points, [lab()], rules)
    assert refusal.value.code == code


def test_a_start_without_a_zone_is_refused() -> None:
    empty = [pa.Table.from_pylist([], schema=s) for s in (model.VILLAGES, model.CANDIDATES)]
    with pytest.raises(BadInput, match="time zone"):
        solve.plan_round(
            villages=empty[0],
            candidates=empty[1],
            labs=pa.Table.from_pylist([], schema=model.LABS),
            rules=RULES,
            start=START.replace(tzinfo=None),
        )


def test_the_run_card_can_be_written_down_as_json() -> None:
    assert json.dumps(plan([village()], [point()], [lab()]).card.as_json())


WORDED = pa.schema([*model.CANDIDATES, *model.CANDIDATE_EXTRAS])


def worded(*points: dict[str, Any]) -> model.RoundPlan:
    area = {
        "villages": pa.Table.from_pylist([village()], schema=model.VILLAGES),
        "candidates": pa.Table.from_pylist(list(points), schema=WORDED),
        "labs": pa.Table.from_pylist([lab()], schema=model.LABS),
    }
    made = solve.plan_round(**area, rules=RULES, start=START)
    assert validate.check(made, **area, rules=RULES) == []
    return made


def test_a_pinned_point_opens_and_a_forbidden_one_does_not() -> None:
    far = {**point("FAR", lon=112.9), "word": "pin"}
    near = {**point("NEAR"), "word": "forbid"}
    made = worded(far, near, point("NEXT", lon=112.51))
    people = {row["point_id"]: row["people"] for row in made.points.to_pylist()}
    assert people == {"FAR": 0, "NEXT": 1000}


def test_a_point_keeps_its_own_hours() -> None:
    opens = START + dt.timedelta(hours=RULES.setup_h + 2)
    made = worded({**point(desks=20), "from_at": opens, "until_at": opens + dt.timedelta(hours=2)})
    (row,) = made.points.to_pylist()
    assert row["opens_at"] == opens
    assert row["desks"] == 7  # 1,000 people at 75 an hour and desk in two hours


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"until_at": START - dt.timedelta(hours=1)}, "testing.window_past"),
        ({"word": "open"}, "testing.unknown_word"),
        ({"word": "pin", "desks_max": 0}, "testing.pinned_shut"),
    ],
)
def test_hours_that_are_over_and_words_nobody_knows_are_refused(
    change: dict[str, Any], code: str
) -> None:
    with pytest.raises(BadInput) as refused:
        worded({**point(), **change})
    assert refused.value.code == code

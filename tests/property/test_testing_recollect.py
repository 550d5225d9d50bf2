"""Everybody of a positive tube is sampled again singly, once, or listed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_testing_tours import HOURS, LIMIT, RULES, START, at, fleets, rows

from zhongshu.engines.testing.recollect import model, oracle, solve, validate
from zhongshu.engines.testing.tours import model as tours
from zhongshu.engines.testing.tours import validate as tour_check
from zhongshu.kernel import geo
from zhongshu.kernel.errors import BadInput

AGAIN = model.AgainRules(tours=RULES, recollect_h=4, result_h=6, walk_max_km=15)
EMPTY = pa.Table.from_pylist([], schema=tours.VEHICLES)


def member(person: str, home: str | None = "H", lon: float = 112.5, hours: float = -1) -> Any:
    return {
        "person": person, "tube": "T1", "home": home, "lon": lon, "lat": 37.8,
        "reported_at": at(hours),
    }  # fmt: skip


def again(
    members: list[Any], points: list[Any], teams: pa.Table = EMPTY, labs: list[Any] | None = None
) -> model.AgainPlan:
    given_ = {
        "members": pa.Table.from_pylist(members, schema=model.MEMBERS),
        "points": pa.Table.from_pylist(points, schema=model.OPEN_POINTS),
    }
    places = pa.Table.from_pylist(labs or [], schema=tours.PLACES)
    plan = solve.plan(**given_, teams=teams, labs=places, rules=AGAIN, limit=LIMIT)
    assert validate.check(plan, **given_, rules=AGAIN) == []
    return plan


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_sampling_again_passes_the_independent_validator(data: st.DataObject) -> None:
    homes = data.draw(rows("home", 1, 5))
    members = [
        {**member(f"{row['home']}-{n}", row["home"]), "lon": row["lon"], "lat": row["lat"],
         "reported_at": at(data.draw(HOURS) - 5)}
        for row in homes
        for n in range(data.draw(st.integers(1, 3)))
    ]  # fmt: skip
    points = data.draw(rows("point_id", 0, 3))
    for row in points:
        row["opens_at"] = at(data.draw(st.sampled_from([2, 24])))
        row["places"] = data.draw(st.integers(0, 3))
    labs, teams = data.draw(rows("lab_id", 0, 2)), data.draw(fleets())
    plan = again(members, points, teams, labs)
    visits = pa.Table.from_pylist(solve._visits(solve._homes(members), AGAIN), schema=solve.VISITS)
    places = pa.Table.from_pylist(labs, schema=tours.PLACES)
    day = {"visits": visits, "teams": teams, "labs": places}
    assert tour_check.check_visits(plan.visits, **day, rules=RULES) == []
    tubes = [row["tubes"] == row["persons"] for row in plan.visits.stops.to_pylist()]
    assert all(tubes)  # never pooled again


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_without_teams_points_take_as_many_as_trying_every_way(data: st.DataObject) -> None:
    people = data.draw(rows("person", 1, 4))
    members = [{**member(row["person"], None), "lon": row["lon"], "lat": row["lat"]}
               for row in people]  # fmt: skip
    points = data.draw(rows("point_id", 1, 3))
    for row in points:
        row |= {"opens_at": at(24), "places": data.draw(st.integers(0, 2))}
    plan = again(members, points)
    far = [
        [float(geo.haversine_km(m["lon"], m["lat"], p["lon"], p["lat"])) * RULES.detour_factor
         for p in points]
        for m in members
    ]  # fmt: skip
    km = [[one if one <= AGAIN.walk_max_km else None for one in row] for row in far]
    left, walked = oracle.best_points(km, [p["places"] for p in points])
    assert plan.answer.unserved.num_rows == left
    assert plan.answer.value == pytest.approx(walked)


def test_a_household_is_visited_in_time_and_nobody_is_pooled() -> None:
    team = {"vehicle_id": "T", "lon": 112.5, "lat": 37.8}
    teams = pa.Table.from_pylist([team], schema=tours.VEHICLES)
    lab = {"lab_id": "L", "lon": 112.5, "lat": 37.81}
    plan = again([member("A"), member("B"), member("C", "far", 112.6)], [], teams, [lab])
    assert (plan.at_home, plan.late) == (3, 0)
    assert {row["tubes"] for row in plan.sampled.to_pylist()} == {1}
    assert plan.visits.trips["tubes"].to_pylist() == [3]


def test_whoever_no_team_reaches_goes_to_the_point_next_morning_and_is_late() -> None:
    point = {"point_id": "P", "lon": 112.5, "lat": 37.8, "opens_at": at(24), "places": 1}
    plan = again([member("A"), member("B", "other")], [point])
    (row,) = plan.sampled.to_pylist()
    assert (row["where"], row["place"], row["late"]) == ("point", "P", True)
    assert row["due_at"] == START + dt.timedelta(hours=3)
    assert plan.answer.binding == {"no_laboratory": 1.0}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([member("A"), member("A")], "testing.double"),
        ([member("A"), member("B", lon=112.6)], "testing.home_at_two_places"),
    ],
)
def test_doubles_and_homes_at_two_places_are_refused(members: list[Any], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        again(members, [])
    assert refused.value.code == code

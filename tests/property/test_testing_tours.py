"""Tours of couriers and teams: valid whatever is asked, and as short as trying every way."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.testing.tours import clock, couriers, model, oracle, search, validate, visits
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 9, 6, tzinfo=BEIJING)
RULES = model.TourRules(
    start=START,
    shift_h=14,
    handover_h=4,
    speed_kmh=40,
    detour_factor=1.3,
    stop_min=5,
    unload_min=10,
    vehicle_km=50,
    every_h=2,
    home_min=3,
    person_min=2,
    part_min=45,
    pool_size=10,
    tubes_max=60,
)
LIMIT = model.Limit(iterations=150)
LON, LAT = st.floats(112.4, 112.8), st.floats(37.7, 38.0)
HOURS = st.integers(0, 8)


def at(hours: float) -> dt.datetime:
    return START + dt.timedelta(hours=hours)


@st.composite
def rows(draw: st.DrawFn, name: str, least: int, most: int) -> list[dict[str, Any]]:
    return [
        {name: f"{name}{n}", "lon": draw(LON), "lat": draw(LAT)}
        for n in range(draw(st.integers(least, most)))
    ]


@st.composite
def fleets(draw: st.DrawFn) -> pa.Table:
    cars = draw(rows("vehicle_id", 0, 4))
    for car in cars:
        car["tubes_max"] = draw(st.sampled_from([None, 0, 20, 200]))
        car["speed_kmh"] = draw(st.sampled_from([None, 25.0]))
        car["pace"] = draw(st.sampled_from([None, 1.5]))
        if draw(st.booleans()):
            car["from_at"] = at(draw(HOURS))
            car["until_at"] = car["from_at"] + dt.timedelta(hours=draw(HOURS))
    schema = pa.schema([*model.VEHICLES, *model.VEHICLE_EXTRAS])
    return pa.Table.from_pylist(cars, schema=schema)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_couriers_tour_passes_the_independent_validator(data: st.DataObject) -> None:
    labs = data.draw(rows("lab_id", 0, 3))
    points = data.draw(rows("point_id", 1, 8))
    for row in points:
        row["tubes"] = data.draw(st.integers(0, 150))
        row["opens_at"] = at(data.draw(HOURS))
        row["closes_at"] = row["opens_at"] + dt.timedelta(hours=data.draw(st.floats(0, 9)))
        row["lab_id"] = data.draw(st.sampled_from([None, *(one["lab_id"] for one in labs)]))
    points[0]["lat"] = data.draw(st.sampled_from([None, points[0]["lat"]]))
    given_ = {
        "points": pa.Table.from_pylist(
            points, schema=pa.schema([*model.POINTS, *model.POINT_EXTRAS])
        ),
        "labs": pa.Table.from_pylist(labs, schema=model.PLACES),
        "couriers": data.draw(fleets()),
    }
    plan = couriers.plan(**given_, rules=RULES, limit=LIMIT)
    assert validate.check_couriers(plan, **given_, rules=RULES) == []
    assert plan.oldest_h <= RULES.handover_h + 1 / 1800


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_teams_tour_passes_the_independent_validator(data: st.DataObject) -> None:
    homes = data.draw(rows("visit", 1, 10))
    for row in homes:
        row["persons"] = data.draw(st.integers(0, 60))
        row["homes"] = data.draw(st.sampled_from([None, 1, 7]))
        row["single"] = data.draw(st.sampled_from([None, True]))
        row["ready_at"] = data.draw(st.sampled_from([None, at(1)]))
        row["due_at"] = data.draw(st.sampled_from([None, at(3), at(9)]))
    homes[0]["lon"] = data.draw(st.sampled_from([None, homes[0]["lon"]]))
    given_ = {
        "visits": pa.Table.from_pylist(
            homes, schema=pa.schema([*model.VISITS, *model.VISIT_EXTRAS])
        ),
        "teams": data.draw(fleets()),
        "labs": pa.Table.from_pylist(data.draw(rows("lab_id", 0, 3)), schema=model.PLACES),
    }
    plan = visits.plan(**given_, rules=RULES, limit=LIMIT)
    assert validate.check_visits(plan, **given_, rules=RULES) == []


@st.composite
def grounds(draw: st.DrawFn) -> clock.Ground:
    """Everything in whole minutes and kilometres on a small square."""
    vehicles, places, stops = (draw(st.integers(1, most)) for most in (2, 2, 4))
    size = vehicles + places + stops
    spots = np.array([[draw(st.integers(0, 30)) for _ in range(2)] for _ in range(size)])
    far = np.abs(spots[:, None] - spots[None]).sum(axis=2)

    def ints(least: int, most: int, number: int) -> Any:
        drawn = [draw(st.integers(least, most)) for _ in range(number)]
        return np.array(drawn, np.int64)

    ready, own = ints(0, 120, stops) * 60, ints(0, 1, stops)
    never = np.full(stops, clock.NEVER)
    return clock.Ground(
        metres=(far * 1000).astype(np.int32),
        seconds=(far * 60).astype(np.int32),
        vehicles=vehicles,
        places=places,
        place=ints(0, places - 1, stops),
        together=draw(st.booleans()),
        ready=ready,
        due=ready + ints(0, 90, stops) * 60,
        board=ints(0, 10, stops) * 60,
        by=np.where(own, never, ready + ints(30, 150, stops) * 60),
        keep=np.where(own, ints(30, 90, stops) * 60, never),
        tubes=ints(1, 5, stops),
        room=ints(4, 12, vehicles),
        begins=ints(0, 30, vehicles) * 60,
        until=ints(120, 300, vehicles) * 60,
        slow=np.full(vehicles, clock.WHOLE),
        pace=np.full(vehicles, clock.WHOLE),
        unload=5 * 60,
        weight=ints(1, 5, stops) * 1_000_000,
        use=50_000,
        near=np.argsort(far[-stops:, -stops:] - np.eye(stops), axis=1, kind="stable"),
        bases=np.argsort(far[-stops:, :vehicles], axis=1, kind="stable"),
    )


@settings(max_examples=60, deadline=None)
@given(grounds())
def test_the_compiled_day_is_that_of_trying_every_minute(ground: clock.Ground) -> None:
    stops = len(ground.place)
    begin = np.zeros(stops, np.int64)
    for trips in oracle._ways(range(min(3, stops))):
        line = np.array([stop for trip in trips for stop in trip], np.int64)
        broken = np.array([n == 0 for trip in trips for n in range(len(trip))])
        found = clock.day(ground, line, broken, len(line), 0, begin)
        slow = oracle.day(ground, trips, 0)
        assert found == (-1 if slow is None else slow)


@settings(max_examples=25, deadline=None)
@given(grounds())
def test_the_search_finds_the_best_of_every_way_for_a_few_stops(ground: clock.Ground) -> None:
    state = search.solve(ground, iterations=500, seed=1)
    cost = int(state.length.sum() + ground.weight[state.where < 0].sum())
    assert cost == oracle.best(ground)


def test_more_couriers_are_told_where_they_are_needed() -> None:
    points = [
        {"point_id": f"P{n}", "lon": 112.4 + n / 10, "lat": 37.8, "tubes": 300,
         "opens_at": START, "closes_at": at(8)}
        for n in range(5)
    ]  # fmt: skip
    given_ = {
        "points": pa.Table.from_pylist(points, schema=model.POINTS),
        "labs": pa.Table.from_pylist(
            [{"lab_id": "L", "lon": 112.6, "lat": 37.9}], schema=model.PLACES
        ),
        "couriers": pa.Table.from_pylist(
            [{"vehicle_id": "C1", "lon": 112.6, "lat": 37.9}], schema=model.VEHICLES
        ),
    }
    rules = dataclasses.replace(RULES, tubes_max=200)
    plan = couriers.plan(**given_, rules=rules)
    assert validate.check_couriers(plan, **given_, rules=rules) == []
    assert plan.answer.binding.keys() == {"vehicles_busy"}
    assert plan.suffice is not None
    assert plan.suffice > plan.vehicles == 1

"""Whatever the houses, rooms and vehicles: plans are valid, and bounds are bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhongshu.engines.transfer import model, oracle, solve, validate
from zhongshu.engines.transfer.trips import (
    blocks,
    improve,
    lines,
    parts,
    planning,
    repair,
    search,
    slots,
    tails,
    timetable,
)
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 8, tzinfo=BEIJING)
LON = st.floats(112.3, 112.8)
LAT = st.floats(37.7, 38.0)


@st.composite
def people_tables(draw: st.DrawFn, *, households: int = 25, with_gaps: bool = True) -> pa.Table:
    rows = []
    for household in range(1, draw(st.integers(1, households)) + 1):
        unknown = with_gaps and draw(st.integers(0, 9)) == 0
        point = {"lon": None, "lat": None} if unknown else {"lon": draw(LON), "lat": draw(LAT)}
        degrees = draw(st.lists(st.integers(1, 2), min_size=1, max_size=5 if with_gaps else 2))
        for degree in degrees:
            need = (
                draw(st.sampled_from([None, None, "wheelchair", "pet", "infant;pet"]))
                if with_gaps
                else None
            )
            row = {"person": len(rows) + 1, "household": household, "degree": degree}
            rows.append({**row, **point, "special_need": need})
    return pa.Table.from_pylist(rows, schema=model.PEOPLE)


@st.composite
def room_tables(draw: st.DrawFn, *, sites: int = 4, per_site: int = 25) -> pa.Table:
    rows = []
    for site in range(draw(st.integers(1, sites))):
        point = {"lon": draw(LON), "lat": draw(LAT)}
        for number in range(draw(st.integers(1, per_site))):
            rows.append(
                {
                    "site_id": f"S{site}",
                    "room_no": f"{number}",
                    "floor": number // 4 + 1,
                    "capacity": draw(st.integers(1, 3)),
                    "state": draw(st.sampled_from(["free", "free", "free", "occupied"])),
                    "degree": None,
                    "tags": draw(st.sampled_from([None, "pets"])),
                    **point,
                }
            )
    return pa.Table.from_pylist(rows, schema=pa.schema([*model.ROOMS, *model.ROOM_EXTRAS]))


@st.composite
def trip_cases(
    draw: st.DrawFn, *, stops: int = 14, cars: int = 3, extras: bool = False
) -> tuple[pa.Table, ...]:
    sites = [{"site_id": f"S{n}", "lon": draw(LON), "lat": draw(LAT)} for n in range(2)]
    asked = [
        {
            "stop": number,
            "household": number,
            "lon": draw(LON),
            "lat": draw(LAT),
            "site_id": draw(st.sampled_from(["S0", "S1"])),
            "cohort": draw(st.sampled_from(["degree-1", "degree-2"])),
            "persons": draw(st.integers(1, 6)),
            "assisted": 0,
            "stretchers": draw(st.sampled_from([0, 0, 0, 1])) if extras else 0,
            "escort": draw(st.sampled_from([None, None, "doctor"])) if extras else None,
            "alone": draw(st.booleans()) if extras else False,
            "ready_at": draw(st.sampled_from([None, START + dt.timedelta(hours=1)])),
            "due_at": draw(st.sampled_from([None, START + dt.timedelta(hours=3)])),
        }
        for number in range(1, draw(st.integers(1, stops)) + 1)
    ]
    vehicles = [
        {
            "vehicle_id": f"V{number}",
            "kind": "van",
            "lon": draw(LON),
            "lat": draw(LAT),
            "seats": draw(st.integers(2, 8)),
            "state": "ready",
            "stretchers": draw(st.integers(0, 1)) if extras else 0,
            "crew": draw(st.sampled_from([None, "doctor;police"])) if extras else None,
            "from_at": draw(st.sampled_from([None, START + dt.timedelta(hours=2)]))
            if extras
            else None,
        }
        for number in range(draw(st.integers(1, cars)))
    ]
    return (
        pa.Table.from_pylist(asked, schema=pa.schema([*model.STOPS, *model.STOP_EXTRAS])),
        pa.Table.from_pylist(vehicles, schema=pa.schema([*model.VEHICLES, *model.VEHICLE_EXTRAS])),
        pa.Table.from_pylist(sites, schema=model.SITES),
    )


def room_rules(reserve: float = 0.0) -> model.RoomRules:
    return model.RoomRules(
        reserve_share=reserve,
        low_floor_needs=frozenset({"wheelchair"}),
        low_floor_max=2,
        detour_factor=1.3,
        need_tags={"pet": frozenset({"pets"})},
        companion_needs=frozenset({"infant"}),
    )


TRIP_RULES = model.TripRules(
    start=START,
    shift_h=6,
    speed_kmh=30,
    detour_factor=1.3,
    board_min_per_stop=3,
    board_min_per_person=0.5,
    handover_min=5,
    disinfect_min=15,
)


@settings(max_examples=60, deadline=None)
@given(people_tables(), room_tables(), st.sampled_from([0.0, 0.1, 0.5]))
def test_every_room_plan_passes_the_independent_validator(
    people: pa.Table, rooms: pa.Table, reserve: float
) -> None:
    rules = room_rules(reserve)
    plan = solve.rooms(people, rooms, rules)
    assert validate.check_rooms(plan, people=people, rooms=rooms, rules=rules) == []


@settings(max_examples=40, deadline=None)
@given(people_tables(households=3, with_gaps=False), room_tables(sites=2, per_site=3))
def test_trying_every_room_never_beats_the_bounds_and_is_never_beaten(
    people: pa.Table, rooms: pa.Table
) -> None:
    rules = room_rules()
    plan = solve.rooms(people, rooms, rules)
    left = plan.unserved["degree"].to_pylist()
    mixed = sum("mixed_floor" in flags for flags in plan.assignments["flags"].to_pylist())
    best = oracle.best_rooms(people, rooms, rules)
    assert best <= (left.count(1), left.count(2), mixed, plan.person_km + 1e-6)
    assert plan.served_bound >= people.num_rows - best[0] - best[1]


@settings(max_examples=15, deadline=None)
@given(trip_cases(extras=True))
def test_every_trip_plan_passes_the_independent_validator(case: tuple[pa.Table, ...]) -> None:
    stops, vehicles, sites = case
    plan = solve.trips(stops, vehicles, sites, TRIP_RULES, limit=model.Limit(iterations=40), seed=1)
    faults = validate.check_trips(
        plan, stops=stops, vehicles=vehicles, sites=sites, rules=TRIP_RULES
    )
    assert faults == []


@settings(max_examples=15, deadline=None)
@given(trip_cases(stops=4, cars=1))
def test_a_few_homes_are_driven_as_well_as_by_trying_everything(
    case: tuple[pa.Table, ...],
) -> None:
    stops, vehicles, sites = case
    plan = solve.trips(
        stops, vehicles, sites, TRIP_RULES, limit=model.Limit(iterations=300), seed=1
    )
    served, km = oracle.best_trips(stops, vehicles, sites, TRIP_RULES)
    assert plan.served_persons == served
    assert plan.km == pytest.approx(km, rel=0.01, abs=0.05)


def roads_of(case: tuple[pa.Table, ...]) -> timetable.Roads:
    stops, vehicles, sites = case
    return planning.read(stops, vehicles, sites, TRIP_RULES, None).roads


@settings(max_examples=40, deadline=None)
@given(trip_cases(stops=8, cars=1))
def test_the_best_place_for_a_further_home_is_that_of_trying_each(
    case: tuple[pa.Table, ...],
) -> None:
    roads = roads_of(case)
    last = len(roads.stops) - 1
    assume(last >= 0)
    for route in repair.insert([], roads, order=range(last)):
        slot = slots.best(last, slots.legs(route, roads), roads)
        before = timetable.metres(route, roads) or 0
        lengths = [
            timetable.metres(timetable.Route(route.group, trips), roads)
            for trips in each_place(last, route.trips, roads)
        ]
        tried = [length - before for length in lengths if length is not None]
        assert (slot.extra_m if slot else None) == min(tried, default=None)
        assert slot is None or timetable.metres(slot.route, roads) == before + slot.extra_m


def each_place(
    stop: int, trips: timetable.Trips, roads: timetable.Roads
) -> Iterator[timetable.Trips]:
    for number, trip in enumerate(trips):
        if roads.stops.klass[trip[0]] == roads.stops.klass[stop]:
            for position in range(len(trip) + 1):
                longer = [*trip[:position], stop, *trip[position:]]
                yield [*trips[:number], longer, *trips[number + 1 :]]
    for number in range(len(trips) + 1):
        yield [*trips[:number], [stop], *trips[number:]]


@settings(max_examples=25, deadline=None)
@given(trip_cases(stops=12, extras=True))
def test_the_compiled_clock_is_the_readable_one(case: tuple[pa.Table, ...]) -> None:
    roads = roads_of(case)
    assume(len(roads.stops) > 0)
    task = search.task(roads)
    state = lines.empty(task, len(roads.stops))
    vehicles = np.arange(len(task.depot), dtype=np.int32)
    for home in range(len(roads.stops)):
        able = vehicles[roads.carries[home, task.kind[vehicles]]]
        before = int(state.length.sum())
        extra, r, at, left, right = lines.place(task, state, able, home, np.uint64(home), 0)
        if r >= 0:
            lines.put(task, state, r, home, at, left, right)
            assert int(state.length.sum()) == before + extra
    agrees(state, task, roads)


def agrees(state: lines.State, task: lines.Task, roads: timetable.Roads) -> None:
    """Every vehicle's day is driven as the readable clock says, every home on one of them."""
    served = []
    for route, r in read(state, task):
        legs = timetable.run(route, roads)
        assert legs is not None
        assert sum(leg.metres for leg in legs) == state.length[r]
        begun = [second for leg in legs for second in leg.begin_s]
        assert begun == state.begin[r, : len(begun)].tolist()
        homes = [home for trip in route.trips for home in trip]
        assert (state.where[homes] == r).all()
        assert roads.carries[homes, task.kind[r]].all()
        served += homes
    assert sorted(served) == np.flatnonzero(state.where >= 0).tolist()


def filled(task: lines.Task, roads: timetable.Roads) -> lines.State:
    """Homes put one by one where they cost least."""
    state = lines.empty(task, len(roads.stops))
    vehicles = np.arange(len(task.depot), dtype=np.int32)
    for home in range(len(roads.stops)):
        able = vehicles[roads.carries[home, task.kind[vehicles]]]
        _, r, at, left, right = lines.place(task, state, able, home, np.uint64(home), 0)
        if r >= 0:
            lines.put(task, state, r, home, at, left, right)
    return state


@settings(max_examples=25, deadline=None)
@given(trip_cases(stops=14, extras=True), st.integers(1, 1000))
def test_whole_trips_change_vehicles_and_every_day_can_be_driven(
    case: tuple[pa.Table, ...], key: int
) -> None:
    roads = roads_of(case)
    assume(len(roads.stops) > 0)
    task = search.task(roads)
    state, many = filled(task, roads), len(roads.stops)
    mine, gone = np.ones(len(task.depot), bool), np.zeros(many, bool)
    out, ends = np.empty(many, np.int32), np.empty(blocks.MOST, np.int32)
    served = int((state.where >= 0).sum())
    trips = blocks.ruin(task, state, mine, gone, out, ends, np.uint64(key), 0)
    taken = out[: ends[trips - 1]].tolist() if trips else []
    assert sorted(taken) == np.flatnonzero(gone).tolist()
    assert (state.where >= 0).sum() + len(taken) == served
    if trips:
        left, _ = blocks.recreate(task, state, mine, gone, out, ends, trips, np.uint64(key), 100)
        assert sorted(out[:left].tolist()) == np.flatnonzero(gone).tolist()
        assert (state.where >= 0).sum() + left == served
    agrees(state, task, roads)


@settings(max_examples=25, deadline=None)
@given(trip_cases(stops=14, cars=6, extras=True), st.integers(1, 1000))
def test_vehicles_that_exchange_the_rest_of_their_days_can_drive_them(
    case: tuple[pa.Table, ...], key: int
) -> None:
    roads = roads_of(case)
    assume(len(roads.stops) > 0)
    task = search.task(roads)
    state = filled(task, roads)
    served = (state.where >= 0).tolist()
    for n in range(5):
        tails.exchange(task, state, np.ones(len(task.depot), bool), np.uint64(key + n), 0)
        agrees(state, task, roads)
    assert (state.where >= 0).tolist() == served


@settings(max_examples=15, deadline=None)
@given(trip_cases(stops=14, cars=4, extras=True), st.integers(1, 1000), st.booleans())
def test_the_search_adds_up_what_it_changes(
    case: tuple[pa.Table, ...], key: int, tied: bool
) -> None:
    roads = roads_of(case)
    assume(len(roads.stops) > 0)
    state = filled(search.task(roads), roads)
    wish = search.Wish(state.where.copy(), 5_000.0) if tied else None
    task = search.task(roads, wish)
    trial, best = (lines.empty(task, len(roads.stops)) for _ in range(2))
    mine, homes = np.ones(len(task.depot), bool), np.arange(len(roads.stops), dtype=np.int32)
    heat = np.array([4000.0, 100.0])
    least = improve.improve(task, state, trial, best, mine, homes, np.uint64(key), 60, heat)
    assert least == improve.cost(task, best, mine, homes)
    agrees(best, task, roads)
    agrees(state, task, roads)


def read(state: lines.State, task: lines.Task) -> Iterator[tuple[timetable.Route, int]]:
    for r in np.flatnonzero(state.filled):
        trips: timetable.Trips = []
        for i in range(state.filled[r]):
            trips += [[]] if state.broken[r, i] else []
            trips[-1].append(int(state.line[r, i]))
        yield timetable.Route(int(task.kind[r]), trips), int(r)


@settings(max_examples=15, deadline=None)
@given(trip_cases(stops=14, cars=6, extras=True), st.integers(1, 1000))
def test_a_part_of_a_day_is_searched_like_the_whole(case: tuple[pa.Table, ...], key: int) -> None:
    """A part knows its homes and vehicles alone, and what it finds is a day of the whole."""
    roads = roads_of(case)
    assume(len(roads.stops) > 0)
    state = filled(search.task(roads), roads)
    task = search.task(roads, search.Wish(state.where.copy(), 5_000.0))
    cars = np.arange(0, len(task.depot), 2)
    homes = np.flatnonzero(np.isin(state.where, cars) | (state.where < 0))
    assume(len(homes) > 0)
    part = parts.task_of(task, homes, cars)
    mine = parts.state_of(part, state, homes, cars)
    every, own = np.ones(len(cars), bool), np.arange(len(homes), dtype=np.int32)
    whole = np.isin(np.arange(len(task.depot)), cars)
    before = improve.cost(task, state, whole, homes.astype(np.int32))
    assert improve.cost(part, mine, every, own) == before
    trial, best = (lines.empty(part, mine.line.shape[1]) for _ in range(2))
    heat = np.array([4000.0, 100.0])
    least = improve.improve(part, mine, trial, best, every, own, np.uint64(key), 40, heat)
    others = np.setdiff1d(np.arange(len(task.depot)), cars)
    kept = state.line[others].copy()
    parts.write_back(best, state, homes, cars)
    assert improve.cost(task, state, whole, homes.astype(np.int32)) == least <= before
    assert np.array_equal(state.line[others], kept)
    agrees(state, task, roads)


@settings(max_examples=6, deadline=None)
@given(trip_cases(stops=10))
def test_the_same_seed_gives_the_same_trips(case: tuple[pa.Table, ...]) -> None:
    stops, vehicles, sites = case
    plans = [
        solve.trips(
            stops, vehicles, sites, TRIP_RULES, limit=model.Limit(iterations=300), seed=seed
        )
        for seed in (1, 1)
    ]
    assert plans[0].stops == plans[1].stops


def test_a_day_searched_in_two_parts_is_driven_and_repeats() -> None:
    rng = np.random.default_rng(1)
    asked = [
        {
            "stop": n, "household": n, "lon": 112.5 + x, "lat": 37.8 + y, "site_id": f"S{n % 2}",
            "cohort": f"degree-{1 + n % 3 // 2}", "persons": 1 + n % 4, "assisted": 0,
            "ready_at": None, "due_at": None,
        }
        for n, (x, y) in enumerate(rng.uniform(-0.2, 0.2, (200, 2)), 1)
    ]  # fmt: skip
    cars = [
        {"vehicle_id": f"V{n}", "kind": "van", "lon": 112.5, "lat": 37.8, "seats": 8,
         "state": "ready"}
        for n in range(40)
    ]  # fmt: skip
    places = [{"site_id": f"S{n}", "lon": 112.4 + n / 5, "lat": 37.9} for n in range(2)]
    case = {
        "stops": pa.Table.from_pylist(asked, schema=model.STOPS),
        "vehicles": pa.Table.from_pylist(cars, schema=model.VEHICLES),
        "sites": pa.Table.from_pylist(places, schema=model.SITES),
    }
    limit = model.Limit(iterations=3000, processes=2)
    plans = [solve.trips(**case, rules=TRIP_RULES, limit=limit, seed=5) for _ in range(2)]
    assert validate.check_trips(plans[0], **case, rules=TRIP_RULES) == []
    assert plans[0].stops == plans[1].stops

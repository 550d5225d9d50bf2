"""Trips: cohorts apart, seats and windows kept, whoever stays at home listed with a reason."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.transfer import model, solve, validate
from zhongshu.engines.transfer.trips import distances
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
RULES = model.TripRules(
    start=START,
    shift_h=8,
    speed_kmh=30,
    detour_factor=1.3,
    board_min_per_stop=3,
    board_min_per_person=1,
    handover_min=5,
    disinfect_min=15,
    assisted_places={"ambulance": 1},
)
SITES = pa.Table.from_pylist([{"site_id": "S1", "lon": 112.6, "lat": 37.9}], schema=model.SITES)


def stop(number: int, **more: Any) -> dict[str, Any]:
    base = {"stop": number, "household": number, "lon": 112.5, "lat": 37.8, "site_id": "S1"}
    more = {"cohort": "degree-1", "persons": 2, "assisted": 0, **more}
    return {**base, "ready_at": None, "due_at": None, **more}


def car(name: str = "V1", **more: Any) -> dict[str, Any]:
    base = {"vehicle_id": name, "kind": "van", "lon": 112.55, "lat": 37.85, "seats": 8}
    return {**base, "state": "ready", **more}


def plan(
    stops: list[Any], cars: list[Any], rules: model.TripRules = RULES, **limit: Any
) -> model.TripPlan:
    asked = extra(stops, model.STOPS, model.STOP_EXTRAS)
    vehicles = extra(cars, model.VEHICLES, model.VEHICLE_EXTRAS)
    stopping = model.Limit(**(limit or {"iterations": 50}))
    made = solve.trips(asked, vehicles, SITES, rules, limit=stopping, seed=1)
    faults = validate.check_trips(made, stops=asked, vehicles=vehicles, sites=SITES, rules=rules)
    assert faults == []
    return made


def reasons(made: model.TripPlan) -> dict[int, str]:
    return {row["stop"]: row["reason"] for row in made.unserved.to_pylist()}


def test_two_homes_of_one_cohort_ride_together() -> None:
    made = plan([stop(1), stop(2, lon=112.51)], [car()])
    assert made.trips["persons"].to_pylist() == [4]
    assert made.served_persons == 4
    assert made.km_bound is None


def test_cohorts_never_share_a_vehicle_between_two_disinfections() -> None:
    made = plan([stop(1), stop(2, cohort="degree-2")], [car()])
    first, second = made.trips.to_pylist()
    assert {first["cohort"], second["cohort"]} == {"degree-1", "degree-2"}
    assert second["leaves_at"] >= first["clean_at"]


def test_more_people_than_seats_make_two_trips() -> None:
    made = plan([stop(1), stop(2)], [car(seats=3)])
    assert made.trips["persons"].to_pylist() == [2, 2]


def test_spacing_takes_seats_away() -> None:
    rules = dataclasses.replace(RULES, seat_share={"van": 0.5})
    made = plan([stop(1), stop(2), stop(3)], [car(seats=8)], rules)
    assert max(made.trips["persons"].to_pylist()) <= 4


def test_what_cannot_be_driven_is_listed_with_its_reason() -> None:
    early = START - dt.timedelta(hours=1)
    made = plan(
        [
            stop(1),
            stop(2, lon=None, lat=None),
            stop(3, persons=12),
            stop(4, assisted=1),
            stop(5, due_at=early),
            stop(6, lat=44.0),
        ],
        [car()],
    )
    assert reasons(made) == {
        2: "no_coordinates",
        3: "larger_than_any_vehicle",
        4: "no_vehicle_for_assisted",
        5: "window_past",
        6: "out_of_reach_in_shift",
    }
    assert made.binding["larger_than_any_vehicle"] == 12


def test_a_stretcher_goes_by_ambulance() -> None:
    made = plan([stop(1, assisted=1)], [car(), car("A1", kind="ambulance", seats=4)])
    assert made.trips["vehicle_id"].to_pylist() == ["A1"]


def test_when_the_hours_do_not_suffice_the_weightier_cohort_is_driven() -> None:
    rules = dataclasses.replace(RULES, shift_h=3.0, cohort_weight={"degree-1": 3.0})
    stops = [stop(n, cohort=f"degree-{n}", lon=112.3) for n in (1, 2)]
    made = plan(stops, [car()], rules)
    assert reasons(made) == {2: "fleet_hours"}


def test_without_a_ready_vehicle_nobody_is_driven_and_it_is_said() -> None:
    made = plan([stop(1)], [car(state="broken")])
    assert reasons(made) == {1: "no_vehicle_ready"}


def test_a_window_is_waited_for() -> None:
    ready = START + dt.timedelta(hours=2)
    made = plan([stop(1, ready_at=ready)], [car()])
    assert made.stops["arrives_at"].to_pylist()[0] >= ready


def test_iterations_alone_give_the_same_plan_again() -> None:
    stops = [stop(n, lon=112.4 + n / 100, cohort=f"degree-{n % 2 + 1}") for n in range(1, 20)]
    first, again = plan(stops, [car(), car("V2")]), plan(stops, [car(), car("V2")])
    assert first.trips == again.trips
    assert first.card == again.card


@pytest.mark.parametrize(
    ("stops", "cars", "rules", "code"),
    [
        ([stop(1, site_id="S9")], [car()], RULES, "transfer.unknown_site"),
        ([stop(1), stop(1)], [car()], RULES, "transfer.bad_stops"),
        ([stop(1, persons=-2)], [car()], RULES, "input.negative"),
        ([stop(1)], [car(seats=-1)], RULES, "transfer.bad_vehicle"),
        ([stop(1)], [car()], dataclasses.replace(RULES, shift_h=0), "transfer.bad_shift"),
    ],
)
def test_tables_that_make_no_sense_are_refused(
    stops: list[Any], cars: list[Any], rules: model.TripRules, code: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        plan(stops, cars, rules)
    assert refusal.value.code == code


def test_a_search_without_an_end_is_refused() -> None:
    with pytest.raises(BadInput, match="iterations or seconds"):
        plan([stop(1)], [car()], iterations=None)


def test_the_validator_sees_a_vehicle_that_flies() -> None:
    asked = pa.Table.from_pylist([stop(1)], schema=model.STOPS)
    vehicles = pa.Table.from_pylist([car()], schema=model.VEHICLES)
    made = solve.trips(asked, vehicles, SITES, RULES, limit=model.Limit(iterations=5), seed=1)
    slow = dataclasses.replace(RULES, speed_kmh=10)
    faults = validate.check_trips(made, stops=asked, vehicles=vehicles, sites=SITES, rules=slow)
    assert any("faster than it can drive" in fault for fault in faults)


def test_a_shift_without_homes_is_an_empty_plan() -> None:
    made = plan([], [car()])
    assert (made.trips.num_rows, made.served_persons, made.km) == (0, 0, 0)
    assert json.dumps(made.card.as_json())


def extra(rows: list[Any], base: pa.Schema, extras: pa.Schema) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=pa.schema([*base, *extras]))


def test_a_stretcher_goes_where_a_stretcher_can() -> None:
    rules = dataclasses.replace(RULES, stretcher_places={"ambulance": 1})
    made = plan([stop(1, stretchers=1)], [car("V1"), car("V2", kind="ambulance")], rules)
    assert made.trips["vehicle_id"].to_pylist() == ["V2"]


def test_who_needs_a_doctor_rides_with_one() -> None:
    made = plan([stop(1, escort="doctor")], [car("V1"), car("V2", crew="doctor;police")])
    assert made.trips["vehicle_id"].to_pylist() == ["V2"]
    assert reasons(plan([stop(1, escort="doctor")], [car("V1")])) == {1: "no_escort_or_kind"}


def test_cases_ride_in_an_ambulance_and_each_alone() -> None:
    rules = dataclasses.replace(
        RULES, cohort_kinds={"case": frozenset({"ambulance"})}, alone_cohorts=frozenset({"case"})
    )
    homes = [stop(n, cohort="case", persons=1) for n in (1, 2)]
    made = plan(homes, [car("V1"), car("V2", kind="ambulance")], rules)
    assert set(made.trips["vehicle_id"].to_pylist()) == {"V2"}
    assert made.trips["stops"].to_pylist() == [1, 1]


def test_a_vehicle_drives_within_its_own_shift() -> None:
    late = car("V1", from_at=START + dt.timedelta(hours=2), until_at=START + dt.timedelta(hours=4))
    made = plan([stop(1)], [late])
    assert made.trips["leaves_at"].to_pylist()[0] >= late["from_at"]
    soon = {"due_at": START + dt.timedelta(hours=1)}
    assert reasons(plan([stop(1, **soon)], [late])) == {1: "out_of_reach_in_shift"}


def test_a_dialysis_patient_is_at_the_hospital_on_time() -> None:
    seat = {"arrive_from": START + dt.timedelta(hours=2), "alone": True}
    run = stop(2, persons=1, cohort="dialysis", **seat, arrive_by=START + dt.timedelta(hours=2.25))
    made = plan([stop(1), run, stop(3, lon=112.51)], [car()])
    trip = next(row for row in made.trips.to_pylist() if row["cohort"] == "dialysis")
    assert run["arrive_from"] <= trip["arrives_at"] <= run["arrive_by"]
    assert trip["stops"] == 1
    assert made.served_persons == 5


def test_an_appointment_is_not_shared() -> None:
    with pytest.raises(BadInput) as refusal:
        plan([stop(1, arrive_by=START + dt.timedelta(hours=2))], [car()])
    assert refusal.value.code == "transfer.appointment_shared"


def test_special_needs_become_places_and_escorts() -> None:
    people = pa.Table.from_pylist(
        [{"person": 1, "household": 7, "degree": 1, "lon": 112.5, "lat": 37.8,
          "special_need": "psychiatric;bedridden"}],
        schema=model.PEOPLE,
    )  # fmt: skip
    rooms = pa.Table.from_pylist(
        [{"site_id": "S1", "room_no": "101", "floor": 1, "capacity": 1, "state": "free",
          "lon": 112.6, "lat": 37.9, "degree": None}],
        schema=model.ROOMS,
    )  # fmt: skip
    given = solve.rooms(people, rooms, model.RoomRules(0.0, frozenset(), 2, detour_factor=1.0))
    rules = dataclasses.replace(
        RULES,
        stretcher_needs=frozenset({"bedridden"}),
        escort_needs={"psychiatric": frozenset({"doctor", "police"})},
    )
    row = solve.stops(given, people, needs=frozenset(), rules=rules).to_pylist()[0]
    assert (row["stretchers"], row["escort"], row["assisted"]) == (1, "doctor;police", 0)


def legs_between(points: dict[str, Any], *, without: tuple[str, str] | None = None) -> pa.Table:
    rows = [
        {"from": a, "to": b, "metres": 1000.0, "seconds": 600.0}
        for a in points for b in points if a != b and (a, b) != without
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=distances.LEGS)


POINTS = {"depot": (112.55, 37.85), "S1": (112.6, 37.9), "home": (112.5, 37.8)}
PLACES = pa.Table.from_pylist(
    [{"point": name, "lon": x, "lat": y} for name, (x, y) in POINTS.items()],
    schema=distances.POINTS,
)


def by_matrix(legs: pa.Table, asked: dict[str, Any]) -> model.TripPlan:
    return solve.trips(
        pa.Table.from_pylist([asked], schema=model.STOPS),
        pa.Table.from_pylist([car()], schema=model.VEHICLES),
        SITES,
        RULES,
        limit=model.Limit(iterations=20),
        seed=1,
        roads=distances.from_file(PLACES, legs),
    )


def test_a_distance_matrix_replaces_straight_lines() -> None:
    made = by_matrix(legs_between(POINTS), stop(1))
    assert made.km == 3.0  # depot, home, site, depot
    assert (made.trips["clean_at"][0].as_py() - made.trips["leaves_at"][0].as_py()).seconds == (
        600 + 300 + 600 + 1200
    )


def test_a_matrix_with_a_gap_is_refused_naming_it() -> None:
    with pytest.raises(BadInput, match="stop 1 -> site S1") as refusal:
        by_matrix(legs_between(POINTS, without=("home", "S1")), stop(1))
    assert refusal.value.code == "transfer.matrix_gap"


def test_a_matrix_that_lacks_a_home_is_refused_naming_it() -> None:
    with pytest.raises(BadInput, match="stop 4") as refusal:
        by_matrix(legs_between(POINTS), stop(4, lon=112.7))
    assert refusal.value.code == "transfer.point_not_in_matrix"

"""Whatever happens on a day under way: what is driven stays, and the rest is a valid plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_transfer_plans import START, TRIP_RULES, trip_cases

from zhongshu.engines.transfer import model, solve, validate
from zhongshu.kernel.errors import BadInput

Case = tuple[pa.Table, pa.Table, pa.Table]


def planned(case: Case) -> model.TripPlan:
    return solve.trips(*case, TRIP_RULES, limit=model.Limit(iterations=60), seed=1)


def again(case: Case, before: model.TripPlan, now: dt.datetime, *happened: Any) -> model.Replan:
    made = solve.replan(before, case, TRIP_RULES, happened, now=now, seed=1)
    faults = validate.check_replan(
        made, before, now=now, vehicles=case[1], sites=case[2], rules=TRIP_RULES
    )
    assert faults == []
    return made


@settings(max_examples=60, deadline=None)
@given(trip_cases(stops=10), st.integers(0, 300), st.data())
def test_after_any_event_the_day_is_valid_and_its_past_unchanged(
    case: Case, minutes: int, data: st.DataObject
) -> None:
    before, now = planned(case), START + dt.timedelta(minutes=minutes)
    if not before.trips.num_rows:
        return
    kind = data.draw(st.sampled_from(["down", "away", "later", "full"]))
    stop = data.draw(st.sampled_from(before.stops["stop"].to_pylist()))
    event: model.Event = model.SiteFull("S0", instead="S1")
    if kind == "down":
        event = model.VehicleDown(
            data.draw(st.sampled_from(before.trips["vehicle_id"].to_pylist()))
        )
    elif kind != "full":
        event = model.NotHome(stop, now + dt.timedelta(hours=1) if kind == "later" else None)
    try:
        made = again(case, before, now, event)
    except BadInput as refusal:
        if refusal.code != "transfer.event_too_late":
            raise
        return
    assert not made.changed & made.touched


@settings(max_examples=20, deadline=None)
@given(trip_cases(stops=10), st.integers(0, 300))
def test_without_an_event_nothing_changes(case: Case, minutes: int) -> None:
    before = planned(case)
    made = solve.replan(
        before, case, TRIP_RULES, (), now=START + dt.timedelta(minutes=minutes), seed=1
    )
    assert made.changed == frozenset()


def one_car(homes: int) -> Case:
    stops = [
        {"stop": n, "household": n, "lon": 112.5 + n / 100, "lat": 37.8, "site_id": "S0",
         "cohort": "degree-1", "persons": 2, "assisted": 0, "ready_at": None, "due_at": None}
        for n in range(1, homes + 1)
    ]  # fmt: skip
    cars = [
        {"vehicle_id": f"V{n}", "kind": "van", "lon": 112.5, "lat": 37.8, "seats": 8,
         "state": "ready"}
        for n in (1, 2)
    ]  # fmt: skip
    places = [{"site_id": f"S{n}", "lon": 112.6, "lat": 37.8 + n / 50} for n in (0, 1)]
    return (
        pa.Table.from_pylist(stops, schema=model.STOPS),
        pa.Table.from_pylist(cars, schema=model.VEHICLES),
        pa.Table.from_pylist(places, schema=model.SITES),
    )


def test_who_is_aboard_a_vehicle_that_breaks_down_is_fetched_where_it_stands() -> None:
    case = one_car(2)
    before = planned(case)
    first = before.stops.to_pylist()[0]
    now = first["leaves_at"] + dt.timedelta(seconds=10)
    made = again(case, before, now, model.VehicleDown(first["vehicle_id"], 112.52, 37.8))
    rows = {row["stop"]: row for row in made.plan.stops.to_pylist()}
    assert {row["vehicle_id"] for row in rows.values()} == {"V1", "V2"} - {first["vehicle_id"]}
    moved = {row["stop"]: row for row in made.stops.to_pylist()}[first["stop"]]
    assert (moved["lon"], moved["lat"]) == (112.52, 37.8)


def test_a_family_that_is_not_at_home_is_left_out_with_that_reason() -> None:
    case = one_car(3)
    made = again(case, planned(case), START, model.NotHome(2))
    assert [(row["stop"], row["reason"]) for row in made.plan.unserved.to_pylist()] == [
        (2, "not_at_home")
    ]
    assert made.plan.answer.binding == {"not_at_home": 2.0}


def test_when_a_site_is_full_those_aboard_go_to_the_other() -> None:
    case = one_car(2)
    before = planned(case)
    now = before.stops.to_pylist()[-1]["leaves_at"] + dt.timedelta(minutes=1)
    made = again(case, before, now, model.SiteFull("S0", instead="S1"))
    assert made.plan.trips["site_id"].to_pylist() == ["S1"]
    assert made.plan.trips["arrives_at"][0].as_py() > before.trips["arrives_at"][0].as_py()


def test_a_stop_its_vehicle_has_left_behind_cannot_be_taken_out() -> None:
    case = one_car(3)
    before = planned(case)
    rows = sorted(before.stops.to_pylist(), key=lambda row: row["order"])
    with pytest.raises(BadInput) as refusal:
        again(case, before, rows[1]["leaves_at"], model.NotHome(rows[0]["stop"]))
    assert refusal.value.code == "transfer.event_too_late"


def test_an_unknown_vehicle_is_refused() -> None:
    case = one_car(1)
    with pytest.raises(BadInput, match="V9"):
        again(case, planned(case), START, model.VehicleDown("V9"))

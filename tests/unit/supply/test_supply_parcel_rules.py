"""Parcels over days in small tables: who gets one when, and why somebody waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest
from tests.property.test_supply_last_mile import VAN

from zhongshu.engines.supply.lastmile import model as milemodel
from zhongshu.engines.supply.parcels import model, solve, validate
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 23)
ONE_A_DAY = VAN | {"kg": 20.0, "to_min": 520.0}
"""Holds one drop of two parcels and has time for one journey."""


def drop(name: str, *, due: int = 0, every: int = 9, **more: Any) -> dict[str, Any]:
    base = {"drop_id": name, "store_id": "S", "lon": 112.55, "lat": 37.8, "way": "parcel"}
    load = {"parcels": 2, "kg": 20.0, "m3": 0.04, "stay_min": 2.0}
    when = {"cold": False, "out_min": 0.0, "from_min": 480.0, "to_min": 720.0}
    where = {"road": True, "road_factor": 1.0, "rank": 2}
    again = {"due_on": ON + dt.timedelta(days=due), "every_days": every}
    return {**base, **load, **when, **where, **again, **more}


def plan(
    rows: list[dict[str, Any]], *, days: int, early: int = 0, van: dict[str, Any] = ONE_A_DAY
) -> model.ParcelPlan:
    mile = milemodel.MileRules(fair_weather=True, stop_min=2.0)
    rules = model.ParcelRules(mile=mile, horizon_days=days, early_days=early)
    asked = {
        "depots": pa.Table.from_pylist(
            [{"store_id": "S", "lon": 112.5, "lat": 37.8}], schema=milemodel.DEPOTS
        ),
        "rounds": pa.Table.from_pylist(rows, schema=model.ROUNDS),
        "vehicles": pa.Table.from_pylist([van | {"vehicle_id": "v"}], schema=milemodel.VEHICLES),
    }
    made = solve.plan(**asked, rules=rules, on=ON)
    assert validate.check(made, **asked, rules=rules, on=ON) == []
    return made


def order(made: model.ParcelPlan) -> list[tuple[str, int]]:
    return [(row["drop_id"], (row["date"] - ON).days) for row in made.stops.to_pylist()]


def test_medicine_goes_first_and_the_rest_waits_for_a_van_and_is_told() -> None:
    made = plan([drop("food"), drop("medicine", rank=1)], days=2)
    assert order(made) == [("medicine", 0), ("food", 1)]
    late = made.late.to_pylist()
    assert [(row["drop_id"], row["parcels"], row["reason"]) for row in late] == [
        ("food", 2, "fleet_hours")
    ]


def test_a_parcel_comes_again_when_it_is_used_up() -> None:
    assert order(plan([drop("a", every=2)], days=5)) == [("a", 0), ("a", 2), ("a", 4)]


def test_what_is_due_on_one_day_comes_on_several_when_it_may_come_early() -> None:
    roomy = VAN | {"kg": 900.0}
    rows = [drop(name, due=2) for name in "abc"]
    assert plan(rows, days=3, van=roomy).days["brought"].to_pylist() == [0, 0, 6]
    assert plan(rows, days=3, early=2, van=roomy).days["brought"].to_pylist() == [2, 2, 2]


def test_cold_goods_without_a_cold_van_are_late_every_day() -> None:
    made = plan([drop("milk", cold=True)], days=2)
    assert made.late["reason"].to_pylist() == ["no_cold_vehicle"] * 2
    assert made.answer.binding == {"no_cold_vehicle": 2.0}


def test_a_parcel_that_may_come_early_must_last_longer_than_that() -> None:
    with pytest.raises(BadInput, match="every_days"):
        plan([drop("a", every=2)], days=3, early=2)

"""Parcels over days: level days against every way to give parcels a day, and the validator."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_supply_last_mile import VAN, Tables
from tests.property.test_supply_last_mile import tables as mile_tables

from zhongshu.engines.supply.lastmile import model as milemodel
from zhongshu.engines.supply.parcels import level, model, oracle, solve, validate

ON = dt.date(2022, 11, 23)


def rules(days: int, *, early: int = 1, fair: bool = True) -> model.ParcelRules:
    mile = milemodel.MileRules(fair_weather=fair, stop_min=2.0, rounds=1)
    return model.ParcelRules(mile=mile, horizon_days=days, early_days=early)


def tables(seed: int, *, drops: int, parcels: int) -> Tables:
    rng = np.random.default_rng(seed)
    asked = mile_tables(seed, drops=drops, parcels=parcels)
    rows = [
        {
            **{name: row[name] for name in model.ROUNDS.names if name in row},
            "due_on": ON + dt.timedelta(days=int(rng.integers(-2, 4))),
            "every_days": int(rng.integers(2, 5)),
        }
        for row in asked["drops"].to_pylist()
    ]
    return {
        "depots": asked["depots"],
        "rounds": pa.Table.from_pylist(rows, schema=model.ROUNDS),
        "vehicles": asked["vehicles"],
    }


jobs = st.lists(
    st.tuples(st.integers(1, 2), st.integers(-3, 3), st.integers(0, 3)), max_size=4
).map(
    lambda rows: [
        level.Job(f"d{n}", 1, parcels, min(first, due), due)
        for n, (parcels, first, due) in enumerate(rows)
    ]
)


@settings(deadline=None)
@given(jobs)
def test_the_level_of_the_days_is_the_least_there_is(asked: list[level.Job]) -> None:
    assert level.least(asked) == oracle.least(asked)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.booleans())
def test_every_household_is_followed_through_the_days(seed: int, fair: bool) -> None:
    asked, by = tables(seed, drops=6, parcels=4), rules(5, fair=fair)
    made = solve.plan(**asked, rules=by, on=ON)
    assert validate.check(made, **asked, rules=by, on=ON) == []


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_with_vans_enough_nothing_is_late_and_no_day_is_above_the_least_level(seed: int) -> None:
    rng = np.random.default_rng(seed)
    asked = tables(seed, drops=6, parcels=1)
    rows = [
        row | {"way": "parcel", "cold": False, "from_min": 480.0, "to_min": 720.0, "road": True,
               "due_on": ON + dt.timedelta(days=int(rng.integers(0, 4))), "every_days": 9}
        for row in asked["rounds"].to_pylist()
    ]  # fmt: skip
    asked["rounds"] = pa.Table.from_pylist(rows, schema=model.ROUNDS)
    vans = [VAN | {"vehicle_id": f"v{n}", "kg": 500.0} for n in range(3)]
    asked["vehicles"] = pa.Table.from_pylist(vans, schema=milemodel.VEHICLES)
    made = solve.plan(**asked, rules=rules(4, early=2), on=ON)
    due = [(row["due_on"] - ON).days for row in rows]
    all_jobs = [level.Job(f"d{n}", 1, 1, days - 2, days) for n, days in enumerate(due)]
    assert made.late.num_rows == 0
    assert max(made.days["brought"].to_pylist()) <= oracle.least(all_jobs)
    assert sum(made.days["brought"].to_pylist()) == len(rows)


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10**6))
def test_the_validator_sees_what_was_bent(seed: int) -> None:
    asked, by = tables(seed, drops=5, parcels=3), rules(4)
    made = solve.plan(**asked, rules=by, on=ON)
    stops = made.stops.to_pylist()
    if stops:
        gone = pa.Table.from_pylist(stops[1:], schema=model.STOPS)
        assert validate.check(dataclasses.replace(made, stops=gone), **asked, rules=by, on=ON)
    late = made.late.to_pylist()
    if late:
        told = pa.Table.from_pylist(late[1:], schema=model.LATE)
        assert validate.check(dataclasses.replace(made, late=told), **asked, rules=by, on=ON)

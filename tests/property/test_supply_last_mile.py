"""The last mile against every way to drive it, and the validator."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.supply.lastmile import model, oracle, solve, validate
from zhongshu.engines.supply.lastmile.ground import read

Tables = dict[str, pa.Table]
VAN: dict[str, Any] = {
    "kind": "van",
    "store_id": "S",
    "kg": 60.0,
    "m3": 1.0,
    "cold": False,
    "sells": False,
    "km_h": 30.0,
    "detour": 1.3,
    "range_km": None,
    "stops_most": 9,
    "turn_min": 20.0,
    "from_min": 480.0,
    "to_min": 720.0,
    "needs_road": True,
    "needs_fair_weather": False,
    "yuan_run": 50.0,
    "yuan_km": 2.0,
}
DRONE = VAN | {
    "kind": "drone",
    "kg": 12.0,
    "km_h": 60.0,
    "detour": 1.0,
    "range_km": 30.0,
    "stops_most": 1,
    "needs_road": False,
    "needs_fair_weather": True,
    "yuan_run": 15.0,
    "yuan_km": 1.0,
}


def tables(seed: int, *, drops: int, parcels: int) -> Tables:
    rng = np.random.default_rng(seed)
    rows = []
    for n in range(drops):
        count = int(rng.integers(1, parcels + 1))
        rows.append(
            {
                "drop_id": f"d{n}",
                "store_id": "S",
                "lon": 112.5 + float(rng.uniform(-0.15, 0.15)),
                "lat": 37.8 + float(rng.uniform(-0.15, 0.15)),
                "way": "shop" if rng.random() < 0.15 else "parcel",
                "parcels": count,
                "kg": count * float(rng.integers(4, 25)),
                "m3": count * 0.05,
                "stay_min": count * 3.0,
                "cold": bool(rng.random() < 0.3),
                "out_min": float(rng.choice([0, 30, 90])),
                "from_min": float(rng.choice([480, 540])),
                "to_min": float(rng.choice([570, 720])),
                "road": bool(rng.random() < 0.8),
                "road_factor": float(rng.choice([1.0, 1.8])),
                "rank": int(rng.integers(1, 3)),
                "waited_days": int(rng.integers(0, 3)),
            }
        )
    fleet = [VAN | {"vehicle_id": "v", "cold": bool(rng.random() < 0.5)}]
    fleet += [DRONE | {"vehicle_id": "w"}] if rng.random() < 0.6 else []
    fleet += [VAN | {"vehicle_id": "x", "sells": True, "kind": "shop"}]
    depots = [{"store_id": "S", "lon": 112.5, "lat": 37.8}]
    return {
        "depots": pa.Table.from_pylist(depots, schema=model.DEPOTS),
        "drops": pa.Table.from_pylist(rows, schema=model.DROPS),
        "vehicles": pa.Table.from_pylist(fleet, schema=model.VEHICLES),
    }


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.booleans())
def test_a_day_is_sound_and_no_better_than_the_best_of_all(seed: int, fair: bool) -> None:
    rules = model.MileRules(fair_weather=fair, stop_min=2.0)
    asked = tables(seed, drops=3, parcels=1)
    plan = solve.plan(**asked, rules=rules)
    assert validate.check(plan, **asked, rules=rules) == []
    ground = read(**asked, rules=rules)
    drops = {drop.id: drop for drop in ground.drops}
    runs: dict[str, list[Any]] = {}
    for run in plan.runs.to_pylist():
        stops = [row for row in plan.stops.to_pylist() if row["run_id"] == run["run_id"]]
        its = [(drops[row["drop_id"]], row["parcels"]) for row in stops]
        runs.setdefault(run["vehicle_id"], []).append(its)
    brought, yuan = oracle.worth(ground, runs)
    most, best_yuan = oracle.best(ground, runs=3)
    assert (brought, round(yuan, 6)) <= (most, round(best_yuan, 6))
    if brought == most:
        assert plan.answer.bound is not None
        assert plan.answer.bound <= -best_yuan + 1e-6


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10**6), st.booleans())
def test_larger_days_are_sound(seed: int, fair: bool) -> None:
    rules = model.MileRules(fair_weather=fair, stop_min=2.0)
    asked = tables(seed, drops=12, parcels=8)
    plan = solve.plan(**asked, rules=rules)
    assert validate.check(plan, **asked, rules=rules) == []


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10**6))
def test_the_validator_sees_what_was_bent(seed: int) -> None:
    rules = model.MileRules(fair_weather=True, stop_min=2.0)
    asked = tables(seed, drops=6, parcels=3)
    plan = solve.plan(**asked, rules=rules)
    for column, by in (("arrives_min", -5.0), ("parcels", 1), ("leaves_min", 600.0)):
        rows = plan.stops.to_pylist()
        if rows:
            rows[-1][column] += by
            bent = pa.Table.from_pylist(rows, schema=model.STOPS)
            bad = dataclasses.replace(plan, stops=bent)
            assert validate.check(bad, **asked, rules=rules)

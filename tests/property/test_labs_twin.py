"""Whatever the loads and laboratories: plans are valid, and the bound is below every plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.testing.labs import (
    bound,
    ground,
    model,
    oracle,
    queue,
    solve,
    validate,
    yard,
)
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 8, 6, tzinfo=BEIJING)
RULES = model.LabRules(
    due_h=9, late_weight=3, horizon_h=30, report_h=0.5, carry_max_h=1.5, courier_kmh=40,
    detour_factor=1.3,
)  # fmt: skip
SMALL = model.Limit(moves=300, steps=20)
Tables = dict[str, pa.Table]


def tables(seed: int, *, loads: int, labs: int, tubes: int = 40, hours: bool = True) -> Tables:
    """Few machines and short hours, so that tubes wait and some are left."""
    rng = np.random.default_rng(seed)
    rows: list[dict[str, Any]] = [
        {
            "load": f"B{n}",
            "lon": None if hours and rng.random() < 0.05 else 112.5 + float(rng.uniform(0, 0.6)),
            "lat": 37.8,
            "tubes": int(rng.integers(0 if hours else 1, tubes + 1)),
            "ready_at": START + dt.timedelta(minutes=int(rng.integers(0, 600))),
        }
        for n in range(loads)
    ]
    places = [
        {
            "lab_id": f"L{n}",
            "lon": 112.5 + float(rng.uniform(0, 0.6)),
            "lat": 37.8,
            "machines": int(rng.integers(0 if hours else 1, 4)),
            "batch": int(rng.integers(1, 30)) if hours else int(rng.integers(1, 3)),
            "run_h": float(rng.choice([1.5, 2.0, 2.6])),
            "opens_h": 22.0 if hours and n == 1 else 8.0 if hours and n % 2 else None,
            "closes_h": 6.0 if hours and n == 1 else 17.5 if hours and n % 2 else None,
        }
        for n in range(labs)
    ]
    schema = pa.schema([*model.LABS, *model.LAB_EXTRAS])
    return {
        "loads": pa.Table.from_pylist(rows, schema=model.LOADS),
        "labs": pa.Table.from_pylist(places, schema=schema),
    }


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), loads=st.integers(0, 25), labs=st.integers(0, 4))
def test_every_plan_passes_the_independent_validator(seed: int, loads: int, labs: int) -> None:
    given = tables(seed, loads=loads, labs=labs)
    made = solve.plan(**given, rules=RULES, start=START, limit=SMALL, seed=seed)
    assert validate.check(made, **given, rules=RULES, start=START) == []


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), loads=st.integers(1, 3))
def test_trying_every_plan_lies_between_bound_and_plan(seed: int, loads: int) -> None:
    given = tables(seed, loads=loads, labs=2, tubes=1, hours=False)
    made = solve.plan(**given, rules=RULES, start=START, limit=SMALL, seed=seed)
    read = ground.read(**given, rules=RULES, start=START)
    there = yard.of(read, RULES)
    least = oracle.best(
        read.arrive.tolist(),
        machines=read.machines.tolist(),
        batch=read.batch.tolist(),
        run_h=read.run_h.tolist(),
        open_at=[(0.0, RULES.horizon_h)],
        due_h=RULES.due_h,
        late_weight=RULES.late_weight,
        report_h=RULES.report_h,
        left=float(there.cost[3]),
    )
    left = sum(made.answer.unserved["amount"].to_pylist()) * float(there.cost[3])
    ready = float(read.ready[np.isfinite(read.arrive).any(axis=1)].sum())
    assert made.answer.value + left + ready >= least - 1e-6
    assert made.answer.bound is not None
    assert made.answer.bound + left + ready <= least + 1e-6


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), patience=st.sampled_from([0.0, 0.1, 0.6, 2.5]))
def test_a_queue_run_tube_by_tube_agrees(seed: int, patience: float) -> None:
    rng = np.random.default_rng(seed)
    hours = np.sort(rng.uniform(0, 10, 8))
    tubes = rng.integers(1, 20, 8)
    open_at = [(1.0, 7.5), (8.0, 20.0)]
    machines, batch, run_h = int(rng.integers(1, 4)), int(rng.integers(1, 16)), 1.7
    slow = oracle.queue(
        list(zip(hours.tolist(), tubes.tolist(), strict=True)),
        machines=machines, batch=batch, run_h=run_h, open_at=open_at, patience=patience,
    )  # fmt: skip
    periods = np.array([open_at])
    there = yard.Yard(
        tubes, np.atleast_2d(hours), np.array([machines]), np.array([batch]),
        np.array([run_h]), np.ascontiguousarray(periods[:, :, 0]),
        np.ascontiguousarray(periods[:, :, 1]), np.array([5.0, 2.0, 0.5, 100.0]),
    )  # fmt: skip
    starts, filled = np.empty(200), np.empty(200, np.int64)
    cost, runs = queue.serve(0, hours, tubes, there, patience, starts, filled)
    assert filled[:runs].tolist() == [many for _, many in slow]
    assert starts[:runs].tolist() == pytest.approx([hour for hour, _ in slow])
    left = int(tubes.sum() - filled[:runs].sum())
    results = np.array([hour for hour, _ in slow]) + 2.2
    dear = (results + 2 * np.maximum(0, results - 5.0)) @ filled[:runs]
    assert cost == pytest.approx(dear + left * 100.0)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), heat=st.sampled_from([0.0, 0.1]))
def test_any_prices_give_a_bound(seed: int, heat: float) -> None:
    given = tables(seed, loads=12, labs=3)
    read = ground.read(**given, rules=RULES, start=START)
    there = yard.of(read, RULES)
    made = solve.plan(**given, rules=RULES, start=START, limit=SMALL, seed=seed)
    price = np.random.default_rng(seed).uniform(0, 20, 12)
    slots = bound.slots(there, RULES.horizon_h)
    count = slots.charge.shape[1]
    room = bound.Bench(
        np.empty(count), np.empty(count + 1), np.empty(count), np.empty(count + 1),
        np.empty(12, np.int64), np.empty(13, np.int64),
    )  # fmt: skip
    taken = np.zeros(12)
    value = float(price @ read.tubes) - bound.gains(price, there, slots, room, heat, taken)
    served = {row["load"]: row["tubes"] for row in made.assigned.to_pylist()}
    ready = sum(read.ready[n] * served.get(name, 0) for n, name in enumerate(read.loads))
    left = float(read.tubes.sum() - made.tubes)
    assert value <= made.answer.value + ready + left * there.cost[3] + 1e-6
    assert (taken >= -1e-6).all()

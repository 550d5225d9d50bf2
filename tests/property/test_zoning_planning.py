"""Whatever the town: the plan is valid, its bound is one, and no zoning it misses is cheaper."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.zoning.planning import (
    check,
    curve,
    forest,
    model,
    oracle,
    prepare,
    relaxed,
    solve,
    task,
)

EFFORT = model.Effort(seed=1, restarts=2, moves=20_000, steps=40, nodes=60)


def grid(rng: np.random.Generator, *, wide: int = 4, high: int = 2, units: int = 1) -> pa.Table:
    n = wide * high
    columns = {
        "cell_id": [f"c{k}" for k in range(n)],
        "risk": rng.exponential(1.0, n) * (rng.random(n) < 0.6) + (np.arange(n) == 0),
        "strictness": np.ones(n),
        "days": rng.integers(1, 8, n).astype(float),
        "named": [f"b{k % wide // 2}" for k in range(n)],
        "largest": [f"u{k * units // n}" for k in range(n)],
        "present": rng.random(n) < 0.3,
        "people": rng.integers(0, 60, n),
    }
    for name in model.COUNTS[1:]:
        columns[name] = rng.integers(0, 5, n)
    return pa.table([pa.array(columns[f.name], f.type) for f in model.CELLS], schema=model.CELLS)


def sides(*, wide: int = 4, high: int = 2) -> pa.Table:
    pairs = [(k, k + 1) for k in range(wide * high) if (k + 1) % wide]
    pairs += [(k, k + wide) for k in range(wide * (high - 1))]
    rows = [{"a": f"c{a}", "b": f"c{b}", "length_m": 50.0 + a} for a, b in pairs]
    return pa.Table.from_pylist(rows, schema=model.ADJACENT)


@st.composite
def asked(draw: st.DrawFn) -> model.Aims:
    some = st.one_of(st.none(), st.integers(40, 400).map(float))
    return model.Aims(
        share=draw(st.sampled_from([0.0, 0.3, 0.6, 0.8, 0.95, 1.0])),
        zones=draw(st.integers(1, 4)),
        zone_cost=draw(st.sampled_from([0.0, 50.0, 300.0])),
        inside_per_m=draw(st.sampled_from([0.0, 0.2, 1.0])),
        named_per_m=draw(st.sampled_from([0.0, 0.1])),
        opening=draw(st.sampled_from([0.0, 0.3])),
        closing=draw(st.sampled_from([0.0, 0.5, 1.0])),
        people_per_zone=draw(some),
        people_total=draw(some),
        person_days=draw(st.one_of(st.none(), st.just(900.0))),
    )


def joined(rng: np.random.Generator, cells: pa.Table) -> pa.Table:
    """Two neighbours of one largest unit that share a building."""
    k = int(rng.integers(0, cells.num_rows // 4)) * 4
    rows = [{"cell_id": f"c{k}", "key": "house"}, {"cell_id": f"c{k + 1}", "key": "house"}]
    return pa.Table.from_pylist(rows, schema=model.TOGETHER)


@settings(max_examples=14, deadline=None)
@given(st.integers(0, 10**6), asked(), st.sampled_from([1, 2]))
def test_the_plan_is_valid_bounded_and_as_cheap_as_the_twin_s(
    seed: int, aims: model.Aims, units: int
) -> None:
    rng = np.random.default_rng(seed)
    cells, adjacent = grid(rng, units=units), sides()
    together = joined(rng, cells)
    ground = prepare.read(cells, adjacent, together)
    plan = solve.plan(cells=cells, adjacent=adjacent, aims=aims, effort=EFFORT, together=together)
    twin = oracle.least(ground, aims)
    tables = {"cells": cells, "adjacent": adjacent, "together": together}
    if twin is None:
        far = oracle.furthest(ground, aims)
        assert plan.reach is not None
        assert plan.reach.found <= far + 1e-6 <= plan.reach.at_most + 2e-6
        assert check.check(plan.best, aims=dataclasses.replace(aims, share=0.0), **tables) == []
        return
    if plan.reach is not None:  # a search may miss what tight maxima leave; it never denies it
        assert aims.people_total or aims.people_per_zone or aims.person_days
        assert plan.reach.found <= plan.best.share + 1e-9 < aims.share
        assert plan.reach.at_most >= aims.share - 1e-6
        return
    for candidate in plan.candidates:
        assert check.check(candidate.figures, aims=aims, **tables) == []
    assert plan.bound is not None
    assert plan.gap is not None
    scale = max(1.0, twin[0])
    assert plan.bound <= twin[0] + 1e-5 * scale
    assert twin[0] <= plan.best.cost.total + 1e-6 * scale
    assert plan.best.cost.total * (1 - plan.gap) <= twin[0] + 1e-5 * scale


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6))
def test_a_plan_in_force_stays_while_nothing_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    cells, adjacent = grid(rng), sides()
    aims = model.Aims(share=0.7, zones=2, zone_cost=100.0, opening=0.2, closing=0.2)
    ground = prepare.read(cells, adjacent)
    first = oracle.least(ground, dataclasses.replace(aims, opening=0.0, closing=0.0))
    assert first is not None
    today = cells.set_column(cells.column_names.index("present"), "present", pa.array(first[1]))
    again = solve.plan(cells=today, adjacent=adjacent, aims=aims, effort=EFFORT)
    assert again.best.opened == again.best.freed == 0


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6))
def test_covering_more_never_costs_less(seed: int) -> None:
    cells, adjacent = grid(np.random.default_rng(seed)), sides()
    aims = model.Aims(share=0.5, zones=2, zone_cost=100.0, inside_per_m=0.2)
    ground = prepare.read(cells, adjacent)
    found = curve.curve(ground, aims, [0.3, 0.5, 0.7, 0.9, 1.0], EFFORT)
    costs = found["cost"].to_pylist()
    assert costs == sorted(costs)
    assert len(costs) == 5
    assert all(row["covered"] >= row["share"] - 1e-6 for row in found.to_pylist())
    for share, cost in zip(found["share"].to_pylist(), costs, strict=True):
        twin = oracle.least(ground, dataclasses.replace(aims, share=share))
        assert twin is not None
        assert cost == pytest.approx(twin[0], rel=0.05)


SIDES = [(k, k + 1) for k in range(9) if (k + 1) % 3] + [(k, k + 3) for k in range(6)]


def net(joined: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    a, b = np.array(SIDES + [(b, a) for a, b in SIDES]).T
    order = np.lexsort((b, a))
    first = np.searchsorted(a[order], np.arange(10)).astype(np.int32)
    return first, b[order].astype(np.int32), np.tile(joined, 2)[order].astype(np.uint8)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.0, 0.5, 1.0, 2.0, 4.0]), st.booleans())
def test_zones_of_one_weight_each_are_the_twin_s(seed: int, zone_cost: float, ties: bool) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.normal(-0.4, 2.0, 9)
    weight = np.round(weight) if ties else weight
    joined = rng.random(len(SIDES)) < 0.9
    sides = [side for side, kept in zip(SIDES, joined, strict=True) if kept]
    least = oracle.cheapest(weight, zone_cost, sides)
    found = forest.cheapest(weight, zone_cost, net(joined), 500)
    assert found.value == pytest.approx(least, abs=1e-9)
    assert not found.given.any()
    only = np.where(found.closed, weight, -1e3)
    assert oracle.cheapest(only, zone_cost, sides) == pytest.approx(least, abs=1e-9)
    hurried = forest.cheapest(weight, zone_cost, net(joined), 3)
    assert hurried.value <= least + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6), asked())
def test_any_prices_bound_every_zoning(seed: int, aims: model.Aims) -> None:
    rng = np.random.default_rng(seed)
    ground = prepare.read(grid(rng), sides())
    twin = oracle.least(ground, aims)
    loose = relaxed.Relaxed(task.build(ground, aims))
    first = loose.first(np.zeros(ground.blocks, dtype=bool))
    for _ in range(5):
        drawn = relaxed.Prices(
            rng.exponential(1.0, len(first.aims)) * loose.usual,
            rng.uniform(-1.5, 1.5, len(first.borders)),
        )
        answer = loose.solve(loose.within(drawn), {}, 500)
        assert twin is None or answer.value <= twin[0] + 1e-6 * max(1.0, twin[0])
        if twin is not None:
            held = {i: int(twin[1][i]) for i in rng.choice(ground.blocks, 3, replace=False)}
            assert not loose.hopeless(held)
            value = loose.solve(loose.within(drawn), held, 500).value
            assert value <= twin[0] + 1e-6 * max(1.0, twin[0])

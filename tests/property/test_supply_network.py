"""The plan over several days against its readable twin, the validator, and what must hold."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.supply.network import model, oracle, solve, validate
from zhongshu.engines.supply.network.ground import read

ON = dt.date(2022, 11, 8)
RULES = model.NetworkRules(
    horizon_days=4,
    neighbours=1,
    detour_factor=1.0,
    in_place_km=10.0,
    km_per_day=100.0,
    least_lead_days=1,
    yuan_per_m3_km=1.0,
    reserve_days=1.0,
    steps=4,
    cover_days={"item-0": 2.0},
)
Tables = dict[str, pa.Table]


def tables(seed: int, *, goods: int, tight: bool) -> Tables:
    """One store above three, all small figures; half of the lots expire."""
    rng = np.random.default_rng(seed)
    below = ["A", "B", "C"]
    stores = [
        {
            "store_id": name,
            "level": "county" if name in below else "city",
            "parent": "M" if name in below else None,
            "lon": 112.0 + n * 0.7,
            "lat": 37.0,
            "cold": bool(rng.random() < 0.7),
            "out_m3_per_day": float(rng.integers(0, 8)) if tight else None,
            "in_m3_per_day": float(rng.integers(0, 8)) if tight and rng.random() < 0.5 else None,
        }
        for n, name in enumerate(["M", *below])
    ]
    items = [f"item-{g}" for g in range(goods)]
    catalogue = [
        {
            "item": item,
            "unit": "piece",
            "rank": 1,
            "m3": float(rng.integers(1, 4)),
            "yuan": 50.0,
            "cold": bool(rng.random() < 0.3),
        }
        for item in items
    ]
    lots = [
        {
            "store_id": store,
            "item": item,
            "quantity": float(rng.integers(0, 12)),
            "expires_on": ON + dt.timedelta(days=int(rng.integers(-1, 4)))
            if rng.random() < 0.5
            else None,
        }
        for item in items
        for store in ["M", *below]
        for _ in range(rng.integers(0, 3))
    ]
    needs = [
        {
            "store_id": store,
            "item": item,
            "date": ON + dt.timedelta(days=day),
            "quantity": float(rng.integers(0, 7)),
        }
        for item in items
        for store in below
        for day in range(4)
    ]
    suppliers = [
        {
            "supplier_id": "S",
            "item": item,
            "store_id": store,
            "per_day": 3.0,
            "lead_days": int(rng.integers(0, 3)),
            "yuan": float(rng.integers(1, 30)),
        }
        for item in items[:1]
        for store in ["M", "B"]
    ]
    schemas = {
        "stores": model.STORES,
        "goods": model.GOODS,
        "lots": model.LOTS,
        "needs": model.NEEDS,
        "suppliers": model.SUPPLIERS,
    }
    rows = {"stores": stores, "goods": catalogue, "lots": lots, "needs": needs}
    rows["suppliers"] = suppliers
    return {name: pa.Table.from_pylist(rows[name], schema=schemas[name]) for name in rows}


def unfairness(plan: model.NetworkPlan) -> float:
    """What is told unmet and lacking, weighed step by step as `levels.fairness` says."""
    needs = {(r["store_id"], r["item"]): r for r in plan.shares.to_pylist()}
    lacks = {(r["store_id"], r["item"]): r["quantity"] for r in plan.reserve.to_pylist()}
    total = 0.0
    for item in {item for _, item in needs}:
        mine = [row for (_, of), row in needs.items() if of == item]
        typical = sum(row["need"] for row in mine) / len(mine)
        for row in mine:
            wanted = row["need"] / RULES.horizon_days * RULES.kept_days(item)
            short = lacks.get((row["store_id"], item), 0.0)
            total += stepped(row["unmet"], row["need"]) / typical
            total += stepped(short, wanted) / (RULES.steps + 1) / typical
    return total


def stepped(quantity: float, whole: float) -> float:
    each, total = whole / RULES.steps, 0.0
    for step in range(RULES.steps):
        part = min(quantity, each)
        total += part * (step + 1)
        quantity -= part
    return total


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), goods=st.integers(1, 3), tight=st.booleans())
def test_a_plan_is_as_fair_and_as_cheap_as_its_readable_twin(
    seed: int, goods: int, tight: bool
) -> None:
    given_ = tables(seed, goods=goods, tight=tight)
    plan = solve.plan(**given_, rules=RULES, on=ON)
    assert validate.check(plan, **given_, rules=RULES, on=ON) == []
    unfair, yuan = oracle.figures(read(**given_, rules=RULES, on=ON), RULES)
    assert unfairness(plan) == pytest.approx(unfair, rel=1e-6, abs=1e-4)
    unmet = sum(plan.unmet["quantity"].to_pylist())
    assert plan.answer.value == pytest.approx(yuan, rel=1e-4, abs=0.05)
    assert plan.answer.bound == pytest.approx(plan.answer.value, rel=1e-4, abs=0.05)
    assert sum(plan.shares["unmet"].to_pylist()) == pytest.approx(unmet, abs=1e-3)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_more_stock_never_leaves_the_worst_off_worse_off(seed: int) -> None:
    few = tables(seed, goods=1, tight=False)
    more = dict(few)
    extra = {"store_id": "M", "item": "item-0", "quantity": 20.0, "expires_on": None}
    more["lots"] = pa.concat_tables([few["lots"], pa.Table.from_pylist([extra], schema=model.LOTS)])

    def worst(given_: Tables) -> float:
        plan = solve.plan(**given_, rules=RULES, on=ON)
        return max(plan.shares["share"].to_pylist(), default=0.0)

    assert worst(more) <= worst(few) + 1 / RULES.steps + 1e-6


def test_the_validator_finds_a_plan_that_ships_what_is_not_there() -> None:
    given_ = tables(3, goods=1, tight=False)
    plan = solve.plan(**given_, rules=RULES, on=ON)
    less = dict(given_)
    less["lots"] = given_["lots"].slice(0, 0)
    assert plan.moves.num_rows > 0
    assert any(
        "does not have" in fault for fault in validate.check(plan, **less, rules=RULES, on=ON)
    )

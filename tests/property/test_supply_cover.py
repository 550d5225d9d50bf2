"""Whatever the stocks and demands: shelves run as piece by piece, moves are the cheapest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.supply import flow, model, oracle, shelf, solve, validate

ON = dt.date(2022, 11, 8)
RULES = model.SupplyRules(
    target_days={"n95": 5.0, "gown": 2.5},
    default_target_days=3.0,
    keep_days=4,
    horizon_days=7,
    expiring_days=5,
    detour_factor=1.3,
    in_county_km=10,
    km_per_day=300,
    least_lead_days=1,
)
EXPIRY = st.one_of(st.none(), st.integers(-2, 12).map(lambda n: ON + dt.timedelta(days=n)))
COUNTIES = pa.Table.from_pylist(
    [{"county_code": f"C{n}", "lon": 112 + n / 2, "lat": 37.8} for n in range(3)],
    schema=model.COUNTIES,
)


@st.composite
def stock_tables(draw: st.DrawFn) -> tuple[pa.Table, pa.Table]:
    stocks: list[dict[str, Any]] = []
    for store in range(draw(st.integers(1, 5))):
        for item in draw(st.lists(st.sampled_from(["n95", "gown", "swab"]), unique=True)):
            used = float(draw(st.integers(0, 40)))
            for _lot in range(draw(st.integers(1, 3))):
                stocks.append(
                    {
                        "store_id": f"S{store}",
                        "county_code": f"C{store % 3}",
                        "item": item,
                        "unit": "piece",
                        "quantity": float(draw(st.integers(-10, 300))),
                        "used_per_day": used,
                        "expires_on": draw(EXPIRY),
                    }
                )
    demand = [
        {
            "county_code": draw(st.sampled_from(["C0", "C1", "C2"])),
            "item": draw(st.sampled_from(["n95", "gown", "swab"])),
            "date": ON + dt.timedelta(days=draw(st.integers(0, 9))),
            "quantity": float(draw(st.integers(0, 200))),
        }
        for _ in range(draw(st.integers(0, 6)))
    ]
    return (
        pa.Table.from_pylist(stocks, schema=model.STOCKS),
        pa.Table.from_pylist(demand, schema=model.DEMAND),
    )


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 15), EXPIRY), max_size=5),
    st.lists(st.integers(0, 12), min_size=1, max_size=8),
)
def test_a_shelf_empties_as_piece_by_piece(lots: list[Any], need: list[int]) -> None:
    fast = shelf.run(
        [shelf.Lot(float(n), expires, ON) for n, expires in lots], np.array(need, float), on=ON
    )
    short, left = oracle.shelf(lots, need, on=ON)
    assert fast.short.tolist() == short
    assert fast.left == left


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=2),
    st.lists(st.integers(0, 3), min_size=1, max_size=2),
    st.lists(st.integers(1, 400), min_size=4, max_size=4),
)
def test_moves_meet_the_most_at_the_least_distance(
    surplus: list[int], deficit: list[int], roads: list[int]
) -> None:
    km = np.array(roads, float).reshape(2, 2)[: len(surplus), : len(deficit)]
    sent, unmet = flow.moves(np.array(surplus, float), np.array(deficit, float), km)
    least, cost = oracle.best_moves(surplus, deficit, km.tolist())
    assert unmet.sum() == least
    assert (sent * km).sum() == pytest.approx(cost)


@settings(max_examples=100, deadline=None)
@given(stock_tables())
def test_every_supply_plan_passes_the_independent_validator(
    given_tables: tuple[pa.Table, pa.Table],
) -> None:
    stocks, demand = given_tables
    plan = solve.cover(stocks=stocks, demand=demand, counties=COUNTIES, rules=RULES, on=ON)
    assert validate.check(plan, stocks=stocks, rules=RULES, on=ON) == []


@settings(max_examples=60, deadline=None)
@given(stock_tables())
def test_givers_stay_covered_for_the_days_they_keep(
    given_tables: tuple[pa.Table, pa.Table],
) -> None:
    stocks, demand = given_tables
    plan = solve.cover(stocks=stocks, demand=demand, counties=COUNTIES, rules=RULES, on=ON)
    last = ON + dt.timedelta(days=RULES.keep_days)
    # A county whose stores give and do not take is no shorter within the days kept than before.
    givers = {(m["from_county"], m["item"]) for m in plan.moves.to_pylist()}
    for row in plan.shortages.to_pylist():
        if (row["county_code"], row["item"]) in givers and row["date"] < last:
            assert row["short_after"] <= row["short"] + 1e-9

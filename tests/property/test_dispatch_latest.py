"""Latest order days: nobody runs out by waiting, and nobody could wait a day longer."""

from __future__ import annotations

import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_supply_network import ON, RULES, tables

from zhongshu.engines.supply.network import solve
from zhongshu.kernel.time import DAY
from zhongshu.service.dispatch.planners import latest, latestcheck

DAYS = RULES.horizon_days


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_goods_ordered_on_their_latest_day_arrive_before_a_store_runs_out(
    seed: int, tight: bool
) -> None:
    made = tables(seed, goods=2, tight=tight)
    plan = solve.plan(**made, rules=RULES, on=ON)
    late = latest.deliveries(plan, made, on=ON, days=DAYS)
    assert not latestcheck.check(late, plan, made, on=ON, days=DAYS)
    total = {"orders": sum(plan.orders["quantity"].to_pylist())}
    assert abs(total["orders"] - sum(one.quantity for one in late)) < 1e-2
    assert all(one.arrives <= one.needed_by for one in late)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_an_order_a_day_after_its_latest_day_leaves_a_store_short_or_an_enterprise_sold_out(
    seed: int,
) -> None:
    made = tables(seed, goods=2, tight=False)
    narrow = {row["store_id"] for row in made["stores"].to_pylist() if row["in_m3_per_day"]}
    plan = solve.plan(**made, rules=RULES, on=ON)
    late = latest.deliveries(plan, made, on=ON, days=DAYS)
    for number, one in enumerate(late):
        last_day = (one.arrives - ON).days == DAYS - 1
        if one.store_id in narrow or last_day or one.quantity < 1:
            continue
        later = dataclasses.replace(one, order_by=one.order_by + DAY, arrives=one.arrives + DAY)
        moved = [*late[:number], later, *late[number + 1 :]]
        assert latestcheck.check(moved, plan, made, on=ON, days=DAYS)


def test_the_check_finds_an_order_that_is_too_late() -> None:
    made = tables(3, goods=2, tight=False)
    plan = solve.plan(**made, rules=RULES, on=ON)
    late = latest.deliveries(plan, made, on=ON, days=DAYS)
    assert late
    off = [dataclasses.replace(late[0], order_by=ON - DAY), *late[1:]]
    short = [dataclasses.replace(late[0], quantity=late[0].quantity + 5), *late[1:]]
    assert latestcheck.check(off, plan, made, on=ON, days=DAYS)
    assert latestcheck.check(short, plan, made, on=ON, days=DAYS)

"""When the last result is to be expected: without chance the plan's, with chance around it."""

from __future__ import annotations

import dataclasses

import pyarrow as pa
import pytest
from hypothesis import given, settings
from tests.property.test_testing_round import RULES, START, areas

from zhongshu.engines.testing import model, solve, spread
from zhongshu.kernel.errors import BadInput

NONE = spread.Spread(0.0, 0.0, 0.0)
SOME = spread.Spread(0.2, 0.3, 0.1)


@settings(max_examples=15, deadline=None)
@given(areas())
def test_without_chance_the_last_result_is_the_plans(area: dict[str, pa.Table]) -> None:
    plan = solve.plan_round(**area, rules=RULES, start=START)
    found = spread.last_result(plan, RULES, NONE, start=START, seed=1, draws=2)
    if plan.finish_at is None:
        assert found is None
        return
    assert found is not None
    assert abs((found.mean_at - plan.finish_at).total_seconds()) <= 2  # moments are whole seconds
    assert found.low_at == found.high_at
    hours = (plan.finish_at - START).total_seconds() / 3600
    assert found.in_time == (hours <= RULES.round_h)


def made() -> dict[str, pa.Table]:
    return {
        "villages": pa.table([["A", "B"], [2000, 1500], [112.50, 112.52], [37.8, 37.8]],
                             schema=model.VILLAGES),
        "candidates": pa.table([["P", "Q"], [112.50, 112.52], [37.8, 37.8], [4, 4]],
                               schema=model.CANDIDATES),
        "labs": pa.table([["L"], [112.6], [37.8], [2400]], schema=model.LABS),
    }  # fmt: skip


def test_chance_spreads_the_last_result_and_the_seed_repeats_it() -> None:
    area = made()
    plan = solve.plan_round(**area, rules=RULES, start=START)
    found = spread.last_result(plan, RULES, SOME, start=START, seed=1)
    assert found is not None
    assert found.low_at < found.mean_at < found.high_at
    assert found == spread.last_result(plan, RULES, SOME, start=START, seed=1)
    wider = dataclasses.replace(SOME, sampling=0.6)
    other = spread.last_result(plan, RULES, wider, start=START, seed=1)
    assert other is not None
    assert other.high_at - other.low_at > found.high_at - found.low_at


def test_a_variation_below_nothing_is_refused() -> None:
    area = made()
    plan = solve.plan_round(**area, rules=RULES, start=START)
    with pytest.raises(BadInput, match="must not be below 0"):
        spread.last_result(plan, RULES, spread.Spread(-0.1, 0, 0), start=START, seed=1)

"""How many swabs go into a tube, and on which days rounds are sampled."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.testing import oracle, pooling, rounds
from zhongshu.kernel.errors import BadInput

RULES = pooling.PoolRules(
    pool_options=(5, 10, 20),
    pool_max=20,
    prevalence_max=0.001,
    sensitivity=0.95,
    sensitivity_least=0.6,
    dilution=0.1,
)
SERIES = rounds.Schedule(first=3, pause_days=3, after_pause=1)
DAY = dt.date(2022, 11, 8)


def chosen(people: int, prevalence: float, rules: pooling.PoolRules = RULES) -> int:
    rows = pooling.options(people, prevalence, rules).to_pylist()
    return next(row["pool_size"] for row in rows if row["chosen"])


def test_the_rarer_the_larger_the_pool() -> None:
    assert chosen(10_000, 0.0001) == 20
    assert chosen(10_000, 0.0009, dataclasses.replace(RULES, dilution=0.0)) == 20
    assert chosen(10_000, 0.02, dataclasses.replace(RULES, prevalence_max=1.0)) == 10


def test_pools_end_where_the_pack_ends_them() -> None:
    assert chosen(10_000, 0.001) == 1
    assert chosen(10_000, 0.0001, dataclasses.replace(RULES, pool_max=10)) == 10
    assert chosen(10_000, 0.0001, dataclasses.replace(RULES, sensitivity_least=0.93)) == 10


def test_key_groups_have_a_tube_each() -> None:
    rows = pooling.options(95, 0.0, RULES, singles=7).to_pylist()
    assert {row["pool_size"]: row["tubes"] for row in rows} == {1: 102, 5: 26, 10: 17, 20: 12}


@settings(max_examples=25, deadline=None)
@given(people=st.integers(0, 7), prevalence=st.floats(0, 0.5), size=st.sampled_from([2, 3, 5]))
def test_every_way_who_is_positive_agrees(people: int, prevalence: float, size: int) -> None:
    rules = dataclasses.replace(RULES, pool_options=(size,))
    row = pooling.options(people, prevalence, rules).to_pylist()[1]
    tubes, again = oracle.pooled(people, prevalence, size=size, sensitivity=row["sensitivity"])
    assert row["positive_tubes"] == pytest.approx(tubes)
    assert row["recollected"] == pytest.approx(again)


def test_shares_beyond_one_are_refused() -> None:
    with pytest.raises(BadInput, match="shares from 0 to 1"):
        pooling.options(10, 1.5, RULES)


def test_three_days_a_pause_and_a_last_round() -> None:
    assert [day.day for day in rounds.days(SERIES, DAY, {})] == [8, 9, 10, 14]


def test_a_positive_begins_the_rounds_anew() -> None:
    found = {dt.date(2022, 11, 9): 2}
    assert [day.day for day in rounds.days(SERIES, DAY, found)] == [8, 9, 10, 11, 12, 16]
    late = {dt.date(2022, 11, 14): 1}
    assert [day.day for day in rounds.days(SERIES, DAY, late)] == [8, 9, 10, 14, 15, 16, 17, 21]


def test_positives_of_a_day_without_a_round_are_refused() -> None:
    with pytest.raises(BadInput, match="2022-11-12"):
        rounds.days(SERIES, DAY, {dt.date(2022, 11, 12): 1})

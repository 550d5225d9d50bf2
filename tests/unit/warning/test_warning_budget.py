"""The alert budget as a ceiling: least probability, the first week, and what chance alone makes."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from zhongshu.engines.warning.joint import budget, chance
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.whole import State
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

PARAMS = Budget(alerts_a_week=7.0, least=0.02)
WEEK = 7


def by_hand(p: chance.Floats, params: Budget, level: float) -> list[tuple[int, int]]:
    """The readable twin: unit and day of each alert, in plain loops."""
    rest = dict.fromkeys(range(len(p)), params.quiet_days + 1)
    raised = []
    for day in range(p.shape[1]):
        now = []
        able = any(days > params.quiet_days for days in rest.values())
        for unit in range(len(p)):
            odds = params.power * p[unit, day] ** (params.power - 1)
            odds *= params.prior / (1 - params.prior)
            probable = odds / (1 + odds) >= params.least * (1 - 1e-12)
            if probable and math.log10(odds) >= level and rest[unit] > params.quiet_days:
                now.append(unit)
        rest = {unit: 1 if unit in now else days + 1 for unit, days in rest.items()}
        raised += [(unit, day) for unit in now]
        if able:  # a day on which everybody is followed up says nothing of the level
            level += params.gain * (len(now) - params.a_day)
        if params.least:
            level = max(level, math.log10(params.least / (1 - params.least)))
    return raised


@settings(max_examples=15, deadline=None)
@example(seed=180, least=0.0, level=-1.0, quiet_days=3)  # a day on which all are followed up
@given(
    seed=st.integers(0, 10_000),
    least=st.sampled_from([0.0, 0.01, 0.05, 0.3]),
    level=st.floats(-3, 1),
    quiet_days=st.integers(0, 5),
)
def test_what_is_raised_is_what_the_readable_twin_raises(
    seed: int, least: float, level: float, quiet_days: int
) -> None:
    p = stream(seed, "twin").random((6, 40)) ** 4 + 1e-9
    p = np.minimum(p, 1.0)
    params = dataclasses.replace(PARAMS, least=least, quiet_days=quiet_days)
    spent = budget.spend(p, params, level=level)
    assert [(int(u), int(d)) for d, u in np.argwhere(spent.alert.T)] == by_hand(p, params, level)


def test_nothing_below_the_least_probability_is_raised_though_budget_is_left() -> None:
    p = 1 - stream(1, "calm").random((117, 364))
    p[5, 200:230] = 1e-7
    spent = budget.spend(p, PARAMS, level=budget.level_of_chance(117, PARAMS))
    whole = budget.spend(
        p, dataclasses.replace(PARAMS, least=0.0), level=budget.level_of_chance(117, PARAMS)
    )
    assert spent.posterior[spent.alert].min() >= PARAMS.least
    assert whole.posterior[whole.alert].min() < PARAMS.least
    assert whole.raised.sum() == pytest.approx(52 * 7, rel=0.25)
    assert spent.raised.sum() < 0.8 * whole.raised.sum()
    assert spent.alert[5, 200]


def test_budget_left_over_is_not_saved_up() -> None:
    p = np.ones((117, 95))
    level = budget.spend(p, PARAMS, level=1.0).last_level
    assert level == pytest.approx(PARAMS.floor)
    assert budget.posterior(np.array(PARAMS.floor)) == pytest.approx(PARAMS.least)
    without = budget.spend(p, dataclasses.replace(PARAMS, least=0.0), level=1.0).last_level
    assert without < level - 1


@pytest.mark.parametrize("a_week", [0.5, 2.0, 7.0, 20.0])
def test_the_first_week_of_a_budget_stays_within_it_the_earlier_days_too(a_week: float) -> None:
    params = dataclasses.replace(PARAMS, alerts_a_week=a_week)
    since: dict[str, int] = {}
    total = 0
    for day in range(WEEK):
        state = State(None if day == 0 else -2.0, since, begun_days=day)
        room = state.room(params)
        assert room is not None
        assert room <= math.ceil(a_week / WEEK)
        total += room
        since = {unit: days + 1 for unit, days in since.items()}
        since |= {f"{day} {n}": 1 for n in range(room)}
    assert total == math.ceil(a_week)
    assert State(-2.0, since, begun_days=WEEK).room(params) is None
    assert State(-2.0, since).room(params) is None


def test_alerts_of_before_the_budget_do_not_count_against_its_first_week() -> None:
    params = dataclasses.replace(PARAMS, alerts_a_week=14.0)
    assert State(None, {"a": 1, "b": 3}).room(params) == 2
    assert State(-2.0, {"a": 1, "b": 3}, begun_days=1).room(params) == 3
    assert State(-2.0, {"a": 1}, raised=("c", "c"), begun_days=1).room(params) == 2


@pytest.mark.parametrize(("p", "quiet_days"), [(0.2, 14), (0.02, 14), (0.02, 0), (0.005, 7)])
def test_alerts_by_chance_are_those_of_a_simulated_score(p: float, quiet_days: int) -> None:
    memory, units, days = 0.85, 3_000, 400
    rng = stream(3, "score", quiet_days)
    z = rng.normal(size=units)
    rest = np.full(units, quiet_days + 1)
    alerts = able = 0
    for day in range(days):
        z = memory * z + math.sqrt(1 - memory**2) * rng.normal(size=units)
        free = rest > quiet_days
        hit = free & (z > stats.norm.isf(p))
        rest = np.where(hit, 1, rest + 1)
        if day >= 100:  # at first every unit is free
            alerts, able = alerts + int(hit.sum()), able + int(free.sum())
    told = float(chance.alerts(np.array([p]), quiet_days=quiet_days, memory=memory)[0])
    assert told == pytest.approx(alerts / able, rel=0.08)


def test_without_memory_chance_is_p_and_with_it_less() -> None:
    p = np.array([1e-4, 0.01, 0.3])
    np.testing.assert_array_equal(chance.alerts(p, quiet_days=14, memory=0.0), p)
    less = chance.alerts(p, quiet_days=14, memory=0.85)
    assert (less < p).all()
    assert (np.diff(less) > 0).all()
    assert chance.alerts(np.array([1.0]), quiet_days=14, memory=0.85)[0] == pytest.approx(
        1, abs=0.02
    )


def test_what_is_out_of_range_is_refused() -> None:
    for wrong in ({"least": 1.0}, {"least": -0.1}, {"memory": 1.0}):
        with pytest.raises(BadInput):
            Budget(7.0, **wrong)
    with pytest.raises(BadInput):
        chance.alerts(np.array([0.5]), quiet_days=14, memory=1.0)
    with pytest.raises(BadInput):
        chance.alerts(np.array([0.0]), quiet_days=14, memory=0.5)

"""The forecast's members equal their readable twins, and nothing later is ever known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.epidemic.forecasting import autoregressive, baseline, oracle, renewal, solve
from zhongshu.engines.epidemic.forecasting.model import ForecastParams
from zhongshu.engines.epidemic.model import Floats

FEW = ForecastParams(draws=200)


def made(seed: int, *, units: int = 4, weeks: int = 150, missing: float = 0.0) -> Floats:
    """Synthetic seasons: a wave each winter, noise, and weeks without a report."""
    chance = np.random.default_rng(seed)
    wave = np.exp(1.5 * np.cos(2 * np.pi * (np.arange(weeks) - 16) / 52.18))
    level = chance.uniform(0.5, 3, (units, 1)) * wave
    values: Floats = level * np.exp(chance.normal(0, 0.15, (units, weeks)))
    values[:, :-4][chance.random((units, weeks - 4)) < missing] = np.nan
    return values


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.integers(1, 4), st.sampled_from([0.0, 0.1]))
def test_what_the_regression_knows_is_its_twins(seed: int, ahead: int, missing: float) -> None:
    y, _ = autoregressive.logs(made(seed, units=3, missing=missing))
    found = autoregressive.rows(y, ahead).features
    for unit in range(3):
        for week in (0, 5, 30, 60, 110, 149):
            twin = oracle.features(y.tolist(), unit, week, ahead)
            np.testing.assert_allclose(found[unit, week], twin, atol=1e-12)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.sampled_from([(1.0,), (0.6, 0.4)]))
def test_weekly_rt_is_its_twins(seed: int, serial: tuple[float, ...]) -> None:
    values = made(seed, missing=0.05)
    found = renewal.log_rt(values, serial)
    for unit, series in enumerate(values.tolist()):
        np.testing.assert_allclose(found[unit], oracle.log_rt(series, serial), atol=1e-12)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 99))
def test_the_baseline_of_one_week_is_the_past_changes(seed: int) -> None:
    values = made(seed, units=2, missing=0.05) + 50  # far from 0
    params = ForecastParams(horizon_weeks=1, draws=4000)
    found = baseline.quantiles(values, params, np.random.default_rng(seed))
    for unit, series in enumerate(values.tolist()):
        spread = oracle.baseline_spread(series)
        twin = series[-1] + np.quantile(spread, params.levels)
        np.testing.assert_allclose(found[:, unit, 0], twin, atol=0.02 * np.ptp(spread))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.integers(30, 140))
def test_a_forecast_knows_nothing_later(seed: int, today: int) -> None:
    """What the regression learns from for the days up to today is the same with a longer series."""
    y, _ = autoregressive.logs(made(seed))
    whole = autoregressive.rows(y, 2)
    cut = autoregressive.rows(y[:, : today + 1], 2)
    number = cut.features.shape[2]
    np.testing.assert_array_equal(whole.features[:, : today + 1, :number], cut.features)
    assert np.isnan(cut.targets[:, -2:]).all()


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.sampled_from([20, 90, 200]))
def test_quantiles_are_in_order_not_negative_and_repeatable(seed: int, weeks: int) -> None:
    values = made(seed, weeks=weeks, missing=0.05)
    found = solve.forecast(values, params=FEW, seed=seed)
    assert found.quantiles.shape == (23, 4, 4)
    assert (np.diff(found.quantiles, axis=0) >= 0).all()
    assert (found.quantiles >= 0).all()
    again = solve.forecast(values, params=FEW, seed=seed)
    np.testing.assert_array_equal(found.quantiles, again.quantiles)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.floats(0.1, 50))
def test_the_unit_of_measure_only_scales_the_forecast(seed: int, factor: float) -> None:
    values = made(seed)
    one = autoregressive.quantiles(values, FEW)
    other = autoregressive.quantiles(values * factor, FEW)
    np.testing.assert_allclose(other, one * factor, rtol=1e-6)


def test_one_member_alone_is_the_whole_ensemble() -> None:
    values = made(3)
    for n, name in enumerate(("renewal", "autoregressive", "baseline")):
        weights = tuple(float(n == m) for m in range(3))
        params = ForecastParams(draws=200, weights=(weights[0], weights[1], weights[2]))
        found = solve.forecast(values, params=params, seed=1)
        np.testing.assert_array_equal(found.quantiles, np.sort(found.members[name], axis=0))


def test_seasons_seen_before_are_expected_again() -> None:
    """Five like winters: the median before the sixth rises as they did, the baseline's does not."""
    values = made(5, units=20, weeks=5 * 52 + 5)
    truth = made(5, units=20, weeks=5 * 52 + 9)[:, -4:].mean(axis=0)
    found = solve.forecast(values, params=FEW, seed=1)
    middle = found.quantiles[11].mean(axis=0)
    flat = found.members["baseline"][11].mean(axis=0)
    assert flat[3] == pytest.approx(flat[0], rel=1e-6)
    assert abs(middle[3] - truth[3]) < abs(flat[3] - truth[3]) / 2

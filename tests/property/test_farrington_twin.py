"""The vectorised Farrington method says what its readable twin says, whatever the series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.engines.warning.published import farrington, farrington_kernels, farrington_oracle
from zhongshu.engines.warning.published.farrington import Bound, Flexible

PARAMS = st.builds(
    Flexible,
    years=st.integers(2, 4),
    half_window=st.integers(1, 4),
    periods=st.sampled_from([1, 2, 5, 10]),
    left_out=st.sampled_from([0, 3, 26]),
    weights_from=st.sampled_from([0.0, 1.0, 2.58]),
    trend_p=st.sampled_from([0.0, 0.05, 0.9]),
    alpha=st.sampled_from([0.005, 0.01, 0.05]),
    bound=st.sampled_from(list(Bound)),
    power=st.sampled_from([2 / 3, 1 / 2, 1.0]),
    as_surveillance=st.booleans(),
)
WEEKS = 52 * 4 + 30


def series(seed: int, mean: float, spread: float) -> np.ndarray:
    """Negative binomial counts with a season, a trend, an outbreak and days without report."""
    rng = np.random.default_rng(seed)
    time = np.arange(WEEKS)
    level = mean * np.exp(0.4 * np.sin(2 * np.pi * time / 52) + rng.normal(0, 0.002) * time)
    counts = rng.negative_binomial(level / spread, 1 / (1 + spread)).astype(float)
    counts[rng.integers(0, WEEKS) :][:4] += rng.poisson(3 * np.sqrt(mean))
    counts[rng.random(WEEKS) < 0.03] = np.nan
    return counts


@given(
    seed=st.integers(0, 10_000),
    mean=st.sampled_from([0.3, 3.0, 40.0]),
    spread=st.sampled_from([0.3, 2.0]),
    params=PARAMS,
    rates=st.booleans(),
)
def test_the_fast_one_equals_the_readable_one(
    seed: int, mean: float, spread: float, params: Flexible, rates: bool
) -> None:
    counts = np.stack([series(seed, mean, spread), series(seed + 1, mean, spread)])
    at = np.array([52 * 4 + 10, WEEKS - 1, 30])
    growing = np.linspace(900, 1_100, WEEKS) * np.ones((2, 1))
    population = growing if rates else None
    found = farrington.flexible(counts, at, params, population=population)
    for row in range(2):
        people = None if population is None else population[row]
        for n, week in enumerate(at):
            told = farrington_oracle.one(counts[row], int(week), params, population=people)
            parts = (found.expected, found.upper, found.phi, found.trend)
            got = [values[row, n] for values in parts]
            if told is None or told[0] > 1e6:
                assert told is not None or (np.isnan(got).all() and not found.alarm[row, n])
                continue
            np.testing.assert_allclose(got[0], told[0], rtol=1e-6, atol=1e-8)
            np.testing.assert_allclose(got[2], told[2], rtol=1e-6)
            np.testing.assert_allclose(got[3], told[3], rtol=1e-5, atol=1e-9)
            np.testing.assert_allclose(got[1], told[1], rtol=1e-5, atol=1e-6)
            assert found.alarm[row, n] == told[4]


@pytest.mark.parametrize("phi", [1.0, 1.02, 3.0, 40.0, 1e9])
@pytest.mark.parametrize("mean", [0.01, 0.7, 12.0, 300.0, 2_000.0, 3e6])
@pytest.mark.parametrize("level", [0.3, 0.95, 0.999])
def test_quantiles(phi: float, mean: float, level: float) -> None:
    assert farrington_kernels.quantile(level, mean, phi) == farrington_oracle.quantile(
        level, mean, phi
    )


def test_a_series_too_short_or_silent_is_not_tested() -> None:
    params = Flexible(years=3)
    counts = np.full((1, 170), 4.0)
    counts[0, 169] = np.nan
    found = farrington.flexible(counts, np.array([100, 168, 169]), params)
    assert np.isnan(found.expected[0]).tolist() == [True, False, True]
    assert not found.alarm.any()

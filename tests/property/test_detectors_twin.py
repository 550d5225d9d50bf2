"""Each vectorised detector says what its readable twin says, whatever the series."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from zhongshu.engines.warning import tested
from zhongshu.engines.warning.model import Method
from zhongshu.engines.warning.published import (
    bayes,
    cusum,
    detectors_oracle,
    ears_plain,
    glr,
    incontrol,
    percentile,
    rki,
)
from zhongshu.engines.warning.published.bayes import Bayes
from zhongshu.engines.warning.published.cusum import Cusum, Transform
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.glr import Change, Glr
from zhongshu.engines.warning.published.incontrol import Waves
from zhongshu.engines.warning.published.percentile import Percentile
from zhongshu.engines.warning.published.references import Around
from zhongshu.engines.warning.published.rki import Rki

YEAR, LENGTH = 12, 60
SEED = st.integers(0, 100_000)
MEAN = st.sampled_from([0.0, 0.3, 4.0, 60.0])
AROUND = st.builds(
    Around,
    st.integers(1, 3),
    st.integers(1, 4),
    this_year=st.booleans(),
    year=st.just(YEAR),
    least=st.sampled_from([0.2, 0.5, 1.0]),
)


def series(seed: int, mean: float, *, missing: float = 0.06, length: int = LENGTH) -> np.ndarray:
    """Three series of clustered counts with a season, a jump, and reports that did not come."""
    rng = np.random.default_rng(seed)
    level = mean * np.exp(0.5 * np.sin(2 * np.pi * np.arange(length) / YEAR))
    counts = rng.poisson(rng.gamma(4, np.tile(level / 4, (3, 1)) + 1e-12)).astype(float)
    counts[:, rng.integers(length // 2, length) :][:, :5] += rng.poisson(3 * mean**0.5 + 1)
    counts[rng.random(counts.shape) < missing] = np.nan
    return counts


def plain(row: np.ndarray) -> list[float | None]:
    return [None if np.isnan(x) else float(x) for x in row]


def agree(
    found: tested.Tested, counts: np.ndarray, at: np.ndarray, twin: Callable[..., Any]
) -> None:
    """twin(series, place) against column n of the answer."""
    for row in range(len(counts)):
        values = plain(counts[row])
        for n, place in enumerate(at):
            told = twin(values, int(place))
            got = [x[row, n] for x in (found.expected, found.statistic, found.upper)]
            if told is None:
                assert np.isnan(got).all()
                assert not found.alarm[row, n]
                continue
            np.testing.assert_allclose(got, told[:3], rtol=1e-9, atol=1e-9)
            assert found.alarm[row, n] == told[3]


AT = np.array([3, 20, 38, 50, 58, 59])


def equal(
    method: Callable[..., Any], twin: Callable[..., Any], seed: int, mean: float, params: Any
) -> None:
    """A detector that looks at some weeks of a series, each by itself."""
    counts = series(seed, mean)
    agree(method(counts, AT, params), counts, AT, lambda one, at: twin(one, at, params))


@given(SEED, MEAN, st.builds(Bayes, AROUND, st.sampled_from([0.01, 0.05])))
def test_bayes_equals_its_twin(seed: int, mean: float, params: Bayes) -> None:
    equal(bayes.bayes, detectors_oracle.bayes, seed, mean, params)


@given(SEED, MEAN, st.builds(Rki, AROUND))
def test_rki_equals_its_twin(seed: int, mean: float, params: Rki) -> None:
    equal(rki.rki, detectors_oracle.rki, seed, mean, params)


@given(
    SEED,
    MEAN,
    st.builds(
        Percentile,
        years=st.integers(1, 3),
        half_window=st.integers(0, 2),
        percent=st.sampled_from([50.0, 80.0, 90.0, 100.0]),
        period=st.sampled_from([1, 2]),
        year=st.just(YEAR),
        reaching=st.booleans(),
        least_count=st.sampled_from([1, 3]),
        least=st.sampled_from([0.2, 0.6, 1.0]),
    ),
)
def test_the_moving_percentile_equals_its_twin(seed: int, mean: float, params: Percentile) -> None:
    equal(percentile.percentile, detectors_oracle.percentile, seed, mean, params)


@given(
    SEED,
    MEAN,
    st.builds(
        Plain,
        method=st.sampled_from(list(Method)),
        baseline=st.sampled_from([5, 7, 14]),
        lag=st.sampled_from([0, 2]),
        min_sigma=st.sampled_from([0.0, 0.5]),
        alpha=st.sampled_from([None, 0.01, 0.2]),
        least=st.sampled_from([None, 3]),
    ),
)
def test_plain_ears_equals_its_twin(seed: int, mean: float, params: Plain) -> None:
    equal(ears_plain.plain, detectors_oracle.ears, seed, mean, params)


@given(
    SEED,
    MEAN,
    st.builds(
        Cusum,
        k=st.sampled_from([0.0, 0.5, 1.04]),
        h=st.sampled_from([0.5, 2.26]),
        transform=st.sampled_from(list(Transform)),
    ),
)
def test_a_cusum_equals_its_twin(seed: int, mean: float, params: Cusum) -> None:
    counts, start = series(seed, mean), 20
    at = np.arange(start, LENGTH)
    found = cusum.cusum(counts, at, params)
    for row in range(len(counts)):
        seen = [x for x in counts[row, :start] if not np.isnan(x)]
        told = detectors_oracle.cusum(
            plain(counts[row]), [sum(seen) / len(seen)] * len(at), start, params
        )
        for n, one in enumerate(told):
            got = [x[row, n] for x in (found.expected, found.statistic, found.upper)]
            if one is None:
                assert np.isnan(got).all()
                assert not found.alarm[row, n]
                continue
            np.testing.assert_allclose(got, one[:3], rtol=1e-8, atol=1e-8)
            assert found.alarm[row, n] == one[3]


@settings(max_examples=25)
@given(
    SEED,
    st.sampled_from([0.3, 4.0, 60.0]),
    st.builds(
        Glr,
        threshold=st.sampled_from([1.0, 5.0]),
        change=st.sampled_from(list(Change)),
        size=st.sampled_from([None, None, 0.4]),
        window=st.sampled_from([None, 4]),
        delay=st.sampled_from([1, 2]),
        waves=st.builds(Waves, alpha=st.sampled_from([0.0, 0.15, 2.0])),
    ),
)
def test_a_likelihood_ratio_chart_equals_its_twin(seed: int, mean: float, params: Glr) -> None:
    counts = series(seed, mean, length=20)[:2]
    start = 6
    at = np.arange(start, 20)
    level = mean * np.exp(0.5 * np.sin(2 * np.pi * np.arange(20) / YEAR)) * np.ones((2, 1))
    found = glr.glr(counts, at, params, mean=level)
    alpha = params.waves.alpha or 0.0
    for row in range(2):
        told = detectors_oracle.glr(
            plain(counts[row]), list(level[row, start:]), start, params, alpha=alpha
        )
        slow = np.array([np.nan if one is None else one for one in told])
        np.testing.assert_allclose(found.statistic[row], slow, rtol=1e-5, atol=1e-6)
        sure = ~(np.abs(slow - params.threshold) < 1e-4)
        assert (found.alarm[row] == (slow >= params.threshold))[sure].all()


@given(SEED, st.sampled_from([0.0, 0.3]), st.sampled_from(list(Change)))
def test_the_bound_of_a_chart_is_the_least_count_that_alarms(
    seed: int, alpha: float, change: Change
) -> None:
    counts = series(seed, 3.0, length=16)
    params = Glr(threshold=2.0, change=change, waves=Waves(alpha=alpha))
    at, level = np.arange(4, 16), np.full(counts.shape, 2.5)
    found = glr.glr(counts, at, params, mean=level)
    np.testing.assert_array_equal(found.alarm, counts[:, at] >= found.upper)


@given(SEED, st.booleans(), st.sampled_from([0, 1, 2]), st.sampled_from([0.0, 0.2]))
def test_the_in_control_fit_has_no_slope_of_the_likelihood_left(
    seed: int, trend: bool, harmonics: int, alpha: float
) -> None:
    counts = series(seed, 6.0)
    waves = Waves(harmonics=harmonics, trend=trend, year=YEAR, alpha=alpha)
    means, _ = incontrol.fit(counts, start=LENGTH, stop=LENGTH + 3, waves=waves)
    assert (means > 0).all()
    for row in counts:
        seen = ~np.isnan(row)
        x, y = waves.design(np.arange(LENGTH))[seen], row[seen]
        mean = np.exp(x @ incontrol.regression(y, x, alpha))
        score = x.T @ ((y - mean) / (1 + alpha * mean))
        np.testing.assert_allclose(score, 0, atol=1e-4 * (1 + y.sum()))


def test_the_overdispersion_put_in_is_found() -> None:
    rng = np.random.default_rng(7)
    for alpha in (0.1, 0.8):
        counts = rng.negative_binomial(1 / alpha, 1 / (1 + 20 * alpha), (1, 4_000)).astype(float)
        waves = Waves(harmonics=0, trend=False, alpha=None)
        mean, found = incontrol.fit(counts, start=4_000, stop=4_001, waves=waves)
        assert found[0] == pytest.approx(alpha, rel=0.12)
        assert mean[0, 0] == pytest.approx(20, rel=0.06)


def test_the_table_of_poisson_limits_is_that_of_the_shortest_acceptance_regions() -> None:
    """Crow and Gardner: for each mean the fewest counts with 95 %, the highest such; the limit of
    a count is the largest mean that accepts it."""
    ends = np.arange(90)
    limits: dict[int, float] = {}
    for mean in np.arange(0.002, 31, 0.002):
        below = np.concatenate([[0], stats.poisson.cdf(ends, mean)])
        for length in range(1, 60):
            reached = np.flatnonzero(below[length:] - below[:-length] >= 0.95)
            if len(reached):
                limits |= dict.fromkeys(range(reached[-1], reached[-1] + length), mean)
                break
    found = [limits[count] for count in range(len(rki.POISSON_UPPER))]
    np.testing.assert_allclose(found, rki.POISSON_UPPER, atol=0.0026)

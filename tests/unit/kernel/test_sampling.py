"""Binomial, Poisson and gamma numbers under keys have the distributions SciPy says they have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from zhongshu.kernel import chance, sampling
from zhongshu.kernel.compiled import njit

DRAWS = 40_000
LEAST_P = 1e-4  # fixed seeds: a fair sampler is refused once in ten thousand such tests


@njit(cache=True)
def _binomials(key, n, p, out):  # type: ignore[no-untyped-def]
    for index in range(out.shape[0]):
        out[index] = sampling.binomial(chance.person_key(key, index), n, p)


@njit(cache=True)
def _poissons(key, mean, out):  # type: ignore[no-untyped-def]
    for index in range(out.shape[0]):
        out[index] = sampling.poisson(chance.person_key(key, index), mean)


@njit(cache=True)
def _gammas(key, shape, out):  # type: ignore[no-untyped-def]
    for index in range(out.shape[0]):
        out[index] = sampling.gamma(chance.person_key(key, index), shape)


def binomials(n: int, p: float, *, draws: int = DRAWS, seed: int = 1) -> NDArray[np.int64]:
    out = np.empty(draws, dtype=np.int64)
    _binomials(chance.key(seed, "binomial"), n, p, out)
    return out


def fit(drawn: NDArray[np.int64], law: Any) -> float:
    """p-value of a chi-square test, neighbouring values put together until 10 are expected."""
    low, high = int(law.ppf(1e-9)), int(law.ppf(1 - 1e-9)) + 1
    assert drawn.min() >= low
    assert drawn.max() <= high
    expected = law.pmf(np.arange(low, high + 1)) * drawn.size
    seen = np.bincount(drawn - low, minlength=high - low + 1).astype(np.float64)
    group = np.minimum((np.cumsum(expected) // 10).astype(np.int64), int(expected.sum() // 10) - 1)
    wanted, got = np.bincount(group, expected), np.bincount(group, seen)
    kept = wanted > 0
    statistic = float((((got - wanted)[kept] ** 2) / wanted[kept]).sum())
    return float(stats.chi2.sf(statistic, max(int(kept.sum()) - 1, 1)))


@pytest.mark.parametrize(
    ("n", "p"),
    [
        (1, 0.3),
        (7, 0.5),
        (20, 0.62),
        (1000, 1e-4),
        (400_000, 2e-5),
        (3_000_000, 1e-9),
        (40, 0.29),
        (24, 0.5),
        (26, 0.5),
        (1000, 0.02),
        (60, 0.97),
        (500, 0.9),
        (100_000, 0.4),
        (2_000_000, 0.0003),
    ],
)
def test_binomial_numbers_follow_the_binomial_law(n: int, p: float) -> None:
    drawn = binomials(n, p)
    assert drawn.min() >= 0
    assert drawn.max() <= n
    if drawn.max() <= 1 and n * p < 0.01:  # too rare for a chi-square: compare the zeros
        assert (
            stats.binomtest(int((drawn > 0).sum()), DRAWS, -math.expm1(n * math.log1p(-p))).pvalue
            > LEAST_P
        )
    else:
        assert fit(drawn, stats.binom(n, p)) > LEAST_P


@pytest.mark.parametrize("mean", [0.003, 0.7, 5.0, 11.9, 12.1, 40.0, 3000.0])
def test_poisson_numbers_follow_the_poisson_law(mean: float) -> None:
    out = np.empty(DRAWS, dtype=np.int64)
    _poissons(chance.key(2, "poisson"), mean, out)
    assert fit(out, stats.poisson(mean)) > LEAST_P


@pytest.mark.parametrize("shape", [0.05, 0.6, 1.0, 3.7, 900.0])
def test_gamma_numbers_follow_the_gamma_law(shape: float) -> None:
    out = np.empty(DRAWS)
    _gammas(chance.key(3, "gamma"), shape, out)
    assert stats.kstest(out, stats.gamma(shape).cdf).pvalue > LEAST_P
    assert sampling.gamma(np.uint64(1), 0.0) == 0.0


def test_a_wrong_probability_is_noticed() -> None:
    """The test above can fail: a probability 3 % off does."""
    assert fit(binomials(1000, 0.0206), stats.binom(1000, 0.02)) < LEAST_P
    assert fit(binomials(100_000, 0.4005), stats.binom(100_000, 0.4)) < LEAST_P


def test_the_ends_are_exact_and_take_no_draw() -> None:
    key = np.uint64(5)
    assert [sampling.binomial(key, n, p) for n, p in ((0, 0.5), (9, 0.0), (9, 1.0), (0, 1.0))] == [
        0,
        0,
        9,
        0,
    ]
    assert sampling.binomial(key, 9, -1e-18) == 0
    assert sampling.binomial(key, 9, 1.0 + 1e-12) == 9
    assert sampling.binomial(key, 9, math.nan) == 0
    assert sampling.binomial(key, -3, 0.5) == 0
    assert sampling.poisson(key, 0.0) == 0
    assert sampling.poisson(key, -1.0) == 0


def test_certain_numbers_of_many_people_end_at_once() -> None:
    """Where the loop of an inverse may run on: probabilities next to 0 and 1, many people."""
    for p in (1e-300, 1e-16, 1 - 1e-16, 5e-324):
        drawn = binomials(10**9, p, draws=200)
        assert set(np.unique(drawn)) <= {0, 10**9}


def test_the_same_key_gives_the_same_number_and_more_chance_never_fewer() -> None:
    """Under one key a higher probability does not give a smaller number, while means are small."""
    p = np.linspace(0.001, 0.999, 60)
    many = np.stack([binomials(11, float(value), draws=500) for value in p])
    assert (np.diff(many, axis=0) >= 0).all()
    assert (binomials(11, 0.4) == binomials(11, 0.4)).all()


def test_large_numbers_of_two_options_share_their_luck() -> None:
    """Where rejection draws, 3 % more risk under the same keys keeps nearly all of the luck."""
    first, second = binomials(100_000, 0.01), binomials(100_000, 0.0103)
    assert np.corrcoef(first, second)[0, 1] > 0.8


def test_an_exit_probability_keeps_its_digits_for_rare_exits() -> None:
    assert sampling.exit_probability(1e-12, 0.5) == pytest.approx(5e-13, rel=1e-12)
    assert sampling.exit_probability(0.0, 0.5) == 0.0
    assert sampling.exit_probability(2.0, 0.5) == pytest.approx(1 - math.exp(-1))

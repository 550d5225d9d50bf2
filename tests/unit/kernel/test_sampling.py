"""Binomial, Poisson and gamma numbers under keys have the distributions SciPy says they have."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from zhongshu.kernel import chance, ordinary, sampling
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
        (69, 0.1),
        (71, 0.1),
        (14, 0.5),
        (3_000_000_000, 3e-9),
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
    """3 % more risk under the same keys keeps all of the luck, and never gives fewer."""
    first, second = binomials(100_000, 0.01), binomials(100_000, 0.0103)
    assert np.corrcoef(first, second)[0, 1] > 0.99
    assert (second >= first).all()
    assert (binomials(100_100, 0.01) >= first).all()


@njit(cache=True)
def _quantiles(z, n, p, out):  # type: ignore[no-untyped-def]
    for index in range(out.shape[0]):
        out[index] = sampling._by_normal(z[index], n, p)


@pytest.mark.parametrize("p", [3e-7, 0.004, 0.06, 0.21, 0.38, 0.5])
@pytest.mark.parametrize("mean", [7.0, 9.3, 14.0, 41.0, 380.0, 60_000.0])
def test_large_numbers_are_the_quantile_at_a_normal_number(mean: float, p: float) -> None:
    """Also where the expansion is next to a whole number, and far out."""
    n = math.ceil(mean / p)
    law = stats.binom(n, p)
    z = np.concatenate((np.linspace(-6.0, 6.0, 20_001), [-9.0, 9.0]))
    out = np.empty(z.size, dtype=np.int64)
    _quantiles(z, n, p, out)
    low, rare = stats.norm.cdf(np.minimum(z, 0.0)), stats.norm.sf(np.maximum(z, 0.0))
    doubt = 1e-10  # SciPy's own
    under = np.where(z < 0, law.cdf(out - 1) <= low * (1 + doubt), True)
    over = np.where(z < 0, law.cdf(out) >= low * (1 - doubt), True)
    under &= np.where(z >= 0, law.sf(out - 1) >= rare * (1 - doubt), True)
    over &= np.where(z >= 0, law.sf(out) <= rare * (1 + doubt), True)
    assert under.all()
    assert over.all()


def test_the_expansion_is_trusted_only_where_it_errs_less_than_it_says() -> None:
    """At each whole number of many laws the expansion is off by at most 0.65 of what is sure."""
    rng = np.random.default_rng(3)
    for _ in range(300):
        p = min(0.5, 10 ** rng.uniform(-6, -0.3))
        mean = 10 ** rng.uniform(math.log10(sampling.SMALL), 4)
        n = math.ceil(mean / p)
        law, variance = stats.binom(n, p), n * p * (1 - p)
        spread = math.sqrt(variance)
        k = np.arange(max(0, int(n * p - 5 * spread)), min(n, int(n * p + 6 * spread)))
        z = np.where(
            law.cdf(k) < 0.5, stats.norm.ppf(law.cdf(k)), stats.norm.isf(law.sf(k))
        )  # fmt: skip
        k, z = k[z * z <= sampling.SURE_Z2], z[z * z <= sampling.SURE_Z2]
        z2, skew = z * z, 1 - 2 * p
        tails = (z2 - 3) * (1 - 6 * p * (1 - p)) / 24 - (2 * z2 - 5) * skew**2 / 36 - 1 / 24
        said = n * p + 0.5 + spread * z + skew * (z2 - 1) / 6 + z * tails / spread
        sure = (sampling.SURE[0] + z2 * (sampling.SURE[1] + z2 * sampling.SURE[2])) / variance
        assert (np.abs(said - (k + 1)) <= 0.65 * sure).all()


def test_what_is_prepared_draws_as_what_is_not() -> None:
    law = np.zeros(3)
    keys = [chance.key(4, "law", who) for who in range(400)]
    for p in (0.0, 0.002, 0.31, 0.5, 0.77, 1.0):
        sampling.prepare(p, law)
        for n in (0, 1, 13, 2000):
            assert [sampling.drawn(key, n, law) for key in keys] == [
                sampling.binomial(key, n, p) for key in keys
            ]
    for hazard in (1e-6, 0.04, 0.6, 0.9):
        sampling.prepare_leaving(hazard, law)
        for n in (1, 13, 2000):
            assert [sampling.drawn(key, n, law) for key in keys] == [
                sampling.leavers(key, n, hazard) for key in keys
            ]


@njit(cache=True)
def _normals(key, out):  # type: ignore[no-untyped-def]
    for index in range(out.shape[0]):
        out[index] = ordinary.normal(chance.person_key(key, index))


def test_normal_numbers_follow_the_normal_law() -> None:
    out = np.empty(2_000_000)
    _normals(chance.key(6, "normal"), out)
    assert stats.kstest(out, stats.norm.cdf).pvalue > LEAST_P
    far = np.abs(out[np.abs(out) > ordinary.TAIL])  # by the way of the tail alone
    tail = stats.norm.sf(ordinary.TAIL)
    assert stats.binomtest(far.size, out.size, 2 * tail).pvalue > LEAST_P
    assert stats.kstest(far, lambda x: 1 - stats.norm.sf(x) / tail).pvalue > LEAST_P
    edges = stats.norm.ppf(np.linspace(0, 1, 401))
    assert stats.chisquare(np.histogram(out, edges)[0]).pvalue > LEAST_P


def test_an_exit_probability_keeps_its_digits_for_rare_exits() -> None:
    assert sampling.exit_probability(1e-12, 0.5) == pytest.approx(5e-13, rel=1e-12)
    assert sampling.exit_probability(0.0, 0.5) == 0.0
    assert sampling.exit_probability(2.0, 0.5) == pytest.approx(1 - math.exp(-1))

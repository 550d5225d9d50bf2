"""Binomial, Poisson and gamma numbers as functions of a key: no state, no stall, every size.

A draw is a function of (key, parameters), so two futures that ask under the same key with slightly
different probabilities get nearly the same number.  Binomial numbers are the inverse of the
distribution function, at one uniform number where the mean is small and at one normal number where
it is large: either is monotone in n and in p.  Large Poisson numbers go through Hörmann's
transformed rejection, whose proposal rises with its first uniform number.

W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance:
Mathematics and Economics 12 (1993) 39; C. Loader, "Fast and accurate computation of binomial
probabilities" (2000); E. A. Cornish, R. A. Fisher, Rev. Int. Stat. Inst. 5 (1938) 307.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math

import numpy as np

from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.ordinary import normal

SMALL = 7.0  # below this mean adding up probabilities from 0 on is the cheaper way
POISSON_SMALL = 12.0  # likewise; Hörmann's method wants 10 or more
FEW = 32  # below this the correction to Stirling's formula is tabulated
SURE = (0.06, 0.03, 0.012)  # times the variance: at least 1.6 times the expansion's error, in z**2
SURE_Z2 = 16.0  # beyond this z**2 the expansion is not asked
TWO_PI, ROOT_HALF = 2.0 * math.pi, math.sqrt(0.5)


# log(k!) less Stirling's formula, for k below FEW
_REST = tuple(
    math.lgamma(k + 1.0) - 0.5 * math.log(2 * math.pi * k) - k * math.log(k) + k if k else 0.0
    for k in range(FEW)
)


@njit(cache=True, nogil=True)
def _stirling_rest(k):  # type: ignore[no-untyped-def]
    """log(k!) less Stirling's formula; k >= 1."""
    if k < FEW:
        return _REST[k]
    over = 1.0 / k
    square = over * over
    return over * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680))))


@njit(cache=True, nogil=True)
def _inverted(u, n, odds, none):  # type: ignore[no-untyped-def]
    """Smallest k whose binomial distribution function passes u; wants n * p small.

    odds: p / (1 - p); none: chance that k is 0, the first term.
    The loop ends at n whatever the rounding: the sum of the terms may stay a hair below u.
    """
    term, k, left = none, 0, odds * n
    while u >= term and k < n:
        u -= term
        k += 1
        term *= left / k
        left -= odds
        if term < 1e-18 and k > 2 * SMALL:
            break
    return k


@njit(cache=True, nogil=True)
def _strayed(k, mean):  # type: ignore[no-untyped-def]
    """k log(k / mean) + mean - k, exact also where k is near the mean (Loader's deviance)."""
    if abs(k - mean) < 0.1 * (k + mean):
        ratio = (k - mean) / (k + mean)
        out, term = (k - mean) * ratio, 2.0 * k * ratio
        for odd in range(3, 60, 2):
            term *= ratio * ratio
            more = out + term / odd
            if more == out:
                break
            out = more
        return out
    return k * math.log(k / mean) + mean - k


@njit(cache=True, nogil=True)
def _probability(k, n, p, q):  # type: ignore[no-untyped-def]
    """Of k among n, each with p = 1 - q; after C. Loader (2000), exact to some 1e-13."""
    if k in (0, n):
        each, other = (q, p) if k == 0 else (p, q)
        return math.exp(n * (math.log(each) if each < 0.5 else math.log1p(-other)))
    rest = _stirling_rest(n) - _stirling_rest(k) - _stirling_rest(n - k)
    strayed = _strayed(np.float64(k), n * p) + _strayed(np.float64(n - k), n * q)
    return math.exp(rest - strayed) * math.sqrt(n / (TWO_PI * k * (n - k)))


@njit(cache=True, nogil=True)
def _searched(z, k, n, p):  # type: ignore[no-untyped-def]
    """Smallest k whose distribution function passes that of a normal number z, looked for from k.

    The upper half is searched from the other end, where no digits are lost.
    """
    if z > 0.0:
        return n - _searched_low(0.5 * math.erfc(z * ROOT_HALF), n - k, n, 1.0 - p, p, True)
    return _searched_low(0.5 * math.erfc(-z * ROOT_HALF), k, n, p, 1.0 - p, False)


@njit(cache=True, nogil=True)
def _searched_low(u, k, n, p, q, closed):  # type: ignore[no-untyped-def]
    """Smallest k whose distribution function passes u (or reaches it, where closed); q: 1 - p."""
    odds = p / q
    k = min(max(k, 0), n)
    term = _probability(k, n, p, q)
    below, at, last = term, term, k
    while last > 0 and at > 1e-18 * below:
        at *= last / (odds * (n - last + 1.0))
        last -= 1
        below += at
    while k < n and (below < u or (below == u and not closed)):
        term *= odds * (n - k) / (k + 1.0)
        k += 1
        below += term
    while k > 0 and (below - term > u or (below - term == u and closed)):
        below -= term
        term *= k / (odds * (n - k + 1.0))
        k -= 1
    return k


@njit(cache=True, nogil=True)
def _by_normal(z, n, p):  # type: ignore[no-untyped-def]
    """The binomial quantile where a normal number z stands; wants n * p >= SMALL and p <= 0.5.

    Cornish and Fisher's expansion says it to within SURE; where a whole number is nearer than that
    the distribution function itself is asked.
    """
    mean = n * p
    variance = mean * (1.0 - p)
    spread, skew, z2 = math.sqrt(variance), 1.0 - 2.0 * p, z * z
    tails = (z2 - 3.0) * (1.0 / 24.0 - 0.25 * p * (1.0 - p))
    tails -= (2.0 * z2 - 5.0) * (skew * skew / 36.0) + 1.0 / 24.0
    w = mean + 0.5 + spread * z + skew * (z2 - 1.0) / 6.0 + z * tails / spread
    near = math.floor(w + 0.5)
    sure = (SURE[0] + z2 * (SURE[1] + z2 * SURE[2])) / variance + 1e-14 * mean
    if abs(w - near) < sure or z2 > SURE_Z2:
        return _searched(z, np.int64(near), n, p)
    return np.int64(math.floor(w))


@njit(cache=True, nogil=True)
def binomial(key, n, p):  # type: ignore[no-untyped-def]
    """Successes among n with probability p each: the draw under `key` (np.uint64).

    n <= 0 or p <= 0 gives 0, p >= 1 gives n, without a draw.  A p that is not a number gives 0.
    """
    if n <= 0 or not p > 0.0:
        return np.int64(0)
    if p >= 1.0:
        return np.int64(n)
    if p <= 0.5:
        if n * p < SMALL:
            return np.int64(_inverted(unit(key, 0), n, p / (1.0 - p), math.exp(n * math.log1p(-p))))
        return _by_normal(normal(key), n, p)
    # The rarer outcome is drawn; from the other end, so that more p never means fewer.
    rare = 1.0 - p
    if n * rare < SMALL:
        return np.int64(n - _inverted(1.0 - unit(key, 0), n, rare / p, math.exp(n * math.log(p))))
    return np.int64(n - _by_normal(-normal(key), n, rare))


@njit(cache=True, nogil=True)
def prepare(p, law):  # type: ignore[no-untyped-def]
    """Write what `drawn` wants of a probability that many draws share: (p, odds, log(1 - p))."""
    law[0] = p
    law[1] = p / (1.0 - p) if p < 1.0 else 0.0
    law[2] = math.log1p(-p) if p < 1.0 else 0.0


@njit(cache=True, nogil=True)
def prepare_leaving(hazard, law):  # type: ignore[no-untyped-def]
    """`prepare` for the probability 1 - exp(-hazard)."""
    law[0] = -math.expm1(-hazard)
    law[1] = math.expm1(hazard)
    law[2] = -hazard


@njit(cache=True, nogil=True)
def drawn(key, n, law):  # type: ignore[no-untyped-def]
    """binomial(key, n, p) of what `prepare` wrote of p; cheap where nobody is drawn."""
    p = law[0]
    if n <= 0 or not p > 0.0:
        return np.int64(0)
    if p > 0.5:
        return binomial(key, n, p)
    if n * p >= SMALL:
        return _by_normal(normal(key), n, p)
    u, none = unit(key, 0), math.exp(n * law[2])
    if u < none:
        return np.int64(0)
    return np.int64(_inverted(u, n, law[1], none))


@njit(cache=True, nogil=True)
def leavers(key, n, hazard):  # type: ignore[no-untyped-def]
    """binomial(key, n, 1 - exp(-hazard)); cheap where nobody leaves, the commonest answer."""
    if n <= 0 or not hazard > 0.0:
        return np.int64(0)
    if hazard < 0.69 and n * hazard < SMALL:  # then the chance is below a half
        u, none = unit(key, 0), math.exp(-hazard * n)
        if u < none:
            return np.int64(0)
        return np.int64(_inverted(u, n, math.expm1(hazard), none))
    return binomial(key, n, -math.expm1(-hazard))


@njit(cache=True, nogil=True)
def _poisson_rejected(key, mean):  # type: ignore[no-untyped-def]
    """Hörmann's PTRS; wants mean >= 10."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse_alpha = 1.1239 + 1.1328 / (b - 3.4)
    v_fast = 0.9277 - 3.6224 / (b - 2.0)
    which = 0
    while True:
        u = unit(key, which) - 0.5
        v = unit(key, which + 1)
        which += 2
        us = 0.5 - abs(u)
        if us <= 0.0:
            continue
        k = math.floor((2.0 * a / us + b) * u + mean + 0.43)
        if us >= 0.07 and v <= v_fast:
            return np.int64(k)
        if k < 0 or (us < 0.013 and v > us):
            continue
        height = math.log(max(v, 1e-300) * inverse_alpha / (a / (us * us) + b))
        if height <= k * math.log(mean) - mean - math.lgamma(k + 1.0):
            return np.int64(k)


@njit(cache=True, nogil=True)
def poisson(key, mean):  # type: ignore[no-untyped-def]
    """A Poisson number: the draw under `key` (np.uint64); a mean of 0 or less gives 0."""
    if not mean > 0.0:
        return np.int64(0)
    if mean >= POISSON_SMALL:
        return _poisson_rejected(key, mean)
    u = unit(key, 0)
    term = math.exp(-mean)
    k = 0
    while u >= term and (term > 1e-18 or k < mean):
        u -= term
        k += 1
        term *= mean / k
    return np.int64(k)


@njit(cache=True, nogil=True)
def exit_probability(rate_per_day, step_d):  # type: ignore[no-untyped-def]
    """Of leaving within a step under a constant hazard: 1 - exp(-rate * step), exact near 0."""
    return -math.expm1(-rate_per_day * step_d)


@njit(cache=True, nogil=True)
def gamma(key, shape):  # type: ignore[no-untyped-def]
    """A gamma number with scale 1: the draw under `key`; a shape of 0 or less gives 0.

    Marsaglia and Tsang, ACM Trans. Math. Softw. 26 (2000) 363, its normal numbers from Box and
    Muller; below shape 1 by the power of a uniform number, as they say.
    """
    if not shape > 0.0:
        return 0.0
    boost = 1.0 if shape >= 1.0 else unit(key, 0) ** (1.0 / shape)
    d = (shape if shape >= 1.0 else shape + 1.0) - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    which = 1
    while True:
        radius = math.sqrt(-2.0 * math.log(1.0 - unit(key, which)))
        x = radius * math.cos(2.0 * math.pi * unit(key, which + 1))
        u = 1.0 - unit(key, which + 2)
        which += 3
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost * d * v

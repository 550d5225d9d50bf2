"""Binomial, Poisson and gamma numbers as functions of a key: no state, no stall, every size.

A draw is a function of (key, parameters), so two futures that ask under the same key with slightly
different probabilities get nearly the same number: small means go through the inverse of the
distribution function with one uniform number (monotone in n and in p), large ones through
Hörmann's transformed rejection, whose proposal rises with its first uniform number.

W. Hörmann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993) 101;
W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance:
Mathematics and Economics 12 (1993) 39.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math

import numpy as np

from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

SMALL = 12.0  # below this mean inversion is exact and cheap; Hörmann's methods want 10 or more
FEW = 10  # below this the correction to Stirling's formula is tabulated


# log(k!) less Hörmann's form of Stirling's formula, for k below FEW
_REST = tuple(
    math.lgamma(k + 1.0) - 0.5 * math.log(2 * math.pi) - (k + 0.5) * math.log(k + 1.0) + (k + 1.0)
    for k in range(FEW)
)


@njit(cache=True, nogil=True)
def _stirling_rest(k):  # type: ignore[no-untyped-def]
    """log(k!) less Stirling's formula in Hörmann's form; k >= 0."""
    if k < FEW:
        return _REST[k]
    over = 1.0 / (k + 1.0)
    return (1.0 / 12 - (1.0 / 360 - over * over / 1260) * over * over) * over


@njit(cache=True, nogil=True)
def _inverted(u, n, p, log_q):  # type: ignore[no-untyped-def]
    """Smallest k whose binomial distribution function passes u; wants n * p small.

    The loop ends at n whatever the rounding: the sum of the terms may stay a hair below u.
    """
    odds = p / (1.0 - p)
    term = math.exp(n * log_q)
    k = 0
    while u >= term and k < n:
        u -= term
        k += 1
        term *= odds * (n - k + 1) / k
        if term < 1e-18 and k > n * p:
            break
    return k


@njit(cache=True, nogil=True)
def _accepted(height, k, m, n, p, spread2):  # type: ignore[no-untyped-def]
    """Whether height <= f(k) / f(m), f the binomial probabilities and m their mode; steps 3.1-3.3
    of BTRD: by recursion near the mode, by a squeeze, at last by Stirling's formula."""
    odds = p / (1.0 - p)
    far = abs(k - m)
    if far <= 15:
        top = (n + 1.0) * odds
        ratio = 1.0
        for i in range(min(k, m) + 1, max(k, m) + 1):
            ratio *= top / i - odds
        return height <= ratio if m < k else height * ratio <= 1.0
    log_height = math.log(max(height, 1e-300))
    rho = (far / spread2) * (((far / 3.0 + 0.625) * far + 1.0 / 6.0) / spread2 + 0.5)
    t = -(far * far) / (2.0 * spread2)
    if log_height < t - rho:
        return True
    if log_height > t + rho:
        return False
    bound = (
        (m + 0.5) * math.log((m + 1.0) / (odds * (n - m + 1.0)))
        + (n + 1.0) * math.log((n - m + 1.0) / (n - k + 1.0))
        + (k + 0.5) * math.log(odds * (n - k + 1.0) / (k + 1.0))
        + (_stirling_rest(m) + _stirling_rest(n - m))
        - (_stirling_rest(k) + _stirling_rest(n - k))
    )
    return log_height <= bound


@njit(cache=True, nogil=True)
def _rejected(key, n, p):  # type: ignore[no-untyped-def]
    """Hörmann's BTRD; wants n * p >= 10 and p <= 0.5."""
    spread2 = n * p * (1.0 - p)
    spread = math.sqrt(spread2)
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * p
    c = n * p + 0.5
    v_fast = 0.92 - 4.2 / b
    which = 0
    while True:
        v = unit(key, which)
        which += 1
        if v <= 0.86 * v_fast:  # most draws end here, rising with their only uniform number
            u = v / v_fast - 0.43
            return np.int64(math.floor((2.0 * a / (0.5 - abs(u)) + b) * u + c))
        if v >= v_fast:
            u = unit(key, which) - 0.5
        else:
            u = v / v_fast - 0.93
            u = math.copysign(0.5, u) - u
            v = unit(key, which) * v_fast
        which += 1
        us = 0.5 - abs(u)
        if us <= 0.0:
            continue
        k = np.int64(math.floor((2.0 * a / us + b) * u + c))
        if k < 0 or k > n:
            continue
        height = v * ((2.83 + 5.1 / b) * spread) / (a / (us * us) + b)
        if _accepted(height, k, np.int64(math.floor((n + 1) * p)), n, p, spread2):
            return k


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
            return np.int64(_inverted(unit(key, 0), n, p, math.log1p(-p)))
        return _rejected(key, n, p)
    # The rarer outcome is drawn; from the other end, so that more p never means fewer.
    rare = 1.0 - p
    if n * rare < SMALL:
        return np.int64(n - _inverted(1.0 - unit(key, 0), n, rare, math.log(p)))
    return np.int64(n - _rejected(key, n, rare))


@njit(cache=True, nogil=True)
def leavers(key, n, hazard):  # type: ignore[no-untyped-def]
    """binomial(key, n, 1 - exp(-hazard)); cheap where nobody leaves, the commonest answer."""
    if n <= 0 or not hazard > 0.0:
        return np.int64(0)
    if hazard < 0.69 and n * hazard < SMALL:  # then the chance is below a half
        u = unit(key, 0)
        if u < math.exp(-hazard * n):
            return np.int64(0)
        return np.int64(_inverted(u, n, -math.expm1(-hazard), -hazard))
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
    if mean >= SMALL:
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

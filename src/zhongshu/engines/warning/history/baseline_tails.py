"""Chances of counts for `baseline.py`: tails of the law, bounds, and what weights cut off of it.

Poisson, or negative binomial with variance phi*mean; sums run term by term from the count asked.
"""
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import math

import numpy as np

from zhongshu.engines.warning.published.farrington_kernels import LARGE, quantile
from zhongshu.kernel.compiled import njit

SOME = 2.0  # cases; a single one is no outbreak and never weighs less
_POISSON = 1 + 1e-9  # dispersion up to which the counts are Poisson
_SURE, _FAR = 1e-12, 1e-7  # parts of a chance left out


@njit(cache=True, nogil=True, error_model="numpy")
def anscombe(y, mu):
    """Before it is divided by the root of the dispersion."""
    return 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - math.sqrt(mu))


@njit(cache=True, nogil=True, error_model="numpy")
def _mass(k, mean, phi):
    """Chance of k: Poisson, or negative binomial with variance phi*mean."""
    if phi <= _POISSON:
        return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1))
    size = mean / (phi - 1)
    chance = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
    return math.exp(chance - size * math.log(phi) + k * math.log((phi - 1) / phi))


@njit(cache=True, nogil=True, error_model="numpy")
def _ratio(k, mean, phi):
    """Chance of k over the chance of k-1."""
    return mean / k if phi <= _POISSON else (mean + (k - 1) * (phi - 1)) / (k * phi)


@njit(cache=True, nogil=True, error_model="numpy")
def tail(k, mean, phi):
    """(chance of more than k, chance of k)."""
    mass = _mass(k, mean, phi)
    total, part, n = 0.0, mass, k
    if k >= mean:
        while part > total * _SURE:
            n += 1.0
            part *= _ratio(n, mean, phi)
            total += part
        return total, mass
    while n > 0 and part > total * _SURE:
        part /= _ratio(n, mean, phi)
        n -= 1.0
        total += part
    return max(1 - total - mass, 0.0), mass


@njit(cache=True, nogil=True, error_model="numpy")
def kept(mean, phi, limit):
    """What the weights leave of (mean, variance) where there is no outbreak: shares of both."""
    k = math.floor(mean)
    mass = _mass(k, mean, phi)
    least = mass * _FAR
    while k > 0 and mass > least:
        mass /= _ratio(k, mean, phi)
        k -= 1.0
    whole, first, second, reach = 0.0, 0.0, 0.0, limit * math.sqrt(phi)
    while k <= mean or mass > least:
        weight = 1.0
        if k >= SOME and k - mean > reach * math.sqrt(mean):
            residual = anscombe(k, mean)
            if residual > reach:
                weight = phi / (residual * residual)
        whole += weight * mass
        first += weight * mass * k
        second += weight * mass * (k - mean) ** 2
        k += 1.0
        mass *= _ratio(k, mean, phi)
    return first / (whole * mean), second / (whole * mean * phi)


@njit(cache=True, nogil=True, error_model="numpy")
def uppers(mean, phi, alpha):
    """[...]: least count that is passed with a chance of at most alpha; nan stays."""
    out = np.full(mean.size, np.nan)
    for n in range(mean.size):
        if mean.flat[n] < LARGE:
            out[n] = quantile(1 - alpha, mean.flat[n], phi.flat[n])
    return out.reshape(mean.shape)

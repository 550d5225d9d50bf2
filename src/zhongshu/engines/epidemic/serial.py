"""The serial interval in whole days, and the infectivity of the past."""

from __future__ import annotations

import numpy as np
from scipy import special

from zhongshu.engines.epidemic.model import Floats


def weights(*, mean: float, sd: float, days: int) -> Floats:
    """Probability of a serial interval of 0, 1 .. days - 1 days, (days,).

    A gamma distribution shifted by one day, discretised as in Cori et al. 2013 (web appendix 11):
    with F the distribution function of the unshifted part, the weight of day k is the second
    difference of the integral of F, which has a closed form.  Day 0 gets nothing.
    """
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)

    def integral(x: Floats) -> Floats:
        positive = np.maximum(x, 0.0)
        below = special.gammainc(shape, positive / scale)
        below_next = special.gammainc(shape + 1, positive / scale)
        return np.asarray(positive * below - shape * scale * below_next)

    k = np.arange(days, dtype=np.float64)
    return np.maximum(integral(k) - 2 * integral(k - 1) + integral(k - 2), 0.0)


def infectivity(incidence: Floats, si: Floats) -> Floats:
    """Sum over s >= 1 of incidence[t - s] * si[s], same shape as incidence (units, days)."""
    out = np.zeros_like(incidence)
    for lag in range(1, min(len(si), incidence.shape[-1])):
        out[..., lag:] += incidence[..., :-lag] * si[lag]
    return out

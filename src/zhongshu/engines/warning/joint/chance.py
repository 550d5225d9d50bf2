"""How often chance alone makes an alert, where evidence carries over from day to day.

An accumulated score that is high today was likely high yesterday, and a unit under follow-up
raises no other: so of the days on which chance passes a level, few are the first of their spell.
The score without an outbreak is taken for a Gaussian autoregression of order one, as an
exponentially weighted mean of independent days is; from its transitions on a grid follow the alerts
a day of a unit that is free (a renewal process; so do Brook & Evans 1972 for CUSUM,
doi:10.1093/biomet/59.3.539).
"""

from __future__ import annotations

import functools

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
_HALF_WIDTH, _CELLS = 5.5, 201  # of the grid, in standard deviations of the score
_LOG_P = np.linspace(-6.0, np.log10(0.999), 25)  # levels between which is interpolated


def alerts(p: Floats, *, quiet_days: int, memory: float) -> Floats:
    """Alerts to be expected of a free unit on a day where p and less pass, by chance alone.

    quiet_days: after an alert, on which the unit is not free.  memory: share of yesterday's score
    in today's, in [0, 1); with 0 it is p itself.  Refuses p outside (0, 1] and a memory outside.
    """
    if not 0 <= memory < 1 or quiet_days < 0:
        raise BadInput("warning.memory", "The memory lies in [0, 1), quiet days are at least 0.")
    if (p <= 0).any() or (p > 1).any():
        raise BadInput("warning.p", "Calibrated p lie above 0 and at most at 1.")
    if not memory:
        return p
    shares = np.interp(np.log10(p), _LOG_P, _table(quiet_days, memory))
    return np.asarray(p * shares)


@functools.lru_cache(maxsize=16)
def _table(quiet_days: int, memory: float) -> Floats:
    """Of each level of _LOG_P, alerts over days that pass."""
    return np.array([rate(10**one, quiet_days, memory) / 10**one for one in _LOG_P])


def rate(p: float, quiet_days: int, memory: float) -> float:
    """As `alerts`, of one level, without interpolation."""
    cells = np.linspace(-_HALF_WIDTH, _HALF_WIDTH, _CELLS)
    edges = np.concatenate([[-np.inf], (cells[1:] + cells[:-1]) / 2, [np.inf]])
    mean = memory * cells[:, None]
    sd = np.sqrt(1 - memory**2)
    step = np.diff(stats.norm.cdf((edges - mean) / sd), axis=1)
    below = np.minimum(edges, stats.norm.isf(p))
    wait = np.diff(stats.norm.cdf((below - mean) / sd), axis=1)  # next day free, no alert
    visits = np.linalg.inv(np.eye(_CELLS) - wait)
    days = visits.sum(axis=1)  # until the next alert, that day included
    rest = np.linalg.matrix_power(step, quiet_days)
    renewal = rest @ visits @ (step - wait)  # score at an alert to score at the next
    at = np.full(_CELLS, 1 / _CELLS)
    for _ in range(100):
        at = at @ renewal
        at /= at.sum()
    return float(1 / (at @ rest @ days))

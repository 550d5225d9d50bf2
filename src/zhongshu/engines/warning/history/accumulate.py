"""Putting the z of several days together, so that a slow rise is found before one high day.

Sums of the last days (moving sums), exponentially weighted means (Roberts 1959,
doi:10.1080/00401706.1959.10489860) and cumulative sums (Page 1954, doi:10.2307/2333009) of z that
are standard normal where nothing happens.  The first two are scaled to be standard normal again,
so that their threshold is a normal quantile; the third has the quantile of its long run.
"""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
_REACH, _CELLS = 30.0, 1_200  # of the chain behind the third threshold


@dataclasses.dataclass(frozen=True, slots=True)
class Sum:
    """Over the last `window` steps.  2: for weeks; an outbreak rarely shows in one week alone."""

    window: int = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Ewma:
    """share: of the newest step in the mean; the smaller, the longer it remembers."""

    share: float = 0.4


@dataclasses.dataclass(frozen=True, slots=True)
class Cusum:
    """allowance: what every step loses, in standard deviations; the sum never falls below 0."""

    allowance: float = 1.0


Rule = Sum | Ewma | Cusum
DEFAULT: Rule = Sum()


def score(z: Floats, rule: Rule = DEFAULT) -> Floats:
    """[series, steps] like `z`, of steps without a gap; nan stays nan and adds nothing later.

    The first steps know of fewer before them: sums and means are scaled for it.
    """
    _check(rule)
    if isinstance(rule, Sum):
        return _sums(z, rule.window)
    return _means(z, rule.share) if isinstance(rule, Ewma) else _cusums(z, rule.allowance)


def _sums(z: Floats, window: int) -> Floats:
    there = ~np.isnan(z)
    total, count = np.where(there, z, 0.0), there.astype(np.float64)
    all_of, of = total.copy(), count.copy()
    for back in range(1, min(window, z.shape[1])):
        all_of[:, back:] += total[:, :-back]
        of[:, back:] += count[:, :-back]
    return np.where(there, all_of / np.sqrt(np.maximum(of, 1.0)), np.nan)


def _means(z: Floats, share: float) -> Floats:
    out = np.full_like(z, np.nan)
    mean, variance = np.zeros(len(z)), np.zeros(len(z))
    for step in range(z.shape[1]):
        there = ~np.isnan(z[:, step])
        mean[there] += share * (z[there, step] - mean[there])
        variance[there] = (1 - share) ** 2 * variance[there] + share**2
        out[there, step] = mean[there] / np.sqrt(variance[there])
    return out


def _cusums(z: Floats, allowance: float) -> Floats:
    out, total = np.full_like(z, np.nan), np.zeros(len(z))
    for step in range(z.shape[1]):
        there = ~np.isnan(z[:, step])
        total[there] = np.maximum(total[there] + z[there, step] - allowance, 0.0)
        out[there, step] = total[there]
    return out


def threshold(alpha: float, rule: Rule = DEFAULT) -> float:
    """What `score` passes at a share alpha of steps where nothing happens.

    Refuses an alpha that is not a small share.
    """
    _check(rule)
    if not 1e-6 <= alpha <= 0.2:
        raise BadInput("warning.alpha", "The share of false alarms must be 0.000001 to 0.2.")
    if isinstance(rule, Cusum):
        return _long_run(alpha, rule.allowance)
    return float(stats.norm.isf(alpha))


@functools.lru_cache(maxsize=64)
def _long_run(alpha: float, allowance: float) -> float:
    """Quantile of the cumulative sum's stationary law, by the chain of Brook and Evans 1972.

    doi:10.1093/biomet/59.3.539: the sum is taken as lying in one of many narrow cells.
    """
    width = _REACH / _CELLS
    ends = width * np.arange(_CELLS + 1)
    middle = np.concatenate([[0.0], ends[:-1] + width / 2])  # nought is a state of its own
    below = stats.norm.cdf(ends[None, :] - middle[:, None] + allowance)
    below[:, -1] = 1.0
    move = np.concatenate([below[:, :1], np.diff(below, axis=1)], axis=1)
    system = move.T - np.eye(_CELLS + 1)
    system[-1] = 1.0  # in place of one equation too many: shares add up to 1
    law = np.linalg.solve(system, np.eye(_CELLS + 1)[-1])
    return float(np.interp(1 - alpha, np.cumsum(law), ends))


def _check(rule: Rule) -> None:
    if isinstance(rule, Sum):
        right = rule.window >= 1
    elif isinstance(rule, Ewma):
        right = 0 < rule.share <= 1
    else:
        right = 0.25 <= rule.allowance <= 3
    if not right:
        raise BadInput("warning.rule", "The option for adding up days is out of range.")

"""EARS statistics for many series and days at once.

Arrays are (series, days), float, nan where a day has no report.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning.model import C3_DAYS, C3_FREE, EarsParams, Method

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Statistic:
    """Of each series and day: baseline mean, sd after the floor, reported baseline days, and z
    (nan where there is no test)."""

    mean: Floats
    sd: Floats
    days: npt.NDArray[np.int64]
    z: Floats

    def today(self) -> Statistic:
        """The last day only, (series,)."""
        return Statistic(self.mean[:, -1], self.sd[:, -1], self.days[:, -1], self.z[:, -1])

    def p_value(self) -> Floats:
        """Chance of such a z in a series of independent normal days: the sd comes from few days,
        so the reference is Student's t with days - 1 degrees of freedom, and the mean of the
        baseline is uncertain too.  Three sd above seven days are 1.5 %, not 0.13 %."""
        with np.errstate(invalid="ignore", divide="ignore"):
            t = self.z / np.sqrt(1 + 1 / self.days)
        return np.asarray(stats.t.sf(t, np.maximum(self.days - 1, 1)))


def baseline(counts: Floats, *, length: int, lag: int) -> tuple[Floats, Floats, Floats]:
    """(reported days, mean, sample variance) of the `length` days that end `lag` + 1 days before
    each day; days before the series count as unreported."""
    front = np.full((counts.shape[0], length + lag), np.nan)
    padded = np.concatenate([front, counts], axis=1)
    reported = ~np.isnan(padded)
    windows = np.lib.stride_tricks.sliding_window_view
    last = counts.shape[1]
    shown = windows(np.where(reported, padded, 0.0), length, axis=1)[:, :last]
    present = windows(reported, length, axis=1)[:, :last]
    days = present.sum(axis=-1).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = shown.sum(axis=-1) / days
        spread = np.where(present, shown - mean[..., None], 0.0)
        variance = (spread**2).sum(axis=-1) / (days - 1)
    return days, mean, variance


def statistic(counts: Floats, method: Method, params: EarsParams) -> Statistic:
    """C1, C2 or C3 of every series and day."""
    days, mean, variance = baseline(counts, length=params.baseline_days, lag=params.lag(method))
    enough = days >= params.baseline_min_days
    floor = np.maximum(np.nan_to_num(mean), params.variance_floor)
    sd = np.sqrt(np.maximum(np.where(enough, variance, 0.0), floor))
    z = np.where(enough, (counts - mean) / sd, np.nan)
    if method is Method.C3:
        z = _three_days(z)
    return Statistic(mean, sd, days.astype(np.int64), z)


def _three_days(z: Floats) -> Floats:
    """C3: what exceeds C3_FREE, summed over three days; a day without a test adds nothing, but
    today needs one."""
    excess = np.nan_to_num(np.maximum(z - C3_FREE, 0.0))
    total = excess.copy()
    for lag in range(1, C3_DAYS):
        total[:, lag:] += excess[:, :-lag]
    return np.where(np.isnan(z), np.nan, total)

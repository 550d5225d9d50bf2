"""The moving percentile method (移动百分位数法) of China's automated alert and response system.

Yang et al. 2011, Western Pacific Surveillance and Response 2(1):10
(doi:10.5365/wpsar.2010.1.1.009); Sun et al. 2011, Chinese Journal of Epidemiology 32:450 (the
percentile by disease, P50 to P90); Wang et al. 2017, BMC Public Health 17
(doi:10.1186/s12889-017-4488-0: five weeks of five years, as a spreadsheet's PERCENTILE, which
interpolates between ranks).  The count of the present seven days against that percentile of the
same period and the two before and after it in each of the past years.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.engines.warning.published.references import Around
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True, slots=True)
class Percentile:
    """years: 3 or 5 in use.  half_window: periods on either side.  percent: the threshold.

    period: reports summed to one count: 1 for weekly reports; 7 (and year 365) for daily ones, so
        that the period moves with every day.
    reaching: alarm where the threshold is reached, not only passed; a count of 0 never alarms.
    least_count: smaller counts do not alarm.
    least: share of the past periods that must have been reported in full.
    """

    years: int = 5
    half_window: int = 2
    percent: float = 80.0
    period: int = 1
    year: int = 52
    reaching: bool = False
    least_count: int = 1
    least: float = 0.5

    def __post_init__(self) -> None:
        if not (0 < self.percent <= 100 and self.years >= 1 and self.period >= 1):
            raise BadInput("warning.percentile", "A moving percentile option is out of range.")
        if self.least_count < 1 or (2 * self.half_window + 1) * self.period > self.year:
            raise BadInput("warning.percentile", "A moving percentile option is out of range.")
        Around(self.years, self.half_window, this_year=False, year=self.year, least=self.least)

    @property
    def lags(self) -> tuple[int, ...]:
        """Reports from the end of each past period to the end of the present one."""
        half = range(-self.half_window, self.half_window + 1)
        return tuple(
            back * self.year + shift * self.period
            for back in range(1, self.years + 1)
            for shift in half
        )

    @property
    def needs(self) -> int:
        return max(self.lags) + self.period


def percentile(counts: Floats, at: Columns, params: Percentile | None = None) -> Tested:
    """Test the periods that end with the columns `at` of `counts` [series, time]; nan: no report.

    A period with a missing report has no count.  expected: the median of the past periods;
    statistic: the count of the present period; upper: the percentile; alarm: the count passes it.
    Refuses columns that are not there.
    """
    check_columns(counts, at)
    params = params or Percentile()
    summed = _moving(counts, params.period)
    where = at[:, None] - np.array(params.lags)[None, :]
    past = summed[:, np.maximum(where, 0)]
    reported = (~np.isnan(past)).mean(axis=-1)
    short = at + 1 < params.needs
    now = summed[:, at]
    tested = (reported >= params.least) & ~short[None, :] & ~np.isnan(now)
    expected, upper = (_rank(past, tested, level) for level in (50.0, params.percent))
    now = np.where(tested, now, np.nan)
    with np.errstate(invalid="ignore"):
        above = now >= upper if params.reaching else now > upper
        return Tested(expected, now, upper, above & (now >= params.least_count))


def _moving(counts: Floats, period: int) -> Floats:
    """Sum of the `period` reports that end with each; nan where one of them is missing."""
    if period == 1:
        return counts
    front = np.full((len(counts), period - 1), np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(
        np.concatenate([front, counts], axis=1), period, axis=1
    )
    return np.asarray(windows.sum(axis=-1))


def _rank(past: Floats, tested: npt.NDArray[np.bool_], percent: float) -> Floats:
    """The percentile of what was reported, linear between ranks; nan where not tested."""
    ordered = np.sort(past, axis=-1)  # nan last
    number = (~np.isnan(past)).sum(axis=-1)
    place = np.maximum(number - 1, 0) * (percent / 100)
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(number - 1, 0))
    low, high = (
        np.take_along_axis(ordered, one[..., None], axis=-1)[..., 0] for one in (below, above)
    )
    return np.where(tested, low + (high - low) * (place - below), np.nan)

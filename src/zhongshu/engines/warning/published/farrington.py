"""The improved Farrington method, for many weekly series at once.

Noufaily et al. 2013, Statistics in Medicine 32:1206 (doi:10.1002/sim.5595), which extends
Farrington et al. 1996, JRSS A 159:547 (doi:10.2307/2983331): a quasi-Poisson model of past weeks
with a linear trend and a factor of seasonal periods; past outbreaks count less; the week is above
what is expected where it passes an upper prediction bound.
"""

from __future__ import annotations

import dataclasses
import enum

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning.published import farrington_kernels as kernels
from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
TREND_YEARS = 3  # with fewer years there is no trend (Farrington et al. 1996)


class Bound(enum.IntEnum):
    """How the upper bound is found.

    DELTA: normal after a power transformation, with the error of the fit (Farrington et al. 1996).
    PLUGIN: quantile of the negative binomial with the expected mean.  MUAN: the same with the
    upper confidence limit of the mean.
    """

    DELTA = 0
    PLUGIN = 1
    MUAN = 2


@dataclasses.dataclass(frozen=True, slots=True)
class Flexible:
    """The options of the published method; the defaults are its authors' proposals.

    years, half_window: so many years back, so many weeks on either side of the week tested.
    periods: levels of the seasonal factor; 1 takes only the weeks of the windows.
    left_out: last weeks not used, so that an outbreak does not hide itself; only for periods > 1.
    weights_from: Anscombe residuals above it weigh 1/s^2; 0 turns the second fit off.
    trend_p: the trend stays where its t-test is below this; 0 leaves it out always.
    alpha: chance to pass the bound; power: 2/3, 1/2 or 1 (none) for Bound.DELTA.
    enough: (count, weeks): no alarm where fewer were seen in the last weeks.
    as_surveillance: the error of the second fit as R's surveillance 1.20 has it.  It takes the
        weights of the fit for the working weights when it scales the error, which makes the error
        too small; expected values and dispersion are the same.  For comparison only.
    """

    years: int = 5
    half_window: int = 3
    periods: int = 10
    left_out: int = 26
    weights_from: float = 2.58
    trend_p: float = 0.05
    alpha: float = 0.01
    bound: Bound = Bound.PLUGIN
    power: float = 2 / 3
    enough: tuple[int, int] = (5, 4)
    weeks_a_year: int = 52
    as_surveillance: bool = False

    def __post_init__(self) -> None:
        window = 2 * self.half_window + 1
        wrong = (
            self.years < 1
            or self.half_window < 0
            or not 1 <= self.periods <= 1 + self.weeks_a_year - window
            or not 0 < self.alpha < 1
            or self.power not in {2 / 3, 1 / 2, 1.0}
            or self.left_out < 0
        )
        if wrong:
            raise BadInput("warning.flexible", "A Farrington option is out of range.")

    @property
    def weeks_needed(self) -> int:
        """Weeks before the one tested."""
        return self.years * self.weeks_a_year + self.half_window


@dataclasses.dataclass(frozen=True, slots=True)
class Weeks:
    """What the method says, each [series, weeks asked].

    expected, upper: counts; phi: dispersion, at least 1; trend: slope a week on the log scale, nan
    where there is none; alarm: the count is above the bound and enough were seen.  A week that
    cannot be tested (too little history, nothing reported) has nan and no alarm.
    """

    expected: Floats
    upper: Floats
    phi: Floats
    trend: Floats
    alarm: npt.NDArray[np.bool_]


def flexible(
    counts: Floats, at: npt.NDArray[np.int64], params: Flexible, *, population: Floats | None = None
) -> Weeks:
    """Test the weeks `at` (columns) of `counts` [series, weeks]; nan: no report.

    population: same shape; where given, rates are modelled.  Refuses columns that are not there.
    """
    if len(at) and not 0 <= at.min() <= at.max() < counts.shape[1]:
        raise BadInput("warning.week", f"Ask for weeks 0 to {counts.shape[1] - 1}.")
    offset = np.zeros_like(counts) if population is None else np.log(population)
    rows = params.years * params.weeks_a_year + 2 * params.half_window + 1
    reach = np.full(rows + 1, np.inf)
    if params.trend_p > 0:
        reach[1:] = stats.t.isf(params.trend_p / 2, np.arange(1, rows + 1))
    out = kernels.weeks(
        np.ascontiguousarray(counts, np.float64),
        np.ascontiguousarray(offset),
        np.ascontiguousarray(at, np.int64),
        (params.years, params.half_window, params.periods, params.left_out, params.weeks_a_year),
        params.weights_from if params.weights_from > 0 else np.inf,
        params.trend_p if params.years >= TREND_YEARS else 0.0,
        reach,
        (float(stats.norm.isf(params.alpha)), params.alpha, int(params.bound), params.power),
        (float(params.enough[0]), params.enough[1]),
        params.as_surveillance,
    )
    expected, upper, phi, trend = (out[..., n] for n in range(4))
    with np.errstate(invalid="ignore"):
        alarm = (counts[:, at] > upper) & (out[..., 4] > 0)
    return Weeks(expected, upper, phi, trend, alarm)

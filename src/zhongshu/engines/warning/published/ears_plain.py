"""EARS C1, C2 and C3 as published, without the variance floor of the daily detector.

Hutwagner et al. 2003, Journal of Urban Health 80:i89 (doi:10.1007/PL00022319); Fricker et al. 2008,
Statistics in Medicine 27:3407 (doi:10.1002/sim.3197).  The daily detector of the product is
`solve.detect`; this is the method by which others work, and with which it is compared.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy import stats

from zhongshu.engines.warning.model import C3_DAYS, C3_FREE, Method
from zhongshu.engines.warning.published import ears
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns
from zhongshu.kernel.errors import BadInput

# The chances in use at the CDC (Salmon et al. 2016, JSS 70(10), doi:10.18637/jss.v070.i10).
ALPHA = {Method.C1: 0.001, Method.C2: 0.001, Method.C3: 0.025}


@dataclasses.dataclass(frozen=True, slots=True)
class Plain:
    """The published options.

    baseline: reports of the baseline; lag: reports left out before the one tested (not for C1).
    min_sigma: least standard deviation; 0.5 or 1 is advised for sparse counts.
    alpha: chance of an alarm, were counts normal; None: 0.001, and 0.025 for C3.
    least: reports the baseline must have; None: all.
    as_surveillance: C3 as R's surveillance 1.20 has it.  It counts what is allowed today from
        today's count and not from the mean of the baseline, so that today's count does not matter.
        For comparison only.
    """

    method: Method = Method.C2
    baseline: int = 7
    lag: int = 2
    min_sigma: float = 0.0
    alpha: float | None = None
    least: int | None = None
    as_surveillance: bool = False

    def __post_init__(self) -> None:
        least = self.baseline if self.least is None else self.least
        if not 2 <= least <= self.baseline or self.lag < 0 or self.min_sigma < 0:
            raise BadInput("warning.ears", "An EARS option is out of range.")
        if self.alpha is not None and not 0 < self.alpha < 1:
            raise BadInput("warning.alpha", "Alpha lies between 0 and 1.")

    @property
    def reach(self) -> float:
        """The quantile of the normal distribution that the statistic must pass."""
        alpha = ALPHA[self.method] if self.alpha is None else self.alpha
        return float(stats.norm.isf(alpha))

    @property
    def needs(self) -> int:
        """Reports from the first of the baseline to the one tested.  C3 also looks at the C2 of the
        two before, where there are any."""
        return 1 + self.baseline + (0 if self.method is Method.C1 else self.lag)


def plain(counts: Floats, at: Columns, params: Plain | None = None) -> Tested:
    """Test the columns `at` of `counts` [series, time]; nan: no report.

    statistic: C1, C2 or C3; upper: the count at which it reaches the quantile (0 where C3 already
    has, by the days before); alarm: the statistic passes it.  Where the baseline does not vary and
    there is no least deviation, any count above its mean is infinitely far.
    Refuses columns that are not there.
    """
    check_columns(counts, at)
    params = params or Plain()
    lag = 0 if params.method is Method.C1 else params.lag
    days, mean, variance = ears.baseline(counts, length=params.baseline, lag=lag)
    least = params.baseline if params.least is None else params.least
    tested = (days >= least) & ~np.isnan(counts)
    mean = np.where(tested, mean, np.nan)
    sd = np.where(tested, np.sqrt(np.maximum(variance, params.min_sigma**2)), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (counts - mean) / sd
    z = np.where((sd == 0) & (counts == mean), 0.0, z)
    if params.method is Method.C3:
        return _third(counts, at, params, (mean, sd, z))
    mean, sd, z = mean[:, at], sd[:, at], z[:, at]
    upper = mean + params.reach * sd
    with np.errstate(invalid="ignore"):
        return Tested(mean, z, upper, counts[:, at] > upper)


def _third(
    counts: Floats, at: Columns, params: Plain, second: tuple[Floats, Floats, Floats]
) -> Tested:
    """C3: what passes one deviation, summed over three reports; one not tested adds nothing."""
    mean, sd, z = second
    excess = np.nan_to_num(np.maximum(z - C3_FREE, 0.0), posinf=np.inf)
    before = np.zeros_like(excess)
    for back in range(1, C3_DAYS):
        before[:, back:] += excess[:, :-back]
    mean, sd, before = mean[:, at], sd[:, at], before[:, at]
    total = np.where(np.isnan(mean), np.nan, before + excess[:, at])
    with np.errstate(invalid="ignore"):
        if params.as_surveillance:
            upper = np.maximum(counts[:, at] + sd * (params.reach - before), 0.0)
            return Tested(mean, total, upper, counts[:, at] > upper)
        left = np.where(before < params.reach, C3_FREE + params.reach - before, 0.0)
        upper = np.where(left > 0, mean + sd * left, np.where(np.isnan(mean), np.nan, 0.0))
        return Tested(mean, total, upper, total > params.reach)

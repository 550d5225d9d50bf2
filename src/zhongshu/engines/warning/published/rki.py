"""The method once used by the Robert Koch-Institut (Altmann 2003; Hohle 2007, Computational
Statistics 22:571, doi:10.1007/s00180-007-0074-8).

Mean of the references plus two standard deviations where the mean is large; the upper limit of a
Poisson mean (Crow and Gardner 1959, Biometrika 46:441, doi:10.2307/2333539, 95 %) where it is not.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.warning.published import references
from zhongshu.engines.warning.published.references import Around
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns
from zhongshu.kernel.errors import BadInput

# Crow and Gardner 1959, table 1, upper limits at 95 % for counts of 0 to 20.
POISSON_UPPER = np.array([
    3.285, 5.323, 6.686, 8.102, 9.598, 11.177, 12.817, 13.765, 14.921, 16.768, 17.633, 19.050,
    20.335, 21.364, 22.945, 23.762, 25.400, 26.306, 27.735, 28.966, 30.017,
])  # fmt: skip
LARGE_MEAN, DEVIATIONS = 20.0, 2.0


@dataclasses.dataclass(frozen=True, slots=True)
class Rki:
    """around: the references.  The three systems of the institute are `RKI_1` to `RKI_3`."""

    around: Around = dataclasses.field(default_factory=lambda: Around(2, 4, this_year=False))

    def __post_init__(self) -> None:
        if len(self.around.lags) < 2:
            raise BadInput("warning.references", "A standard deviation needs two references.")

    @property
    def needs(self) -> int:
        return self.around.needs


RKI_1 = Rki(Around(0, 6, this_year=True))
RKI_2 = Rki(Around(1, 6, this_year=True))
RKI_3 = Rki()


def rki(counts: Floats, at: Columns, params: Rki = RKI_3) -> Tested:
    """Test the columns `at` of `counts` [series, time]; nan: no report.

    statistic: the count itself; alarm: it passes `upper`.  Refuses columns that are not there.
    """
    check_columns(counts, at)
    past = references.values(counts, at, params.around)
    number = (~np.isnan(past)).sum(axis=-1)
    enough = number >= 2
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(enough, np.nansum(past, axis=-1) / number, np.nan)
        spread = np.nansum((past - mean[..., None]) ** 2, axis=-1) / (number - 1)
        wide = mean + DEVIATIONS * np.sqrt(spread)
        row = np.minimum(np.nan_to_num(mean), LARGE_MEAN).astype(np.int64)
        upper = np.where(mean > LARGE_MEAN, wide, np.where(enough, POISSON_UPPER[row], np.nan))
        now = np.where(enough, counts[:, at], np.nan)
        return Tested(mean, now, upper, now > upper)

"""The Bayes method: is the count one that the predictive distribution would rarely give?

Riebler 2004 as in Hohle 2007, Computational Statistics 22:571 (doi:10.1007/s00180-007-0074-8):
past counts are Poisson with one mean, whose prior is Jeffreys' Gamma(1/2, 0); the next count is
then negative binomial with size 1/2 + sum and chance n / (n + 1).
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.warning.published import references
from zhongshu.engines.warning.published.farrington_kernels import quantile
from zhongshu.engines.warning.published.references import Around
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.errors import BadInput

PRIOR = 0.5


@dataclasses.dataclass(frozen=True, slots=True)
class Bayes:
    """around: the references.  The three published systems are `BAYES_1` to `BAYES_3`.
    alpha: chance, said by the model, to lie above the bound."""

    around: Around = dataclasses.field(default_factory=lambda: Around(0, 6, this_year=True))
    alpha: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1:
            raise BadInput("warning.alpha", "Alpha lies between 0 and 1.")

    @property
    def needs(self) -> int:
        return self.around.needs


BAYES_1 = Bayes()
BAYES_2 = Bayes(Around(1, 6, this_year=True))
BAYES_3 = Bayes(Around(2, 4, this_year=False))


def bayes(counts: Floats, at: Columns, params: Bayes = BAYES_1) -> Tested:
    """Test the columns `at` of `counts` [series, time]; nan: no report.

    statistic: the count itself; upper: the 1 - alpha quantile; alarm: the count passes it.  (In the
    paper it reaches it, which happens more often than alpha; surveillance asks to pass it too.)
    Refuses columns that are not there.
    """
    check_columns(counts, at)
    past = references.values(counts, at, params.around)
    number = (~np.isnan(past)).sum(axis=-1).astype(np.float64)
    total = np.nansum(past, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        expected = np.where(number > 0, (PRIOR + total) / number, np.nan)
    bounds = _bounds(expected.ravel(), number.ravel(), 1 - params.alpha)
    upper = bounds.reshape(expected.shape)
    now = np.where(number > 0, counts[:, at], np.nan)
    with np.errstate(invalid="ignore"):
        return Tested(expected, now, upper, now > upper)


@njit(cache=True, nogil=True, error_model="numpy")
def _bounds(mean, number, level):  # type: ignore[no-untyped-def]
    out = np.full(len(mean), np.nan)
    for n in range(len(mean)):
        if number[n] > 0:
            out[n] = quantile(level, mean[n], 1 + 1 / number[n])
    return out

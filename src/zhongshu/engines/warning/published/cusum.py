"""The one-sided cumulative sum of standardised counts.

Rossi, Lampugnani and Marchi 1999, Statistics in Medicine 18:2111: with a Poisson mean m, the sum of
z - k, never below zero, where z = (x - 3m + 2 sqrt(x m)) / (2 sqrt m), which is nearer to normal
for small means than (x - m) / sqrt m.  It alarms where it reaches h, and goes on: it is not reset.
"""

from __future__ import annotations

import dataclasses
import enum

import numpy as np

from zhongshu.engines.warning.published import incontrol
from zhongshu.engines.warning.published.incontrol import Waves
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns, nothing
from zhongshu.kernel.errors import BadInput


class Transform(enum.StrEnum):
    ROSSI = "rossi"
    STANDARD = "standard"


@dataclasses.dataclass(frozen=True, slots=True)
class Cusum:
    """k: what a standardised count may exceed the mean by; h: the decision boundary.  1.04 and 2.26
    are those of Rossi et al. for a shift of about two deviations.
    waves: the mean is fitted so; None: the mean of what came before.
    least: reports before the start of the chart, for a mean from them.
    """

    k: float = 1.04
    h: float = 2.26
    transform: Transform = Transform.ROSSI
    waves: Waves | None = None
    least: int = 7

    def __post_init__(self) -> None:
        if self.k < 0 or self.h <= 0 or self.least < 1:
            raise BadInput("warning.cusum", "A CUSUM needs h above 0, k of at least 0.")

    @property
    def needs(self) -> int:
        return 1 + (self.least if self.waves is None else self.waves.needs)


def cusum(
    counts: Floats, at: Columns, params: Cusum | None = None, *, mean: Floats | None = None
) -> Tested:
    """The chart that starts at the first column of `at`, read at the columns `at`.

    counts [series, time]; nan: no report, which leaves the sum as it is.  mean: the same shape,
    where it is known; else from the columns before the start.
    statistic: the sum; upper: the count of that report at which the sum would reach h (0: it has,
    whatever is reported); alarm: it does.  Not tested: a series with no report before, or a mean
    of zero.  Refuses columns that are not there.
    """
    check_columns(counts, at)
    params = params or Cusum()
    if not len(at):
        return nothing(counts, at)
    start, stop = int(at.min()), int(at.max()) + 1
    expected = _expected(counts, start, stop, params) if mean is None else mean[:, start:stop]
    expected = np.where(expected > 0, expected, np.nan)
    now = counts[:, start:stop]
    root = np.sqrt(expected)
    rossi = params.transform is Transform.ROSSI
    z = (now - expected) / root
    if rossi:
        z = (now - 3 * expected + 2 * np.sqrt(now * expected)) / (2 * root)
    before = np.zeros_like(now)
    total = np.zeros(len(counts))
    for column in range(stop - start):
        before[:, column] = total
        step = z[:, column] - params.k
        total = np.where(np.isnan(step), total, np.maximum(total + step, 0.0))
    after = np.maximum(before + z - params.k, 0.0)
    left = params.h + params.k - before
    upper = np.maximum(expected + root * left, 0.0)
    if rossi:  # solve z = left for the root of the count
        inside = np.sqrt(np.maximum(4 * expected + 2 * left * root, 0.0))
        upper = np.maximum(inside - root, 0.0) ** 2
    upper = np.where(np.isnan(z), np.nan, upper)
    asked = at - start
    with np.errstate(invalid="ignore"):
        alarm = after >= params.h
    shown = np.where(np.isnan(z), np.nan, expected)
    return Tested(shown[:, asked], after[:, asked], upper[:, asked], alarm[:, asked])


def _expected(counts: Floats, start: int, stop: int, params: Cusum) -> Floats:
    if params.waves is not None:
        return incontrol.fit(counts, start=start, stop=stop, waves=params.waves)[0]
    past = counts[:, :start]
    number = (~np.isnan(past)).sum(axis=1)
    total = np.nansum(past, axis=1) / np.maximum(number, 1)
    level = np.where(number >= params.least, total, np.nan)
    return np.repeat(level[:, None], stop - start, axis=1)

"""Count data regression charts: has the mean changed at any time up to now?

Hohle and Paul 2008, Computational Statistics and Data Analysis 52:4357
(doi:10.1016/j.csda.2008.02.015): Poisson or negative binomial counts have an in-control mean; the
chart compares, for every possible time of a change, the likelihood of the counts since with the
largest likelihood after a change; it alarms where the logarithm of the ratio reaches a threshold
and then starts anew.
"""

from __future__ import annotations

import dataclasses
import enum

import numpy as np

from zhongshu.engines.warning.published import glr_kernels as kernels
from zhongshu.engines.warning.published import incontrol
from zhongshu.engines.warning.published.incontrol import Waves
from zhongshu.engines.warning.tested import Columns, Floats, Tested, check_columns, nothing
from zhongshu.kernel.errors import BadInput


class Change(enum.IntEnum):
    """INTERCEPT: the mean is multiplied by exp(kappa).  EPIDEMIC: lambda times the report before
    is added to it, as in an epidemic."""

    INTERCEPT = 0
    EPIDEMIC = 1


@dataclasses.dataclass(frozen=True, slots=True)
class Glr:
    """The published options; only increases are looked for.

    threshold: c.ARL of the paper; what run length it gives is found by simulation.
    size: kappa or lambda where it is known (a likelihood ratio chart); None: the largest
        likelihood of any size above zero (a generalised one).
    window: a change at most so many steps ago; None: back to the start of the chart.
    delay: so many steps at least since a change, which begins with a report, that step among them.
    waves: the in-control model and the overdispersion alpha.
    bound: also look for `upper`, which takes several times as long; without it that is nan.
    """

    threshold: float = 5.0
    change: Change = Change.INTERCEPT
    size: float | None = None
    window: int | None = None
    delay: int = 1
    waves: Waves = dataclasses.field(default_factory=Waves)
    bound: bool = True

    def __post_init__(self) -> None:
        wrong = (
            self.threshold <= 0
            or (self.size is not None and self.size <= 0)
            or self.delay < 1
            or (self.window is not None and self.window < self.delay - 1)
        )
        if wrong:
            raise BadInput(
                "warning.glr", "An option of the likelihood ratio chart is out of range."
            )

    @property
    def needs(self) -> int:
        return 1 + self.waves.needs


def glr(
    counts: Floats, at: Columns, params: Glr | None = None, *, mean: Floats | None = None
) -> Tested:
    """The chart that starts at the first column of `at`, read at the columns `at`.

    counts [series, time]; nan: no report, which says nothing.  mean: the same shape, where it is
    known (alpha is then that of `waves`, None not allowed); else fitted before the start.
    statistic: the log likelihood ratio; upper: the least count of that report which would alarm;
    alarm: the statistic reaches the threshold.  Refuses columns that are not there.
    """
    check_columns(counts, at)
    params = params or Glr()
    if not len(at):
        return nothing(counts, at)
    start, stop = int(at.min()), int(at.max()) + 1
    if mean is None:
        expected, alpha = incontrol.fit(counts, start=start, stop=stop, waves=params.waves)
    elif params.waves.alpha is None:
        raise BadInput("warning.glr", "With a mean given, give the overdispersion alpha too.")
    else:
        expected, alpha = mean[:, start:stop], np.full(len(counts), params.waves.alpha)
    now = np.ascontiguousarray(counts[:, start:stop])
    previous = np.full_like(now, np.nan)
    previous[:, 1:] = now[:, :-1]
    if start:
        previous[:, 0] = counts[:, start - 1]
    out = kernels.charts(
        now,
        previous,
        np.ascontiguousarray(expected),
        alpha,
        int(params.change),
        np.nan if params.size is None else params.size,
        params.threshold,
        -1 if params.window is None else params.window,
        params.delay,
        params.bound,
    )
    statistic, upper = (out[..., n][:, at - start] for n in range(2))
    shown = np.where(np.isnan(statistic), np.nan, expected[:, at - start])
    with np.errstate(invalid="ignore"):
        return Tested(shown, statistic, upper, statistic >= params.threshold)

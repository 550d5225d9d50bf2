"""Our default for one series: what a long history lets expect, and how odd a count is.

A robust quasi-Poisson regression with a trend, a season of a few harmonics and, for days, a factor
for the state of the day: its weekday, or what moves from year to year (the Spring Festival, days
off and the working days that make up for them), which the caller says.  Two things are kept from
Noufaily et al. 2013, Statistics in Medicine 32:1206 (doi:10.1002/sim.5595): past outbreaks weigh
less by their Anscombe residuals, and a count is held against a negative binomial with the expected
mean and dispersion.  Ours: harmonics on all of the past in place of a factor on five years; the
weights are found twice, and the dispersion is freed of what they cut off; the error of the mean
widens the negative binomial; weak normal priors keep rare states and sparse series finite; the
answer is a z (randomised, Dunn and Smyth 1996, doi:10.2307/1390802), standard normal without an
outbreak however small the counts, so that z of several days can be put together (`accumulate`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import special

from zhongshu.engines.warning.history import baseline_kernels as kernels
from zhongshu.engines.warning.history import baseline_tails
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

Floats = npt.NDArray[np.float64]
YEAR_DAYS = 365.25
MOST_STATES = 400  # more would be a state for every day of the year
_LEAST = 1e-300  # chances below it are not told apart


@dataclasses.dataclass(frozen=True, slots=True)
class Options:
    """In steps of the series: weeks or days.

    season: length of a year.  harmonics: of the season.  trend: on the log scale.
    left_out: last steps not used, so that an outbreak does not hide itself.
    needed: reports without which a step is not tested.  longest: steps used at most.
    weights_from: Anscombe residuals above it weigh 1/s^2 (2.58: Noufaily et al.); reweighs: how
        often the weights are found; 0 turns them off.
    prior_sd: of season, trend (a year) and states, logs: twice it is a factor of 50, hence weak.
    """

    season: float = YEAR_DAYS / 7
    harmonics: int = 2
    trend: bool = True
    left_out: int = 8
    needed: int = 104
    longest: int = 100_000
    weights_from: float = 2.58
    reweighs: int = 2
    prior_sd: float = 2.0

    def __post_init__(self) -> None:
        right = (
            self.season >= 2 * (self.harmonics + 1)
            and self.harmonics >= 0
            and self.left_out >= 0
            and self.reweighs >= 0
            and self.longest >= self.needed > 2 * self.harmonics + 2
            and self.weights_from > 1
            and self.prior_sd > 0
        )
        if not right:
            raise BadInput("warning.baseline", "An option of the warning model is out of range.")


WEEKLY = Options()
DAILY = Options(season=YEAR_DAYS, left_out=28, needed=2 * 365)


@dataclasses.dataclass(frozen=True, slots=True)
class Expected:
    """What was expected, each [series, steps asked]; nan where a step could not be tested.

    expected: counts; error: standard error of its log; phi: variance over mean without that error,
    at least 1; p: chance of a count as high as this one or higher, with half (or `chance`) of the
    chance of exactly this one; z: the same as a normal deviate, high where the count is high.
    """

    expected: Floats
    error: Floats
    phi: Floats
    p: Floats
    z: Floats

    def upper(self, alpha: float) -> Floats:
        """Counts that are passed with a chance of at most alpha, for charts."""
        spread = self.phi + self.expected * self.error**2
        return np.asarray(baseline_tails.uppers(self.expected, spread, alpha))


def draws(seed: int, days: Sequence[int], series: int) -> Floats:
    """Uniform numbers [series, days] for `expected(chance=)`; a day draws the same in every run.

    days: numbers that stay with the day, such as ordinals of dates.
    """
    each = [stream(seed, "warning baseline", int(day)).random(series) for day in days]
    return np.stack(each, axis=1) if each else np.empty((series, 0))


def columns(length: int, options: Options) -> Floats:
    """[columns, steps]: one, years from the middle, cosines and sines of the season."""
    step = np.arange(length, dtype=np.float64)
    rows = [np.ones(length)]
    if options.trend:
        rows.append((step - length // 2) / options.season)
    for j in range(1, options.harmonics + 1):
        angle = 2 * np.pi * j * step / options.season
        rows += [np.cos(angle), np.sin(angle)]
    return np.stack(rows)


def expected(
    counts: Floats,
    at: npt.NDArray[np.int64],
    options: Options,
    *,
    state: npt.NDArray[np.int64] | None = None,
    share_in: Floats | None = None,
    population: Floats | None = None,
    chance: Floats | float = 0.5,
    again: npt.NDArray[np.bool_] | None = None,
) -> Expected:
    """Test the steps `at` (columns, ascending) of `counts` [series, steps]; nan: no report.

    state [steps]: of the day, from 0, for all series (say 0-6 weekdays, 7 a day off, 8 a working
        day that makes up for one); a state never seen before is tested with a wide error.
    share_in: share of the step's reports that are in, above 0 to 1, [steps] or [series, steps].
    population: same shapes; where given, rates are modelled.
    chance: share of the chance of exactly the count that p takes: 0.5, or `draws` for z that are
        standard normal.
    again [steps asked]: at which the model is fitted anew, None: each; another step asks the last
        fit, which knows nothing of what came since.  Refuses what does not fit together.
    """
    _check(counts, at, state)
    length = counts.shape[1]
    base = np.zeros_like(counts, np.float64)
    for factor in (share_in, population):
        if factor is not None:
            base += _log(factor)
    levels = 0 if state is None else int(state.max(initial=-1)) + 1
    out = kernels.days(
        np.ascontiguousarray(counts, np.float64),
        base,
        columns(length, options),
        np.zeros(length, np.int64) if state is None else np.ascontiguousarray(state, np.int64),
        levels,
        np.ascontiguousarray(at, np.int64),
        np.ones(len(at), np.bool_) if again is None else np.ascontiguousarray(again, np.bool_),
        (options.longest, options.left_out, options.needed),
        options.prior_sd**-2,
        options.weights_from if options.reweighs else np.inf,
        options.reweighs,
    )
    mean, error, phi, above, mass = (out[..., n] for n in range(5))
    p = np.clip(above + chance * mass, _LEAST, 1 - 1e-16)
    return Expected(mean, error, phi, p, -special.ndtri(p))


def _log(factor: Floats) -> Floats:
    if not np.nanmin(factor, initial=1.0) > 0:
        raise BadInput("warning.share", "Shares of reports and populations must be above zero.")
    return np.asarray(np.log(factor))


def _check(counts: Floats, at: npt.NDArray[np.int64], state: npt.NDArray[np.int64] | None) -> None:
    length = counts.shape[1]
    if len(at) and not 0 <= at.min() <= at.max() < length:
        raise BadInput("warning.day", f"Ask for columns 0 to {length - 1} of the series.")
    if np.any(np.diff(at) <= 0):
        raise BadInput("warning.day", "Ask for each day once, in order.")
    if np.nanmin(counts, initial=0.0) < 0 or not np.array_equal(
        np.nan_to_num(counts), np.floor(np.nan_to_num(counts))
    ):
        raise BadInput("warning.count", "Counts must be whole numbers, 0 or more.")
    if state is not None and not (
        state.shape == (length,) and 0 <= state.min(initial=0) <= state.max(initial=0) < MOST_STATES
    ):
        raise BadInput("warning.state", f"Give every day a state from 0 to {MOST_STATES - 1}.")

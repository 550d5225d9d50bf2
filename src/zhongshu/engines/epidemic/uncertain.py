"""Rt when the serial interval itself is only known so well: the exact mixture of posteriors.

Cori et al. 2013 draw serial intervals and then values of Rt for each of them; here the draws of
the interval are kept and the rest is integrated, so that no noise of sampling is left in it.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import special

from zhongshu.engines.epidemic import model, serial, solve
from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput

_STEPS, _CLOSE = 200, 1e-13


@dataclasses.dataclass(frozen=True)
class About:
    """A normal distribution cut off outside `low` to `high`; days."""

    mean: float
    sd: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not (self.sd > 0 and self.low < self.mean < self.high):
            raise BadInput(
                "epidemic.uncertain_si",
                "An uncertain serial interval needs a positive sd and a mean inside its bounds.",
            )

    def draws(self, number: int, chance: np.random.Generator) -> Floats:
        """(number,), by the inverse of the distribution function."""
        low, high = special.ndtr((np.array([self.low, self.high]) - self.mean) / self.sd)
        share = low + (high - low) * chance.uniform(size=number)
        return np.asarray(self.mean + self.sd * special.ndtri(share))


@dataclasses.dataclass(frozen=True)
class MixedRt:
    """Rt by window, arrays (windows,) or (units, windows); nan where `reason` says why.

    quantiles: (levels, windows) or (levels, units, windows), of `levels`.
    means: of each serial interval's own posterior, (draws, windows) or (draws, units, windows).
    """

    t_end: npt.NDArray[np.int64]
    mean: Floats
    sd: Floats
    levels: tuple[float, ...]
    quantiles: Floats
    means: Floats
    reason: npt.NDArray[np.str_]


def serial_draws(
    mean: About, sd: About, *, draws: int, days: int, chance: np.random.Generator
) -> Floats:
    """Serial intervals by day from 0, (draws, days); mean and sd are drawn independently."""
    if mean.low < 1 or sd.low <= 0:
        raise BadInput(
            "epidemic.serial_interval",
            "The serial interval needs a mean above 1 day and a positive sd.",
        )
    pairs = zip(mean.draws(draws, chance), sd.draws(draws, chance), strict=True)
    return np.stack([serial.weights(mean=m, sd=s, days=days) for m, s in pairs])


def estimate_rt(
    incidence: npt.ArrayLike,
    *,
    si_weights: Floats,
    window: int = 7,
    prior_mean: float = 5.0,
    prior_sd: float = 5.0,
    min_cases: int = 0,
    levels: tuple[float, ...] = (0.025, 0.5, 0.975),
) -> MixedRt:
    """Rt on sliding windows, every serial interval of `si_weights`, (draws, days), as likely.

    Otherwise as `solve.estimate_rt`, whose posterior is the mixture's part for one interval; all
    parts of a window share their shape, the cases, and differ in their rate, the infectivity.
    Refuses what `solve.estimate_rt` refuses, and intervals that are not distributions.
    """
    counts = np.atleast_2d(solve.checked(incidence, window))
    si = np.asarray(si_weights, dtype=np.float64)
    if si.ndim != 2 or not np.isfinite(si).all() or si.min() < 0 or si[:, 0].any():
        raise BadInput(
            "epidemic.si_weights",
            "Each serial interval must be weights by day from 0, none negative, none on day 0.",
        )
    middle = si.mean(axis=0)
    mean_si = float(middle @ np.arange(si.shape[1]))
    # the mean and sd only say which windows come too early; the weights are given
    params = model.RtParams(max(mean_si, 1.01), 1.0, window, prior_mean, prior_sd, min_cases)
    reason = solve.reasons(counts, counts, middle, mean_si, params)
    known = np.nan_to_num(counts)
    shape = (prior_mean / prior_sd) ** 2 + solve.window_sums(known, window)
    rate = prior_mean / prior_sd**2 + np.stack(
        [solve.window_sums(serial.infectivity(known, one), window) for one in si]
    )
    shape = np.where(reason == "", shape, np.nan)
    parts = shape / rate
    mean = parts.mean(axis=0)
    variance = (shape / rate**2).mean(axis=0) + parts.var(axis=0)
    quantiles = np.stack([_quantile(q, shape, rate) for q in levels])
    one = np.ndim(incidence) == 1
    pick = (slice(None),) * one + (0,) if one else ()
    return MixedRt(
        np.arange(window, counts.shape[1]),
        mean[0] if one else mean,
        np.sqrt(variance[0] if one else variance),
        levels,
        quantiles[pick],
        parts[pick],
        reason[0] if one else reason,
    )


def _quantile(level: float, shape: Floats, rate: Floats) -> Floats:
    """Of the mixture of gammas with one shape, (units, windows), and rates (draws, ..)."""
    single = special.gammaincinv(shape, level)
    low, high = single / rate.max(axis=0), single / rate.min(axis=0)
    x = single / rate.mean(axis=0)
    for _ in range(_STEPS):
        scaled = x * rate
        off = special.gammainc(shape, scaled).mean(axis=0) - level
        low, high = np.where(off < 0, x, low), np.where(off > 0, x, high)
        density = np.exp(special.xlogy(shape, scaled) - scaled - special.gammaln(shape))
        slope = np.maximum(density.mean(axis=0), np.abs(off))  # and no step beyond a factor of e
        with np.errstate(invalid="ignore"):
            step = x * np.exp(-off / slope)  # Newton's on the scale of the log
        inside = (step > low) & (step < high)
        following = np.where(inside, step, (low + high) / 2)
        done = np.abs(following - x) <= _CLOSE * x
        x = np.where(off == 0, x, following)
        if (done | (off == 0) | np.isnan(shape)).all():
            break
    return np.asarray(x)

"""P-values that keep their word: each statistic among what units of its class showed before.

Nominal p-values of count models come out several times too small where counts cluster.  Here the
reference is the past itself: a rolling conformal p-value (Vovk, Gammerman & Shafer 2005; for
anomalies Laxhammar & Falkman 2015, doi:10.1007/s10472-013-9381-7) among the unit's class, and above
a high quantile a generalised Pareto tail, so that ranks go on where the past ends (Pickands 1975,
doi:10.1214/aos/1176343003; fitted by probability-weighted moments, Hosking & Wallis 1987,
doi:10.2307/1269343).
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Calibration:
    """window_days: how far back the reference reaches; gap_days: its last days are left out, as
    an outbreak in them may not be known yet; refit_days: it moves on so often.
    least: unit-days a class needs, fewer make no p-value.
    tail_from: quantile above which the tail is fitted; tail_shape: (least, largest) shape taken.
        An exponential tail known from k spells has the predictive shape 1/k, and a year of a class
        has some twenty spells that do not belong together; a lighter tail makes p too small.
    """

    window_days: int = 730
    gap_days: int = 28
    refit_days: int = 7
    least: int = 500
    tail_from: float = 0.98
    tail_shape: tuple[float, float] = (0.05, 0.3)

    def __post_init__(self) -> None:
        wrong = (
            self.window_days < 1
            or self.gap_days < 0
            or self.refit_days < 1
            or self.least < 20
            or not 0.5 <= self.tail_from < 1
            or not -0.5 < self.tail_shape[0] <= self.tail_shape[1] < 0.5
        )
        if wrong:
            raise BadInput("warning.calibration", "A parameter of the calibration is out of range.")


@dataclasses.dataclass(frozen=True, slots=True)
class Tail:
    """What the past of one class says: `ordered` values, and beyond `start` a share `above` with
    a generalised Pareto law of `scale` and `shape`."""

    ordered: Floats
    start: float
    above: float
    scale: float
    shape: float

    def p_value(self, x: Floats) -> Floats:
        """Chance of at least x, never 0; nan for nan."""
        n = len(self.ordered)
        least = (1 + n - np.searchsorted(self.ordered, x, side="left")) / (n + 1)
        beyond = np.maximum(np.nan_to_num(x) - self.start, 0.0) / self.scale
        if abs(self.shape) < 1e-9:
            log = -beyond
        else:
            log = -np.log(np.maximum(1 + self.shape * beyond, 1e-12)) / self.shape
        tail = np.maximum(self.above * np.exp(np.maximum(log, -600.0)), 1e-300)
        p = np.where(x > self.start, tail, np.maximum(least, self.above))
        return np.where(np.isnan(x), np.nan, p)


def fit(past: Floats, params: Calibration) -> Tail | None:
    """The reference of one class from past values (any order, no nan); None if too few."""
    if len(past) < params.least:
        return None
    ordered = np.sort(past)
    start = float(np.quantile(ordered, params.tail_from))
    over = ordered[ordered > start] - start
    above = (1 + len(over)) / (len(ordered) + 1)
    if len(over) < 10 or over[-1] <= 0:
        return Tail(ordered, start, above, max(float(over.mean()) if len(over) else 1.0, 1e-9), 0.0)
    mean = float(over.mean())
    weights = 1 - (np.arange(1, len(over) + 1) - 0.35) / len(over)
    second = float((weights * over).mean())
    shape = 2 - mean / max(mean - 2 * second, 1e-12)
    shape = float(np.clip(shape, *params.tail_shape))
    return Tail(ordered, start, above, mean * (1 - shape), shape)


def p_values(
    values: Floats,
    classes: Ints,
    params: Calibration | None = None,
    *,
    first: int = 0,
    excluded: Bools | None = None,
) -> Floats:
    """p of values [unit, day] among the past of classes [unit]; from day `first` on, nan before.

    excluded [unit, day]: known outbreaks and other days that are no reference.  A day is compared
    only with days before it.  nan: no value, or too short a past.
    """
    params = params or Calibration()
    if values.ndim != 2 or classes.shape != (len(values),):
        raise BadInput("warning.classes", "Every unit needs one class and values by day.")
    clean = values if excluded is None else np.where(excluded, np.nan, values)
    out = np.full(values.shape, np.nan)
    for begin in range(first, values.shape[1], params.refit_days):
        end = min(begin + params.refit_days, values.shape[1])
        last = max(0, begin - params.gap_days)
        past = clean[:, max(0, last - params.window_days) : last]
        for kind in np.unique(classes):
            member = classes == kind
            shown = past[member]
            tail = fit(shown[~np.isnan(shown)], params)
            if tail is not None:
                out[member, begin:end] = tail.p_value(values[member, begin:end])
    return out


def by_size(volume: Floats, classes: int) -> Ints:
    """Classes of about as many units each by `volume` [unit], the smallest 0."""
    rank = np.argsort(np.argsort(volume, kind="stable"), kind="stable")
    return np.asarray(rank * classes // len(volume), np.int64)


def best_of(*shares: tuple[Floats, float]) -> Floats:
    """One p of several tests of the same unit and day: (p, share of the error it may spend), the
    shares adding to 1.  Holds whatever ties the tests together (weighted Bonferroni); a test that
    is nan leaves its share unspent."""
    if abs(sum(share for _, share in shares) - 1) > 1e-9 or any(s <= 0 for _, s in shares):
        raise BadInput("warning.shares", "The shares of the tests are positive and add to 1.")
    low = np.full(shares[0][0].shape, np.nan)
    for p, share in shares:
        low = np.fmin(low, np.minimum(p / share, 1.0))
    return low

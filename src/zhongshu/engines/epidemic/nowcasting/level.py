"""The level the last days stand at: a growth that wanders, weekdays, and noise of whole days.

log mean = a path whose growth is a random walk + an effect of the weekday of onset; the counts so
far are negative binomial around the share of it that is seen.  The most probable path and the
curvature there (Laplace), for each pair of candidates, weighed by evidence.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy import special

from zhongshu.engines.epidemic.model import Floats

TURNS = (0.01, 0.03, 0.06, 0.12)  # candidates: sd of the daily change of the daily growth
SIZES = (4.0, 8.0, 16.0, 40.0, 200.0)  # candidates: size of a day's negative binomial noise
START_SD, GROWTH_SD, WEEKDAY_SD = 3.0, 0.1, 0.3  # weak, of the first day's log, growth, weekdays
_STEPS = 60


@dataclasses.dataclass(frozen=True)
class Seen:
    """counts so far (days,); share seen, and its squared coefficient of variation (days,)."""

    counts: Floats
    share: Floats
    vary: Floats
    first_weekday: int


@dataclasses.dataclass(frozen=True)
class Levels:
    """log_mean: draws of the log of a day's whole mean, (draws, days); size: of a day's noise."""

    log_mean: Floats
    size: float


def rows(days: int, first_weekday: int) -> Floats:
    """From coefficients (path by day, weekday effects) to the log mean by day."""
    weekdays = np.zeros((days, 7))
    weekdays[np.arange(days), (first_weekday + np.arange(days)) % 7] = 1
    return np.hstack([np.eye(days), weekdays])


def precision(days: int, turn: float) -> Floats:
    """Before the data: second differences of the path have sd `turn`."""
    bends = np.diff(np.eye(days), n=2, axis=0)
    whole = np.zeros((days + 7, days + 7))
    whole[:days, :days] = bends.T @ bends / turn**2
    whole[0, 0] += 1 / START_SD**2
    first = np.zeros(days)
    first[:2] = -1, 1
    whole[:days, :days] += np.outer(first, first) / GROWTH_SD**2
    whole[days:, days:] = np.eye(7) / WEEKDAY_SD**2
    return whole


def score(mean: Floats, counts: Floats, size: Floats) -> float:
    """Log chance of the counts, negative binomial of `size`."""
    mass = special.gammaln(counts + size) - special.gammaln(size) - special.gammaln(counts + 1)
    log = np.log(np.maximum(mean, 1e-300))
    return float((mass - size * np.log1p(mean / size) + counts * (log - np.log(size + mean))).sum())


def centre(known: Seen) -> float:
    """Log of the mean of a day, the path's own before the data."""
    return float(np.log(max(known.counts.sum() / known.share.sum(), 0.05)))


def fit(known: Seen, turn: float, size: float) -> tuple[Floats, Floats, float]:
    """Most probable coefficients around `centre`, their precision, log evidence."""
    days = len(known.counts)
    shape, before = rows(days, known.first_weekday), precision(days, turn)
    base = centre(known) + np.log(known.share)
    k = 1 / (1 / size + known.vary)
    beta = np.zeros(days + 7)
    value = score(np.exp(base), known.counts, k)
    curve = before
    for _ in range(_STEPS):
        mean = np.exp(np.minimum(base + shape @ beta, 30))
        pull = shape.T @ ((known.counts - mean) * k / (k + mean)) - before @ beta
        curve = shape.T @ (shape * (mean * k / (k + mean))[:, None]) + before
        step = np.linalg.solve(curve, pull)
        for _ in range(30):
            trial = beta + step
            mean = np.exp(np.minimum(base + shape @ trial, 30))
            found = score(mean, known.counts, k) - float(trial @ before @ trial) / 2
            if found >= value - 1e-10:
                break
            step = step / 2
        beta, value = trial, found
        if np.abs(step).max() < 1e-8:
            break
    size_of = np.linalg.slogdet(before)[1] - np.linalg.slogdet(curve)[1]
    return beta, curve, float(value + size_of / 2)


def likely(known: Seen) -> tuple[list[tuple[float, float]], Floats]:
    """The pairs of candidates, and how likely each is."""
    pairs = [(turn, size) for turn in TURNS for size in SIZES]
    return pairs, np.asarray(special.softmax([fit(known, *pair)[2] for pair in pairs]))


def estimate(
    known: Seen, pair: tuple[float, float], *, draws: int, chance: np.random.Generator
) -> Levels:
    """Draws of the levels for one pair of candidates."""
    beta, curve, _ = fit(known, *pair)
    noise = chance.standard_normal((len(beta), draws))
    drawn = beta[:, None] + np.linalg.solve(np.linalg.cholesky(curve).T, noise)
    path = (rows(len(known.counts), known.first_weekday) @ drawn).T + centre(known)
    return Levels(path, pair[1])

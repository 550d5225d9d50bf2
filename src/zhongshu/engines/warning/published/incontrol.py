"""The mean without an outbreak, fitted to past reports: a constant, a trend and seasonal waves.

A log-linear Poisson or negative binomial regression (Hohle and Paul 2008, Computational Statistics
and Data Analysis 52:4357, doi:10.1016/j.csda.2008.02.015, equation 1):
log mean = level + slope * t + sum over s of (a cos + b sin)(2 pi s t / year).
"""

from __future__ import annotations

import dataclasses
import math

import numpy as np
from scipy import optimize, special

from zhongshu.engines.warning.tested import Columns, Floats
from zhongshu.kernel.errors import BadInput

_STEPS, _CLOSE, _LARGE = 60, 1e-12, 30.0
LEAST_ALPHA, MOST_ALPHA = 1e-6, 1e3


@dataclasses.dataclass(frozen=True, slots=True)
class Waves:
    """harmonics: pairs of waves; trend: a slope; year: reports a year.
    alpha: variance = mean + alpha mean^2; 0 is Poisson, None estimates it for each series."""

    harmonics: int = 1
    trend: bool = True
    year: int = 52
    alpha: float | None = 0.0

    def __post_init__(self) -> None:
        if not (0 <= self.harmonics < self.year / 2 and (self.alpha or 0) >= 0):
            raise BadInput("warning.waves", "An option of the in-control model is out of range.")

    @property
    def columns(self) -> int:
        return 1 + int(self.trend) + 2 * self.harmonics

    @property
    def needs(self) -> int:
        """Past reports: a year where there are waves, so that season and level can be told apart,
        and more than there are unknowns."""
        return max(self.year if self.harmonics else 0, self.columns + 1)

    def design(self, at: Columns) -> Floats:
        """[time, columns]."""
        turn = 2 * math.pi * at[:, None] * np.arange(1, self.harmonics + 1) / self.year
        parts = [np.ones((len(at), 1)), np.cos(turn), np.sin(turn)]
        if self.trend:
            parts.append(at[:, None] / self.year)
        return np.concatenate(parts, axis=1)


def fit(counts: Floats, *, start: int, stop: int, waves: Waves) -> tuple[Floats, Floats]:
    """(mean of the columns `start` to `stop`, alpha of each series) from the columns before
    `start` of `counts` [series, time]; nan: no report.

    A series with fewer reports than `Waves.needs`, or with only zeros, has nan: it has no model.
    """
    before = waves.design(np.arange(start))
    after = waves.design(np.arange(start, stop))
    means = np.full((len(counts), stop - start), np.nan)
    alphas = np.full(len(counts), np.nan)
    for n, row in enumerate(counts[:, :start]):
        seen = ~np.isnan(row)
        if seen.sum() < waves.needs or not row[seen].any():
            continue
        beta, alphas[n] = _one(row[seen], before[seen], waves.alpha)
        means[n] = np.exp(np.clip(after @ beta, -_LARGE, _LARGE))
    return means, alphas


def _one(y: Floats, x: Floats, alpha: float | None) -> tuple[Floats, float]:
    """(coefficients, alpha), by maximum likelihood in both where alpha is not given."""
    if alpha is not None:
        return regression(y, x, alpha), alpha

    def loss(log_alpha: float) -> float:
        tried = math.exp(log_alpha)
        mean = np.exp(np.clip(x @ regression(y, x, tried), -_LARGE, _LARGE))
        return -log_likelihood(y, mean, tried)

    ends = (math.log(LEAST_ALPHA), math.log(MOST_ALPHA))
    grid = np.linspace(*ends, 16)
    best = int(np.argmin([loss(one) for one in grid]))
    around = (grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])
    found = optimize.minimize_scalar(loss, bounds=around, method="bounded", options={"xatol": 1e-9})
    alpha = math.exp(float(found.x))
    return regression(y, x, alpha), alpha


def log_likelihood(y: Floats, mean: Floats, alpha: float) -> float:
    """Of negative binomial counts with variance mean + alpha mean^2, up to terms of y alone."""
    size = 1 / alpha
    chance = special.gammaln(y + size) - special.gammaln(size) + y * np.log(alpha * mean)
    return float(np.sum(chance - (y + size) * np.log1p(alpha * mean)))


def regression(y: Floats, x: Floats, alpha: float) -> Floats:
    """Iteratively reweighted least squares; a step that makes the fit worse is halved."""
    mean = y + 0.1
    beta = np.zeros(x.shape[1])
    before = math.inf
    for step in range(_STEPS):
        weight = mean / (1 + alpha * mean)
        target = np.log(mean) + (y - mean) / mean
        root = np.sqrt(weight)
        solved = np.linalg.lstsq(x * root[:, None], target * root, rcond=None)[0]
        new = np.asarray(solved, np.float64)
        beta, mean, now = _step(y, x, alpha, (beta, new), before if step else math.inf)
        if abs(now - before) <= _CLOSE * (abs(now) + 1):
            break
        before = now
    return beta


def _step(
    y: Floats, x: Floats, alpha: float, ends: tuple[Floats, Floats], before: float
) -> tuple[Floats, Floats, float]:
    old, new = ends
    share = 1.0
    while True:
        beta = old + share * (new - old)
        mean = np.exp(np.clip(x @ beta, -_LARGE, _LARGE))
        if alpha > 0:
            loss = float(np.sum((y + 1 / alpha) * np.log1p(alpha * mean) - y * np.log(mean)))
        else:
            loss = float(np.sum(mean - y * np.log(mean)))
        if loss <= before + _CLOSE * (abs(before) + 1) or share < 1e-3:
            return beta, mean, loss
        share /= 2

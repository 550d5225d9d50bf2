"""How late reports come: reverse hazards that drift and know the day of the week.

The reverse hazard of delay d is the share of those reported within d days that came on the d-th
(Kalbfleisch and Lawless 1989, doi:10.2307/2336119); a day's reports to come do not enter, so that
the last days bias nothing.  Its log-odds are a level of the delay, a drift along the days of onset
(a random walk) and an effect of the weekday of the report.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import special

from zhongshu.engines.epidemic.model import Floats

Ints = npt.NDArray[np.int64]

DRIFTS = (0.01, 0.03, 0.08, 0.2)  # candidates, log-odds a day
LEVEL_SD, STEP_SD, WEEKDAY_SD = 4.0, 1.5, 0.7  # weak: of the first level, its steps, the weekdays
_LEAST_RHO, _MOST_RHO = 1e-5, 0.3
_STEPS, _CLOSE = 40, 1e-9


@dataclasses.dataclass(frozen=True)
class Design:
    """Cells with something at risk: successes and trials (cells,), rows of the regression."""

    hits: Floats
    trials: Floats
    rows: Floats


@dataclasses.dataclass(frozen=True)
class Delays:
    """Coefficients drawn (draws, coefficients); rho: correlation within a day and delay."""

    draws: Floats
    rho: float
    mode: Floats
    days: int
    max_delay: int
    first_weekday: int


def terms(day: Ints, delay: Ints, *, days: int, max_delay: int, first_weekday: int) -> Floats:
    """Rows of the regression for cells (day, delay): levels, drift by day, weekdays of report."""
    at = np.arange(len(day))
    rows = np.zeros((len(day), max_delay + days + 7))
    rows[at, delay - 1] = 1
    rows[at, max_delay + day] = 1
    rows[at, max_delay + days + (first_weekday + day + delay) % 7] = 1
    return rows


def design(counts: Floats, first_weekday: int) -> Design:
    days, max_delay = counts.shape[0], counts.shape[1] - 1
    within = np.cumsum(counts, axis=1)
    day, delay = np.nonzero(np.nan_to_num(within[:, 1:]) > 0)
    delay = delay + 1
    rows = terms(
        day, delay, days=days, max_delay=max_delay, first_weekday=first_weekday
    )  # fmt: skip
    return Design(counts[day, delay], within[day, delay], rows)


def precision(days: int, max_delay: int, drift: float) -> Floats:
    """Of the coefficients before the data; the drift is near 0 today: levels are today's."""
    levels = np.diff(np.eye(max_delay), axis=0)
    walk = np.diff(np.eye(days), axis=0)
    whole = np.zeros((max_delay + days + 7,) * 2)
    inner = slice(max_delay, max_delay + days)
    whole[:max_delay, :max_delay] = levels.T @ levels / STEP_SD**2
    whole[0, 0] += 1 / LEVEL_SD**2
    whole[inner, inner] = walk.T @ walk / drift**2
    whole[inner.stop - 1, inner.stop - 1] += 1 / drift**2
    whole[inner.stop :, inner.stop :] = np.eye(7) / WEEKDAY_SD**2
    return whole


def fit(cells: Design, before: Floats, weight: Floats) -> tuple[Floats, Floats, float]:
    """Most probable coefficients, their precision, log evidence; weight of each cell."""
    beta = np.zeros(len(before))
    now = -np.inf
    for _ in range(_STEPS):
        odds = cells.rows @ beta
        share = special.expit(odds)
        pull = cells.rows.T @ (weight * (cells.hits - cells.trials * share)) - before @ beta
        spread = weight * cells.trials * share * (1 - share)
        curve = cells.rows.T @ (cells.rows * spread[:, None]) + before
        step = np.linalg.solve(curve, pull)
        step *= min(1.0, 2.0 / max(np.abs(step).max(), 1e-12))  # far steps overshoot
        beta = beta + step
        chance = cells.hits * odds - cells.trials * np.logaddexp(0, odds)
        before_step, now = now, float(weight @ chance)
        if np.abs(step).max() < _CLOSE and abs(now - before_step) < 1e-6:
            break
    evidence = now - float(beta @ before @ beta) / 2
    evidence += (np.linalg.slogdet(before)[1] - np.linalg.slogdet(curve)[1]) / 2
    return beta, curve, float(evidence)


def correlation(cells: Design, beta: Floats, used: float) -> float:
    """Correlation of the reports of one day and delay, from Pearson's statistic by moments.

    used: degrees of freedom that the fit has taken.
    """
    share = np.clip(special.expit(cells.rows @ beta), 1e-6, 1 - 1e-6)
    square = (cells.hits - cells.trials * share) ** 2 / (cells.trials * share * (1 - share))
    known = cells.trials > 1
    extra = float(((square[known] - 1).sum() + used) / max((cells.trials[known] - 1).sum(), 1.0))
    return float(np.clip(extra, _LEAST_RHO, _MOST_RHO))


def estimate(
    counts: Floats, *, first_weekday: int, draws: int, chance: np.random.Generator
) -> Delays:
    """Draws of the coefficients, the drift's candidates weighed by their evidence."""
    days, max_delay = counts.shape[0], counts.shape[1] - 1
    cells = design(counts, first_weekday)
    weight = np.ones(len(cells.hits))
    rho = _LEAST_RHO
    before = precision(days, max_delay, DRIFTS[1])
    for _ in range(2):
        beta, curve, _ = fit(cells, before, weight)
        used = len(beta) - float(np.trace(np.linalg.solve(curve, before)))
        rho = correlation(cells, beta, used)
        weight = 1 / (1 + (cells.trials - 1) * rho)
    fits = [fit(cells, precision(days, max_delay, drift), weight) for drift in DRIFTS]
    shares = special.softmax([one[2] for one in fits])
    often = chance.multinomial(draws, shares)
    parts = []
    for (beta, curve, _), number in zip(fits, often, strict=True):
        noise = chance.standard_normal((len(beta), number))
        root = np.linalg.cholesky(curve)
        parts.append((beta[:, None] + np.linalg.solve(root.T, noise)).T)
    mode = fits[int(np.argmax(shares))][0]
    drawn = chance.permutation(np.concatenate(parts))
    return Delays(drawn, rho, mode, days, max_delay, first_weekday)


def seen(delays: Delays, *, each: int, chance: np.random.Generator) -> Floats:
    """Share reported by today of each of the last `max_delay` days, (draws, each, max_delay).

    `each` times for every draw of the coefficients: a day's reports vary around the curve (`rho`).
    """
    days, most = delays.days, delays.max_delay
    later = [(days - 1 - lag, d, lag) for lag in range(most) for d in range(lag + 1, most + 1)]
    day, delay, lag = (np.array(column) for column in zip(*later, strict=True))
    rows = terms(day, delay, days=days, max_delay=most, first_weekday=delays.first_weekday)
    share = np.clip(special.expit(delays.draws @ rows.T), 1e-9, 1 - 1e-9)
    strength = 1 / delays.rho - 1
    yes, no = np.maximum(share * strength, 1e-6), np.maximum((1 - share) * strength, 1e-6)
    noisy = chance.beta(yes[:, None], no[:, None], (len(share), each, len(lag)))
    left = np.log1p(-np.minimum(noisy, 1 - 1e-9))
    logs = np.zeros((len(share), each, most))
    for n in range(most):
        logs[..., most - 1 - n] = left[..., lag == n].sum(axis=-1)
    return np.asarray(np.exp(np.maximum(logs, -20)))

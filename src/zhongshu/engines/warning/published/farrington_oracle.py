"""The readable twin of `farrington.py`: one series, one week, dense matrices."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning.published.farrington import TREND_YEARS, Bound, Flexible
from zhongshu.engines.warning.published.farrington_kernels import LARGE

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Fit:
    """beta: intercept, periods, slope; covariance unscaled; phi: dispersion, not bounded."""

    beta: Floats
    mu: Floats
    covariance: Floats
    working: Floats
    phi: float
    free: int


def past(counts: Floats, week: int, params: Flexible) -> tuple[list[int], list[int]]:
    """(weeks used, seasonal period of each)."""
    year, half = params.weeks_a_year, params.half_window
    used, periods = [], []
    for n in range(week - params.years * year - half, week):
        if np.isnan(counts[n]):
            continue
        since = (n - week + half) % year
        if params.periods == 1:
            if since > 2 * half or n > week - year + half:
                continue
            level = 0
        elif n >= week - params.left_out:
            continue
        elif since <= 2 * half:
            level = 0
        else:
            others = year - (2 * half + 1)
            level = 1 + (since - 2 * half - 1) * (params.periods - 1) // others
        used.append(n)
        periods.append(level)
    return used, periods


def design(used: list[int], periods: list[int], week: int, *, sloped: bool) -> Floats:
    """Intercept, a column for each period but the first, and time counted from `week`."""
    columns = [np.ones(len(used))]
    columns += [np.array(periods) == level for level in sorted(set(periods) - {0})]
    if sloped:
        columns.append(np.array(used, np.float64) - week)
    return np.stack([np.asarray(column, np.float64) for column in columns], axis=1)


@np.errstate(all="ignore")  # a fit may run away; its numbers say so
def regression(y: Floats, x: Floats, weight: Floats, offset: Floats) -> Fit:
    """Quasi-Poisson regression by iteratively reweighted least squares, as R's glm iterates."""

    def deviance(mu: Floats) -> float:
        whole = np.where(y > 0, y * np.log(np.where(y > 0, y, 1) / mu), 0)
        return float(2 * np.sum(weight * (whole - (y - mu))))

    mu: Floats = y + 0.1
    before = deviance(mu)
    for _ in range(25):
        z = np.log(mu) - offset + (y - mu) / mu
        working = weight * mu
        information = (x.T * working) @ x
        beta = np.linalg.solve(information, (x.T * working) @ z)
        mu = np.asarray(np.exp(x @ beta + offset), np.float64)
        now = deviance(mu)
        if abs(now - before) / (abs(now) + 0.1) < 1e-8:
            break
        before = now
    free = len(y) - x.shape[1]
    phi = float(np.sum(working * ((y - mu) / mu) ** 2)) / max(free, 1)
    covariance = np.asarray(np.linalg.inv(information), np.float64)
    return Fit(np.asarray(beta), mu, covariance, working, phi, free)


def weights(y: Floats, x: Floats, fit: Fit, limit: float) -> Floats:
    """By Anscombe residuals: what is far above counts less."""
    hat = np.einsum("ij,jk,ik->i", x, fit.covariance, x) * fit.working
    raw = 1.5 * (y ** (2 / 3) * fit.mu ** (-1 / 6) - np.sqrt(fit.mu))
    residual = raw / np.sqrt(max(fit.phi, 1) * (1 - hat))
    weight = np.where(residual > limit, np.maximum(residual, limit) ** -2.0, 1.0)
    return np.asarray(weight * len(y) / weight.sum())


def model(y: Floats, x: Floats, offset: Floats, params: Flexible) -> tuple[Fit, float]:
    """(the last fit, the scale of its errors)."""
    fit = regression(y, x, np.ones(len(y)), offset)
    if params.weights_from <= 0:
        return fit, fit.phi
    weight = weights(y, x, fit, params.weights_from)
    fit = regression(y, x, weight, offset)
    scale = fit.phi
    if params.as_surveillance:
        scale = float(np.sum(weight * ((y - fit.mu) / fit.mu) ** 2)) / max(fit.free, 1)
    return fit, scale


def bound(mean: float, error: float, phi: float, params: Flexible) -> float:
    """The upper bound; error: of the log of the mean."""
    normal = float(stats.norm.isf(params.alpha))
    if params.bound is Bound.DELTA:
        spread = np.sqrt((phi + error**2 * mean) / mean)
        return float(mean * (1 + params.power * normal * spread) ** (1 / params.power))
    if params.bound is Bound.MUAN:
        log_mean = float(np.log(mean) + normal * error)
        mean = float(np.exp(min(log_mean, 700.0)))
    if mean > LARGE:
        return np.inf
    return quantile(1 - params.alpha, mean, phi)


def quantile(level: float, mean: float, phi: float) -> float:
    """Least k so that at most k has a chance of at least `level`; infinite where out of reach."""
    level *= 1 - 64 * np.finfo(float).eps
    if phi <= 1:
        k = float(stats.poisson.ppf(level, mean))
    else:
        k = float(stats.nbinom.ppf(level, mean / (phi - 1), 1 / phi))
    return k if k <= LARGE else np.inf


def one(
    counts: Floats, week: int, params: Flexible, *, population: Floats | None = None
) -> tuple[float, float, float, float, bool] | None:
    """(expected, upper, phi, slope, alarm) of one week; None where it cannot be tested."""
    if week < params.weeks_needed or np.isnan(counts[week]):
        return None
    used, periods = past(counts, week, params)
    offset = np.zeros(len(counts)) if population is None else np.log(population)
    y = counts[used]
    for sloped in (True, False):
        if sloped and (params.trend_p <= 0 or params.years < TREND_YEARS):
            continue
        x = design(used, periods, week, sloped=sloped)
        fit, scale = model(y, x, offset[used], params)
        mean = float(np.exp(fit.beta[0] + offset[week]))
        if fit.free < 1:
            continue
        if sloped:
            t = abs(fit.beta[-1]) / np.sqrt(scale * fit.covariance[-1, -1])
            steep = 2 * stats.t.sf(t, fit.free) < params.trend_p
            if not (steep and mean <= y.max()):  # nor where the fit ran away
                continue
        phi = max(fit.phi, 1.0)
        upper = bound(mean, float(np.sqrt(scale * fit.covariance[0, 0])), phi, params)
        last = counts[max(0, week - params.enough[1] + 1) : week + 1]
        enough = float(np.nansum(last)) >= params.enough[0]
        slope = float(fit.beta[-1]) if sloped else np.nan
        return mean, upper, phi, slope, bool(counts[week] > upper and enough)
    return None

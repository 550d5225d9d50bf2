"""The readable twin of `baseline.py`: one series, one step, dense matrices."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning.history.baseline import Options, columns

Floats = npt.NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Fit:
    """beta: coefficients; covariance: unscaled; phi: dispersion; left: see `dispersion`."""

    beta: Floats
    mu: Floats
    covariance: Floats
    phi: float
    left: float


def design(length: int, state: npt.NDArray[np.int64] | None, options: Options) -> Floats:
    """[steps, columns]: those of the engine, then one for each state."""
    x = columns(length, options).T
    if state is None:
        return x
    return np.concatenate([x, state[:, None] == np.arange(int(state.max()) + 1)], axis=1)


def fit(y: Floats, x: Floats, base: Floats, weight: Floats, options: Options) -> Floats:
    """Coefficients, by halved steps of Newton's method until nothing moves."""
    precision = np.full(x.shape[1], options.prior_sd**-2)
    precision[0] = 0.0

    def goodness(beta: Floats) -> float:
        eta = x @ beta + base
        likely = np.sum(weight * (y * eta - np.exp(np.minimum(eta, 700)))) + 0.5 * beta[0]
        return float(likely - 0.5 * precision @ beta**2)

    beta = np.zeros(x.shape[1])
    beta[0] = np.log((y.sum() + 0.5) / np.exp(base).sum())
    for _ in range(200):
        mu = np.exp(x @ beta + base)
        score = x.T @ (weight * (y - mu)) - precision * beta
        score[0] += 0.5  # half a case
        move = np.linalg.solve((x.T * (weight * mu)) @ x + np.diag(precision), score)
        while goodness(beta + move) < goodness(beta) - 1e-9 * abs(goodness(beta)):
            move = move / 2
        beta = beta + move
        if np.abs(move).max() < 1e-10:
            break
    return np.asarray(beta)


def law(mean: Any, phi: float) -> Any:
    """Poisson, or negative binomial with variance phi*mean."""
    return stats.poisson(mean) if phi <= 1 + 1e-9 else stats.nbinom(mean / (phi - 1), 1 / phi)


def residuals(y: Floats, mu: Any, phi: float, hat: Any) -> Floats:
    """Anscombe residuals."""
    raw = 1.5 * (y ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu))
    return np.asarray(raw / np.sqrt(phi * (1 - np.minimum(hat, 0.5))))


def down(y: Floats, residual: Floats, limit: float) -> Floats:
    """What is far above weighs less, but not a single case."""
    return np.where((residual > limit) & (y > 1), np.maximum(residual, limit) ** -2.0, 1.0)


def dispersion(
    y: Floats, mu: Floats, weight: Floats, free: int, limit: float | None
) -> tuple[float, float]:
    """(dispersion, share of the mean that the weights leave), for counts like the average one."""
    phi = max(float(np.sum(weight * (y - mu) ** 2 / mu)) / free, 1.0)
    if limit is None:
        return phi, 1.0
    mean = float(mu.mean())
    k = np.arange(0.0, mean + 60 * np.sqrt(phi * mean) + 60 * phi)
    kept = law(mean, phi).pmf(k) * down(k, residuals(k, mean, phi, 0.0), limit)
    kept /= kept.sum()
    return phi / float(kept @ (k - mean) ** 2 / (mean * phi)), float(kept @ k) / mean


def model(y: Floats, x: Floats, base: Floats, states: int, options: Options) -> Fit:
    """The last of all fits."""
    weight = np.ones(len(y))
    free = max(len(y) - (x.shape[1] - states) - max(states - 1, 0), 1)
    precision = np.full(x.shape[1], options.prior_sd**-2)
    precision[0] = 0.0
    for turn in range(options.reweighs + 1):
        beta = fit(y, x, base, weight, options)
        mu = np.exp(x @ beta + base)
        information = (x.T * (weight * mu)) @ x + np.diag(precision)
        covariance = np.asarray(np.linalg.inv(information), np.float64)
        limit = options.weights_from if turn else None
        phi, left = dispersion(y, mu, weight, free, limit)
        if turn < options.reweighs:
            hat = np.einsum("ij,jk,ik->i", x, covariance, x) * weight * mu
            weight = down(y, residuals(y, mu, phi, hat), options.weights_from)
            weight *= len(y) / weight.sum()
    return Fit(beta, mu, covariance, phi, left)


def one(
    counts: Floats,
    step: int,
    options: Options,
    *,
    state: npt.NDArray[np.int64] | None = None,
    base: Floats | None = None,
    chance: float = 0.5,
    fitted_at: int | None = None,
) -> tuple[float, float, float, float] | None:
    """(expected, error, phi, p); None where it cannot be tested.  base: log of the factors;
    fitted_at: an earlier step whose fit is asked."""
    base = np.zeros(len(counts)) if base is None else base
    last = max((step if fitted_at is None else fitted_at) - options.left_out, 0)
    past = [
        n for n in range(max(0, last - options.longest), last) if not np.isnan(counts[n] + base[n])
    ]
    if len(past) < options.needed or np.isnan(counts[step] + base[step]):
        return None
    x = design(len(counts), state, options)
    states = 0 if state is None else int(state.max()) + 1
    found = model(counts[past], x[past], base[past], states, options)
    mean = float(np.exp(x[step] @ found.beta + base[step])) / found.left
    error = float(np.sqrt(found.phi * x[step] @ found.covariance @ x[step]))
    spread = law(mean, found.phi + mean * error**2)
    p = float(spread.sf(counts[step]) + chance * spread.pmf(counts[step]))
    return mean, error, found.phi, p

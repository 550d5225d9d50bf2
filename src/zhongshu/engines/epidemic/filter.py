"""Rt up to today from onsets that come late: a smoother of the renewal equation.

Infections follow the renewal equation with a reproduction number that wanders from day to day;
onsets follow infections by the incubation period; of the onsets of the last days only a part is
reported.  What the windows of Cori et al. take as today's Rt speaks of infections a week ago; here
today's has its own, wider, interval.  The path of log Rt is Gaussian before the data and is given
its most probable form and the curvature there (Laplace; Rue et al. 2009,
doi:10.1111/j.1467-9868.2008.00700.x), for each candidate of what is not known, weighed by evidence.
"""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import numpy.typing as npt
from scipy import special

from zhongshu.engines.epidemic import model
from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

LEVEL_SD = 1.0  # of the log of the infections before the series, around its first week's onsets
_STEPS, _CLOSE, _HALVINGS = 60, 1e-9, 25
_Z = 1.959963984540054


@dataclasses.dataclass(frozen=True)
class FilterParams:
    """drift_sd: candidates for the daily standard deviation of log Rt.
    dispersion_k: candidates for the size of the negative binomial noise of a day's onsets.
    start_sd: of log Rt on the first day, around Rt = 1.
    """

    drift_sd: tuple[float, ...] = (0.02, 0.04, 0.08, 0.16)
    dispersion_k: tuple[float, ...] = (5.0, 20.0, 100.0)
    start_sd: float = 0.5

    def __post_init__(self) -> None:
        sizes = (*self.drift_sd, *self.dispersion_k, self.start_sd)
        if not (self.drift_sd and self.dispersion_k) or min(sizes) <= 0:
            raise BadInput("epidemic.filter_params", "The filter needs candidates above 0.")


@dataclasses.dataclass(frozen=True)
class Series:
    """What is known: onsets reported by day, nan where none; share of them seen; delays by day."""

    counts: Floats
    seen: Floats
    generation: Floats
    incubation: Floats


@dataclasses.dataclass(frozen=True)
class Track:
    """Rt of infections by day of infection, (days,), the last one today's; infections a day,
    (days,), in the unit of the counts.  The interval grows towards today."""

    mean: Floats
    q025: Floats
    median: Floats
    q975: Floats
    log_sd: Floats
    infections: Floats
    card: RunCard


@dataclasses.dataclass(frozen=True)
class Fit:
    """evidence: log; path: as `renewal` takes it, and its variance; infections by day."""

    evidence: float
    path: Floats
    variance: Floats
    infections: Floats


def track_rt(
    onsets: npt.ArrayLike,
    *,
    generation: Floats,
    incubation: Floats,
    share_seen: npt.ArrayLike | None = None,
    params: FilterParams | None = None,
) -> Track:
    """Rt of every day up to the last of `onsets`.

    onsets: reported so far by day of onset, (days,); nan where a day has no report.
    generation: weights of the generation time by day from 0, none on day 0.
    incubation: weights from infection to onset by day from 0.  For counts by day of report give
        the whole delay here.
    share_seen: expected share of each day's onsets that is reported by now, (days,), above 0,
        weekday effects included; `nowcast` estimates it.  All, if not given.
    Chance in who infects whom is not apart from the noise of a day's count.
    Refuses series under two weeks, weights that are not distributions, and shares out of range.
    """
    params = params or FilterParams()
    series = _checked(onsets, share_seen, generation, incubation)
    fits = [
        fit(series, drift, k, params.start_sd)
        for drift in params.drift_sd
        for k in params.dispersion_k
    ]
    weight = special.softmax([one.evidence for one in fits])
    paths = np.array([one.path[1:] for one in fits])
    spreads = np.array([one.variance[1:] for one in fits])
    middle = weight @ paths
    log_sd = np.sqrt(weight @ (spreads + (paths - middle) ** 2))
    infections = weight @ np.array([one.infections for one in fits])
    card = RunCard(
        "epidemic.filter",
        model.VERSION,
        dataclasses.asdict(params),
        {"onsets": hashlib.sha256(series.counts.tobytes() + series.seen.tobytes()).hexdigest()},
    )
    low, high = np.exp(middle - _Z * log_sd), np.exp(middle + _Z * log_sd)
    mean = np.exp(middle + log_sd**2 / 2)
    return Track(mean, low, np.exp(middle), high, log_sd, infections, card)


def _checked(onsets: npt.ArrayLike, share_seen: npt.ArrayLike | None, *weights: Floats) -> Series:
    counts = np.asarray(onsets, dtype=np.float64)
    if counts.ndim != 1 or len(counts) < 14 or np.nanmin(counts, initial=0.0) < 0:
        raise BadInput(
            "epidemic.series_short", "The filter needs at least 14 days, none of them negative."
        )
    for one in weights:
        if np.min(one) < 0 or not 0.98 < np.sum(one) < 1.02:
            raise BadInput(
                "epidemic.weights", "Delays must be weights by day from 0 that add up to 1."
            )
    if weights[0][0] > 0:
        raise BadInput("epidemic.weights", "Nobody infects on the day of infection: day 0 is 0.")
    seen = np.ones_like(counts) if share_seen is None else np.asarray(share_seen, dtype=np.float64)
    if seen.shape != counts.shape or not ((seen > 0) & np.isfinite(seen)).all():
        raise BadInput(
            "epidemic.share_seen", "The share reported must be above 0 on each day of the series."
        )
    generation, incubation = (np.asarray(one, dtype=np.float64) for one in weights)
    return Series(counts, seen, generation, incubation)


def level(series: Series) -> float:
    """Infections a day before the series begins: as many as the onsets of its first week."""
    first = series.counts[:7] / series.seen[:7]
    return max(float(np.nanmean(first)) if np.isfinite(first).any() else 0.0, 0.1)


def renewal(path: Floats, series: Series) -> tuple[Floats, Floats]:
    """Infections of the days before and in the series, and their derivatives by the path.

    path: (1 + days,), log of the level before the series over `level`, then log Rt by day.
    Infections before the series grow or fall at the pace of the first Rt.
    """
    weights = series.generation[1:]
    back = max(len(series.generation), len(series.incubation))
    days = len(path) - 1
    pace = 1 / (np.arange(len(series.generation)) @ series.generation)
    before = -np.arange(back, 0, -1.0) * pace
    infected = np.empty(back + days)
    slope = np.zeros((back + days, days + 1))
    infected[:back] = level(series) * np.exp(path[0] + path[1] * before)
    slope[:back, 0], slope[:back, 1] = infected[:back], infected[:back] * before
    turned = weights[::-1]
    for day in range(days):
        past = slice(back + day - len(weights), back + day)
        rt = np.exp(path[1 + day])
        infected[back + day] = rt * (turned @ infected[past])
        slope[back + day] = rt * (turned @ slope[past])
        slope[back + day, 1 + day] += infected[back + day]
    return infected, slope


def _expected(path: Floats, series: Series) -> tuple[Floats, Floats, Floats]:
    """Expected onsets seen by day, their derivatives, infections of the series' days."""
    infected, slope = renewal(path, series)
    back = len(infected) - len(series.counts)
    mean, change = np.zeros(len(series.counts)), np.zeros((len(series.counts), len(path)))
    for lag, share in enumerate(series.incubation):
        mean += share * infected[back - lag : len(infected) - lag]
        change += share * slope[back - lag : len(infected) - lag]
    return series.seen * mean, series.seen[:, None] * change, infected[back:]


def precision(days: int, drift_sd: float, start_sd: float) -> Floats:
    """Of the path before the data, (1 + days, 1 + days): a random walk from around Rt = 1."""
    steps = np.diff(np.eye(days), axis=0)
    inner = steps.T @ steps / drift_sd**2
    inner[0, 0] += 1 / start_sd**2
    whole = np.zeros((days + 1, days + 1))
    whole[0, 0], whole[1:, 1:] = 1 / LEVEL_SD**2, inner
    return whole


def score(mean: Floats, counts: Floats, k: float) -> float:
    """Log chance of the counts, negative binomial of size k; days without a report say nothing."""
    known = ~np.isnan(counts)
    c, m = counts[known], np.maximum(mean[known], 1e-12)
    mass = special.gammaln(c + k) - special.gammaln(k) - special.gammaln(c + 1)
    return float((mass - k * np.log1p(m / k) + c * (np.log(m) - np.log(k + m))).sum())


def fit(series: Series, drift_sd: float, k: float, start_sd: float) -> Fit:
    """The most probable path for one pair of candidates, by damped Gauss-Newton steps."""
    days = len(series.counts)
    before = precision(days, drift_sd, start_sd)
    path = np.zeros(days + 1)
    known = ~np.isnan(series.counts)
    mean, change, infected = _expected(path, series)
    now = score(mean, series.counts, k)
    for _ in range(_STEPS):
        m = np.maximum(mean[known], 1e-12)
        weight = 1 / (m * (1 + m / k))
        pull = change[known].T @ ((series.counts[known] - m) * weight) - before @ path
        curve = change[known].T @ (change[known] * weight[:, None]) + before
        step = np.clip(np.linalg.solve(curve, pull), -1, 1)
        for _ in range(_HALVINGS):
            trial = path + step
            mean, change, infected = _expected(trial, series)
            value = score(mean, series.counts, k) - float(trial @ before @ trial) / 2
            if value >= now - 1e-12:
                break
            step = step / 2
        gain, now, path = value - now, value, trial
        if abs(gain) < _CLOSE and np.abs(step).max() < 1e-6:
            break
    size = np.linalg.slogdet(before)[1] - np.linalg.slogdet(curve)[1]
    return Fit(now + size / 2, path, np.diag(np.linalg.inv(curve)), infected)

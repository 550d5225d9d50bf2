"""Forecast by regression on the log scale, one for each horizon, over all units' past.

The change of the log over the next weeks is explained by the last changes, by what the same weeks
of earlier years did, and by how far the level stands from theirs (their own and all units').  What
is not explained, in units of the unit's and the season's own spread, gives the quantiles.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.epidemic.forecasting.model import YEAR_WEEKS, ForecastParams
from zhongshu.engines.epidemic.model import Floats

RIDGE = 1.0
_RECENT = 8  # weeks whose mean a level is compared with
_ADDED = 0.25  # share of a unit's mean added before the log
_NEAR = 3  # weeks of the year whose spread counts for a week's
_PRIOR = 20.0  # a unit's own spread counts as its weeks do beside so many of all units'


@dataclasses.dataclass(frozen=True)
class Rows:
    """features (units, weeks, features) known in a week; targets (units, weeks): the change of
    the log over the horizon, nan where it is not known yet."""

    features: Floats
    targets: Floats


def logs(values: Floats) -> tuple[Floats, Floats]:
    """Log of the values raised by a little, (units, weeks), and how much, (units, 1)."""
    known = ~np.isnan(values)
    mean = np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    added = np.maximum(_ADDED * mean, 1e-6)[:, None]
    return np.log(values + added), added


def earlier(y: Floats, ahead: int) -> Floats:
    """Mean of the values of week + `ahead` in earlier years, (units, weeks); nan without any."""
    weeks = y.shape[1]
    total, number = np.zeros_like(y), np.zeros_like(y)
    year = 1
    while (lag := round(YEAR_WEEKS * year) - ahead) < weeks:
        past = y[:, : weeks - lag]
        total[:, lag:] += np.nan_to_num(past)
        number[:, lag:] += ~np.isnan(past)
        year += 1
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def rows(y: Floats, ahead: int) -> Rows:
    """Of one horizon, for every week; without a whole year of past only the last changes count."""
    changes = [_lagged(y, n) - _lagged(y, n + 1) for n in range(3)]
    level = y - _mean_of([_lagged(y, n) for n in range(_RECENT)])
    parts = [np.ones_like(y), *changes, level, _all(changes[0]), _all(level)]
    if y.shape[1] > round(YEAR_WEEKS) + 26:
        then, later = earlier(y, 0), earlier(y, ahead)
        before = earlier(_lagged(y, 1), 0)
        parts += [later - then, _all(later - then), y - then, _all(y - then), then - before]
        parts += [_all(later - then) * np.tanh(_all(y - then))]
    targets = np.full_like(y, np.nan)
    targets[:, :-ahead] = y[:, ahead:] - y[:, :-ahead]
    return Rows(np.stack(parts, axis=2), targets)


def _lagged(y: Floats, weeks: int) -> Floats:
    moved = np.full_like(y, np.nan)
    moved[:, weeks:] = y[:, : y.shape[1] - weeks]
    return moved


def _mean_of(parts: list[Floats]) -> Floats:
    """Of what is known of them."""
    number = sum((~np.isnan(part)).astype(float) for part in parts)
    total = sum(np.nan_to_num(part) for part in parts)
    return np.asarray(np.where(number, total / np.maximum(number, 1), np.nan))


def _all(part: Floats) -> Floats:
    """The mean over all units of each week, for each unit."""
    known = ~np.isnan(part)
    mean = np.where(known, part, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.broadcast_to(np.where(known.any(axis=0), mean, np.nan), part.shape)


def solve(told: Rows) -> tuple[Floats, Floats, Floats]:
    """Coefficients, what they leave unexplained and its spread, (units, weeks).

    Twice: units and seasons that vary more weigh less the second time.
    """
    known = ~np.isnan(told.features).any(axis=2) & ~np.isnan(told.targets)
    x, y = told.features[known], told.targets[known]
    penalty = RIDGE * np.eye(x.shape[1])
    penalty[0, 0] = 1e-9
    wide = np.ones_like(told.targets)
    for _ in range(2):
        weight = wide[known] ** -2
        weight = (weight / weight.mean())[:, None]
        beta = np.linalg.solve((x * weight).T @ x + penalty, (x * weight).T @ y)
        left = np.full_like(told.targets, np.nan)
        left[known] = y - x @ beta
        wide = spread(left)
    return np.asarray(beta, dtype=np.float64), left, wide


def spread(left: Floats) -> Floats:
    """Typical size of what is left, (units, weeks): the unit's, times the week of the year's."""
    size = np.abs(left)
    known = ~np.isnan(size)
    size = np.where(known, size, 0)
    pooled = size.sum() / max(known.sum(), 1)
    own = (size.sum(axis=1) + _PRIOR * pooled) / (known.sum(axis=1) + _PRIOR)
    week = np.round(np.arange(left.shape[1]) % YEAR_WEEKS).astype(int) % 52
    relative = size / own[:, None]
    sums = np.bincount(week, relative.sum(axis=0), 52)
    numbers = np.bincount(week, known.sum(axis=0), 52)
    turn = [np.roll(np.arange(52), -n)[:, None] for n in range(-_NEAR, _NEAR + 1)]
    near = np.concatenate(turn, axis=1)
    season = (sums[near].sum(axis=1) + _PRIOR) / (numbers[near].sum(axis=1) + _PRIOR)
    return np.asarray(own[:, None] * season[week])


def _filled(now: Floats) -> Floats:
    """What a unit's gaps hide is taken from all units' mean, 0 where none has it."""
    known = ~np.isnan(now)
    mean = np.where(known, now, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, now, mean)


def quantiles(values: Floats, params: ForecastParams) -> Floats:
    """(levels, units, horizon), from (units, weeks)."""
    y, added = logs(values)
    told = np.full((len(params.levels), len(values), params.horizon_weeks), np.nan)
    for ahead in range(1, params.horizon_weeks + 1):
        of = rows(y, ahead)
        beta, left, wide = solve(of)
        rest = left / wide
        marks = np.quantile(rest[~np.isnan(rest)], params.levels)
        ended = _filled(of.features[:, -1]) @ beta + y[:, -1]
        # the spread of the season is that of the week the forecast is made in
        reach = ended + marks[:, None] * wide[:, -1]
        told[:, :, ahead - 1] = np.maximum(np.exp(reach) - added[:, 0], 0)
    return told

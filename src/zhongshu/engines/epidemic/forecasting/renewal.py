"""Forecast by the renewal equation in weeks: Rt returns towards 1 as fast as it used to.

Rt of a week is its value over the infectivity of the weeks before.  The next week's logarithm is
explained by the unit's last two, the mean of all units' and that of the same week in earlier years,
with coefficients of the whole past; each unit has its own noise.
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.epidemic.forecasting import autoregressive
from zhongshu.engines.epidemic.forecasting.model import ForecastParams
from zhongshu.engines.epidemic.model import Floats

_PRIOR_WEEKS = 10.0  # a unit's own noise counts as its weeks do beside so many of all units'


def log_rt(values: Floats, serial: tuple[float, ...]) -> Floats:
    """Log of Rt by week, (units, weeks); nan in the first weeks and where nothing is known.

    A small amount, 2 % of the unit's mean, is added to a week so that one without cases counts.
    """
    some = _added(values)
    raised = values + some
    pressure = np.full_like(values, np.nan)
    lags = len(serial)
    pressure[:, lags:] = sum(
        share * raised[:, lags - lag : values.shape[1] - lag]
        for lag, share in enumerate(serial, start=1)
    )
    return np.asarray(np.log(raised / pressure))


def _added(values: Floats) -> Floats:
    known = ~np.isnan(values)
    mean = np.where(known, values, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(np.maximum(0.02 * mean, 1e-6)[:, None])


def quantiles(values: Floats, params: ForecastParams, chance: np.random.Generator) -> Floats:
    """(levels, units, horizon), from (units, weeks)."""
    added, lags = _added(values), len(params.serial_weeks)
    logs = log_rt(values, params.serial_weeks)
    back, noise = _return(logs)
    shape = (len(values), params.draws)
    path = np.repeat((values + added)[:, None, -lags:], params.draws, axis=1)
    ends = np.where(np.isnan(logs[:, -2:]), _mean(logs[:, -2:]), logs[:, -2:])
    last, now = (np.broadcast_to(ends[:, n, None], shape) for n in (0, 1))
    steps = []
    for ahead in range(1, params.horizon_weeks + 1):
        season = _season(logs, ahead)[-1]
        following = back[0] * now + back[1] * last + back[2] * _mean(now) + back[3] * season
        last, now = now, following + noise[:, None] * chance.standard_normal(shape)
        pressure = path[..., ::-1][..., :lags] @ np.array(params.serial_weeks)
        path = np.concatenate([path, (np.exp(now) * pressure)[..., None]], axis=2)
        steps.append(path[..., -1] - added)
    drawn = np.maximum(np.stack(steps), 0)  # (horizon, units, draws)
    return np.asarray(np.moveaxis(np.quantile(drawn, params.levels, axis=2), 1, 2))


def _mean(part: Floats) -> Floats:
    """Over the units that are known, of each column."""
    known = ~np.isnan(part)
    return np.asarray(np.where(known, part, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1))


def _before(logs: Floats) -> Floats:
    return np.roll(logs, 1, axis=1)


def _season(logs: Floats, ahead: int) -> Floats:
    """All units' mean log Rt `ahead` weeks later in earlier years, (weeks,); 0 without any."""
    return _mean(autoregressive.earlier(logs, ahead))


def _return(logs: Floats) -> tuple[Floats, Floats]:
    """Coefficients of (last, the one before, all units' last, season) for the next week's log Rt,
    over all units; each unit's noise around that."""
    everyone, season = logs * 0 + _mean(logs), logs * 0 + _season(logs, 1)
    x = np.stack([logs, _before(logs), everyone, season], axis=2)[:, 1:-1]
    y = logs[:, 2:]
    known = ~np.isnan(x).any(axis=2) & ~np.isnan(y)
    weight = np.ones_like(y)
    for _ in range(2):  # units that vary more weigh less the second time
        a, w = x[known], weight[known][:, None]
        back = np.linalg.solve((a * w).T @ a + 1e-6 * np.eye(4), (a * w).T @ y[known])
        off = np.where(known, y - x @ back, 0) ** 2
        number = known.sum(axis=1)
        pooled = off.sum() / max(known.sum(), 1)
        noise = np.sqrt((off.sum(axis=1) + _PRIOR_WEEKS * pooled) / (number + _PRIOR_WEEKS))
        weight = np.broadcast_to((noise.mean() / noise[:, None]) ** 2, y.shape)
    return np.asarray(back), np.asarray(noise)

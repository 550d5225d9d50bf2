"""Forecast of the next weeks as quantiles, the weighted average of three members'."""

from __future__ import annotations

import dataclasses
import hashlib

import numpy as np
import numpy.typing as npt

from zhongshu.engines.epidemic import model as epidemic
from zhongshu.engines.epidemic.forecasting import autoregressive, baseline, renewal
from zhongshu.engines.epidemic.forecasting.model import MEMBERS, Forecast, ForecastParams, checked
from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.random import stream
from zhongshu.kernel.runcard import RunCard

__all__ = ["Forecast", "ForecastParams", "forecast"]


def forecast(series: npt.ArrayLike, *, params: ForecastParams | None = None, seed: int) -> Forecast:
    """Quantiles of the 1 .. `horizon_weeks` weeks after the last one.

    series: cases, or a rate, by week, (units, weeks); nan where a week has no report.  Seasons are
        learnt from series longer than a year and a half; the more units, the better.
    No measures, holidays moved by the moon or revisions of the last weeks are foreseen: give weeks
    that are complete, or a nowcast's medians.
    Refuses series under twelve weeks and negative values.
    """
    params = params or ForecastParams()
    values = checked(series)
    members = {
        "renewal": renewal.quantiles(values, params, stream(seed, "epidemic.renewal")),
        "autoregressive": autoregressive.quantiles(values, params),
        "baseline": baseline.quantiles(values, params, stream(seed, "epidemic.baseline")),
    }
    card = RunCard(
        "epidemic.forecast",
        epidemic.VERSION,
        dataclasses.asdict(params),
        {"series": hashlib.sha256(values.tobytes()).hexdigest()},
        seed,
    )
    return Forecast(params.levels, combined(members, params.weights), members, card)


def combined(members: dict[str, Floats], weights: tuple[float, ...]) -> Floats:
    """Weighted average of the members' quantiles, in the order of MEMBERS."""
    total = sum(weights)
    parts = [w / total * members[name] for name, w in zip(MEMBERS, weights, strict=True) if w]
    return np.asarray(np.sort(np.sum(parts, axis=0), axis=0))

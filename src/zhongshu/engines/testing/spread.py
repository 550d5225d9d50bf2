"""When the last result of a planned round is to be expected, with an interval, by simulation."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing import chain, model
from zhongshu.engines.testing.model import Expected, Spread
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

__all__ = ["Expected", "Spread", "last_result"]

Floats = NDArray[np.float64]
INSIDE = 0.8  # share of the draws within the interval


def last_result(
    plan: model.RoundPlan,
    rules: model.RoundRules,
    spread: Spread,
    *,
    start: dt.datetime,
    seed: int,
    draws: int = 500,
) -> Expected | None:
    """None when the plan has no finish (no laboratory, nobody sampled).  start: as planned with.

    A slow point's couriers leave late in proportion.  Does not: move tubes to another laboratory
    when one is slow, or know of days on which everything is slow at once; so the interval is
    narrow rather than wide.  None too for laboratories with machines, whose runs are fixed.
    Refuses coefficients below 0 and less than one draw.
    """
    if min(dataclasses.astuple(spread)) < 0 or draws < 1:
        raise BadInput(
            "testing.bad_rates", "Coefficients of variation must not be below 0; draw once or more."
        )
    if plan.finish_at is None or plan.laboratories is not None:
        return None
    rng = stream(seed, "testing.spread")
    last = np.zeros(draws)
    points = plan.points.to_pylist()
    for row in plan.labs.to_pylist():
        mine = [one for one in points if one["lab_id"] == row["lab_id"] and one["tubes"]]
        if mine:
            last = np.maximum(last, _laboratory(mine, row, rules, spread, start, rng, draws))
    low, high = np.quantile(last, [(1 - INSIDE) / 2, (1 + INSIDE) / 2])
    return Expected(
        mean_at=_moment(start, float(last.mean())),
        low_at=_moment(start, float(low)),
        high_at=_moment(start, float(high)),
        in_time=float((last <= rules.round_h).mean()),
    )


def _laboratory(  # noqa: PLR0917 - one draw of everything a laboratory waits for
    points: list[dict[str, Any]],
    lab: dict[str, Any],
    rules: model.RoundRules,
    spread: Spread,
    start: dt.datetime,
    rng: np.random.Generator,
    draws: int,
) -> Floats:
    """Hour of the last result of one laboratory, by draw: first come, first served."""
    of, leaves, tubes, opens = [], [], [], []
    for n, point in enumerate(points):
        closes = (point["closes_at"] - start).total_seconds() / 3600
        begins = (point["opens_at"] - start).total_seconds() / 3600
        opens.append(begins)
        for hour, count in chain.pickups(int(point["tubes"]), closes, rules, opens_h=begins):
            of.append(n)
            leaves.append(hour - begins)
            tubes.append(count)
    way = np.array([point["lab_km"] for point in points], np.float64) / rules.courier_kmh
    slow = _draw(rng, spread.sampling, (draws, len(points)))
    road = _draw(rng, spread.road, (draws, len(points)))
    arrives = np.array(opens)[of] + np.array(leaves) * slow[:, of] + (way * road)[:, of]
    rate = float(lab["tubes_per_hour"]) * _draw(rng, spread.laboratory, (draws, 1))
    order = np.argsort(arrives, axis=1, kind="stable")
    waiting = np.array(tubes)[order]
    # What came k-th, and all after it, has to be run after it came: the latest of these counts.
    left = np.cumsum(waiting[:, ::-1], axis=1)[:, ::-1]
    busy: Floats = (np.take_along_axis(arrives, order, axis=1) + left / rate).max(axis=1)
    return busy + rules.lab_turnaround_h


def _draw(rng: np.random.Generator, variation: float, shape: tuple[int, int]) -> Floats:
    sigma = np.sqrt(np.log1p(variation**2))
    drawn: Floats = np.exp(rng.normal(0.0, 1.0, shape) * sigma - sigma**2 / 2)
    return drawn


def _moment(start: dt.datetime, hours: float) -> dt.datetime:
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=round(hours * 3600))

"""When the last result of a planned round is to be expected, with an interval, by simulation."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing import chain, model
from zhongshu.engines.testing.labs.model import LabPlan, LabRules
from zhongshu.engines.testing.model import Expected, Spread
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

__all__ = ["Expected", "Spread", "last_result"]

Floats = NDArray[np.float64]
Row = dict[str, Any]
_SECOND = 1 / 3600 + 1e-9  # the plan's times are whole seconds
INSIDE = 0.8  # share of the draws within the interval


def last_result(
    plan: model.RoundPlan,
    rules: model.RoundRules,
    spread: Spread,
    *,
    start: dt.datetime,
    seed: int,
    machines: LabRules | None = None,
    draws: int = 500,
) -> Expected | None:
    """None when the plan has no finish (no laboratory, nobody sampled).  start: as planned with.

    A slow point's couriers leave late in proportion.  Where laboratories have machines, each runs
    its planned runs in their order, none before all its tubes have come; a run planned to wait
    waits as long.  Does not: move tubes to another laboratory or run when one is slow, or know of
    days on which everything is slow at once; so the interval is narrow rather than wide.
    machines: of the plan, where it has runs.  Refuses coefficients below 0 and less than one draw.
    """
    if min(dataclasses.astuple(spread)) < 0 or draws < 1:
        raise BadInput(
            "testing.bad_rates", "Coefficients of variation must not be below 0; draw once or more."
        )
    if plan.finish_at is None:
        return None
    rng = stream(seed, "testing.spread")
    last = np.zeros(draws)
    points = plan.points.to_pylist()
    if plan.laboratories is not None and machines is not None:
        last = _machines(plan, points, machines, spread, start, rng, draws)
    for row in plan.labs.to_pylist() if plan.laboratories is None else ():
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


def _machines(  # noqa: PLR0917 - one draw of everything a run waits for
    plan: model.RoundPlan,
    points: list[Row],
    rules: LabRules,
    spread: Spread,
    start: dt.datetime,
    rng: np.random.Generator,
    draws: int,
) -> Floats:
    """Hour of the last result of all laboratories, by draw."""
    runs = plan.laboratories
    if runs is None or not runs.runs.num_rows:
        return np.zeros(draws)
    arrives, planned = _loads(runs, points, rules, spread, start, rng, draws)
    inside: dict[tuple[str, int], list[str]] = collections.defaultdict(list)
    for row in runs.contents.to_pylist():
        inside[row["lab_id"], row["run"]].append(row["load"])
    labs = sorted({row["lab_id"] for row in runs.runs.to_pylist()})
    slow = dict(zip(labs, _draw(rng, spread.laboratory, (len(labs), draws)), strict=True))
    free: dict[tuple[str, int], Floats] = {}
    was_free: dict[tuple[str, int], float] = {}
    last = np.zeros(draws)
    for row in sorted(runs.runs.to_pylist(), key=lambda row: (row["starts_at"], row["run"])):
        lab, machine = row["lab_id"], (row["lab_id"], row["machine"])
        begins, ends = (_hour(row[key], start) for key in ("starts_at", "ends_at"))
        loads = inside[lab, row["run"]]
        ready = max(planned[load] for load in loads)
        could = max(ready, was_free.get(machine, 0.0))
        at = np.maximum(np.max([arrives[load] for load in loads], axis=0),
                        free.get(machine, np.zeros(draws)))  # fmt: skip
        if begins > could + _SECOND:  # it waits for more tubes, or for the laboratory to open
            at = np.maximum(at, begins)
        free[machine] = at + (ends - begins) * slow[lab]
        was_free[machine] = ends
        last = np.maximum(last, free[machine])
    return last + rules.report_h


def _loads(  # noqa: PLR0917 - as above
    runs: LabPlan,
    points: list[Row],
    rules: LabRules,
    spread: Spread,
    start: dt.datetime,
    rng: np.random.Generator,
    draws: int,
) -> tuple[dict[str, Floats], dict[str, float]]:
    """(hour at which each load arrives, by draw; as planned)."""
    opens = {row["point_id"]: _hour(row["opens_at"], start) for row in points}
    names = sorted(opens)
    slow = dict(zip(names, _draw(rng, spread.sampling, (len(names), draws)), strict=True))
    road = dict(zip(names, _draw(rng, spread.road, (len(names), draws)), strict=True))
    arrives, planned = {}, {}
    for row in runs.assigned.to_pylist():
        point = row["load"].rsplit("#", 1)[0]
        planned[row["load"]] = at = _hour(row["arrives_at"], start)
        way = row["km"] / rules.courier_kmh
        leaves = at - way - opens[point]
        arrives[row["load"]] = opens[point] + leaves * slow[point] + way * road[point]
    return arrives, planned


def _hour(moment: dt.datetime, start: dt.datetime) -> float:
    return (moment - start).total_seconds() / 3600


def _draw(rng: np.random.Generator, variation: float, shape: tuple[int, int]) -> Floats:
    sigma = np.sqrt(np.log1p(variation**2))
    drawn: Floats = np.exp(rng.normal(0.0, 1.0, shape) * sigma - sigma**2 / 2)
    return drawn


def _moment(start: dt.datetime, hours: float) -> dt.datetime:
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=round(hours * 3600))

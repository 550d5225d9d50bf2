"""Re-proves the bound of laboratories from the prices of tubes alone.

Whatever is paid for tubes, no laboratory can earn more by a run than by filling it with those there
that pay most beyond what their result costs, and no machine more than by its best row of runs.  So
what all tubes pay, less what all machines could earn, is a bound.  Starts are taken to be as early
as their slot allows, and runs as short as whole slots.
Shares no code with the solver; distances by chord.
"""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing.labs import model

Row = dict[str, Any]
Floats = NDArray[np.float64]
SLOT_H = 1 / 30
CLOSE = 1e-9
RADIUS_KM = 6371.0088


def check(
    plan: model.LabPlan,
    *,
    loads: pa.Table,
    labs: pa.Table,
    rules: model.LabRules,
    start: dt.datetime,
) -> list[str]:
    """What the answer tells of the tubes that are run must follow from the prices."""
    rows = loads.to_pylist()
    price = dict(zip(*(plan.prices[k].to_pylist() for k in model.PRICES.names), strict=True))
    if set(price) != {row["load"] for row in rows}:
        return ["the prices are not those of the loads"]
    left_h = (1 + rules.late_weight) * (rules.horizon_h + rules.report_h) + 1
    paid = np.array([min(price[row["load"]], left_h) for row in rows], np.float64)
    tubes = np.array([row["tubes"] for row in rows], np.float64)
    ready = np.array([_hour(row["ready_at"], start) for row in rows], np.float64)
    spot = _ball(rows)
    bound = float(paid @ tubes)
    for place in labs.to_pylist():
        if place["machines"] > 0 and rows:
            km = _apart(spot, _ball([place])[0]) * rules.detour_factor
            road = km / rules.courier_kmh
            near = road <= rules.carry_max_h + 1e-9  # at the very limit: taken in, the bound falls
            there = (ready + road)[near], paid[near], tubes[near]
            bound -= place["machines"] * _machine(place, *there, rules, start)
    run: collections.Counter[str] = collections.Counter()
    for row in plan.contents.to_pylist():
        run[row["load"]] += row["tubes"]
    served = np.array([run[row["load"]] for row in rows], np.float64)
    bound -= left_h * float((tubes - served).sum()) + float(ready @ served)
    told = plan.answer.bound
    if told is None or told > max(0.0, bound) + 1e-6 * abs(bound) + 1e-3:
        return [f"the prices prove a bound of {bound}, not {told}"]
    return []


def _machine(  # noqa: PLR0917 - what is there by load, then the rules
    place: Row,
    there: Floats,
    paid: Floats,
    tubes: Floats,
    rules: model.LabRules,
    start: dt.datetime,
) -> float:
    """The most one machine can earn by a row of runs that do not overlap."""
    cost = _costs(place, rules, start)
    gain = _runs(place["batch"], np.floor(there / SLOT_H + CLOSE), paid, tubes, cost).tolist()
    # A run shorter than a slot may be followed by any number in the slot: nothing is proven.
    length = math.floor(place["run_h"] / SLOT_H + CLOSE)
    if length < 1:
        return math.inf
    best = [0.0] * (len(gain) + length)
    for t in range(len(gain) - 1, -1, -1):
        best[t] = max(best[t + 1], gain[t] + best[t + length])
    return best[0]


def _runs(batch: int, slot: Floats, paid: Floats, tubes: Floats, cost: Floats) -> Floats:
    """What one run that starts in each slot earns with the best-paid tubes that are there."""
    order = np.argsort(-paid, kind="stable")
    slot, paid, tubes = slot[order], paid[order], tubes[order]
    gain = np.zeros(len(cost))
    for t in np.flatnonzero(np.isfinite(cost)).tolist():
        here = (slot <= t) & (paid > cost[t])
        many, pays = tubes[here], paid[here] - cost[t]
        room = np.clip(batch - (np.cumsum(many) - many), 0.0, many)
        gain[t] = float(room @ pays)
    return gain


def _costs(place: Row, rules: model.LabRules, start: dt.datetime) -> Floats:
    """The least a tube can cost whose run starts in each slot, inf where none may start."""
    cost = np.full(math.ceil(rules.horizon_h / SLOT_H), np.inf)
    slots = np.arange(len(cost)) * SLOT_H
    for opens, closes in _opening(place, rules.horizon_h, start):
        begins = np.maximum(slots, opens)
        ends = begins + place["run_h"]
        may = (begins < slots + SLOT_H) & (ends <= closes + CLOSE)
        result = ends + rules.report_h
        dear = result + rules.late_weight * np.maximum(0.0, result - rules.due_h)
        cost = np.where(may, np.minimum(cost, dear), cost)
    return cost


def _opening(place: Row, horizon_h: float, start: dt.datetime) -> list[tuple[float, float]]:
    opens, closes = place.get("opens_h"), place.get("closes_h")
    if opens is None or closes is None or (closes - opens) % 24 == 0:
        return [(0.0, horizon_h)]
    since = start.hour + start.minute / 60 + start.second / 3600 + start.microsecond / 3.6e9
    days = range(-1, math.ceil((horizon_h + since) / 24) + 1)
    begins = [24 * day + opens - since for day in days]
    lasts = (closes - opens) % 24
    cut = [(max(0.0, at), min(horizon_h, at + lasts)) for at in begins]
    return [(a, b) for a, b in cut if a < b]


def _hour(moment: dt.datetime, start: dt.datetime) -> float:
    return (moment - start).total_seconds() / 3600


def _ball(rows: list[Row]) -> Floats:
    """Points on the unit ball; without coordinates nothing is near."""
    where = [[row[key] if row[key] is not None else math.nan for row in rows]
             for key in ("lon", "lat")]  # fmt: skip
    lon, lat = np.radians(np.array(where, np.float64))
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def _apart(spots: Floats, point: Floats) -> Floats:
    chord = np.sqrt(((spots - point) ** 2).sum(axis=1))
    km: Floats = 2 * RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1.0))
    return km

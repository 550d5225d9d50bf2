"""The latest day on which each order can be placed and still arrive before it is needed.

A plan over several days says how much of a good each enterprise delivers to each store, not how
long the order may wait.  Goods serve in the order in which they arrive: the part of an order that
a store needs first must be there on the day its stock would fall below zero without it; what only
fills the days of cover must be there on the last day.  Each enterprise then delivers as late as
its units a day allow.  Deliveries to a store that limits what comes in a day stay on their day.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.network import model
from zhongshu.kernel.time import DAY

Row = dict[str, Any]
Key = tuple[str, str]  # store and item
CLOSE = 1e-3  # as exact as the engine's own check


@dataclasses.dataclass(frozen=True, slots=True)
class Delivery:
    """Ordered on `order_by` at the latest, so that it arrives on `arrives`; needed on `needed_by`.

    runs_out: the first day on which the store lacks of the good without it; None: it only fills
    the days of cover."""

    supplier_id: str
    store_id: str
    item: str
    order_by: dt.date
    arrives: dt.date
    needed_by: dt.date
    runs_out: dt.date | None
    quantity: float


@dataclasses.dataclass(frozen=True, slots=True)
class _Chunk:
    row: Row
    lead: int
    needed: int
    runs_out: int | None
    fixed: bool


def deliveries(
    plan: model.NetworkPlan, tables: Mapping[str, pa.Table], *, on: dt.date, days: int
) -> list[Delivery]:
    """What the plan orders, each as late as it can be.  Never later than a store can wait, never
    more of an enterprise on a day than it sells."""
    orders = sorted(
        plan.orders.to_pylist(), key=lambda one: (one["arrives_on"], one["supplier_id"])
    )
    stock = without_orders(plan, tables, on=on, days=days)
    narrow = {one["store_id"] for one in tables["stores"].to_pylist() if one["in_m3_per_day"]}
    sold: dict[Key, list[_Chunk]] = collections.defaultdict(list)
    before: dict[Key, float] = collections.defaultdict(float)
    for row in orders:
        key = row["store_id"], row["item"]
        short = np.flatnonzero(stock[key] + before[key] < -CLOSE)
        before[key] += row["quantity"]
        arrives = (row["arrives_on"] - on).days
        out = int(short[0]) if short.size else None
        fixed = row["store_id"] in narrow
        needed = arrives if fixed else max(arrives, days - 1 if out is None else out)
        lead = (row["arrives_on"] - row["ordered_on"]).days
        chunk = _Chunk(row, lead, needed, out, fixed)
        sold[row["supplier_id"], row["item"]].append(chunk)
    per_day = _per_day(tables["suppliers"])
    return [
        one
        for key, chunks in sorted(sold.items())
        for one in _as_late_as_possible(chunks, per_day[key], on)
    ]


def without_orders(
    plan: model.NetworkPlan, tables: Mapping[str, pa.Table], *, on: dt.date, days: int
) -> Mapping[Key, NDArray[np.float64]]:
    """By store and item, what it has at the end of each day if nothing of the plan is ordered;
    below zero is what it lacks by then."""
    change: dict[Key, NDArray[np.float64]] = collections.defaultdict(lambda: np.zeros(days))

    def put(store: str, item: str, day: dt.date, quantity: float) -> None:
        number = (day - on).days
        if number < days:
            change[store, item][max(0, number)] += quantity

    for one in tables["lots"].to_pylist():
        if one["expires_on"] is None or one["expires_on"] >= on:
            put(one["store_id"], one["item"], on, one["quantity"])
    for one in plan.waste.to_pylist():
        if one["expires_on"] >= on:
            put(one["store_id"], one["item"], one["expires_on"] + DAY, -one["quantity"])
    for one in plan.moves.to_pylist():
        put(one["to_store"], one["item"], one["arrives_on"], one["quantity"])
        put(one["from_store"], one["item"], one["leaves_on"], -one["quantity"])
    for one in tables["needs"].to_pylist():
        put(one["store_id"], one["item"], one["date"], -one["quantity"])
    for one in plan.unmet.to_pylist():
        put(one["store_id"], one["item"], one["date"], one["quantity"])
    return collections.defaultdict(
        lambda: np.zeros(days), {key: np.cumsum(told) for key, told in change.items()}
    )


def _per_day(suppliers: pa.Table) -> Mapping[Key, float]:
    found: dict[Key, float] = {}
    for one in suppliers.to_pylist():
        key = one["supplier_id"], one["item"]
        found[key] = max(found.get(key, 0.0), one["per_day"])
    return found


def _as_late_as_possible(chunks: Sequence[_Chunk], per_day: float, on: dt.date) -> list[Delivery]:
    """From the last day back, those that may wait longest first; a day's rest of the enterprise is
    divided."""
    left: dict[int, float] = collections.defaultdict(lambda: per_day)
    made = []
    latest_first = sorted(chunks, key=lambda one: (not one.fixed, one.lead - one.needed))
    for one in latest_first:
        rest, day = one.row["quantity"], one.needed - one.lead
        while rest > 0 and day >= 0:
            last_day = one.fixed or day == 0  # what rounding leaves over
            part = rest if last_day else min(rest, left[day])
            left[day] -= part
            rest -= part
            if part > 0:
                made.append(_delivery(one, day, part, on))
            day -= 1
    return sorted(made, key=lambda one: (one.order_by, one.store_id))


def _delivery(one: _Chunk, day: int, quantity: float, on: dt.date) -> Delivery:
    return Delivery(
        supplier_id=one.row["supplier_id"],
        store_id=one.row["store_id"],
        item=one.row["item"],
        order_by=on + day * DAY,
        arrives=on + (day + one.lead) * DAY,
        needed_by=on + one.needed * DAY,
        runs_out=None if one.runs_out is None else on + one.runs_out * DAY,
        quantity=quantity,
    )

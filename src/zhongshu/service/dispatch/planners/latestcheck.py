"""Re-checks latest days from the tables alone.  Shares no code with `latest`.

The stores are run day by day on what is delivered that late.  One sentence per fault.
"""

from __future__ import annotations

import collections
import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.supply.network import model
from zhongshu.service.dispatch.planners.latest import Delivery

CLOSE = 1e-2


def check(
    late: Sequence[Delivery],
    plan: model.NetworkPlan,
    tables: Mapping[str, pa.Table],
    *,
    on: dt.date,
    days: int,
) -> list[str]:
    return [
        *_amounts(late, plan),
        *_enterprises(late, tables, on),
        *_stores(late, plan, tables, on, days),
    ]


def _amounts(late: Sequence[Delivery], plan: model.NetworkPlan) -> list[str]:
    sums: dict[tuple[str, str, str], float] = collections.defaultdict(float)
    for row in plan.orders.to_pylist():
        sums[row["supplier_id"], row["store_id"], row["item"]] += row["quantity"]
    for one in late:
        sums[one.supplier_id, one.store_id, one.item] -= one.quantity
    return [f"{key} is off by {off}" for key, off in sums.items() if abs(off) > CLOSE]


def _enterprises(
    late: Sequence[Delivery], tables: Mapping[str, pa.Table], on: dt.date
) -> list[str]:
    rows = tables["suppliers"].to_pylist()
    lead = {(r["supplier_id"], r["item"], r["store_id"]): r["lead_days"] for r in rows}
    most: dict[tuple[str, str], float] = collections.defaultdict(float)
    for row in rows:
        key = row["supplier_id"], row["item"]
        most[key] = max(most[key], row["per_day"])
    sold: dict[tuple[str, str, dt.date], float] = collections.defaultdict(float)
    faults = []
    for one in late:
        took = (one.arrives - one.order_by).days
        if took != lead[one.supplier_id, one.item, one.store_id] or one.order_by < on:
            faults.append(f"{one} does not keep to its lead time")
        sold[one.supplier_id, one.item, one.order_by] += one.quantity
    for (supplier, item, day), amount in sold.items():
        if amount > most[supplier, item] + CLOSE:
            faults.append(f"{supplier} sells {amount} of {item} on {day}")
    return faults


def _stores(
    late: Sequence[Delivery],
    plan: model.NetworkPlan,
    tables: Mapping[str, pa.Table],
    on: dt.date,
    days: int,
) -> list[str]:
    """What is there each evening.  Lots that the plan lets expire count until they do."""
    events: dict[tuple[str, str], dict[dt.date, float]] = {}

    def put(store: str, item: str, day: dt.date, amount: float) -> None:
        by_day = events.setdefault((store, item), collections.defaultdict(float))
        by_day[day] += amount

    for lot in tables["lots"].to_pylist():
        if lot["expires_on"] is None or lot["expires_on"] >= on:
            put(lot["store_id"], lot["item"], on, lot["quantity"])
    for lost in plan.waste.to_pylist():
        if lost["expires_on"] >= on:
            gone = lost["expires_on"] + dt.timedelta(days=1)
            put(lost["store_id"], lost["item"], gone, -lost["quantity"])
    for move in plan.moves.to_pylist():
        put(move["to_store"], move["item"], move["arrives_on"], move["quantity"])
        put(move["from_store"], move["item"], move["leaves_on"], -move["quantity"])
    for row in tables["needs"].to_pylist():
        put(row["store_id"], row["item"], row["date"], -row["quantity"])
    for row in plan.unmet.to_pylist():
        put(row["store_id"], row["item"], row["date"], row["quantity"])
    for one in late:
        put(one.store_id, one.item, one.arrives, one.quantity)
    faults = []
    for (store, item), by_day in events.items():
        there = 0.0
        for n in range(days):
            day = on + dt.timedelta(days=n)
            there += by_day.get(day, 0.0)
            if there < -CLOSE:
                faults.append(f"{store} lacks {-there} of {item} on {day}")
                break
    return faults

"""Re-checks a plan over several days from its tables alone.  Shares no code with the solver.

The stores are run day by day, first expiring used first.
One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.network import expiry, model

Row = dict[str, Any]
Shelves = dict[tuple[str, str, dt.date], NDArray[np.float64]]
Uses = dict[tuple[str, str, dt.date], dict[dt.date, float]]
NEVER = dt.date.max
CLOSE = 1e-3


def check(
    plan: model.NetworkPlan,
    *,
    stores: pa.Table,
    goods: pa.Table,
    lots: pa.Table,
    needs: pa.Table,
    suppliers: pa.Table,
    rules: model.NetworkRules,
    on: dt.date,
) -> list[str]:
    moves, orders = plan.moves.to_pylist(), plan.orders.to_pylist()
    catalogue = {row["item"]: row for row in goods.to_pylist()}
    places = {row["store_id"]: row for row in stores.to_pylist()}
    days = [on + dt.timedelta(days=n) for n in range(rules.horizon_days)]
    shelves = _shelves(lots.to_pylist(), moves, orders, days)
    uses: Uses = collections.defaultdict(dict)
    served = _days(shelves, needs.to_pylist(), plan.unmet.to_pylist(), days=days, uses=uses)
    needed = {row["item"] for row in needs.to_pylist() if row["quantity"] > 0}
    expired = {
        (store, item, last): float(level[days.index(last)])
        for (store, item, last), level in shelves.items()
        if last in days and item in needed
    }
    gap = plan.answer.value - (plan.answer.bound or 0.0) + 1.0 + 1e-6 * plan.answer.value
    price = {item: row["yuan"] for item, row in catalogue.items()}
    return [
        *_travel(moves, places, catalogue, rules, days),
        *_room(moves, orders, places, catalogue),
        *_suppliers(orders, suppliers.to_pylist(), days),
        *served,
        *expiry.check(expired, uses, moves, lots.to_pylist(), yuan_most=gap, yuan=price),
        *expiry.told(plan.waste, expired, on=on, yuan_most=gap, yuan=price),
        *_told(plan, needs.to_pylist()),
        *_yuan(plan, catalogue, rules, on=on),
    ]


def _travel(
    moves: list[Row],
    places: dict[str, Row],
    catalogue: dict[str, Row],
    rules: model.NetworkRules,
    days: list[dt.date],
) -> list[str]:
    faults = []
    for move in moves:
        said = f"{move['item']} from {move['from_store']} to {move['to_store']}"
        took = (move["arrives_on"] - move["leaves_on"]).days
        if took < rules.least_lead_days or took * rules.km_per_day < move["km"] - CLOSE:
            faults.append(f"{said} is faster than it can be")
        if not days[0] <= move["leaves_on"] <= move["arrives_on"] <= days[-1]:
            faults.append(f"{said} lies outside the days planned")
        if move["expires_on"] and move["arrives_on"] > move["expires_on"]:
            faults.append(f"{said} arrives after it has expired")
        ends = (places[move["from_store"]], places[move["to_store"]])
        if catalogue[move["item"]]["cold"] and not all(end["cold"] for end in ends):
            faults.append(f"{said} breaks the cold chain")
        if abs(move["m3"] - move["quantity"] * catalogue[move["item"]]["m3"]) > CLOSE:
            faults.append(f"{said} has another volume than its quantity")
    return faults


def _room(
    moves: list[Row], orders: list[Row], places: dict[str, Row], catalogue: dict[str, Row]
) -> list[str]:
    out: dict[tuple[str, dt.date], float] = collections.defaultdict(float)
    into: dict[tuple[str, dt.date], float] = collections.defaultdict(float)
    for move in moves:
        out[move["from_store"], move["leaves_on"]] += move["m3"]
        into[move["to_store"], move["arrives_on"]] += move["m3"]
    for order in orders:
        m3 = order["quantity"] * catalogue[order["item"]]["m3"]
        into[order["store_id"], order["arrives_on"]] += m3
    faults = []
    for used, column, word in ((out, "out_m3_per_day", "ships"), (into, "in_m3_per_day", "takes")):
        for (store, day), m3 in used.items():
            limit = places[store][column]
            if limit is not None and m3 > limit * (1 + 1e-6) + CLOSE:
                faults.append(f"{store} {word} {m3:.3f} m3 on {day}, {limit} it can")
    return faults


def _suppliers(orders: list[Row], offers: list[Row], days: list[dt.date]) -> list[str]:
    faults = []
    sold: dict[tuple[str, str, dt.date], float] = collections.defaultdict(float)
    most: dict[tuple[str, str], float] = collections.defaultdict(float)
    lead = {}
    for offer in offers:
        key = (offer["supplier_id"], offer["item"])
        most[key] = max(most[key], offer["per_day"])
        lead[*key, offer["store_id"]] = offer["lead_days"]
    for order in orders:
        key = (order["supplier_id"], order["item"])
        sold[*key, order["ordered_on"]] += order["quantity"]
        took = (order["arrives_on"] - order["ordered_on"]).days
        if took != lead[*key, order["store_id"]] or order["arrives_on"] > days[-1]:
            faults.append(f"{key[0]} delivers {key[1]} on another day than it can")
    for (supplier, item, day), quantity in sold.items():
        if quantity > most[supplier, item] * (1 + 1e-6) + CLOSE:
            faults.append(f"{supplier} sells more {item} on {day} than it has")
    return faults


def _days(
    shelves: Shelves, needs: list[Row], unmet: list[Row], *, days: list[dt.date], uses: Uses
) -> list[str]:
    """Runs the shelves; what was named unmet and what they lack must be the same.  uses: filled
    by store, item and day, with what was taken by the last day of its lot."""
    faults = [
        f"{store} ships {item} that it does not have"
        for (store, item, _), level in shelves.items()
        if (level < -CLOSE * max(1.0, float(np.abs(level).max()))).any()
    ]
    told = {(row["store_id"], row["item"], row["date"]): row["quantity"] for row in unmet}
    wanted: dict[tuple[dt.date, str, str], float] = collections.defaultdict(float)
    for row in needs:
        wanted[row["date"], row["store_id"], row["item"]] += row["quantity"]
    lasts: dict[tuple[str, str], list[dt.date]] = collections.defaultdict(list)
    for store, item, last in sorted(shelves):
        lasts[store, item].append(last)
    for (date, store, item), quantity in sorted(wanted.items()):
        given = quantity - told.get((store, item, date), 0.0)
        mine = [last for last in lasts[store, item] if last >= date]
        ends = [days.index(last) if last in days else len(days) - 1 for last in mine]
        levels = [shelves[store, item, last] for last in mine]
        taken = _serve(levels, given, day=days.index(date), ends=ends)
        uses[store, item, date] = dict(zip(mine, taken, strict=True))
        missing = given - sum(taken)
        if missing > CLOSE * max(1.0, quantity):
            faults.append(f"{store} lacks {missing:.4f} {item} more than told on {date}")
    return faults


def _shelves(lots: list[Row], moves: list[Row], orders: list[Row], days: list[dt.date]) -> Shelves:
    """What lies in each store of each item and last day, by day, were nothing used."""
    shelves: Shelves = collections.defaultdict(lambda: np.zeros(len(days)))

    def put(row: Row, store: str, quantity: float, date: dt.date) -> None:
        last = row.get("expires_on") or NEVER
        key = (row[store], row["item"], NEVER if last >= days[-1] else last)
        shelves[key][days.index(date) :] += quantity

    for row in lots:
        if row["expires_on"] is None or row["expires_on"] >= days[0]:
            put(row, "store_id", row["quantity"], days[0])
    for row in moves:
        put(row, "from_store", -row["quantity"], row["leaves_on"])
        put(row, "to_store", row["quantity"], row["arrives_on"])
    for row in orders:
        put(row, "store_id", row["quantity"], row["arrives_on"])
    return shelves


def _serve(
    levels: list[NDArray[np.float64]], quantity: float, *, day: int, ends: list[int]
) -> list[float]:
    """By lot: takes from those that expire first what no later journey needs."""
    found = []
    for level, end in zip(levels, ends, strict=True):
        taken = min(max(float(level[day : end + 1].min()), 0.0), quantity)
        level[day:] -= taken
        quantity -= taken
        found.append(taken)
    return found


def _told(plan: model.NetworkPlan, needs: list[Row]) -> list[str]:
    lacking: dict[tuple[str, str], float] = collections.defaultdict(float)
    wanted: dict[tuple[str, str], float] = collections.defaultdict(float)
    for row in needs:
        wanted[row["store_id"], row["item"]] += row["quantity"]
    for row in plan.unmet.to_pylist():
        lacking[row["store_id"], row["item"]] += row["quantity"]
    faults = []
    for row in plan.shares.to_pylist():
        key = (row["store_id"], row["item"])
        if abs(row["need"] - wanted[key]) > CLOSE or abs(row["unmet"] - lacking[key]) > CLOSE:
            faults.append(f"the share of {key[1]} unmet in {key[0]} is told wrong")
    return faults


def _yuan(
    plan: model.NetworkPlan, catalogue: dict[str, Row], rules: model.NetworkRules, *, on: dt.date
) -> list[str]:
    moved = sum(r["m3"] * r["km"] * rules.yuan_per_m3_km for r in plan.moves.to_pylist())
    bought = sum(row["yuan"] for row in plan.orders.to_pylist())
    lost = sum(
        row["quantity"] * catalogue[row["item"]]["yuan"]
        for row in plan.waste.to_pylist()
        if row["expires_on"] >= on
    )
    total = moved + bought + lost
    if abs(total - plan.answer.value) > 1e-4 * max(1.0, total):
        return [f"the plan costs {total:.2f} yuan, not {plan.answer.value:.2f}"]
    return []

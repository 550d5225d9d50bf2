"""Re-checks a supply plan from its tables alone.  Shares no code with the solver.

One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply import model

Row = dict[str, Any]


def check(
    plan: model.SupplyPlan, *, stocks: pa.Table, rules: model.SupplyRules, on: dt.date
) -> list[str]:
    held = _held(stocks.to_pylist(), on)
    moves = plan.moves.to_pylist()
    cover = {(row["store_id"], row["item"]): row for row in plan.cover.to_pylist()}
    return [
        *_moves(moves, held, cover, rules, on),
        *_takers(moves, cover, rules),
        *_unmet(plan),
        *_cover(cover, held),
        *_value(plan, moves),
    ]


def _held(rows: list[Row], on: dt.date) -> dict[tuple[str, str], float]:
    """Pieces per store and item that are good today, corrections taken off."""
    total: dict[tuple[str, str], float] = collections.defaultdict(float)
    for row in rows:
        good = row["expires_on"] is None or row["expires_on"] >= on or row["quantity"] < 0
        total[row["store_id"], row["item"]] += (row["quantity"] or 0.0) if good else 0.0
    return {key: max(0.0, pieces) for key, pieces in total.items()}


def _moves(
    moves: list[Row],
    held: dict[tuple[str, str], float],
    cover: dict[tuple[str, str], Row],
    rules: model.SupplyRules,
    on: dt.date,
) -> list[str]:
    faults = []
    given: dict[tuple[str, str], float] = collections.defaultdict(float)
    for move in moves:
        given[move["from_store"], move["item"]] += move["quantity"]
        if move["quantity"] <= 0 or move["from_store"] == move["to_store"]:
            faults.append(
                f"a move of {move['item']} from {move['from_store']} is empty or circular"
            )
        lead = max(rules.least_lead_days, math.ceil(move["km"] / rules.km_per_day))
        if (move["arrives_on"] - on).days != lead:
            faults.append(f"a move to {move['to_store']} arrives on another day than it can")
        if move["km"] < rules.in_county_km - 1e-9:
            faults.append(f"a move to {move['to_store']} is shorter than inside a county")
    for (store, item), quantity in given.items():
        if quantity > held[store, item] + 1e-6:
            faults.append(f"{store} gives {quantity} {item} of {held[store, item]}")
        if cover[store, item]["days"] < rules.target(item) - 1e-6:
            faults.append(f"{store} gives {item} though it lasts only {cover[store, item]['days']}")
    return faults


def _takers(
    moves: list[Row], cover: dict[tuple[str, str], Row], rules: model.SupplyRules
) -> list[str]:
    """Nobody gives and takes the same item; nobody takes who has enough."""
    givers = {(move["from_store"], move["item"]) for move in moves}
    faults = []
    for move in moves:
        key = move["to_store"], move["item"]
        if key in givers or cover[key]["days"] >= rules.target(move["item"]) - 1e-6:
            faults.append(f"{key[0]} takes {key[1]} and has enough or gives it away")
    return faults


def _unmet(plan: model.SupplyPlan) -> list[str]:
    return [
        f"{row['county_code']} is left without {row['quantity']} {row['item']}"
        for row in plan.unmet.to_pylist()
        if row["quantity"] <= 0 or row["reason"] not in ("no_surplus_left", "no_store_in_county")
    ]


def _cover(cover: dict[tuple[str, str], Row], held: dict[tuple[str, str], float]) -> list[str]:
    faults = []
    for key, row in cover.items():
        if abs(row["quantity"] - held[key]) > 1e-6:
            faults.append(f"{key[0]} counts {row['quantity']} {key[1]}, holds {held[key]}")
        if (row["state"] == "out") != (row["days"] < 1 and row["days"] < row["target_days"]):
            faults.append(f"{key[0]} {key[1]}: state {row['state']} at {row['days']} days")
    return faults


def _value(plan: model.SupplyPlan, moves: list[Row]) -> list[str]:
    value = sum(move["quantity"] * move["km"] for move in moves)
    same = math.isclose(value, plan.unit_km, rel_tol=1e-9, abs_tol=1e-9)
    return [] if same else [f"the unit-km are {value}, not {plan.unit_km}"]

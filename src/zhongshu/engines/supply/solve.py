"""How long every item lasts, where it runs short, and what should move before it does."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply import flow, model, report, shelf, stores
from zhongshu.engines.supply.stores import Row, Shelf
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash


def cover(
    *,
    stocks: pa.Table,
    demand: pa.Table,
    counties: pa.Table,
    rules: model.SupplyRules,
    on: dt.date,
) -> model.SupplyPlan:
    """Days of cover, shortages by date, moves, what stays unmet, what expires.

    Tables: model.STOCKS, DEMAND (on top of the stores' daily use), COUNTIES (a point each, for
    distances).  A county's demand is shared among its stores by their use.  A store gives only
    what it does not need itself for keep_days and its target.
    Refuses: negative use or demand, demand before `on`, counties without a point.
    Does not: procure, move stock that will expire at the giver, or weigh urgency against distance:
    what can be met is met, at the least quantity x km.
    """
    began = time.perf_counter()
    shelves, remarks = stores.read(stocks, demand, rules, on=on)
    where = _points(counties, shelves)
    moves, unmet = _plan(shelves, where, rules, on)
    after = _arrived(shelves, moves)
    return model.SupplyPlan(
        cover=report.cover(shelves, rules, on=on),
        counties=report.counties(shelves, rules, on=on),
        shortages=report.shortages(shelves, after, rules, on=on),
        moves=pa.Table.from_pylist([_public(move) for move in moves], schema=model.MOVES),
        unmet=pa.Table.from_pylist(unmet, schema=model.UNMET),
        expiring=report.expiring(shelves, rules, on=on),
        remarks=remarks,
        unit_km=float(sum(move["quantity"] * move["km"] for move in moves)),
        unit_km_bound=float(sum(move["quantity"] * move["km"] for move in moves)),
        seconds=time.perf_counter() - began,
        card=RunCard(
            engine="supply.cover",
            version=model.VERSION,
            parameters={**dataclasses.asdict(rules), "on": on.isoformat()},
            inputs={
                "stocks": table_hash(stocks),
                "demand": table_hash(demand),
                "counties": table_hash(counties),
            },
        ),
    )


def _points(counties: pa.Table, shelves: list[Shelf]) -> dict[str, tuple[float, float]]:
    tables.require(counties, "counties", model.COUNTIES.names)
    points = {row["county_code"]: (row["lon"], row["lat"]) for row in counties.to_pylist()}
    missing = sorted({s.county_code for s in shelves if None in points.get(s.county_code, (None,))})
    if missing:
        raise BadInput(
            "supply.county_without_point",
            f"No coordinates for county {', '.join(missing[:5])}; add them to 'counties'.",
            counties=missing,
        )
    return points


def _plan(
    shelves: list[Shelf],
    where: dict[str, tuple[float, float]],
    rules: model.SupplyRules,
    on: dt.date,
) -> tuple[list[Row], list[Row]]:
    moves: list[Row] = []
    unmet: list[Row] = []
    for item in sorted({one.item for one in shelves}):
        mine = [one for one in shelves if one.item == item]
        spare = np.array([_surplus(one, rules, on) for one in mine])
        lack = np.array([_deficit(one, rules, on) for one in mine])
        givers = [one for one, n in zip(mine, spare, strict=True) if n > 0]
        takers = [one for one, n in zip(mine, lack, strict=True) if n > 0 and one.store_id]
        wanted = np.array([n for one, n in zip(mine, lack, strict=True) if n > 0 and one.store_id])
        km = _km(givers, takers, where, rules)
        sent, missing = flow.moves(spare[spare > 0], wanted, km)
        for g, t in zip(*np.nonzero(sent > 0), strict=True):
            quantity, road = float(sent[g, t]), float(km[g, t])
            moves.append(_move(givers[g], takers[t], quantity, road, rules, on=on))
        unmet += [
            _unmet(one, float(n), "no_surplus_left")
            for one, n in zip(takers, missing, strict=True)
            if n > 0
        ]
        unmet += [
            _unmet(one, float(n), "no_store_in_county")
            for one, n in zip(mine, lack, strict=True)
            if n > 0 and not one.store_id
        ]
    return moves, unmet


def _surplus(one: Shelf, rules: model.SupplyRules, on: dt.date) -> float:
    """Whole units a store can spare."""
    keep = max(rules.keep_days, math.ceil(rules.target(one.item)))
    return float(math.floor(shelf.surplus(one.lots, one.need[:keep], on=on) + 1e-9))


def _deficit(one: Shelf, rules: model.SupplyRules, on: dt.date) -> float:
    """Whole units a store lacks to reach its target days."""
    target = rules.target(one.item)
    need = one.need[: math.ceil(target)].copy()
    if len(need) and target % 1:
        need[-1] *= target % 1
    return float(math.ceil(shelf.run(one.lots, need, on=on).short.sum() - 1e-9))


def _km(
    givers: list[Shelf],
    takers: list[Shelf],
    where: dict[str, tuple[float, float]],
    rules: model.SupplyRules,
) -> NDArray[np.float64]:
    a = np.array([where[one.county_code] for one in givers]).reshape(-1, 2)
    b = np.array([where[one.county_code] for one in takers]).reshape(-1, 2)
    road = geo.matrix_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1]) * rules.detour_factor
    return np.maximum(road, rules.in_county_km)


def _move(
    giver: Shelf, taker: Shelf, quantity: float, km: float, rules: model.SupplyRules, *, on: dt.date
) -> Row:
    lead = max(rules.least_lead_days, math.ceil(km / rules.km_per_day))
    return {
        "item": giver.item,
        "unit": giver.unit,
        "from_store": giver.store_id,
        "to_store": taker.store_id,
        "from_county": giver.county_code,
        "to_county": taker.county_code,
        "quantity": quantity,
        "km": km,
        "arrives_on": on + lead * shelf.DAY,
        "giver": giver,
        "taker": taker,
    }


def _unmet(one: Shelf, quantity: float, reason: str) -> Row:
    base = {"county_code": one.county_code, "item": one.item}
    return {**base, "quantity": quantity, "reason": reason}


def _arrived(shelves: list[Shelf], moves: list[Row]) -> list[Shelf]:
    """The shelves with all moves under way: gone from the givers, usable from the arrival on."""
    lots = {id(one): list(one.lots) for one in shelves}
    for move in moves:
        stay, gone = shelf.give(
            lots[id(move["giver"])], move["quantity"], arrives_on=move["arrives_on"]
        )
        lots[id(move["giver"])] = stay
        lots[id(move["taker"])] += gone
    return [dataclasses.replace(one, lots=lots[id(one)]) for one in shelves]


def _public(move: Row) -> dict[str, Any]:
    return {name: move[name] for name in model.MOVES.names}

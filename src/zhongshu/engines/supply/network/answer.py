"""Turning the columns of the programs into the tables of the plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.network import model
from zhongshu.engines.supply.network.build import Part, shipped
from zhongshu.engines.supply.network.ground import Ground
from zhongshu.engines.supply.network.reasons import Reasons

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Row = dict[str, Any]
LEAST = 1e-5
"""Quantities below it are rounding."""


def tables(ground: Ground, parts: list[tuple[Part, Floats]]) -> dict[str, pa.Table]:
    """The tables of `model.NetworkPlan` by their names."""
    full = _full(ground, parts)
    rows: dict[str, list[Row]] = {
        "moves": [row for part, x in parts for row in _moves(ground, part, x)],
        "orders": [row for part, x in parts for row in _orders(ground, part, x)],
        "unmet": [row for part, x in parts for row in _unmet(ground, part, x, full)],
        "shares": [row for part, x in parts for row in _shares(ground, part, x)],
        "waste": [*_expired(ground), *(r for part, x in parts for r in _waste(ground, part, x))],
        "reserve": [row for part, x in parts for row in _reserve(ground, part, x)],
    }
    schemas = {name: getattr(model, name.upper()) for name in rows}
    return {name: pa.Table.from_pylist(rows[name], schema=schemas[name]) for name in rows}


def used_m3(ground: Ground, part: Part, x: Floats) -> tuple[Floats, Floats]:
    """What leaves and what reaches each store on each day."""
    used = np.zeros((2, *ground.room_out.shape))
    for side, (columns, store, day) in enumerate(shipped(ground, part)):
        np.add.at(used[side], (store, day), x[columns] * part.good.m3)
    return used[0], used[1]


def _full(ground: Ground, parts: list[tuple[Part, Floats]]) -> Bools:
    """Whether the room of a store was used up on a day: leaving, arriving."""
    used = np.zeros((2, *ground.room_out.shape))
    for part, x in parts:
        used += used_m3(ground, part, x)
    limit = np.stack([ground.room_out, ground.room_in])
    full: Bools = used >= limit * (1 - 1e-6) - LEAST
    return full


def _amount(quantity: float) -> float:
    """Without the last digits, which are rounding."""
    return round(float(quantity), 6)


def _day(ground: Ground, day: int) -> dt.date:
    return ground.on + dt.timedelta(days=int(day))


def _moves(ground: Ground, part: Part, x: Floats) -> list[Row]:
    rows = []
    for layer in part.layers:
        lasts = layer.last == ground.days - 1
        for n in np.flatnonzero(x[layer.ship] > LEAST):
            arc, quantity = layer.arc[n], _amount(x[layer.ship[n]])
            rows.append(
                {
                    "item": part.good.item,
                    "from_store": ground.ids[ground.tail[arc]],
                    "to_store": ground.ids[ground.head[arc]],
                    "leaves_on": _day(ground, layer.leaves[n]),
                    "arrives_on": _day(ground, layer.leaves[n] + ground.lead[arc]),
                    "quantity": quantity,
                    "expires_on": None if lasts else _day(ground, layer.last),
                    "km": float(ground.km[arc]),
                    "m3": quantity * part.good.m3,
                }
            )
    return rows


def _orders(ground: Ground, part: Part, x: Floats) -> list[Row]:
    return [
        {
            "supplier_id": offer.supplier,
            "item": part.good.item,
            "store_id": ground.ids[offer.to[at[n]]],
            "ordered_on": _day(ground, day[n]),
            "arrives_on": _day(ground, day[n] + offer.lead[at[n]]),
            "quantity": _amount(x[ordered[n]]),
            "yuan": float(x[ordered[n]] * offer.yuan[at[n]]),
        }
        for offer, at, day, ordered in part.orders
        for n in np.flatnonzero(x[ordered] > LEAST)
    ]


def _unmet(ground: Ground, part: Part, x: Floats, full: Bools) -> list[Row]:
    reasons = Reasons(ground, part, x, full_out=full[0], full_in=full[1])
    rows = []
    for n in np.flatnonzero(x[part.lack] > LEAST):
        reason, by = reasons.of(int(part.store[n]), int(part.day[n]))
        rows.append(
            {
                "store_id": ground.ids[part.store[n]],
                "item": part.good.item,
                "date": _day(ground, part.day[n]),
                "quantity": _amount(x[part.lack[n]]),
                "reason": reason,
                "bound_by": by,
            }
        )
    return rows


def _shares(ground: Ground, part: Part, x: Floats) -> list[Row]:
    need = part.good.need.sum(axis=1)
    unmet = np.zeros(len(ground.ids))
    lack = np.where(x[part.lack] > LEAST, x[part.lack], 0.0)
    np.add.at(unmet, part.store, lack)
    return [
        {
            "store_id": ground.ids[n],
            "item": part.good.item,
            "need": float(need[n]),
            "unmet": _amount(unmet[n]),
            "share": float(unmet[n] / need[n]),
        }
        for n in part.who
    ]


def _waste(ground: Ground, part: Part, x: Floats) -> list[Row]:
    return [
        {
            "store_id": ground.ids[layer.node[n]],
            "item": part.good.item,
            "expires_on": _day(ground, layer.last),
            "quantity": _amount(x[layer.kept[n, -1]]),
        }
        for layer in part.layers
        if layer.last < ground.days - 1
        for n in np.flatnonzero(x[layer.kept[:, -1]] > LEAST)
    ]


def _expired(ground: Ground) -> list[Row]:
    return [{name: row[name] for name in model.WASTE.names} for row in ground.expired]


def _reserve(ground: Ground, part: Part, x: Floats) -> list[Row]:
    short = x[part.short].sum(axis=1)
    return [
        {
            "store_id": ground.ids[part.who[n]],
            "item": part.good.item,
            "quantity": _amount(short[n]),
        }
        for n in np.flatnonzero(short > LEAST)
    ]

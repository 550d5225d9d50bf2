"""What moves between all stores over several days, what is ordered, and who goes short why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.network import answer, levels, model, share
from zhongshu.engines.supply.network.build import Part, build
from zhongshu.engines.supply.network.ground import Ground, read
from zhongshu.kernel.plan import Answer, unserved
from zhongshu.kernel.runcard import RunCard, table_hash

Floats = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Found:
    """The goods of one rank with their columns; yuan, and what it cannot be under."""

    parts: list[Part]
    x: list[Floats]
    yuan: float
    bound: float


def plan(
    *,
    stores: pa.Table,
    goods: pa.Table,
    lots: pa.Table,
    needs: pa.Table,
    suppliers: pa.Table,
    rules: model.NetworkRules,
    on: dt.date,
) -> model.NetworkPlan:
    """Moves, orders, what stays unmet, what expires; tables of `model`.

    Order of aims, each to proven optimality before the next: goods of rank 1 before rank 2;
    within a rank needs met fairly (`levels`); then the reserve of the last evening, as fairly;
    then yuan.
    Refuses (BadInput) what `ground.read` refuses; a shortage is never refused but told.
    Does not: round to packages, plan vehicles and drivers (`engines.transfer`), or keep a lot
    that expires within the plan for a second journey.
    """
    began = time.perf_counter()
    given = {"stores": stores, "goods": goods, "lots": lots, "needs": needs, "suppliers": suppliers}
    ground = read(**given, rules=rules, on=on)
    found = _ranks(ground, rules)
    told = answer.tables(
        ground, [pair for one in found for pair in zip(one.parts, one.x, strict=True)]
    )
    lacking = told["unmet"].to_pylist()
    return model.NetworkPlan(
        **told,
        answer=Answer(
            planner="supplies",
            value=sum(one.yuan for one in found),
            unit="yuan",
            bound=sum(one.bound for one in found),
            seconds=time.perf_counter() - began,
            seed=None,
            unserved=unserved(
                "item",
                ((f"{r['store_id']}/{r['item']}", r["quantity"], r["reason"]) for r in lacking),
            ),
            card=RunCard(
                engine="supply.network",
                version=model.VERSION,
                parameters={**dataclasses.asdict(rules), "on": on.isoformat()},
                inputs={name: table_hash(table) for name, table in given.items()},
            ),
        ),
    )


def _ranks(ground: Ground, rules: model.NetworkRules) -> list[Found]:
    """Each rank takes of the stores' room what it needs; the next one has what is left."""
    room = (ground.room_out, ground.room_in)
    done: list[Found] = []
    for rank in sorted({good.rank for good in ground.goods}):
        goods = [good for good in ground.goods if good.rank == rank and good.need.any()]
        if goods:
            found = _rank(ground, [build(ground, good, rules) for good in goods], rules, room)
            for part, x in zip(found.parts, found.x, strict=True):
                used = answer.used_m3(ground, part, x)
                room = (np.maximum(room[0] - used[0], 0.0), np.maximum(room[1] - used[1], 0.0))
            done.append(found)
    return done


def _rank(
    ground: Ground, parts: list[Part], rules: model.NetworkRules, room: tuple[Floats, Floats]
) -> Found:
    weights = levels.weights(ground, parts, rules.yuan_per_m3_km)
    found = share.together(ground, parts, weights, room)
    yuan = sum(
        float(levels.costs(ground, part, rules.yuan_per_m3_km) @ x)
        for part, x in zip(parts, found.x, strict=True)
    )
    return Found(parts, found.x, yuan, yuan - max(found.value - found.bound, 0.0))

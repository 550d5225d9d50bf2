"""What goes out from the stores in a day, with what, in which order, and what stays behind why."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply.lastmile import clock, model
from zhongshu.engines.supply.lastmile.bound import yuan_bound
from zhongshu.engines.supply.lastmile.ground import Ground, read
from zhongshu.engines.supply.lastmile.reasons import why
from zhongshu.engines.supply.lastmile.search import Search
from zhongshu.kernel.plan import Answer, unserved
from zhongshu.kernel.runcard import RunCard, table_hash

Row = dict[str, Any]


def plan(
    *, depots: pa.Table, drops: pa.Table, vehicles: pa.Table, rules: model.MileRules
) -> model.MilePlan:
    """Runs and stops of one day; tables of `model`.

    Aims, one after the other: whoever goes first (rank, then days waited) is brought as much as can
    be; then least yuan.  The bound is of capacity and distance alone (Haimovich and Rinnooy Kan
    1985), so it is far below where windows or small loads rule.
    Refuses (BadInput) what `ground.read` refuses; what cannot be brought is told.
    Does not: choose the store of a drop, or plan who drives.
    """
    began = time.perf_counter()
    ground = read(depots=depots, drops=drops, vehicles=vehicles, rules=rules)
    search = Search(ground)
    search.solve()
    runs, stops = _tables(ground, search)
    behind = [(one, count, "no_coordinates") for one, count in ground.lost if count] + [
        (drop.id, search.left[drop.id], why(ground, drop))
        for drop in ground.drops
        if search.left[drop.id]
    ]
    asked = sum(drops["parcels"].to_pylist())
    brought = {drop.id: drop.parcels - search.left[drop.id] for drop in ground.drops}
    return model.MilePlan(
        runs=pa.Table.from_pylist(runs, schema=model.RUNS),
        stops=pa.Table.from_pylist(stops, schema=model.STOPS),
        parcels=asked,
        brought=sum(brought.values()),
        answer=Answer(
            planner="last_mile",
            value=search.yuan(),
            unit="yuan",
            bound=yuan_bound(ground, search.can, brought),
            seconds=time.perf_counter() - began,
            seed=None,
            unserved=unserved("drop", behind),
            card=RunCard(
                engine="supply.lastmile",
                version=model.VERSION,
                parameters=dataclasses.asdict(rules),
                inputs={
                    "depots": table_hash(depots),
                    "drops": table_hash(drops),
                    "vehicles": table_hash(vehicles),
                },
            ),
        ),
    )


def _tables(ground: Ground, search: Search) -> tuple[list[Row], list[Row]]:
    runs: list[Row] = []
    stops: list[Row] = []
    for vehicle in ground.vehicles:
        driven = [trip.stops for trip in search.duty[vehicle.id].trips]
        times = clock.day(ground, vehicle, driven)
        assert times is not None
        for no, (run, timed) in enumerate(zip(driven, times, strict=True), 1):
            name = f"{vehicle.id}/{no}"
            runs.append(
                {
                    "run_id": name,
                    "vehicle_id": vehicle.id,
                    "kind": vehicle.kind,
                    "store_id": ground.stores[vehicle.store],
                    "leaves_min": timed.leaves,
                    "back_min": timed.back,
                    "stops": len(run),
                    "parcels": sum(count for _, count in run),
                    "kg": sum(drop.kg * count for drop, count in run),
                    "m3": sum(drop.m3 * count for drop, count in run),
                    "km": timed.km,
                    "yuan": clock.yuan(ground, vehicle, run),
                }
            )
            for at, ((drop, count), visit) in enumerate(zip(run, timed.visits, strict=True), 1):
                warm = drop.cold and not vehicle.cold
                stops.append(
                    {
                        "run_id": name,
                        "no": at,
                        "drop_id": drop.id,
                        "parcels": count,
                        "arrives_min": visit.arrives,
                        "begins_min": visit.begins,
                        "leaves_min": visit.leaves,
                        "km": visit.km,
                        "outside_min": visit.leaves - timed.leaves if warm else None,
                    }
                )
    return runs, stops

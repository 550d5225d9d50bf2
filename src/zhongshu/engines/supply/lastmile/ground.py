"""Reading the tables of a day; refusing what cannot be planned with."""

from __future__ import annotations

import dataclasses
import functools
import math
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.supply.lastmile import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True)
class Drop:
    """kg, m3, stay: of one parcel.  point: its row of the distances, as the store's."""

    id: str
    point: int
    store: int
    parcels: int
    kg: float
    m3: float
    stay: float
    cold: bool
    out_min: float
    begins: float
    ends: float
    shop: bool
    road: bool
    factor: float
    rank: int
    waited: int


@dataclasses.dataclass(frozen=True)
class Vehicle:
    id: str
    kind: str
    store: int
    kg: float
    m3: float
    cold: bool
    sells: bool
    km_h: float
    detour: float
    range_km: float
    stops_most: int
    turn: float
    begins: float
    ends: float
    needs_road: bool
    needs_fair_weather: bool
    yuan_run: float
    yuan_km: float

    def holds(self, drop: Drop) -> int:
        """Parcels of the drop that an empty one takes."""
        rooms = ((self.kg, drop.kg), (self.m3, drop.m3))
        most = min((room / each for room, each in rooms if each > 0), default=math.inf)
        return int(min(float(drop.parcels), most + 1e-9))


@dataclasses.dataclass(frozen=True)
class Ground:
    """straight: great-circle km between all points, the stores' first; lost: drops without
    coordinates."""

    drops: tuple[Drop, ...]
    vehicles: tuple[Vehicle, ...]
    stores: tuple[str, ...]
    straight: NDArray[np.float64]
    lost: tuple[tuple[str, int], ...]
    rules: model.MileRules

    def km(self, vehicle: Vehicle, a: Drop | None, b: Drop | None) -> float:
        """Between two drops; None: the vehicle's store."""
        ways = self._ways[vehicle.detour, vehicle.needs_road]
        start = vehicle.store if a is None else a.point
        return ways[start][vehicle.store if b is None else b.point]

    @functools.cached_property
    def _ways(self) -> dict[tuple[float, bool], list[list[float]]]:
        """By detour and need of a road: km between all points.  Lists: single figures are read."""
        hill = np.ones(len(self.straight))
        hill[[drop.point for drop in self.drops]] = [drop.factor for drop in self.drops]
        roads = self.straight * np.maximum.outer(hill, hill)
        kinds = {(one.detour, one.needs_road) for one in self.vehicles}
        return {kind: ((roads if kind[1] else self.straight) * kind[0]).tolist() for kind in kinds}


def read(
    *, depots: pa.Table, drops: pa.Table, vehicles: pa.Table, rules: model.MileRules
) -> Ground:
    """Refuses (BadInput): doubled drops or vehicles, unknown stores, stores without coordinates,
    negative figures, an unknown way, vehicles that do not move."""
    _checked(depots, drops, vehicles)
    stores = {one: n for n, one in enumerate(depots["store_id"].to_pylist())}
    rows = drops.to_pylist()
    placed = [row for row in rows if row["lon"] is not None and row["lat"] is not None]
    lon = [*depots["lon"].to_pylist(), *(row["lon"] for row in placed)]
    lat = [*depots["lat"].to_pylist(), *(row["lat"] for row in placed)]
    return Ground(
        drops=tuple(_drop(row, stores, len(stores) + n) for n, row in enumerate(placed)),
        vehicles=tuple(_vehicle(row, stores) for row in vehicles.to_pylist()),
        stores=tuple(stores),
        straight=geo.matrix_km(lon, lat, lon, lat),
        lost=tuple((r["drop_id"], r["parcels"]) for r in rows if r not in placed),
        rules=rules,
    )


def _drop(row: dict[str, Any], stores: dict[str, int], point: int) -> Drop:
    each = max(1, row["parcels"])
    return Drop(
        id=row["drop_id"],
        point=point,
        store=stores[row["store_id"]],
        parcels=row["parcels"],
        kg=row["kg"] / each,
        m3=row["m3"] / each,
        stay=row["stay_min"] / each,
        cold=row["cold"],
        out_min=row["out_min"],
        begins=row["from_min"],
        ends=row["to_min"],
        shop=row["way"] == "shop",
        road=row["road"],
        factor=max(1.0, row["road_factor"]),
        rank=row["rank"],
        waited=row["waited_days"],
    )


def _vehicle(row: dict[str, Any], stores: dict[str, int]) -> Vehicle:
    same = ("kind", "kg", "m3", "cold", "sells", "km_h", "detour", "stops_most")
    more = ("needs_road", "needs_fair_weather", "yuan_run", "yuan_km")
    return Vehicle(
        id=row["vehicle_id"],
        store=stores[row["store_id"]],
        range_km=math.inf if row["range_km"] is None else row["range_km"],
        turn=row["turn_min"],
        begins=row["from_min"],
        ends=row["to_min"],
        **{name: row[name] for name in (*same, *more)},
    )


def _checked(depots: pa.Table, drops: pa.Table, vehicles: pa.Table) -> None:
    for table, name, schema, key in (
        (depots, "depots", model.DEPOTS, "store_id"),
        (drops, "drops", model.DROPS, "drop_id"),
        (vehicles, "vehicles", model.VEHICLES, "vehicle_id"),
    ):
        tables.require(table, name, schema.names)
        kinds = (pa.types.is_floating, pa.types.is_integer)
        numbers = [f.name for f in schema if any(is_(f.type) for is_ in kinds)]
        tables.not_negative(table, name, [one for one in numbers if one not in {"lon", "lat"}])
        ids = table[key].to_pylist()
        if len(set(ids)) < len(ids):
            twice = next(one for n, one in enumerate(ids) if one in ids[:n])
            raise BadInput(
                "supply.mile_twice", f"{twice} stands twice in '{name}'; keep one row.", value=twice
            )
    known = set(depots["store_id"].to_pylist())
    used = {*drops["store_id"].to_pylist(), *vehicles["store_id"].to_pylist()}
    if used - known:
        unknown = ", ".join(sorted(used - known)[:5])
        raise BadInput(
            "supply.unknown_store", f"The store {unknown} is not in 'depots'; add a row for it."
        )
    if depots["lon"].null_count or depots["lat"].null_count:
        raise BadInput(
            "supply.store_without_point", "A row of 'depots' lacks coordinates; add them."
        )
    ways = set(drops["way"].to_pylist()) - {"parcel", "shop"}
    if ways:
        raise BadInput(
            "supply.mile_way", f"A drop's way is parcel or shop, not '{sorted(map(str, ways))[0]}'."
        )
    for column in ("km_h", "detour"):
        if any(not value for value in vehicles[column].to_pylist()):
            raise BadInput(
                "supply.mile_stands", f"A vehicle with {column} 0 goes nowhere; give its figure."
            )

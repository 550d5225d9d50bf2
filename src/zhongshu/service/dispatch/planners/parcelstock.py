"""From which store each drop is packed, as far as its goods go, and of which lots: what expires
first goes first."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence

from zhongshu.kernel.geo import haversine_km
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.parcelneeds import Drop
from zhongshu.service.dispatch.planners.shapes import Ask, Row
from zhongshu.service.dispatch.planners.supplyview import LOT
from zhongshu.service.resources import facade as resources

Key = tuple[str, str]  # store and good


@dataclasses.dataclass(frozen=True)
class Store:
    thing: resources.Thing
    lon: float
    lat: float


@dataclasses.dataclass
class Lot:
    """free: of it, now."""

    code: str
    expires: dt.date | None
    free: int


@dataclasses.dataclass(frozen=True)
class Packed:
    """What of a drop a store can pack: parcels, and the units in them."""

    drop: Drop
    store: str
    parcels: int
    units: int

    def units_of(self, before: int, parcels: int) -> int:
        """Units of so many parcels after `before` others: all parts add up to `units`."""
        return self._units(before + parcels) - self._units(before)

    def _units(self, parcels: int) -> int:
        return math.ceil(self.units * parcels / self.parcels - 1e-9)


@dataclasses.dataclass(frozen=True)
class Shared:
    """packed: by drop.  short: parcels of drops for which no store has anything left."""

    packed: Mapping[str, Packed]
    short: Sequence[tuple[Drop, int]]
    lots: Mapping[Key, Sequence[Lot]]


def lots(ask: Ask, stores: Iterable[str]) -> dict[Key, list[Lot]]:
    """By store and good, what expires first first; with what the plan this one would replace has
    taken."""
    wanted = set(stores)
    kept = [one for one in common.usable(common.things(ask, LOT)) if one.part_of in wanted]
    left = resources.registry.frees(kept, ask.ground.as_of)
    found: dict[Key, list[Lot]] = collections.defaultdict(list)
    for one in kept:
        free = left[one.pk].get("units", 0) + ask.own.get((LOT, one.code, "units"), 0)
        expires = one.facts.get("expires_on")
        day = dt.date.fromisoformat(expires) if expires else None
        if free > 0 and (day is None or day >= ask.ground.today):
            found[one.part_of, str(one.facts.get("goods", ""))].append(Lot(one.code, day, free))
    for own in found.values():
        own.sort(key=lambda one: (one.expires or dt.date.max, one.code))
    return found


def share(
    drops: Sequence[Drop],
    *,
    stores: Mapping[str, Store],
    serves: Mapping[str, Sequence[str]],
    there: Mapping[Key, Sequence[Lot]],
) -> Shared:
    """Drops in the order given: each from the nearest store that has all of it, else from the
    nearest that has any.  serves: by drop, the stores whose vehicles could bring it."""
    free = {key: sum(one.free for one in own) for key, own in there.items()}
    packed, short = {}, []
    for drop in drops:
        near = by_distance(stores, serves[drop.id] or stores, drop.lon, drop.lat)
        has = {code: _parcels(drop, free.get((code, drop.good), 0)) for code in near}
        chosen = next((code for code in near if has[code] == drop.parcels), None)
        chosen = chosen or next((code for code in near if has[code]), None)
        count = has[chosen] if chosen else 0
        if chosen and count:
            units = math.ceil(drop.units * count / drop.parcels - 1e-9)
            packed[drop.id] = Packed(drop, chosen, count, units)
            free[chosen, drop.good] -= units
        if count < drop.parcels:
            short.append((drop, drop.parcels - count))
    return Shared(packed, short, there)


def by_distance(
    stores: Mapping[str, Store], among: Iterable[str], lon: float | None, lat: float | None
) -> list[str]:
    """The nearest first; by code where the place is not known."""
    if lon is None or lat is None:
        return sorted(among)
    return sorted(
        among,
        key=lambda code: (
            float(haversine_km(lon, lat, stores[code].lon, stores[code].lat)),
            code,
        ),
    )


def loaded(shared: Shared, stops: Sequence[Row]) -> list[list[tuple[Lot, int]]]:
    """For each stop, in the order in which they leave, units of the lots of its store."""
    left = {one.code: one.free for own in shared.lots.values() for one in own}
    before: dict[str, int] = collections.Counter()
    found = []
    for stop in stops:
        one = shared.packed[stop["drop_id"]]
        units = one.units_of(before[one.drop.id], stop["parcels"])
        before[one.drop.id] += stop["parcels"]
        taken = []
        for lot in shared.lots[one.store, one.drop.good]:
            if part := min(units, left[lot.code]):
                left[lot.code] -= part
                units -= part
                taken.append((lot, part))
        found.append(taken)
    return found


def check(
    shared: Shared, drops: Sequence[Drop], loads: Sequence[tuple[Row, Sequence[tuple[Lot, int]]]]
) -> list[str]:
    """Every parcel is packed or told once, and nobody loads what is not there, or something while
    an older lot of its store has any.  loads: stops with what they load, in the order they leave.
    """
    told = collections.Counter({drop.id: count for drop, count in shared.short})
    told.update({name: one.parcels for name, one in shared.packed.items()})
    faults = [
        f"drop {drop.id}: {told[drop.id]} of {drop.parcels} parcels are packed or told"
        for drop in drops
        if told[drop.id] != drop.parcels
    ]
    left = {one.code: one.free for own in shared.lots.values() for one in own}
    for stop, taken in loads:
        packed = shared.packed[stop["drop_id"]]
        own = shared.lots[packed.store, packed.drop.good]
        for lot, units in taken:
            left[lot.code] -= units
            older = [one.code for one in own[: own.index(lot)] if left[one.code] > 0]
            if left[lot.code] < 0 or older:
                faults.append(f"drop {packed.drop.id}: lot {lot.code} does not have or is not due")
        need = packed.units * stop["parcels"] / packed.parcels
        if abs(sum(units for _, units in taken) - need) >= 1:
            faults.append(f"drop {packed.drop.id}: {stop['parcels']} parcels are not filled")
    return faults


def _parcels(drop: Drop, free: int) -> int:
    return min(drop.parcels, free * drop.parcels // drop.units) if drop.units else drop.parcels

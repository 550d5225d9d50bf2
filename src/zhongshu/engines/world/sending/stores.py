"""Resources as departments report them each day at 18:00."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from zhongshu.engines.world.arrays import I64
from zhongshu.engines.world.days.epidemic import DAY_S
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.people.resources import (
    ICU_SHARE,
    ITEMS,
    SEATS,
    Site,
    room_layout,
)
from zhongshu.engines.world.sending.prices import prices
from zhongshu.engines.world.sending.tables import moments, numbers, option, table
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance

AS_OF_S = 18 * 3600
OTHER_PATIENTS = 0.2  # share of the infectious beds that others lie in
ROOM_STATES, VEHICLE_STATES = ("occupied", "cleaning", "free"), ("broken", "out", "ready")
ROOM_UPTO, VEHICLE_UPTO = (0.08, 0.11), (0.03, 0.10)  # upper bounds of the draws, last: the rest


def resource_feeds(world: World, day: DayResult) -> dict[str, pa.Table]:
    return {
        "hospital_beds": hospital_beds(world, day),
        "isolation_rooms": isolation_rooms(world, day),
        "vehicles": vehicles(world, day),
        "stocks": stocks(world, day),
        "prices": prices(world, day),
        "laboratories": laboratories(world, day),
    }


def _as_of(world: World, day: DayResult, count: int) -> pa.Array:
    return moments(world.statics.params.start, np.full(count, day.day * DAY_S + AS_OF_S))


def _where(world: World, sites: Sequence[Site]) -> dict[str, pa.Array]:
    """county_code, lon, lat of the sites."""
    county = np.array([site.county for site in sites])
    return {
        "county_code": option(world.statics.margins.county_codes, county),
        "lon": numbers(np.array([site.lon for site in sites])),
        "lat": numbers(np.array([site.lat for site in sites])),
    }


def hospital_beds(world: World, day: DayResult) -> pa.Table:
    """Patients of a city fill its designated beds first, then the others."""
    static = world.statics
    sites = static.resources.hospitals
    city = np.array(static.margins.city_codes)
    waiting = {
        code: int(day.in_hospital[city == code].sum()) for code in sorted(set(city.tolist()))
    }
    free, icu, icu_free = [], [], []
    for site in sites:
        open_beds = site.size - round(OTHER_PATIENTS * site.size)
        taken = min(open_beds, waiting[str(city[site.county])])
        waiting[str(city[site.county])] -= taken
        free.append(open_beds - taken)
        icu.append(round(site.size * ICU_SHARE[site.kind]))
        icu_free.append(max(0, round(icu[-1] * 0.6) - taken // 50))
    return table(
        "hospital_beds",
        hospital_id=pa.array([site.site_id for site in sites]),
        name=pa.array([site.name for site in sites]),
        tier=pa.array([site.kind for site in sites]),
        beds_total=pa.array([site.size for site in sites]),
        beds_free=pa.array(free),
        icu_total=pa.array(icu),
        icu_free=pa.array(icu_free),
        as_of=_as_of(world, day, len(sites)),
        **_where(world, sites),
    )


def isolation_rooms(world: World, day: DayResult) -> pa.Table:
    sites = world.statics.resources.isolation
    layouts = [room_layout(site.size) for site in sites]
    which = np.repeat(np.arange(len(sites)), [site.size for site in sites])
    floor, number, capacity = (np.concatenate(parts) for parts in zip(*layouts, strict=True))
    state = _states(world, "rooms", day.day // 5, np.arange(len(which)), ROOM_UPTO)
    each = {name: column.take(pa.array(which)) for name, column in _where(world, sites).items()}
    return table(
        "isolation_rooms",
        site_id=option([site.site_id for site in sites], which),
        site_name=option([site.name for site in sites], which),
        room_no=pa.array(number).cast(pa.string()),
        floor=pa.array(floor),
        capacity=pa.array(capacity),
        state=option(ROOM_STATES, state),
        as_of=_as_of(world, day, len(which)),
        **each,
    )


def _states(world: World, what: str, period: int, who: I64, upto: tuple[float, float]) -> I64:
    draw = chance.uniform(chance.key(world.statics.params.seed, what, period), who)
    return np.searchsorted(upto, draw).astype(np.int64)


def vehicles(world: World, day: DayResult) -> pa.Table:
    sites = world.statics.resources.vehicles
    state = _states(world, "vehicles", day.day, np.arange(len(sites)), VEHICLE_UPTO)
    return table(
        "vehicles",
        vehicle_id=pa.array([site.site_id for site in sites]),
        kind=pa.array([site.kind for site in sites]),
        depot_name=pa.array([site.name for site in sites]),
        seats=pa.array([SEATS[site.kind] for site in sites]),
        state=option(VEHICLE_STATES, state),
        as_of=_as_of(world, day, len(sites)),
        **_where(world, sites),
    )


def stocks(world: World, day: DayResult) -> pa.Table:
    """Stores start with some days of cover, use it up, and are refilled every ten days."""
    stores = world.statics.resources.stores
    rows = [(store, item) for store in stores for item in ITEMS]
    key = chance.key(world.statics.params.seed, "stocks")
    draw = chance.uniform(key, np.arange(len(rows)))
    quantity, used, expires = [], [], []
    for (store, item), luck in zip(rows, draw, strict=True):
        _, full, per_day, shelf_days = ITEMS[item]
        scale, since = store.size / 10_000, (day.day + int(10 * luck)) % 10
        used.append(round(per_day * scale * (0.8 + 0.4 * luck), 1))
        quantity.append(float(max(0, round(full * scale * (0.5 + luck) - used[-1] * since))))
        expires.append(_expiry(world, shelf_days, luck))
    return table(
        "stocks",
        store_id=pa.array([store.site_id for store, _ in rows]),
        store_name=pa.array([store.name for store, _ in rows]),
        county_code=_where(world, [store for store, _ in rows])["county_code"],
        item=pa.array([item for _, item in rows]),
        unit=pa.array([ITEMS[item][0] for _, item in rows]),
        quantity=pa.array(quantity),
        used_per_day=pa.array(used),
        expires_on=pa.array(expires, pa.date32()),
        as_of=_as_of(world, day, len(rows)),
    )


def _expiry(world: World, shelf_days: int, luck: float) -> dt.date:
    return world.statics.params.start + dt.timedelta(days=round(shelf_days * (0.2 + 0.8 * luck)))


def laboratories(world: World, day: DayResult) -> pa.Table:
    sites = world.statics.resources.labs
    return table(
        "laboratories",
        lab_id=pa.array([site.site_id for site in sites]),
        name=pa.array([site.name for site in sites]),
        tubes_per_day=pa.array([site.size for site in sites]),
        as_of=_as_of(world, day, len(sites)),
        **_where(world, sites),
    )

"""What others may use of resources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.prices import Watch, watch
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.resources.registry.facade import (
    Hold,
    Thing,
    Want,
    free,
    hold,
    release,
    things,
)
from zhongshu.service.resources.selectors import latest, totals
from zhongshu.service.resources.services import take
from zhongshu.service.resources.tables import KINDS

__all__ = [
    "KINDS",
    "Hold",
    "Thing",
    "Want",
    "Watch",
    "beds",
    "free",
    "free_beds",
    "free_rooms",
    "hold",
    "latest",
    "registry",
    "release",
    "rooms",
    "sites",
    "take",
    "take_beds",
    "take_labs",
    "take_points",
    "take_rooms",
    "take_stocks",
    "take_vehicles",
    "things",
    "watch",
]


def beds(as_of: dt.datetime) -> pa.Table:
    return latest("hospital_beds", as_of=as_of)


def rooms(as_of: dt.datetime) -> pa.Table:
    return latest("isolation_rooms", as_of=as_of)


def take_beds(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="hospital_beds", table=table, known_at=known_at)


def take_rooms(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="isolation_rooms", table=table, known_at=known_at)


def take_vehicles(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="vehicles", table=table, known_at=known_at)


def take_stocks(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="stocks", table=table, known_at=known_at)


def take_points(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="sampling_points", table=table, known_at=known_at)


def take_labs(table: pa.Table, known_at: dt.datetime) -> int:
    return take(feed="laboratories", table=table, known_at=known_at)


def free_rooms(*, scope: Scope, moments: Sequence[dt.datetime]) -> list[float | None]:
    """Free rooms of all sites at each moment."""
    free = "CASE WHEN state = 'free' THEN 1 ELSE 0 END"
    return totals("isolation_rooms", free, scope=scope, moments=moments)


def free_beds(*, scope: Scope, moments: Sequence[dt.datetime]) -> list[float | None]:
    """Free beds of all hospitals at each moment."""
    return totals("hospital_beds", "beds_free", scope=scope, moments=moments)


def sites(*, scope: Scope, as_of: dt.datetime) -> pa.Table:
    """Isolation sites: site_id, site_name, county_code, unit_path, lon, lat, rooms, free, as_of."""
    rooms_there = latest("isolation_rooms", as_of=as_of, scope=scope)
    free = pc.cast(pc.equal(rooms_there["state"], "free"), pa.int64())
    grouped = (
        rooms_there.append_column("is_free", free)
        .group_by(["site_id", "site_name", "county_code", "unit_path", "lon", "lat"])
        .aggregate([("room_no", "count"), ("is_free", "sum"), ("as_of", "max")])
    )
    names = {"room_no_count": "rooms", "is_free_sum": "free", "as_of_max": "as_of"}
    return grouped.rename_columns([names.get(n, n) for n in grouped.column_names]).sort_by(
        "site_id"
    )

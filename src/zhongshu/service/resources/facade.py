"""What others may use of resources."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.service.resources.selectors import latest
from zhongshu.service.resources.services import take
from zhongshu.service.resources.tables import KINDS

__all__ = [
    "KINDS",
    "beds",
    "labs",
    "latest",
    "points",
    "rooms",
    "stocks",
    "take",
    "take_beds",
    "take_labs",
    "take_points",
    "take_rooms",
    "take_stocks",
    "take_vehicles",
    "vehicles",
]


def beds(as_of: dt.datetime) -> pa.Table:
    return latest("hospital_beds", as_of=as_of)


def rooms(as_of: dt.datetime) -> pa.Table:
    return latest("isolation_rooms", as_of=as_of)


def vehicles(as_of: dt.datetime) -> pa.Table:
    return latest("vehicles", as_of=as_of)


def stocks(as_of: dt.datetime) -> pa.Table:
    return latest("stocks", as_of=as_of)


def points(as_of: dt.datetime) -> pa.Table:
    return latest("sampling_points", as_of=as_of)


def labs(as_of: dt.datetime) -> pa.Table:
    return latest("laboratories", as_of=as_of)


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

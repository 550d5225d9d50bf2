"""What there is: sites, hospitals, vehicles, stocks, prices, sampling points, laboratories."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.door import View, here, needs
from zhongshu.api.paging import decode, encode
from zhongshu.api.shapes import AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.resources import facade as resources
from zhongshu.service.units import facade as units

router = Router(tags=["records"])


class Placed(Schema):
    """updated_at: the moment the report speaks of."""

    id: str
    name: str
    unit: UnitRef
    lon: float | None
    lat: float | None
    updated_at: dt.datetime | None


class SiteItem(Placed):
    rooms_total: int
    rooms_free: int


class HospitalItem(Placed):
    tier: str
    beds_total: int
    beds_free: int
    icu_total: int
    icu_free: int


class VehicleItem(Schema):
    id: str
    plate: str
    kind: str
    unit: UnitRef
    depot: str
    seats: int
    state: str
    updated_at: dt.datetime | None


class StockItem(Schema):
    """days_of_cover: quantity over daily use; null when none is used."""

    id: str
    item: str
    unit: UnitRef
    store: str
    quantity: float
    measure: str
    daily_use: float
    days_of_cover: float | None
    expires_on: dt.date | None
    updated_at: dt.datetime | None


class PriceItem(Schema):
    """Something in the prices that calls for a look.

    why: week_rise, month_rise, above_county, missing or out_of_stock.  value: a share above
    `against`, or days; limit: from which it is told.  stands_on: prices that the median `against`
    is of."""

    id: str
    point: str
    item: str
    unit: UnitRef
    why: str
    value: float
    limit: float
    yuan: float | None
    against: float | None
    stands_on: int | None
    on: dt.date


class PricePage(Schema):
    """on: the day judged.  watched, reported: pairs of point and good; those of them told of on
    that day."""

    items: list[PriceItem]
    next: str | None
    on: dt.date | None
    watched: int
    reported: int


class PointItem(Placed):
    desks: int


class LabItem(Placed):
    tubes_per_day: int


Row = Mapping[str, Any]


def _page(
    asked: AskedList,
    rows: Sequence[Row],
    code: str,
    key: Callable[[Row], str],
    shape: Callable[[Row], Row],
) -> dict[str, Any]:
    """A page of a few thousand rows, in the order of `key` (unique)."""
    rows = sorted(rows, key=key)
    if asked.after:
        (last,) = decode(asked.after, 1)
        rows = [row for row in rows if key(row) > str(last)]
    shown = rows[: asked.limit]
    known = units.refs(row[code] for row in shown)
    following = encode([key(shown[-1])]) if len(rows) > len(shown) else None
    items = [{**shape(row), "id": key(row), "unit": known[row[code]]} for row in shown]
    return {"items": items, "next": following}


def _placed(row: Row, name: str = "name") -> dict[str, Any]:
    return {
        "name": row[name],
        "lon": row["lon"],
        "lat": row["lat"],
        "updated_at": row["as_of"],
    }


def _latest(feed: str, view: View) -> list[Row]:
    rows: list[Row] = resources.latest(feed, as_of=view.as_of, scope=view.scope).to_pylist()
    return rows


@router.get("/resources/sites", response=Page[SiteItem])
@needs(Permission.RESOURCE_READ)
def sites(request: HttpRequest, asked: Query[AskedList]) -> object:
    view = here(request).view(asked)
    return _page(
        asked,
        resources.sites(scope=view.scope, as_of=view.as_of).to_pylist(),
        "county_code",
        lambda row: row["site_id"],
        lambda row: (
            _placed(row, "site_name") | {"rooms_total": row["rooms"], "rooms_free": row["free"]}
        ),
    )


@router.get("/resources/hospitals", response=Page[HospitalItem])
@needs(Permission.RESOURCE_READ)
def hospitals(request: HttpRequest, asked: Query[AskedList]) -> object:
    names = ("tier", "beds_total", "beds_free", "icu_total", "icu_free")
    return _page(
        asked,
        _latest("hospital_beds", here(request).view(asked)),
        "county_code",
        lambda row: row["hospital_id"],
        lambda row: _placed(row) | {name: row[name] for name in names},
    )


@router.get("/resources/vehicles", response=Page[VehicleItem])
@needs(Permission.RESOURCE_READ)
def vehicles(request: HttpRequest, asked: Query[AskedList]) -> object:
    return _page(
        asked,
        _latest("vehicles", here(request).view(asked)),
        "county_code",
        lambda row: row["vehicle_id"],
        lambda row: {
            "plate": row["vehicle_id"],
            "kind": row["kind"],
            "depot": row["depot_name"],
            "seats": row["seats"],
            "state": row["state"],
            "updated_at": row["as_of"],
        },
    )


@router.get("/resources/stocks", response=Page[StockItem])
@needs(Permission.RESOURCE_READ)
def stocks(request: HttpRequest, asked: Query[AskedList]) -> object:
    return _page(
        asked,
        _latest("stocks", here(request).view(asked)),
        "county_code",
        lambda row: f"{row['store_id']}/{row['item']}",
        lambda row: {
            "item": row["item"],
            "store": row["store_name"],
            "quantity": row["quantity"],
            "measure": row["unit"],
            "daily_use": row["used_per_day"],
            "days_of_cover": row["quantity"] / row["used_per_day"] if row["used_per_day"] else None,
            "expires_on": row["expires_on"],
            "updated_at": row["as_of"],
        },
    )


@router.get("/resources/prices", response=PricePage)
@needs(Permission.RESOURCE_READ)
def prices(request: HttpRequest, asked: Query[AskedList]) -> object:
    """What of the last day's prices calls for a look, by county, point, good and rule."""
    view = here(request).view(asked)
    found = resources.watch(scope=view.scope, path=view.unit["path"], as_of=view.as_of)
    same = ("item", "why", "value", "limit", "yuan", "against", "stands_on")
    page = _page(
        asked,
        found.rows,
        "county_code",
        lambda row: "/".join(row[k] for k in ("county_code", "point_id", "item", "why")),
        lambda row: (
            {name: row[name] for name in same} | {"point": row["point_name"], "on": row["date"]}
        ),
    )
    return page | {"on": found.on, "watched": found.watched, "reported": found.reported}


@router.get("/resources/points", response=Page[PointItem])
@needs(Permission.RESOURCE_READ)
def points(request: HttpRequest, asked: Query[AskedList]) -> object:
    """A point's description carries no time."""
    return _page(
        asked,
        _latest("sampling_points", here(request).view(asked)),
        "village_code",
        lambda row: row["point_id"],
        lambda row: _placed(row) | {"desks": row["desks_max"], "updated_at": None},
    )


@router.get("/resources/labs", response=Page[LabItem])
@needs(Permission.RESOURCE_READ)
def labs(request: HttpRequest, asked: Query[AskedList]) -> object:
    return _page(
        asked,
        _latest("laboratories", here(request).view(asked)),
        "county_code",
        lambda row: row["lab_id"],
        lambda row: _placed(row) | {"tubes_per_day": row["tubes_per_day"]},
    )

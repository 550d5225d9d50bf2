"""Rounds of testing as they go: the board, the points, the laboratories, the alarms."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page, page_of
from zhongshu.api.shapes import Asked, AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
MOST_ALARMS = 100


class RoundItem(Schema):
    """published_at: everybody is told hours and queues of its points since then."""

    id: int
    title: str
    unit: UnitRef
    opens_at: dt.datetime
    closes_at: dt.datetime
    due_at: dt.datetime
    expected: int
    closed_at: dt.datetime | None
    published_at: dt.datetime | None


class Board(Schema):
    """In samples; sampled = in_transit + received + reported + void."""

    registered: int
    sampled: int
    in_transit: int
    received: int
    tested: int
    reported: int
    positive: int
    void: int


class HopItem(Schema):
    """came = waiting + void + went.  gap: what the hop before says it handed on, less `came`."""

    hop: str
    came: int
    waiting: int
    void: int
    went: int
    gap: int


class LaboratoryBoard(Schema):
    code: str
    received: int
    tested: int
    reported: int
    positive: int
    void: int


class AreaBoard(Schema):
    unit: UnitRef
    board: Board


class AlarmItem(Schema):
    """kind: tube (positive, its members wait), late, handover, drift, queue or silent; n: members,
    samples, persons or minutes of silence."""

    kind: str
    point: str
    name: str
    n: int


class RoundDetail(RoundItem):
    """last_result: foretold from the pace of the last hours.  alarms: at most 100, the gravest
    first; alarms_total: all of them."""

    as_of: dt.datetime
    board: Board
    hops: list[HopItem]
    laboratories: list[LaboratoryBoard]
    areas: list[AreaBoard]
    alarms: list[AlarmItem]
    alarms_total: int
    points: int
    last_result: dt.datetime | None


class RoundPointItem(Schema):
    """queue: persons waiting, as last told at queue_at."""

    code: str
    name: str
    unit: UnitRef
    lon: float | None
    lat: float | None
    desks: int
    opens_at: dt.datetime
    closes_at: dt.datetime
    open: bool
    queue: int | None
    queue_at: dt.datetime | None
    last_at: dt.datetime | None
    board: Board


class RoundIn(Schema):
    """points: codes of the registry's sampling points; empty: all of the unit."""

    unit: str
    title: str = Field(max_length=200)
    opens_at: dt.datetime
    closes_at: dt.datetime
    due_at: dt.datetime
    expected: int = Field(default=0, ge=0, le=2_000_000_000)
    points: list[str] = Field(default_factory=list, max_length=20_000)


class PublishIn(Schema):
    published: bool


class CountIn(Schema):
    key: str = Field(description="the sender's; the same count sent again counts once")
    what: str = Field(description=", ".join(rounds.WHAT))
    point: str
    n: int = Field(description="samples more; of `queue` the persons waiting at the moment")
    at: dt.datetime
    laboratory: str = Field(default="", max_length=100)


class CountsIn(Schema):
    counts: list[CountIn]


class FileIn(Schema):
    csv: str = Field(description=f"a table with the columns {', '.join(rounds.COLUMNS)}")


class TakenOut(Schema):
    """fresh + again = rows sent."""

    fresh: int
    again: int


_ROUND = ("title", "opens_at", "closes_at", "due_at", "expected", "closed_at", "published_at")


def _item(one: rounds.Round) -> dict[str, Any]:
    return {name: getattr(one, name) for name in _ROUND} | {
        "id": one.pk,
        "unit": units.ref(one.unit),
    }


def _detail(one: rounds.Round, at: dt.datetime) -> dict[str, Any]:
    live = rounds.live(one, at=at)
    known = units.refs(live.areas)
    return _item(one) | {
        "as_of": at,
        "board": rounds.summary(live.sums),
        "hops": [
            {name: getattr(hop, name) for name in HopItem.model_fields}
            for hop in rounds.hops(live.sums)
        ],
        "laboratories": [
            {"code": code, "void": sums.get("void_lab", 0)}
            | {name: sums.get(name, 0) for name in ("received", "tested", "reported", "positive")}
            for code, sums in live.laboratories.items()
        ],
        "areas": [
            {"unit": known[code], "board": rounds.summary(sums)}
            for code, sums in live.areas.items()
        ],
        "alarms": [
            {name: getattr(alarm, name) for name in AlarmItem.model_fields}
            for alarm in live.alarms[:MOST_ALARMS]
        ],
        "alarms_total": len(live.alarms),
        "points": len(live.points),
        "last_result": live.last_result,
    }


@router.get("/rounds", response=Page[RoundItem])
@needs(Permission.RESOURCE_READ)
def round_list(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = rounds.listed(scope=view.scope, as_of=view.as_of)
    found, following = page(rows, order=("-opens_at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [_item(one) for one in found], "next": following}


@router.post("/rounds", response=RoundDetail)
@needs(Permission.RESOURCE_WRITE)
def round_open(request: HttpRequest, body: RoundIn, key: Key) -> object:
    """Open a round at the sampling points of a unit."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = rounds.begin(
            wish=rounds.Wish(**body.dict()), scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return _detail(made, asking.now)

    return once(request, key, write)


@router.get("/rounds/{id}", response=RoundDetail)
@needs(Permission.RESOURCE_READ)
def round_detail(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """Where its samples are, what does not add up, and when the last result is to be expected."""
    view = here(request).everywhere(asked)
    return _detail(rounds.get(id, view.scope), view.as_of)


@router.get("/rounds/{id}/points", response=Page[RoundPointItem])
@needs(Permission.RESOURCE_READ)
def round_points(request: HttpRequest, id: int, asked: Query[AskedList]) -> object:
    """Opening hours, the queue and the counts of each point, by code."""
    view = here(request).everywhere(asked)
    live = rounds.live(rounds.get(id, view.scope), at=view.as_of)
    found, following = page_of(
        live.points, key=lambda one: (one.row.code,), width=1, after=asked.after, limit=asked.limit
    )
    return {"items": [_point(one, view.as_of) for one in found], "next": following}


def _point(one: rounds.Point, at: dt.datetime) -> dict[str, Any]:
    names = ("code", "name", "lon", "lat", "desks", "opens_at", "closes_at")
    return {name: getattr(one.row, name) for name in names} | {
        "unit": units.ref(one.row.unit),
        "open": one.row.opens_at <= at < one.row.closes_at,
        "queue": one.queue,
        "queue_at": one.queue_at,
        "last_at": one.last_at,
        "board": rounds.summary(one.sums),
    }


@router.post("/rounds/{id}/counts", response=TakenOut)
@needs(Permission.SAMPLE_COLLECT)
def round_counts(request: HttpRequest, id: int, body: CountsIn) -> object:
    """Counts from points, couriers and laboratories, all or none; each has its own key, so sending
    again what may not have arrived is safe."""
    asking = here(request)
    return rounds.take(
        round_id=id,
        told=[rounds.Count(**one.dict()) for one in body.counts],
        scope=asking.scope,
        actor=asking.actor,
        now=asking.now,
    )


@router.post("/rounds/{id}/file", response=TakenOut)
@needs(Permission.SAMPLE_COLLECT)
def round_file(request: HttpRequest, id: int, body: FileIn) -> object:
    """The same from a table; refused whole at its first bad line."""
    asking = here(request)
    return rounds.take_file(
        round_id=id, text=body.csv, scope=asking.scope, actor=asking.actor, now=asking.now
    )


@router.post("/rounds/{id}/close", response=RoundDetail)
@needs(Permission.RESOURCE_WRITE)
def round_close(request: HttpRequest, id: int, key: Key) -> object:
    """No count is taken any more."""
    asking = here(request)

    def write() -> dict[str, Any]:
        held = rounds.close(round_id=id, scope=asking.scope, actor=asking.actor, now=asking.now)
        return _detail(held, asking.now)

    return once(request, key, write)


@router.post("/rounds/{id}/publish", response=RoundDetail)
@needs(Permission.RESOURCE_WRITE)
def round_publish(request: HttpRequest, id: int, body: PublishIn, key: Key) -> object:
    """Tell everybody where its points are, their hours and queues; or nobody any more."""
    asking = here(request)

    def write() -> dict[str, Any]:
        held = rounds.publish(
            round_id=id,
            published=body.published,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _detail(held, asking.now)

    return once(request, key, write)

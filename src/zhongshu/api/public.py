"""What everybody may know, without signing in: sampling points with their hours and queues.

Asked by many at once, so it is cheap: what is published is read once in `KEPT_S` seconds, each page
of it is made once, and whoever has the newest already gets 304.  Nothing else is behind this door.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import threading
import time

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import headquarters_now, open_to
from zhongshu.api.paging import page_of
from zhongshu.api.shapes import Page
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.rounds import facade as rounds

router = Router(tags=["public"])
KEPT_S = 15.0
MOST_PAGES = 200  # answers kept; the next one begins anew
JSON = "application/json; charset=utf-8"


class PublicPoint(Schema):
    """state: open, later (opens within a day) or shut.  place: county, township and village.
    waiting: persons, as told at told_at; wait_min: how long that takes; null where nobody told the
    queue lately."""

    id: int
    name: str
    place: str
    lon: float | None
    lat: float | None
    opens_at: dt.datetime
    closes_at: dt.datetime
    state: str
    waiting: int | None
    wait_min: int | None
    told_at: dt.datetime | None


class PublicPoints(Page[PublicPoint]):
    """updated_at: what was known then.  total: points found.  synthetic: made up, for exercise."""

    updated_at: dt.datetime
    total: int
    synthetic: bool


class PointsAsked(Schema):
    after: str | None = Field(default=None, description="`next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)
    text: str = Field(default="", max_length=30, description="part of the name or the place")
    open: bool = Field(default=False, description="only points that are open now")


@dataclasses.dataclass
class Board:
    """What is published at a moment, and the pages of it already made."""

    at: dt.datetime
    synthetic: bool
    points: list[rounds.Notice]
    read_s: float
    pages: dict[tuple[object, ...], tuple[bytes, str]] = dataclasses.field(default_factory=dict)


_lock = threading.Lock()
_kept: list[Board] = []  # none or one


def forget() -> None:
    """The next request reads anew."""
    with _lock:
        _kept.clear()


def board() -> Board:
    with _lock:
        if _kept and time.monotonic() - _kept[0].read_s < KEPT_S:
            return _kept[0]
        at = headquarters_now()
        incident = incidents.find_current()
        found = Board(
            at=at,
            synthetic=incident is not None and incident.synthetic,
            points=rounds.notices(at),
            read_s=time.monotonic(),
        )
        _kept[:] = [found]
        return found


@router.get("/public/points", auth=None, response=PublicPoints)
@open_to("anyone")
def public_points(request: HttpRequest, asked: Query[PointsAsked]) -> HttpResponse:
    """Sampling points of the rounds that were published, by place."""
    held = board()
    key = (asked.after, asked.limit, asked.text, asked.open)
    made = held.pages.get(key)
    if made is None:
        made = _page(held, asked)
        if len(held.pages) >= MOST_PAGES:
            held.pages.clear()
        held.pages[key] = made
    content, mark = made
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(content, content_type=JSON)
    response["ETag"] = mark
    response["Cache-Control"] = f"public, max-age={KEPT_S:.0f}"
    return response


def _page(held: Board, asked: PointsAsked) -> tuple[bytes, str]:
    found = [
        one
        for one in held.points
        if asked.text in f"{one.place}{one.name}"
        and (not asked.open or _state(one, held) == "open")
    ]
    shown, following = page_of(
        found,
        key=lambda one: (one.place, one.name, f"{one.id:020d}"),
        width=3,
        after=asked.after,
        limit=asked.limit,
    )
    told = PublicPoints(
        items=[_point(one, held) for one in shown],
        next=following,
        updated_at=held.at,
        total=len(found),
        synthetic=held.synthetic,
    )
    content = told.model_dump_json().encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _state(one: rounds.Notice, held: Board) -> str:
    if held.at < one.opens_at:
        return "later"
    return "open" if held.at < one.closes_at else "shut"


def _point(one: rounds.Notice, held: Board) -> PublicPoint:
    names = (
        "id", "name", "place", "lon", "lat", "opens_at", "closes_at", "waiting", "wait_min",
        "told_at",
    )  # fmt: skip
    return PublicPoint(state=_state(one, held), **{name: getattr(one, name) for name in names})

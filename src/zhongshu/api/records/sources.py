"""Sources of data: which department's daily reports came, when, and how complete."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.paging import page_of
from zhongshu.api.shapes import AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.sources import reading

router = Router(tags=["records"])


class SourceDay(Schema):
    """due: its reports should all be in.  expected null: the first week, when nobody knows what
    is usual.  count null: nobody reported, which is not zero.  doubted: all sites reported zero
    where there usually is a count."""

    date: dt.date
    due: bool
    received: int
    expected: int | None
    count: int | None
    doubted: bool


class SourceDelay(Schema):
    """Hours from 0:00 Beijing time of the day reported on to its report: 17.5 is 17:30 of the
    same day, 33 is 9:00 of the next."""

    median: float
    p90: float


class SourceItem(Schema):
    """A stream of a county.  received of expected: reports of the last days that are due, the
    days by the pack in force; their ratio is the completeness."""

    id: str
    unit: UnitRef
    stream: str
    sender: str
    state: str = Field(description="ok, late, partial, outage or never")
    since: dt.date | None
    sites: int
    received: int
    expected: int | None
    completeness: float | None
    delay_h: SourceDelay | None
    last_day: dt.date | None
    last_at: dt.datetime | None
    last_file_at: dt.datetime | None = Field(description="newest file of this feed, any county")
    history: list[SourceDay]


class SourceList(AskedList):
    stream: str = Field(default="", description="one feed of daily counts")
    state: str = ""


@router.get("/sources", response=Page[SourceItem])
@needs(Permission.FEED_READ)
def source_list(request: HttpRequest, asked: Query[SourceList]) -> object:
    """By county, then stream.  Counties within scope only: what lies below one has no sources of
    its own."""
    view = here(request).view(asked)
    rows = reading.read(
        scope=view.scope,
        as_of=view.as_of,
        stream=asked.stream,
        state=asked.state,
        path=view.unit["path"],
    )
    shown, following = page_of(rows, key=_key, width=2, after=asked.after, limit=asked.limit)
    return {"items": [_item(one) for one in shown], "next": following}


def _key(one: reading.Source) -> tuple[str, str]:
    return one.unit["path"], one.stream


def _item(one: reading.Source) -> dict[str, Any]:
    names = (
        "unit", "stream", "sender", "state", "since", "sites", "received", "expected",
        "completeness", "last_day", "last_at", "last_file_at", "history",
    )  # fmt: skip
    delay = one.delay_h and {"median": one.delay_h[0], "p90": one.delay_h[1]}
    return {name: getattr(one, name) for name in names} | {
        "id": f"{one.unit['code']}:{one.stream}",
        "delay_h": delay,
    }

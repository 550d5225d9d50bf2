"""What the units of one's posts are told: steps of clocks, and reminders."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.desk.clockshapes import ClockBrief, briefs, then_of
from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Bare, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])


class Notification(Schema):
    id: int
    at: dt.datetime
    step: str
    clock: ClockBrief
    unit: UnitRef
    by: str
    note: str
    read_at: dt.datetime | None


class Unread(Schema):
    unread: int


class NotificationList(Bare):
    unread: bool = False


def _own_units(asking: Here) -> list[str]:
    """The units of one's posts that may read clocks: their post is one's own."""
    return [post.unit_id for post in asking.held.posts if post.unit_path in asking.scope.paths]


def _notifications(rows: Sequence[clocks.Notification], asking: Here) -> list[dict[str, Any]]:
    shown = briefs([row.clock for row in rows], then_of(asking, asking.now))
    known = units.refs(row.unit_id for row in rows)
    return [
        {
            "id": row.pk,
            "at": row.at,
            "step": row.step,
            "clock": shown[row.clock_id],
            "unit": known[row.unit_id],
            "by": row.by,
            "note": row.note,
            "read_at": row.read_at,
        }
        for row in rows
    ]


@router.get("/notifications", response=Page[Notification])
@needs(Permission.CLOCK_READ)
def notification_list(request: HttpRequest, asked: Query[NotificationList]) -> object:
    """Word to the units of one's posts, newest first."""
    asking = here(request)
    rows = clocks.notifications(units=_own_units(asking), scope=asking.scope, unread=asked.unread)
    found, following = page(rows, order=("-at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": _notifications(found, asking), "next": following}


@router.get("/notifications/count", response=Unread)
@needs(Permission.CLOCK_READ)
def notification_count(request: HttpRequest) -> object:
    asking = here(request)
    rows = clocks.notifications(units=_own_units(asking), scope=asking.scope, unread=True)
    return {"unread": rows.count()}


@router.post("/notifications/{id}/read", response=Notification)
@needs(Permission.CLOCK_READ)
def read_notification(request: HttpRequest, id: int, key: Key) -> object:
    """Somebody of the unit has read it; the first reading counts."""
    asking = here(request)

    def run() -> dict[str, Any]:
        one = clocks.read_notification(
            notification_id=id,
            units=_own_units(asking),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _notifications([one], asking)[0]

    return once(request, key, run)

"""The desk of signals: what belongs together, and what is not to be shown for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import decode, encode, not_ours, page
from zhongshu.api.records.signalitems import SignalItem, items
from zhongshu.api.records.signals import SignalList, listed
from zhongshu.api.shapes import Asked, AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

router = Router(tags=["records"])


class GroupItem(Schema):
    """grade: of `top`, the worst signal of those asked for.  open: signals somebody still has to
    act on.  worst: of each stream the worst signal, `top` first."""

    id: int
    grade: str
    units: list[UnitRef]
    streams: list[str]
    first: dt.date
    last: dt.date
    signals: int
    open: int
    top: SignalItem
    worst: list[SignalItem]


class SnoozeIn(Schema):
    until: dt.datetime
    reason: str = Field(default="", max_length=2000)


class SnoozeItem(Schema):
    """signal_id: the signal that was looked at.  grade: what is worse is shown all the same."""

    id: int
    signal_id: int
    unit: UnitRef
    stream: str
    grade: str
    reason: str
    by: str
    made_at: dt.datetime
    until: dt.datetime


@router.get("/signals/groups", response=Page[GroupItem])
@needs(Permission.SIGNAL_READ)
def groups(request: HttpRequest, asked: Query[SignalList]) -> object:
    """What is probably one outbreak, the worst grade first, then the largest z."""
    view = here(request).view(asked)
    found, following = signals.group_page(
        listed(asked, view),
        scope=view.scope,
        as_of=view.as_of,
        after=_key(asked.after),
        limit=asked.limit,
    )
    named = units.refs({code for one in found for code in one.units})
    worst = [one for group in found for one in group.worst]
    told = {one["id"]: one for one in items(worst, view, here(request).everywhere(asked))}
    return {
        "items": [_group(one, named, told) for one in found],
        "next": encode(following) if following else None,
    }


def _group(
    one: signals.Group, named: Mapping[str, units.UnitRef], told: Mapping[int, dict[str, Any]]
) -> dict[str, Any]:
    names = ("id", "streams", "first", "last", "signals", "open")
    return {name: getattr(one, name) for name in names} | {
        "grade": one.top.grade,
        "units": [named[code] for code in one.units],
        "top": told[one.top.pk],
        "worst": [told[signal.pk] for signal in one.worst],
    }


def _key(after: str | None) -> tuple[int, float, int] | None:
    if not after:
        return None
    worst, most, number = decode(after, 3)
    try:
        return int(worst), float(most), int(number)
    except (TypeError, ValueError) as error:
        raise not_ours() from error


@router.get("/signals/snoozes", response=Page[SnoozeItem])
@needs(Permission.SIGNAL_READ)
def snoozes(request: HttpRequest, asked: Query[AskedList]) -> object:
    """In force, the first to end first."""
    view = here(request).view(asked)
    rows = signals.snoozes(scope=view.scope, as_of=view.as_of).select_related("unit")
    found, following = page(rows, order=("until", "id"), after=asked.after, limit=asked.limit)
    return {"items": [_snooze(one) for one in found], "next": following}


def _snooze(one: signals.Snooze) -> dict[str, Any]:
    names = ("signal_id", "stream", "grade", "reason", "by", "made_at", "until")
    return {name: getattr(one, name) for name in names} | {
        "id": one.pk,
        "unit": units.ref(one.unit),
    }


@router.post("/signals/{id}/snooze", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def snooze(request: HttpRequest, id: int, body: SnoozeIn, key: Key) -> object:
    """Signals of its county and stream are not shown until then, unless they are worse; needs a
    reason."""
    asking = here(request)

    def write() -> dict[str, Any]:
        signals.snooze(
            signal_id=id,
            until=body.until,
            reason=body.reason,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return items([signals.get(id, asking.scope)], asking.everywhere(Asked()))[0]

    return once(request, key, write)


@router.post("/signals/{id}/wake", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def wake(request: HttpRequest, id: int, key: Key) -> object:
    """Signals of its county and stream are shown again."""
    asking = here(request)

    def write() -> dict[str, Any]:
        signals.wake(signal_id=id, scope=asking.scope, actor=asking.actor, now=asking.now)
        return items([signals.get(id, asking.scope)], asking.everywhere(Asked()))[0]

    return once(request, key, write)

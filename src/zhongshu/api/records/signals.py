"""Signals: what was unusual, and who looked into it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

router = Router(tags=["records"])


class DayCount(Schema):
    """count null: nobody reported that day."""

    date: dt.date
    count: float | None


class SignalEvidence(Schema):
    history: list[DayCount] = Field(default_factory=list)
    expected_upper: float | None = None
    tested: int | None = None


class SignalItem(Schema):
    id: int
    unit: UnitRef
    stream: str
    date: dt.date
    observed: float
    expected: float
    z: float
    p_value: float
    grade: str
    method: str
    state: str
    evidence: SignalEvidence
    known_at: dt.datetime
    handled_by: str
    handled_at: dt.datetime | None
    reason: str


class SignalList(AskedList):
    state: str = Field(default="", description="one state, or `open`: somebody still has to act")


class HandledIn(Schema):
    reason: str = Field(default="", max_length=2000)


@router.get("/signals", response=Page[SignalItem])
@needs(Permission.SIGNAL_READ)
def signal_list(request: HttpRequest, asked: Query[SignalList]) -> object:
    """Newest day first."""
    view = here(request).view(asked)
    rows = signals.listed(scope=view.scope, as_of=view.as_of, state=asked.state)
    found, following = page(
        rows.select_related("unit"), order=("-date", "-id"), after=asked.after, limit=asked.limit
    )
    return {"items": [_item(one) for one in found], "next": following}


def _item(one: signals.Signal) -> dict[str, Any]:
    names = (
        "stream", "date", "observed", "expected", "z", "p_value", "grade", "method", "state",
        "evidence", "known_at", "handled_by", "handled_at", "reason",
    )  # fmt: skip
    shown = {name: getattr(one, name) for name in names}
    return shown | {"id": one.pk, "unit": units.ref(one.unit)}


@router.get("/signals/{id}", response=SignalItem)
@needs(Permission.SIGNAL_READ)
def signal(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    return _item(signals.get(id, here(request).scope))


def _handle(request: HttpRequest, key: str, signal_id: int, action: str, reason: str) -> object:
    asking = here(request)

    def write() -> dict[str, Any]:
        signals.handle(
            signal_id=signal_id,
            action=action,
            reason=reason,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _item(signals.get(signal_id, asking.scope))

    return once(request, key, write)


@router.post("/signals/{id}/take", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def take(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    return _handle(request, key, id, "take", body.reason)


@router.post("/signals/{id}/verify", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def verify(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    return _handle(request, key, id, "verify", body.reason)


@router.post("/signals/{id}/dismiss", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def dismiss(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    """Needs a reason."""
    return _handle(request, key, id, "dismiss", body.reason)

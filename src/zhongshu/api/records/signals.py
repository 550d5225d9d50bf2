"""Signals: what was unusual, and who looked into it."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api import messages
from zhongshu.api.door import View, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.signalitems import SignalItem, items
from zhongshu.api.shapes import Asked, AskedList, Page, Text
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals

router = Router(tags=["records"])


class SignalList(AskedList):
    state: str = Field(default="", description="one state, or `open`: somebody still has to act")
    grade: str = Field(default="", description="red, orange, yellow or blue")
    stream: str = ""
    group: list[int] = Field(
        default_factory=list, max_length=200, description="any of these groups; by default all"
    )


class HandledIn(Schema):
    reason: str = Field(default="", max_length=2000)


class AssessedIn(HandledIn):
    risk: str = Field(default="", max_length=16, description="low, moderate, high or very_high")


class TriageIn(AssessedIn):
    ids: list[int] = Field(min_length=1, max_length=200)
    action: Literal["take", "verify", "check", "assess", "declare_event", "dismiss", "reopen"]


class TriageRefused(Schema):
    id: int
    code: str
    sentence: Text


class SignalDeed(Schema):
    """action: take, verify, check, assess, declare_event, dismiss, reopen, snooze or wake.
    reason: why, or what was found.  until: for a snooze."""

    at: dt.datetime
    action: str
    by: str
    post: str
    reason: str
    risk: str | None
    until: dt.datetime | None


class Triaged(Schema):
    done: list[int]
    refused: list[TriageRefused]


def listed(asked: SignalList, view: View) -> QuerySet[signals.Signal]:
    """The signals a list asks for."""
    return signals.listed(
        scope=view.scope,
        as_of=view.as_of,
        state=asked.state,
        grade=asked.grade,
        stream=asked.stream,
        groups=asked.group,
    )


@router.get("/signals", response=Page[SignalItem])
@needs(Permission.SIGNAL_READ)
def signal_list(request: HttpRequest, asked: Query[SignalList]) -> object:
    """Newest day first."""
    view = here(request).view(asked)
    rows = listed(asked, view).select_related("unit")
    found, following = page(rows, order=("-date", "-id"), after=asked.after, limit=asked.limit)
    told = items(found, view, here(request).everywhere(asked))
    return {"items": told, "next": following}


@router.post("/signals/triage", response=Triaged)
@needs(Permission.SIGNAL_HANDLE)
def triage(request: HttpRequest, body: TriageIn, key: Key) -> object:
    """Do the same with many; what is refused stays as it is and is told one by one."""
    asking = here(request)
    act = signals.Act(body.action, body.reason, body.risk)

    def write() -> dict[str, Any]:
        moved = signals.triage(
            signal_ids=body.ids, act=act, scope=asking.scope, actor=asking.actor, now=asking.now
        )
        refused = [
            {"id": number, "code": one.code, "sentence": messages.of(one)}
            for number, one in moved.refused
        ]
        return {"done": list(moved.done), "refused": refused}

    return once(request, key, write)


@router.get("/signals/{id}", response=SignalItem)
@needs(Permission.SIGNAL_READ)
def signal(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    return items([signals.get(id, view.scope)], view)[0]


@router.get("/signals/{id}/history", response=list[SignalDeed])
@needs(Permission.SIGNAL_READ)
def history(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """What people did about it, the first first."""
    view = here(request).everywhere(asked)
    return signals.deeds(signals.get(id, view.scope), as_of=view.as_of)


def _handle(request: HttpRequest, key: str, signal_id: int, act: signals.Act) -> object:
    asking = here(request)

    def write() -> dict[str, Any]:
        signals.handle(
            signal_id=signal_id, act=act, scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return items([signals.get(signal_id, asking.scope)], asking.everywhere(Asked()))[0]

    return once(request, key, write)


@router.post("/signals/{id}/take", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def take(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    return _handle(request, key, id, signals.Act("take", body.reason))


@router.post("/signals/{id}/verify", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def verify(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    return _handle(request, key, id, signals.Act("verify", body.reason))


@router.post("/signals/{id}/check", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def check(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    """The field check is done; needs what was found."""
    return _handle(request, key, id, signals.Act("check", body.reason))


@router.post("/signals/{id}/assess", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def assess(request: HttpRequest, id: int, body: AssessedIn, key: Key) -> object:
    """Needs a risk and why."""
    return _handle(request, key, id, signals.Act("assess", body.reason, body.risk))


@router.post("/signals/{id}/declare_event", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def declare_event(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    return _handle(request, key, id, signals.Act("declare_event", body.reason))


@router.post("/signals/{id}/dismiss", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def dismiss(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    """Needs a reason."""
    return _handle(request, key, id, signals.Act("dismiss", body.reason))


@router.post("/signals/{id}/reopen", response=SignalItem)
@needs(Permission.SIGNAL_HANDLE)
def reopen(request: HttpRequest, id: int, body: HandledIn, key: Key) -> object:
    """Needs a reason; what had been verified, checked and assessed is to be done again."""
    return _handle(request, key, id, signals.Act("reopen", body.reason))

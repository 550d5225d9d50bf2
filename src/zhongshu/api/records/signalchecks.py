"""What the daily tests rest on: breaks of a stream; and how they are checked: self-tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.signalquality import SelfTestItem, self_test
from zhongshu.api.shapes import AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

router = Router(tags=["records"])


class SelfTestList(AskedList):
    missed: bool = Field(default=False, description="only those that were not found")


class SelfTestQueued(Schema):
    """Listed under `week` as soon as a worker has done them; once a week."""

    week: dt.date = Field(description="its Monday")


class BreakList(AskedList):
    removed: bool = Field(default=False, description="those that were removed as well")


class BreakIn(Schema):
    unit: str = Field(description="division code of a county or a unit above, for all in it")
    stream: str = Field(default="", max_length=32, description="blank: every stream")
    day: dt.date = Field(description="the first on which it counts something else")
    reason: str = Field(default="", max_length=2000)


class BreakOut(Schema):
    reason: str = Field(default="", max_length=2000)


class BreakItem(Schema):
    id: int
    unit: UnitRef
    stream: str = Field(description="blank: every stream")
    day: dt.date
    reason: str
    by: str
    made_at: dt.datetime
    removed_at: dt.datetime | None
    removed_by: str
    removed_reason: str


@router.get("/signals/selftests", response=Page[SelfTestItem])
@needs(Permission.SIGNAL_READ)
def selftests(request: HttpRequest, asked: Query[SelfTestList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = signals.selftests(scope=view.scope, as_of=view.as_of).select_related("unit")
    if asked.missed:
        rows = rows.filter(found_after_days=None)
    found, following = page(rows, order=("-at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [self_test(one) for one in found], "next": following}


@router.post("/signals/selftests", response=SelfTestQueued)
@needs(Permission.RUN_START, apart=True)
def run_selftests(request: HttpRequest, key: Key) -> object:
    """Queue the self-tests of this week, unless they are done; a worker takes them up."""
    asking = here(request)

    def write() -> dict[str, Any]:
        import_string(settings.ZHONGSHU_QUEUE_SELFTEST)()
        return {"week": signals.selftest_week(asking.now)}

    return once(request, key, write)


@router.get("/signals/breaks", response=Page[BreakItem])
@needs(Permission.SIGNAL_READ)
def breaks(request: HttpRequest, asked: Query[BreakList]) -> object:
    """From which day on streams count something else; the newest first."""
    view = here(request).view(asked)
    rows = signals.breaks(scope=view.scope, as_of=view.as_of, removed=asked.removed)
    rows = rows.select_related("unit")
    found, following = page(rows, order=("-day", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [_break(one) for one in found], "next": following}


@router.post("/signals/breaks", response=BreakItem)
@needs(Permission.SIGNAL_HANDLE)
def mark_break(request: HttpRequest, body: BreakIn, key: Key) -> object:
    """Counts from before that day say nothing any more about those after it; needs a reason."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = signals.mark_break(
            unit=body.unit,
            stream=body.stream,
            day=body.day,
            reason=body.reason,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _break(made)

    return once(request, key, write)


@router.post("/signals/breaks/{id}/remove", response=BreakItem)
@needs(Permission.SIGNAL_HANDLE)
def remove_break(request: HttpRequest, id: int, body: BreakOut, key: Key) -> object:
    """It was none; it stays on the record.  Needs a reason."""
    asking = here(request)

    def write() -> dict[str, Any]:
        signals.remove_break(
            break_id=id, reason=body.reason, scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return _break(signals.get_break(id, asking.scope))

    return once(request, key, write)


def _break(one: signals.Break) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in BreakItem.model_fields if name != "unit"}
    return told | {"unit": units.ref(one.unit)}

"""The clock wall, its lists, and one clock."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.desk.clockshapes import ClockBrief, ClockDetail, Wall, briefs, detail, then_of
from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, Page
from zhongshu.rules import states
from zhongshu.rules.permissions import Permission
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])


class ClockList(AskedList):
    bucket: str = Field(default="", pattern=f"^(|{'|'.join(clocks.BUCKETS)})$")
    state: str = Field(default="", pattern=f"^(|{'|'.join(clocks.STATES)})$")
    clock: str = ""
    owner: str | None = Field(
        default=None,
        description="the scope's own unit: only its own clocks; another: its and all below it",
    )
    subject_kind: str = ""
    subject_id: int | None = Field(
        default=None, description="of one record of `subject_kind`: also its clocks that ended"
    )


class RemindIn(Schema):
    note: str = Field(default="", max_length=2000)


class WaiveIn(Schema):
    reason: str = Field(description=", ".join(clocks.REASONS))
    note: str = Field(max_length=2000)


@router.get("/clocks/wall", response=Wall)
@needs(Permission.CLOCK_READ)
def wall(request: HttpRequest, asked: Query[Asked]) -> object:
    """What is overdue and what will be: by owner, and by clock.  It moves by the minute."""
    asking = here(request)
    view = asking.view(asked)
    found = clocks.wall(view.unit, view.scope, then_of(asking, view.as_of))
    return {
        "now": found.at,
        "totals": found.totals,
        "owners": [{"unit": one.unit, "below": one.below, **one.counts} for one in found.owners],
        "kinds": [
            {
                "clock": one.kind.clock,
                "name": one.kind.name,
                "rule_id": one.kind.rule_id,
                "verified": one.kind.verified,
                **one.counts,
            }
            for one in found.kinds
        ],
    }


@router.get("/clocks", response=Page[ClockBrief])
@needs(Permission.CLOCK_READ)
def clock_list(request: HttpRequest, asked: Query[ClockList]) -> object:
    """Due first, first; without bucket and state those that run."""
    asking = here(request)
    view = asking.view(asked)
    then = then_of(asking, view.as_of)
    owner = None
    if asked.owner is not None:
        unit = units.get(asked.owner, view.scope)
        owner = (unit.path, unit.code != view.unit["code"])
    rows = clocks.listed(
        scope=view.scope,
        then=then,
        bucket=asked.bucket,
        state=asked.state,
        clock=asked.clock,
        owner=owner,
        subject_kind=asked.subject_kind,
        subject_id=asked.subject_id,
    )
    with clocks.by_due_time():
        found, following = page(rows, order=("due_at", "id"), after=asked.after, limit=asked.limit)
    shown = briefs(found, then)
    return {"items": [shown[row.pk] for row in found], "next": following}


@router.get("/clocks/{id}", response=ClockDetail)
@needs(Permission.CLOCK_READ)
def clock(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    asking = here(request)
    return detail(asking, id, then_of(asking, asking.moment(asked)))


def _acting(
    request: HttpRequest, key: str, clock_id: int, write: Callable[[Here], object]
) -> dict[str, Any]:
    asking = here(request)

    def run() -> dict[str, Any]:
        write(asking)
        return detail(asking, clock_id, then_of(asking, asking.now))

    return once(request, key, run)


@router.post("/clocks/{id}/remind", response=ClockDetail)
@needs(states.NEEDS["clock"]["remind"])
def remind(request: HttpRequest, id: int, body: RemindIn, key: Key) -> object:
    """Tell the unit that must act once more."""

    def write(asking: Here) -> object:
        return clocks.remind(
            clock_id=id, note=body.note, scope=asking.scope, actor=asking.actor, now=asking.now
        )

    return _acting(request, key, id, write)


@router.post("/clocks/{id}/waive", response=ClockDetail)
@needs(states.NEEDS["clock"]["waive"])
def waive(request: HttpRequest, id: int, body: WaiveIn, key: Key) -> object:
    """Take it off the wall, with a reason and in words."""

    def write(asking: Here) -> object:
        return clocks.waive(
            clock_id=id,
            reason=body.reason,
            note=body.note,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )

    return _acting(request, key, id, write)

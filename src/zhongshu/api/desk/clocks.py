"""The clock wall, its lists, one clock, and what a unit is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api import messages
from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, Bare, Page, Text, UnitRef
from zhongshu.kernel.errors import NotFound
from zhongshu.rules import clocks as rules
from zhongshu.rules import reader, states
from zhongshu.rules.permissions import Permission
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])


class Counts(Schema):
    """Running clocks by when they are due; each in one bucket."""

    overdue: int
    h1: int = Field(description="due within the next hour")
    h4: int = Field(description="after that, within four hours")
    h24: int = Field(description="after that, within 24 hours")
    later: int


class OwnerCounts(Counts):
    unit: UnitRef
    below: bool = Field(description="true: the unit and all below it; false: the unit alone")


class KindCounts(Counts):
    clock: str
    name: Text
    rule_id: str
    verified: bool


class Wall(Schema):
    now: dt.datetime = Field(description="the full minute the numbers are for")
    totals: Counts
    owners: list[OwnerCounts]
    kinds: list[KindCounts]


class ClockSubject(Schema):
    kind: str
    id: int
    label: Text


class ClockBrief(Schema):
    id: int
    clock: str
    name: Text
    rule_id: str
    verified: bool
    subject: ClockSubject
    owner: UnitRef
    anchor_at: dt.datetime
    due_at: dt.datetime
    state: str = Field(description="running, overdue, met, met_late or waived")
    pct: float = Field(description="share of the time used; 100 when due")
    step: str = Field(description="the last step of escalation taken, or empty")
    pack_version: str


class Waived(Schema):
    reason: str
    note: str
    by: str
    at: dt.datetime


class ClockEvent(Schema):
    at: dt.datetime
    what: str
    by: str
    to: UnitRef | None
    note: str


class LadderStep(Schema):
    step: str
    at: dt.datetime
    levels_up: int
    to: UnitRef
    done_at: dt.datetime | None


class ClockMay(Schema):
    remind: bool
    waive: bool


class ClockDetail(ClockBrief):
    mark: str = Field(description="of the rule: V read in a source, R recalled, D our own design")
    rule: Text
    legal_basis: Text | None
    length: float | None = Field(description="in `unit`; null where a fact says when it is due")
    unit: str
    anchor_fact: str
    stop_fact: str | None
    stopped_at: dt.datetime | None
    waived: Waived | None
    events: list[ClockEvent]
    ladder: list[LadderStep]
    may: ClockMay


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


class NotificationList(Bare):
    unread: bool = False


class RemindIn(Schema):
    note: str = Field(default="", max_length=2000)


class WaiveIn(Schema):
    reason: str = Field(description=", ".join(clocks.REASONS))
    note: str = Field(max_length=2000)


# Shapes


def briefs(rows: Collection[clocks.Clock], then: clocks.Then) -> dict[int, dict[str, Any]]:
    """Clock id to how it is shown; two queries whatever their number."""
    kinds = clocks.kinds(rows)
    known = units.refs(row.unit_id for row in rows)
    return {row.pk: _brief(row, kinds[row.kind_id], known, then) for row in rows}


def _brief(
    row: clocks.Clock,
    kind: clocks.Kind,
    known: Mapping[str, units.UnitRef],
    then: clocks.Then,
) -> dict[str, Any]:
    return {
        "id": row.pk,
        "clock": row.clock,
        "name": kind.name,
        "rule_id": kind.rule_id,
        "verified": kind.verified,
        "subject": {
            "kind": row.subject_kind,
            "id": row.subject_id,
            "label": messages.label(f"clock.of.{row.subject_kind}", label=row.label),
        },
        "owner": known[row.unit_id],
        "anchor_at": row.anchor_at,
        "due_at": row.due_at,
        "state": clocks.state_then(row, then),
        "pct": _pct(row, then.at),
        "step": row.step,
        "pack_version": kind.pack_version,
    }


def _pct(row: clocks.Clock, at: dt.datetime) -> float:
    """Share of the time used when it ended, or by now."""
    until = row.ended_at or row.waived_at or at
    span = (row.due_at - row.anchor_at).total_seconds()
    used = (until - row.anchor_at).total_seconds()
    return round(max(0.0, 100 * used / span), 1) if span > 0 else 100.0 * (until >= row.due_at)


def _mark(kind: clocks.Kind) -> str:
    """The rule's mark as its pack has it; of a pack that is gone, what was kept of it."""
    kept = "V" if kind.verified else "R"
    try:
        rule = reader.load(kind.pack_version).rules.get(kind.rule_id)
    except NotFound:
        return kept
    return rule.mark.value if rule is not None else kept


def _detail(asking: Here, clock_id: int, then: clocks.Then) -> dict[str, Any]:
    row = clocks.get(clock_id, asking.scope)
    kind = clocks.kinds([row])[row.kind_id]
    line = units.refs(code for code in row.unit_path.split("/") if code)
    events = clocks.events(row)
    waived = {
        "reason": row.waived_reason, "note": row.waived_note,
        "by": row.waived_by, "at": row.waived_at,
    }  # fmt: skip
    return _brief(row, kind, line, then) | {
        "mark": _mark(kind),
        "rule": kind.rule,
        "legal_basis": kind.legal_basis,
        "length": kind.length,
        "unit": kind.unit,
        "anchor_fact": kind.anchor_fact,
        "stop_fact": kind.stop_fact or None,
        "stopped_at": row.ended_at,
        "waived": waived if row.state == "waived" else None,
        "events": [
            {
                "at": one.at,
                "what": one.what,
                "by": one.by,
                "to": units.ref(one.to_unit) if one.to_unit else None,
                "note": one.note,
            }
            for one in events
        ],
        "ladder": _ladder(row, line, events),
        "may": {action: _may(asking, row, action) for action in ("remind", "waive")},
    }


def _ladder(
    row: clocks.Clock,
    line: Mapping[str, units.UnitRef],
    events: Sequence[clocks.ClockEvent],
) -> list[dict[str, Any]]:
    """The steps with whom they reach; done_at of those that were taken and not taken back."""
    taken = {one.what: one.at for one in events}
    found = []
    for rung in clocks.rungs(row.kind_id):
        step = rules.Rung(rung.step, rung.pct, rung.levels_up)
        code = rules.above(row.unit_path, rung.levels_up).rstrip("/").rpartition("/")[2]
        found.append(
            {
                "step": rung.step,
                "at": rules.step_at(step, anchor=row.anchor_at, due=row.due_at),
                "levels_up": rung.levels_up,
                "to": line[code],
                "done_at": taken.get(rung.step) if rung.step in row.done else None,
            }
        )
    return found


def _may(asking: Here, row: clocks.Clock, action: str) -> bool:
    """The permission, where it counts, and the state all allow it: the button is shown."""
    permission = states.NEEDS["clock"][action]
    return asking.held.scope(permission).covers(row.unit_path) and states.may_do(
        "clock", action, state=row.state
    )


# Operations


def _then(asking: Here, moment: dt.datetime) -> clocks.Then:
    return clocks.Then.of(moment, now=asking.now)


@router.get("/clocks/wall", response=Wall)
@needs(Permission.CLOCK_READ)
def wall(request: HttpRequest, asked: Query[Asked]) -> object:
    """What is overdue and what will be: by owner, and by clock.  It moves by the minute."""
    asking = here(request)
    view = asking.view(asked)
    found = clocks.wall(view.unit, view.scope, _then(asking, view.as_of))
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
    then = _then(asking, view.as_of)
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
    found, following = page(rows, order=("due_at", "id"), after=asked.after, limit=asked.limit)
    shown = briefs(found, then)
    return {"items": [shown[row.pk] for row in found], "next": following}


@router.get("/clocks/{id}", response=ClockDetail)
@needs(Permission.CLOCK_READ)
def clock(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    asking = here(request)
    return _detail(asking, id, _then(asking, asking.moment(asked)))


def _acting(
    request: HttpRequest, key: str, clock_id: int, write: Callable[[Here], object]
) -> dict[str, Any]:
    asking = here(request)

    def run() -> dict[str, Any]:
        write(asking)
        return _detail(asking, clock_id, _then(asking, asking.now))

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


def _own_units(asking: Here) -> list[str]:
    """The units of one's posts that may read clocks: their post is one's own."""
    return [post.unit_id for post in asking.held.posts if post.unit_path in asking.scope.paths]


def _notifications(rows: Sequence[clocks.Notification], asking: Here) -> list[dict[str, Any]]:
    shown = briefs([row.clock for row in rows], _then(asking, asking.now))
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

"""Directives: lists, one with its tree, and what a unit answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.desk.decisions import DecisionBrief, decision_brief
from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, Page, Text, UnitRef
from zhongshu.rules import states
from zhongshu.rules.permissions import Permission
from zhongshu.service.directives import facade as directives
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])
ACTIONS = ("receive", "sign", "report", "close", "forward")


class Receipts(Schema):
    total: int
    signed: int
    reported: int


class DirectiveBrief(Schema):
    id: int
    number: str
    title: Text
    kind: str
    from_unit: UnitRef
    to_unit: UnitRef
    parent_id: int | None
    children_count: int
    state: str
    overdue: bool
    issued_at: dt.datetime
    sign_due_at: dt.datetime
    due_at: dt.datetime
    signed_at: dt.datetime | None
    reported_at: dt.datetime | None
    receipts: Receipts


class DirectiveEvent(Schema):
    at: dt.datetime
    action: str
    by: str
    unit: UnitRef
    note: str


class May(Schema):
    receive: bool
    sign: bool
    report: bool
    close: bool
    forward: bool


class DirectiveJobs(Schema):
    """job: the only one of its plan that the asker sees; null: there are several."""

    plan: int
    total: int
    job: int | None


class DirectiveDetail(DirectiveBrief):
    text: Text
    decision: DecisionBrief | None
    proposal_id: int | None
    jobs: DirectiveJobs | None = Field(description="of the plan of dispatch that it carries out")
    ancestors: list[DirectiveBrief]
    children: list[DirectiveBrief]
    events: list[DirectiveEvent]
    may: May


class DirectiveList(AskedList):
    state: str = ""
    unit: str | None = Field(default=None, description="only directives to this unit")
    mine: bool = Field(default=False, description="only directives to the units of one's posts")
    overdue: bool = False


class NoteIn(Schema):
    note: str = Field(default="", max_length=2000)


class ReportIn(Schema):
    text: str = Field(max_length=4000)
    figures: dict[str, float] = Field(default_factory=dict)


class ForwardIn(Schema):
    to_units: list[str] = Field(min_length=1, max_length=2000)
    note: str = Field(default="", max_length=2000)


def briefs(
    rows: Sequence[directives.Directive], *, scope: Scope, now: dt.datetime
) -> list[dict[str, Any]]:
    """Rows as shown, with receipts of their subtrees; three queries whatever their number."""
    ids = [one.pk for one in rows]
    receipts = directives.receipts(rows, scope)
    children = directives.children_counts(ids, scope)
    known = units.refs(code for one in rows for code in (one.unit_id, one.from_unit_id))
    return [
        {
            "id": one.pk,
            "number": one.number,
            "title": one.title,
            "kind": one.kind,
            "from_unit": known[one.from_unit_id],
            "to_unit": known[one.unit_id],
            "parent_id": one.parent_id,
            "children_count": children.get(one.pk, 0),
            "state": one.state,
            "overdue": directives.is_overdue(one, now),
            "issued_at": one.issued_at,
            "sign_due_at": one.sign_due_at,
            "due_at": one.due_at,
            "signed_at": one.signed_at,
            "reported_at": one.reported_at,
            "receipts": receipts[one.pk],
        }
        for one in rows
    ]


@router.get("/directives", response=Page[DirectiveBrief])
@needs(Permission.DIRECTIVE_READ)
def directive_list(request: HttpRequest, asked: Query[DirectiveList]) -> object:
    """Newest first."""
    asking = here(request)
    view = asking.view(asked)
    mine = {post.unit_id for post in asking.held.posts} if asked.mine else None
    if asked.unit is not None:
        mine = {asked.unit} if mine is None else mine & {asked.unit}
    rows = directives.listed(
        scope=view.scope,
        as_of=view.as_of,
        state=asked.state,
        mine=mine,
        overdue_only=asked.overdue,
    )
    order = ("-issued_at", "-id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": briefs(found, scope=asking.scope, now=view.as_of), "next": following}


@router.get("/directives/{id}", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_READ)
def directive(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    return _detail(here(request), id)


def _detail(asking: Here, directive_id: int) -> dict[str, Any]:
    """One directive with those above and below it within scope, and what one may do with it."""
    one = directives.get(directive_id, asking.scope)
    above = directives.above(one, asking.scope)
    below = list(asking.scope.filter(one.children.all()).order_by("unit_id"))
    shown = briefs([one, *above, *below], scope=asking.scope, now=asking.now)
    events = list(one.events.select_related("unit").order_by("id"))
    decision = (
        periods.of_proposals([one.proposal_id]).get(one.proposal_id) if (one.proposal_id) else None
    )
    return shown[0] | {
        "text": one.text,
        "decision": decision_brief(decision) if decision else None,
        "proposal_id": one.proposal_id,
        "jobs": _jobs(asking, one),
        "ancestors": shown[1 : 1 + len(above)],
        "children": shown[1 + len(above) :],
        "events": [
            {"at": e.at, "action": e.action, "by": e.by, "unit": units.ref(e.unit), "note": e.note}
            for e in events
        ],
        "may": {action: _may(asking, one, action) for action in ACTIONS},
    }


def _jobs(asking: Here, one: directives.Directive) -> dict[str, Any] | None:
    if one.proposal_id is None or Permission.DISPATCH_READ not in asking.held.permissions:
        return None
    found = dispatch.jobs_by_proposal(one.proposal_id, asking.scope).values_list("pk", "plan_id")
    numbers = list(found)
    if not numbers:
        return None
    (job, plan), total = numbers[0], len(numbers)
    return {"plan": plan, "total": total, "job": job if total == 1 else None}


def _may(asking: Here, one: directives.Directive, action: str) -> bool:
    """The permission, the state and the side of the order all allow it: the button is shown."""
    permission = states.NEEDS["directive"][action]
    if permission not in asking.held.permissions:
        return False
    actor = asking.held.actor(permission)
    return directives.is_side(one, action, actor, one.from_unit.path) and states.may_do(
        "directive", action, state=one.state
    )


def _acting(
    request: HttpRequest, key: str, directive_id: int, write: Callable[[Here], object]
) -> dict[str, Any]:
    asking = here(request)

    def run() -> dict[str, Any]:
        write(asking)
        return _detail(asking, directive_id)

    return once(request, key, run)


def _act(
    request: HttpRequest,
    key: str,
    directive_id: int,
    *,
    action: str,
    note: str,
    figures: dict[str, float] | None = None,
) -> dict[str, Any]:
    def write(asking: Here) -> object:
        done = directives.act(
            directive_id=directive_id,
            action=action,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
            note=note,
            figures=figures,
        )
        if action == "report":
            periods.carried_out(directive=done, actor=asking.actor, now=asking.now)
        return done

    return _acting(request, key, directive_id, write)


@router.post("/directives/{id}/receive", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_SIGN)
def receive(request: HttpRequest, id: int, body: NoteIn, key: Key) -> object:
    return _act(request, key, id, action="receive", note=body.note)


@router.post("/directives/{id}/sign", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_SIGN)
def sign(request: HttpRequest, id: int, body: NoteIn, key: Key) -> object:
    return _act(request, key, id, action="sign", note=body.note)


@router.post("/directives/{id}/report", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_REPORT)
def report(request: HttpRequest, id: int, body: ReportIn, key: Key) -> object:
    return _act(request, key, id, action="report", note=body.text, figures=body.figures)


@router.post("/directives/{id}/close", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_ISSUE)
def close(request: HttpRequest, id: int, body: NoteIn, key: Key) -> object:
    return _act(request, key, id, action="close", note=body.note)


@router.post("/directives/{id}/forward", response=DirectiveDetail)
@needs(Permission.DIRECTIVE_ISSUE)
def forward(request: HttpRequest, id: int, body: ForwardIn, key: Key) -> object:
    def write(asking: Here) -> object:
        return directives.forward(
            directive_id=id,
            to_units=body.to_units,
            note=body.note,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )

    return _acting(request, key, id, write)

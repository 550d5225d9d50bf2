"""The decision queue."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field, field_validator

from zhongshu.api.desk.decisions import DecisionBrief, decision_brief
from zhongshu.api.desk.directives import DirectiveBrief, briefs
from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, ListRef, Page, Text, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])
ROWS_SHOWN = 200


class ProposalBrief(Schema):
    id: int
    kind: str
    title: Text
    unit: UnitRef
    state: str
    priority: int
    waiting_cost: Text | None
    created_at: dt.datetime
    as_of: dt.datetime
    decided_at: dt.datetime | None


class Reason(Schema):
    text: Text
    rule_id: str | None = None
    verified: bool | None = None
    source: Text | None = None
    facts: dict[str, Any] = Field(default_factory=dict)
    list: ListRef | None = None

    @field_validator("source", mode="before")
    @classmethod
    def _in_both_languages(cls, value: object) -> object:
        """Proposals are kept for years: before, a source was stored in one language."""
        return {"zh": value, "en": value} if isinstance(value, str) else value


class Cost(Schema):
    key: str
    label: Text
    value: float | None
    unit: str = ""
    low: float | None = None
    high: float | None = None


class Alternative(Schema):
    key: str
    label: Text
    costs: list[Cost]
    chosen: bool = False


class Column(Schema):
    key: str
    label: Text
    unit: str | None = None


class Detail(Schema):
    columns: list[Column] = Field(default_factory=list)
    rows: list[dict[str, Any]] = Field(default_factory=list)
    total: int = 0


class PackRef(Schema):
    id: str
    version: str


class ProposalDetail(ProposalBrief):
    reasons: list[Reason]
    cost: list[Cost]
    alternatives: list[Alternative]
    if_nothing: Text | None
    recipients: list[UnitRef]
    recipients_count: int
    pack: PackRef
    run_id: int
    inputs_hash: str
    content_hash: str
    geometry: dict[str, Any] | None
    detail: Detail
    plan: int | None = Field(description="of dispatch, which approval puts into force")
    decision: DecisionBrief | None
    may_decide: bool


class ProposalList(AskedList):
    state: str = ""
    kind: str = ""


class Amendment(Schema):
    due_hours: float | None = None
    exclude_units: list[str] = Field(default_factory=list)
    note: str = Field(default="", max_length=500)


class VerdictIn(Schema):
    verdict: Literal["approve", "amend", "reject"]
    reason: str = Field(default="", max_length=2000)
    amendment: Amendment | None = None
    content_hash: str = Field(default="", description="of the proposal as it was read")


class Decided(Schema):
    decision: DecisionBrief
    directives: list[DirectiveBrief]


@router.get("/proposals", response=Page[ProposalBrief])
@needs(Permission.PROPOSAL_READ)
def proposals(request: HttpRequest, asked: Query[ProposalList]) -> object:
    """Those that cost most by waiting come first."""
    view = here(request).view(asked)
    rows = periods.listed(scope=view.scope, as_of=view.as_of, state=asked.state, kind=asked.kind)
    found, following = page(
        rows.select_related("unit"),
        order=("-priority", "-id"),
        after=asked.after,
        limit=asked.limit,
    )
    return {"items": [_brief(one) for one in found], "next": following}


def _brief(one: periods.Proposal) -> dict[str, Any]:
    return {
        "id": one.pk,
        "kind": one.kind,
        "title": one.title,
        "unit": units.ref(one.unit),
        "state": one.state,
        "priority": one.priority,
        "waiting_cost": one.waiting_cost,
        "created_at": one.created_at,
        "as_of": one.as_of,
        "decided_at": one.closed_at,
    }


@router.get("/proposals/{id}", response=ProposalDetail)
@needs(Permission.PROPOSAL_READ)
def proposal(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    one = periods.get(id, view.scope)
    content = one.content
    known = units.refs(content["recipients"])
    decision = periods.of_proposals([one.pk]).get(one.pk)
    detail = content["detail"] or {"columns": [], "rows": [], "total": 0}
    may_decide = Permission.PROPOSAL_DECIDE in here(request).held.permissions
    return _brief(one) | {
        "reasons": content["reasons"],
        "cost": content["cost"],
        "alternatives": content["alternatives"],
        "if_nothing": content["if_nothing"],
        "recipients": [known[code] for code in content["recipients"] if code in known],
        "recipients_count": len(content["recipients"]),
        "pack": {"id": one.pack_id, "version": one.pack_version},
        "run_id": one.run_id,
        "inputs_hash": one.inputs_hash,
        "content_hash": one.content_hash,
        "geometry": one.geometry,
        "detail": {**detail, "rows": detail["rows"][:ROWS_SHOWN]},
        "plan": one.subject.get("dispatch"),
        "decision": decision_brief(decision) if decision else None,
        "may_decide": may_decide and one.state == "waiting",
    }


@router.post("/proposals/{id}/decision", response=Decided)
@needs(Permission.PROPOSAL_DECIDE)
def decide(
    request: HttpRequest,
    id: int,
    body: VerdictIn,
    key: Key,
) -> object:
    """Approve, amend or reject.  The same key again gets the same answer; the directives go out
    once."""
    asking = here(request)
    change = body.amendment
    verdict = periods.Verdict(
        verdict=body.verdict,
        reason=body.reason,
        due_hours=change.due_hours if change else None,
        exclude_units=tuple(change.exclude_units) if change else (),
        note=change.note if change else "",
        judged=body.content_hash,
    )

    def write() -> dict[str, Any]:
        decision, issued = periods.decide(
            proposal_id=id,
            verdict=verdict,
            scope=asking.scope,
            actor=asking.actor,
            by_name=asking.held.user.display_name,
            now=asking.now,
        )
        directives = briefs(issued, scope=asking.scope, now=asking.now)
        return {"decision": decision_brief(decision), "directives": directives}

    return once(request, key, write)

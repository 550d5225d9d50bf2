"""Plans of dispatch: asked of a planner, computed by a worker, worded again, proposed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Status

from zhongshu.api import messages
from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.dispatchshapes import (
    AgainIn,
    DispatchForm,
    DispatchFormAsked,
    DispatchProposed,
    DispatchProposeIn,
    DispatchQuestion,
    EventsIn,
    PlanDetail,
    PlanItem,
    PlanRow,
    PlanRowsAsked,
    PlansAsked,
)
from zhongshu.api.shapes import Page
from zhongshu.rules import states
from zhongshu.rules.permissions import Permission
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.dispatch.planning import facade as planning
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
P = Permission


@router.get("/dispatch/plans", response=Page[PlanItem])
@needs(P.DISPATCH_READ)
def plans(request: HttpRequest, asked: Query[PlansAsked]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = dispatch.plans(
        scope=view.scope, as_of=view.as_of, planner=asked.planner, state=asked.state
    )
    order = ("-created_at", "-id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": [_item(one) for one in found], "next": following}


@router.post("/dispatch/plans", response={202: PlanItem})
@needs(P.DISPATCH_PLAN)
def ask(request: HttpRequest, body: DispatchQuestion, key: Key) -> object:
    """Queue a plan; a worker makes it.  A form that cannot be read is refused at once."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = planning.ask(
            question=planning.Question(**body.dict()),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _queued(made, asking)

    return Status(202, once(request, key, write))


@router.get("/dispatch/form", response=DispatchForm)
@needs(P.DISPATCH_PLAN)
def form(request: HttpRequest, asked: Query[DispatchFormAsked]) -> object:
    """What a planner asks for, and what there is now for a plan of the unit."""
    view = here(request).view(asked)
    chosen = planning.planner(asked.planner)
    unit = units.get(view.unit["code"], view.scope)
    question = planning.asked(
        name=chosen.NAME, unit=unit, incident=incidents.current(), form={}, now=view.as_of
    )
    with rowsecurity.aggregate():  # counts of the unit, which lies within the asker's scope
        counts = chosen.counts(question)
    return {
        "planner": chosen.NAME,
        "unit": view.unit,
        "fields": [_field(one) for one in chosen.FIELDS],
        "counts": [{"key": name, "value": value} for name, value in counts.items()],
        "words": sorted(chosen.WORDS),
        "events": sorted(chosen.EVENTS),
    }


@router.get("/dispatch/plans/{id}", response=PlanDetail)
@needs(P.DISPATCH_READ)
def plan(request: HttpRequest, id: int) -> object:
    asking = here(request)
    one = dispatch.get(id, asking.scope)
    detail = one.detail or {}
    return _item(one) | {
        "form": one.form,
        "words": one.words,
        "events": one.events,
        "answer": detail.get("answer"),
        "tables": detail.get("tables", []),
        "features": detail.get("features", []),
        "bars": detail.get("bars", []),
        "round": (one.kept or {}).get("round_id"),
        "may": _may(one, asking),
    }


@router.get("/dispatch/plans/{id}/rows/{table}", response=Page[PlanRow])
@needs(P.DISPATCH_READ)
def rows(request: HttpRequest, id: int, table: str, asked: Query[PlanRowsAsked]) -> object:
    """A table of an answered plan, in its order."""
    one = dispatch.get(id, here(request).scope)
    found, following = page(
        dispatch.rows(one, table, text=asked.text),
        order=("no",),
        after=asked.after,
        limit=asked.limit,
    )
    return {"items": [{"no": row.no, "cells": row.row} for row in found], "next": following}


@router.post("/dispatch/plans/{id}/again", response={202: PlanItem})
@needs(P.DISPATCH_PLAN)
def again(request: HttpRequest, id: int, body: AgainIn, key: Key) -> object:
    """The same question with a dispatcher's words, as a plan that follows this one."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = planning.again(
            plan_id=id,
            words=[planning.Word(**one.dict()) for one in body.words],
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _queued(made, asking)

    return Status(202, once(request, key, write))


@router.post("/dispatch/plans/{id}/events", response={202: PlanItem})
@needs(P.DISPATCH_PLAN)
def happened(request: HttpRequest, id: int, body: EventsIn, key: Key) -> object:
    """Plan again from now, after what went wrong."""
    asking = here(request)

    def write() -> dict[str, Any]:
        told = [
            planning.Event(
                kind=one.kind, thing=one.thing, at=one.at or asking.now, to=one.to, note=one.note
            )
            for one in body.events
        ]
        made = planning.happened(
            plan_id=id, events=told, scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return _queued(made, asking)

    return Status(202, once(request, key, write))


@router.post("/dispatch/plans/{id}/withdraw", response=PlanItem)
@needs(P.DISPATCH_PLAN)
def withdraw(request: HttpRequest, id: int, key: Key) -> object:
    """One that waits, or that nobody proposed."""
    asking = here(request)

    def write() -> dict[str, Any]:
        planning.withdraw(plan_id=id, scope=asking.scope, actor=asking.actor, now=asking.now)
        return _item(dispatch.get(id, asking.scope))

    return once(request, key, write)


@router.post("/dispatch/plans/{id}/propose", response=DispatchProposed)
@needs(P.DISPATCH_PLAN)
def propose(request: HttpRequest, id: int, body: DispatchProposeIn, key: Key) -> object:
    """Put it before the headquarters: approval takes its things and issues its jobs."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = planning.propose(
            plan_id=id,
            reason=body.reason,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return {"proposal": made.proposal_id}

    return once(request, key, write)


def _queued(made: dispatch.DispatchPlan, asking: Here) -> dict[str, Any]:
    # The queue lies outside the scoped role; the unit was checked against the scope before.
    with rowsecurity.unscoped():
        import_string(settings.ZHONGSHU_QUEUE_DISPATCH)(made.pk)
    return _item(dispatch.get(made.pk, asking.scope))


def _may(one: dispatch.DispatchPlan, asking: Here) -> list[str]:
    if not asking.held.scope(P.DISPATCH_PLAN).covers(one.unit_path):
        return []
    chosen = planning.planner(one.planner)
    found = [name for name in ("withdraw", "propose") if states.may_do("dispatch", name,
             state=one.state)]  # fmt: skip
    if one.kept is not None and one.state in ("ready", "proposed", "issued"):
        found += ["again"] if chosen.WORDS else []
        found += ["events"] if chosen.EVENTS else []
    return found


def _field(one: planning.Field) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind,
        "default": one.default,
        "least": one.least,
        "most": one.most,
        "choices": list(one.choices),
        "planner": one.planner,
        "required": one.required,
    }


def _item(one: dispatch.DispatchPlan) -> dict[str, Any]:
    names = (
        "id", "planner", "title", "state", "as_of", "created_at", "created_by", "started_at",
        "finished_at",
    )  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    headline = one.headline or {}
    return told | {
        "unit": units.ref(one.unit),
        "follows": one.follows_id,
        "figures": headline.get("figures", []),
        "gap": headline.get("gap"),
        "seconds": headline.get("seconds"),
        "unserved": headline.get("unserved"),
        "changed": headline.get("changed"),
        "refusal": messages.of_kept(one.refusal),
        "proposal": one.proposal_id,
        "jobs": {"total": one.jobs_total, "done": one.jobs_done},  # type: ignore[attr-defined]
        "synthetic": one.incident.synthetic,
    }

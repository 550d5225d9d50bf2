"""Jobs of dispatch: who does what when, and what is told of each step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.dispatchshapes import (
    JobDetail,
    JobItem,
    JobsAsked,
    OpenEvent,
    SheetAsked,
    StepReceiptIn,
)
from zhongshu.api.shapes import AskedList, Page
from zhongshu.connectors.sheets import jobs as sheets
from zhongshu.connectors.sheets import word
from zhongshu.rules.permissions import Permission
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
P = Permission
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/dispatch/jobs", response=Page[JobItem])
@needs(P.DISPATCH_READ)
def jobs(request: HttpRequest, asked: Query[JobsAsked]) -> object:
    """The one due first, first."""
    asking = here(request)
    view = asking.view(asked)
    rows = dispatch.jobs(
        scope=view.scope,
        as_of=view.as_of,
        planner=asked.planner,
        state=asked.state,
        plan=asked.plan,
    )
    order = ("due_at", "id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": [_item(one, asking.now) for one in found], "next": following}


@router.get("/dispatch/jobs/{id}", response=JobDetail)
@needs(P.DISPATCH_READ)
def job(request: HttpRequest, id: int) -> object:
    asking = here(request)
    return _detail(dispatch.job(id, asking.scope), asking.now)


@router.post("/dispatch/jobs/{id}/receipts", response=JobDetail)
@needs(P.DISPATCH_REPORT)
def tell(request: HttpRequest, id: int, body: StepReceiptIn, key: Key) -> object:
    """What became of one step."""
    asking = here(request)

    def write() -> dict[str, Any]:
        dispatch.tell(
            job_id=id,
            told=dispatch.Told(body.step, body.what, body.note, body.at),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _detail(dispatch.job(id, asking.scope), asking.now)

    return once(request, key, write)


@router.get("/dispatch/jobs/{id}/sheet", response=None)
@needs(P.DISPATCH_REPORT)
def sheet(request: HttpRequest, id: int, asked: Query[SheetAsked]) -> object:
    """The job on paper, as a Word file.  Names for those who may open identities, and the access
    is on record; masked for all others."""
    asking = here(request)
    found = dispatch.opened(
        job_id=id,
        names=asking.held.scope(P.IDENTITY_OPEN),
        scope=asking.scope,
        actor=asking.actor,
        now=asking.now,
    )
    told = sheets.Opened(
        job=found.job,
        unit=found.job.unit.name,
        synthetic=incidents.current().synthetic,
        persons={
            person: sheets.Person(one.name, one.id_no, one.address)
            for person, one in found.persons.items()
        },
        told=found.told,
    )
    drawn = word.draw(sheets.of(told, lang=asked.lang, made_at=asking.now))
    response = HttpResponse(drawn, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="job-{id}.docx"'
    return response


@router.get("/dispatch/open-events", response=Page[OpenEvent])
@needs(P.DISPATCH_READ)
def open_events(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Receipts that ask for another plan, the newest first."""
    view = here(request).view(asked)
    rows = dispatch.open_events(scope=view.scope, as_of=view.as_of)
    order = ("-told_at", "-id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": [_event(one) for one in found], "next": following}


def _event(one: dispatch.Receipt) -> dict[str, Any]:
    step = next(step for step in one.job.steps if step["no"] == one.step)
    # A site says of a room's step that it is full: it means itself, as a vehicle that breaks down.
    own = one.what == "breakdown" or (one.what == "site_full" and one.job.kind == "site")
    return {
        "id": one.pk,
        "plan": one.job.plan_id,
        "planner": one.job.planner,
        "job": one.job_id,
        "job_title": one.job.title,
        "unit": units.ref(one.job.unit),
        "kind": dispatch.EVENT.get(one.what, one.what),
        "thing": one.job.code if own else step["thing"].split("/")[0],
        "at": one.at,
        "note": one.note,
    }


def _item(one: dispatch.Job, now: dt.datetime) -> dict[str, Any]:
    names = (
        "id", "planner", "kind", "code", "title", "state", "starts_at", "due_at", "closed_at",
        "steps_total", "steps_done",
    )  # fmt: skip
    told = {name: getattr(one, name) for name in names}
    return told | {
        "plan": one.plan_id,
        "unit": units.ref(one.unit),
        "late": one.state in dispatch.OPEN_JOBS and one.due_at < now,
        "instead": one.instead_id,
    }


def _detail(one: dispatch.Job, now: dt.datetime) -> dict[str, Any]:
    told = list(dispatch.receipts(one))
    last: dict[int, dispatch.Receipt] = {}
    for receipt in told:  # the newest first
        last.setdefault(receipt.step, receipt)
    open_ = one.state in dispatch.OPEN_JOBS
    return _item(one, now) | {
        "steps": [_step(step, last.get(step["no"]), open_) for step in one.steps],
        "receipts": [_receipt(receipt) for receipt in told],
    }


def _step(step: Mapping[str, Any], last: dispatch.Receipt | None, open_: bool) -> dict[str, Any]:
    closed = last is not None and last.what in dispatch.CLOSES
    names = ("no", "kind", "at", "ends", "label", "place", "lon", "lat", "count", "thing", "facts")
    return {name: step[name] for name in names} | {
        "receipt": None if last is None else _receipt(last),
        "may": [] if closed or not open_ else list(dispatch.WHAT.get(step["kind"], ("done",))),
    }


def _receipt(one: dispatch.Receipt) -> dict[str, Any]:
    names = ("id", "step", "what", "at", "told_at", "by", "note")
    return {name: getattr(one, name) for name in names}

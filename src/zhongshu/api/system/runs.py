"""Runs of the cycle."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Schema

from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, Bare, Page, Text
from zhongshu.rules.permissions import Permission
from zhongshu.service.periods import facade as periods

router = Router(tags=["system"])


class RunStep(Schema):
    name: str
    state: str
    seconds: float | None
    summary: dict[str, Any]
    error: Text | None


class RunBrief(Schema):
    id: int
    as_of: dt.datetime
    state: str
    attempts: int
    started_at: dt.datetime
    finished_at: dt.datetime | None
    seconds: float | None
    steps: list[RunStep]


class RunDetail(RunBrief):
    card: dict[str, Any]


class StartIn(Schema):
    as_of: dt.datetime | None = None


class Queued(Schema):
    """The run is listed under `as_of` as soon as a worker takes it up."""

    as_of: dt.datetime


def _seconds(begin: dt.datetime, end: dt.datetime | None) -> float | None:
    return (end - begin).total_seconds() if end else None


def run_brief(run: periods.Run) -> dict[str, Any]:
    steps = sorted(run.steps.all(), key=lambda step: step.position)
    return {
        "id": run.pk,
        "as_of": run.as_of,
        "state": run.state,
        "attempts": run.attempts,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "seconds": _seconds(run.started_at, run.finished_at),
        "steps": [
            {
                "name": step.name,
                "state": step.state,
                "seconds": _seconds(step.started_at, step.finished_at),
                "summary": step.summary,
                "error": step.error,
            }
            for step in steps
        ],
    }


@router.get("/runs", response=Page[RunBrief])
@needs(Permission.RUN_READ)
def runs(request: HttpRequest, asked: Query[Bare]) -> object:
    """Latest moment first."""
    rows = periods.runs()
    found, following = page(rows, order=("-as_of", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [run_brief(run) for run in found], "next": following}


@router.get("/runs/{id}", response=RunDetail)
@needs(Permission.RUN_READ)
def run(request: HttpRequest, id: int) -> object:
    one = periods.get_run(id)
    return run_brief(one) | {"card": one.card}


@router.post("/runs", response=Queued)
@needs(Permission.RUN_START, apart=True)
def start(request: HttpRequest, body: StartIn, key: Key) -> object:
    """Queue a run; a worker takes it up.  By default as of now."""
    asking = here(request)
    as_of = asking.moment(Asked(scope=None, as_of=body.as_of))

    def write() -> dict[str, Any]:
        import_string(settings.ZHONGSHU_QUEUE_RUN)(as_of)
        return {"as_of": as_of}

    return once(request, key, write)

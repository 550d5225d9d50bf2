"""The situation: figures, trends, feeds and the last run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.door import Here, here, needs
from zhongshu.api.shapes import Asked, ListRef, Point, Text, UnitRef
from zhongshu.api.system.runs import RunBrief, run_brief
from zhongshu.rules.permissions import Permission
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.intake import facade as intake
from zhongshu.service.periods import facade as periods
from zhongshu.service.situation import figures, trends

router = Router(tags=["desk"])
# A figure is shown to whoever may read the list it counts.
LIST_NEEDS = {
    "cases": Permission.CASE_READ,
    "contacts": Permission.CONTACT_READ,
    "signals": Permission.SIGNAL_READ,
    "zones": Permission.ZONE_READ,
    "sites": Permission.RESOURCE_READ,
    "hospitals": Permission.RESOURCE_READ,
    "proposals": Permission.PROPOSAL_READ,
    "directives": Permission.DIRECTIVE_READ,
}


class FigurePoint(Schema):
    date: dt.date
    value: float


Series = list[FigurePoint]


class Figure(Schema):
    """value is null exactly when `missing` says why; change is on the same hour yesterday."""

    key: str
    value: float | None
    change: float | None
    unit: str
    list: ListRef
    series: Series
    missing: Text | None


class Trend(Schema):
    key: str
    unit: str
    points: list[Point]


class FeedState(Schema):
    feed: str
    zh: str
    sender: str
    last_received_at: dt.datetime | None
    last_data_date: dt.date | None
    rows: int
    rejected: int
    late: bool


class Situation(Schema):
    as_of: dt.datetime
    scope: UnitRef
    synthetic: bool
    figures: list[Figure]
    trends: list[Trend]
    feeds: list[FeedState]
    run: RunBrief | None


@router.get("/situation", response=Situation)
@needs(Permission.SITUATION_READ)
def situation(request: HttpRequest, asked: Query[Asked]) -> object:
    """Today's picture of a unit; every figure equals the list it links to."""
    asking = here(request)
    view = asking.view(asked)
    run = periods.latest_run(view.as_of)
    return {
        "as_of": view.as_of,
        "scope": view.unit,
        "synthetic": incidents.current().synthetic,
        "figures": [
            _figure(one)
            for one in figures.read(scope=view.scope, as_of=view.as_of)
            if LIST_NEEDS[one.spec.route] in asking.held.permissions
        ],
        "trends": trends.read(scope=view.scope, unit=view.unit, as_of=view.as_of),
        "feeds": intake.sources(as_of=view.as_of),
        "run": _run(run, asking) if run else None,
    }


def _run(run: periods.Run, asking: Here) -> dict[str, Any]:
    """How the run went; what its steps counted over all units needs the right to read runs."""
    shown = run_brief(run)
    if Permission.RUN_READ not in asking.held.permissions:
        shown["steps"] = [step | {"summary": {}} for step in shown["steps"]]
    return shown


def _figure(one: figures.Figure) -> dict[str, object]:
    return {
        "key": one.spec.key,
        "value": one.value,
        "change": one.change,
        "unit": one.spec.unit,
        "list": {"route": one.spec.route, "filters": dict(one.filters)},
        "series": [{"date": day, "value": value} for day, value in one.series],
        "missing": one.missing,
    }

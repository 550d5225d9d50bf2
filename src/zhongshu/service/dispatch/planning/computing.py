"""From a question that was kept to its answer: what the worker does."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.kernel.time import beijing_day
from zhongshu.reference import read as reference
from zhongshu.rules import reader
from zhongshu.service.dispatch import brought, ordered, selectors
from zhongshu.service.dispatch.models import DispatchPlan
from zhongshu.service.dispatch.planners import planner
from zhongshu.service.dispatch.planners.shapes import Ask, Event, JobDraft, Made, Word
from zhongshu.service.dispatch.planning import outlook
from zhongshu.service.incidents.facade import Incident
from zhongshu.service.kit.ground import Ground
from zhongshu.service.units import facade as units


def compute(plan: DispatchPlan, now: dt.datetime) -> tuple[Made, dict[str, Any]]:
    """What the planner makes of it, and what is kept of that for approval and for re-planning.
    Refuses what the planner refuses."""
    made = planner(plan.planner).make(question(plan, now))
    return made, kept(made)


def question(plan: DispatchPlan, now: dt.datetime) -> Ask:
    before = plan.follows.kept if plan.follows and plan.follows.kept else None
    fields = planner(plan.planner).FIELDS
    named = [one.key for one in fields if one.kind == "plan" and plan.form.get(one.key)]
    return Ask(
        ground=ground(plan.incident, plan.as_of, plan.unit_path),
        unit=plan.unit,
        form=plan.form,
        seed=plan.seed,
        now=now,
        words=tuple(Word(**one) for one in plan.words),
        events=tuple(
            Event(**one | {"at": dt.datetime.fromisoformat(one["at"])}) for one in plan.events
        ),
        before=before["again"] if before else None,
        plans={key: selectors.again_of(plan.form[key]) for key in named},
        outlook=outlook.known(plan.incident, plan.as_of),
        roads=roads(),
        placed=selectors.placed(plan.planner, besides=plan.follows),
        coming=ordered.coming(besides=plan.follows),
        brought=brought.brought(besides=plan.follows, as_of=plan.as_of),
        own={
            (one["kind"], one["code"], one["pool"]): one["amount"]
            for one in (before["takings"] if before else ())
            if plan.follows and plan.follows.state == "issued"
        },
    )


def roads() -> Finder | None:
    """What this installation plans on, by the setting ``ZHONGSHU_ROAD_FINDER``."""
    found: Finder | None = import_string(settings.ZHONGSHU_ROAD_FINDER)()
    return found


def asked(
    *, name: str, unit: units.Unit, incident: Incident, form: Mapping[str, Any], now: dt.datetime
) -> Ask:
    """A question nobody has asked yet, to count what there is for it."""
    known = planner(name)
    filled = {one.key: form.get(one.key, one.default) for one in known.FIELDS}
    return Ask(ground(incident, now, unit.path), unit, filled, seed=0, now=now)


def ground(incident: Incident, as_of: dt.datetime, path: str) -> Ground:
    """Under the edition in force at `path` on the day."""
    return Ground(
        as_of=as_of,
        pack=reader.applicable(disease=incident.disease, on=beijing_day(as_of), path=path),
        tree=reference.divisions(incident.scope_unit_id),
        scope_unit=incident.scope_unit_id,
    )


def kept(made: Made) -> dict[str, Any]:
    return {
        "jobs": [_job(one) for one in made.jobs],
        "takings": [
            dataclasses.asdict(one)
            | {
                "begins": one.begins.isoformat(),
                "ends": one.ends.isoformat() if one.ends else None,
            }
            for one in made.takings
        ],
        "again": dict(made.again),
    }


def _job(one: JobDraft) -> dict[str, Any]:
    """Steps in the order of their time; numbered by their place from 1."""
    steps = sorted(one.steps, key=lambda step: step.at)
    told = [
        dataclasses.asdict(step)
        | {
            "no": number,
            "at": step.at.isoformat(),
            "ends": step.ends.isoformat() if step.ends else None,
        }
        for number, step in enumerate(steps, 1)
    ]
    ends = max((step.ends or step.at) for step in steps)
    return {
        "kind": one.kind,
        "code": one.code,
        "unit": one.unit,
        "title": one.title,
        "starts_at": steps[0].at.isoformat(),
        "due_at": ends.isoformat(),
        "steps": told,
    }

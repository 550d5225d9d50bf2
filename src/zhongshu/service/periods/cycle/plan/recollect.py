"""Everybody of a positive tube sampled again, singly, within the hours of the rule."""

from __future__ import annotations

from typing import Any

from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import asked
from zhongshu.service.periods.cycle.words import reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.rounds import facade as rounds

KIND, PLANNER = "recollect", "recollect"


def run(frame: Frame) -> Outcome:
    """Mobile teams for the members of positive tubes who wait, where anybody does."""
    waiting = rounds.pending(frame.tree.get(frame.scope_unit).path, frame.as_of)
    if not waiting or frame.pack.get("test.recollect_h") is None:
        return Outcome({"waiting": len(waiting)}, (), (KIND,))
    plans = asked.Plans(frame)
    plan = plans.made(PLANNER)
    drafts = (_draft(frame, plan),) if plan and asked.has_jobs(plan) else ()
    return Outcome(plans.summary | {"waiting": len(waiting)}, drafts, (KIND,))


def _draft(frame: Frame, plan: dispatch.DispatchPlan) -> Draft:
    pack, figures = frame.pack, asked.figures(plan)
    facts: dict[str, Any] = {name: round(value) for name, value in figures.items()}
    facts |= {"plan": plan.pk, "hours": pack.value("test.recollect_h")}
    opens = {"route": "tubes", "filters": {"state": "open"}}
    reasons = [reason("recollect.why", pack=pack, figure="test.recollect_h", opens=opens, **facts)]
    if facts["late"]:
        reasons.append(reason("recollect.late", pack=pack, figure="test.recollect_h", **facts))
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("recollect.title", **facts),
        reasons=[*reasons, *dispatch.explained(plan)],
        directive=say("recollect.directive", **facts),
        **frame.terms(KIND),
        priority=90,
        if_nothing=say("recollect.if_nothing", **facts),
        **dispatch.asked_for(plan),
    )

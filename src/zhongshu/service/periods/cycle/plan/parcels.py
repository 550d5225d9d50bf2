"""Food and medicines for closed areas tomorrow, and supermarkets for those that may shop."""

from __future__ import annotations

from typing import Any

from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import asked
from zhongshu.service.periods.cycle.words import reason, say
from zhongshu.service.periods.proposals import Draft

KIND, PLANNER = "parcels", "parcels"


def run(frame: Frame) -> Outcome:
    """Runs of delivery vehicles, where anybody is closed in and something is due."""
    plans = asked.Plans(frame)
    plan = plans.made(PLANNER)
    drafts = (_draft(frame, plan),) if plan and asked.has_jobs(plan) else ()
    return Outcome(plans.summary, drafts, (KIND,))


def _draft(frame: Frame, plan: dispatch.DispatchPlan) -> Draft:
    figures = asked.figures(plan)
    facts: dict[str, Any] = {name: round(value) for name, value in figures.items()}
    facts |= {"plan": plan.pk}
    care = frame.other("dispatch")
    reasons = [reason("parcels.why", pack=care, figure="parcels.every_days.food_pack", **facts)]
    if facts["unserved"]:
        reasons.append(reason("parcels.left", pack=care, rule="PARCELS-1", **facts))
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("parcels.title", **facts),
        reasons=[*reasons, *dispatch.explained(plan)],
        directive=say("parcels.directive", **facts),
        **frame.terms(KIND),
        priority=60,
        if_nothing=say("parcels.if_nothing", **facts),
        **dispatch.asked_for(plan),
    )

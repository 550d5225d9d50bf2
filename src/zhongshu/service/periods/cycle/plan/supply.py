"""How long stocks last under today's plans: what moves and what is bought before they run out."""

from __future__ import annotations

from typing import Any

from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import asked
from zhongshu.service.periods.cycle.words import reason, say
from zhongshu.service.periods.proposals import Draft

KIND, PLANNER = "supply", "supplies"


def run(frame: Frame) -> Outcome:
    """Moves and orders that meet what stores use, tomorrow's round and what closed areas eat, and
    leave the days of cover the edition asks for."""
    plans = asked.Plans(frame)
    round_ = dispatch.latest_of_run("testing", frame)
    plan = plans.made(PLANNER, testing_plan=round_.pk if round_ else None)
    drafts = (_draft(frame, plan),) if plan and asked.has_jobs(plan) else ()
    return Outcome(plans.summary, drafts, (KIND,))


def _draft(frame: Frame, plan: dispatch.DispatchPlan) -> Draft:
    pack, figures = frame.pack, asked.figures(plan)
    facts: dict[str, Any] = {name: round(value) for name, value in figures.items()}
    facts |= {"met": figures["met"], "plan": plan.pk}
    reasons = [reason("supply.why", pack=pack, figure="supply.days_of_cover.n95", **facts)]
    if facts["below_cover"]:
        reasons.append(reason("supply.below", pack=pack, rule="SUP-1", **facts))
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("supply.title", **facts),
        reasons=[*reasons, *dispatch.explained(plan)],
        directive=say("supply.directive", **facts),
        **frame.terms(KIND),
        priority=30,
        if_nothing=say("supply.if_nothing", **facts),
        **dispatch.asked_for(plan),
    )

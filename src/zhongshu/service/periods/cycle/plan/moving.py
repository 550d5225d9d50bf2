"""The proposals of today's rooms, beds and trips: each asks for a plan of dispatch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame
from zhongshu.service.periods.cycle.plan import asked
from zhongshu.service.periods.cycle.words import reason, say
from zhongshu.service.periods.proposals import Draft

# Contacts at large cost most, then cases without a bed, then empty rooms.
_PRIORITY = {"rooms": 87, "beds": 86, "transfer": 85}
_DUE = {
    "rooms": "report.contact_isolated_h",
    "beds": "report.case_to_hospital_h",
    "transfer": "report.contact_isolated_h",
}


def draft(frame: Frame, plan: dispatch.DispatchPlan) -> Draft:
    """Approval takes what the plan needs and issues its jobs."""
    kind = plan.planner
    facts = {**asked.figures(plan), "plan": plan.pk, "jobs": len((plan.kept or {})["jobs"])}
    return Draft(
        kind=kind,
        key=f"{kind}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say(f"{kind}.title", **facts),
        reasons=[*_why(frame, kind, facts), *dispatch.explained(plan)],
        directive=say(f"{kind}.directive", **facts),
        **frame.terms(kind),
        priority=_PRIORITY[kind],
        if_nothing=say(f"{kind}.if_nothing", **facts),
        **dispatch.asked_for(plan),
    )


def _why(frame: Frame, kind: str, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    pack = frame.pack
    found = [
        reason(f"{kind}.why", pack=pack, figure=_DUE[kind], hours=pack.value(_DUE[kind]), **facts)
    ]
    if kind != "beds":
        found.append(reason(f"{kind}.apart", pack=pack, rule="SITE-5", **facts))
    return found

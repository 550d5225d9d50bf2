"""A round of mass sampling of the townships with high-risk areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhongshu.kernel.time import beijing, beijing_day
from zhongshu.service.cases import facade as cases
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import asked
from zhongshu.service.periods.cycle.words import cost, reason, say
from zhongshu.service.periods.proposals import Draft

KIND, PLANNER = "test_round", "testing"


def run(frame: Frame) -> Outcome:
    """One round within the pack's hours, or the reason why it takes longer."""
    if not frame.pack.value("test.region_wide_allowed"):
        return Outcome({"people": 0, "not_allowed": 1}, (), (KIND,))
    towns = dispatch.risk_townships(frame)
    if not towns or _clean(frame):
        return Outcome({"people": 0}, (), (KIND,))
    plans = asked.Plans(frame)
    plan = plans.made(PLANNER, area="high")
    drafts = (_draft(frame, plan, len(towns)),) if plan and asked.has_jobs(plan) else ()
    return Outcome(plans.summary, drafts, (KIND,))


def _clean(frame: Frame) -> bool:
    """No community case for as many days as rounds run daily: a pause is due, no round."""
    first = frame.today - dt.timedelta(days=int(frame.pack.number("test.rounds.first")))
    days = [
        beijing_day(row["confirmed_at"])
        for row in cases.open_cases(frame.as_of).to_pylist()
        if row["found_by"] != "arrival"
    ]
    return all(day <= first for day in days)


def _draft(frame: Frame, plan: dispatch.DispatchPlan, towns: int) -> Draft:
    facts = _facts(frame, plan) | {"towns": towns}
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("test.title", **facts),
        reasons=[*_why(frame, facts), *dispatch.explained(plan)],
        directive=say("test.directive", **facts),
        **frame.terms(KIND),
        priority=75,
        alternatives=[_alternative(one.row) for one in dispatch.rows(plan, "alternatives")],
        if_nothing=say("test.if_nothing", **facts),
        **dispatch.asked_for(plan),
    )


def _facts(frame: Frame, plan: dispatch.DispatchPlan) -> dict[str, Any]:
    pack, figures = frame.pack, asked.figures(plan)
    again = (plan.kept or {})["again"]
    opens = beijing(dt.datetime.fromisoformat(again["round"]["opens"]))
    return {
        "people": round(figures["served"]),
        "pool": round(figures["pool_size"]),
        "unserved": round(figures["unserved"]),
        "points": round(figures["points"]),
        "desks": round(figures["desks"]),
        "tubes": round(figures["tubes"]),
        "hours": figures.get("finish_h", "?"),
        "limit": pack.value("test.round_hours"),
        "first": pack.value("test.rounds.first"),
        "pause": pack.value("test.rounds.pause_days"),
        "open_at": opens.strftime("%m-%d %H:%M"),
        "binding": say(f"test.binding.{again['binding']}"),
    }


def _why(frame: Frame, facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    pack = frame.pack
    opens = {"route": "zones", "filters": {"level": "high"}}
    found = [
        reason("test.why", pack=pack, figure="test.rounds.first", opens=opens, **facts),
        reason("test.time", pack=pack, figure="test.round_hours", **facts),
        reason("test.pool", pack=pack, figure="test.pool_size_max", **facts),
    ]
    if facts["unserved"]:
        found.append(reason("test.unserved", pack=pack, figure="test.max_walk_km", **facts))
    return found


def _alternative(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "key": row["key"],
        "label": say("test.alternative", pool=row["pool_size"], hours=row["sampling_h"]),
        "chosen": row["chosen"],
        "costs": [
            cost("tubes", row["tubes"], "tubes"),
            cost("desks", row["desks"], "desks"),
            cost("finish_h", row["finish_h"], "h"),
            cost("unserved", row["unserved"], "persons"),
        ],
    }

"""A round of mass sampling of the townships with high-risk areas."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.engines.testing import model, solve
from zhongshu.kernel import tables
from zhongshu.kernel.time import beijing, beijing_day
from zhongshu.service.cases import facade as cases
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.plan import area
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.resources import facade as resources

KIND = "test_round"
_ROWS = 200


def run(frame: Frame) -> Outcome:
    """One round within the pack's hours, or the reason why it takes longer."""
    if not frame.pack.value("test.region_wide_allowed"):
        return Outcome({"people": 0, "not_allowed": 1}, (), (KIND,))
    villages = area.villages(frame)
    if villages.height == 0 or _clean(frame):
        return Outcome({"people": 0}, (), (KIND,))
    plan, pool = _best(frame, villages)
    unserved = sum(plan.unserved["people"].to_pylist())
    hours = _hours(plan, _start(frame))
    summary = {
        "people": plan.people,
        "pool_size": pool,
        "unserved": unserved,
        "points": plan.points.num_rows,
        "desks": sum(plan.points["desks"].to_pylist()),
        "tubes": plan.tubes,
        "finish_h": hours,
        "binding": plan.binding,
        "reasons": dict(plan.reasons),
        "card": plan.card.as_json(),
    }
    draft = _draft(frame, villages, plan, pool=pool, hours=hours, unserved=unserved)
    return Outcome(summary, (draft,), (KIND,))


def _best(frame: Frame, villages: pl.DataFrame) -> tuple[model.RoundPlan, int]:
    """The round with the smallest pool, from the pack's usual one up, that is over in time; when
    none is, the one that is over first.  (plan, swabs in a tube)"""
    rules = rulebook.round_rules(frame.pack)
    pools = sorted({rules.pool_size, *(one for one in rules.pool_options if one > rules.pool_size)})
    plans = []
    for pool in pools:
        plan = solve.plan_round(
            villages=villages.select(model.VILLAGES.names).to_arrow().cast(model.VILLAGES),
            candidates=_candidates(frame, set(villages["county"].drop_nulls())),
            labs=resources.labs(frame.as_of).select(model.LABS.names).cast(model.LABS),
            rules=dataclasses.replace(rules, pool_size=pool),
            start=_start(frame),
        )
        hours = _hours(plan, _start(frame))
        if hours is None or hours <= rules.round_h:
            return plan, pool
        plans.append((hours, pool, plan))
    _, pool, plan = min(plans, key=lambda found: found[:2])
    return plan, pool


def _clean(frame: Frame) -> bool:
    """No community case for as many days as rounds run daily: a pause is due, no round."""
    first = frame.today - dt.timedelta(days=int(frame.pack.number("test.rounds.first")))
    days = [
        beijing_day(row["confirmed_at"])
        for row in cases.open_cases(frame.as_of).to_pylist()
        if row["found_by"] != "arrival"
    ]
    return all(day <= first for day in days)


def _start(frame: Frame) -> dt.datetime:
    """When the order goes out, so that points open at the pack's hour of the next day that is far
    enough away to set them up, Beijing time."""
    setup = dt.timedelta(hours=frame.pack.number("test.setup_h"))
    hour = int(frame.pack.number("test.opens_at_hour"))
    opens = beijing(frame.as_of).replace(hour=hour, minute=0, second=0, microsecond=0)
    while opens - setup < frame.as_of:
        opens += dt.timedelta(days=1)
    return opens - setup


def _hours(plan: model.RoundPlan, start: dt.datetime) -> float | None:
    if plan.finish_at is None:
        return None
    return round((plan.finish_at - start).total_seconds() / 3600, 1)


def _candidates(frame: Frame, counties: set[str]) -> pa.Table:
    """Sampling points of these counties."""
    points = tables.frame(resources.points(frame.as_of))
    inside = [frame.county(code) in counties for code in points["village_code"]]
    return (
        points.filter(pl.Series(inside, dtype=pl.Boolean))
        .select(model.CANDIDATES.names)
        .to_arrow()
        .cast(model.CANDIDATES)
    )


def _draft(
    frame: Frame,
    villages: pl.DataFrame,
    plan: model.RoundPlan,
    *,
    pool: int,
    hours: float | None,
    unserved: int,
) -> Draft:
    pack = frame.pack
    counties = sorted(villages["county"].drop_nulls().unique().to_list())
    facts = {
        "people": plan.people,
        "pool_size": pool,
        "unserved": unserved,
        "points": plan.points.num_rows,
        "desks": sum(plan.points["desks"].to_pylist()),
        "tubes": plan.tubes,
        "hours": hours if hours is not None else "?",
        "limit": pack.value("test.round_hours"),
        "pool": pool,
        "first": pack.value("test.rounds.first"),
        "pause": pack.value("test.rounds.pause_days"),
        "open_at": (_start(frame) + dt.timedelta(hours=pack.number("test.setup_h"))).strftime(
            "%m-%d %H:%M"
        ),
        "towns": len(area.townships(frame)),
        "binding": say(f"test.binding.{plan.binding}"),
        "walk": round(plan.walk_p95_km, 1),
    }
    opens = {"route": "zones", "filters": {"level": "high"}}
    reasons = [
        reason("test.why", pack=pack, figure="test.rounds.first", opens=opens, **facts),
        reason("test.time", pack=pack, figure="test.round_hours", **facts),
        reason("test.pool", pack=pack, figure="test.pool_size_max", **facts),
    ]
    if unserved:
        reasons.append(reason("test.unserved", pack=pack, figure="test.max_walk_km", **facts))
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("test.title", **facts),
        reasons=reasons,
        cost=_costs(plan, hours, unserved),
        directive=say("test.directive", **facts),
        **frame.terms("test_round"),
        priority=75,
        alternatives=[_alternative(row) for row in plan.alternatives.to_pylist()],
        if_nothing=say("test.if_nothing", **facts),
        recipients=counties,
        detail=_table(frame, plan),
    )


def _costs(plan: model.RoundPlan, hours: float | None, unserved: int) -> list[dict[str, Any]]:
    return [
        cost("people_tested", plan.people, "persons"),
        cost("points", plan.points.num_rows, "points"),
        cost("desks", sum(plan.points["desks"].to_pylist()), "desks"),
        cost("tubes", plan.tubes, "tubes"),
        cost("finish_h", hours, "h"),
        cost("unserved", unserved, "persons"),
    ]


def _alternative(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": row["key"],
        "label": say("test.alternative", pool=row["pool_size"], hours=round(row["sampling_h"], 1)),
        "chosen": row["chosen"],
        "costs": [
            cost("tubes", row["tubes"], "tubes"),
            cost("desks", row["desks"], "desks"),
            cost(
                "finish_h",
                round(row["finish_h"], 1) if row["finish_h"] is not None else None,
                "h",
            ),
            cost("unserved", row["unserved"], "persons"),
        ],
    }


def _table(frame: Frame, plan: model.RoundPlan) -> dict[str, Any]:
    names = {row["point_id"]: row["name"] for row in resources.points(frame.as_of).to_pylist()}
    rows = sorted(plan.points.to_pylist(), key=lambda row: -row["people"])
    shown = [
        {
            "point": names.get(row["point_id"], row["point_id"]),
            "people": row["people"],
            "desks": row["desks"],
            "tubes": row["tubes"],
            "from": beijing(row["opens_at"]).isoformat(timespec="minutes"),
            "to": beijing(row["closes_at"]).isoformat(timespec="minutes"),
            "lab": row["lab_id"] or "",
        }
        for row in rows[:_ROWS]
    ]
    keys = ("point", "people", "desks", "tubes", "from", "to", "lab")
    return {"columns": [column(key) for key in keys], "rows": shown, "total": len(rows)}

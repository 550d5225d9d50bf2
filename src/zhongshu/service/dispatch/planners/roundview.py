"""A round as its pages, jobs and map tell it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing import model, rounds
from zhongshu.engines.testing.labs.model import LabRules
from zhongshu.kernel.plan import Answer
from zhongshu.kernel.time import beijing_day
from zhongshu.service.dispatch.planners import common, couriers, homes
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
    Column,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.dispatchrules import round_series
from zhongshu.service.kit.text import text
from zhongshu.service.resources import facade as resources

POINT = "point"


@dataclasses.dataclass(frozen=True)
class Given:
    tables: Mapping[str, pa.Table]  # villages, candidates, labs
    points: Mapping[str, resources.Thing]
    labs: Mapping[str, resources.Thing]
    rules: model.RoundRules
    machines: LabRules
    varies: model.Spread
    start: dt.datetime
    homes: tuple[homes.Home, ...]  # of those who cannot walk


def hours(plan: model.RoundPlan, given: Given) -> float | None:
    """From the order to the last result; None without a laboratory."""
    if plan.finish_at is None:
        return None
    return (plan.finish_at - given.start).total_seconds() / 3600


_POINTS = (
    Column("point", "id"),
    Column("name", "text"),
    Column("people", "persons"),
    Column("desks", "number"),
    Column("tubes", "number"),
    Column("opens", "moment"),
    Column("closes", "moment"),
    Column("laboratory", "text"),
    Column("km", "km", "km"),
    Column("tubes_at", "moment"),
)
_WALKS = (
    Column("unit_code", "id"),
    Column("unit", "text"),
    Column("point", "text"),
    Column("people", "persons"),
    Column("walk", "km", "km"),
)
_LABS = (
    Column("lab_id", "id"),
    Column("laboratory", "text"),
    Column("tubes", "number"),
    Column("tubes_per_hour", "number"),
    Column("first_tubes", "moment"),
    Column("last_result", "moment"),
)

_RUNS = (
    Column("run", "id"),
    Column("laboratory", "text"),
    Column("machine", "number"),
    Column("starts", "moment"),
    Column("ends", "moment"),
    Column("tubes", "number"),
)
_DAYS = (Column("round", "number"), Column("date", "date"))
_ALTERNATIVES = (
    Column("key", "id"),
    Column("pool_size", "number"),
    Column("sampling_h", "number", "h"),
    Column("points", "number"),
    Column("desks", "number"),
    Column("tubes", "number"),
    Column("unserved", "persons"),
    Column("finish_h", "number", "h"),
    Column("in_time", "flag"),
    Column("chosen", "flag"),
)


def told(
    ask: Ask,
    given: Given,
    plan: model.RoundPlan,
    tours: couriers.Tours | None,
    visits: homes.Visits | None,
) -> Made:
    points, labs = plan.points.to_pylist(), plan.labs.to_pylist()
    before: Mapping[str, Any] = ask.before["desks"] if ask.before else {}
    desks = {row["point_id"]: row["desks"] for row in points}
    moved = sum(desks.get(code, 0) != number for code, number in before.items())
    return Made(
        answer=_answer(plan, tours, visits),
        figures=_figures(given, plan, tours, visits),
        tables={
            "points": Rows(_POINTS, [_point(row, given) for row in points]),
            "walks": Rows(_WALKS, [_walk(ask, row, given) for row in plan.walks.to_pylist()]),
            "laboratories": Rows(_LABS, [_lab(row, given) for row in labs]),
            "runs": Rows(_RUNS, _runs(plan, given)),
            **(tours.tables() if tours else {}),
            **(visits.tables() if visits else {}),
            "days": Rows(_DAYS, _days(ask, points)),
            "alternatives": Rows(_ALTERNATIVES, [_other(row) for row in
                                                 plan.alternatives.to_pylist()]),
        },
        jobs=(
            *(_job(row, given) for row in points),
            *(tours.jobs() if tours else ()),
            *(visits.jobs() if visits else ()),
        ),
        takings=(
            *(_taking(row) for row in points),
            *(tours.takings() if tours else ()),
            *(visits.takings() if visits else ()),
        ),
        features=[*_features(ask, given, plan), *(visits.features() if visits else ())],
        bars=[
            *_bars(points, labs, given),
            *(tours.bars() if tours else ()),
            *(visits.bars() if visits else ()),
        ],
        changed={"share": moved / max(1, len(before)), "count": moved} if before else None,
        again={
            "desks": desks,
            "points": [_open(row, given) for row in points],
            "round": _round(plan),
            "binding": plan.binding,
        },
    )  # fmt: skip


def _figures(
    given: Given,
    plan: model.RoundPlan,
    tours: couriers.Tours | None,
    visits: homes.Visits | None,
) -> tuple[Figure, ...]:
    desks, needed = plan.points["desks"].to_pylist(), hours(plan, given)
    at_home = visits.served if visits else 0
    left = sum(plan.unserved["people"].to_pylist())
    left += sum(len(one.persons) for one in given.homes) - at_home
    return (
        Figure("served", plan.people + at_home, "persons"),
        Figure("unserved", left, "persons"),
        Figure("points", len(desks), "points"),
        Figure("desks", sum(desks), "desks"),
        Figure("tubes", plan.tubes, "tubes"),
        Figure("pool_size", given.rules.pool_size),
        Figure("walk_mean_km", round(plan.walk_mean_km, 2), "km"),
        *((Figure("finish_h", round(needed, 1), "h"),) if needed is not None else ()),
        *_interval(plan, given),
        *((Figure("vehicles", tours.plan.vehicles, "vehicles"),) if tours else ()),
        *((Figure("at_home", at_home, "persons"),) if visits else ()),
        *((Figure("mobile_teams", visits.teams, "teams"),) if visits else ()),
    )


def _interval(plan: model.RoundPlan, given: Given) -> tuple[Figure, ...]:
    """Between which hours eight of ten rounds like this have their last result."""
    if plan.expected is None:
        return ()
    low, high = (
        (at - given.start).total_seconds() / 3600
        for at in (plan.expected.low_at, plan.expected.high_at)
    )
    return (
        Figure("finish_low_h", round(low, 1), "h"),
        Figure("finish_high_h", round(high, 1), "h"),
        Figure("in_time", round(100 * plan.expected.in_time), "%"),
    )


def _runs(plan: model.RoundPlan, given: Given) -> list[Row]:
    """Runs of the machines, in the order in which they begin."""
    if plan.laboratories is None:
        return []
    rows = sorted(
        plan.laboratories.runs.to_pylist(),
        key=lambda row: (row["starts_at"], row["lab_id"], row["run"]),
    )
    return [
        {
            "run": f"{row['lab_id']}/{row['run']}",
            "laboratory": given.labs[row["lab_id"]].name,
            "machine": row["machine"],
            "starts": row["starts_at"].isoformat(),
            "ends": row["ends_at"].isoformat(),
            "tubes": row["tubes"],
        }
        for row in rows
    ]


def _other(row: Row) -> Row:
    told = {one.key: row[one.key] for one in _ALTERNATIVES}
    return {key: round(one, 1) if isinstance(one, float) else one for key, one in told.items()}


def _days(ask: Ask, points: list[Row]) -> list[Row]:
    """The days of this round and those after it, while nobody is found."""
    if not points:
        return []
    first = beijing_day(min(row["opens_at"] for row in points))
    sampled = rounds.days(round_series(ask.ground.pack), first, {})
    return [{"round": n, "date": day.isoformat()} for n, day in enumerate(sampled, 1)]


def _answer(
    plan: model.RoundPlan, tours: couriers.Tours | None, visits: homes.Visits | None
) -> Answer:
    """With the boxes no courier fetches in time, and the homes no team can visit.  The interval of
    the last result is among the figures."""
    left = [plan.answer.unserved]
    left += [tours.plan.answer.unserved] if tours else []
    left += [visits.unserved()] if visits else []
    notes = [one for one in plan.answer.notes if not one.startswith("last_result_between")]
    return dataclasses.replace(plan.answer, unserved=pa.concat_tables(left), notes=tuple(notes))


def _taking(row: Row) -> Taking:
    return Taking(
        POINT, row["point_id"], "desks", row["desks"], row["opens_at"], row["closes_at"], opens=True
    )


def _round(plan: model.RoundPlan) -> Row | None:
    """The round that begins when the plan is approved, to be followed as it goes."""
    points = plan.points.to_pylist()
    if not points:
        return None
    closes = max(row["closes_at"] for row in points)
    return {
        "opens": min(row["opens_at"] for row in points).isoformat(),
        "closes": closes.isoformat(),
        "due": max(closes, plan.finish_at or closes).isoformat(),
        "expected": plan.people,
        "points": [row["point_id"] for row in points],
    }


def _open(row: Row, given: Given) -> Row:
    """What a roster of samplers has to know of a point."""
    one = given.points[row["point_id"]]
    return {
        "point": one.code,
        "name": one.name,
        "lon": one.lon,
        "lat": one.lat,
        "desks": row["desks"],
        "people": row["people"],
        "tubes": row["tubes"],
        "opens": row["opens_at"].isoformat(),
        "closes": row["closes_at"].isoformat(),
    }


def _point(row: Row, given: Given) -> Row:
    lab = given.labs.get(row["lab_id"] or "")
    return {
        "point": row["point_id"],
        "name": given.points[row["point_id"]].name,
        "people": row["people"],
        "desks": row["desks"],
        "tubes": row["tubes"],
        "opens": row["opens_at"].isoformat(),
        "closes": row["closes_at"].isoformat(),
        "laboratory": lab.name if lab else "",
        "km": None if row["lab_km"] is None else round(row["lab_km"], 1),
        "tubes_at": row["tubes_at_lab"].isoformat() if row["tubes_at_lab"] else None,
    }


def _walk(ask: Ask, row: Row, given: Given) -> Row:
    return {
        "unit_code": row["unit_code"],
        "unit": ask.ground.name(row["unit_code"]),
        "point": given.points[row["point_id"]].name,
        "people": row["people"],
        "walk": round(row["walk_km"], 2),
    }


def _lab(row: Row, given: Given) -> Row:
    return {
        "lab_id": row["lab_id"],
        "laboratory": given.labs[row["lab_id"]].name,
        "tubes": row["tubes"],
        "tubes_per_hour": round(row["tubes_per_hour"], 1),
        "first_tubes": row["first_tubes_at"].isoformat() if row["first_tubes_at"] else None,
        "last_result": row["last_result_at"].isoformat() if row["last_result_at"] else None,
    }


def _job(row: Row, given: Given) -> JobDraft:
    """Open the desks, sample, hand the tubes over."""
    one = given.points[row["point_id"]]
    lab = given.labs.get(row["lab_id"] or "")
    facts = {"desks": row["desks"], "tubes": row["tubes"], "people": row["people"]}
    steps = [
        Step(
            kind="point",
            at=row["opens_at"],
            ends=row["closes_at"],
            label=text(
                f"{row['desks']} 台采样 {row['people']} 人",
                f"Sample {row['people']} people at {row['desks']} desks",
            ),
            place=one.name,
            lon=one.lon,
            lat=one.lat,
            thing=one.code,
            count=row["people"],
            facts=facts,
        )
    ]
    if lab is not None and row["tubes_at_lab"] is not None:
        steps.append(
            Step(
                kind="tubes",
                at=row["tubes_at_lab"],
                label=text(
                    f"最后一批样本送达 {lab.name}，共 {row['tubes']} 管",
                    f"Last tubes of {row['tubes']} at {lab.name}",
                ),
                place=lab.name,
                lon=lab.lon,
                lat=lab.lat,
                thing=lab.code,
                count=row["tubes"],
            )
        )
    title = text(f"{one.name}：采样 {row['people']} 人", f"{one.name}: {row['people']} to sample")
    return JobDraft(POINT, one.code, one.unit_id, title, tuple(steps))


def _bars(points: list[Row], labs: list[Row], given: Given) -> list[Bar]:
    """Laboratories at work, then the points that are open longest away from them."""
    found = [
        Bar(
            given.labs[row["lab_id"]].name,
            "tests",
            row["first_tubes_at"],
            row["last_result_at"],
            str(row["tubes"]),
            row["lab_id"],
        )
        for row in labs
        if row["first_tubes_at"] and row["last_result_at"]
    ]
    for row in points:
        name = given.points[row["point_id"]].name
        found.append(
            Bar(name, "open", row["opens_at"], row["closes_at"], str(row["people"]),
                row["point_id"])
        )  # fmt: skip
        if row["tubes_at_lab"] and row["tubes_at_lab"] > row["closes_at"]:
            found.append(
                Bar(name, "drive", row["closes_at"], row["tubes_at_lab"], "", row["point_id"])
            )
    return found


def _features(ask: Ask, given: Given, plan: model.RoundPlan) -> list[Row]:
    found: list[Row | None] = []
    for row in plan.points.to_pylist():
        one, lab = given.points[row["point_id"]], given.labs.get(row["lab_id"] or "")
        found.append(
            common.spot(
                one.lon, one.lat, role="point", id=one.code, label=one.name, value=row["people"]
            )
        )
        if lab is not None and None not in (one.lon, one.lat, lab.lon, lab.lat):
            ends = [(one.lon or 0.0, one.lat or 0.0), (lab.lon or 0.0, lab.lat or 0.0)]
            found.append(common.line(ends, role="move", id=one.code, label=lab.name,
                                     value=row["tubes"]))  # fmt: skip
    for row in plan.labs.to_pylist():
        one = given.labs[row["lab_id"]]
        found.append(
            common.spot(
                one.lon, one.lat, role="lab", id=one.code, label=one.name, value=row["tubes"]
            )
        )
    return [one for one in found if one is not None]

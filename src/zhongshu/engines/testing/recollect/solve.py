"""Who of a positive tube is sampled again where and when."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing.recollect import model
from zhongshu.engines.testing.tours import model as tourmodel
from zhongshu.engines.testing.tours import visits
from zhongshu.kernel import geo, tables
from zhongshu.kernel import plan as plans
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.flow import Flow
from zhongshu.kernel.runcard import RunCard, table_hash

Row = dict[str, Any]
VISITS = pa.schema([*tourmodel.VISITS, *tourmodel.VISIT_EXTRAS])


def plan(
    *,
    members: pa.Table,
    teams: pa.Table,
    labs: pa.Table,
    points: pa.Table,
    rules: model.AgainRules,
    limit: tourmodel.Limit = tourmodel.SOME,
    seed: int = 1,
) -> model.AgainPlan:
    """Samples every member of `members` (model.MEMBERS) singly, at home where a team can be there.

    Members are held where they are, so a team comes to them, within `recollect_h` of the result;
    where that has passed already, it comes as soon as its day allows and the row is `late`.
    Whom no team reaches in time is sent to the nearest of `points` (OPEN_POINTS) with a place, as
    many as can be and then with the least walking.  The others are listed.
    teams, labs: `tours.model.VEHICLES`, PLACES.
    Refuses (BadInput) what `tours.visits.plan` refuses, somebody twice, a home at two places.
    Does not: choose the second reagent or the other laboratory that T-13 asks for.
    """
    began = time.perf_counter()
    tables.require(members, "members", model.MEMBERS.names)
    tables.require(points, "points", model.OPEN_POINTS.names)
    tables.not_negative(points, "points", ["places"])
    people = members.to_pylist()
    homes = _homes(people)
    day = visits.plan(
        visits=pa.Table.from_pylist(_visits(homes, rules), schema=VISITS),
        teams=teams, labs=labs, rules=dataclasses.replace(rules.tours, pool_size=1), limit=limit,
        seed=seed,
    )  # fmt: skip
    rows, rest = _at_home(homes, day, rules)
    sent, left = _at_points(rest, points.to_pylist(), rules)
    why = {row["id"]: row["constraint"] for row in day.answer.unserved.to_pylist()}
    rows = sorted([*rows, *sent], key=lambda row: (row["at"], row["person"]))
    return model.AgainPlan(
        sampled=pa.Table.from_pylist(rows, schema=model.SAMPLED),
        visits=day,
        at_home=len(rows) - len(sent),
        at_points=len(sent),
        late=sum(row["late"] for row in rows),
        answer=plans.Answer(
            planner="testing",
            value=day.answer.value + sum(row["walk_km"] for row in sent),
            unit="km",
            bound=None,
            seconds=time.perf_counter() - began,
            seed=seed,
            unserved=plans.unserved(
                "person", [(one["person"], 1.0, why[_home(one)]) for one in left]
            ),
            card=RunCard(
                engine="testing.recollect",
                version=model.VERSION,
                parameters={
                    **dataclasses.asdict(rules),
                    "tours": {
                        **dataclasses.asdict(rules.tours),
                        "start": rules.tours.start.isoformat(),
                    },
                    "seed": seed,
                },
                inputs={"members": table_hash(members), "points": table_hash(points),
                        "teams": table_hash(teams), "labs": table_hash(labs)},
            ),
        ),
    )  # fmt: skip


def _home(row: Row) -> str:
    return str(row["home"] if row["home"] is not None else f"{row['person']}'s")


def _homes(people: list[Row]) -> dict[str, list[Row]]:
    homes: dict[str, list[Row]] = {}
    seen: set[str] = set()
    for row in people:
        if row["person"] in seen:
            raise BadInput(
                "testing.double",
                f"Person {row['person']} is listed twice; give everybody one row.",
                id=row["person"],
            )
        if row["reported_at"] is None:
            raise BadInput(
                "input.missing_value",
                f"Person {row['person']} has no moment of the tube's result; fill it in.",
                id=row["person"],
            )
        seen.add(row["person"])
        own = homes.setdefault(_home(row), [])
        if own and (row["lon"], row["lat"]) != (own[0]["lon"], own[0]["lat"]):
            raise BadInput(
                "testing.home_at_two_places",
                f"Home {row['home']} has two coordinates; correct them.",
                id=row["home"],
            )
        own.append(row)
    return homes


def _due(row: Row, rules: model.AgainRules) -> dt.datetime:
    due: dt.datetime = row["reported_at"] + dt.timedelta(hours=rules.recollect_h)
    return due


def _visits(homes: dict[str, list[Row]], rules: model.AgainRules) -> list[Row]:
    """A visit for each home, when all its results are known and the first is not yet late."""
    start, rows = rules.tours.start, []
    for home, own in homes.items():
        ready = max(row["reported_at"] for row in own)
        due = min(_due(row, rules) for row in own)
        rows.append(
            {
                "visit": home,
                "lon": own[0]["lon"],
                "lat": own[0]["lat"],
                "persons": len(own),
                "homes": 1,
                "single": True,
                "ready_at": max(start, ready),
                "due_at": due if due >= max(start, ready) else None,
            }
        )
    return rows


def _at_home(
    homes: dict[str, list[Row]], day: tourmodel.TourPlan, rules: model.AgainRules
) -> tuple[list[Row], list[Row]]:
    """(rows of those whom a team samples, members whom none reaches)."""
    stops: dict[str, list[Row]] = {}
    for stop in sorted(day.stops.to_pylist(), key=lambda stop: stop["part"]):
        stops.setdefault(stop["place"], []).append(stop)
    rows, rest = [], []
    for home, own in homes.items():
        waiting = iter(own)
        for stop in stops.get(home, ()):
            for _ in range(stop["persons"]):
                member = next(waiting)
                more = {"where": "home", "place": home, "vehicle_id": stop["vehicle_id"]}
                rows.append(_row(member, stop["begins_at"], rules, more))
        rest += list(waiting)
    return rows, rest


def _row(member: Row, at: dt.datetime, rules: model.AgainRules, more: Row) -> Row:
    due = _due(member, rules)
    return {
        "person": member["person"],
        "tube": member["tube"],
        "at": at,
        "due_at": due,
        "late": at > due,
        "result_due_at": at + dt.timedelta(hours=rules.result_h),
        "tubes": 1,
        "vehicle_id": None,
        "walk_km": None,
        **more,
    }


def _at_points(
    rest: list[Row], points: list[Row], rules: model.AgainRules
) -> tuple[list[Row], list[Row]]:
    """Points for those left, as many as can be, then the least walking; and who has none."""
    lon, lat = ([np.nan if row[key] is None else row[key] for row in rest] for key in
                ("lon", "lat"))  # fmt: skip
    km = geo.matrix_km(lon, lat, [p["lon"] for p in points], [p["lat"] for p in points])
    km *= rules.tours.detour_factor
    known = np.array(
        [[one["reported_at"] <= p["opens_at"] for p in points] for one in rest], np.bool_
    ).reshape(km.shape)
    who, where = np.nonzero((km <= rules.walk_max_km) & known)
    chosen = _flow(who, where, km[who, where], len(rest), [p["places"] for p in points])
    rows = []
    for n in np.flatnonzero(chosen):
        member, point = rest[who[n]], points[where[n]]
        more = {
            "where": "point",
            "place": point["point_id"],
            "walk_km": float(km[who[n], where[n]]),
        }
        rows.append(_row(member, point["opens_at"], rules, more))
    had = {row["person"] for row in rows}
    return rows, [one for one in rest if one["person"] not in had]


def _flow(who: Any, where: Any, km: Any, people: int, places: list[int]) -> Any:
    """Which pairs of a person and a point are used."""
    if not len(who):
        return np.zeros(0, np.bool_)
    sink, points = people + len(places), np.arange(len(places))
    each = np.arange(people)
    missed = (float(km.max()) + 1.0) * (min(people, len(places)) + 1)
    network = Flow.begin(
        np.concatenate([who, people + points, each]),
        np.concatenate([people + where, np.full(len(places) + people, sink)]),
        np.concatenate([np.full(len(who), np.inf), places, np.full(people, np.inf)]),
        np.concatenate([np.ones(people), np.zeros(len(places)), [-people]]).astype(np.float64),
    )
    costs = np.concatenate([km, np.zeros(len(places)), np.full(people, missed)])
    return np.rint(network.solve(costs))[: len(who)] > 0

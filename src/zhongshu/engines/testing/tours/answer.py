"""The days a search found as tables, and why the rest is left out."""

from __future__ import annotations

import dataclasses
import datetime as dt
import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing.tours import clock, ground, model, search
from zhongshu.kernel import plan as plans
from zhongshu.kernel.runcard import RunCard

Row = dict[str, Any]
Left = tuple[str, float, str]  # id, amount, constraint


@dataclasses.dataclass(frozen=True)
class Case:
    """what, amount: how those left out are told; left: those no search had to look at."""

    stops: list[ground.Stop]
    places: list[Row]
    cars: ground.Fleet
    rules: model.TourRules
    together: bool
    what: str
    amount: Callable[[ground.Stop], int]
    left: list[Left]
    engine: str
    inputs: Mapping[str, str]


def plan(case: Case, limit: model.Limit, seed: int, seconds: Callable[[], float]) -> model.TourPlan:
    """Searches, and tells what it found.  seconds: since the work began."""
    known = _of(case, case.cars)
    found = search.solve(known, iterations=limit.iterations, seed=seed)
    left = np.flatnonzero(found.where < 0)
    reason = {int(n): _reason(case, known, int(n)) for n in left}
    used = int((found.filled > 0).sum())
    busy = [n for n, why in reason.items() if why == "vehicles_busy"]
    trips, stops, km = _told(case, known, found)
    oldest = max(
        ((row["arrives_at"] - row["oldest_at"]).total_seconds() / 3600 for row in trips),
        default=0.0,
    )
    unserved = [
        (case.stops[n].name, float(case.amount(case.stops[n])), why) for n, why in reason.items()
    ]
    return model.TourPlan(
        trips=pa.Table.from_pylist(trips, schema=model.TRIPS),
        stops=pa.Table.from_pylist(stops, schema=model.STOPS),
        vehicles=used,
        suffice=_suffice(case, len(busy), limit, seed) if busy else used,
        km=km,
        oldest_h=oldest,
        answer=plans.Answer(
            planner="testing",
            value=km + case.rules.vehicle_km * used,
            unit="km",
            bound=None,
            seconds=seconds(),
            seed=seed,
            unserved=plans.unserved(case.what, [*case.left, *unserved]),
            card=RunCard(
                engine=case.engine,
                version=model.VERSION,
                parameters={
                    **dataclasses.asdict(case.rules), **dataclasses.asdict(limit),
                    "start": case.rules.start.isoformat(), "seed": seed,
                },
                inputs=dict(case.inputs),
            ),
        ),
    )  # fmt: skip


def _of(case: Case, cars: ground.Fleet) -> clock.Ground:
    return ground.of(case.stops, case.places, cars, case.rules, together=case.together)


def _suffice(case: Case, busy: int, limit: model.Limit, seed: int) -> int | None:
    """Vehicles used when there are plenty; None when even these do not do."""
    known = _of(case, case.cars.more(busy))
    found = search.solve(known, iterations=limit.iterations, seed=seed)
    left = np.flatnonzero(found.where < 0)
    if any(_reason(case, known, int(n)) == "vehicles_busy" for n in left):
        return None
    return int((found.filled > 0).sum())


def _reason(case: Case, known: clock.Ground, stop: int) -> str:
    """Of one stop alone: what keeps every vehicle, idle all day, from it."""
    if not known.vehicles:
        return "no_vehicle"
    line, broken = np.array([stop]), np.array([True])
    begin = np.zeros(1, np.int64)
    days = [clock.day(known, line, broken, 1, r, begin) for r in range(known.vehicles)]
    if max(days) >= 0:
        return "vehicles_busy"
    if known.tubes[stop] > known.room.max():
        return "no_room_in_vehicle"
    first = known.vehicles + known.places
    goal = known.vehicles + known.place[stop]
    allowed = min(known.keep[stop] - known.board[stop], known.by[stop] - known.ready[stop])
    if known.seconds[first + stop, goal] * known.slow.min() / clock.WHOLE > allowed:
        return "laboratory_too_far"
    return "outside_hours"


def _told(
    case: Case, known: clock.Ground, found: search.State
) -> tuple[list[Row], list[Row], float]:
    trips: list[Row] = []
    stops: list[Row] = []
    for r in np.flatnonzero(found.filled):
        count = int(found.filled[r])
        line, begin = found.line[r], np.zeros(found.line.shape[1], np.int64)
        clock.day(known, line, found.broken[r], count, r, begin)
        breaks = [0, *(n for n in range(1, count) if found.broken[r, n]), count]
        point, leaves = int(r), int(known.begins[r])
        for number, (i, j) in enumerate(itertools.pairwise(breaks), 1):
            own = [(int(line[k]), int(begin[k])) for k in range(i, j)]
            trip, rows = _trip(case, known, int(r), number, point, leaves, own)
            trips.append(trip)
            stops += rows
            point = known.vehicles + int(known.place[line[j - 1]])
            leaves = _since(case, trip["ends_at"])
        trips[-1]["km"] += int(known.metres[point, r]) / 1000
    return trips, stops, sum(row["km"] for row in trips)


def _trip(  # noqa: PLR0917 - one trip of one vehicle
    case: Case, known: clock.Ground, r: int, number: int, point: int, leaves: int,
    own: list[tuple[int, int]],
) -> tuple[Row, list[Row]]:  # fmt: skip
    name = case.cars.rows[r]["vehicle_id"]
    first, slow = known.vehicles + known.places, int(known.slow[r])

    def ride(a: int, b: int) -> int:
        return int(clock.scaled(int(known.seconds[a, b]), slow))

    leaves = max(leaves, own[0][1] - ride(point, first + own[0][0]))
    rows, metres, now = [], 0, leaves
    for order, (stop, begin) in enumerate(own, 1):
        metres += int(known.metres[point, first + stop])
        now = begin + int(clock.scaled(int(known.board[stop]), int(known.pace[r])))
        one = case.stops[stop]
        rows.append(
            {
                "vehicle_id": name, "trip": number, "order": order, "place": one.name,
                "part": one.part, "persons": one.persons, "tubes": one.tubes,
                "sampled_from": one.sampled_from, "begins_at": _moment(case, begin),
                "ends_at": _moment(case, now),
            }
        )  # fmt: skip
        point = first + stop
    goal = known.vehicles + int(known.place[own[-1][0]])
    arrives = now + ride(point, goal)
    metres += int(known.metres[point, goal])
    return {
        "vehicle_id": name,
        "trip": number,
        "lab_id": case.places[goal - known.vehicles]["lab_id"],
        "stops": len(rows),
        "persons": sum(row["persons"] for row in rows),
        "tubes": sum(row["tubes"] for row in rows),
        "leaves_at": _moment(case, leaves),
        "arrives_at": _moment(case, arrives),
        "ends_at": _moment(case, arrives + known.unload),
        "oldest_at": min(row["sampled_from"] or row["begins_at"] for row in rows),
        "km": metres / 1000,
    }, rows


def _moment(case: Case, seconds: int) -> dt.datetime:
    return case.rules.start.astimezone(dt.UTC) + dt.timedelta(seconds=int(seconds))


def _since(case: Case, moment: dt.datetime) -> int:
    return round((moment - case.rules.start).total_seconds())

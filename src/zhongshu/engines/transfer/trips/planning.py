"""Which vehicle brings whom when: sorts out what cannot be driven, searches, writes the tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.trips import distances, fleet, timetable
from zhongshu.engines.transfer.trips import search as searching
from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.engines.transfer.trips.timetable import Leg, Roads, Route
from zhongshu.kernel import plan as kernel_plan
from zhongshu.kernel.runcard import RunCard, table_hash

Reasons = list[str]


def plan(
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    search: Search,
) -> model.TripPlan:
    began = time.perf_counter()
    day = read(stops, vehicles, sites, rules, search.roads)
    routes: list[Route] = []
    iterations = 0
    if len(day.roads.stops):
        limit = _left(search.limit, time.perf_counter() - began)
        routes, iterations = searching.search(day.roads, limit=limit, seed=search.seed)
    card = RunCard(
        engine="transfer.trips",
        version=model.VERSION,
        parameters=_parameters(rules, search.limit),
        inputs={
            "stops": table_hash(stops),
            "vehicles": table_hash(vehicles),
            "sites": table_hash(sites),
        },
        seed=search.seed,
    )
    return written(
        day, routes, iterations=iterations, seconds=time.perf_counter() - began, card=card
    )


def _left(limit: model.Limit, spent_s: float) -> model.Limit:
    """What reading a large day has left of its seconds."""
    if limit.seconds is None:
        return limit
    return dataclasses.replace(limit, seconds=max(0.1, limit.seconds - spent_s))


@dataclasses.dataclass(frozen=True)
class Search:
    """How to look for trips.  roads: None means straight lines as the rules say."""

    limit: model.Limit
    seed: int
    roads: Finder | None = None


@dataclasses.dataclass(frozen=True)
class UnderWay:
    """A day that has begun: the second it is now, and the stops already reached or headed for,
    which are not judged again."""

    now_s: int
    sure: frozenset[int]


@dataclasses.dataclass(frozen=True)
class Day:
    """What was asked, and of it what some vehicle could serve (`roads.stops`)."""

    asked: fleet.Stops
    reasons: Reasons  # why not, per stop asked; empty when it could be served
    roads: Roads
    site_ids: list[str]
    start: dt.datetime
    given_up: tuple[tuple[int, int, int, str], ...] = ()  # stop, household, persons, why


def read(
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    find: Finder | None,
    *,
    under_way: UnderWay | None = None,
) -> Day:
    """The tables as arrays, with the reasons of the stops no vehicle could serve even alone."""
    site_ids, lon, lat = fleet.read_sites(sites)
    asked = fleet.read_stops(stops, site_ids, rules)
    cars = fleet.read_fleet(vehicles, rules, single=under_way is not None)
    finder = find or distances.straight(
        detour_factor=rules.detour_factor, speed_kmh=rules.speed_kmh
    )
    located = np.isfinite(asked.lon) & np.isfinite(asked.lat)
    turn_s = round((rules.handover_min + rules.disinfect_min) * 60)
    there = fleet.pick(asked, located)
    matrices = fleet.matrices(cars, site_ids, (lon, lat), there, finder)
    before = len(cars.depot_lon) + len(site_ids)
    homes = before + np.arange(len(there))
    direct = matrices.seconds[homes, len(cars.depot_lon) + there.site]
    there = fleet.with_appointments(there, direct)
    carries = fleet.carries(there, cars, rules)
    roads = Roads(there, cars, matrices, carries, len(site_ids), turn_s)
    reasons = _cannot(asked, located, roads)
    if under_way is not None:
        reasons = [
            "" if int(stop) in under_way.sure else ("window_past" if late and not why else why)
            for stop, late, why in zip(
                asked.stop, asked.due_s < under_way.now_s, reasons, strict=True
            )
        ]
    keep = np.array([not reason for reason in reasons], bool)[located]
    wanted = dataclasses.replace(
        roads,
        stops=fleet.pick(there, keep),
        matrices=fleet.part(matrices, before, keep),
        carries=carries[keep],
    )
    return Day(asked, reasons, wanted, site_ids, rules.start)


def written(
    day: Day, routes: list[Route], *, iterations: int, seconds: float, card: RunCard
) -> model.TripPlan:
    """The plan's tables from its routes."""
    stop = day.roads.stops.stop
    served = {int(stop[s]) for route in routes for trip in route.trips for s in trip}
    trips, visits = _tables(routes, day.roads, day.site_ids, day.start)
    unserved = _unserved(day, served)
    km = sum(trips["km"].to_pylist())
    return model.TripPlan(
        trips=trips,
        stops=visits,
        unserved=unserved,
        served_persons=int(sum(visits["persons"].to_pylist())),
        km=km,
        km_bound=None,
        binding=_binding(unserved),
        iterations=iterations,
        seconds=seconds,
        card=card,
        answer=kernel_plan.Answer(
            planner="transfer",
            value=km,
            unit="km",
            bound=None,
            seconds=seconds,
            seed=card.seed,
            unserved=kernel_plan.unserved(
                "stop", ((r["stop"], r["persons"], r["reason"]) for r in unserved.to_pylist())
            ),
            card=card,
        ),
    )


def _cannot(asked: fleet.Stops, located: NDArray[np.bool_], roads: Roads) -> Reasons:
    """For each stop, why no vehicle could serve it even alone; empty when one could."""
    cars = roads.fleet
    alone, carried = np.zeros((2, len(asked)), bool)
    if located.any() and len(cars.vehicles):
        carried[located] = roads.carries.any(axis=1)
        alone[located] = _reachable(roads)
    checks = [
        ("no_coordinates", ~located),
        ("no_vehicle_ready", np.full(len(asked), not cars.vehicles)),
        ("window_past", (asked.due_s < 0) | (asked.by_s < 0)),
        ("larger_than_any_vehicle", asked.persons > cars.seats.max(initial=0)),
        ("no_vehicle_for_assisted", ~fleet.seated(asked, cars).any(axis=1)),
        ("no_escort_or_kind", ~carried),
        ("out_of_reach_in_shift", ~alone),
    ]
    reasons = [""] * len(asked)
    for reason, applies in checks:
        for index in np.flatnonzero(applies):
            reasons[index] = reasons[index] or reason
    return reasons


def _reachable(roads: Roads) -> NDArray[np.bool_]:
    """Whether some fitting vehicle, doing nothing else, serves the stop within window and shift."""
    stops, cars, seconds = roads.stops, roads.fleet, roads.matrices.seconds
    home = roads.depots + roads.sites + np.arange(len(stops))
    own = roads.depots + stops.site
    out, rest = seconds[cars.depot][:, home], seconds[home, own] + roads.turn_s
    begin = np.maximum(cars.from_s[:, None] + out, stops.ready_s)  # shape (groups, stops)
    back = begin + stops.board_s + rest + seconds[own][:, cars.depot].T
    in_time = (begin <= stops.due_s) & (back <= cars.until_s[:, None])
    return np.asarray((roads.carries.T & in_time).any(axis=0), dtype=bool)


def _tables(
    routes: list[Route], roads: Roads, site_ids: list[str], start: dt.datetime
) -> tuple[pa.Table, pa.Table]:
    trips: list[dict[str, Any]] = []
    visits: list[dict[str, Any]] = []
    spare = [list(names) for names in roads.fleet.vehicles]
    for route in routes:
        vehicle = spare[route.group].pop(0)
        legs = timetable.run(route, roads)
        if legs is None:
            raise RuntimeError("The search gave a route that cannot be driven.")
        for number, leg in enumerate(legs, start=1):
            base = {"vehicle_id": vehicle, "trip": number}
            trips.append({**base, **_trip_row(leg, roads.stops, site_ids, start)})
            visits += [{**base, **row} for row in _visit_rows(leg, roads.stops, start)]
    return (
        pa.Table.from_pylist(trips, schema=model.TRIPS),
        pa.Table.from_pylist(visits, schema=model.TRIP_STOPS),
    )


def _trip_row(
    leg: Leg, stops: fleet.Stops, site_ids: list[str], start: dt.datetime
) -> dict[str, Any]:
    return {
        "site_id": site_ids[stops.site[leg.stops[0]]],
        "cohort": stops.cohort[leg.stops[0]],
        "stops": len(leg.stops),
        "persons": int(stops.persons[leg.stops].sum()),
        "leaves_at": _moment(start, leg.leave_s),
        "arrives_at": _moment(start, leg.site_s),
        "clean_at": _moment(start, leg.clean_s),
        "km": leg.metres / 1000,
    }


def _visit_rows(leg: Leg, stops: fleet.Stops, start: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "order": order,
            "stop": int(stops.stop[stop]),
            "persons": int(stops.persons[stop]),
            "arrives_at": _moment(start, begin),
            "leaves_at": _moment(start, end),
        }
        for order, (stop, begin, end) in enumerate(
            zip(leg.stops, leg.begin_s, leg.end_s, strict=True), start=1
        )
    ]


def _unserved(day: Day, served: set[int]) -> pa.Table:
    asked = day.asked
    rows = [
        # Drivable alone, yet not in the plan: the vehicles' hours or the windows clash.
        (int(asked.stop[i]), int(asked.household[i]), int(asked.persons[i]),
         day.reasons[i] or "fleet_hours")
        for i in range(len(asked))
        if int(asked.stop[i]) not in served
    ]  # fmt: skip
    names = model.UNSERVED_STOPS.names
    listed = [dict(zip(names, row, strict=True)) for row in [*rows, *day.given_up]]
    return pa.Table.from_pylist(listed, schema=model.UNSERVED_STOPS)


def _binding(unserved: pa.Table) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in unserved.to_pylist():
        counts[row["reason"]] = counts.get(row["reason"], 0) + row["persons"]
    return counts


def _moment(start: dt.datetime, seconds: int) -> dt.datetime:
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)


def _parameters(rules: model.TripRules, limit: model.Limit) -> dict[str, Any]:
    """Rules and limit as JSON can hold them."""
    values = {**dataclasses.asdict(rules), **dataclasses.asdict(limit)}
    values["start"] = rules.start.isoformat()
    for key in ("assist_needs", "stretcher_needs", "alone_cohorts"):
        values[key] = sorted(values[key])
    for key in ("escort_needs", "cohort_kinds"):
        values[key] = {name: sorted(codes) for name, codes in values[key].items()}
    return values

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
from zhongshu.engines.transfer.trips import fleet, timetable, vrp
from zhongshu.engines.transfer.trips.timetable import Leg, Roads, Route
from zhongshu.kernel.runcard import RunCard, table_hash

Reasons = list[str]


def plan(
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    *,
    limit: model.Limit,
    seed: int,
) -> model.TripPlan:
    began = time.perf_counter()
    horizon = fleet.horizon_s(rules)
    turn_s = round((rules.handover_min + rules.disinfect_min) * 60)
    site_ids, lon, lat = fleet.read_sites(sites)
    asked = fleet.read_stops(stops, site_ids, rules)
    cars = fleet.read_fleet(vehicles, rules)
    reasons = _cannot(asked, cars, lon, lat, rules, turn_s=turn_s)
    keep = np.array([not reason for reason in reasons], bool)
    wanted = fleet.pick(asked, keep)
    routes: list[Route] = []
    iterations = 0
    roads = Roads(
        wanted, cars, fleet.matrices(cars, lon, lat, wanted, rules), len(site_ids), turn_s, horizon
    )
    if len(wanted):
        routes, iterations = vrp.search(roads, limit=limit, seed=seed)
    served = {int(wanted.stop[s]) for route in routes for trip in route.trips for s in trip}
    trips, visits = _tables(routes, roads, site_ids, rules.start)
    unserved = _unserved(asked, reasons, served)
    return model.TripPlan(
        trips=trips,
        stops=visits,
        unserved=unserved,
        served_persons=int(sum(visits["persons"].to_pylist())),
        km=sum(trips["km"].to_pylist()),
        km_bound=None,
        binding=_binding(unserved),
        iterations=iterations,
        seconds=time.perf_counter() - began,
        card=RunCard(
            engine="transfer.trips",
            version=model.VERSION,
            parameters=_parameters(rules, limit),
            inputs={
                "stops": table_hash(stops),
                "vehicles": table_hash(vehicles),
                "sites": table_hash(sites),
            },
            seed=seed,
        ),
    )


def _cannot(
    stops: fleet.Stops,
    cars: fleet.Fleet,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    rules: model.TripRules,
    *,
    turn_s: int,
) -> Reasons:
    """For each stop, why no vehicle could serve it even alone; empty when one could."""
    located = np.isfinite(stops.lon) & np.isfinite(stops.lat)
    alone = np.zeros(len(stops), bool)
    if located.any() and len(cars.vehicles):
        alone[located] = _reachable(
            fleet.pick(stops, located), cars, lon, lat, rules, turn_s=turn_s
        )
    most_seats = int(cars.seats.max(initial=0))
    fits = (stops.persons[:, None] <= cars.seats) & (stops.assisted[:, None] <= cars.places)
    checks = [
        ("no_coordinates", ~located),
        ("no_vehicle_ready", np.full(len(stops), not cars.vehicles)),
        ("window_past", stops.due_s < 0),
        ("larger_than_any_vehicle", stops.persons > most_seats),
        ("no_vehicle_for_assisted", ~fits.any(axis=1)),
        ("out_of_reach_in_shift", ~alone),
    ]
    reasons = [""] * len(stops)
    for reason, applies in checks:
        for index in np.flatnonzero(applies):
            reasons[index] = reasons[index] or reason
    return reasons


def _reachable(
    stops: fleet.Stops,
    cars: fleet.Fleet,
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    rules: model.TripRules,
    *,
    turn_s: int,
) -> NDArray[np.bool_]:
    """Whether some fitting vehicle, doing nothing else, serves the stop within window and shift."""
    roads = fleet.matrices(cars, lon, lat, stops, rules).seconds
    depots, first = len(cars.depot_lon), len(cars.depot_lon) + len(lon)
    home, own = first + np.arange(len(stops)), depots + stops.site
    out, rest = roads[cars.depot][:, home], roads[home, own] + turn_s
    begin = np.maximum(out, stops.ready_s)  # shape (groups, stops)
    back = begin + stops.board_s + rest + roads[own][:, cars.depot].T
    fits = (stops.persons <= cars.seats[:, None]) & (stops.assisted <= cars.places[:, None])
    in_time = (begin <= np.minimum(stops.due_s, fleet.horizon_s(rules))) & (
        back <= fleet.horizon_s(rules)
    )
    return np.asarray((fits & in_time).any(axis=0), dtype=bool)


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


def _unserved(stops: fleet.Stops, reasons: Reasons, served: set[int]) -> pa.Table:
    rows = [
        {
            "stop": int(stops.stop[i]),
            "household": int(stops.household[i]),
            "persons": int(stops.persons[i]),
            # Drivable alone, yet not in the plan: the vehicles' hours or the windows clash.
            "reason": reasons[i] or "fleet_hours",
        }
        for i in range(len(stops))
        if int(stops.stop[i]) not in served
    ]
    return pa.Table.from_pylist(rows, schema=model.UNSERVED_STOPS)


def _binding(unserved: pa.Table) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in unserved.to_pylist():
        counts[row["reason"]] = counts.get(row["reason"], 0) + row["persons"]
    return counts


def _moment(start: dt.datetime, seconds: int) -> dt.datetime:
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=seconds)


def _parameters(rules: model.TripRules, limit: model.Limit) -> dict[str, Any]:
    values = dataclasses.asdict(rules)
    values["start"] = rules.start.isoformat()
    values["assist_needs"] = sorted(rules.assist_needs)
    return {**values, **dataclasses.asdict(limit)}

"""Re-checks trips from their tables alone.  Shares no code with the solver; distances by chord.

Each function returns one sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Iterable
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model

Row = dict[str, Any]
Drive = Callable[[Row, Row], float]  # seconds from one row's point to another's
ROUNDING_S = 2  # the plan counts whole seconds per arc


def check_trips(
    plan: model.TripPlan,
    *,
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    drive_s: Drive | None = None,
) -> list[str]:
    """drive_s: where the plan was made with a matrix, its seconds; None: straight lines."""
    asked = {row["stop"]: row for row in stops.to_pylist()}
    drive = drive_s or (lambda a, b: _drive_s(a, b, rules))
    faults = everybody_once(list(asked), plan.stops.to_pylist(), plan.unserved.to_pylist(), "stop")
    trips, visits = _by_vehicle(plan.trips), _by_vehicle(plan.stops)
    for car in vehicles.to_pylist():
        day = _Day(car, trips[car["vehicle_id"]], visits[car["vehicle_id"]], rules, drive)
        faults += _vehicle_faults(day, asked, _places(sites))
    known = set(vehicles["vehicle_id"].to_pylist())
    faults += [f"{name} is no vehicle" for name in {*plan.trips["vehicle_id"].to_pylist()} - known]
    if abs(sum(plan.trips["km"].to_pylist()) - plan.answer.value) > 1e-6 * max(1, plan.km):
        faults.append("the value is not the sum of the trips' kilometres")
    return faults


def check_replan(
    again: model.Replan,
    before: model.Day,
    *,
    now: dt.datetime,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    drive_s: Drive | None = None,
) -> list[str]:
    """The new day as any day, and its driven part as it was driven."""
    faults = check_trips(
        again.plan, stops=again.stops, vehicles=vehicles, sites=sites, rules=rules, drive_s=drive_s
    )
    late = {note.removeprefix("overtime:") for note in again.plan.answer.notes}
    faults = [one for one in faults if one not in {f"{name} {_LATE}" for name in late}]
    after = {row["stop"]: row for row in again.plan.stops.to_pylist()}
    for row in before.stops.to_pylist():
        if row["leaves_at"] > now or row["stop"] in again.touched:
            continue
        if row["stop"] not in after or any(
            after[row["stop"]][key] != row[key] for key in ("vehicle_id", "arrives_at", "leaves_at")
        ):
            faults.append(f"stop {row['stop']} was driven otherwise")
    owner = {row["stop"]: row["vehicle_id"] for row in before.stops.to_pylist()}
    for row in after.values():
        moved = owner.get(row["stop"]) != row["vehicle_id"]
        if moved and row["arrives_at"] < now:
            faults.append(f"stop {row['stop']} is fetched in the past")
    return faults


_LATE = "is back after the end of the shift"


@dataclasses.dataclass(frozen=True)
class _Day:
    """What one vehicle does, and the rules it does it by."""

    car: Row
    trips: list[Row]
    visits: list[Row]
    rules: model.TripRules
    drive: Drive

    def shift(self) -> tuple[dt.datetime, dt.datetime]:
        begin, end = self.rules.start, self.rules.start + dt.timedelta(hours=self.rules.shift_h)
        own, until = self.car.get("from_at"), self.car.get("until_at")
        return max(begin, own or begin), min(end, until or end)


def _by_vehicle(table: pa.Table) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = collections.defaultdict(list)
    for row in table.to_pylist():
        rows[row["vehicle_id"]].append(row)
    return rows


def _places(sites: pa.Table) -> dict[str, Row]:
    return {row["site_id"]: row for row in sites.to_pylist()}


def _vehicle_faults(day: _Day, asked: dict[int, Row], where: dict[str, Row]) -> list[str]:
    """One vehicle's day from depot to depot."""
    car = at = day.car
    free, end = day.shift()
    faults: list[str] = []
    for trip in sorted(day.trips, key=lambda row: row["trip"]):
        mine = [row for row in day.visits if row["trip"] == trip["trip"]]
        homes, site = sorted(mine, key=lambda row: row["order"]), where[trip["site_id"]]
        faults += _load_faults(trip, homes, asked, car, day.rules)
        faults += _time_faults(trip, homes, asked, at=at, free=free, site=site, by=day)
        at, free = site, trip["clean_at"]
    if day.trips and free + dt.timedelta(seconds=day.drive(at, car) - ROUNDING_S) > end:
        faults.append(f"{car['vehicle_id']} {_LATE}")
    return faults


def everybody_once(
    asked: Iterable[int], given: list[dict[str, Any]], left: list[dict[str, Any]], key: str
) -> list[str]:
    listed = collections.Counter(row[key] for row in [*given, *left])
    wrong = set(asked) ^ set(listed)
    faults = [f"{key} {one} is listed {n} times" for one, n in listed.items() if n > 1]
    return faults + [f"{key} {one} is on one side only" for one in sorted(wrong)]


def _load_faults(
    trip: Row,
    homes: list[Row],
    asked: dict[int, Row],
    car: Row,
    rules: model.TripRules,
) -> list[str]:
    name = f"{trip['vehicle_id']} trip {trip['trip']}"
    wanted = [asked[row["stop"]] for row in homes]
    faults = []
    if car["state"] != "ready":
        faults.append(f"{name}: the vehicle is not ready")
    if {(w["cohort"], w["site_id"]) for w in wanted} != {(trip["cohort"], trip["site_id"])}:
        faults.append(f"{name}: cohorts or sites are mixed")
    seats = math.floor(car["seats"] * rules.seat_share.get(car["kind"], 1.0) + 1e-9)
    if sum(w["persons"] for w in wanted) > seats:
        faults.append(f"{name}: more people than seats")
    for column, own, usual in (
        ("assisted", "wheelchairs", rules.assisted_places),
        ("stretchers", "stretchers", rules.stretcher_places),
    ):
        places = usual.get(car["kind"], 0) if car.get(own) is None else car[own]
        if sum(w.get(column) or 0 for w in wanted) > min(seats, places):
            faults.append(f"{name}: more {column} than places")
    crew = _codes(car.get("crew"))
    for want in wanted:
        if not _codes(want.get("escort")) <= crew:
            faults.append(f"{name}: nobody to escort stop {want['stop']}")
        if car["kind"] not in rules.cohort_kinds.get(want["cohort"], {car["kind"]}):
            faults.append(f"{name}: {want['cohort']} may not ride in a {car['kind']}")
        alone = want.get("alone") or want["cohort"] in rules.alone_cohorts
        if alone and len(wanted) > 1:
            faults.append(f"{name}: stop {want['stop']} does not ride alone")
    if sum(w["persons"] for w in wanted) != trip["persons"] or len(homes) != trip["stops"]:
        faults.append(f"{name}: the trip's totals are not those of its stops")
    return faults


def _time_faults(
    trip: Row,
    homes: list[Row],
    asked: dict[int, Row],
    *,
    at: Row,
    free: dt.datetime,
    site: Row,
    by: _Day,
) -> list[str]:
    rules = by.rules
    name = f"{trip['vehicle_id']} trip {trip['trip']}"
    faults = [] if trip["leaves_at"] >= free else [f"{name}: leaves before it is free"]
    clock = trip["leaves_at"]
    for row in homes:
        want = asked[row["stop"]]
        clock += dt.timedelta(seconds=by.drive(at, want) - ROUNDING_S)
        if row["arrives_at"] < clock:
            faults.append(f"{name}: reaches stop {row['stop']} faster than it can drive")
        if want["ready_at"] and row["arrives_at"] < want["ready_at"]:
            faults.append(f"{name}: boards stop {row['stop']} before it is ready")
        if want["due_at"] and row["arrives_at"] > want["due_at"]:
            faults.append(f"{name}: boards stop {row['stop']} after it was due")
        board_s = 60 * (rules.board_min_per_stop + rules.board_min_per_person * want["persons"])
        if (row["leaves_at"] - row["arrives_at"]).total_seconds() < board_s - ROUNDING_S:
            faults.append(f"{name}: boards stop {row['stop']} too fast")
        at, clock = want, row["leaves_at"]
    if trip["arrives_at"] < clock + dt.timedelta(seconds=by.drive(at, site) - ROUNDING_S):
        faults.append(f"{name}: reaches its site faster than it can drive")
    for want in (asked[row["stop"]] for row in homes):
        if want.get("arrive_by") and trip["arrives_at"] > want["arrive_by"]:
            faults.append(f"{name}: stop {want['stop']} is late for its appointment")
        if want.get("arrive_from") and trip["arrives_at"] < want["arrive_from"]:
            faults.append(f"{name}: stop {want['stop']} is too early for its appointment")
    turn_s = 60 * (rules.handover_min + rules.disinfect_min)
    if (trip["clean_at"] - trip["arrives_at"]).total_seconds() < turn_s - ROUNDING_S:
        faults.append(f"{name}: is not disinfected long enough")
    return faults


def _drive_s(a: Row, b: Row, rules: model.TripRules) -> float:
    """Chord of the unit sphere -> arc; the mean radius as in the solver's reference."""
    chord = math.dist(_unit(a), _unit(b))
    km = 6371.0088 * 2 * math.asin(min(1.0, chord / 2)) * rules.detour_factor
    return km / rules.speed_kmh * 3600


def _unit(point: Row) -> tuple[float, float, float]:
    lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _codes(text: str | None) -> set[str]:
    return {part.strip() for part in (text or "").split(";") if part.strip()}

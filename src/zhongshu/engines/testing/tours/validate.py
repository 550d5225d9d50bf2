"""Re-checks tours from their tables alone.  Shares no code with the solver; distances by chord.

One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.tours import model

Row = dict[str, Any]
SECOND = 2.0  # moments are rounded to seconds


def check_couriers(
    plan: model.TourPlan,
    *,
    points: pa.Table,
    labs: pa.Table,
    couriers: pa.Table,
    rules: model.TourRules,
) -> list[str]:
    asked = {row["point_id"]: row for row in points.to_pylist()}
    places = {row["lab_id"]: row for row in labs.to_pylist()}
    stops = plan.stops.to_pylist()
    return [
        *_days(plan, stops, asked, places, couriers.to_pylist(), rules),
        *_whole(plan, stops, {name: row["tubes"] for name, row in asked.items()}, "tubes"),
        *_boxes(stops, asked),
        *_laboratories(plan, stops, asked, places),
        *_minutes(stops, asked, couriers.to_pylist(), rules, visits=False),
    ]


def check_visits(
    plan: model.TourPlan,
    *,
    visits: pa.Table,
    teams: pa.Table,
    labs: pa.Table,
    rules: model.TourRules,
) -> list[str]:
    asked = {row["visit"]: row for row in visits.to_pylist()}
    places = {row["lab_id"]: row for row in labs.to_pylist()}
    stops = plan.stops.to_pylist()
    faults = [
        *_days(plan, stops, asked, places, teams.to_pylist(), rules),
        *_whole(plan, stops, {name: row["persons"] for name, row in asked.items()}, "persons"),
        *_minutes(stops, asked, teams.to_pylist(), rules, visits=True),
    ]
    for row in stops:
        home = asked[row["place"]]
        size = 1 if home.get("single") else rules.pool_size
        if not row["persons"] <= row["tubes"] * size < row["persons"] + size:
            faults.append(f"visit {row['place']} has {row['tubes']} tubes")
        for name, sign in (("ready_at", 1), ("due_at", -1)):
            limit = home.get(name)
            if limit is not None and sign * (row["begins_at"] - limit).total_seconds() < -SECOND:
                faults.append(f"visit {row['place']} begins at {row['begins_at']}")
    return faults


def _whole(plan: model.TourPlan, stops: list[Row], asked: dict[str, int], what: str) -> list[str]:
    """Everybody is served once or listed."""
    count: collections.Counter[str] = collections.Counter()
    for row in stops:
        count[row["place"]] += row[what]
    for row in plan.answer.unserved.to_pylist():
        count[row["id"]] += round(row["amount"])
    parts = collections.Counter((row["place"], row["part"]) for row in stops)
    faults = [f"{key} is fetched {n} times" for key, n in parts.items() if n > 1]
    return faults + [
        f"{name}: {count[name]} {what} are planned or listed of {number}"
        for name, number in asked.items()
        if count[name] != number
    ]


def _days(  # noqa: PLR0917 - the tables of a plan
    plan: model.TourPlan,
    stops: list[Row],
    asked: dict[str, Row],
    places: dict[str, Row],
    vehicles: list[Row],
    rules: model.TourRules,
) -> list[str]:
    by: dict[tuple[str, int], list[Row]] = collections.defaultdict(list)
    for row in stops:
        by[row["vehicle_id"], row["trip"]].append(row)
    days: dict[str, list[Row]] = collections.defaultdict(list)
    for trip in plan.trips.to_pylist():
        days[trip["vehicle_id"]].append(trip)
    faults = [] if len(by) == plan.trips.num_rows else ["trips and stops differ"]
    km = 0.0
    cars = {row["vehicle_id"]: row for row in vehicles}
    for name, trips in days.items():
        trips.sort(key=lambda trip: trip["trip"])
        found, driven = _day(cars[name], trips, by, asked, places, rules)
        faults += found
        km += driven
    value = km + rules.vehicle_km * len(days)
    if len(days) != plan.vehicles or abs(km - plan.km) > 0.001 * (2 * len(stops) + len(days) + 1):
        faults.append(f"{len(days)} vehicles drive {km:.3f} km, told {plan.vehicles}, {plan.km}")
    if abs(value - plan.answer.value) > 0.001 * (2 * len(stops) + len(days) + 1):
        faults.append(f"the value is {value}, not {plan.answer.value}")
    return faults


def _day(  # noqa: PLR0917 - as above, of one vehicle
    car: Row,
    trips: list[Row],
    by: dict[tuple[str, int], list[Row]],
    asked: dict[str, Row],
    places: dict[str, Row],
    rules: model.TourRules,
) -> tuple[list[str], float]:
    name = car["vehicle_id"]
    speed = car.get("speed_kmh") or rules.speed_kmh
    ends = rules.start + dt.timedelta(hours=rules.shift_h)
    now = max(rules.start, car.get("from_at") or rules.start)
    until = min(ends, car.get("until_at") or ends)
    at, faults, km = car, [], 0.0

    def ride(a: Row, b: Row, leaves: dt.datetime, arrives: dt.datetime) -> float:
        length = _km(a, b) * rules.detour_factor
        if (arrives - leaves).total_seconds() < length / speed * 3600 - SECOND:
            faults.append(f"{name} drives {length:.2f} km from {leaves} to {arrives}")
        return length

    for number, trip in enumerate(trips, 1):
        own = sorted(by[name, trip["trip"]], key=lambda row: row["order"])
        if [row["order"] for row in own] != list(range(1, len(own) + 1)) or trip["trip"] != number:
            faults.append(f"{name} has its trips or stops out of order")
        if trip["leaves_at"] < now or not own:
            faults.append(f"{name} leaves at {trip['leaves_at']}, before it can")
        now, before = trip["leaves_at"], km
        for row in own:
            km += ride(at, asked[row["place"]], now, row["begins_at"])
            at, now = asked[row["place"]], row["ends_at"]
        km += ride(at, places[trip["lab_id"]], now, trip["arrives_at"])
        at, now = places[trip["lab_id"]], trip["ends_at"]
        if (now - trip["arrives_at"]).total_seconds() < rules.unload_min * 60 - SECOND:
            faults.append(f"{name} hands over in no time at {trip['lab_id']}")
        back = 0.0
        if number == len(trips):
            back = ride(at, car, now, until)
            km += back
        faults += _load(trip, own, car, rules, km - before)
    return faults, km


def _load(trip: Row, own: list[Row], car: Row, rules: model.TourRules, km: float) -> list[str]:
    label = f"{trip['vehicle_id']} trip {trip['trip']}"
    room = rules.tubes_max if car.get("tubes_max") is None else car["tubes_max"]
    tubes, persons = (sum(row[key] for row in own) for key in ("tubes", "persons"))
    oldest = min(row["sampled_from"] or row["begins_at"] for row in own)
    age = (trip["arrives_at"] - oldest).total_seconds()
    faults = []
    if (tubes, persons, len(own)) != (trip["tubes"], trip["persons"], trip["stops"]):
        faults.append(f"{label} counts wrongly")
    if tubes > room:
        faults.append(f"{label} carries {tubes} tubes, {room} have room")
    if age > rules.handover_h * 3600 + SECOND or oldest != trip["oldest_at"]:
        faults.append(f"{label} has tubes of {age / 3600:.2f} h at the laboratory")
    if abs(km - trip["km"]) > 0.001 * (len(own) + 2):
        faults.append(f"{label} is {km:.3f} km, told {trip['km']:.3f}")
    return faults


def _boxes(stops: list[Row], asked: dict[str, Row]) -> list[str]:
    """No tube is taken before it was sampled, none is older than told."""
    by: dict[str, list[Row]] = collections.defaultdict(list)
    for row in stops:
        by[row["place"]].append(row)
    faults = []
    for name, rows in by.items():
        point = asked[name]
        length = (point["closes_at"] - point["opens_at"]).total_seconds()

        def sampled(
            moment: dt.datetime, point: Row = point, length: float = length
        ) -> float:  # by then
            since = (moment - point["opens_at"]).total_seconds()
            share = min(1.0, max(0.0, since / length)) if length else float(since >= 0)
            return float(point["tubes"]) * share

        for one in rows:
            taken = sum(row["tubes"] for row in rows if row["begins_at"] <= one["begins_at"])
            young = sum(row["tubes"] for row in rows if row["sampled_from"] >= one["sampled_from"])
            # A pool that is being filled belongs to the box it is put into.
            before = sampled(one["sampled_from"]) if one["sampled_from"] > point["opens_at"] else 0
            if taken > sampled(one["begins_at"]) + 1e-6 or young > point["tubes"] - before + 1:
                faults.append(f"point {name} gives tubes it has not, at {one['begins_at']}")
    return faults


def _laboratories(
    plan: model.TourPlan, stops: list[Row], asked: dict[str, Row], places: dict[str, Row]
) -> list[str]:
    goal = {(row["vehicle_id"], row["trip"]): row["lab_id"] for row in plan.trips.to_pylist()}
    faults = []
    for row in stops:
        lab, own = goal[row["vehicle_id"], row["trip"]], asked[row["place"]]
        if own.get("lab_id") is None:
            least = min(_km(own, place) for place in places.values())
            if _km(own, places[lab]) > least + 1e-6:
                faults.append(f"{row['place']} is brought to {lab}, not the nearest")
        elif own["lab_id"] != lab:
            faults.append(f"{row['place']} is brought to {lab}, not {own['lab_id']}")
    return faults


def _minutes(
    stops: list[Row],
    asked: dict[str, Row],
    vehicles: list[Row],
    rules: model.TourRules,
    *,
    visits: bool,
) -> list[str]:
    """Time enough at each stop."""
    pace = {row["vehicle_id"]: row.get("pace") or 1.0 for row in vehicles}
    faults = []
    for row in stops:
        least = rules.stop_min
        if visits:
            homes = max(1, asked[row["place"]].get("homes") or 1)
            share = row["persons"] / max(1, asked[row["place"]]["persons"])
            least += row["persons"] * rules.person_min
            least += math.floor(homes * share + 1e-9) * rules.home_min
        lasts = (row["ends_at"] - row["begins_at"]).total_seconds()
        if lasts < least * 60 * pace[row["vehicle_id"]] - SECOND:
            faults.append(f"{row['place']} takes {least:.1f} minutes, planned are {lasts / 60:.1f}")
    for name, rows in itertools.groupby(
        sorted(stops, key=lambda row: row["vehicle_id"]), key=lambda row: row["vehicle_id"]
    ):
        own = sorted(rows, key=lambda row: row["begins_at"])
        faults += [
            f"{name} is in two places at {b['begins_at']}"
            for a, b in itertools.pairwise(own)
            if b["begins_at"] < a["ends_at"] - dt.timedelta(seconds=SECOND)
        ]
    return faults


def _km(a: Row, b: Row) -> float:
    ends = []
    for point in (a, b):
        lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
        ends.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(*ends) / 2))

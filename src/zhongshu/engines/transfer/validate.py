"""Re-checks a plan from its tables alone.  Shares no code with the solver; distances by chord.

Each function returns one sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import math
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model

ROUNDING_S = 2  # the plan counts whole seconds per arc


def check_rooms(
    plan: model.RoomPlan, *, people: pa.Table, rooms: pa.Table, rules: model.RoomRules
) -> list[str]:
    given, left = plan.assignments.to_pylist(), plan.unserved.to_pylist()
    return [
        *_everybody_once(people["person"].to_pylist(), given, left, "person"),
        *_room_faults(given, {(r["site_id"], r["room_no"]): r for r in rooms.to_pylist()}, rules),
        *_need_faults(given, people.to_pylist(), rooms.to_pylist(), rules),
        *_company_faults(given, people.to_pylist(), rules),
        *_reserve_faults(given, rooms.to_pylist(), rules),
        *_household_faults(given),
        *_floor_faults(given, rooms.to_pylist()),
        *_bound_faults(plan),
    ]


def check_trips(
    plan: model.TripPlan,
    *,
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
) -> list[str]:
    asked = {row["stop"]: row for row in stops.to_pylist()}
    cars = {row["vehicle_id"]: row for row in vehicles.to_pylist()}
    where = {row["site_id"]: row for row in sites.to_pylist()}
    legs: dict[tuple[str, int], list[dict[str, Any]]] = collections.defaultdict(list)
    for row in plan.stops.to_pylist():
        legs[row["vehicle_id"], row["trip"]].append(row)
    faults = _everybody_once(list(asked), plan.stops.to_pylist(), plan.unserved.to_pylist(), "stop")
    previous: dict[str, tuple[dict[str, Any], dt.datetime]] = {}
    for trip in sorted(plan.trips.to_pylist(), key=lambda t: (t["vehicle_id"], t["trip"])):
        vehicle = trip["vehicle_id"]
        homes = sorted(legs[vehicle, trip["trip"]], key=lambda row: row["order"])
        faults += _load_faults(trip, homes, asked, cars[vehicle], rules)
        at, free = previous.get(vehicle, (cars[vehicle], rules.start))
        faults += _time_faults(
            trip, homes, asked, at=at, free=free, site=where[trip["site_id"]], rules=rules
        )
        previous[vehicle] = where[trip["site_id"]], trip["clean_at"]
    for vehicle, (site, free) in previous.items():
        home = free + dt.timedelta(seconds=_drive_s(site, cars[vehicle], rules) - ROUNDING_S)
        if home > rules.start + dt.timedelta(hours=rules.shift_h):
            faults.append(f"{vehicle} is back after the end of the shift")
    return faults


def _everybody_once(
    asked: Iterable[int], given: list[dict[str, Any]], left: list[dict[str, Any]], key: str
) -> list[str]:
    listed = collections.Counter(row[key] for row in [*given, *left])
    wrong = set(asked) ^ set(listed)
    faults = [f"{key} {one} is listed {n} times" for one, n in listed.items() if n > 1]
    return faults + [f"{key} {one} is on one side only" for one in sorted(wrong)]


def _room_faults(
    given: list[dict[str, Any]], rooms: dict[Any, dict[str, Any]], rules: model.RoomRules
) -> list[str]:
    faults: list[str] = []
    inside = collections.defaultdict(list)
    for row in given:
        inside[row["site_id"], row["room_no"]].append(row)
    for key, people in inside.items():
        room = rooms.get(key)
        if room is None or not _liveable(room, rules):
            faults.append(f"room {key} is not free")
        elif len(people) > room["capacity"]:
            faults.append(f"room {key} holds {len(people)} of {room['capacity']}")
        if len({(row["household"], row["degree"]) for row in people}) > 1:
            faults.append(f"room {key} mixes households or degrees")
    return faults


def _liveable(room: dict[str, Any], rules: model.RoomRules) -> bool:
    if rules.zones and room.get("zone") and room["zone"] not in rules.zones:
        return False
    if room["state"] in ("cleaning", "disinfecting"):
        ready, by = room.get("ready_at"), rules.ready_by
        return bool(ready and by and ready <= by)
    return bool(room["state"] == "free")


def _need_faults(
    given: list[dict[str, Any]],
    people: list[dict[str, Any]],
    rooms: list[dict[str, Any]],
    rules: model.RoomRules,
) -> list[str]:
    """Rooms that offer what the people of a household in them need, and what their degree needs."""
    offers = {(r["site_id"], r["room_no"]): {*_codes(r.get("tags")), r.get("kind")} for r in rooms}
    needs = {row["person"]: _codes(row["special_need"]) for row in people}
    party: dict[Any, set[str]] = collections.defaultdict(set)
    for row in given:
        party[row["household"], row["degree"]] |= needs[row["person"]]
    faults = []
    for row in given:
        asked = [rules.need_tags.get(need) for need in party[row["household"], row["degree"]]]
        for tags in [*asked, rules.degree_tags.get(row["degree"])]:
            if tags is not None and not offers[row["site_id"], row["room_no"]] & tags:
                faults.append(f"room {row['room_no']} lacks what person {row['person']} needs")
    return faults


def _company_faults(
    given: list[dict[str, Any]], people: list[dict[str, Any]], rules: model.RoomRules
) -> list[str]:
    """Who may not be left alone has somebody of the household, or is flagged; and nobody is given
    the other degree for any other reason."""
    facts = {row["person"]: row for row in people}
    party = collections.defaultdict(list)
    for row in given:
        party[row["household"], row["degree"]].append(row)
    faults = []
    for key, rows in party.items():
        helpless = [
            _codes(facts[r["person"]]["special_need"]) & rules.companion_needs for r in rows
        ]
        moved = [row for row in rows if facts[row["person"]]["degree"] != row["degree"]]
        if all(helpless) and any("no_companion" not in row["flags"] for row in rows):
            faults.append(f"household {key} has nobody to be left alone with, and no flag")
        if moved and any("kept_together" not in row["flags"] for row in rows):
            faults.append(f"household {key} lives with another degree without a flag")
        if any(facts[row["person"]]["degree"] == 1 != row["degree"] for row in rows):
            faults.append(f"household {key} has a close contact among those of degree 2")
    return faults


def _codes(text: str | None) -> set[str]:
    return {part.strip() for part in (text or "").split(";") if part.strip()}


def _reserve_faults(
    given: list[dict[str, Any]], rooms: list[dict[str, Any]], rules: model.RoomRules
) -> list[str]:
    share = rules.reserve_share
    total = collections.Counter(room["site_id"] for room in rooms if room["room_no"] is not None)
    free = collections.Counter(room["site_id"] for room in rooms if _liveable(room, rules))
    used = collections.Counter(site for site, _ in {(r["site_id"], r["room_no"]) for r in given})
    return [
        f"site {site} keeps {free[site] - n} rooms of the {share * total[site]:.1f} reserved"
        for site, n in used.items()
        if free[site] - n < share * total[site] - 1e-6
    ]


def _household_faults(given: list[dict[str, Any]]) -> list[str]:
    floors = collections.defaultdict(set)
    for row in given:
        floors[row["household"], row["degree"]].add((row["site_id"], row["floor"]))
    return [f"household {key} is on {len(f)} floors" for key, f in floors.items() if len(f) > 1]


def _floor_faults(given: list[dict[str, Any]], rooms: list[dict[str, Any]]) -> list[str]:
    degrees = collections.defaultdict(set)
    for row in rooms:
        if row.get("degree") is not None:
            degrees[row["site_id"], row["floor"]].add(row["degree"])
    for row in given:
        degrees[row["site_id"], row["floor"]].add(row["degree"])
    return [
        f"person {row['person']} is on a mixed floor without a flag, or the reverse"
        for row in given
        if (len(degrees[row["site_id"], row["floor"]]) > 1) != ("mixed_floor" in row["flags"])
    ]


def _bound_faults(plan: model.RoomPlan) -> list[str]:
    faults = []
    if plan.person_km < plan.person_km_bound - 1e-6 * max(1.0, plan.person_km):
        faults.append("the person-km are below their bound")
    if plan.served > plan.served_bound:
        faults.append("more are served than the bound allows")
    return faults


def _load_faults(
    trip: dict[str, Any],
    homes: list[dict[str, Any]],
    asked: dict[int, dict[str, Any]],
    car: dict[str, Any],
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
    places = min(seats, rules.assisted_places.get(car["kind"], 0))
    if sum(w["assisted"] or 0 for w in wanted) > places:
        faults.append(f"{name}: more assisted people than places")
    if sum(w["persons"] for w in wanted) != trip["persons"] or len(homes) != trip["stops"]:
        faults.append(f"{name}: the trip's totals are not those of its stops")
    return faults


def _time_faults(
    trip: dict[str, Any],
    homes: list[dict[str, Any]],
    asked: dict[int, dict[str, Any]],
    *,
    at: dict[str, Any],
    free: dt.datetime,
    site: dict[str, Any],
    rules: model.TripRules,
) -> list[str]:
    name = f"{trip['vehicle_id']} trip {trip['trip']}"
    faults = [] if trip["leaves_at"] >= free else [f"{name}: leaves before it is free"]
    clock = trip["leaves_at"]
    for row in homes:
        want = asked[row["stop"]]
        clock += dt.timedelta(seconds=_drive_s(at, want, rules) - ROUNDING_S)
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
    if trip["arrives_at"] < clock + dt.timedelta(seconds=_drive_s(at, site, rules) - ROUNDING_S):
        faults.append(f"{name}: reaches its site faster than it can drive")
    turn_s = 60 * (rules.handover_min + rules.disinfect_min)
    if (trip["clean_at"] - trip["arrives_at"]).total_seconds() < turn_s - ROUNDING_S:
        faults.append(f"{name}: is not disinfected long enough")
    return faults


def _drive_s(a: dict[str, Any], b: dict[str, Any], rules: model.TripRules) -> float:
    """Chord of the unit sphere -> arc; the mean radius as in the solver's reference."""
    chord = math.dist(_unit(a), _unit(b))
    km = 6371.0088 * 2 * math.asin(min(1.0, chord / 2)) * rules.detour_factor
    return km / rules.speed_kmh * 3600


def _unit(point: dict[str, Any]) -> tuple[float, float, float]:
    lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)

"""Re-checks a plan from its tables alone.  Shares no code with the solver.

Each function returns one sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.validatetrips import check_replan, check_trips, everybody_once

__all__ = ["check_replan", "check_rooms", "check_trips"]


def check_rooms(
    plan: model.RoomPlan, *, people: pa.Table, rooms: pa.Table, rules: model.RoomRules
) -> list[str]:
    given, left = plan.assignments.to_pylist(), plan.unserved.to_pylist()
    return [
        *everybody_once(people["person"].to_pylist(), given, left, "person"),
        *_room_faults(given, {(r["site_id"], r["room_no"]): r for r in rooms.to_pylist()}, rules),
        *_need_faults(given, people.to_pylist(), rooms.to_pylist(), rules),
        *_company_faults(given, people.to_pylist(), rules),
        *_reserve_faults(given, rooms.to_pylist(), rules),
        *_household_faults(given),
        *_floor_faults(given, rooms.to_pylist()),
        *_bound_faults(plan),
    ]


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

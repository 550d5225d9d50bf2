"""The two questions of the transfer engine: which room, and which vehicle when.

plan = solve.rooms(people, rooms, rules)
stops = solve.stops(plan, people, needs=trip_rules.assist_needs)
trips = solve.trips(stops, vehicles, solve.sites(rooms), trip_rules, limit=Limit(500), seed=1)
"""

from __future__ import annotations

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.rooms import planning as roomplan
from zhongshu.engines.transfer.trips import planning as tripplan
from zhongshu.kernel import tables


def rooms(people: pa.Table, rooms: pa.Table, rules: model.RoomRules) -> model.RoomPlan:
    """Isolation rooms for contacts.  people: model.PEOPLE, rooms: model.ROOMS.

    Members of a household of one degree share a room or neighbouring rooms of one floor; nobody
    shares a room with another household; degrees 1 and 2 never share a room, and a floor only
    where nothing else is left (flag mixed_floor).  Degree 1 comes first.  Nobody is dropped:
    who gets no room is in `unserved` with the constraint that binds.
    Refuses: no rooms, a site without coordinates, rooms without beds, a person twice.
    """
    return roomplan.plan(people, rooms, rules)


def trips(
    stops: pa.Table,
    vehicles: pa.Table,
    sites: pa.Table,
    rules: model.TripRules,
    *,
    limit: model.Limit,
    seed: int,
) -> model.TripPlan:
    """Trips homes -> sites for one shift.  stops: model.STOPS, vehicles: model.VEHICLES.

    A trip holds one cohort for one site; after each site the vehicle is disinfected.  Stops are
    optional, so a plan always exists; what is left out is in `unserved` with a reason.
    Refuses: unknown sites, bad vehicles, negative numbers, a shift without length.
    Does not: prove a bound (km_bound is None), model traffic or breaks.
    """
    return tripplan.plan(stops, vehicles, sites, rules, limit=limit, seed=seed)


def stops(plan: model.RoomPlan, people: pa.Table, *, needs: frozenset[str]) -> pa.Table:
    """One stop per (household, degree) of a room plan, numbered from 1; schema model.STOPS."""
    facts = {row["person"]: row for row in people.to_pylist()}
    groups: dict[tuple[int, int, str], list[int]] = {}
    for row in plan.assignments.to_pylist():
        key = row["household"], row["degree"], row["site_id"]
        groups.setdefault(key, []).append(row["person"])
    rows = []
    for number, ((household, degree, site_id), members) in enumerate(sorted(groups.items()), 1):
        known = [facts[m] for m in members if facts[m]["lon"] is not None]
        point = known[0] if known else {"lon": None, "lat": None}
        rows.append(
            {
                "stop": number,
                "household": household,
                "lon": point["lon"],
                "lat": point["lat"],
                "site_id": site_id,
                "cohort": f"degree-{degree}",
                "persons": len(members),
                "assisted": sum(facts[m]["special_need"] in needs for m in members),
                "ready_at": None,
                "due_at": None,
            }
        )
    return pa.Table.from_pylist(rows, schema=model.STOPS)


def sites(rooms: pa.Table) -> pa.Table:
    """The sites of a room table, one row each; schema model.SITES."""
    tables.require(rooms, "rooms", model.SITES.names)
    first = {row["site_id"]: row for row in reversed(rooms.select(model.SITES.names).to_pylist())}
    return pa.Table.from_pylist([first[key] for key in sorted(first)], schema=model.SITES)

"""The two questions of the transfer engine: which room, and which vehicle when.

plan = solve.rooms(people, rooms, rules)
stops = solve.stops(plan, people, needs=trip_rules.assist_needs)
trips = solve.trips(stops, vehicles, solve.sites(rooms), trip_rules, limit=Limit(500), seed=1)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Protocol

import pyarrow as pa

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.rooms import planning as roomplan
from zhongshu.engines.transfer.trips import planning as tripplan
from zhongshu.engines.transfer.trips import replan as replanning
from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.engines.transfer.trips.fleet import codes
from zhongshu.kernel import tables


class Roomed(Protocol):
    """Who goes to which site: schema model.ASSIGNMENTS."""

    @property
    def assignments(self) -> pa.Table: ...


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
    roads: Finder | None = None,
) -> model.TripPlan:
    """Trips homes -> sites for one shift.  stops: model.STOPS, vehicles: model.VEHICLES.

    A trip holds one cohort for one site; after each site the vehicle is disinfected.  Stops are
    optional, so a plan always exists; what is left out is in `unserved` with a reason.
    roads: metres and seconds between points (`trips.distances`); None means straight lines times
    the rules' detour factor.
    Refuses: unknown sites, repeated stops, appointments of people who share the vehicle, vehicles
    without seats or depot, a matrix with gaps, no limit.
    """
    return tripplan.plan(stops, vehicles, sites, rules, tripplan.Search(limit, seed, roads))


def replan(
    before: model.Day,
    tables: tuple[pa.Table, pa.Table, pa.Table],
    rules: model.TripRules,
    happened: Sequence[model.Event],
    *,
    now: dt.datetime,
    seed: int,
    roads: Finder | None = None,
) -> model.Replan:
    """The day planned again at `now`: what is driven or headed for stays, the rest changes least.

    tables: the stops, vehicles and sites `before` was made from.  happened: a vehicle down, nobody
    at home, a site full.  Who was aboard a vehicle that is down is fetched where it stands.
    Refuses: unknown vehicles, stops or sites, and a stop its vehicle has left behind.
    """
    return replanning.plan(before, tables, rules, happened, now=now, seed=seed, roads=roads)


def stops(
    plan: Roomed,
    people: pa.Table,
    *,
    needs: frozenset[str],
    rules: model.TripRules | None = None,
) -> pa.Table:
    """One stop per (household, degree) of a room plan, numbered from 1; schema model.STOPS and,
    with rules, STOP_EXTRAS: stretchers and escorts by the needs of the people.

    needs: special needs that take a wheelchair place.
    """
    facts = {row["person"]: row for row in people.to_pylist()}
    groups: dict[tuple[int, int, str], list[int]] = {}
    for row in plan.assignments.to_pylist():
        key = row["household"], row["degree"], row["site_id"]
        groups.setdefault(key, []).append(row["person"])
    rows = [
        {"stop": number, "household": home, "site_id": site, "cohort": f"degree-{degree}",
         **_passengers([facts[m] for m in members], needs, rules)}
        for number, ((home, degree, site), members) in enumerate(sorted(groups.items()), 1)
    ]  # fmt: skip
    fields = [*model.STOPS, *(model.STOP_EXTRAS if rules else ())]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


def _passengers(
    members: list[dict[str, Any]], needs: frozenset[str], rules: model.TripRules | None
) -> dict[str, Any]:
    """Point, seats, places and escort of one party."""
    known = next((one for one in members if one["lon"] is not None), {"lon": None, "lat": None})
    own = [codes(one["special_need"]) for one in members]
    base = {
        "lon": known["lon"],
        "lat": known["lat"],
        "persons": len(members),
        "assisted": sum(bool(need & needs) for need in own),
    }
    if rules is None:
        return base
    every = frozenset[str]().union(*own)
    escorts = frozenset[str]().union(*(rules.escort_needs.get(n, frozenset()) for n in every))
    return {
        **base,
        "stretchers": sum(bool(need & rules.stretcher_needs) for need in own),
        "escort": ";".join(sorted(escorts)) or None,
        "alone": False,
    }


def sites(rooms: pa.Table) -> pa.Table:
    """The sites of a room table, one row each; schema model.SITES."""
    tables.require(rooms, "rooms", model.SITES.names)
    first = {row["site_id"]: row for row in reversed(rooms.select(model.SITES.names).to_pylist())}
    return pa.Table.from_pylist([first[key] for key in sorted(first)], schema=model.SITES)

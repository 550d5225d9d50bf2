"""When a vehicle is where: a route run forward on the clock, as early as the windows allow."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.transfer.trips.fleet import Fleet, Matrices, Stops

Trips = list[list[int]]  # of one vehicle: each trip the stops (indices) in order


@dataclasses.dataclass(frozen=True)
class Route:
    """group: of vehicles, an index into the fleet's groups."""

    group: int
    trips: Trips


@dataclasses.dataclass(frozen=True)
class Leg:
    """One trip on the clock.  Seconds after the shift begins.

    leave_s: from the depot or the site before, just in time for the first home.
    begin_s, end_s: boarding, per home.  site_s: at the site; clean_s: free again.
    metres: to the site, for the last trip also back to the depot.
    """

    stops: list[int]
    leave_s: int
    begin_s: list[int]
    end_s: list[int]
    site_s: int
    clean_s: int
    metres: int


@dataclasses.dataclass(frozen=True)
class Held:
    """What of a vehicle's day cannot be changed any more: its first `homes`, and the site after
    them if `at_site` (reached or headed for).  It leaves the last of these at `now_s` or later."""

    homes: int
    at_site: bool
    now_s: int


FREE = Held(0, at_site=False, now_s=0)


@dataclasses.dataclass(frozen=True)
class Roads:
    """Everything needed to run a route: points are depots, sites, homes, in that order.

    carries: whether a group may carry a stop, shape (stops, groups).  held: by group, while a day
    is under way (each vehicle is a group of its own then).
    """

    stops: Stops
    fleet: Fleet
    matrices: Matrices
    carries: NDArray[np.bool_]
    sites: int
    turn_s: int
    held: Mapping[int, Held] = dataclasses.field(default_factory=dict)

    @property
    def depots(self) -> int:
        return len(self.fleet.depot_lon)

    def home(self, stop: int) -> int:
        return self.depots + self.sites + stop

    def site(self, stop: int) -> int:
        return self.depots + int(self.stops.site[stop])


def run(route: Route, roads: Roads) -> list[Leg] | None:
    """The legs of a route, or None when a window, the seats or the shift is broken."""
    depot = at = int(roads.fleet.depot[route.group])
    free, homes = int(roads.fleet.from_s[route.group]), 0
    held = roads.held.get(route.group, FREE)
    legs: list[Leg] = []
    for trip in route.trips:
        leg = None
        if may_carry(trip, route.group, roads):
            leg = _leg(trip, _Start(at, free, homes, held), roads)
        if leg is None:
            return None
        legs.append(leg)
        at, free, homes = roads.site(trip[-1]), leg.clean_s, homes + len(trip)
    if not legs:
        return []
    if free + int(roads.matrices.seconds[at, depot]) > roads.fleet.until_s[route.group]:
        return None
    home = int(roads.matrices.metres[at, depot])
    legs[-1] = dataclasses.replace(legs[-1], metres=legs[-1].metres + home)
    return legs


def metres(route: Route, roads: Roads) -> int | None:
    """Length of a route that can be driven, else None."""
    legs = run(route, roads)
    return None if legs is None else sum(leg.metres for leg in legs)


def may_carry(trip: list[int], group: int, roads: Roads) -> bool:
    """Whether a vehicle of the group has room and crew for all of a trip."""
    stops, fleet = roads.stops, roads.fleet
    return bool(
        stops.persons[trip].sum() <= fleet.seats[group]
        and stops.assisted[trip].sum() <= fleet.places[group]
        and stops.stretchers[trip].sum() <= fleet.beds[group]
        and roads.carries[trip, group].all()
    )


@dataclasses.dataclass(frozen=True)
class _Start:
    """Where a trip begins: at a point, from a second on, after so many homes."""

    at: int
    free: int
    homes: int
    held: Held


def _leg(trip: list[int], start: _Start, roads: Roads) -> Leg | None:
    seconds, lengths = roads.matrices.seconds, roads.matrices.metres
    at, clock, length, held = start.at, start.free, 0, start.held
    if start.homes == held.homes and (held.at_site or not held.homes):
        clock = max(clock, held.now_s)
    begin: list[int] = []
    end: list[int] = []
    first = int(seconds[at, roads.home(trip[0])])
    for n, stop in enumerate(trip):
        home = roads.home(stop)
        clock = max(clock + int(seconds[at, home]), int(roads.stops.ready_s[stop]))
        if clock > roads.stops.due_s[stop]:
            return None
        length += int(lengths[at, home])
        begin.append(clock)
        clock += int(roads.stops.board_s[stop])
        end.append(clock)
        if start.homes + n + 1 == held.homes and not held.at_site:
            clock = max(clock, held.now_s)
        at = home
    site = roads.site(trip[-1])
    arrives = clock + int(seconds[at, site])
    length += int(lengths[at, site])
    return Leg(trip, begin[0] - first, begin, end, arrives, arrives + roads.turn_s, length)

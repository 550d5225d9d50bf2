"""When a vehicle is where: a route run forward on the clock, as early as the windows allow."""

from __future__ import annotations

import dataclasses

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
class Roads:
    """Everything needed to run a route: points are depots, sites, homes, in that order."""

    stops: Stops
    fleet: Fleet
    matrices: Matrices
    sites: int
    turn_s: int
    horizon_s: int

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
    free = 0
    legs: list[Leg] = []
    for trip in route.trips:
        leg = _leg(trip, at, free, roads) if _seated(trip, route.group, roads) else None
        if leg is None:
            return None
        legs.append(leg)
        at, free = roads.site(trip[-1]), leg.clean_s
    if not legs:
        return []
    if free + int(roads.matrices.seconds[at, depot]) > roads.horizon_s:
        return None
    home = int(roads.matrices.metres[at, depot])
    legs[-1] = dataclasses.replace(legs[-1], metres=legs[-1].metres + home)
    return legs


def metres(route: Route, roads: Roads) -> int | None:
    """Length of a route that can be driven, else None."""
    legs = run(route, roads)
    return None if legs is None else sum(leg.metres for leg in legs)


def _seated(trip: list[int], group: int, roads: Roads) -> bool:
    persons, assisted = roads.stops.persons[trip].sum(), roads.stops.assisted[trip].sum()
    return bool(persons <= roads.fleet.seats[group] and assisted <= roads.fleet.places[group])


def _leg(trip: list[int], at: int, free: int, roads: Roads) -> Leg | None:
    seconds, lengths = roads.matrices.seconds, roads.matrices.metres
    clock, length, begin, end = free, 0, [], []
    first = int(seconds[at, roads.home(trip[0])])
    for stop in trip:
        home = roads.home(stop)
        clock = max(clock + int(seconds[at, home]), int(roads.stops.ready_s[stop]))
        if clock > roads.stops.due_s[stop]:
            return None
        length += int(lengths[at, home])
        begin.append(clock)
        clock += int(roads.stops.board_s[stop])
        end.append(clock)
        at = home
    site = roads.site(trip[-1])
    arrives = clock + int(seconds[at, site])
    length += int(lengths[at, site])
    return Leg(trip, begin[0] - first, begin, end, arrives, arrives + roads.turn_s, length)

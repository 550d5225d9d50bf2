"""Puts left-out homes into routes that still have room or time, cheapest place first.

The search moves one home at a time and rarely opens a further trip of a busy vehicle; this does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from zhongshu.engines.transfer import timetable
from zhongshu.engines.transfer.timetable import Roads, Route


@dataclasses.dataclass(frozen=True)
class Place:
    """A way to serve a stop.  index: of the route, or None for a vehicle not used yet."""

    extra_m: int
    index: int | None
    route: Route


def insert(routes: list[Route], roads: Roads) -> list[Route]:
    """The routes with as many left-out stops as find a place, most worth first."""
    result = list(routes)
    served = {stop for route in routes for trip in route.trips for stop in trip}
    worth = roads.stops.persons * roads.stops.weight
    for stop in sorted(set(range(len(roads.stops))) - served, key=lambda s: (-worth[s], s)):
        best = min(_places(stop, result, roads), key=lambda place: place.extra_m, default=None)
        if best is None:
            continue
        if best.index is None:
            result.append(best.route)
        else:
            result[best.index] = best.route
    return result


def _places(stop: int, routes: list[Route], roads: Roads) -> Iterator[Place]:
    for index, route in enumerate(routes):
        before = timetable.metres(route, roads) or 0
        for trips in _insertions(stop, route.trips, roads):
            changed = Route(route.group, trips)
            length = timetable.metres(changed, roads)
            if length is not None:
                yield Place(length - before, index, changed)
    for group, vehicles in enumerate(roads.fleet.vehicles):
        if sum(route.group == group for route in routes) < len(vehicles):
            fresh = Route(group, [[stop]])
            length = timetable.metres(fresh, roads)
            if length is not None:
                yield Place(length, None, fresh)


def _insertions(stop: int, trips: timetable.Trips, roads: Roads) -> Iterator[timetable.Trips]:
    """The stop on each trip of its class at each position, and as a trip of its own anywhere."""
    klass = roads.stops.klass
    for number, trip in enumerate(trips):
        if klass[trip[0]] == klass[stop]:
            for position in range(len(trip) + 1):
                longer = [*trip[:position], stop, *trip[position:]]
                yield [*trips[:number], longer, *trips[number + 1 :]]
    for number in range(len(trips) + 1):
        yield [*trips[:number], [stop], *trips[number:]]

"""Puts left-out homes into routes that still have room or time, cheapest place first.

The search moves one home at a time and rarely opens a further trip of a busy vehicle; this does.
On a small day `shake` also takes a few homes out and puts them back in another order (ruin and
recreate, Schrimpf et al., J. Comput. Phys. 159 (2000) 139-171).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import numpy as np

from zhongshu.engines.transfer import timetable
from zhongshu.engines.transfer.timetable import Roads, Route


@dataclasses.dataclass(frozen=True)
class Place:
    """A way to serve a stop.  index: of the route, or None for a vehicle not used yet."""

    extra_m: int
    index: int | None
    route: Route


SMALL = 60  # stops; a round of shaking costs milliseconds up to here, seconds at 1,000
SHAKES = 100
TAKEN_OUT = 5  # stops at most, per shake


def insert(routes: list[Route], roads: Roads, *, order: Sequence[int] | None = None) -> list[Route]:
    """The routes with as many left-out stops as find a place, in `order` or most worth first."""
    result = list(routes)
    served = _served(routes)
    worth = roads.stops.persons * roads.stops.weight
    waiting = sorted(set(range(len(roads.stops))) - served, key=lambda s: (-worth[s], s))
    for stop in waiting if order is None else [s for s in order if s not in served]:
        best = min(_places(stop, result, roads), key=lambda place: place.extra_m, default=None)
        if best is None:
            continue
        if best.index is None:
            result.append(best.route)
        else:
            result[best.index] = best.route
    return result


def shake(routes: list[Route], roads: Roads, *, rng: np.random.Generator) -> list[Route]:
    """Better routes for a small day: more worth served, then fewer metres."""
    if len(roads.stops) > SMALL:
        return routes
    best, score = routes, _score(routes, roads)
    for _ in range(SHAKES):
        count = int(rng.integers(1, min(TAKEN_OUT, len(roads.stops)) + 1))
        out = set(rng.choice(len(roads.stops), count, replace=False).tolist())
        # An order of its own each time; left-out stops get their turn among the others.
        order = [int(s) for s in rng.permutation(len(roads.stops))]
        tried = insert(_without(best, out), roads, order=order)
        reached = _score(tried, roads)
        if reached < score:
            best, score = tried, reached
    return best


def _score(routes: list[Route], roads: Roads) -> tuple[float, int]:
    worth = roads.stops.persons * roads.stops.weight
    length = sum(timetable.metres(route, roads) or 0 for route in routes)
    return -float(sum(worth[stop] for stop in _served(routes))), length


def _served(routes: list[Route]) -> set[int]:
    return {stop for route in routes for trip in route.trips for stop in trip}


def _without(routes: list[Route], out: set[int]) -> list[Route]:
    """The routes less some stops; emptied trips and routes vanish."""
    kept = [
        Route(r.group, [rest for trip in r.trips if (rest := [s for s in trip if s not in out])])
        for r in routes
    ]
    return [route for route in kept if route.trips]


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

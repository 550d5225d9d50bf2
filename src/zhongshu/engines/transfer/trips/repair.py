"""Puts left-out homes into routes that still have room or time, cheapest place first.

The search moves one home at a time and rarely opens a further trip of a busy vehicle; this does.
On a small day `shake` also takes a few homes out and puts them back in another order (ruin and
recreate, Schrimpf et al., J. Comput. Phys. 159 (2000) 139-171).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhongshu.engines.transfer.trips import slots, timetable
from zhongshu.engines.transfer.trips.timetable import Roads, Route

SMALL = 60  # stops; a round of shaking costs milliseconds up to here, seconds at 1,000
SHAKES = 100
TAKEN_OUT = 5  # stops at most, per shake


def insert(routes: list[Route], roads: Roads, *, order: Sequence[int] | None = None) -> list[Route]:
    """The routes with as many left-out stops as find a place, in `order` or most worth first."""
    result = list(routes)
    legs = [slots.legs(route, roads) for route in result]
    served = _served(routes)
    worth = roads.stops.persons * roads.stops.weight
    waiting = sorted(set(range(len(roads.stops))) - served, key=lambda s: (-worth[s], s))
    for stop in waiting if order is None else [s for s in order if s not in served]:
        found = [(n, slots.best(stop, on, roads)) for n, on in enumerate(legs)]
        found += [(len(legs), slot) for slot in _unused(stop, result, roads)]
        places = [(slot.extra_m, n, slot) for n, slot in found if slot]
        if places:
            _, n, slot = min(places, key=lambda place: place[:2])
            result[n:] = [slot.route, *result[n + 1 :]]
            legs[n:] = [slots.legs(slot.route, roads), *legs[n + 1 :]]
    return result


def _unused(stop: int, routes: list[Route], roads: Roads) -> list[slots.Slot | None]:
    """The stop alone on a vehicle of each group that still has one unused."""
    found: list[slots.Slot | None] = []
    for group, vehicles in enumerate(roads.fleet.vehicles):
        if sum(route.group == group for route in routes) < len(vehicles):
            fresh = Route(group, [[stop]])
            length = timetable.metres(fresh, roads)
            found.append(None if length is None else slots.Slot(length, fresh))
    return found


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

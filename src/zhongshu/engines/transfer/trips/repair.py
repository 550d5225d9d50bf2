"""Puts left-out homes into routes that still have room or time, cheapest place first.

The search overlooks some places by chance, and on a large day those far away; this tries them all.
"""

from __future__ import annotations

from collections.abc import Sequence

from zhongshu.engines.transfer.trips import slots, timetable
from zhongshu.engines.transfer.trips.timetable import Roads, Route


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


def _served(routes: list[Route]) -> set[int]:
    return {stop for route in routes for trip in route.trips for stop in trip}

"""Slow readable twins: a day by trying every minute a trip may begin; every way of serving a few.

Times in whole minutes here, so that trying every minute is trying everything.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

from zhongshu.engines.testing.tours.clock import Ground

Trip = tuple[int, ...]


def day(ground: Ground, trips: Sequence[Trip], r: int) -> int | None:
    """Metres of vehicle r's trips with what the vehicle costs, or None when they cannot be."""
    if not trips:
        return 0
    first = ground.vehicles + ground.places
    point, now, metres = r, int(ground.begins[r]), int(ground.use)
    for trip in trips:
        if sum(int(ground.tubes[stop]) for stop in trip) > ground.room[r]:
            return None
        if ground.together and len({int(ground.place[stop]) for stop in trip}) > 1:
            return None
        goal = ground.vehicles + int(ground.place[trip[-1]])
        found = [_trip(ground, trip, point, goal, later) for later in _minutes(ground, trip, now)]
        arrivals = [one for one in found if one is not None]
        if not arrivals:
            return None
        for stop in trip:
            metres += int(ground.metres[point, first + stop])
            point = first + stop
        metres += int(ground.metres[point, goal])
        now, point = min(arrivals) + int(ground.unload), goal
    if now + int(ground.seconds[point, r]) > ground.until[r]:
        return None
    return metres + int(ground.metres[point, r])


def _minutes(ground: Ground, trip: Trip, now: int) -> Iterator[int]:
    latest = max(now, *(int(min(ground.due[s], ground.ready[s])) for s in trip))
    return iter(range(now, latest + 1, 60))


def _trip(ground: Ground, trip: Trip, point: int, goal: int, leaves: int) -> int | None:
    """Arrival of a trip that leaves then and waits only where it must; None: too late for some."""
    first, now = ground.vehicles + ground.places, leaves
    begins = []
    for stop in trip:
        now = max(now + int(ground.seconds[point, first + stop]), int(ground.ready[stop]))
        if now > ground.due[stop]:
            return None
        begins.append(now)
        now, point = now + int(ground.board[stop]), first + stop
    arrives = now + int(ground.seconds[point, goal])
    for stop, begin in zip(trip, begins, strict=True):
        if arrives > ground.by[stop] or arrives - begin > ground.keep[stop]:
            return None
    return arrives


def best(ground: Ground) -> int:
    """The least metres, with what stops left out cost, over every way; for a few stops."""
    stops = range(len(ground.place))
    least: int | None = None
    for choice in itertools.product(range(-1, ground.vehicles), repeat=len(ground.place)):
        cost = sum(int(ground.weight[s]) for s in stops if choice[s] < 0)
        for r in range(ground.vehicles):
            mine = [s for s in stops if choice[s] == r]
            days = [day(ground, trips, r) for trips in _ways(mine)]
            metres = [one for one in days if one is not None]
            if not metres:
                break
            cost += min(metres)
        else:
            least = cost if least is None else min(least, cost)
    assert least is not None  # leaving everything out is a way
    return least


def _ways(mine: Sequence[int]) -> Iterator[list[Trip]]:
    """Every order, cut into trips in every way."""
    for order in itertools.permutations(mine):
        for cuts in itertools.product((False, True), repeat=max(0, len(order) - 1)):
            trips: list[Any] = [[]]
            for n, stop in enumerate(order):
                if n and cuts[n - 1]:
                    trips.append([])
                trips[-1].append(stop)
            yield [tuple(trip) for trip in trips] if order else []

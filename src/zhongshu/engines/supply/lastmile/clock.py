"""When the runs of one vehicle leave, hand over and are back."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle

Run = list[tuple[Drop, int]]
CLOSE = 1e-6


class Visit(NamedTuple):
    arrives: float
    begins: float
    leaves: float
    km: float


class Timed(NamedTuple):
    leaves: float
    back: float
    km: float
    visits: tuple[Visit, ...]


def loads(vehicle: Vehicle, run: Run) -> bool:
    """Whether it holds what the run brings."""
    kg, m3 = sum(d.kg * k for d, k in run), sum(d.m3 * k for d, k in run)
    fits = kg <= vehicle.kg + CLOSE and m3 <= vehicle.m3 + CLOSE
    return fits and len(run) <= vehicle.stops_most


def yuan(ground: Ground, vehicle: Vehicle, run: Run) -> float:
    return vehicle.yuan_run + vehicle.yuan_km * kilometres(ground, vehicle, run)


def kilometres(ground: Ground, vehicle: Vehicle, run: Run) -> float:
    passed = [None, *(drop for drop, _ in run), None]
    return sum(ground.km(vehicle, a, b) for a, b in itertools.pairwise(passed))


def day(ground: Ground, vehicle: Vehicle, runs: list[Run]) -> list[Timed] | None:
    """The runs one after the other, each as early as it can be; None when it cannot be driven."""
    ready, found = vehicle.begins, []
    for run in runs:
        timed = once(ground, vehicle, run, ready)
        if timed is None:
            return None
        found.append(timed)
        ready = timed.back + vehicle.turn
    return found


def once(ground: Ground, vehicle: Vehicle, run: Run, ready: float) -> Timed | None:
    """It leaves so that it need not wait at its first stop."""
    per_km = 60.0 / vehicle.km_h
    out = ground.km(vehicle, None, run[0][0])
    leaves = max(ready, run[0][0].begins - out * per_km)
    at, before, km, visits = leaves, None, 0.0, []
    for drop, count in run:
        leg = ground.km(vehicle, before, drop)
        arrives = at + leg * per_km
        begins = max(arrives, drop.begins)
        at = begins + ground.rules.stop_min + drop.stay * count
        warm = drop.cold and not vehicle.cold and at - leaves > drop.out_min + CLOSE
        if at > drop.ends + CLOSE or warm:
            return None
        visits.append(Visit(arrives, begins, at, leg))
        km, before = km + leg, drop
    km += (home := ground.km(vehicle, before, None))
    back = at + home * per_km
    if back > vehicle.ends + CLOSE or km > vehicle.range_km + CLOSE:
        return None
    return Timed(leaves, back, km, tuple(visits))

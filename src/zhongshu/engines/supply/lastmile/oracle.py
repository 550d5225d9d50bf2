"""The slow twin: every way to bring a handful of parcels, and the best of them.

Best: most parcels of whoever goes first, then of whoever goes next and so on, then least yuan.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from zhongshu.engines.supply.lastmile.clock import Run, day, loads, yuan
from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle

Slot = tuple[Vehicle, int]
Worth = tuple[tuple[int, ...], float]


def best(ground: Ground, *, runs: int) -> Worth:
    """(parcels brought by urgency, -yuan) of the best day with so many runs of each vehicle."""
    parcels = [drop for drop in ground.drops for _ in range(drop.parcels)]
    slots: list[Slot] = [(one, n) for one in ground.vehicles for n in range(runs)]
    return max(
        worth(ground, chosen)
        for given in itertools.product([None, *slots], repeat=len(parcels))
        for chosen in _days(ground, parcels, given)
    )


def worth(ground: Ground, chosen: dict[str, list[Run]]) -> Worth:
    fleet = {one.id: one for one in ground.vehicles}
    classes = sorted({(drop.rank, -drop.waited) for drop in ground.drops})
    brought = dict.fromkeys(classes, 0)
    cost = 0.0
    for name, its in chosen.items():
        for run in its:
            cost += yuan(ground, fleet[name], run)
            for drop, count in run:
                brought[drop.rank, -drop.waited] += count
    return tuple(brought[one] for one in classes), -cost


def _days(
    ground: Ground, parcels: list[Drop], given: tuple[Slot | None, ...]
) -> Iterator[dict[str, list[Run]]]:
    """The days in which each parcel is where `given` says, with the stops in any order."""
    counts: dict[tuple[str, int], dict[Drop, int]] = {}
    for drop, slot in zip(parcels, given, strict=True):
        if slot is not None:
            of_run = counts.setdefault((slot[0].id, slot[1]), {})
            of_run[drop] = of_run.get(drop, 0) + 1
    orders = [list(itertools.permutations(one.items())) for one in counts.values()]
    fleet = {one.id: one for one in ground.vehicles}
    for order in itertools.product(*orders):
        chosen: dict[str, list[Run]] = {}
        for (name, _), run in sorted(zip(counts, order, strict=True), key=lambda one: one[0]):
            chosen.setdefault(name, []).append(list(run))
        if all(_possible(ground, fleet[name], its) for name, its in chosen.items()):
            yield chosen


def _possible(ground: Ground, vehicle: Vehicle, runs: list[Run]) -> bool:
    for drop in {drop for run in runs for drop, _ in run}:
        if vehicle.store != drop.store or vehicle.sells != drop.shop:
            return False
        if vehicle.needs_road and not drop.road:
            return False
    if vehicle.needs_fair_weather and not ground.rules.fair_weather:
        return False
    return all(loads(vehicle, run) for run in runs) and day(ground, vehicle, runs) is not None

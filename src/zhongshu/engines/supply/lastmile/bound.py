"""What bringing the same must cost at least.

A run with a stop at distance d (straight, with the vehicle's detour) drives at least 2d, and the
shares of the vehicle that its stops fill add up to at most one (or, counted as stops, to at most
`stops_most`).  So each parcel brought carries at least its share of a run to its own place, by
the vehicle for which that is least.  By weight and by volume apart; the larger one holds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle


def yuan_bound(
    ground: Ground, can: Mapping[str, Sequence[Vehicle]], brought: Mapping[str, int]
) -> float:
    sums = dict.fromkeys(("kg", "m3"), 0.0)
    for drop in ground.drops:
        if brought[drop.id]:
            for by in sums:
                least = min(_of_parcel(ground, one, drop, by) for one in can[drop.id])
                sums[by] += least * brought[drop.id]
    return max(sums.values())


def _of_parcel(ground: Ground, vehicle: Vehicle, drop: Drop, by: str) -> float:
    straight = float(ground.straight[vehicle.store, drop.point]) * vehicle.detour
    run = vehicle.yuan_run + vehicle.yuan_km * 2 * straight
    if vehicle.stops_most == 1:  # the run is this drop's alone
        return run / vehicle.holds(drop)
    room, each = getattr(vehicle, by), getattr(drop, by)
    share = each / room if room else (0.0 if not each else math.inf)
    return run * float(share)

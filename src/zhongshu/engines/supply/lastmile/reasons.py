"""Whether a vehicle can do a drop at all, and why none can."""

from __future__ import annotations

from zhongshu.engines.supply.lastmile import clock
from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle


def usable(ground: Ground, vehicle: Vehicle, drop: Drop) -> bool:
    """Whether it could bring one parcel of it, had it nothing else to do."""
    return all(_passes(ground, vehicle, drop).values())


def why(ground: Ground, drop: Drop) -> str:
    """The first condition that leaves no vehicle; `fleet_hours` when they only are too few."""
    left = list(ground.vehicles)
    passes = {one.id: _passes(ground, one, drop) for one in left}
    for reason in ("vehicle", "way", "road", "too_heavy", "cold", "weather", "range", "window"):
        left = [one for one in left if passes[one.id][reason]]
        if not left:
            return _NAMES[reason]
    return "fleet_hours"


_NAMES = {
    "vehicle": "no_vehicle",
    "way": "no_shop",
    "road": "no_road",
    "too_heavy": "too_heavy",
    "cold": "no_cold_vehicle",
    "weather": "weather",
    "range": "out_of_range",
    "window": "window",
}


def _passes(ground: Ground, vehicle: Vehicle, drop: Drop) -> dict[str, bool]:
    there = 2 * ground.km(vehicle, None, drop)
    out = ground.rules.stop_min + drop.stay + there / 2 * 60.0 / vehicle.km_h
    return {
        "vehicle": vehicle.store == drop.store,
        "way": vehicle.sells == drop.shop,
        "road": drop.road or not vehicle.needs_road,
        "too_heavy": vehicle.holds(drop) > 0 and vehicle.stops_most > 0,
        "cold": vehicle.cold or not drop.cold or out <= drop.out_min + clock.CLOSE,
        "weather": ground.rules.fair_weather or not vehicle.needs_fair_weather,
        "range": there <= vehicle.range_km + clock.CLOSE,
        "window": clock.day(ground, vehicle, [[(drop, 1)]]) is not None,
    }

"""What there is: rooms, beds, vehicles, laboratories and sampling points of a unit."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from zhongshu.rules.model import Pack
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources import facade as resources

DAY_H = 24


def capacities(*, scope: Scope, as_of: dt.datetime, pack: Pack) -> dict[str, Any]:
    """`options.Capacities` as a mapping; None, or no tier, where nobody reported any."""

    def reports(feed: str) -> list[Mapping[str, Any]]:
        return list(resources.latest(feed, as_of=as_of, scope=scope).to_pylist())

    rooms, beds, vans = reports("isolation_rooms"), reports("hospital_beds"), reports("vehicles")
    labs, points = reports("laboratories"), reports("sampling_points")
    free: Counter[str] = Counter()
    for one in beds:
        free[one["tier"]] += one["beds_free"]
    desk_h = pack.number("whatif.point.tests_per_desk_h") * pack.number("whatif.test.round_h")
    seats = sum(one["seats"] for one in vans if one["state"] == "ready")
    trips = pack.number("whatif.vehicle.trips_per_day")
    return {
        "rooms": [["room", sum(one["capacity"] for one in rooms if one["state"] == "free")]]
        if rooms
        else [],
        "beds": [[tier, number] for tier, number in sorted(free.items())],
        "tests_per_day": round(sum(one["desks_max"] for one in points) * desk_h)
        if points
        else None,
        "lab_tubes_h": sum(one["tubes_per_day"] for one in labs) / DAY_H if labs else None,
        "lab_hours": pack.number("whatif.lab.hours"),
        "transfers_per_day": round(seats * trips) if vans else None,
    }

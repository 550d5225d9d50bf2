"""A made day of the last mile: parcels for buildings, by vans that go out several times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.supply.lastmile import model

RULES = model.MileRules(fair_weather=True, stop_min=3.0)
DEPOT: dict[str, Any] = {"store_id": "S", "lon": 112.55, "lat": 37.87}
VAN: dict[str, Any] = {
    "kind": "van", "store_id": "S", "kg": 900.0, "m3": 6.0, "cold": False, "sells": False,
    "km_h": 30.0, "detour": 1.3, "range_km": None, "stops_most": 20, "turn_min": 25.0,
    "from_min": 480.0, "to_min": 1080.0, "needs_road": True, "needs_fair_weather": False,
    "yuan_run": 60.0, "yuan_km": 2.5,
}  # fmt: skip


def day(drops: int = 300, vans: int = 20, *, seed: int = 1) -> dict[str, pa.Table]:
    """Tables of `lastmile.solve.plan`: each drop fits into one van, all have a road, none is cold,
    so that a solver of routes without those rules can be asked the same."""
    rng = np.random.default_rng(seed)
    count = rng.integers(2, 26, drops)
    begins = rng.choice([480.0, 540.0, 840.0], drops)
    at = rng.normal([112.55, 37.87], [0.1, 0.08], (drops, 2))
    rows = [
        {
            "drop_id": f"d{n:04}", "store_id": "S", "lon": float(at[n, 0]), "lat": float(at[n, 1]),
            "way": "parcel", "parcels": int(count[n]), "kg": 8.0 * count[n],
            "m3": 0.03 * count[n], "stay_min": 0.7 * count[n], "cold": False, "out_min": 0.0,
            "from_min": float(begins[n]),
            "to_min": 1080.0 if begins[n] == 840.0 else float(rng.choice([720.0, 1080.0])),
            "road": True, "road_factor": 1.0, "rank": 1, "waited_days": 0,
        }
        for n in range(drops)
    ]  # fmt: skip
    return {
        "depots": pa.Table.from_pylist([DEPOT], schema=model.DEPOTS),
        "drops": pa.Table.from_pylist(rows, schema=model.DROPS),
        "vehicles": pa.Table.from_pylist(
            [VAN | {"vehicle_id": f"v{n:02}"} for n in range(vans)], schema=model.VEHICLES
        ),
    }

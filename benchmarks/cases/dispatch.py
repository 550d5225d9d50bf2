"""Seeded instances of the dispatch benchmarks.  Synthetic, shaped like one city of 5 million.

Everything is drawn from `stream(seed, name)`, so an instance is its name and seed.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing import model as testing
from zhongshu.engines.transfer import model as transfer
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import BEIJING

SEED = 20221108
CENTRE = np.array([112.55, 37.87])
START = dt.datetime(2022, 11, 8, 8, tzinfo=BEIJING)
# Household sizes of the 2020 census, Shanxi, rounded: 1, 2, 3, 4, 5, 6 and more.
HOUSEHOLD = (0.26, 0.31, 0.22, 0.14, 0.05, 0.02)

ROOM_RULES = transfer.RoomRules(
    reserve_share=0.1, low_floor_needs=frozenset({"wheelchair"}), low_floor_max=2, detour_factor=1.3
)
TRIP_RULES = transfer.TripRules(
    start=START,
    shift_h=8,
    speed_kmh=30,
    detour_factor=1.3,
    board_min_per_stop=3,
    board_min_per_person=0.5,
    handover_min=0,
    disinfect_min=20,
)
ROUND_RULES = testing.RoundRules(
    round_h=24,
    people_per_point_max=3000,
    per_desk_h=75,
    setup_h=5,
    sampling_h=8,
    pool_size=10,
    pool_max=20,
    walk_max_km=3,
    detour_factor=1.3,
    courier_every_h=4,
    courier_kmh=40,
    lab_turnaround_h=4,
    point_cost_km=300,
)


def contacts(persons: int, seed: int = SEED) -> pa.Table:
    """People of whole households, two fifths of them degree 1, about the city's centre."""
    rng = stream(seed, "contacts")
    rows: list[dict[str, Any]] = []
    household = 0
    while len(rows) < persons:
        household += 1
        size = min(int(rng.choice(6, p=HOUSEHOLD)) + 1, persons - len(rows))
        lon, lat = CENTRE + rng.normal(0, (0.12, 0.10))
        degree = 1 if rng.random() < 0.4 else 2
        rows += [
            {
                "person": len(rows) + n + 1,
                "household": household,
                "degree": degree,
                "lon": lon,
                "lat": lat,
                "special_need": "wheelchair" if rng.random() < 0.02 else None,
            }
            for n in range(size)
        ]
    return pa.Table.from_pylist(rows, schema=transfer.PEOPLE)


def rooms(sites: int, per_site: int, seed: int = SEED) -> pa.Table:
    """Hotels of 20 rooms a floor, seven in ten free."""
    rng = stream(seed, "rooms")
    rows: list[dict[str, Any]] = []
    for site in range(sites):
        lon, lat = CENTRE + rng.uniform(-0.2, 0.2, 2)
        for n in range(per_site):
            rows.append(
                {
                    "site_id": f"S{site:02d}",
                    "room_no": f"{n // 20 + 1}{n % 20:02d}",
                    "floor": n // 20 + 1,
                    "capacity": int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2])),
                    "state": str(rng.choice(["free", "occupied", "cleaning"], p=[0.7, 0.2, 0.1])),
                    "lon": lon,
                    "lat": lat,
                    "degree": None,
                }
            )
    return pa.Table.from_pylist(rows, schema=transfer.ROOMS)


def trips(homes: int, seed: int = SEED, *, scale: float = 1.0) -> dict[str, pa.Table]:
    """Homes of 12 classes (3 cohorts x 4 sites), 3 depots, 3 vehicle sizes, windows of 2-4 h."""
    rng = stream(seed, "trips")
    sites = CENTRE + rng.uniform(-0.2, 0.2, (4, 2))
    depots = CENTRE + rng.uniform(-0.15, 0.15, (3, 2))
    stops = [_stop(number, sites, rng) for number in range(1, homes + 1)]
    vehicles = [
        {
            "vehicle_id": f"{kind}-{depot}-{n}",
            "kind": kind,
            "lon": depots[depot][0],
            "lat": depots[depot][1],
            "seats": seats,
            "state": "ready",
        }
        for depot in range(3)
        for kind, seats, count in (("ambulance", 5, 6), ("van", 8, 10), ("bus", 20, 4))
        for n in range(max(1, round(count * scale)))
    ]
    places = [{"site_id": f"S{n}", "lon": x, "lat": y} for n, (x, y) in enumerate(sites)]
    return {
        "stops": pa.Table.from_pylist(stops, schema=transfer.STOPS),
        "vehicles": pa.Table.from_pylist(vehicles, schema=transfer.VEHICLES),
        "sites": pa.Table.from_pylist(places, schema=transfer.SITES),
    }


def _stop(number: int, sites: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    lon, lat = CENTRE + rng.normal(0, (0.12, 0.10))
    # Mostly the nearest site, as rooms() would give it.
    away = np.hypot(sites[:, 0] - lon, sites[:, 1] - lat) + rng.uniform(0, 0.08, len(sites))
    ready = START + dt.timedelta(hours=int(rng.integers(0, 5)))
    return {
        "stop": number,
        "household": number,
        "lon": lon,
        "lat": lat,
        "site_id": f"S{int(np.argmin(away))}",
        "cohort": str(rng.choice(["degree-1", "degree-2", "case"])),
        "persons": int(rng.choice(6, p=HOUSEHOLD)) + 1,
        "assisted": 0,
        "ready_at": ready,
        "due_at": ready + dt.timedelta(hours=int(rng.integers(2, 5))),
    }


def sampling_round(villages: int, candidates: int, seed: int = SEED) -> dict[str, pa.Table]:
    """Log-normal villages and candidate points about the city, 12 laboratories."""
    rng = stream(seed, "testing")
    home = CENTRE + rng.normal(0, (0.12, 0.10), (villages, 2))
    # Candidate points stand where people live: beside a village, sometimes elsewhere.
    near = home[rng.integers(0, villages, candidates)] + rng.normal(0, 0.004, (candidates, 2))
    lab = CENTRE + rng.normal(0, 0.08, (12, 2))
    people = rng.lognormal(6.8, 0.8, villages).astype(np.int64)
    return {
        "villages": pa.table(
            [[f"V{n}" for n in range(villages)], people, home[:, 0], home[:, 1]],
            schema=testing.VILLAGES,
        ),
        "candidates": pa.table(
            [
                [f"P{n}" for n in range(candidates)],
                near[:, 0],
                near[:, 1],
                rng.integers(3, 9, candidates),
            ],
            schema=testing.CANDIDATES,
        ),
        "labs": pa.table(
            [
                [f"L{n}" for n in range(12)],
                lab[:, 0],
                lab[:, 1],
                rng.integers(8_000, 30_000, 12),
            ],
            schema=testing.LABS,
        ),
    }

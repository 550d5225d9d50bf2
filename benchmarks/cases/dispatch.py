"""Seeded instances of the dispatch benchmarks.  Synthetic, shaped like one city of 5 million.

Everything is drawn from `stream(seed, name)`, so an instance is its name and seed.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing import model as testing
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import BEIJING

SEED = 20221108
CENTRE = np.array([112.55, 37.87])
START = dt.datetime(2022, 11, 8, 8, tzinfo=BEIJING)
# Household sizes of the 2020 census, Shanxi, rounded: 1, 2, 3, 4, 5, 6 and more.
HOUSEHOLD = (0.26, 0.31, 0.22, 0.14, 0.05, 0.02)

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


def sampling_round(
    villages: int, candidates: int, seed: int = SEED, *, persons: int | None = None
) -> dict[str, pa.Table]:
    """Log-normal villages and candidate points about the city, 12 laboratories; `persons` in all.

    Townships, where the pack has a floor of points, are squares of about five kilometres.
    """
    rng = stream(seed, "testing")
    home = CENTRE + rng.normal(0, (0.12, 0.10), (villages, 2))
    # Candidate points stand where people live: beside a village, sometimes elsewhere.
    near = home[rng.integers(0, villages, candidates)] + rng.normal(0, 0.004, (candidates, 2))
    lab = CENTRE + rng.normal(0, 0.08, (12, 2))
    people = rng.lognormal(6.8, 0.8, villages)
    people = (people if persons is None else people * persons / people.sum()).astype(np.int64)
    towns = [f"T{x}:{y}" for x, y in np.floor(near / (0.06, 0.045)).astype(int)]
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
                towns,
            ],
            schema=pa.schema([*testing.CANDIDATES, testing.CANDIDATE_EXTRAS.field("township")]),
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

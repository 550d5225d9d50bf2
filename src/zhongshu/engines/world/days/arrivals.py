"""Who comes into the province on a day, among them the imported seeds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import I64
from zhongshu.engines.world.days.epidemic import COURSE, DAY_S, HOUR_S, SETTING_IMPORT, Course
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people.population import Population
from zhongshu.kernel import chance
from zhongshu.kernel.random import stream

MODES = ("train", "air", "road")
SEED_AGE_Y = (20.0, 60.0)

ARRIVAL = np.dtype(
    [
        ("person", np.int32),
        ("arrived_s", np.int64),
        ("province", np.int32),  # index into Margins.other_provinces
        ("mode", np.int8),
        ("number", np.int16),
    ]
)
Arrivals = NDArray[np.void]


def seeds(params: WorldParams, margins: Margins, people: Population) -> tuple[I64, I64]:
    """(person, day of arrival) of the imported infections: adults of the focus city."""
    in_focus = np.array([code == params.focus for code in margins.city_codes])
    low, high = SEED_AGE_Y
    adult = (people.age >= low) & (people.age < high)
    candidates = np.flatnonzero(in_focus[people.county] & adult)
    rng = stream(params.seed, "seeds")
    chosen = rng.choice(candidates, size=params.imported_seeds, replace=False)
    return chosen, np.arange(params.imported_seeds) % min(params.seed_days, params.days)


def arrive(params: WorldParams, margins: Margins, day: int, people: int, seeded: I64) -> Arrivals:
    """Today's arrivals: residents who come home, and the seeds who arrive today."""
    who = np.arange(people)
    share = params.testing.arrivals_per_1000 / 1000
    back = np.flatnonzero(chance.uniform(chance.key(params.seed, "arrive", day), who) < share)
    who = np.union1d(back, seeded)
    key = chance.key(params.seed, "arrival", day)
    rows = np.zeros(len(who), dtype=ARRIVAL)
    rows["person"] = who
    rows["arrived_s"] = day * DAY_S + ((6 + 16 * chance.uniform(key, who, 0)) * HOUR_S).astype(int)
    provinces = len(margins.other_provinces)
    rows["province"] = (chance.uniform(key, who, 1) * provinces).astype(np.int32)
    rows["mode"] = np.searchsorted([0.55, 0.75], chance.uniform(key, who, 2))
    rows["number"] = 100 + (chance.uniform(key, who, 3) * 900).astype(np.int16)
    return rows


def infections(seed: int, arrivals: Arrivals, seeded: I64) -> Course:
    """Seeds were infected 8 to 60 hours before they arrived; the course is still to be filled."""
    mine = arrivals[np.isin(arrivals["person"], seeded)]
    hours = 8 + 52 * chance.uniform(chance.key(seed, "seeded"), mine["person"])
    rows = np.zeros(len(mine), dtype=COURSE)
    rows["person"], rows["source"], rows["place"] = mine["person"], -1, -1
    rows["setting"] = SETTING_IMPORT
    rows["infected_s"] = mine["arrived_s"] - (hours * HOUR_S).astype(np.int64)
    return rows

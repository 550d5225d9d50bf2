"""Where households live: real villages, synthetic points inside the county's polygon."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I32, I64, largest_remainder
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people import geometry
from zhongshu.engines.world.people.population import Population
from zhongshu.kernel.random import stream

FEWEST_VILLAGES = 3
VILLAGE_SPREAD = 0.6  # log-scale standard deviation of village sizes
BUILDING_KM = 0.25
HOUSEHOLD_KM = 0.012
TOWNSHIP_SHARE = 0.35  # a township's villages lie within this share of the distance between them


@dataclasses.dataclass(frozen=True)
class Settlement:
    """The settled villages and where each household lives.

    village: (settled,) index into the margins' villages; county: (settled,) county index, not
    decreasing; point: (settled, 2) lon/lat; weight: (settled,) people.
    home: (households,) settled village; building: (households,) number within the village, from
    1; household_point: (households, 2) lon/lat.
    Households come in the order of their village.
    """

    village: I32
    county: I32
    point: F64
    weight: F64
    home: I32
    building: I32
    household_point: F64


def settle(margins: Margins, params: WorldParams, people: Population) -> Settlement:
    """Puts the households of each county, in order, into a few of its villages."""
    sizes = np.diff(people.household_start)
    household_county = people.county[people.household_start[:-1]].astype(np.int64)
    parts = []
    settled = 0
    for county in range(len(margins.county_codes)):
        rng = stream(params.seed, "settle", county)
        mine = sizes[household_county == county]
        villages = _choose(margins, county, int(mine.sum()), params.town.village_people, rng)
        points = _points(margins, county, villages, rng)
        home = _homes(len(mine), len(villages), rng)
        building = _buildings(home, mine, params.town.people_per_building)
        household_point = _household_points(
            margins.polygons[county], points[home], home * 100_000 + building, rng
        )
        weight = np.bincount(home, weights=mine, minlength=len(villages))
        parts.append((villages, points, weight, home + settled, building, household_point))
        settled += len(villages)
    villages_of = [part[0] for part in parts]
    return Settlement(
        village=np.concatenate(villages_of).astype(np.int32),
        county=np.repeat(np.arange(len(parts)), [len(v) for v in villages_of]).astype(np.int32),
        point=np.concatenate([part[1] for part in parts]),
        weight=np.concatenate([part[2] for part in parts]),
        home=np.concatenate([part[3] for part in parts]).astype(np.int32),
        building=np.concatenate([part[4] for part in parts]).astype(np.int32),
        household_point=np.concatenate([part[5] for part in parts]),
    )


def _choose(
    margins: Margins, county: int, people: int, village_people: int, rng: np.random.Generator
) -> I64:
    """Villages to settle, in the order of their codes."""
    candidates = np.flatnonzero(margins.village_county == county)
    count = max(FEWEST_VILLAGES, round(people / village_people))
    count = min(count, len(candidates), max(1, people // 10))
    return np.sort(rng.choice(candidates, size=count, replace=False))


def _points(margins: Margins, county: int, villages: I64, rng: np.random.Generator) -> F64:
    """A point for each village, near the point of its township, inside the county."""
    townships, which = np.unique(margins.village_township[villages], return_inverse=True)
    rings = margins.polygons[county]
    centres = geometry.scatter(rng, rings, len(townships))
    spacing_km = float(np.sqrt(margins.area_km2[county] / len(townships)))
    return geometry.near(rng, centres[which], TOWNSHIP_SHARE * spacing_km, rings)


def _homes(households: int, villages: int, rng: np.random.Generator) -> I64:
    """(households,) village of each, in order; sizes are log-normal, none is empty."""
    weights = rng.lognormal(0.0, VILLAGE_SPREAD, villages)
    shares = 1 + largest_remainder(weights, households - villages)
    return np.repeat(np.arange(villages), shares)


def _buildings(home: I64, sizes: I64, people_per_building: int) -> I64:
    """Building number within the village: a new one every `people_per_building` people."""
    before = np.cumsum(sizes) - sizes
    first = np.searchsorted(home, home, side="left")
    building: I64 = 1 + (before - before[first]) // people_per_building
    return building


def _household_points(
    rings: tuple[F64, ...], village_point: F64, building: I64, rng: np.random.Generator
) -> F64:
    """Households of one building lie within a few metres of it."""
    _, first, which = np.unique(building, return_index=True, return_inverse=True)
    sites = geometry.near(rng, village_point[first], BUILDING_KM, rings)
    return geometry.near(rng, sites[which], HOUSEHOLD_KM, rings)

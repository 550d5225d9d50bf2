"""Places people go to: how many of which kind, where, and how unequal in size."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I8, I32, I64
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people import geometry
from zhongshu.engines.world.people.settle import Settlement
from zhongshu.kernel.feeds import PLACE_KINDS
from zhongshu.kernel.random import stream

KINDS = PLACE_KINDS
(SCHOOL, WORKPLACE, MARKET, RESTAURANT, SHOP, BUS, HOSPITAL, PHARMACY, COMMUNITY) = range(9)

# People per place and the exponent of the Zipf-like weights within a county (weight of the k-th
# place is (k + 2) ** -exponent).  Workplaces are units such as an office or a workshop, schools
# are classes: what one scan code stands for.
PEOPLE_PER_PLACE = {
    SCHOOL: 260,
    WORKPLACE: 32,
    MARKET: 1500,
    RESTAURANT: 260,
    SHOP: 140,
    BUS: 420,
    HOSPITAL: 9000,
    PHARMACY: 2200,
}
EXPONENT = {
    SCHOOL: 0.15,
    WORKPLACE: 0.5,
    MARKET: 1.0,
    RESTAURANT: 0.8,
    SHOP: 0.9,
    BUS: 0.5,
    HOSPITAL: 0.9,
    PHARMACY: 0.6,
    COMMUNITY: 0.0,
}
PLACE_KM = 0.5  # from the point of the village


@dataclasses.dataclass(frozen=True)
class Places:
    """All places, in the order of kind, county and village.

    kind: (p,); village: (p,) settled village; county: (p,); point: (p, 2) lon/lat.
    upto: (p,) running sum of the weights, so that a place of a range is drawn by bisection.
    by_county: (9, counties + 1) and by_village: (9, settled + 1) starts of the ranges.
    """

    kind: I8
    village: I32
    county: I32
    point: F64
    upto: F64
    by_county: I64
    by_village: I64

    def __len__(self) -> int:
        return len(self.kind)

    def draw(self, kind: int, county: I64, chance: F64) -> I32:
        """One place of `kind` in each of the counties, by weight."""
        low = self.by_county[kind, county]
        high = self.by_county[kind, county + 1]
        under = np.where(low > 0, self.upto[low - 1], 0.0)
        target = under + chance * (self.upto[high - 1] - under)
        found = np.searchsorted(self.upto, target, side="right")
        chosen: I32 = np.clip(found, low, high - 1).astype(np.int32)
        return chosen


def make(margins: Margins, params: WorldParams, settlement: Settlement) -> Places:
    """Every county has every kind; every settled village has its community station."""
    counties = len(margins.county_codes)
    people = np.bincount(settlement.county, weights=settlement.weight, minlength=counties)
    parts = [
        _of_kind(kind, county, float(people[county]), params.seed, (settlement, margins))
        for kind in range(len(KINDS))
        for county in range(counties)
    ]
    kind = np.repeat([part[0] for part in parts], [len(part[1]) for part in parts])
    village = np.concatenate([part[1] for part in parts]).astype(np.int32)
    county_of = settlement.county[village]
    bounds = np.arange(len(KINDS))[:, None]
    settled = len(settlement.village)
    return Places(
        kind=kind.astype(np.int8),
        village=village,
        county=county_of,
        point=np.concatenate([part[3] for part in parts]),
        upto=np.cumsum(np.concatenate([part[2] for part in parts])),
        by_county=np.searchsorted(
            kind * counties + county_of, bounds * counties + np.arange(counties + 1)[None, :]
        ).astype(np.int64),
        by_village=np.searchsorted(
            kind * settled + village, bounds * settled + np.arange(settled + 1)[None, :]
        ).astype(np.int64),
    )


def _of_kind(
    kind: int, county: int, people: float, seed: int, where: tuple[Settlement, Margins]
) -> tuple[int, I64, F64, F64]:
    """(kind, village, weight, point) of one county's places of one kind, by village."""
    settlement, margins = where
    rng = stream(seed, "places", kind, county)
    mine = np.flatnonzero(settlement.county == county)
    if kind == COMMUNITY:
        village = mine
    else:
        count = max(1, round(people / PEOPLE_PER_PLACE[kind]))
        share = settlement.weight[mine] / settlement.weight[mine].sum()
        village = np.sort(rng.choice(mine, size=count, p=share))
    rank = rng.permutation(len(village)).astype(np.float64)
    weight: F64 = (rank + 2.0) ** -EXPONENT[kind]
    point = geometry.near(rng, settlement.point[village], PLACE_KM, margins.polygons[county])
    return kind, village.astype(np.int64), weight, point

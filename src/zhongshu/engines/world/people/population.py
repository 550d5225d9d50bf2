"""How many people of which age and sex live in which county, and with whom."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I8, I16, I32, I64, largest_remainder
from zhongshu.engines.world.margins import AGE_FROM, AGE_TO, Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

ADULT_AGE_Y = 20  # younger people head a household only when a county has too few adults
GENERATION_Y = 28  # mean age gap between parent and child when households are put together


@dataclasses.dataclass(frozen=True)
class Population:
    """People in the order of county and household.

    county: (n,) county index; male: (n,) 1 or 0; age: (n,) years, not whole.
    household: (n,) household index, not decreasing; household_start: (households + 1,) the
    members of household h are household_start[h] : household_start[h + 1].
    """

    county: I16
    male: I8
    age: F64
    household: I32
    household_start: I64

    @property
    def people(self) -> int:
        return len(self.county)

    @property
    def households(self) -> int:
        return len(self.household_start) - 1


def people_per_county(margins: Margins, params: WorldParams) -> I64:
    """(counties,) people: `focus_share` in the focus city, the rest by census elsewhere."""
    census = margins.population.astype(np.float64)
    in_focus = np.array([code == params.focus for code in margins.city_codes])
    if not in_focus.any() or in_focus.all():
        raise BadInput(
            "world.focus",
            f"The focus {params.focus} is not one of several cities.",
            focus=params.focus,
        )
    counts = np.zeros(len(census), dtype=np.int64)
    focus_people = round(params.people * params.focus_share)
    counts[in_focus] = largest_remainder(census[in_focus], focus_people)
    counts[~in_focus] = largest_remainder(census[~in_focus], params.people - focus_people)
    return counts


def make(margins: Margins, params: WorldParams) -> Population:
    """People by county, age and sex as in the census, put together in households."""
    counts = people_per_county(margins, params)
    parts = []
    for county, count in enumerate(counts):
        rng = stream(params.seed, "population", county)
        age, male = _ages(margins.cells[county], int(count), rng)
        sizes = household_sizes(
            int(count),
            float(margins.household_size[county]),
            float(margins.one_person[county]),
            rng,
        )
        order = _compose(age, male, sizes, rng)
        parts.append((age[order], male[order], sizes))
    sizes = np.concatenate([part[2] for part in parts])
    return Population(
        county=np.repeat(np.arange(len(counts)), counts).astype(np.int16),
        male=np.concatenate([part[1] for part in parts]),
        age=np.concatenate([part[0] for part in parts]),
        household=np.repeat(np.arange(len(sizes)), sizes).astype(np.int32),
        household_start=np.concatenate(([0], np.cumsum(sizes))).astype(np.int64),
    )


def _ages(cells: I64, count: int, rng: np.random.Generator) -> tuple[F64, I8]:
    """Ages in years (uniform within the band) and sexes; the cells' shares are kept exactly."""
    shares = largest_remainder(cells.astype(np.float64).ravel(), count)
    cell = np.repeat(np.arange(len(shares)), shares)
    band, sex = cell // 2, cell % 2
    age = AGE_FROM[band] + (AGE_TO[band] - AGE_FROM[band]) * rng.random(count) * 0.999
    return age, (sex == 0).astype(np.int8)


def household_sizes(count: int, mean: float, one_share: float, rng: np.random.Generator) -> I64:
    """Sizes that add up to `count`, with the given mean and share of one-person households.

    The rest have two people and a Poisson-like number of further ones.
    """
    households = max(1, round(count / mean))
    singles = round(one_share * households)
    larger = households - singles
    extra = count - singles - 2 * larger
    if larger == 0 or extra < 0:  # a handful of people: as many pairs as there can be
        larger, singles, extra = count // 2, count % 2, 0
    added = np.bincount(rng.integers(0, max(larger, 1), extra), minlength=larger)
    sizes = np.concatenate((np.ones(singles, dtype=np.int64), 2 + added[:larger]))
    return rng.permutation(sizes).astype(np.int64)


def _compose(age: F64, male: I8, sizes: I64, rng: np.random.Generator) -> I64:
    """Who fills which place: an order of the people such that blocks of `sizes` are households.

    A head, then a partner of like age, then children and parents by the gap of a generation.
    """
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    order = np.full(len(age), -1, dtype=np.int64)
    free = np.ones(len(age), dtype=np.bool_)

    def take(count: int, weight: F64) -> I64:
        chosen = _weighted(rng, np.where(free, weight, 0.0), count)
        free[chosen] = False
        return chosen

    adult = age >= ADULT_AGE_Y
    single = sizes == 1
    alone = np.where(age >= 65, 3.0, np.where(age < 35, 2.0, 0.8))
    order[starts[single]] = take(int(single.sum()), np.where(adult, alone, 1e-9))
    lead = np.where(male == 1, 3.0, 0.6) * np.where(age >= 25, 1.0, 0.3)
    heads = take(int((~single).sum()), np.where(adult, lead, 1e-9))
    partner = np.where(male == 1, 0.3, 3.0) * np.where(age >= 23, 1.0, 0.3)
    partners = take(len(heads), np.where(adult, partner, 1e-9))
    heads = heads[np.argsort(age[heads] + rng.normal(0, 3, len(heads)))]
    partners = partners[np.argsort(age[partners] + rng.normal(0, 3, len(heads)))]
    larger = starts[~single]
    order[larger], order[larger + 1] = heads, partners
    _fill_rest(order, age, np.flatnonzero(free), _head_ages(order, age, sizes, starts), rng)
    return order


def _head_ages(order: I64, age: F64, sizes: I64, starts: I64) -> F64:
    """(people,) age of the head of the household that each slot belongs to."""
    return np.repeat(age[order[starts]], sizes)


def _fill_rest(order: I64, age: F64, rest: I64, head_age: F64, rng: np.random.Generator) -> None:
    """Children go to heads a generation older, the old to heads a generation younger."""
    slots = np.flatnonzero(order < 0)
    wanted = np.where(age[rest] < 45, age[rest] + GENERATION_Y, age[rest] - GENERATION_Y)
    rest = rest[np.argsort(wanted + rng.normal(0, 4, len(rest)))]
    order[slots[np.argsort(head_age[slots], kind="stable")]] = rest


def _weighted(rng: np.random.Generator, weight: F64, count: int) -> I64:
    """`count` different indices, drawn in proportion to weight (Efraimidis, Spirakis 2006)."""
    with np.errstate(divide="ignore"):
        keys = rng.exponential(size=len(weight)) / weight
    chosen = np.argpartition(keys, count - 1)[:count] if count else np.empty(0, dtype=np.int64)
    return rng.permutation(chosen).astype(np.int64)

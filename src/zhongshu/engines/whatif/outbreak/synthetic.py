"""A synthetic population with the margins of the census: nobody in it is real."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.outbreak.population import F32, I32, Population, assemble
from zhongshu.engines.whatif.outbreak.protection import doses
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import PLACE_KINDS
from zhongshu.kernel.random import stream

# Errands: kind, visits a day, cells that share one place.  Visits a day are those of the
# synthetic world (engines.world.params.Movement); the cells are a synthetic assumption.
ERRANDS = (("market", 0.24, 8), ("restaurant", 0.24, 1), ("shop", 0.38, 1), ("bus", 0.34, 4))
ADULT, SCHOOL_FROM, WORK_TO = 18, 3, 60  # years


@dataclasses.dataclass(frozen=True)
class Margins:
    """What the census says of some counties, in one order.

    codes; ages: (counties, bands) people; age_from: (bands,) years where a band begins, age_to:
    where the last ends; household_size: mean; one_person: share of one-person households.
    """

    codes: tuple[str, ...]
    ages: NDArray[np.int64]
    age_from: NDArray[np.int64]
    household_size: NDArray[np.float64]
    one_person: NDArray[np.float64]
    age_to: int = 96


@dataclasses.dataclass(frozen=True)
class Shape:
    """Synthetic assumptions: people in a cell and a school class, mean people of a workplace (its
    size is geometric), share of those of working age who go out to work, and how many cells away
    (e-folding) errands lead."""

    cell_people: int = 500
    class_people: int = 40
    work_people: float = 25.0
    employed: float = 0.72
    errand_cells: float = 3.0


DEFAULT = Shape()


def synthetic(margins: Margins, *, seed: int, shape: Shape = DEFAULT) -> Population:
    """People by county and age as the margins say, exactly; households, cells, work, school and
    errands around them by chance.  About 60 bytes a person.  Refuses counties without people.
    """
    totals = margins.ages.sum(axis=1)
    if not len(totals) or (margins.ages < 0).any() or (totals < 1).any():
        raise BadInput(
            "whatif.population",
            "The population does not add up: a county has no people or fewer than none.",
        )
    rng = stream(seed, "whatif-population")
    parts = [_county(margins, n, shape, rng) for n in range(len(totals))]
    homes = np.cumsum([0, *(len(cell) for _, _, cell in parts)])
    cells = np.cumsum([0, *(int(cell[-1]) + 1 for _, _, cell in parts)])
    household = np.concatenate([home + np.int32(homes[n]) for n, (home, _, _) in enumerate(parts)])
    home_cell = np.concatenate([cell + np.int32(cells[n]) for n, (_, _, cell) in enumerate(parts)])
    age = np.concatenate([years for _, years, _ in parts])
    county = np.repeat(np.arange(len(totals), dtype=np.int16), totals)
    group, kinds = _groups(
        age=age,
        county=county,
        household=household,
        home_cell=home_cell,
        shape=shape,
        rng=rng,
    )
    visit_start, visit_place, place_kind, place_cell = _errands(
        home_cell[household], int(cells[-1]), shape, rng
    )
    often = np.zeros(len(PLACE_KINDS), dtype=np.float32)
    for kind, per_day, _ in ERRANDS:
        often[PLACE_KINDS.index(kind)] = per_day
    return assemble(
        household=household,
        home_cell=home_cell,
        age=age,
        units=_units(margins.codes, cells),
        group=group,
        group_kind=kinds,
        visit_start=visit_start,
        visit_place=visit_place,
        kind_often=often,
        place_kind=place_kind,
        place_cell=place_cell,
    )


def _units(codes: tuple[str, ...], cells: NDArray[np.int64]) -> dict[str, I32]:
    units = {
        code: np.arange(cells[n], cells[n + 1], dtype=np.int32) for n, code in enumerate(codes)
    }
    for n, code in enumerate(codes):
        for at, cell in enumerate(units[code]):
            units[f"{code}-{at}"] = np.array([cell], dtype=np.int32)
        assert cells[n + 1] > cells[n]
    return units


def _county(
    margins: Margins, county: int, shape: Shape, rng: np.random.Generator
) -> tuple[I32, NDArray[np.uint8], I32]:
    """(household of each person, age of each person, cell of each household), from 0."""
    counts = margins.ages[county]
    people = int(counts.sum())
    edges = np.append(margins.age_from, margins.age_to)
    width = np.repeat(np.diff(edges), counts)
    years = np.repeat(margins.age_from, counts) + (rng.random(people) * width).astype(np.int64)
    rng.shuffle(years)
    sizes = _household_sizes(
        people, float(margins.household_size[county]), float(margins.one_person[county]), rng
    )
    household = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)
    cell = ((np.cumsum(sizes) - sizes) // shape.cell_people).astype(np.int32)
    return household, _seat(years.astype(np.uint8), household, sizes, rng), cell


def _household_sizes(
    people: int, mean: float, single: float, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Sizes that add up to `people`; members after the second are Poisson-like."""
    homes = max(1, round(people / max(mean, 1.0)))
    alone = round(homes * min(single, 1.0))
    sizes = np.ones(homes, dtype=np.int64)
    more = people - homes
    if homes > alone and more > 0:
        shared = np.arange(alone, homes)
        sizes[shared[: min(len(shared), more)]] += 1
        rest = max(0, more - len(shared))
        sizes += np.bincount(rng.choice(shared, rest), minlength=homes)
    else:
        sizes[0] += more
    rng.shuffle(sizes)
    return sizes


def _seat(
    years: NDArray[np.uint8], household: I32, sizes: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.uint8]:
    """Ages by person: the first of a household is an adult, children live with others."""
    first = np.concatenate(([True], household[1:] != household[:-1]))
    seats = np.flatnonzero(~first & (sizes[household] > 2))
    children = np.flatnonzero(years < ADULT)
    taken = rng.permutation(seats)[: len(children)]
    out = np.empty(len(years), dtype=np.uint8)
    out[taken] = years[children[: len(taken)]]
    others = np.ones(len(years), dtype=np.bool_)
    others[taken] = False
    rest = np.concatenate((years[years >= ADULT], years[children[len(taken) :]]))
    out[others] = rest
    return out


def _groups(
    *,
    age: NDArray[np.uint8],
    county: NDArray[np.int16],
    household: I32,
    home_cell: I32,
    shape: Shape,
    rng: np.random.Generator,
) -> tuple[I32, NDArray[np.int8]]:
    """School classes of one age and neighbourhood; workplaces of one county."""
    group = np.full(len(age), -1, dtype=np.int32)
    pupils = np.flatnonzero((age >= SCHOOL_FROM) & (age < ADULT))
    block = home_cell[household[pupils]] // 16
    order = pupils[np.lexsort((age[pupils], block, county[pupils]))]
    group[order] = np.arange(len(order)) // shape.class_people
    classes = (len(order) + shape.class_people - 1) // shape.class_people
    works = (
        (age >= ADULT) & (age < WORK_TO) & (rng.random(len(age), dtype=np.float32) < shape.employed)
    )
    workers = np.flatnonzero(works)
    order = workers[np.lexsort((rng.random(len(workers), dtype=np.float32), county[workers]))]
    sizes = rng.geometric(1.0 / shape.work_people, int(2 * len(order) / shape.work_people) + 10)
    at = np.searchsorted(np.cumsum(sizes), np.arange(len(order)), side="right")
    group[order] = classes + at
    count = classes + (int(at[-1]) + 1 if len(at) else 0)
    kinds = np.full(count, PLACE_KINDS.index("workplace"), dtype=np.int8)
    kinds[:classes] = PLACE_KINDS.index("school")
    return group, kinds


def _errands(
    cell: I32, cells: int, shape: Shape, rng: np.random.Generator
) -> tuple[I32, I32, NDArray[np.int8], I32]:
    """Each person has one place of each kind of ERRANDS, mostly near by."""
    people = len(cell)
    place = np.empty((people, len(ERRANDS)), dtype=np.int32)
    kinds, where, first = [], [], 0
    for column, (kind, _, share) in enumerate(ERRANDS):
        away = np.rint(rng.laplace(0.0, shape.errand_cells, people)).astype(np.int32)
        place[:, column] = first + np.clip(cell + away, 0, cells - 1) // share
        count = (cells - 1) // share + 1
        kinds.append(np.full(count, PLACE_KINDS.index(kind), dtype=np.int8))
        where.append(np.minimum(np.arange(count) * share, cells - 1).astype(np.int32))
        first += count
    starts = np.arange(people + 1, dtype=np.int32) * np.int32(len(ERRANDS))
    return starts, place.ravel(), np.concatenate(kinds), np.concatenate(where)


def shielded(population: Population, shares: F32) -> Population:
    """The same people with vaccine protection at the start, (n, 3) as in `People.shield`."""
    people = population.people._replace(shield=np.ascontiguousarray(shares, dtype=np.float32))
    return dataclasses.replace(population, people=people)


def dosed(population: Population, person: I32, day: I32) -> Population:
    """The same people with doses: dose k was given to person[k] on day[k], negative: before."""
    given = doses(len(population), person, day)
    return dataclasses.replace(population, people=population.people._replace(**given._asdict()))

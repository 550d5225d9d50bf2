"""What binds a person to places: school or work, the bus line, and the occupation on paper."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import F64, I8, I32, I64, Bools
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people import names, places
from zhongshu.engines.world.people.places import Places
from zhongshu.engines.world.people.population import Population
from zhongshu.kernel import chance

AT_HOME, PUPIL, WORKER, SHIFT_WORKER = range(4)

# Ages of school in years and the share of the age that goes: kindergarten, school, university.
SCHOOLING = ((3.0, 6.0, 0.75), (6.0, 18.0, 0.985), (18.0, 22.0, 0.40))
LEAST_MOST_LEAVING = (0.3, 3.0)
WORK_FROM_Y, WORK_TO_Y = 18.0, 60.0
# Where workers work; all kinds but the workplace have shifts and open every day.
JOBS = (
    (places.WORKPLACE, 0.72),
    (places.SHOP, 0.09),
    (places.RESTAURANT, 0.07),
    (places.HOSPITAL, 0.035),
    (places.SCHOOL, 0.035),
    (places.MARKET, 0.03),
    (places.PHARMACY, 0.01),
    (places.BUS, 0.01),
)


@dataclasses.dataclass(frozen=True)
class Routines:
    """role: (n,) AT_HOME | PUPIL | WORKER | SHIFT_WORKER; base: (n,) place of work or school, -1;
    base_county: (n,) its county, else the own; bus: (n,) the line a rider takes, -1."""

    role: I8
    base: I32
    base_county: I32
    bus: I32


def make(margins: Margins, params: WorldParams, people: Population, all_places: Places) -> Routines:
    who = np.arange(people.people)
    county = people.county.astype(np.int64)
    key = chance.key(params.seed, "routines")
    role, job = _roles(people.age, key, who, params.town.employed_share)
    base_county = np.where(role >= WORKER, _work_county(margins, params, people, key, who), county)
    base = np.full(people.people, -1, dtype=np.int32)
    goes = role != AT_HOME
    for kind in range(len(places.KINDS)):
        chosen = np.flatnonzero(goes & (job == kind))
        base[chosen] = all_places.draw(kind, base_county[chosen], chance.uniform(key, chosen, 4))
    rides = goes & (chance.uniform(key, who, 5) < params.movement.bus_rider_share)
    bus = np.where(rides, all_places.draw(places.BUS, county, chance.uniform(key, who, 6)), -1)
    return Routines(role, base, base_county.astype(np.int32), bus.astype(np.int32))


def _roles(age: F64, key: np.uint64, who: I64, employed: float) -> tuple[I8, I64]:
    """Role, and kind of the place of work or school."""
    role = np.zeros(len(age), dtype=np.int8)
    job = np.full(len(age), -1, dtype=np.int64)
    draw = chance.uniform(key, who, 0)
    for low, high, share in SCHOOLING:
        role[(age >= low) & (age < high) & (draw < share)] = PUPIL
    adult = (age >= WORK_FROM_Y) & (age < WORK_TO_Y) & (role == AT_HOME)
    works = adult & (chance.uniform(key, who, 1) < employed)
    kinds = np.array([kind for kind, _ in JOBS])
    upto = np.cumsum([share for _, share in JOBS])
    drawn = kinds[np.minimum(np.searchsorted(upto, chance.uniform(key, who, 2)), len(JOBS) - 1)]
    role[works] = np.where(
        np.isin(drawn[works], (places.WORKPLACE, places.SCHOOL)), WORKER, SHIFT_WORKER
    )
    job[works] = drawn[works]
    job[role == PUPIL] = places.SCHOOL
    return role, job


def _work_county(
    margins: Margins, params: WorldParams, people: Population, key: np.uint64, who: I64
) -> I64:
    """County of work: mostly the own; else a neighbour, by people and distance."""
    county = people.county.astype(np.int64)
    size = np.bincount(county, minlength=len(margins.county_codes)).astype(np.float64)
    starts, upto, factor = gravity(margins, size, params.town.commute_decay_km)
    draw = chance.uniform(key, who, 3) / (params.town.commute_share * factor[county])
    leaves = (draw < 1) & (starts[county + 1] > starts[county])
    target = np.where(leaves, county + draw, 0.0)
    found = np.minimum(np.searchsorted(upto, target, side="right"), starts[county + 1] - 1)
    return np.where(leaves, margins.neighbours[found, 1], county)


def gravity(margins: Margins, size: F64, decay_km: float) -> tuple[I64, F64, F64]:
    """Where people of county c go when they leave it, and how readily they do.

    (starts, upto, factor): rows starts[c] : starts[c + 1] of `margins.neighbours`; `upto` runs
    from c to c + 1 within them, by size and distance; factor: (counties,) by which people leave
    more often, because what pulls them is large beside their own county (a satellite town).
    """
    source = margins.neighbours[:, 0].astype(np.int64)
    counties = len(margins.county_codes)
    starts = np.searchsorted(source, np.arange(counties + 1)).astype(np.int64)
    pull = size[margins.neighbours[:, 1]] * np.exp(-margins.neighbour_km / decay_km)
    total = np.bincount(source, weights=pull, minlength=counties)
    running = np.cumsum(pull / total[source])
    before = np.concatenate(([0.0], running))[starts[:-1]]
    factor = np.clip(np.sqrt(total / np.maximum(size, 1.0)), *LEAST_MOST_LEAVING)
    return starts, source + running - before[source], factor


def occupations(seed: int, people: Population, routines: Routines, all_places: Places) -> pa.Array:
    """(n,) occupation as the register has it."""
    options: list[str] = [names.INFANT, names.PUPIL, names.STUDENT, names.RETIRED, names.AT_HOME]
    staff = {kind: len(options) + i for i, kind in enumerate(names.STAFF_WORK)}
    options += list(names.STAFF_WORK.values())
    office = len(options)
    options += names.OFFICE_WORK
    code = np.where(people.age < 6, 0, np.where(people.age >= 60, 3, 4))
    pupil = routines.role == PUPIL
    code[pupil & (people.age >= 6)] = 1
    code[pupil & (people.age >= 18)] = 2
    working = np.flatnonzero(routines.role >= WORKER)
    kind = all_places.kind[routines.base[working]]
    draw = chance.uniform(chance.key(seed, "occupation"), working)
    code[working] = office + (draw * len(names.OFFICE_WORK)).astype(np.int64)
    for name, value in staff.items():
        code[working[kind == places.KINDS.index(name)]] = value
    return pa.array(options).take(pa.array(code))


def special_needs(seed: int, people: Population) -> pa.Array:
    """(n,) special need or null; about one in eighty, the lone elderly besides."""
    who = np.arange(people.people)
    key = chance.key(seed, "special_need")
    code = np.full(people.people, -1, dtype=np.int64)
    some = chance.uniform(key, who, 0) < 0.0125
    code[some] = (chance.uniform(key, who, 1)[some] * (len(names.SPECIAL_NEEDS) - 2)).astype(
        int
    ) + 1
    code[(code == 1) & (people.age < 18)] = -1
    code[_pregnant(people, chance.uniform(key, who, 2))] = 0
    code[_alone(people) & (people.age >= 75)] = len(names.SPECIAL_NEEDS) - 1
    options = pa.array(names.SPECIAL_NEEDS)
    indices = pa.array(np.maximum(code, 0))
    return pc.if_else(pa.array(code >= 0), options.take(indices), pa.scalar(None, pa.string()))


def _pregnant(people: Population, draw: F64) -> Bools:
    fertile = (people.male == 0) & (people.age >= 22) & (people.age < 40)
    pregnant: Bools = fertile & (draw < 0.035)
    return pregnant


def _alone(people: Population) -> Bools:
    alone: Bools = np.diff(people.household_start)[people.household] == 1
    return alone

"""Small populations and models for the tests of the outbreak engine."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif.outbreak import synthetic
from zhongshu.engines.whatif.outbreak.model import NEVER, Mixing, Model, Start
from zhongshu.engines.whatif.outbreak.population import Population, assemble
from zhongshu.kernel.disease.params import Care, Disease

NOWHERE = (0.0,) * 9


def town(people: int = 3000, seed: int = 1) -> Population:
    ages = np.array([[0.2, 0.5, 0.3]]) * people
    margins = synthetic.Margins(
        codes=("140105000000",),
        ages=np.rint(ages).astype(np.int64),
        age_from=np.array([0, 18, 60]),
        household_size=np.array([2.5]),
        one_person=np.array([0.25]),
    )
    return synthetic.synthetic(margins, seed=seed)


def halves(whole: Population) -> Population:
    """The same people, in two cells."""
    people, homes = whole.people, len(whole.people.home_cell)
    cells = (np.arange(homes) >= homes // 2).astype(people.home_cell.dtype)
    ends = [0, people.home_start[homes // 2], len(whole)]
    start = np.array(ends, dtype=people.cell_start.dtype)
    return dataclasses.replace(
        whole,
        people=people._replace(home_cell=cells, cell_start=start),
        units={"one half": np.array([0]), "other half": np.array([1])},
    )


def crowd(people: int, household: int = 1) -> Population:
    """People without work, school and errands, in households of one size, all in one cell."""
    return assemble(
        household=(np.arange(people) // household).astype(np.int32),
        home_cell=np.zeros(people // household, dtype=np.int32),
        age=np.full(people, 30, dtype=np.uint8),
        units={"all": np.zeros(1, dtype=np.int32)},
    )


def plain(*, community: float = 0.0, household: float = 0.0, dispersion: float = 1.0) -> Model:
    """Infectiousness of one day in all, only at home or among strangers from anywhere; nobody is
    silent, stays at home or seeks care."""
    disease = Disease(
        profile=(0.1, 0.2, 0.3, 0.2, 0.1, 0.1),
        asymptomatic=0.0,
        dispersion=dispersion,
        household_per_day=household,
        hazard_per_h=NOWHERE,
        stay_home_when_ill=0.0,
        incubation_median_d=4.0,
        incubation_sigma=0.3,
    )
    mixing = Mixing(community_contacts=1, community_hazard=community, near=0.0, far=1.0)
    return Model(disease=disease, care=Care(seeking=0.0), mixing=mixing)


def seeds(who: list[int] | np.ndarray, infected_day: int = -20, found_h: int = 0) -> Start:  # type: ignore[type-arg]
    count = len(who)
    return Start(
        person=np.asarray(who, dtype=np.int32),
        infected_day=np.full(count, infected_day, dtype=np.int32),
        onset_day=np.full(count, infected_day + 4, dtype=np.int32),
        found_h=np.full(count, found_h, dtype=np.int32),
        untraced_h=24,
    )


def unknown(who: list[int]) -> Start:
    """Cases of which only the day of confirmation is known."""
    count = len(who)
    never = np.full(count, NEVER, dtype=np.int32)
    return Start(np.asarray(who, dtype=np.int32), never, never, np.full(count, -5, dtype=np.int32))

"""One county of the county model beside the outbreak model of persons, mixing alike."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.counties import matched, model, solve, stages
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import solve as outbreak_solve
from zhongshu.engines.whatif.outbreak.synthetic import Margins, synthetic
from zhongshu.kernel.disease.params import SYNTHETIC, Care

PEOPLE, R0, DAYS, CONTACTS = 100_000, 2.0, 28, 4
# Persons and counts meet strangers only, nobody is found: what is left is the disease.
DISEASE = dataclasses.replace(
    SYNTHETIC, household_per_day=0.0, hazard_per_h=(0.0,) * 9, stay_home_when_ill=0.0
)


def of_persons() -> model.F64:
    """(runs, days) infections; registered cases infected eight days ago, kept since hour 0."""
    silent = DISEASE.asymptomatic
    whole = sum(DISEASE.profile) * (1 - silent + silent * DISEASE.asymptomatic_factor)
    mixing = outbreak.Mixing(
        community_contacts=CONTACTS, community_hazard=R0 / whole / CONTACTS, near=0.0, far=1.0
    )
    margins = Margins(
        codes=("A",), ages=np.array([[PEOPLE // 2, PEOPLE // 2]]), age_from=np.array([0, 40]),
        household_size=np.array([2.8]), one_person=np.array([0.2]),
    )  # fmt: skip
    cases = 300
    start = outbreak.Start(
        person=np.sort(np.random.default_rng(1).choice(PEOPLE, cases, replace=False)).astype("i4"),
        infected_day=np.full(cases, -8, dtype=np.int32),
        onset_day=np.full(cases, outbreak.NEVER, dtype=np.int32),
        found_h=np.zeros(cases, dtype=np.int32),
    )
    answer = outbreak_solve.simulate(
        synthetic(margins, seed=1), start, [options.BASELINE],
        model=outbreak.Model(disease=DISEASE, care=Care(seeking=0.0), mixing=mixing),
        days=DAYS, runs=24, seed=3,
    )  # fmt: skip
    return answer.of("baseline", "infections")


def of_counts() -> model.F64:
    province = model.Province(
        codes=("A",), people=np.array([[PEOPLE]]), contacts=np.ones((1, 1)),
        commuting=np.ones((1, 1)), susceptibility=np.ones(1), severe=np.zeros(1),
    )  # fmt: skip
    course = matched.matched(DISEASE, isolated_d=10.0, to_hospital_d=9.0, in_hospital_d=8.0)
    start = solve.empty_start(province, course)
    start[0, 0, stages.SUSCEPTIBLE] -= 300
    start[0, 0, stages.FIRST] += 300
    run = model.Run(runs=60, seed=2)
    futures = solve.simulate(province, course, model.calm(province, DAYS), start, run=run, r0=R0)
    return futures.daily("infections").astype(np.float64)


def test_counts_grow_in_a_week_as_persons_do_within_a_tenth() -> None:
    """From the third week to the fourth.  Counts grow a little slower: their latent time is less
    scattered than the incubation of persons, and the early ones drive the growth."""
    growth = [
        each[:, 21:28].sum(axis=1).mean() / each[:, 14:21].sum(axis=1).mean()
        for each in (of_persons(), of_counts())
    ]
    assert min(growth) > 1.4
    assert 0.9 < growth[1] / growth[0] < 1.05

"""What makes the model of persons go on as the county model would: `match(...)`.

Handed over with another growth, or with other contacts named for a case, a county would jump
though no measure did it.  Matched is what each model does where nothing is done but to seek care.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif.counties import model as counties
from zhongshu.engines.whatif.counties import plan, solve, stages
from zhongshu.engines.whatif.counties.model import F64, I64, Course, Run
from zhongshu.engines.whatif.counties.plan import Setting
from zhongshu.engines.whatif.options import BASELINE, Option
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import solve as persons
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

AT = (0.2, 0.35, 0.55, 0.8, 1.1)  # transmissions that are tried
R0_AT = (0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 13.0)
CASES, FEWEST, PER_CASE = 60, 8, 800  # registered at most and at least; people for each of them
LEAST_PEOPLE = 2000
PAST_D, ALL_CASES = 14, 2400  # days on which they are found; cases of all runs together
SPAN_D = 4  # infections of two spans of so many days are compared, after as many that settle
DAYS = 3 * SPAN_D
LARGE = 10**11  # people of a county in which chance plays no part
SEEDS = 10**5


def _growth(infections: F64) -> float:
    """Logarithm per day by which infections grow in the last two spans."""
    last, before = infections[..., -SPAN_D:].sum(), infections[..., -2 * SPAN_D : -SPAN_D].sum()
    return float(np.log(max(last, 0.5) / max(before, 0.5)) / SPAN_D)


def registered(people: Population, *, seed: int) -> outbreak.Start:
    """Cases drawn by chance, found evenly over the last days.  Refuses too few people."""
    if len(people) < LEAST_PEOPLE:
        raise BadInput(
            "whatif.population",
            f"{len(people)} people are too few to match two models; {LEAST_PEOPLE} are needed.",
        )
    cases = min(CASES, max(FEWEST, len(people) // PER_CASE))
    order = np.argsort(
        chance.uniform(chance.key(seed, "whatif matched"), np.arange(len(people))), kind="stable"
    )
    unknown = np.full(cases, outbreak.NEVER, dtype=np.int32)
    hours = -np.arange(cases) * PAST_D * outbreak.DAY_H // cases
    return outbreak.Start(
        person=order[:cases].astype(np.int32),
        infected_day=unknown,
        onset_day=unknown.copy(),
        found_h=hours.astype(np.int32),
    )


def growth_of_persons(people: Population, model: outbreak.Model, *, seed: int) -> F64:
    """(tried,) growth per day at each of AT, in cases that only seek care."""
    begun = registered(people, seed=seed)
    runs = ALL_CASES // len(begun.person)
    out = []
    for factor in AT:
        turns = np.tile([factor, model.care.seeking], (runs, 1))
        answer = persons.simulate(
            people, begun, [BASELINE], model=model, days=DAYS, runs=runs, seed=seed, turns=turns
        )
        out.append(_growth(answer.of(BASELINE.name, "infections")))
    return np.array(out)


def growth_of_counties(province: counties.Province, course: Course, setting: Setting) -> F64:
    """(tried,) the same of the county model at each of R0_AT, in one place without chance."""
    people = province.people.sum(axis=0)
    one = dataclasses.replace(
        province,
        codes=("one",),
        people=(people[None] * (LARGE / people.sum())).astype(np.int64) + SEEDS,
        commuting=np.ones((1, 1)),
    )
    course = dataclasses.replace(course, dispersion=np.inf)
    calm = counties.calm(one, 6 * SPAN_D)
    calm.found[:] = plan.by_symptoms(course, setting)
    start: I64 = solve.empty_start(one, course)
    start[0, :, stages.SUSCEPTIBLE] -= SEEDS
    start[0, :, stages.FIRST] += SEEDS
    out = []
    for r0 in R0_AT:
        future = solve.simulate(one, course, calm, start, run=Run(runs=1, seed=1, threads=1), r0=r0)
        out.append(_growth(future.daily("infections").astype(float)))
    return np.array(out)


@dataclasses.dataclass(frozen=True)
class Match:
    """persons: growth at each of AT; counties: at each of R0_AT."""

    persons: F64
    counties: F64

    def transmission(self, r0: F64) -> F64:
        """Factor on all hazards of persons at which they grow as counties do with each r0: on
        lines through those tried, and beyond them as between the last two."""
        by_r0 = np.maximum.accumulate(self.counties)
        wanted = np.interp(np.log(r0), np.log(R0_AT), by_r0)
        rising = np.maximum.accumulate(self.persons) + 1e-6 * np.arange(len(AT))
        tried = np.log(AT)
        factor = np.interp(wanted, rising, tried)
        for far, inner, end in ((wanted > rising[-1], -2, -1), (wanted < rising[0], 1, 0)):
            slope = (tried[end] - tried[inner]) / (rising[end] - rising[inner])
            factor = np.where(far, tried[end] + slope * (wanted - rising[end]), factor)
        return np.asarray(np.exp(np.clip(factor, np.log(AT[0] / 4), np.log(AT[-1] * 4))))


def match(
    people: Population,
    model: outbreak.Model,
    province: counties.Province,
    course: Course,
    setting: Setting,
    *,
    seed: int,
) -> Match:
    """Refuses a population too small for the cases that are tried."""
    return Match(
        growth_of_persons(people, model, seed=seed), growth_of_counties(province, course, setting)
    )


def contacts_per_case(
    people: Population, model: outbreak.Model, option: Option, setting: Setting, *, seed: int
) -> float:
    """`Setting.contacts_per_case` at which counties name as many contacts of a case as persons do
    under the tracing of an option; that of the setting where nobody is traced."""
    reached = plan.recalled(option, setting)
    if reached == 0:
        return setting.contacts_per_case
    alone = Option(
        name="traced",
        tracing=option.tracing,
        isolation=option.isolation,
        compliance=option.compliance,
    )
    begun = dataclasses.replace(registered(people, seed=seed), untraced_h=0)
    runs = ALL_CASES // len(begun.person)
    answer = persons.simulate(people, begun, [alone], model=model, days=DAYS, runs=runs, seed=seed)
    named, found = (answer.of("traced", name).sum() for name in ("contacts", "detected_community"))
    if found == 0:
        return setting.contacts_per_case
    return max(0.0, float(named / found) - option.tracing.false_per_case) / reached

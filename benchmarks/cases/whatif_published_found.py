"""How soon routine tests find an outbreak nobody knows of, as the publication asks it.

China CDC Weekly 2023, doi:10.46234/ccdcw2023.016 (its abstract; the full text is not at hand):
with daily tests a case is found within 3 days with a probability of 90 %, with biweekly ones in
around 7 days.  It does not say from which moment, how sensitive a test is, nor whether biweekly is
twice a week or every other week.  So we ask for both readings of biweekly, from the infection of
the first person (from any day of his infection: `whatif_outbreak_found`), everybody tested once in
so many days, spread evenly over them, for a slow and a fast variant; symptoms lead to nothing.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases.whatif_outbreak import SEED, line, people
from zhongshu.engines.whatif import options
from zhongshu.engines.whatif.outbreak import model, solve
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel import chance
from zhongshu.kernel.disease.params import Care

F64 = NDArray[np.float64]
COUNTY, PEOPLE, RUNS, DAYS = "140000000000", 60_000, 600, 16
GAPS = {"daily": 1.0, "twice a week": 3.5, "fortnightly": 14.0}
PUBLISHED_D = {"daily": 3.0, "twice a week": 7.0, "fortnightly": 7.0}
SPEEDS = {"slow": 0.6, "fast": 1.6}  # transmission; the rows say how many one person infects
SENSITIVITY, COVERAGE = 0.9, 0.95


def routine(name: str, gap_d: float) -> options.Option:
    """Everybody once in `gap_d` days, spread evenly, in pools of ten."""
    hours = int(gap_d * model.DAY_H)
    rounds = tuple(
        options.Round(
            (COUNTY,), start_hour=number * hours, hours=hours, pool_size=10,
            sensitivity=SENSITIVITY, dilution_loss=0.1, coverage=COVERAGE,
        )
        for number in range(DAYS * model.DAY_H // hours + 1)
    )  # fmt: skip
    return options.Option(name, rounds=rounds)


def first(population: Population) -> model.Start:
    """A registered case who was infectious for the last two days before hour 0: the model begins at
    the register, and whom this one infected unnoticed is the first person nobody knows of."""
    return model.Start(
        person=np.array([len(population) // 2], dtype=np.int32),
        infected_day=np.array([-5], dtype=np.int32),
        onset_day=np.array([0], dtype=np.int32),
        found_h=np.array([-1], dtype=np.int32),
        untraced_h=-1,
    )


def fresh(population: Population, begun: model.Start, silent: model.Model) -> NDArray[np.int64]:
    """Runs in which exactly one person is infected and unknown at hour 0, for less than a day."""
    kept = []
    for run in range(RUNS):
        key = chance.key(SEED, "whatif", run)
        made = solve.infections(population, begun, options.BASELINE, model=silent, days=1, key=key)
        unknown = made[(made[:, 3] != model.REGISTERED) & (made[:, 1] < 0)]
        if len(unknown) == 1 and unknown[0, 1] >= -model.DAY_H:
            kept.append(run)
    return np.array(kept, dtype=np.int64)


def within(population: Population, transmission: float) -> dict[str, F64]:
    """Days from the first infection to the first case found, by how often everybody is tested;
    infinite where nobody is found in DAYS; `infected`: by day 7, without tests."""
    mixing = model.Mixing(transmission=transmission)
    silent = dataclasses.replace(model.Model(), care=Care(seeking=0.0), mixing=mixing)
    begun = first(population)
    runs = fresh(population, begun, silent)
    several = [routine(name, gap_d) for name, gap_d in GAPS.items()]
    asked: dict[str, Any] = {"model": silent, "runs": RUNS, "seed": SEED}
    days = {}
    for option in several:
        answer = solve.simulate(population, begun, [option], days=DAYS, **asked)
        found = answer.of(option.name, "detected")[runs] > 0
        days[option.name] = np.where(found.any(axis=1), found.argmax(axis=1) + 1.0, np.inf)
    alone = solve.simulate(population, begun, [options.BASELINE], days=7, **asked)
    days["infected"] = alone.of("baseline", "infections")[runs].sum(axis=1) + 1.0
    return days


def days_to_find() -> list[dict[str, Any]]:
    population = people(PEOPLE, 1)
    rows = []
    for speed, transmission in SPEEDS.items():
        days = within(population, transmission)
        infected = float(days.pop("infected").mean())
        for name, each in days.items():
            by = PUBLISHED_D[name]
            share = float((each <= by).mean())
            at_90 = float(np.quantile(each, 0.9, method="higher"))
            note = (
                f"from the infection of the first; half by day {np.median(each):.0f}, 90 % by day"
                f" {at_90:.0f} (inf: not in {DAYS} days); {len(each)} runs,"
                f" {infected:.1f} infected by day 7 on average"
            )
            said = f"published tests {name}, {speed} variant: found within {by:.0f} days"
            known: dict[str, Any] = {"goal": 0.9, "met": share >= 0.9, "note": note}
            rows.append(line(said, share, "share", peer=0.9, ratio=round(share / 0.9, 3), **known))
    return rows

"""A county that passes a threshold is handed to a model of persons: `hand_over(...)`.

Counts are enough while a county has few cases and nobody knows them; once its headquarters has
chains, the individual model answers better.  What is handed over is what would be registered: the
days on which cases were found.  From that day on the county's infections and finds are those of
the individual model; the other counties keep what the county model said of them (their exchange
with the county handed over is not computed anew).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Protocol

import numpy as np

from zhongshu.engines.whatif.counties.model import (
    FOUND,
    I64,
    INFECTIONS,
    TRACED,
    Futures,
    Province,
)
from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak import model as outbreak
from zhongshu.engines.whatif.outbreak import solve as outbreak_solve
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

DAY_H = 24
NOT_HANDED = -1


@dataclasses.dataclass(frozen=True)
class Handover:
    """One county of one run on the morning of a day.

    found_d: (k,) day on which each case was found, counted from that morning: -1 is yesterday.
    days: left to simulate.
    """

    county: str
    run: int
    day: int
    days: int
    found_d: I64


class Individual(Protocol):
    """A model of persons that can take a county over."""

    def take_over(self, handover: Handover) -> I64:
        """(days left, 3) infections, found in the community, found in quarantine of each day."""
        ...


@dataclasses.dataclass(frozen=True)
class Coupled:
    """futures: with the series of the counties handed over put in; handed: (runs, counties) day of
    the handover, -1 for none."""

    futures: Futures
    handed: I64


def hand_over(
    province: Province, futures: Futures, individual: Individual, *, threshold: int
) -> Coupled:
    """Hand every county of every run over when so many cases have been found in it.

    Refuses a threshold below one: without a registered case no chain can start.
    """
    if threshold < 1:
        raise BadInput(
            "whatif.threshold", "A county can be handed over from its first case on, not before."
        )
    counted = futures.counted.copy()
    known = (counted[..., FOUND] + counted[..., TRACED]).astype(np.int64)
    passed = np.cumsum(known, axis=1) >= threshold
    runs, days, counties = known.shape
    handed = np.full((runs, counties), NOT_HANDED, dtype=np.int64)
    in_time = passed[:, :-1].any(axis=1)  # a county that passes on the last day stays as it is
    for run, county in np.argwhere(in_time):
        day = int(passed[run, :, county].argmax()) + 1
        handed[run, county] = day
        past = np.repeat(np.arange(day) - day, known[run, :day, county])
        told = individual.take_over(
            Handover(
                county=province.codes[county], run=int(run), day=day, days=days - day, found_d=past
            )
        )
        counted[run, day:, county, :] = 0
        for column, name in enumerate((INFECTIONS, FOUND, TRACED)):
            counted[run, day:, county, name] = told[:, column]
    return Coupled(futures=dataclasses.replace(futures, counted=counted), handed=handed)


@dataclasses.dataclass(frozen=True)
class OutbreakModel:
    """The outbreak model as the one that takes over.

    populations: of the counties that may be handed over, each alone in its population.
    """

    populations: Mapping[str, Population]
    option: Option
    model: outbreak.Model
    seed: int

    def take_over(self, handover: Handover) -> I64:
        """One run from the registered cases; refuses a county without a population."""
        if handover.county not in self.populations:
            raise BadInput(
                "whatif.no_population",
                f"County {handover.county} passed the threshold and has no population of persons; "
                "give one or raise the threshold.",
                county=handover.county,
            )
        people = self.populations[handover.county]
        answer = outbreak_solve.simulate(
            people,
            self.start(handover, len(people)),
            [self.option],
            model=self.model,
            days=handover.days,
            runs=1,
            seed=self._seed(handover),
            threads=1,
        )
        names = ("infections", "detected_community", "detected_in_quarantine")
        columns = [answer.of(self.option.name, name)[0] for name in names]
        return np.round(np.column_stack(columns)).astype(np.int64)

    def _seed(self, handover: Handover) -> int:
        """The same for every option: options share the luck of a run."""
        return self.seed + 1_000_003 * handover.run

    def start(self, handover: Handover, people: int) -> outbreak.Start:
        """The cases as registered; who they are is drawn by run, their other days are unknown."""
        count = handover.found_d.size
        if count > people:
            raise BadInput(
                "whatif.population",
                f"County {handover.county} has {count} cases and only {people} people of its own.",
            )
        key = chance.key(self._seed(handover), "handed over")
        who = np.argsort(chance.uniform(key, np.arange(people)), kind="stable")[:count]
        unknown = np.full(count, outbreak.NEVER, dtype=np.int32)
        return outbreak.Start(
            person=np.sort(who).astype(np.int32),
            infected_day=unknown,
            onset_day=unknown.copy(),
            found_h=(handover.found_d * DAY_H).astype(np.int32),
        )

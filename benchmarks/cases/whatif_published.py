"""Published outbreaks again: Yangzhou and Xi'an without screening, how long Fujian took.

The outbreak model is calibrated to the cases of each day under the rounds that were held, then
asked what the rounds did, everything else equal.  Nothing is turned toward the published answers:
they come from compartment models whose assumptions are not ours, and are only set beside.

Li, Bai and Tang 2023, BMC Infect Dis 23, doi:10.1186/s12879-023-08265-1: without screening 77.7 %
more confirmed cases in Yangzhou, 62.2 % in Xi'an.  Yuan et al. 2022, Infect Dis Poverty 11,
doi:10.1186/s40249-022-01030-7: Fujian's outbreak ends in 30 (28-33) days after 10 (9-11) rounds.
BMC Infect Dis 2022, 22, doi:10.1186/s12879-022-07816-2: Yangzhou with a round every 6
days instead of every day has 642 instead of 311 cases.
"""

from __future__ import annotations

import dataclasses
import functools
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.cases import whatif_published_data as data
from zhongshu.engines.whatif import answers, options
from zhongshu.engines.whatif.calibrate import model as knobs
from zhongshu.engines.whatif.calibrate import solve as calibrate
from zhongshu.engines.whatif.outbreak import model, solve
from zhongshu.kernel.disease.params import Care

F64 = NDArray[np.float64]
PRIORS = (
    knobs.log_uniform("transmission", 0.4, 1.6),
    knobs.uniform("strictness", 0.0, 0.9),
    knobs.uniform("recall", 0.2, 1.0),
    knobs.uniform("sensitivity", 0.2, 0.95),
)
EFFORT = knobs.Effort(particles=80, keep=0.4, rounds=6, simulations=900, least_accepted=0.02)
DRAWN, HORIZON = 80, 60  # fitted outbreaks asked, days
SPAN_D = 2  # days of cases compared together
LAB_H = 8.0  # from a sample to its result; a pool that is opened takes two of them
IN_PLACES = 0.1  # of `recall`: so many contacts as the towns reported, 30 to 60 a case


@dataclasses.dataclass(frozen=True)
class Assumed:
    """What is not fitted.  care_d: median days from onset to confirmation by symptoms alone;
    most_sensitive: largest sensitivity of a round the fit may find; delay_h: of tracing;
    positives: whether the fit sees the positives reported of rounds, where there are any."""

    care_d: float = 4.0
    most_sensitive: float = 0.95
    delay_h: int = 24
    positives: bool = True


ASSUMED = {
    "as reported": Assumed(),
    "fitted to cases only": Assumed(positives=False),
    "care after 2 days": Assumed(care_d=2.0),
    "rounds at most 0.5 sensitive": Assumed(most_sensitive=0.5),
    "tracing within 12 hours": Assumed(delay_h=12),
}


def option(
    name: str, outbreak: data.Outbreak, found: F64, assumed: Assumed,
    held: list[data.Held] | None = None,
) -> options.Option:  # fmt: skip
    """The measures of the town with the fitted figures; `held` instead of its own rounds."""
    _, strictness, recall, sensitivity = found
    rounds = data.rounds(outbreak) if held is None else held
    return options.Option(
        name,
        areas=tuple(
            options.Area(data.TOWN, from_hour=hour, strictness=float(strictness))
            for hour in outbreak.closed
        ),
        rounds=data.series(rounds, sensitivity=float(sensitivity)),
        tracing=options.Tracing(
            depth=1, delay_h=assumed.delay_h, recall=float(recall), recall_home=1.0,
            recall_places=float(recall) * IN_PLACES, recall_community=float(recall) / 2, since_d=4,
        ),
        isolation=options.Isolation(
            contacts="central", days=21, tests_d=(1, 4, 7, 14), sensitivity=0.95
        ),
        capacities=options.Capacities(lab_hours=LAB_H),
    )  # fmt: skip


def disease(transmission: float, assumed: Assumed) -> model.Model:
    care = dataclasses.replace(Care(), median_d=assumed.care_d)
    return model.Model(care=care, mixing=model.Mixing(transmission=transmission))


@dataclasses.dataclass(frozen=True)
class Simulator:
    """The town for `calibrate.fit`: roots are taken of cases found in every two days and, where
    they were reported, of people found outside isolation by each round."""

    outbreak: data.Outbreak
    assumed: Assumed
    days: int

    @functools.cached_property
    def town(self) -> tuple[Any, model.Start]:
        population = data.people(self.outbreak)
        return population, data.start(self.outbreak, population)

    def answers(
        self, found: F64, several: list[options.Option], *, days: int, runs: int, seed: int
    ) -> answers.Answer:
        population, begun = self.town
        return solve.simulate(
            population, begun, several, model=disease(float(found[0]), self.assumed),
            days=days, runs=runs, seed=seed, threads=min(2, runs),
        )  # fmt: skip

    def simulate(self, parameters: F64, *, seeds: NDArray[np.int64]) -> F64:
        del seeds  # the luck goes with the parameters: what was fitted can be met again
        made = []
        for found in parameters:
            only = [option("held", self.outbreak, found, self.assumed)]
            answer = self.answers(found, only, days=self.days, runs=1, seed=luck(found))
            community = answer.of("held", "detected_community")
            made.append(
                self.seen(answer.of("held", "detected")[0], by_round(self.rounds, community)[0])
            )
        return np.stack(made)

    @functools.cached_property
    def rounds(self) -> list[data.Held]:
        """Those whose positives are fitted."""
        known = [one for one in data.rounds(self.outbreak) if not np.isnan(one.positives)]
        return known if self.assumed.positives else []

    def seen(self, cases: F64, positives: F64) -> F64:
        """What is compared."""
        spans = np.add.reduceat(cases, np.arange(0, len(cases), SPAN_D))
        return np.concatenate((spans, positives))

    def wanted(self) -> F64:
        cases = data.daily(self.outbreak)[1][: self.days].astype(np.float64)
        return self.seen(cases, np.array([one.positives for one in self.rounds]))


def luck(found: F64) -> int:
    """The seed of an outbreak with these parameters."""
    return zlib.crc32(np.ascontiguousarray(found, dtype=np.float64).tobytes())


def by_round(rounds: list[data.Held], community: F64) -> F64:
    """(..., rounds) people found outside isolation on the days on which results of a round come,
    of (..., days); whoever sought care on those days is among them."""
    parts = []
    for one in rounds:
        first, last = (int((one.hour + h + 2 * LAB_H) // 24) for h in (0, one.hours - 1))
        parts.append(community[..., first : last + 1].sum(axis=-1))
    return np.stack(parts, axis=-1) if parts else np.zeros((*community.shape[:-1], 0))


def priors(assumed: Assumed) -> tuple[knobs.Prior, ...]:
    return (*PRIORS[:3], knobs.uniform("sensitivity", 0.2, assumed.most_sensitive))


def calibrated(
    outbreak: data.Outbreak, assumed: Assumed, *, days: int | None = None,
    effort: knobs.Effort = EFFORT,
) -> tuple[Simulator, knobs.Calibrated]:  # fmt: skip
    """Fitted to the first `days` days of cases, or to all."""
    simulator = Simulator(outbreak, assumed, days or len(data.daily(outbreak)[1]))
    found = calibrate.fit(
        simulator, simulator.wanted(), priors(assumed), seed=data.SEED, effort=effort
    )
    return simulator, found


def asked(
    simulator: Simulator,
    found: knobs.Calibrated,
    several: dict[str, list[data.Held] | None],
    *,
    drawn: int = DRAWN,
    days: int = HORIZON,
) -> dict[str, dict[str, F64]]:
    """(outbreaks, days) of each option and of the measures below: the outbreaks that were fitted,
    each over its own luck, so that only the rounds are changed."""
    particles = found.drawn(drawn, rng=np.random.default_rng(data.SEED))
    measures = ("detected", "infections", "detected_community")
    kept: dict[str, dict[str, list[F64]]] = {
        name: {measure: [] for measure in measures} for name in several
    }
    for one in particles:
        made = [
            option(name, simulator.outbreak, one, simulator.assumed, held)
            for name, held in several.items()
        ]
        answer = simulator.answers(one, made, days=days, runs=1, seed=luck(one))
        for name in several:
            for measure in measures:
                kept[name][measure].append(answer.of(name, measure)[0])
    return {
        name: {measure: np.stack(values) for measure, values in each.items()}
        for name, each in kept.items()
    }


def more(without: F64, held: F64, registered: int, days: int) -> F64:
    """(outbreaks,) how many times more in the total of `days` days, the register counted."""
    totals = [one[:, :days].sum(axis=1) + registered for one in (without, held)]
    return np.asarray(totals[0] / totals[1] - 1.0)


def spread(values: F64) -> tuple[float, float, float]:
    """Median and the limits of the middle 95 %."""
    low, middle, high = np.quantile(values, (0.025, 0.5, 0.975))
    return float(middle), float(low), float(high)

"""The county model as a simulator that calibration can turn: r0, how many began it, how many show.

`calibrate.solve.fit(CountyCases(...), cases, priors, seed=...)`, priors named as PARAMETERS.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif.counties import solve, stages
from zhongshu.engines.whatif.counties.model import F64, I64, Course, Plan, Province, Run
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

PARAMETERS = ("r0", "seeds", "shown")


@dataclasses.dataclass(frozen=True)
class CountyCases:
    """Daily cases of the province from an outbreak that began on the plan's first day.

    county: index of the county where it began.  by: `onsets` or `found`; of the onsets the share
    `shown` becomes known (of the found all are known, and `shown` must not be given).
    delay: (k,) probability of a case's becoming known 0, 1 .. days later; (1.0,) for none.
    skipped_d: first days of the plan that lie before the days of the cases.
    parameters: the names of the columns, of PARAMETERS, in their order.
    """

    province: Province
    course: Course
    plan: Plan
    county: int
    parameters: tuple[str, ...] = PARAMETERS
    by: str = "onsets"
    delay: tuple[float, ...] = (1.0,)
    skipped_d: int = 0
    steps_per_day: int = 2

    def __post_init__(self) -> None:
        wanted = PARAMETERS if self.by == "onsets" else PARAMETERS[:2]
        if self.by not in {"onsets", "found"} or self.parameters != wanted:
            raise BadInput(
                "whatif.parameters",
                f"Cases by {self.by!r} are fitted by {', '.join(wanted)}, in this order.",
            )
        if abs(sum(self.delay) - 1.0) > 1e-9 or min(self.delay) < 0:
            raise BadInput("whatif.delay", "The probabilities of the delay must add up to 1.")

    def simulate(self, parameters: F64, *, seeds: I64) -> F64:
        """See `calibrate.model.Simulator`."""
        rows = zip(parameters, seeds, strict=True)
        return np.stack([self.one(row, seed=int(seed)) for row, seed in rows])

    def start(self, seeds: float) -> I64:
        """So many in their first latent stage in the county, ages by its people."""
        begun = solve.empty_start(self.province, self.course)
        people = self.province.people[self.county]
        shares = np.cumsum(people) / people.sum() * max(round(seeds), 1)
        each = np.minimum(np.diff(np.round(shares).astype(np.int64), prepend=0), people)
        begun[self.county, :, stages.SUSCEPTIBLE] -= each
        begun[self.county, :, stages.FIRST] += each
        return begun

    def one(self, row: F64, *, seed: int) -> F64:
        """(days,) known cases of one future."""
        given = dict(zip(self.parameters, row, strict=True))
        run = Run(runs=1, seed=seed, steps_per_day=self.steps_per_day, threads=1)
        future = solve.simulate(
            self.province, self.course, self.plan, self.start(given["seeds"]), run=run,
            r0=given["r0"],
        )  # fmt: skip
        rng = stream(seed, "known")
        if self.by == "onsets":
            known = rng.binomial(future.daily("onsets")[0], given["shown"])
        else:
            known = future.daily("found")[0] + future.daily("traced")[0]
        return self.delayed(known, rng)[self.skipped_d :]

    def delayed(self, known: I64, rng: np.random.Generator) -> F64:
        """Each day's cases spread over the days on which they become known."""
        out = np.zeros(known.size + len(self.delay))
        for day, count in enumerate(known):
            out[day : day + len(self.delay)] += rng.multinomial(count, self.delay)
        return out[: known.size]

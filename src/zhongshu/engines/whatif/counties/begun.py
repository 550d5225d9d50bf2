"""A start from the registered cases of each county, and the simulator that is fitted from there."""

from __future__ import annotations

import concurrent.futures
import dataclasses

import numpy as np

from zhongshu.engines.whatif.counties import solve, stages
from zhongshu.engines.whatif.counties.model import F64, I64, Course, Plan, Province, Run
from zhongshu.kernel.errors import BadInput

PARAMETERS = ("r0", "unfound")
"""r0: infections by one where nothing is done; unfound: infected and not found for each case
registered of late, the under-ascertainment a start needs."""


def start(province: Province, course: Course, cases: F64, *, unfound: float) -> I64:
    """(counties, ages, compartments): so many infected and not found for each case, over the
    latent stages and the ages of the county; the registered themselves infect nobody any more.

    cases: (counties,) registered of late.  Refuses numbers below zero.
    """
    if cases.shape != (len(province.codes),) or cases.min() < 0 or unfound < 0:
        raise BadInput(
            "whatif.registered", "Give the recent cases of each county, none below zero."
        )
    begun = solve.empty_start(province, course)
    latent = course.latent_stages
    for n, people in enumerate(province.people):
        upto = np.round(np.cumsum(people) / people.sum() * round(cases[n] * unfound))
        each = np.minimum(np.diff(upto.astype(np.int64), prepend=0), people)
        for stage in range(latent):
            begun[n, :, stages.FIRST + stage] = (each + latent - 1 - stage) // latent
        begun[n, :, stages.SUSCEPTIBLE] -= each
    return begun


@dataclasses.dataclass(frozen=True)
class ProvinceCases:
    """Cases found in the province on each day of a plan that begins with registered cases.

    cases: (counties,) as `start` takes them.  Parameters in the order of PARAMETERS.
    """

    province: Province
    course: Course
    plan: Plan
    cases: F64
    steps_per_day: int = 2
    threads: int = 2

    def simulate(self, parameters: F64, *, seeds: I64) -> F64:
        """See `calibrate.model.Simulator`."""
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            rows = pool.map(self._one, parameters, seeds)
        return np.stack(list(rows))

    def _one(self, row: F64, seed: int) -> F64:
        run = Run(runs=1, seed=int(seed), steps_per_day=self.steps_per_day, threads=1)
        begun = start(self.province, self.course, self.cases, unfound=float(row[1]))
        future = solve.simulate(
            self.province, self.course, self.plan, begun, run=run, r0=float(row[0])
        )
        return np.asarray(future.daily("found")[0] + future.daily("traced")[0], dtype=np.float64)

"""The outbreak model as a simulator that calibration can turn: `PersonCases(...)`.

`calibrate.solve.fit(PersonCases(...), cases, priors, seed=...)`, priors named as
`turned.PARAMETERS`, in their order.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif import answers
from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak import state as memory
from zhongshu.engines.whatif.outbreak import step
from zhongshu.engines.whatif.outbreak.model import DAY_H, F64, Model, Start, tables
from zhongshu.engines.whatif.outbreak.plan import plan
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.solve import BEFORE_D, Cases, check
from zhongshu.engines.whatif.outbreak.turned import turned
from zhongshu.kernel import chance

I64 = NDArray[np.int64]
SWAMPED = 1e9
"""Cases of each day of a future that touches more than MOST_ROWS people: like no outbreak seen."""
MOST_ROWS = 1 << 17  # contacts too


@dataclasses.dataclass(frozen=True)
class PersonCases:
    """Cases found on each of the `days` days after `start`, under what was in force then.

    start: the cases registered by the morning of the first day.  option: the measures.
    most: cases found in all at which a future is broken off, far more than were seen: it could
        not be accepted any more, and its last days would take most of the time.
    """

    population: Population
    start: Start
    option: Option
    model: Model
    days: int
    most: float
    threads: int = 2

    def __post_init__(self) -> None:
        check(
            self.population, self.start, [self.option],
            days=self.days, runs=1, threads=self.threads,
        )  # fmt: skip

    def simulate(self, parameters: F64, *, seeds: I64) -> F64:
        """See `calibrate.model.Simulator`; columns in the order of `turned.PARAMETERS`."""
        out: F64 = np.full((len(parameters), self.days), SWAMPED)
        shares = np.array_split(np.arange(len(parameters)), self.threads)
        with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
            list(pool.map(lambda share: self._some(share, parameters, seeds, out), shares))
        return out

    def _some(self, share: I64, parameters: F64, seeds: I64, out: F64) -> None:
        plan_, given = plan(self.option, self.population, self.days), tables(self.model)
        cases = Cases(*(getattr(self.start, name) for name in Cases._fields))
        before = max(1, BEFORE_D - int(self.start.found_h.min()) // DAY_H)
        tiers = len(plan_.rooms) + len(plan_.beds)
        state = memory.make(
            np.full(len(self.population), -1, dtype=np.int32),
            rows=MOST_ROWS, days=self.days + before, tiers=tiers, areas=len(plan_.area),
        )  # fmt: skip
        told = np.zeros((1, self.days, len(answers.MEASURES) + tiers), dtype=np.float32)
        for at in share:
            key = np.array([chance.key(int(seeds[at]), "whatif", 0)], dtype=np.uint64)
            done = step.run_all(
                state, self.population.people, turned(given, parameters[at]), plan_, cases,
                key, self.days, before, self.most, told,
            )  # fmt: skip
            if done:  # days after the break are not written
                out[at] = told[0, :, step.DETECTED]

"""The bound: prices of the aims first, then branches on the blocks, best bound first.

Every value of the relaxed aims holds for every zoning within them, so the least value among the
open branches is a bound whenever it is asked for.
"""

from __future__ import annotations

import dataclasses
import heapq

import numpy as np

from zhongshu.engines.zoning.planning.ascend import ENOUGH, Ascent, Guide, Late
from zhongshu.engines.zoning.planning.model import Floats, Mask
from zhongshu.engines.zoning.planning.relaxed import Held, Prices, Relaxed
from zhongshu.engines.zoning.planning.task import Task

Branch = tuple[float, int, Held, Prices]
BRANCH_STEPS, BRANCH_LENGTH = 12, 0.3


@dataclasses.dataclass
class Proof:
    """bound: no zoning costs less; the best cost known when none is left to find below it."""

    task: Task
    steps: int
    nodes: int
    guide: Guide
    late: Late
    best: float
    bound: float = -np.inf

    def run(self, known: Mask) -> float:
        """The bound; prices and branches until work or time is used up, or the gap closed."""
        self.relaxed, self.count, self.leaf = Relaxed(self.task), 0, np.inf
        root = self._ascend({}, self.relaxed.first(known), self.steps, 1.0)
        self.bound = min(root.top, self.best)
        if not self._closed(self.bound):
            self._branch(root)
        return self.bound

    def _ascend(self, held: Held, prices: Prices, steps: int, length: float) -> Ascent:
        ascent = Ascent(self.relaxed, held, prices, self.best, self.guide, self.late)
        ascent.run(steps, length)
        self.best = min(self.best, ascent.best)
        return ascent

    def _closed(self, value: float) -> bool:
        return value >= self.best - ENOUGH * abs(self.best)

    def _branch(self, root: Ascent) -> None:
        heap: list[Branch] = []
        self._divide(heap, self.bound, root)
        for _ in range(self.nodes):
            if not heap or self._closed(self.bound) or self.late():
                break
            value, _, held, prices = heapq.heappop(heap)
            ascent = self._ascend(held, prices, BRANCH_STEPS, BRANCH_LENGTH)
            value = max(value, ascent.top)
            if not self._closed(value):
                self._divide(heap, value, ascent)
            least = heap[0][0] if heap else np.inf
            self.bound = max(self.bound, min(least, self.leaf, self.best))

    def _divide(self, heap: list[Branch], value: float, ascent: Ascent) -> None:
        """Two branches, a block closed or open; none are left where all blocks are held."""
        pick = self._choose(ascent.mean / max(ascent.weight, 1.0), ascent.held)
        if pick is None:
            self.leaf = min(self.leaf, value)
            return
        for side in (1, 0):
            self.count += 1
            heapq.heappush(heap, (value, self.count, {**ascent.held, pick: side}, ascent.prices))

    def _choose(self, mean: Floats, held: Held) -> int | None:
        """A block that the relaxed zonings disagree about, with much at stake."""
        task = self.task
        stake = np.minimum(mean, 1.0 - mean) + 1e-6
        stake *= task.cost / (task.cost.mean() + 1e-9) + task.risk / task.risk.max() + 1e-3
        stake[list(held)] = 0.0
        return int(stake.argmax()) if stake.max() > 0 else None

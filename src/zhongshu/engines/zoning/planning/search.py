"""The search for zonings: grown from seeds, annealed, and guided by the bound."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from zhongshu.engines.zoning.planning import anneal, grow
from zhongshu.engines.zoning.planning.model import Effort, Floats, Mask
from zhongshu.engines.zoning.planning.task import SLACK, Task
from zhongshu.kernel.random import stream

HOT, COLD = 1.0, 0.01  # first and last temperature, in mean costs of a block
WARM = 0.2  # first temperature where a good zoning is given
GUIDED = 5  # a guided search makes a fifth of the moves


@dataclasses.dataclass
class Search:
    """The best zoning so far, and the others found on the way.

    cost: of `best`, inf while none keeps the aims; `best` then covers most.
    found: (cost, closed) of each restart.
    """

    task: Task
    effort: Effort
    elapsed: Callable[[], float]
    best: Mask
    cost: float = float("inf")

    def __post_init__(self) -> None:
        self.found: list[tuple[float, Mask]] = []
        self.trace: list[tuple[float, float]] = []
        self.draws = 0
        task, aims = self.task, self.task.aims
        self.graph = (task.indptr, task.indices, task.joined, task.cut)
        self.limits = (
            aims.share - SLACK,
            float(aims.zones),
            aims.zone_cost,
            task.zone_people,
            task.all_people,
            task.all_days,
        )
        shape = (task.blocks, task.blocks)
        rows = sparse.csr_matrix((task.joined, task.indices, task.indptr), shape, copy=True)
        rows.eliminate_zeros()  # borders that no zone reaches across
        self.part = csgraph.connected_components(rows, directed=False)[1].astype(np.int32)
        self.part_risk = np.bincount(self.part, task.risk).astype(np.float64)

    def late(self) -> bool:
        limit = self.effort.seconds
        return limit is not None and self.elapsed() >= limit

    def numbers(self, cost: Floats | None = None) -> tuple[Floats, Floats, Floats, Floats]:
        task = self.task
        return (task.cost if cost is None else cost, task.risk, task.people, task.person_days)

    def first(self, noise: Floats) -> Any:
        """Grown from seeds; covers the share if the seeds reach it, and may pass other maxima."""
        task, aims = self.task, self.task.aims
        cost = np.maximum(task.cost, 1e-6 * (task.cost.mean() + 1e-9))
        begun = grow.seeds(
            (task.risk, cost, noise),
            self.graph,
            (self.part, self.part_risk),
            aims.zones,
            aims.share,
        )
        return grow.grow(begun, task.risk, cost, self.graph, aims.share - SLACK)

    def polish(self, start: Any, moves: int, heat: float, cost: Floats | None = None) -> float:
        """Anneals from `start`; keeps what is better.  cost: other costs to search by."""
        task = self.task
        scale = max(float(task.cost.mean()), 1e-9)
        whole = max(float(task.cost[np.asarray(start) > 0].sum()), scale)
        self.draws += 1
        chance = stream(self.effort.seed, "anneal", self.draws)
        crowd = 2.0 * float(task.cost.sum()) / max(1.0, float(task.people.sum()))
        prices = np.array([3.0 * whole, 0.2 * whole, crowd])
        closed, value = anneal.run(
            np.asarray(start, dtype=np.uint8),
            (self.numbers(cost), self.graph, self.limits, prices, chance),
            (heat * scale, COLD * scale, moves),
        )
        self.offer(closed.astype(bool), kept=bool(np.isfinite(value)))
        return self.cost

    def offer(self, closed: Mask, *, kept: bool) -> None:
        """Takes a zoning in; `kept`: it keeps every aim."""
        if not kept:
            if self.cost == float("inf") and self._share(closed) > self._share(self.best):
                self.best = closed
            return
        value = self.value(closed)
        self.found.append((value, closed))
        if value < self.cost - 1e-9:
            self.best, self.cost = closed, value
            self.trace.append((self.elapsed(), value))

    def value(self, closed: Mask) -> float:
        return self.judge(closed)[0]

    def judge(self, closed: Mask) -> tuple[float, bool]:
        """(cost, whether every aim is kept)."""
        inside = closed.astype(np.uint8)
        label = np.full(len(inside), -1, np.int32)
        zones = anneal.label_zones(inside, self.graph, label)
        case = (self.numbers(), self.graph, self.limits, np.zeros(3), stream(0, "unused"))
        _, total, kept = anneal.value(inside, label, float(zones), case)
        return float(total) + self.task.constant, bool(kept)

    def run(self) -> None:
        """Restarts from other seeds, each annealed, until the work or the time is used up."""
        task = self.task
        for turn in range(max(1, self.effort.restarts)):
            rng = stream(self.effort.seed, "seeds", turn)
            noise = np.ones(task.blocks) if turn == 0 else rng.lognormal(0.0, 0.5, task.blocks)
            start = self.first(noise)
            self.offer(start > 0, kept=self.judge(start > 0)[1])
            if self.late():
                return
            self.polish(start, self.effort.moves, HOT)

    def guided(self, closed: Mask) -> float:
        """Searches near a zoning that keeps the aims nearly, and near the best."""
        moves = self.effort.moves // GUIDED
        self.polish(closed, moves, WARM)
        return self.polish(self.best, moves, WARM)

    def _share(self, closed: Mask) -> float:
        return float(self.task.risk[closed].sum()) if self.judge_maxima(closed) else 0.0

    def judge_maxima(self, closed: Mask) -> bool:
        """Whether every maximum is kept, the share set aside."""
        limits, self.limits = self.limits, (0.0, *self.limits[1:])
        try:
            return self.judge(closed)[1]
        finally:
            self.limits = limits

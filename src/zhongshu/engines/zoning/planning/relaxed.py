"""The aims relaxed: each has a price instead, and what is left is solved exactly.

Whatever the prices, the least cost with prices is a bound on every zoning within the aims
(Geoffrion, Lagrangean relaxation for integer programming, 1974).  A border a-b costs
cut x |x_a - x_b|, which is the greatest of cut x s x (x_a - x_b) over s in -1..1: any s gives a
bound, and moves what the border costs onto the blocks.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.zoning.planning import forest
from zhongshu.engines.zoning.planning.model import Floats, Mask
from zhongshu.engines.zoning.planning.task import SLACK, Task

Held = dict[int, int]  # block -> 1 closed, 0 open


@dataclasses.dataclass(frozen=True)
class Prices:
    """aims: per unit by which an aim is missed, not below zero; borders: s of each, -1..1."""

    aims: Floats
    borders: Floats


@dataclasses.dataclass(frozen=True)
class Answer:
    """value: the bound these prices give.  closed: blocks of the cheapest zones under them.

    missed: how far each aim is missed (below zero: kept with room); step: x_a - x_b by border.
    """

    value: float
    closed: Mask
    counted: Mask
    missed: Floats
    step: Floats
    exact: bool


class Relaxed:
    """Aims as rows: blocks @ closed + zone x zones <= limit."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.ways = (task.indptr, task.indices, task.joined)
        rows = np.repeat(np.arange(task.blocks), np.diff(task.indptr))
        once = (rows < task.indices) & (task.cut > 0)
        self.a, self.b = rows[once], task.indices[once].astype(np.int64)
        self.cut = task.cut[once]
        self.big = 4.0 * (float(task.cost.sum() + task.cut.sum()) + task.aims.zone_cost + 1.0)
        self._aims()

    def _aims(self) -> None:
        task, none = self.task, np.zeros(self.task.blocks)
        mean = float(task.cost.mean()) + 1e-9
        crowd = mean / max(float(task.people.mean()), 1e-9)
        dear = _dearest(task)
        # (by block, by zone, limit, a usual price)
        aims = [
            (-task.risk, 0.0, -(task.aims.share - SLACK), dear),
            (none, 1.0, float(task.aims.zones), 10.0 * max(task.aims.zone_cost, mean)),
            (task.people, -task.zone_people, 0.0, crowd),
            (task.people, 0.0, task.all_people, crowd),
            (task.person_days, 0.0, task.all_days, mean / max(task.person_days.mean(), 1e-9)),
        ]
        kept = [one for one in aims if np.isfinite(one[1]) and np.isfinite(one[2])]
        self.blocks = np.array([one[0] for one in kept])
        self.zone, self.limit, self.usual = (
            np.array([one[n] for one in kept], dtype=float) for n in (1, 2, 3)
        )

    def first(self, best: Mask) -> Prices:
        """Prices to begin with: the risk dear enough, the borders of the best zoning known."""
        aims = np.zeros(len(self.limit))
        aims[0] = self.usual[0]
        closed = best.astype(float)
        return Prices(aims, 0.9 * (closed[self.a] - closed[self.b]))

    def within(self, prices: Prices) -> Prices:
        """The nearest prices that are allowed; a zone is never paid for."""
        aims = np.maximum(prices.aims, 0.0)
        paid = -float(np.minimum(self.zone, 0.0) @ aims)
        room = self.task.aims.zone_cost + float(np.maximum(self.zone, 0.0) @ aims)
        if paid > room:
            aims = np.where(self.zone < 0, aims * room / paid, aims)
        return Prices(aims, np.clip(prices.borders, -1.0, 1.0))

    def hopeless(self, held: Held) -> bool:
        """Whether what is held alone passes an aim, however the other blocks are chosen."""
        most = np.ones(self.task.blocks, dtype=bool)
        sure = np.zeros(self.task.blocks, dtype=bool)
        most[[i for i, side in held.items() if not side]] = False
        sure[[i for i, side in held.items() if side]] = True
        least = np.where(self.blocks < 0, self.blocks * most, self.blocks * sure).sum(axis=1)
        return bool(((self.zone >= 0) & (least > self.limit + SLACK)).any())

    def solve(self, prices: Prices, held: Held, room: int) -> Answer:
        """Blocks in `held` are closed or open; room: of the dynamic program."""
        task = self.task
        weight = -(task.cost + prices.aims @ self.blocks)
        moved = prices.borders * self.cut
        weight -= np.bincount(self.a, moved, task.blocks) - np.bincount(self.b, moved, task.blocks)
        spare = self._hold(weight, held)
        zone_cost = max(0.0, task.aims.zone_cost + float(prices.aims @ self.zone))
        found = forest.cheapest(weight, zone_cost, self.ways, room)
        counted = found.closed | found.given
        return Answer(
            value=found.value + spare + task.constant - float(prices.aims @ self.limit),
            closed=found.closed,
            counted=counted,
            missed=self.blocks @ counted + self.zone * found.zones - self.limit,
            step=counted[self.a].astype(float) - counted[self.b],
            exact=not found.given.any(),
        )

    def _hold(self, weight: Floats, held: Held) -> float:
        """Makes held blocks sure to be closed or open; what that adds to the weights."""
        spare = 0.0
        for i, side in held.items():
            if side:
                sure = max(weight[i], 0.0) + self.big
                spare += sure - weight[i]
                weight[i] = sure
            else:
                weight[i] = -np.inf
        return spare


def _dearest(task: Task) -> float:
    """Cost of a unit of risk where the share would be reached if blocks could be closed alone."""
    each = task.cost / np.maximum(task.risk, 1e-12)
    order = np.argsort(each, kind="stable")
    reached = np.searchsorted(np.cumsum(task.risk[order]), task.aims.share - SLACK)
    return float(each[order[min(int(reached), task.blocks - 1)]])

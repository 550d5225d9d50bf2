"""The bound: cut rounds on the linear program, then branching on the blocks, best bound first.

Every row holds for every zoning within the aims, so the least value among the open branches is a
bound whenever it is asked for.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Callable

import numpy as np

from zhongshu.engines.zoning.planning import separate
from zhongshu.engines.zoning.planning.model import Floats, Mask
from zhongshu.engines.zoning.planning.program import INFINITE, Program
from zhongshu.engines.zoning.planning.task import Task

CUTS, DEPTH, VIOLATED = 150, 3, 0.02  # rows a round, nested rows a block, violation that counts
STALL_ROUNDS, STALL_GAIN = 8, 1e-3  # rounds that together gain less than this share end the root
NODE_ROUNDS = 4
GUIDES = 4  # cut rounds between two searches guided by the program

Guide = Callable[[Floats], float]  # a fractional zoning -> cost of the best zoning known
Late = Callable[[], bool]


@dataclasses.dataclass
class Proof:
    """bound: no zoning costs less; inf when none is left to find below the best known."""

    task: Task
    rounds: int
    nodes: int
    guide: Guide
    late: Late
    best: float
    bound: float = -INFINITE
    leaf: float = INFINITE  # least value of a branch that nothing can be divided on

    def run(self) -> float:
        """The bound; rows and branches until the work or the time is used up, or the gap closed."""
        self.program = Program(self.task)
        graph = (self.task.indptr, self.task.indices, self.task.joined, self.task.cut)
        self.net = separate.network(graph)
        root = self._root()
        if root is not None and self.nodes and not self.late():
            self._branch(root)
        return self.bound

    def _rows(self, x: Floats, y: Floats, t: Floats) -> int:
        """Adds the rows that are violated; how many."""
        added = self.program.borders(x, t) + self.program.roots(x, y)
        targets = np.argsort(-x, kind="stable")
        targets = targets[x[targets] > 2 * VIOLATED]
        owners, marks = separate.find(x, y, self.net, targets, (CUTS, DEPTH, VIOLATED))
        for owner, mark in zip(owners, marks, strict=True):
            self.program.separator(int(owner), np.flatnonzero(mark == 1), np.flatnonzero(mark == 2))
        return added + len(owners)

    def _root(self) -> Floats | None:
        """The last fractional zoning of the root, None when nothing is left to branch on."""
        values: list[float] = []
        x: Floats | None = None
        for done in range(self.rounds):
            answer = self.program.solve()
            if answer is None:
                self.bound = INFINITE
                return None
            value, x, y, t, reduced = answer
            if value == -INFINITE:
                break
            self.bound = max(self.bound, value)
            values.append(value)
            if done % GUIDES == GUIDES - 1:
                self.best = min(self.best, self.guide(x))
            if self._closed() or self.late() or not self._rows(x, y, t) or _stalled(values):
                break
            self._fix(value, x, reduced)
        if x is not None:
            self.best = min(self.best, self.guide(x))
        return None if self._closed() else x

    def _closed(self) -> bool:
        return self.bound >= self.best - 1e-6 * abs(self.best)

    def _fix(self, value: float, x: Floats, reduced: Floats) -> None:
        """Blocks whose reduced cost alone exceeds the gap stay open, or closed, for good."""
        if not np.isfinite(self.best):
            return
        gap = self.best - value
        for i in np.flatnonzero((reduced > gap) & (x < 1e-9)):
            self.program.fix(int(i), 0.0, 0.0)
        for i in np.flatnonzero((reduced < -gap) & (x > 1 - 1e-9)):
            self.program.fix(int(i), 1.0, 1.0)

    def _branch(self, x: Floats) -> None:
        heap: list[tuple[float, int, dict[int, int]]] = []
        counter = 0
        held: dict[int, int] = {}
        pick = self._choose(x)
        if pick is None:
            return
        lows = np.array(self.program.highs.getLp().col_lower_)[: self.task.blocks]
        highs = np.array(self.program.highs.getLp().col_upper_)[: self.task.blocks]
        self._free = lows, highs
        for side in (1, 0):
            heapq.heappush(heap, (self.bound, counter, {pick: side}))
            counter += 1
        for _ in range(self.nodes):
            if not heap or self._closed() or self.late():
                break
            value, _, fixes = heapq.heappop(heap)
            self._move(held, fixes)
            held = fixes
            value, x_node = self._node(value)
            if x_node is not None and value < self.best - 1e-9:
                pick = self._choose(x_node, fixes)
                if pick is None:
                    # Nothing fractional and no row missed within the tolerances: keep its value.
                    self.leaf = min(self.leaf, value)
                else:
                    for side in (1, 0):
                        heapq.heappush(heap, (value, counter, {**fixes, pick: side}))
                        counter += 1
            least = min(heap[0][0] if heap else INFINITE, self.leaf, self.best)
            self.bound = max(self.bound, least)

    def _move(self, held: dict[int, int], fixes: dict[int, int]) -> None:
        lows, highs = self._free
        for i in held:
            if i not in fixes:
                self.program.fix(i, lows[i], highs[i])
        for i, side in fixes.items():
            self.program.fix(i, max(side, lows[i]), min(side, highs[i]))

    def _node(self, value: float) -> tuple[float, Floats | None]:
        """(bound of the branch, its fractional zoning); (inf, None) when it is empty."""
        x: Floats | None = None
        for done in range(NODE_ROUNDS):
            answer = self.program.solve()
            if answer is None:
                return INFINITE, None
            x, y, t = answer[1:4]
            if answer[0] == -INFINITE:
                break
            value = max(value, answer[0])
            if value >= self.best or self.late() or done == NODE_ROUNDS - 1:
                break
            if not self._rows(x, y, t):
                break
        assert x is not None
        if value < self.best:
            self.best = min(self.best, self.guide(x))
        return value, x

    def _choose(self, x: Floats, fixes: dict[int, int] | None = None) -> int | None:
        """The block to branch on: far from whole, and with much at stake."""
        away = np.minimum(x, 1 - x)
        stake = away * (self.task.risk / self.task.risk.max() + 0.1)
        stake[away < 1e-6] = 0.0
        for i in fixes or {}:
            stake[i] = 0.0
        return int(stake.argmax()) if stake.max() > 0 else None


def _stalled(values: list[float]) -> bool:
    if len(values) <= STALL_ROUNDS:
        return False
    return values[-1] - values[-1 - STALL_ROUNDS] < STALL_GAIN * abs(values[-1])


def whole(x: Floats) -> Mask:
    return np.asarray(x > 0.5)

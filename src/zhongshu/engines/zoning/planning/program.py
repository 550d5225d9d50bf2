"""The linear program behind the bound: rows are added as they are missed, and it starts warm.

Variables by block: x closed, y root of a zone; by border with a price: t crossed.
SciPy carries HiGHS whole but shows only single solves; this module alone reaches for the object
inside (`scipy.optimize._highspy`), because a program solved a hundred times over must start from
its last basis.  Never import `highspy` or `ortools` beside it: they cannot be loaded together.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize._highspy import _core

from zhongshu.engines.zoning.planning.model import Floats
from zhongshu.engines.zoning.planning.prepare import Ints
from zhongshu.engines.zoning.planning.task import SLACK, Task

INFINITE = float("inf")
ITERATIONS = 20_000  # of one solve; it rarely takes 2,000, and now and then would go round for ever


class Program:
    """Minimises cost over the rows so far; any feasible zoning satisfies each of them."""

    def __init__(self, task: Task) -> None:
        self.n = task.blocks
        self.task = task
        rows = np.repeat(np.arange(self.n), np.diff(task.indptr))
        once = (rows < task.indices) & (task.cut > 0)
        self.a, self.b = rows[once].astype(np.int64), task.indices[once].astype(np.int64)
        self.crossed = np.zeros((len(self.a), 2), dtype=bool)
        self.rooted = np.zeros(self.n, dtype=bool)
        self.columns = 2 * self.n + len(self.a)
        self.highs: Any = _core._Highs()
        self.highs.setOptionValue("output_flag", False)
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("simplex_iteration_limit", ITERATIONS)
        cost = np.r_[task.cost, np.full(self.n, task.aims.zone_cost), task.cut[once]]
        self.highs.addVars(self.columns, np.zeros(self.columns), np.ones(self.columns))
        everything = np.arange(self.columns, dtype=np.int32)
        self.highs.changeColsCost(self.columns, everything, cost)
        self._aims()

    def _aims(self) -> None:
        task, n = self.task, self.n
        x, y = np.arange(n), np.arange(n, 2 * n)
        self.row(x, task.risk, task.aims.share - SLACK, INFINITE)
        self.row(y, np.ones(n), -INFINITE, float(task.aims.zones))
        if np.isfinite(task.zone_people):
            both = np.r_[task.people, np.full(n, -task.zone_people)]
            self.row(np.r_[x, y], both, -INFINITE, 0.0)
        if np.isfinite(task.all_people):
            self.row(x, task.people, -INFINITE, task.all_people)
        if np.isfinite(task.all_days):
            self.row(x, task.person_days, -INFINITE, task.all_days)

    def row(self, columns: Ints, values: Floats, low: float, high: float) -> None:
        index = columns.astype(np.int32)
        self.highs.addRow(low, high, len(index), index, np.asarray(values, dtype=float))

    def separator(self, block: int, inner: Ints, ring: Ints) -> None:
        """x_block <= y(inner) + x(ring)."""
        columns = np.r_[block, self.n + inner, ring]
        self.row(columns, np.r_[1.0, np.full(len(columns) - 1, -1.0)], -INFINITE, 0.0)

    def borders(self, x: Floats, t: Floats) -> int:
        """Adds the rows t >= |x_a - x_b| that are missed; how many."""
        step = x[self.a] - x[self.b]
        added = 0
        for side, missed in ((0, step - t), (1, -step - t)):
            for e in np.flatnonzero((missed > 1e-4) & ~self.crossed[:, side]):
                self.crossed[e, side] = True
                ends = (self.a[e], self.b[e]) if side == 0 else (self.b[e], self.a[e])
                columns = np.array([2 * self.n + e, *ends])
                self.row(columns, np.array([1.0, -1.0, 1.0]), 0.0, INFINITE)
                added += 1
        return added

    def roots(self, x: Floats, y: Floats) -> int:
        """Adds the rows y <= x that are missed; how many."""
        missed = np.flatnonzero((y - x > 1e-6) & ~self.rooted)
        self.rooted[missed] = True
        for i in missed:
            self.row(np.array([i, self.n + i]), np.array([1.0, -1.0]), 0.0, INFINITE)
        return len(missed)

    def fix(self, block: int, low: float, high: float) -> None:
        self.highs.changeColBounds(int(block), low, high)

    def solve(self) -> tuple[float, Floats, Floats, Floats, Floats] | None:
        """(value, x, y, t, reduced costs of x), or None when no zoning is left.

        A solve that is given up has the value -inf: it bounds nothing.
        """
        self.highs.run()
        status = self.highs.getModelStatus()
        if status == _core.HighsModelStatus.kInfeasible:
            return None
        done = status == _core.HighsModelStatus.kOptimal
        answer = self.highs.getSolution()
        v, n = np.array(answer.col_value), self.n
        reduced = np.array(answer.col_dual)[:n]
        value = float(self.highs.getInfo().objective_function_value) + self.task.constant
        value = value if done else -INFINITE
        return value, v[:n], v[n : 2 * n], v[2 * n :], reduced

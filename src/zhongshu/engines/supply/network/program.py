"""A program whose rows are the nodes of a network and whose columns are its arcs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from zhongshu.kernel.flow import Flow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Rows:
    """Rows of one kind, with their right-hand sides."""

    def __init__(self) -> None:
        self.right = np.zeros(0)
        self._row: list[Ints] = []
        self._column: list[Ints] = []
        self._value: list[Floats] = []

    def add(self, right: Floats) -> Ints:
        first = len(self.right)
        self.right = np.concatenate([self.right, right])
        return np.arange(first, len(self.right))

    def put(self, rows: Ints, columns: Ints, value: float) -> None:
        """value: 1 where the column leaves the row, -1 where it enters."""
        self._row.append(rows)
        self._column.append(columns)
        self._value.append(np.full(len(rows), value))

    def matrix(self, columns: int) -> sparse.csr_matrix:
        if not self._row:
            return sparse.csr_matrix((len(self.right), columns))
        places = (np.concatenate(self._row), np.concatenate(self._column))
        shape = (len(self.right), columns)
        return sparse.csr_matrix((np.concatenate(self._value), places), shape=shape)


class Program:
    """Columns are never negative; `equal` holds rows with =, `below` rows with <=."""

    def __init__(self) -> None:
        self.equal, self.below = Rows(), Rows()
        self.upper = np.zeros(0)
        """Of each column."""

    def columns(self, count: int, *, upper: Floats | float = np.inf) -> Ints:
        first = len(self.upper)
        self.upper = np.concatenate([self.upper, np.broadcast_to(upper, (count,))])
        return np.arange(first, len(self.upper))

    def network(self) -> Flow:
        """Rows are nodes, what is outside is the root; each `below` row has an arc to it for
        what it leaves unused."""
        count, idle = len(self.upper), len(self.below.right)
        rows = sparse.vstack([self.equal.matrix(count), self.below.matrix(count)]).tocoo()
        root = rows.shape[0]
        source, target = np.full(count, root), np.full(count, root)
        source[rows.col[rows.data > 0]] = rows.row[rows.data > 0]
        target[rows.col[rows.data < 0]] = rows.row[rows.data < 0]
        return Flow.begin(
            source=np.concatenate([source, np.arange(root - idle, root)]),
            target=np.concatenate([target, np.full(idle, root)]),
            upper=np.concatenate([self.upper, np.full(idle, np.inf)]),
            supply=np.concatenate([self.equal.right, self.below.right]),
        )

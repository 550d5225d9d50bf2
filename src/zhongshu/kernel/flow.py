"""The network simplex method for flows of least cost, with arcs of bounded capacity.

A spanning tree of arcs between their bounds is kept strongly feasible (Cunningham 1976), so that
it cannot cycle; the arc to enter is the best of a block (Grigoriadis 1986).  A tree that was
optimal for other costs is a start for new ones.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.compiled import njit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LOWER, UPPER, TREE = 1, -1, 0
NONE = -1


@dataclasses.dataclass
class Flow:
    """A network with its last flow and tree; the last node is the root.

    source, target, upper: by arc; the last arcs (one a node) are artificial: they carry what
    nothing else can, and have no flow in the end.
    """

    source: Ints
    target: Ints
    upper: Floats
    flow: Floats
    state: Ints
    tree: Ints
    potential: Floats

    @staticmethod
    def begin(source: Ints, target: Ints, upper: Floats, supply: Floats) -> Flow:
        """supply: by node without the root, what it brings (below 0: what it takes)."""
        nodes, arcs = len(supply), len(source)
        each = np.arange(nodes)
        brings = supply >= 0
        tree = np.full((6, nodes + 1), NONE)
        tree[0, :nodes] = nodes  # parent
        tree[1, :nodes] = arcs + each  # the arc to it
        tree[2, :nodes] = 1  # depth
        tree[3, nodes] = 0 if nodes else NONE  # first child
        tree[4, : nodes - 1] = each[1:]  # next sibling
        tree[5, 1:nodes] = each[:-1]  # the one before
        return Flow(
            source=np.concatenate([source, np.where(brings, each, nodes)]),
            target=np.concatenate([target, np.where(brings, nodes, each)]),
            upper=np.concatenate([upper, np.full(nodes, np.inf)]),
            flow=np.concatenate([np.zeros(arcs), np.abs(supply)]),
            state=np.concatenate([np.full(arcs, LOWER), np.full(nodes, TREE)]),
            tree=tree,
            potential=np.zeros(nodes + 1),
        )

    def solve(self, cost: Floats) -> Floats:
        """The flow of least `cost` (by arc, without the artificial ones), in place.

        A network that cannot carry its supplies is a fault of whoever built it.
        """
        arcs = len(cost)
        most = float(np.abs(cost).max(initial=1.0)) * 1e2
        whole = np.concatenate([cost, np.full(len(self.source) - arcs, most)])
        _potentials(self.source, whole, self.tree, self.potential)
        _pivot(
            self.source, self.target, whole, self.upper, self.flow, self.state, self.tree,
            self.potential,
        )  # fmt: skip
        left = self.flow[arcs:].max(initial=0.0)
        if left > 1e-6 * max(1.0, float(self.flow.max())):
            raise RuntimeError(f"the network could not carry {left} units")
        return self.flow[:arcs]


@njit(cache=True, nogil=True)
def _potentials(source: Ints, cost: Floats, tree: Ints, potential: Floats) -> None:
    """Of every node from the root's, so that arcs of the tree cost nothing."""
    root = tree.shape[1] - 1
    potential[root] = 0.0
    node = tree[3, root]
    while node != NONE:
        arc = tree[1, node]
        above = potential[tree[0, node]]
        potential[node] = above - cost[arc] if source[arc] == node else above + cost[arc]
        if tree[3, node] != NONE:
            node = tree[3, node]
            continue
        while node != root and tree[4, node] == NONE:
            node = tree[0, node]
        node = tree[4, node] if node != root else NONE


@njit(cache=True, nogil=True)
def _pivot(
    source: Ints,
    target: Ints,
    cost: Floats,
    upper: Floats,
    flow: Floats,
    state: Ints,
    tree: Ints,
    potential: Floats,
) -> None:
    """Exchanges arcs until none would lower the cost."""
    block = max(int(np.sqrt(len(source))), 20)
    close = 1e-13 * np.abs(cost).max()
    begin = 0
    while True:
        enter, begin = _entering(source, target, cost, state, potential, begin, block, close)
        if enter == NONE:
            return
        out, side, amount = _leaving(source, target, upper, flow, state, tree, enter)
        _push(source, target, flow, state, tree, enter, amount)
        if side == 0:
            flow[enter] = upper[enter] if state[enter] == LOWER else 0.0
            state[enter] = -state[enter]
            continue
        gone = tree[1, out]
        emptied = flow[gone] <= upper[gone] - flow[gone]
        flow[gone] = 0.0 if emptied else upper[gone]
        state[gone] = LOWER if emptied else UPPER
        head = target[enter] if state[enter] == LOWER else source[enter]
        tail = source[enter] if state[enter] == LOWER else target[enter]
        inner, outer = (tail, head) if side == 1 else (head, tail)
        state[enter] = TREE
        _rehang(tree, inner, outer, out, enter)
        dear = cost[enter] + potential[source[enter]] - potential[target[enter]]
        _shift(tree, potential, inner, -dear if source[enter] == inner else dear)


@njit(cache=True)
def _entering(
    source: Ints,
    target: Ints,
    cost: Floats,
    state: Ints,
    potential: Floats,
    begin: int,
    block: int,
    close: float,
) -> tuple[int, int]:
    """The arc of the next block that saves most a unit, and where to go on; NONE: none saves."""
    arcs = len(source)
    best, enter, left = -close, NONE, block
    arc = begin
    for _ in range(arcs):
        saving = state[arc] * (cost[arc] + potential[source[arc]] - potential[target[arc]])
        if saving < best:
            best, enter = saving, arc
        arc = arc + 1 if arc + 1 < arcs else 0
        left -= 1
        if left == 0:
            if enter != NONE:
                break
            left = block
    return enter, arc


@njit(cache=True)
def _leaving(
    source: Ints,
    target: Ints,
    upper: Floats,
    flow: Floats,
    state: Ints,
    tree: Ints,
    enter: int,
) -> tuple[int, int, float]:
    """The node below the arc that blocks, the side of the cycle it lies on (0: the entering arc
    itself), and how much goes round.  The last to block along the cycle leaves."""
    first = source[enter] if state[enter] == LOWER else target[enter]
    second = target[enter] if state[enter] == LOWER else source[enter]
    out, side = NONE, 0
    amount = upper[enter]
    a, b = first, second
    amount_b, out_b = np.inf, NONE
    while a != b:
        if tree[2, a] >= tree[2, b]:
            arc = tree[1, a]
            free = flow[arc] if source[arc] == a else upper[arc] - flow[arc]
            if free < amount:
                amount, out, side = free, a, 1
            a = tree[0, a]
        else:
            arc = tree[1, b]
            free = upper[arc] - flow[arc] if source[arc] == b else flow[arc]
            if free <= amount_b:
                amount_b, out_b = free, b
            b = tree[0, b]
    if amount_b <= amount:
        return out_b, 2, max(amount_b, 0.0)
    return out, side, max(amount, 0.0)


@njit(cache=True)
def _push(
    source: Ints, target: Ints, flow: Floats, state: Ints, tree: Ints, enter: int, amount: float
) -> None:
    """Sends `amount` round the cycle that the entering arc closes."""
    if amount == 0.0:
        return
    flow[enter] += state[enter] * amount
    a = source[enter] if state[enter] == LOWER else target[enter]
    b = target[enter] if state[enter] == LOWER else source[enter]
    while a != b:
        if tree[2, a] >= tree[2, b]:
            arc = tree[1, a]
            flow[arc] += -amount if source[arc] == a else amount
            a = tree[0, a]
        else:
            arc = tree[1, b]
            flow[arc] += amount if source[arc] == b else -amount
            b = tree[0, b]


@njit(cache=True)
def _rehang(tree: Ints, inner: int, outer: int, out: int, enter: int) -> None:
    """Hangs what lay below `out` under `outer` by the entering arc, turned round to `inner`."""
    node, above, arc = inner, outer, enter
    while True:
        was, by = tree[0, node], tree[1, node]
        before, after = tree[5, node], tree[4, node]
        if before == NONE:
            tree[3, was] = after
        else:
            tree[4, before] = after
        if after != NONE:
            tree[5, after] = before
        tree[0, node], tree[1, node] = above, arc
        first = tree[3, above]
        tree[4, node], tree[5, node] = first, NONE
        if first != NONE:
            tree[5, first] = node
        tree[3, above] = node
        if node == out:
            return
        node, above, arc = was, node, by


@njit(cache=True)
def _shift(tree: Ints, potential: Floats, top: int, by: float) -> None:
    """Moves the potentials of what hangs on `top`, and counts its depths anew."""
    node = top
    while True:
        potential[node] += by
        tree[2, node] = tree[2, tree[0, node]] + 1
        if tree[3, node] != NONE:
            node = tree[3, node]
            continue
        while node != top and tree[4, node] == NONE:
            node = tree[0, node]
        if node == top:
            return
        node = tree[4, node]

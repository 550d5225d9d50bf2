"""Separators: sets through which a fractional zoning closes a block without enough zones; compiled.

For a block i, any set S that holds it and its open surroundings N: if i is closed, then a zone has
its root in S or the closed set enters S through N, so x_i <= y(S) + x(N).  The most violated such
row is a minimum cut from the roots to i with the blocks as capacities (Alvarez-Miranda, Ljubic and
Mutzel, The maximum weight connected subgraph problem, 2013).
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.zoning.planning.kinds import Flags, Floats, Graph, Ints, Net
from zhongshu.kernel.compiled import njit

TINY = 1e-6


@njit(cache=True)
def network(graph: Graph) -> Net:
    """(first, head, twin) of the arcs in compressed rows; nodes: in i, out n + i, roots 2n.

    Arc order of in-node i: to its out-node first; of the roots: to in-node i at place i.
    """
    indptr, indices, joined, _ = graph
    n = len(indptr) - 1
    degree = np.zeros(2 * n + 2, np.int64)
    for i in range(n):
        degree[i] += 2  # to out, back to the roots
        degree[n + i] += 1
        degree[2 * n] += 1
        for e in range(indptr[i], indptr[i + 1]):
            if joined[e]:
                degree[n + i] += 1
                degree[indices[e]] += 1
    first = np.zeros(2 * n + 2, np.int64)
    first[1:] = np.cumsum(degree)[:-1]
    head, twin = np.zeros(first[-1], np.int64), np.zeros(first[-1], np.int64)
    free = first.copy()
    for i in range(n):
        _arc(i, n + i, free, head, twin)
    for i in range(n):
        _arc(2 * n, i, free, head, twin)
    for i in range(n):
        for e in range(indptr[i], indptr[i + 1]):
            if joined[e]:
                _arc(n + i, indices[e], free, head, twin)
    return first, head, twin


@njit(cache=True)
def _arc(u: int, v: int, free: Ints, head: Ints, twin: Ints) -> None:
    a, b = free[u], free[v]
    head[a], head[b] = v, u
    twin[a], twin[b] = b, a
    free[u] += 1
    free[v] += 1


@njit(cache=True)
def capacities(x: Floats, y: Floats, first: Ints) -> Floats:
    """Room of each arc: blocks x, roots y, between neighbours without end."""
    n = len(x)
    room = np.zeros(first[-1])
    for i in range(n):
        room[first[i]] = x[i]
        room[first[2 * n] + i] = y[i]
        for a in range(first[n + i] + 1, first[n + i + 1]):
            room[a] = 2.0
    return room


@njit(cache=True)
def _augment(target: int, most: float, net: Net, room: Floats, scratch: tuple[Ints, Ints]) -> float:
    """Sends what one shortest path takes from the roots to in-node `target`; how much."""
    first, head, twin = net
    before, queue = scratch
    root = len(before) - 1
    before[:] = -1
    before[root] = -2
    queue[0], at, end = root, 0, 1
    while at < end and before[target] == -1:
        u = queue[at]
        at += 1
        for a in range(first[u], first[u + 1]):
            v = head[a]
            if room[a] > TINY and before[v] == -1:
                before[v] = a
                queue[end] = v
                end += 1
    if before[target] == -1:
        return 0.0
    push, v = most, target
    while v != root:
        push = min(push, room[before[v]])
        v = head[twin[before[v]]]
    v = target
    while v != root:
        room[before[v]] -= push
        room[twin[before[v]]] += push
        v = head[twin[before[v]]]
    return push


@njit(cache=True)
def _behind(target: int, net: Net, room: Floats, n: int) -> Flags:
    """Nodes from which `target` can still be reached: the side of the cut nearest to it."""
    first, head, twin = net
    side = np.zeros(2 * n + 1, np.uint8)
    queue = np.empty(2 * n + 1, np.int64)
    side[target], queue[0], at, end = 1, target, 0, 1
    while at < end:
        v = queue[at]
        at += 1
        for a in range(first[v], first[v + 1]):
            u = head[a]
            if not side[u] and room[twin[a]] > TINY:
                side[u] = 1
                queue[end] = u
                end += 1
    return side


@njit(cache=True)
def find(
    x: Floats, y: Floats, net: Net, targets: Ints, effort: tuple[int, int, float]
) -> tuple[Ints, Flags]:
    """Violated rows: (target, marks) with marks 1 for S and 2 for N, at most `most` of them.

    effort: (most, depth, least).  depth: nested cuts tried for each block, one behind the other;
    least: violation that counts.
    """
    most, depth, least = effort
    n = len(x)
    owner, marks = np.empty(most, np.int64), np.zeros((most, n), np.uint8)
    scratch = np.empty(2 * n + 1, np.int64), np.empty(2 * n + 1, np.int64)
    used = np.zeros(n, np.uint8)
    fresh = capacities(x, y, net[0])
    room = fresh.copy()
    found = 0
    for i in targets:
        if used[i]:
            continue
        room[:] = fresh
        flow = 0.0
        for level in range(depth):
            while flow < x[i] - least:
                push = _augment(i, x[i] - flow, net, room, scratch)
                if push <= 0.0:
                    break
                flow += push
            if flow >= x[i] - least or found == most:
                break
            owner[found] = i
            side = _behind(i, net, room, n)
            for j in range(n):
                if side[j]:
                    marks[found, j] = 1
                    used[j] |= level == 0 and x[j] <= x[i]
                    if y[j] > TINY:  # the next cut lies further out
                        room[net[0][2 * n] + j] = 2.0
                elif side[n + j]:
                    marks[found, j] = 2
                    room[net[0][j]] = 2.0  # the next cut lies further out
            found += 1
        if found == most:
            break
    return owner[:found], marks[:found]

"""Cheapest ways over the cells, compiled: Dijkstra with block tolls and a binary heap."""

from __future__ import annotations

import numpy as np

from zhongshu.engines.zoning.planning.kinds import Flags, Floats, Graph, Labels
from zhongshu.kernel.compiled import njit


@njit(cache=True)
def ways(
    source: Flags, goal: Flags, inside: Flags, graph: Graph, toll: Floats
) -> tuple[int, Floats, Labels]:
    """(last, dist, before): from the blocks flagged in `source` over `toll`, 0 on closed blocks.

    Ends at the first block flagged in `goal` (last), or with every distance and last = -1.
    graph: (indptr, indices, joined, cut).
    """
    indptr, indices, joined, _ = graph
    n = len(inside)
    heap, key = np.empty(len(indices) + n, np.int32), np.empty(len(indices) + n)
    dist, before, done = np.full(n, np.inf), np.full(n, -1, np.int32), np.zeros(n, np.uint8)
    size = 0
    for i in range(n):
        if source[i]:
            dist[i] = 0.0
            size = push(heap, key, size, i, 0.0)
    while size > 0:
        u = heap[0]
        size = pop(heap, key, size)
        if done[u]:
            continue
        done[u] = 1
        if goal[u]:
            return u, dist, before
        for e in range(indptr[u], indptr[u + 1]):
            v = indices[e]
            step = dist[u] + (0.0 if inside[v] else toll[v])
            if joined[e] and not done[v] and step < dist[v]:
                dist[v], before[v] = step, u
                size = push(heap, key, size, v, step)
    return -1, dist, before


@njit(cache=True)
def push(heap: Labels, key: Floats, size: int, item: int, value: float) -> int:
    i = size
    while i > 0:
        up = (i - 1) // 2
        if key[up] <= value:
            break
        heap[i], key[i] = heap[up], key[up]
        i = up
    heap[i], key[i] = item, value
    return size + 1


@njit(cache=True)
def pop(heap: Labels, key: Floats, size: int) -> int:
    """Takes the first away; the new size."""
    size -= 1
    item, value = heap[size], key[size]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= size:
            break
        if down + 1 < size and key[down + 1] < key[down]:
            down += 1
        if key[down] >= value:
            break
        heap[i], key[i] = heap[down], key[down]
        i = down
    heap[i], key[i] = item, value
    return size

"""First zonings: a few seeds, then the best stretch of risk for its cost, again; compiled.

A growing zoning never has more zones than seeds, and covers the share wherever the seeds reach.
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.zoning.planning import paths
from zhongshu.engines.zoning.planning.kinds import Flags, Floats, Graph, Labels
from zhongshu.kernel.compiled import njit


@njit(cache=True)
def seeds(
    field: tuple[Floats, Floats, Floats],
    graph: Graph,
    parts: tuple[Labels, Floats],
    count: int,
    need: float,
) -> Flags:
    """Blocks to begin at: in the riskiest parts until these can reach `need`, then the densest.

    field: risk, cost and a factor on the density of each block.  parts: connected part of the
    ground of each block, and the risk of each part.
    """
    risk, cost, noise = field
    part, part_risk = parts
    indptr, indices, joined, _ = graph
    n = len(risk)
    density = np.zeros(n)
    for i in range(n):
        r, c = risk[i], cost[i]
        for e in range(indptr[i], indptr[i + 1]):
            if joined[e]:
                r += risk[indices[e]]
                c += cost[indices[e]]
        density[i] = noise[i] * r / (c + 1e-12)
    inside = np.zeros(n, np.uint8)
    open_part = np.zeros(len(part_risk), np.uint8)
    reached = 0.0
    for _ in range(count):
        hunted = reached < need
        top = -1
        for i in range(n):
            if inside[i] or density[i] < 0 or (hunted and open_part[part[i]]):
                continue
            if (
                top < 0
                or (hunted and part_risk[part[i]] > part_risk[part[top]])
                or ((not hunted or part[i] == part[top]) and density[i] > density[top])
            ):
                top = i
        if top < 0:
            break
        if not open_part[part[top]]:
            reached += part_risk[part[top]]
            open_part[part[top]] = 1
        inside[top] = 1
        for e in range(indptr[top], indptr[top + 1]):  # the next seed lies elsewhere
            density[indices[e]] = -1.0
    return inside


@njit(cache=True)
def grow(inside: Flags, risk: Floats, cost: Floats, graph: Graph, need: float) -> Flags:
    """Closes the way with most risk for its cost, from the zones outwards, until `need`."""
    n = len(inside)
    covered = (risk * inside).sum()
    goal = np.zeros(n, np.uint8)
    while covered < need:
        _, dist, before = paths.ways(inside, goal, inside, graph, cost + 1e-9)
        gain = np.zeros(n)
        top, best = -1, 0.0
        for i in np.argsort(dist):
            if np.isinf(dist[i]):
                break
            if inside[i]:
                continue
            gain[i] = gain[before[i]] + risk[i]
            if gain[i] / dist[i] > best:
                top, best = i, gain[i] / dist[i]
        if top < 0:
            return inside
        while top >= 0 and not inside[top]:
            inside[top] = 1
            covered += risk[top]
            top = before[top]
    return inside

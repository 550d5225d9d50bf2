"""The slow twins: every set of closed cells, one by one.  For up to about sixteen blocks."""

from __future__ import annotations

import itertools

import numpy as np

from zhongshu.engines.zoning.planning import figures
from zhongshu.engines.zoning.planning.model import Aims, Floats, Mask
from zhongshu.engines.zoning.planning.prepare import Ground

ROUNDING = 1e-9


def least(ground: Ground, aims: Aims) -> tuple[float, Mask] | None:
    """(cost, closed blocks) of the cheapest zoning that keeps every aim; None: there is none."""
    best: tuple[float, Mask] | None = None
    for chosen in itertools.product((False, True), repeat=ground.blocks):
        closed = np.array(chosen, dtype=bool)
        told = figures.of(ground, aims, closed)
        if told.share < aims.share - ROUNDING or told.passed:
            continue
        if best is None or told.cost.total < best[0]:
            best = told.cost.total, closed
    return best


def furthest(ground: Ground, aims: Aims) -> float:
    """The largest share any zoning covers within the maxima."""
    shares = []
    for chosen in itertools.product((False, True), repeat=ground.blocks):
        told = figures.of(ground, aims, np.array(chosen, dtype=bool))
        if not told.passed:
            shares.append(told.share)
    return max(shares)


def cheapest(weight: Floats, zone_cost: float, sides: list[tuple[int, int]]) -> float:
    """Least of zone_cost x zones - sum of their weights; sides: blocks one zone may join."""
    best = 0.0
    for chosen in itertools.product((False, True), repeat=len(weight)):
        closed = {i for i, one in enumerate(chosen) if one}
        cost = -sum(float(weight[i]) for i in closed)
        while closed:
            cost += zone_cost
            edge = [closed.pop()]
            while edge:
                at = edge.pop()
                near = {b if a == at else a for a, b in sides if at in (a, b)} & closed
                closed -= near
                edge += near
        best = min(best, cost)
    return best

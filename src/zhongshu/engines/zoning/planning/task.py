"""The ground and the aims as numbers to search on, and what a set of closed blocks costs."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse import csgraph

from zhongshu.engines.zoning.planning.model import Aims, Cost, Floats, Mask
from zhongshu.engines.zoning.planning.prepare import Ground, Ints

SLACK = 1e-9  # of the whole risk: rounding of sums


@dataclasses.dataclass(frozen=True)
class Task:
    """Arrays by block.

    cost: of closing it, `constant`: of closing nothing (what is freed of today's); both hold the
    cost of change.  Neighbours in compressed rows: indptr, indices; joined: one zone may hold
    both; cut: cost of a border with exactly one side closed.  need: share of the risk.
    """

    cost: Floats
    constant: float
    risk: Floats
    people: Floats
    person_days: Floats
    indptr: NDArray[np.int32]
    indices: NDArray[np.int32]
    joined: NDArray[np.uint8]
    cut: Floats
    aims: Aims

    @property
    def blocks(self) -> int:
        return len(self.cost)

    @property
    def zone_people(self) -> float:
        return _limit(self.aims.people_per_zone)

    @property
    def all_people(self) -> float:
        return _limit(self.aims.people_total)

    @property
    def all_days(self) -> float:
        return _limit(self.aims.person_days)


def _limit(value: float | None) -> float:
    return float("inf") if value is None else float(value)


def build(ground: Ground, aims: Aims) -> Task:
    opening = np.where(ground.present, 0.0, aims.opening * ground.person_days)
    closing = np.where(ground.present, aims.closing * ground.person_days, 0.0)
    per_m = np.where(ground.along, aims.named_per_m, aims.inside_per_m)
    a, b = np.r_[ground.a, ground.b], np.r_[ground.b, ground.a]
    order = np.lexsort((b, a))
    return Task(
        cost=ground.person_days + opening - closing,
        constant=float(closing.sum()),
        risk=ground.risk,
        people=ground.people,
        person_days=ground.person_days,
        indptr=np.searchsorted(a[order], np.arange(ground.blocks + 1)).astype(np.int32),
        indices=b[order].astype(np.int32),
        joined=np.tile(ground.joined, 2)[order].astype(np.uint8),
        cut=np.tile(per_m * ground.length_m, 2)[order],
        aims=aims,
    )


def zones(ground: Ground, closed: Mask) -> Ints:
    """Zone of each block, the riskiest zone 0; -1 where open."""
    keep = ground.joined & closed[ground.a] & closed[ground.b]
    pairs = (np.ones(int(keep.sum())), (ground.a[keep], ground.b[keep]))
    graph = sparse.coo_matrix(pairs, shape=(ground.blocks, ground.blocks))
    labels = csgraph.connected_components(graph, directed=False)[1]
    found = np.full(ground.blocks, -1, dtype=np.int64)
    if closed.any():
        codes, of = np.unique(labels[closed], return_inverse=True)
        risk = np.bincount(of, ground.risk[closed], len(codes))
        rank = np.empty(len(codes), dtype=np.int64)
        rank[np.argsort(-risk, kind="stable")] = np.arange(len(codes))
        found[closed] = rank[of]
    return found


def price(ground: Ground, aims: Aims, closed: Mask) -> Cost:
    """What closing these blocks costs."""
    count = int(zones(ground, closed).max(initial=-1)) + 1
    per_m = np.where(ground.along, aims.named_per_m, aims.inside_per_m)
    crossed = closed[ground.a] != closed[ground.b]
    opened, freed = closed & ~ground.present, ~closed & ground.present
    return Cost(
        person_days=float(ground.person_days[closed].sum()),
        zones=aims.zone_cost * count,
        border=float((per_m * ground.length_m)[crossed].sum()),
        change=float(
            aims.opening * ground.person_days[opened].sum()
            + aims.closing * ground.person_days[freed].sum()
        ),
    )

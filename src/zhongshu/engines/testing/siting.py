"""Which points open and who goes where: walking against the number of points.

Capacitated facility location by dynamic slope scaling (Kim & Pardalos, Oper. Res. Lett. 24 (1999)
195-203): the price of opening a point is spread over the people it gets, the transport problem is
solved, the spread is renewed, and so on; the best plan seen is kept.  The first transport problem,
with the price spread over full points, is a lower bound.  HiGHS through SciPy.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

NEAREST = 30  # candidate points weighed per village in the search; the bound weighs all


@dataclasses.dataclass(frozen=True)
class Reach:
    """Village-point pairs that are weighed, as indices.

    all_km: shape (villages, points), +inf beyond walking distance; only the bound looks at it.
    """

    village: Ints
    point: Ints
    km: Floats
    all_km: Floats


@dataclasses.dataclass(frozen=True)
class Siting:
    """flow: people per pair of `reach`.  left: people unserved per village."""

    flow: Ints
    left: Ints
    value: float
    bound: float


@dataclasses.dataclass(frozen=True)
class Task:
    people: Ints
    capacity: Ints
    reach: Reach
    point_cost: float

    @property
    def missed_cost(self) -> float:
        """Leaving one person out costs more than any walk and point."""
        return 10 * (float(self.reach.km.max(initial=0.0)) + self.point_cost) + 1


def within(km: Floats, *, walk_max_km: float) -> Reach:
    """Pairs not farther than `walk_max_km`, the NEAREST per village.  km: (villages, points)."""
    near = km <= walk_max_km  # false for NaN
    all_km = np.where(near, km, np.inf)
    if near.sum(axis=1).max(initial=0) > NEAREST:
        rank = np.argsort(np.argsort(km, axis=1, kind="stable"), axis=1, kind="stable")
        near &= rank < NEAREST
    village, point = np.nonzero(near)
    return Reach(village, point, km[village, point], all_km)


def solve(task: Task, *, rounds: int) -> Siting:
    """The best of `rounds` rescalings.  Deterministic."""
    points = len(task.capacity)
    spread = task.point_cost / np.maximum(task.capacity, 1)
    best: tuple[float, Ints, Ints] | None = None
    bound = 0.0
    for number in range(rounds):
        flow, left, price = _transport(task, spread)
        if number == 0:
            bound = _bound(task, spread, price)
        cost = _cost(task, flow, left)
        if best is None or cost < best[0] - 1e-9:
            best = cost, flow, left
        load = np.bincount(task.reach.point, weights=flow, minlength=points)
        spread = np.where(load > 0, task.point_cost / np.maximum(load, 1), spread)
    assert best is not None, "rounds is at least 1"
    best = _thin(task, best)
    cost, flow, left = best
    missed = task.missed_cost * int(left.sum())
    return Siting(flow, left, cost - missed, max(0.0, bound - missed))


def _bound(task: Task, spread: Floats, price: Floats) -> float:
    """No plan costs less: the dual of the transport problem, made feasible over *all* pairs.

    price: of a place at each point (at most 0).  A full point pays its whole opening price, any
    other more than that per head, so spreading the price over full points never overstates it.
    """
    full = task.reach.all_km + (spread - price)[None, :]
    cheapest = np.minimum(full.min(axis=1, initial=np.inf), task.missed_cost)
    return float(task.people @ cheapest + task.capacity @ price)


def _thin(task: Task, best: tuple[float, Ints, Ints]) -> tuple[float, Ints, Ints]:
    """Closes the emptiest points, a fifth to a twentieth at a time, where that is cheaper."""
    for share in (0.2, 0.1, 0.05, 0.05):
        load = np.bincount(task.reach.point, weights=best[1], minlength=len(task.capacity))
        open_points = np.flatnonzero(load)
        closing = open_points[np.argsort(load[open_points])][
            : max(1, int(share * len(open_points)))
        ]
        kept = np.where(load > 0, task.capacity, 0)
        kept[closing] = 0
        flow, left, _ = _transport(dataclasses.replace(task, capacity=kept), np.zeros(len(kept)))
        cost = _cost(task, flow, left)
        if cost < best[0] - 1e-9:
            best = cost, flow, left
    return best


def _cost(task: Task, flow: Ints, left: Ints) -> float:
    points = len(np.unique(task.reach.point[flow > 0]))
    walking = float((flow * task.reach.km).sum())
    return walking + task.point_cost * points + task.missed_cost * int(left.sum())


def _transport(task: Task, spread: Floats) -> tuple[Ints, Ints, Floats]:
    """People to points at least walking + spread; whoever does not fit is left, at missed_cost.

    Returns (flow per pair, left per village, dual price of a place per point).
    """
    villages, points, reach = len(task.people), len(task.capacity), task.reach
    usable = task.capacity[reach.point] > 0
    pairs = np.flatnonzero(usable)
    count = len(pairs)
    columns = np.arange(count)
    ones = np.ones(count)
    leave = sparse.identity(villages, format="csr")
    each = sparse.csr_matrix((ones, (reach.village[pairs], columns)), shape=(villages, count))
    room = sparse.csr_matrix(
        (ones, (reach.point[pairs], columns)), shape=(points, count + villages)
    )
    price = np.concatenate(
        [reach.km[pairs] + spread[reach.point[pairs]], np.full(villages, task.missed_cost)]
    )
    answer = optimize.linprog(
        price,
        A_ub=room,
        b_ub=task.capacity,
        A_eq=sparse.hstack([each, leave]).tocsr(),
        b_eq=task.people,
        bounds=(0, None),
        method="highs-ds",  # a vertex, hence whole people: the matrix is totally unimodular
    )
    if answer.x is None:
        raise RuntimeError(f"The transport problem has no answer: {answer.message}")
    flow = np.zeros(len(reach.km), np.int64)
    flow[pairs] = np.rint(answer.x[:count]).astype(np.int64)
    left = task.people - np.bincount(reach.village, weights=flow, minlength=villages).astype(int)
    return flow, left, np.minimum(np.asarray(answer.ineqlin.marginals, np.float64), 0.0)

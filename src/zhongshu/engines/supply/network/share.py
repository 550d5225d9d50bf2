"""Goods that contend for the stores' room: prices on it, until the plans of all goods fit.

Each good is a network flow of its own; only the room of stores and days joins them.  Dantzig and
Wolfe (1960): a master program mixes the flows found so far and prices the room, every good looks
for a better flow under these prices, and what they find together is a bound on any plan.
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import os

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from zhongshu.engines.supply.network.build import Part, shipped
from zhongshu.engines.supply.network.ground import Ground
from zhongshu.engines.supply.network.simplex import Flow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Room = tuple[Floats, Floats]

SLACK_M3 = 1e-6
CLOSE = 1e-8
"""The gap, as a share of the value, at which a plan counts as optimal."""
SCALE = 1e4
"""Of the master program's value: its solver's tolerances are absolute."""
ROUNDS = 300


@dataclasses.dataclass(frozen=True)
class Shared:
    """x by good and column; bound: no plan of these goods has a lower value."""

    x: list[Floats]
    value: float
    bound: float


def together(ground: Ground, parts: list[Part], costs: list[Floats], room: Room) -> Shared:
    """The least cost of all goods within the room (m3 by store and day: leaving, arriving).

    Nothing must need to travel: without any room there is a plan, too.
    """
    limit = np.concatenate([room[0].ravel(), room[1].ravel()])
    each = [_One(ground, part, cost, limit) for part, cost in zip(parts, costs, strict=True)]
    found = _best(each, np.zeros(len(limit)))
    used = sum((one.room @ x for one, x in zip(each, found, strict=True)), np.zeros(len(limit)))
    value = sum(one.value(x) for one, x in zip(each, found, strict=True))
    if (used <= limit + SLACK_M3).all():
        return Shared(found, value, value)
    return _priced(each, [found, _at_home(each, limit)], limit)


class _One:
    """One good: its flow, its cost and how much room its columns take.

    Where no room is left at all its columns are closed, so that no price must be found for it.
    """

    def __init__(self, ground: Ground, part: Part, cost: Floats, limit: Floats) -> None:
        self._flow: Flow = part.program.network()
        self.cost = cost
        cells = ground.room_out.size
        rows, columns = [], []
        for side, (which, store, day) in enumerate(shipped(ground, part)):
            rows.append(side * cells + store * ground.days + day)
            columns.append(which)
        row, column = np.concatenate(rows), np.concatenate(columns)
        volume = np.full(len(row), part.good.m3)
        self.room = sparse.csr_matrix((volume, (row, column)), shape=(2 * cells, len(cost)))
        closed = self.room.T @ (limit <= SLACK_M3).astype(float) > 0
        self._flow.upper[: len(cost)][closed] = 0.0

    def best(self, price: Floats) -> Floats:
        """The flow of least cost when room has its price, by column."""
        whole = np.zeros(len(self._flow.source) - len(self._flow.potential) + 1)
        whole[: len(self.cost)] = self.cost + self.room.T @ price
        return self._flow.solve(whole)[: len(self.cost)].copy()

    def value(self, x: Floats, price: Floats | None = None) -> float:
        """The cost of a flow, with that of its room where that has a price."""
        paid = 0.0 if price is None else float(price @ (self.room @ x))
        return float(self.cost @ x) + paid


def _best(each: list[_One], price: Floats) -> list[Floats]:
    """The best flow of every good; the goods know nothing of each other, so they share the cores."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda one: one.best(price), each))


def _at_home(each: list[_One], limit: Floats) -> list[Floats]:
    """Plans that take no room."""
    dear = max(float(one.cost.max()) for one in each) * 1e4
    return _best(each, np.where(np.isfinite(limit), dear, 0.0))


def _priced(each: list[_One], first: list[list[Floats]], limit: Floats) -> Shared:
    """first: lists of plans by good; the last list fits."""
    flows = [list(known) for known in zip(*first, strict=True)]
    limited = np.where(np.isfinite(limit), limit, 0.0)
    bound = -np.inf
    for _ in range(ROUNDS):
        _, value, price = _master(each, flows, limit)
        if value - bound <= CLOSE * abs(value):
            break
        found = _best(each, price)
        priced = [one.value(x, price) for one, x in zip(each, found, strict=True)]
        bound = max(bound, sum(priced) - float(price @ limited))
        for known, x in zip(flows, found, strict=True):
            known.append(x)
    shares, value, _ = _master(each, flows, limit)
    mixed = [
        sum((share * x for share, x in zip(part, known, strict=True)), np.zeros(len(known[0])))
        for part, known in zip(shares, flows, strict=True)
    ]
    return Shared(mixed, value, bound)


def _master(
    each: list[_One], flows: list[list[Floats]], limit: Floats
) -> tuple[list[Floats], float, Floats]:
    """The best mix of the flows found: shares by good, value, prices of room."""
    of = np.repeat(np.arange(len(flows)), [len(known) for known in flows])
    use = np.stack(
        [one.room @ x for one, known in zip(each, flows, strict=True) for x in known], axis=1
    )
    cost = np.array([one.value(x) for one, known in zip(each, flows, strict=True) for x in known])
    scale = SCALE / max(float(cost.max()), 1e-9)
    tight = np.flatnonzero(np.isfinite(limit) & (use.sum(axis=1) > 0))
    one_each = sparse.csr_matrix((np.ones(len(of)), (of, np.arange(len(of)))))
    solved = optimize.linprog(
        cost * scale,
        A_ub=use[tight],
        b_ub=limit[tight],
        A_eq=one_each,
        b_eq=np.ones(len(flows)),
        method="highs-ds",
    )
    if solved.status != 0:
        raise RuntimeError(f"the room of the stores was not shared: {solved.message}")
    price = np.zeros(len(limit))
    price[tight] = np.maximum(-solved.ineqlin.marginals, 0.0) / scale
    shares = [solved.x[of == n] for n in range(len(flows))]
    return shares, float(cost @ solved.x), price

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
from zhongshu.kernel.flow import Flow

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Room = tuple[Floats, Floats]

SLACK_M3 = 1e-6
CLOSE = 1e-8
"""The gap, as a share of the value, at which a plan counts as optimal."""
SCALE = 1e4
"""Of the master program's value: its solver's tolerances are absolute."""
ROUNDS = 300
NEAR = 0.8
"""How near the prices of the best bound new ones begin: 0 is the master's own."""
IDLE = 10
"""Rounds after which a plan that the master did not use is forgotten."""
FITS = 1
"""Among the plans of a good, the place of the one that takes no room."""


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
    every = np.concatenate([room[0].ravel(), room[1].ravel()])
    limit = every[np.isfinite(every)]
    each = [_One(ground, part, cost, room) for part, cost in zip(parts, costs, strict=True)]
    home = _at_home(each, limit)  # first: a flow without journeys is soon found, and a start
    found = _best(each, np.zeros(len(limit)))
    if (_used(found, limit) <= limit + SLACK_M3).all():
        value = sum(one.yuan for one in found)
        return Shared([one.x for one in found], value, value)
    return _priced(each, [found, home], limit)


@dataclasses.dataclass(frozen=True)
class _Plan:
    """A flow of one good by column, what it costs and the room it takes (by limited cell)."""

    x: Floats
    yuan: float
    used: Floats


class _One:
    """One good: its flow, its cost and how much of the limited room its columns take.

    Where no room is left at all its columns are closed, so that no price must be found for it.
    """

    def __init__(self, ground: Ground, part: Part, cost: Floats, room: Room) -> None:
        self._flow: Flow = part.program.network()
        self._whole = np.zeros(len(self._flow.source) - len(self._flow.potential) + 1)
        self.cost = cost
        cells = ground.room_out.size
        rows, columns = [], []
        for side, (which, store, day) in enumerate(shipped(ground, part)):
            rows.append(side * cells + store * ground.days + day)
            columns.append(which)
        row, column = np.concatenate(rows), np.concatenate(columns)
        volume = np.full(len(row), part.good.m3)
        takes = sparse.csr_matrix((volume, (row, column)), shape=(2 * cells, len(cost)))
        limit = np.concatenate([room[0].ravel(), room[1].ravel()])
        self._takes = takes[np.flatnonzero(np.isfinite(limit))]
        self._paid = self._takes.T.tocsr()
        closed = takes.T @ (limit <= SLACK_M3).astype(float) > 0
        self._flow.upper[: len(cost)][closed] = 0.0

    def best(self, price: Floats) -> _Plan:
        """The flow of least cost when room has its price."""
        count = len(self.cost)
        self._whole[:count] = self.cost + self._paid @ price
        x = self._flow.solve(self._whole)[:count].copy()
        return _Plan(x, float((self.cost * x).sum()), self._takes @ x)


def _best(each: list[_One], price: Floats) -> list[_Plan]:
    """The best flow of every good, on all cores: the goods know nothing of each other."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda one: one.best(price), each))


def _used(found: list[_Plan], limit: Floats) -> Floats:
    return sum((one.used for one in found), np.zeros(len(limit)))


def _at_home(each: list[_One], limit: Floats) -> list[_Plan]:
    """Plans that take no room."""
    dear = max(float(one.cost.max()) for one in each) * 1e4
    return _best(each, np.full(len(limit), dear))


def _priced(each: list[_One], first: list[list[_Plan]], limit: Floats) -> Shared:
    """first: lists of plans by good; the last list fits, and is kept."""
    plans = [list(known) for known in zip(*first, strict=True)]
    idle = [[0] * len(known) for known in plans]
    calm = _Calm(limit)
    for _ in range(ROUNDS):
        shares, value, price = _master(plans, limit)
        if value - calm.bound <= CLOSE * abs(value):
            break
        for known, since, part in zip(plans, idle, shares, strict=True):
            _forget(known, since, part)
        price = calm.nearer(price)
        found = _best(each, price)
        calm.learn(found, price)
        for known, since, one in zip(plans, idle, found, strict=True):
            known.append(one)
            since.append(0)
    shares, value, _ = _master(plans, limit)
    mixed = [
        sum((share * one.x for share, one in zip(part, known, strict=True)), 0 * known[0].x)
        for part, known in zip(shares, plans, strict=True)
    ]
    return Shared(mixed, value, calm.bound)


class _Calm:
    """Prices kept near those of the best bound so far, for the master's alone swing wildly.

    How near follows from whether the bound would rise on the way to the master's prices (Pessoa,
    Sadykov, Uchoa and Vanderbeck 2018, "Automation and combination of linear-programming based
    stabilization techniques in column generation").
    """

    def __init__(self, limit: Floats) -> None:
        self.bound = -np.inf
        self._limit = limit
        self._best: Floats | None = None
        self._master = limit
        self._near = NEAR

    def nearer(self, price: Floats) -> Floats:
        """Prices between the best so far and the master's `price`."""
        self._master = price
        return price if self._best is None else self._near * self._best + (1 - self._near) * price

    def learn(self, found: list[_Plan], price: Floats) -> None:
        """What the goods found at `price` is a bound, and tells whether it rises from there."""
        over = _used(found, self._limit) - self._limit
        if self._best is not None:
            rises = float(over @ (self._master - self._best)) >= 0
            self._near = max(self._near - 0.1, 0.0) if rises else 0.9 * self._near + 0.1
        bound = sum(one.yuan for one in found) + float((price * over).sum())
        if bound > self.bound:
            self.bound, self._best = bound, price


def _forget(known: list[_Plan], idle: list[int], shares: Floats) -> None:
    """Drops plans of no use for a while, but never the one that fits."""
    idle[:] = [0 if share > 0 else since + 1 for share, since in zip(shares, idle, strict=True)]
    kept = [n for n, since in enumerate(idle) if since <= IDLE or n == FITS]
    known[:] = [known[n] for n in kept]
    idle[:] = [idle[n] for n in kept]


def _master(plans: list[list[_Plan]], limit: Floats) -> tuple[list[Floats], float, Floats]:
    """The best mix of the plans found: shares by good, value, prices of room."""
    of = np.repeat(np.arange(len(plans)), [len(known) for known in plans])
    use = np.stack([one.used for known in plans for one in known], axis=1)
    cost = np.array([one.yuan for known in plans for one in known])
    scale = SCALE / max(float(cost.max()), 1e-9)
    most = sum(np.max([one.used for one in known], axis=0) for known in plans)
    tight = np.flatnonzero(most > limit)
    one_each = sparse.csr_matrix((np.ones(len(of)), (of, np.arange(len(of)))))
    solved = optimize.linprog(
        cost * scale,
        A_ub=sparse.csr_matrix(use[tight]),
        b_ub=limit[tight],
        A_eq=one_each,
        b_eq=np.ones(len(plans)),
        method="highs-ds",
    )
    if solved.status != 0:
        raise RuntimeError(f"the room of the stores was not shared: {solved.message}")
    price = np.zeros(len(limit))
    price[tight] = np.maximum(-solved.ineqlin.marginals, 0.0) / scale
    shares = [solved.x[of == n] for n in range(len(plans))]
    return shares, float((cost * solved.x).sum()), price

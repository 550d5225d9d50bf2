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
    """The best flow of every good, on all cores: the goods know nothing of each other."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda one: one.best(price), each))


def _at_home(each: list[_One], limit: Floats) -> list[Floats]:
    """Plans that take no room."""
    dear = max(float(one.cost.max()) for one in each) * 1e4
    return _best(each, np.where(np.isfinite(limit), dear, 0.0))


def _priced(each: list[_One], first: list[list[Floats]], limit: Floats) -> Shared:
    """first: lists of plans by good; the last list fits, and is kept."""
    flows = [list(known) for known in zip(*first, strict=True)]
    idle = [[0] * len(known) for known in flows]
    calm = _Calm(np.where(np.isfinite(limit), limit, 0.0))
    for _ in range(ROUNDS):
        shares, value, price = _master(each, flows, limit)
        if value - calm.bound <= CLOSE * abs(value):
            break
        for known, since, part in zip(flows, idle, shares, strict=True):
            _forget(known, since, part)
        price = calm.nearer(price)
        found = _best(each, price)
        calm.learn(each, found, price)
        for known, since, x in zip(flows, idle, found, strict=True):
            known.append(x)
            since.append(0)
    shares, value, _ = _master(each, flows, limit)
    mixed = [
        sum((share * x for share, x in zip(part, known, strict=True)), np.zeros(len(known[0])))
        for part, known in zip(shares, flows, strict=True)
    ]
    return Shared(mixed, value, calm.bound)


class _Calm:
    """Prices kept near those of the best bound so far, for the master's alone swing wildly.

    How near follows from whether the bound would rise on the way to the master's prices (Pessoa,
    Sadykov, Uchoa and Vanderbeck 2018, "Automation and combination of linear-programming based
    stabilization techniques in column generation").
    """

    def __init__(self, limited: Floats) -> None:
        self.bound = -np.inf
        self._limited = limited
        self._best: Floats | None = None
        self._master = limited
        self._near = NEAR

    def nearer(self, price: Floats) -> Floats:
        """Prices between the best so far and the master's `price`."""
        self._master = price
        return price if self._best is None else self._near * self._best + (1 - self._near) * price

    def learn(self, each: list[_One], found: list[Floats], price: Floats) -> None:
        """What the goods found at `price` is a bound, and tells whether it rises from there."""
        used = sum((one.room @ x for one, x in zip(each, found, strict=True)), 0 * price)
        over = np.where(self._limited > 0, used - self._limited, 0.0)
        if self._best is not None:
            rises = float(over @ (self._master - self._best)) >= 0
            self._near = max(self._near - 0.1, 0.0) if rises else 0.9 * self._near + 0.1
        priced = sum(one.value(x, price) for one, x in zip(each, found, strict=True))
        bound = priced - float(price @ self._limited)
        if bound > self.bound:
            self.bound, self._best = bound, price


def _forget(known: list[Floats], idle: list[int], shares: Floats) -> None:
    """Drops plans of no use for a while, but never the one that fits."""
    idle[:] = [0 if share > 0 else since + 1 for share, since in zip(shares, idle, strict=True)]
    kept = [n for n, since in enumerate(idle) if since <= IDLE or n == FITS]
    known[:] = [known[n] for n in kept]
    idle[:] = [idle[n] for n in kept]


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

"""Which laboratory each load goes to: a list by finish, then moves and exchanges, compiled.

Changes are kept when they cost no more than a threshold that falls to nothing (threshold
accepting, Dueck and Scheuer 1990); the best assignment seen is the answer.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from zhongshu.engines.testing.labs.queue import next_open, serve, tube_cost
from zhongshu.engines.testing.labs.yard import Yard
from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
PATIENCE = np.array([0.0, 0.05, 0.1, 0.2, 0.35, 0.6, 1.0, 1.6, 2.5])  # hours; see queue
APART_H = 2.0  # loads that arrive farther apart are not exchanged
SHARE = 16  # one change in so many is of a laboratory's patience


class Rows(NamedTuple):
    """lab: of each load, -1 for none.  rows: loads of each laboratory by arrival, `held` of them.

    patience, cost: of each laboratory.  room, many, starts, filled: for the queue to write in.
    """

    lab: Ints
    rows: Ints
    held: Ints
    patience: Floats
    cost: Floats
    room: Floats
    many: Ints
    starts: Floats
    filled: Ints


@njit(cache=True, nogil=True)
def by_list(order: Ints, yard: Yard) -> Ints:
    """Each load in turn to the laboratory that, working evenly, would be done with it cheapest."""
    free = np.zeros(len(yard.machines))
    lab = np.full(len(yard.tubes), -1, np.int64)
    for i in order:
        least, soonest = math.inf, math.inf
        for n in range(len(free)):
            if yard.arrive[n, i] == math.inf:
                continue
            hours = yard.tubes[i] * yard.run_h[n] / (yard.machines[n] * yard.batch[n])
            at = max(yard.arrive[n, i], free[n])
            begins = next_open(at, yard.run_h[n], yard.opens[n], yard.closes[n])
            cost = tube_cost(begins + hours / 2, yard.run_h[n], yard.cost)
            if cost < least or (least == math.inf and yard.arrive[n, i] < soonest):
                least, soonest, lab[i] = cost, yard.arrive[n, i], n
        if least < math.inf:
            n = lab[i]
            at = max(yard.arrive[n, i], free[n])
            begins = next_open(at, yard.run_h[n], yard.opens[n], yard.closes[n])
            hours = yard.tubes[i] * yard.run_h[n] / (yard.machines[n] * yard.batch[n])
            free[n] = begins + hours
    return lab


@njit(cache=True, nogil=True)
def put(state: Rows, n: int, one: int, arrive: Floats) -> None:
    """Load `one` among the rows of laboratory `n`, by arrival and then number."""
    rows, at = state.rows[n], state.held[n]
    while at > 0 and (
        arrive[rows[at - 1]] > arrive[one]
        or (arrive[rows[at - 1]] == arrive[one] and rows[at - 1] > one)
    ):
        rows[at] = rows[at - 1]
        at -= 1
    rows[at] = one
    state.held[n] += 1
    state.lab[one] = n


@njit(cache=True, nogil=True)
def take(state: Rows, n: int, one: int) -> None:
    rows, at = state.rows[n], 0
    while rows[at] != one:
        at += 1
    for k in range(at, state.held[n] - 1):
        rows[k] = rows[k + 1]
    state.held[n] -= 1


@njit(cache=True, nogil=True)
def price(state: Rows, n: int, yard: Yard, patience: float) -> float:
    """What laboratory `n` costs with its rows."""
    count = state.held[n]
    for k in range(count):
        one = state.rows[n, k]
        state.room[k], state.many[k] = yard.arrive[n, one], yard.tubes[one]
    return serve(
        n, state.room[:count], state.many[:count], yard, patience, state.starts, state.filled
    )[0]


@njit(cache=True, nogil=True)
def _begin(lab: Ints, patience: Floats, yard: Yard) -> Rows:
    loads, labs = len(yard.tubes), len(yard.machines)
    most = int(yard.tubes.sum()) + 1
    state = Rows(
        lab.copy(),
        np.empty((labs, loads + 1), np.int64),
        np.zeros(labs, np.int64),
        patience.copy(),
        np.zeros(labs),
        np.empty(loads + 1),
        np.empty(loads + 1, np.int64),
        np.empty(most),
        np.empty(most, np.int64),
    )
    for i in range(loads):
        if lab[i] >= 0:
            put(state, lab[i], i, yard.arrive[lab[i]])
    for n in range(labs):
        state.cost[n] = price(state, n, yard, patience[n])
    return state


@njit(cache=True, nogil=True)
def _calmer(state: Rows, yard: Yard, chance: Generator) -> float:
    """Another patience for one laboratory, if that is no dearer; the change of cost."""
    n = int(chance.random() * len(yard.machines))
    other = PATIENCE[int(chance.random() * len(PATIENCE))]
    change = price(state, n, yard, other) - state.cost[n]
    if change > 0:
        return 0.0
    state.cost[n] += change
    state.patience[n] = other
    return float(change)


@njit(cache=True, nogil=True)
def _partner(state: Rows, a: int, b: int, i: int, yard: Yard, chance: Generator) -> int:
    """A load of `b` that comes there at about the hour `i` would, and may go to `a`; or -1."""
    if state.held[b] == 0:
        return -1
    j = state.rows[b, int(chance.random() * state.held[b])]
    apart = abs(yard.arrive[b, j] - yard.arrive[b, i])
    return int(j) if yard.arrive[a, j] < math.inf and apart <= APART_H else -1


@njit(cache=True, nogil=True)
def _exchange(state: Rows, a: int, b: int, i: int, j: int, yard: Yard) -> None:
    """Load `i` goes from `a` to `b`, and `j`, if any, the other way."""
    take(state, a, i)
    if j >= 0:
        take(state, b, j)
        put(state, a, j, yard.arrive[a])
    put(state, b, i, yard.arrive[b])


@njit(cache=True, nogil=True)
def _try(state: Rows, near: Ints, yard: Yard, limit: float, pair: int, chance: Generator) -> float:
    """One load to another laboratory, or two exchanged; undone if dearer than `limit`."""
    i = int(chance.random() * len(yard.tubes))
    a, b = state.lab[i], near[i, int(chance.random() * near.shape[1])]
    if a < 0 or b < 0 or a == b:
        return 0.0
    j = _partner(state, a, b, i, yard, chance) if pair else -1
    _exchange(state, a, b, i, j, yard)
    from_a, to_b = price(state, a, yard, state.patience[a]), state.cost[b]
    change = from_a - state.cost[a]
    if change < limit or j >= 0:
        to_b = price(state, b, yard, state.patience[b])
        change += to_b - state.cost[b]
        if change < limit:
            state.cost[a], state.cost[b] = from_a, to_b
            return float(change)
    if j >= 0:
        take(state, a, j)
    take(state, b, i)
    put(state, a, i, yard.arrive[a])
    if j >= 0:
        put(state, b, j, yard.arrive[b])
    return 0.0


@njit(cache=True, nogil=True)
def improve(
    chance: Generator, moves: int, lab: Ints, patience: Floats, near: Ints, yard: Yard, hot: float
) -> float:
    """Tries `moves` changes; `lab` and `patience` become the best, their cost comes back.

    near: (loads, k) laboratories to try, -1 for none.  hot: the first threshold, tube-hours.
    """
    state = _begin(lab, patience, yard)
    total = state.cost.sum()
    best = total
    for step in range(moves if len(yard.tubes) else 0):
        if step % SHARE == 0:
            total += _calmer(state, yard, chance)
        else:
            limit = hot * (1.0 - step / moves) ** 2
            total += _try(state, near, yard, limit, step % 2, chance)
        if total < best - 1e-6:
            best = total
            lab[:], patience[:] = state.lab, state.patience
    return float(best)

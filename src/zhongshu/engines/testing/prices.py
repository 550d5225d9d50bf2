"""What a place is worth at each village: a bound for every siting, and which points to open.

Relaxes "everybody of a village has a place" (Lagrange).  What is left falls apart into the points:
each takes the people it earns most by, as many as it holds (a knapsack that may cut a village, as
walking may), and opens if that pays its price.  The prices are improved by the volume algorithm
(Barahona & Anbil, Math. Program. 87 (2000) 385-399), which also averages the openings: a point open
in most of the answers is open in good plans.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# Of the volume algorithm: weight of the newest answer, and what shortens the steps.
NEWEST, PATIENCE, SHORTER, LONGER, SHORTEST = 0.05, 20, 0.66, 1.1, 1e-4


@dataclasses.dataclass(frozen=True)
class Ground:
    """Pairs sorted by point; those of point j are begin[j]:begin[j + 1].

    town, floor: of each point its township (-1: none); of each township the least open points.
    pinned: points that are open in every answer.
    """

    people: Floats
    capacity: Floats
    begin: Ints
    village: Ints
    km: Floats
    opening: float
    town: Ints
    floor: Ints
    pinned: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Prices:
    """village: km that one place is worth.  opened: share of the answers in which a point opened.
    bound: person-km, of every plan that serves these people."""

    village: Floats
    opened: Floats
    bound: float


def begin(ground: Ground) -> Prices:
    """The nearest walk and a share of the point's price."""
    start = np.full(len(ground.people), np.inf)
    point = np.repeat(np.arange(len(ground.capacity)), np.diff(ground.begin))
    spread = ground.opening / np.maximum(ground.capacity, 1.0)
    np.minimum.at(start, ground.village, ground.km + spread[point])
    start[~np.isfinite(start)] = 0.0
    return Prices(start, np.zeros(len(ground.capacity)), 0.0)


def improve(ground: Ground, last: Prices, *, upper: float, steps: int) -> Prices:
    """At most `steps` further answers.  upper: person-km of a known plan.  Deterministic."""
    price, opened = last.village.copy(), last.opened.copy()
    bound = _volume(
        ground.people, ground.capacity, ground.begin, ground.village, ground.km, ground.opening,
        ground.town, ground.floor, ground.pinned, price, opened, upper, steps,
    )  # fmt: skip
    # The sums above are rounded anew in every step; a bound must not gain by that.
    return Prices(price, opened, max(0.0, bound - 1e-9 * abs(bound)))


@njit(cache=True, nogil=True)
def _volume(
    people: Floats,
    capacity: Floats,
    begin: Ints,
    village: Ints,
    km: Floats,
    opening: float,
    town: Ints,
    floor: Ints,
    pinned: NDArray[np.bool_],
    price: Floats,
    opened: Floats,
    upper: float,
    steps: int,
) -> float:
    """Improves `price` in place and averages the openings into `opened`; the best bound."""
    points = len(capacity)
    taken, mean = np.zeros(len(km)), np.zeros(len(km))
    earned, is_open, center = np.zeros(points), np.zeros(points), price.copy()
    missing = np.zeros(len(people))
    widest = 0
    for j in range(points):
        widest = max(widest, begin[j + 1] - begin[j])
    gain, order = np.empty(widest + 1), np.empty(widest + 1, np.int64)
    best, size, idle = -1e300, 1.0, 0
    for step in range(steps):
        total = (people * price).sum()
        for j in range(points):
            earned[j] = opening + _fill(
                begin[j], begin[j + 1], capacity[j], people, village, km, price, taken, gain, order
            )
            is_open[j] = 1.0 if earned[j] < 0 or pinned[j] else 0.0
            total += earned[j] * is_open[j]
        total += _floors(earned, is_open, town, floor)
        weight = NEWEST if step else 1.0
        missing[:] = people
        for j in range(points):
            opened[j] = weight * is_open[j] + (1 - weight) * opened[j]
            for pair in range(begin[j], begin[j + 1]):
                mean[pair] = weight * taken[pair] * is_open[j] + (1 - weight) * mean[pair]
                missing[village[pair]] -= mean[pair]
        if total > best + 1e-6 * abs(best):
            center[:] = price
            best, idle, size = total, 0, min(2.0, size * LONGER)
        else:
            idle += 1
            if idle >= PATIENCE:
                idle, size = 0, size * SHORTER
        length = (missing * missing).sum()
        if size < SHORTEST or length < 1e-9 or best >= upper:
            break
        price[:] = center + size * (upper - best) / length * missing
    price[:] = center
    return float(best)


@njit(cache=True, nogil=True)
def _fill(
    first: int,
    last: int,
    capacity: float,
    people: Floats,
    village: Ints,
    km: Floats,
    price: Floats,
    taken: Floats,
    gain: Floats,
    order: Ints,
) -> float:
    """What the people a point would take bring in (at most 0); `taken` is set for its pairs."""
    count = 0
    for pair in range(first, last):
        taken[pair] = 0.0
        net = km[pair] - price[village[pair]]
        if net < 0:
            at = count
            while at > 0 and gain[at - 1] > net:
                gain[at], order[at] = gain[at - 1], order[at - 1]
                at -= 1
            gain[at], order[at] = net, pair
            count += 1
    total, left = 0.0, capacity
    for n in range(count):
        amount = min(left, people[village[order[n]]])
        taken[order[n]] = amount
        total += amount * gain[n]
        left -= amount
        if left <= 0:
            break
    return total


@njit(cache=True, nogil=True)
def _floors(earned: Floats, is_open: Floats, town: Ints, floor: Ints) -> float:
    """Opens the cheapest points of townships that have too few; what they cost."""
    cost = 0.0
    lacking = floor.copy()
    for j in range(len(town)):
        if town[j] >= 0 and is_open[j] > 0:
            lacking[town[j]] -= 1
    for t in range(len(floor)):
        while lacking[t] > 0:
            chosen = -1
            for j in range(len(town)):
                shut = town[j] == t and is_open[j] == 0
                if shut and (chosen < 0 or earned[j] < earned[chosen]):
                    chosen = j
            if chosen < 0:
                break
            is_open[chosen] = 1.0
            cost += earned[chosen]
            lacking[t] -= 1
    return cost

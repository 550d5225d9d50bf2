"""Which points open and who goes where: walking against the number of points.

Capacitated facility location.  First as many people as can be are given a place within walking
distance, with every point open; for these people the prices (`prices.py`) give a bound and tell
which points are worth opening.  From there plans are made by turns of walking (a flow of least
cost) and of closing points that are hardly used, by dynamic slope scaling (Kim & Pardalos, Oper.
Res. Lett. 24 (1999) 195-203); the best plan seen is kept.  A village may be cut: whole buildings
go to different points.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing import prices
from zhongshu.kernel.flow import Flow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

STEPS = (300, 700)  # of the prices, before and after the first plan
SHARES = (0.2, 0.35, 0.5)  # a point opens if it did in so many of the answers
FIRST_SHARE = 0.4
CLOSING = (0.03, 0.01)  # shares of the open points tried closed


@dataclasses.dataclass(frozen=True)
class Reach:
    """Village-point pairs within walking distance, as indices, sorted by point."""

    village: Ints
    point: Ints
    km: Floats


@dataclasses.dataclass(frozen=True)
class Siting:
    """flow: people per pair of `reach`.  left: people unserved per village.  opened: by point.

    price: km a place is worth, by village; `bound` is what these prices prove.
    """

    flow: Ints
    left: Ints
    opened: NDArray[np.bool_]
    value: float
    bound: float
    price: Floats


@dataclasses.dataclass(frozen=True)
class Task:
    """town: of each point its township (-1: none); floor: least open points by township.
    pinned: points that open whoever walks there."""

    people: Ints
    capacity: Ints
    reach: Reach
    point_cost: float
    town: Ints
    floor: Ints
    pinned: NDArray[np.bool_]


def within(km: Floats, *, walk_max_km: float) -> Reach:
    """All pairs not farther than `walk_max_km`.  km: shape (villages, points), NaN: unknown."""
    point, village = np.nonzero((km <= walk_max_km).T)  # false for NaN
    return Reach(village, point, km[village, point])


def solve(task: Task, *, rounds: int) -> Siting:
    """The best of some plans, `rounds` of them by slope scaling.  Deterministic."""
    points = len(task.capacity)
    everywhere = np.zeros(points)
    flow, left = _walk(task, task.people, everywhere)
    served = task.people - left
    best = _plan(task, flow)
    ground = _ground(task, served)
    known = prices.begin(ground)
    known = prices.improve(ground, known, upper=best[0], steps=STEPS[0])
    best = _priced(task, served, known, best, FIRST_SHARE)
    known = prices.improve(ground, known, upper=best[0], steps=STEPS[1])
    best = _search(task, served, known, best, rounds=rounds)
    value, flow, opened = best
    bound = min(known.bound, value)  # equal but for rounding when the plan is proven optimal
    return Siting(flow, left, opened, value, bound, known.village)


def _ground(task: Task, served: Ints) -> prices.Ground:
    return prices.Ground(
        people=served.astype(np.float64),
        capacity=task.capacity.astype(np.float64),
        begin=np.searchsorted(task.reach.point, np.arange(len(task.capacity) + 1)),
        village=task.reach.village,
        km=task.reach.km,
        opening=task.point_cost,
        town=task.town,
        floor=task.floor,
        pinned=task.pinned,
    )


Found = tuple[float, Ints, NDArray[np.bool_]]


def _search(task: Task, served: Ints, known: prices.Prices, best: Found, *, rounds: int) -> Found:
    """Plans with the points the prices open, then slope scaling from the best, then closing."""
    full = task.point_cost / np.maximum(task.capacity, 1)
    for share in SHARES:
        best = _priced(task, served, known, best, share)
    for _ in range(rounds):
        load = _load(task, best[1])
        spread = np.where(load > 0, task.point_cost / np.maximum(load, 1), 2 * full)
        spread[task.pinned] = 0.0
        found = _better(task, served, spread, best, again=True)
        if found is best:
            break
        best = found
    for share in CLOSING:
        load = _load(task, best[1])
        used = np.flatnonzero((load > 0) & ~task.pinned)
        emptiest = used[np.argsort(load[used], kind="stable")][: max(1, int(share * len(used)))]
        spread = np.where((load > 0) | task.pinned, 0.0, 3 * full)
        spread[emptiest] = task.point_cost / np.maximum(load[emptiest], 1)
        best = _better(task, served, spread, best)
    return best


def _priced(task: Task, served: Ints, known: prices.Prices, best: Found, share: float) -> Found:
    """A point that is not wanted may still be needed: it costs three times its price a head."""
    full = task.point_cost / np.maximum(task.capacity, 1)
    wanted = (known.opened > share) | task.pinned
    return _better(task, served, np.where(wanted, 0.0, 3 * full), best)


def _better(task: Task, served: Ints, spread: Floats, best: Found, *, again: bool = False) -> Found:
    """again: walk once more without the spread; nobody goes farther for what is paid anyway."""
    flow, _ = _walk(task, served, spread)
    found = _plan(task, flow)
    if again:
        flow, _ = _walk(task, served, np.where(found[2], 0.0, np.inf))
        found = _plan(task, flow)
    return min(best, found, key=lambda one: one[0] + 1e-9 * (one is not best))


def _plan(task: Task, flow: Ints) -> Found:
    """The cost of a flow with the points it uses, and those the townships are owed besides."""
    opened = (_load(task, flow) > 0) | task.pinned
    for town, least in enumerate(task.floor):
        mine = np.flatnonzero((task.town == town) & (task.capacity > 0))
        lacking = max(0, int(least) - int(opened[mine].sum()))
        opened[mine[~opened[mine]][:lacking]] = True
    value = float((flow * task.reach.km).sum()) + task.point_cost * int(opened.sum())
    return value, flow, opened


def _load(task: Task, flow: Ints) -> Floats:
    load = np.bincount(task.reach.point, weights=flow, minlength=len(task.capacity))
    return load.astype(np.float64)


def _walk(task: Task, people: Ints, spread: Floats) -> tuple[Ints, Ints]:
    """People to points at least walking + spread (infinite: shut); as few left over as can be.

    Returns (flow per pair, people left per village).
    """
    villages, points, reach = len(people), len(task.capacity), task.reach
    usable = (task.capacity > 0) & np.isfinite(spread)
    pairs = np.flatnonzero(usable[reach.point] & (people[reach.village] > 0))
    rooms = np.flatnonzero(usable)
    sink = villages + points
    cost = reach.km[pairs] + spread[reach.point[pairs]]
    # To place one more person, everybody else may have to move on once: dearer than all of that.
    missed = (float(cost.max(initial=0.0)) + 1.0) * (min(villages, points) + 1)
    homes = np.arange(villages)
    network = Flow.begin(
        np.concatenate([reach.village[pairs], villages + rooms, homes]),
        np.concatenate([villages + reach.point[pairs], np.full(len(rooms) + villages, sink)]),
        np.concatenate(
            [np.full(len(pairs), np.inf), task.capacity[rooms], np.full(villages, np.inf)]
        ),
        np.concatenate([people, np.zeros(points), [-people.sum()]]).astype(np.float64),
    )
    prices_of = np.concatenate([cost, np.zeros(len(rooms)), np.full(villages, missed)])
    carried = np.rint(network.solve(prices_of)).astype(np.int64)  # whole: a tree of whole numbers
    flow = np.zeros(len(reach.km), np.int64)
    flow[pairs] = carried[: len(pairs)]
    return flow, carried[len(prices_of) - villages :]

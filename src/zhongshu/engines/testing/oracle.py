"""Slow readable twins: every way of opening and walking; a laboratory run minute by minute."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence


def best_siting(
    people: Sequence[int],
    capacity: Sequence[int],
    km: Sequence[Sequence[float]],
    *,
    walk_max_km: float,
    point_cost_km: float,
    pinned: Sequence[bool] | None = None,
) -> tuple[int, float]:
    """(people left out, person-km + point_cost_km per point): the least, in this order.

    pinned: points that are open even when nobody walks there."""
    must = pinned or [False] * len(capacity)
    choices = [_splits(n, len(capacity)) for n in people]
    best = (sum(people), point_cost_km * sum(must))
    for plan in itertools.product(*choices):
        load = [sum(row[point] for row in plan) for point in range(len(capacity))]
        reached = all(
            km[v][p] <= walk_max_km for v, row in enumerate(plan) for p, n in enumerate(row) if n
        )
        if reached and all(n <= most for n, most in zip(load, capacity, strict=True)):
            walking = sum(km[v][p] * n for v, row in enumerate(plan) for p, n in enumerate(row))
            opened = sum(n > 0 or pin for n, pin in zip(load, must, strict=True))
            cost = walking + point_cost_km * opened
            best = min(best, (sum(people) - sum(load), cost))
    return best


def last_result_h(
    batches: Sequence[tuple[float, float]], *, tubes_per_hour: float, turnaround_h: float
) -> float:
    """When a laboratory that starts with the first tubes reports the last; (hour, tubes) batches.

    Runs in steps of a minute; right to about a minute per idle spell.
    """
    waiting, minute, todo = 0.0, 0, sum(tubes for _, tubes in batches)
    while todo > 1e-9:
        waiting += sum(tubes for hour, tubes in batches if math.floor(hour * 60) == minute)
        done = min(waiting, tubes_per_hour / 60)
        waiting, todo, minute = waiting - done, todo - done, minute + 1
    return minute / 60 + turnaround_h


def walk_share_km(walks: Sequence[tuple[float, int]], share: float) -> float:
    """The walk that `share` of the people do not exceed; (km, people) pairs."""
    everyone = sorted(itertools.chain.from_iterable([km] * people for km, people in walks))
    return everyone[max(0, math.ceil(share * len(everyone)) - 1)]


def _splits(people: int, points: int) -> list[tuple[int, ...]]:
    """Every way to send at most `people` to `points`."""
    return [row for row in _counts(people, points) if sum(row) <= people]


def _counts(people: int, points: int) -> Iterator[tuple[int, ...]]:
    return itertools.product(range(people + 1), repeat=points)


def pooled(people: int, prevalence: float, *, size: int, sensitivity: float) -> tuple[float, float]:
    """(positive tubes, people in them) expected, over every way who of a few may be positive."""
    tubes, again = 0.0, 0.0
    for ill in itertools.product((False, True), repeat=people):
        chance = math.prod(prevalence if one else 1 - prevalence for one in ill)
        pools = [ill[n : n + size] for n in range(0, people, size)]
        tubes += chance * sensitivity * sum(any(pool) for pool in pools)
        again += chance * sensitivity * sum(len(pool) for pool in pools if any(pool))
    return tubes, again

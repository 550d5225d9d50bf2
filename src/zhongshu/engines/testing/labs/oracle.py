"""Slow readable twins: a laboratory's queue tube by tube, and every plan of a few tubes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

CLOSE = 1e-9
Period = tuple[float, float]


def queue(
    loads: Sequence[tuple[float, int]], *, machines: int, batch: int, run_h: float,
    open_at: Sequence[Period], patience: float,
) -> list[tuple[float, int]]:  # fmt: skip
    """(start, tubes) of each run of one laboratory for (hour, tubes) loads; see `queue.serve`."""
    coming = sorted(hour for hour, tubes in loads for _ in range(tubes))
    free = [0.0] * machines
    runs: list[tuple[float, int]] = []
    while coming:
        start = may_start(max(min(free), coming[0]), run_h, open_at)
        while True:
            waiting = sum(hour <= start for hour in coming)
            later = [hour for hour in coming if hour > start]
            if not later or waiting >= batch or start == math.inf:
                break
            more = min(_next_load(loads, start), batch - waiting)
            busy = sum(until > start + CLOSE for until in free)
            if waiting * (later[0] - start) > patience * more * (busy + 1) / machines:
                break
            start = may_start(later[0], run_h, open_at)
        if start == math.inf:
            break
        free[free.index(min(free))] = start + run_h
        runs.append((start, min(batch, waiting)))
        coming = coming[runs[-1][1] :]
    return runs


def may_start(hour: float, run_h: float, open_at: Sequence[Period]) -> float:
    starts = [max(hour, a) for a, b in open_at if max(hour, a) + run_h <= b + CLOSE]
    return min(starts, default=math.inf)


def _next_load(loads: Sequence[tuple[float, int]], hour: float) -> int:
    """The tubes of the next load after `hour`; of loads of one hour the first that is given."""
    return min(
        (row for row in enumerate(loads) if row[1][0] > hour), key=lambda r: (r[1][0], r[0])
    )[1][1]


def best(
    arrive: Sequence[Sequence[float]], *, machines: Sequence[int], batch: Sequence[int],
    run_h: Sequence[float], open_at: Sequence[Period], due_h: float, late_weight: float,
    report_h: float, left: float,
) -> float:  # fmt: skip
    """The least cost of single tubes that reach laboratory n at hour arrive[tube][n].

    Each may go anywhere on its own, or be left at the cost `left`.  Hours of the results, with
    lateness weighted.
    """
    labs = len(machines)

    def cost(n: int, tubes: tuple[int, ...]) -> float:
        def one(start: float) -> float:
            result = start + run_h[n] + report_h
            return result + late_weight * max(0.0, result - due_h)

        least = math.inf
        for groups in partitions(tubes):
            if max(map(len, groups), default=0) > batch[n] or (groups and not machines[n]):
                continue
            for order in itertools.permutations(groups):
                free, total = [0.0] * machines[n], 0.0
                for group in order:
                    there = max(arrive[tube][n] for tube in group)
                    start = may_start(max(min(free), there), run_h[n], open_at)
                    free[free.index(min(free))] = start + run_h[n]
                    total += len(group) * one(start)
                least = min(least, total)
        return least

    found = math.inf
    for where in itertools.product(range(-1, labs), repeat=len(arrive)):
        total = left * where.count(-1)
        for n in range(labs):
            total += cost(n, tuple(tube for tube, lab in enumerate(where) if lab == n))
        found = min(found, total)
    return found


def partitions(tubes: tuple[int, ...]) -> Iterator[list[list[int]]]:
    """Every way to divide them into groups."""
    if not tubes:
        yield []
        return
    for rest in partitions(tubes[1:]):
        yield [[tubes[0]], *rest]
        for n in range(len(rest)):
            yield [*rest[:n], [tubes[0], *rest[n]], *rest[n + 1 :]]

"""One laboratory's runs for the loads it is given: first come, first served, compiled.

A run starts when a machine is free, unless it is worth waiting for the next load: the hours its
waiting tubes would lose against the places that load would fill, each worth `patience` hours of
machine, times the share of the machines that would then be busy.  So idle machines start at once
and the last free one waits for a fuller run; patience 0 never waits.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing.labs.yard import Yard
from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
CLOSE = 1e-9


@njit(cache=True, nogil=True)
def next_open(hour: float, run_h: float, opens: Floats, closes: Floats) -> float:
    """The first moment from `hour` on at which a run may start, inf if none."""
    for n in range(len(opens)):
        begins = max(hour, opens[n])
        if begins + run_h <= closes[n] + CLOSE:
            return float(begins)
    return math.inf


@njit(cache=True, nogil=True)
def ends_at_once(hours: Floats, run_h: float, opens: Floats, closes: Floats) -> Floats:
    """When runs would end that begin as soon as they may from these hours on."""
    ends = np.empty(len(hours))
    for i in range(len(hours)):
        ends[i] = next_open(hours[i], run_h, opens, closes) + run_h
    return ends


@njit(cache=True, nogil=True)
def tube_cost(start: float, run_h: float, cost: Floats) -> float:
    """Of one tube whose run starts at `start`: hour of its result, lateness weighted."""
    result = start + run_h + cost[2]
    return float(result + cost[1] * max(0.0, result - cost[0]))


@njit(cache=True, nogil=True)
def serve(
    n: int, arrive: Floats, tubes: Ints, yard: Yard, patience: float, starts: Floats, filled: Ints
) -> tuple[float, int]:
    """(cost, runs) of laboratory `n` with loads in order of arrival.

    `starts` and `filled` get the runs; they must have room for a run per tube.  Tubes no run takes
    before the last closing cost cost[3] each.
    """
    machines, batch, run_h = yard.machines[n], yard.batch[n], yard.run_h[n]
    count, todo = len(arrive), int(tubes.sum())
    cost, clock = 0.0, 0.0
    runs, done, seen, waiting = 0, 0, 0, 0  # done: runs that have ended; seen: loads that are there
    while todo > 0:
        if runs >= machines:
            clock = max(clock, starts[runs - machines] + run_h)
        if waiting == 0:
            clock = max(clock, arrive[seen])
        while True:
            clock = next_open(clock, run_h, yard.opens[n], yard.closes[n])
            while seen < count and arrive[seen] <= clock:
                waiting += tubes[seen]
                seen += 1
            if seen == count or clock == math.inf or waiting >= batch:
                break
            while done < runs and starts[done] + run_h <= clock + CLOSE:
                done += 1
            busy = min(machines, runs - done)
            worth = patience * min(tubes[seen], batch - waiting) * (busy + 1) / machines
            if waiting * (arrive[seen] - clock) > worth:
                break
            clock = arrive[seen]
        if clock == math.inf:
            return cost + todo * yard.cost[3], runs
        took = min(batch, waiting)
        starts[runs], filled[runs] = clock, took
        cost += took * tube_cost(clock, run_h, yard.cost)
        waiting -= took
        todo -= took
        runs += 1
    return cost, runs

"""Simulated annealing over ruin and recreate, on some vehicles of a day, compiled."""

# ruff: noqa: PLR0917 - kernels: a call per place tried costs more than the place

from __future__ import annotations

import numpy as np

from zhongshu.engines.transfer.trips import blocks, tails
from zhongshu.engines.transfer.trips.lines import LOADS
from zhongshu.engines.transfer.trips.ruin import recreate, ruin
from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

RETRIED = 20  # homes left out that are tried again in one round
OUT = 10  # homes taken out in a round, on average, as published
TAILS = 0.1  # share of rounds in which two vehicles exchange the rest of their days
WHOLE = 0.4  # share of rounds that move whole trips


@njit(cache=True, nogil=True)
def cost(task, state, mine, homes):  # type: ignore[no-untyped-def]
    """Metres of my vehicles, and what my homes left out or moved cost."""
    total = np.int64(0)
    for r in range(len(mine)):
        if mine[r] and state.filled[r]:
            total += state.length[r]
    for home in homes:
        r = state.where[home]
        if r < 0:
            total += task.weight[home]
        elif task.wants[home] >= 0 and task.wants[home] != r:
            total += task.moved[home]
    return total


@njit(cache=True, nogil=True)
def copy(source, target, which):  # type: ignore[no-untyped-def]
    """The days of the vehicles in `which`, and the homes that are in or were in them."""
    line, broken, begin, latest = target.line, target.broken, target.begin, target.latest
    total, before, where = target.total, target.before, target.where
    for r in range(len(which)):
        if which[r]:
            for i in range(target.filled[r]):
                where[line[r, i]] = source.where[line[r, i]]
    for r in range(len(which)):
        if which[r]:
            target.filled[r] = source.filled[r]
            target.length[r] = source.length[r]
            for i in range(source.filled[r]):
                home = source.line[r, i]
                line[r, i], broken[r, i] = home, source.broken[r, i]
                begin[r, i], latest[r, i] = source.begin[r, i], source.latest[r, i]
                for d in range(LOADS):
                    total[r, i, d] = source.total[r, i, d]
                    before[r, i, d] = source.before[r, i, d]
                where[home] = r


@njit(cache=True, nogil=True)
def settle(state, which):  # type: ignore[no-untyped-def]
    for r in range(len(which)):
        if which[r]:
            state.dirty[r] = False


@njit(cache=True, nogil=True)
def worse(task, state, trial, dirty, out, number):  # type: ignore[no-untyped-def]
    """By how many metres `trial` costs more than `state`, which differ in the `dirty` vehicles and
    the homes in `out`."""
    more = np.int64(0)
    for r in range(len(dirty)):
        if dirty[r]:
            more += trial.length[r] if trial.filled[r] else 0
            more -= state.length[r] if state.filled[r] else 0
    for n in range(number):
        more += fee(task, out[n], trial.where[out[n]]) - fee(task, out[n], state.where[out[n]])
    return more


@njit(cache=True, nogil=True)
def fee(task, home, r):  # type: ignore[no-untyped-def]
    """What it costs besides metres that vehicle r (-1: none) takes the home."""
    if r < 0:
        return task.weight[home]
    if task.wants[home] >= 0 and task.wants[home] != r:
        return task.moved[home]
    return np.int64(0)


@njit(cache=True, nogil=True)
def changed(task, trial, mine, gone, out, ends, left, lefts, tied, key, tick):  # type: ignore[no-untyped-def]
    """One ruin and recreate of `trial`, of strings or of whole trips; how many homes of `out` it
    touched.  left: the homes left out so far, some of which are tried again.  tied: -1 where no
    home has a vehicle it should stay with."""
    kept, way = 0, unit(key, tick)
    if way < TAILS and tied < 0:
        tails.exchange(task, trial, mine, key, tick + 1)
        return 0, tick + 4_000
    if way < TAILS + WHOLE:
        trips = blocks.ruin(task, trial, mine, gone, out, ends, key, tick + 1)
        tick += 2
        number = ends[trips - 1] if trips else 0
        touched = out[:number].copy()
        if trips:
            kept, tick = blocks.recreate(task, trial, mine, gone, out, ends, trips, key, tick)
    else:
        kept = ruin(task, trial, mine, gone, out, key, tick + 1, OUT)
        tick += 8 * kept + 32
        touched = out[:0].copy()
    for n in range(kept):
        gone[out[n]] = False
    begin = int(unit(key, tick) * lefts)
    for n in range(min(lefts, RETRIED)):
        out[kept] = left[(begin + n) % lefts]
        kept += 1
    tick = recreate(task, trial, mine, out, kept, key, tick + 1)
    for home in touched:
        again = False
        for n in range(kept):
            again = again or out[n] == home
        if not again:
            out[kept] = home
            kept += 1
    return kept, tick


@njit(cache=True, nogil=True)
def improve(task, state, trial, best, mine, homes, key, rounds, heat):  # type: ignore[no-untyped-def]
    """`rounds` of ruin and recreate on my vehicles and homes, cooling from heat[0] to heat[1]
    metres.  `best` receives the best state seen; `state` ends where the search stands."""
    gone = np.zeros(len(task.klass), np.bool_)
    out = np.empty(2 * len(task.klass) + RETRIED, np.int32)
    ends = np.empty(blocks.MOST, np.int32)
    stale = mine.copy()  # vehicles in which `best` may lag behind `state`
    now = least = cost(task, state, mine, homes)
    copy(state, best, mine)
    copy(state, trial, mine)
    stale[:] = False
    dirty = mine.copy()
    settle(trial, dirty)
    left, lefts = np.empty(2 * len(homes) + RETRIED, np.int32), 0
    for home in homes:
        if state.where[home] < 0:
            left[lefts] = home
            lefts += 1
    cool = (heat[1] / heat[0]) ** (1.0 / max(1, rounds))
    warm, tick, tied = heat[0], 0, task.wants.max()
    for _ in range(rounds):
        number, tick = changed(task, trial, mine, gone, out, ends, left, lefts, tied, key, tick)
        tick += 1
        for r in range(len(mine)):  # the other vehicles belong to another thread
            dirty[r] = mine[r] and trial.dirty[r]
        made = now + worse(task, state, trial, dirty, out, number)
        if made < now - warm * np.log(max(1e-12, unit(key, tick))):
            now = made
            lefts = remaining(trial, left, lefts, out, number, gone)
            copy(trial, state, dirty)
            stale |= dirty
            if made < least:
                least = made
                copy(state, best, stale)
                stale[:] = False
        else:
            copy(state, trial, dirty)
        settle(trial, dirty)
        warm *= cool
    return least


@njit(cache=True, nogil=True)
def remaining(trial, left, lefts, out, number, gone):  # type: ignore[no-untyped-def]
    """Brings `left` up to date: the homes of it and of `out` that no vehicle takes."""
    for n in range(number):
        left[lefts + n] = out[n]
    count = 0
    for n in range(lefts + number):
        home = left[n]
        if trial.where[home] < 0 and not gone[home]:
            gone[home] = True
            left[count] = home
            count += 1
    for n in range(count):
        gone[left[n]] = False
    return count

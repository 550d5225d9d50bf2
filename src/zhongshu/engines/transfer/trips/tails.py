"""Two vehicles exchange what is left of their days, each after one of its trips."""

# ruff: noqa: PLR0917 - kernels: a call per place tried costs more than the place

from __future__ import annotations

import numpy as np

from zhongshu.engines.transfer.trips.lines import NEVER, update
from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

OVERLOOKED = 0.3  # share of exchanges not looked at, so that not always the same one is tried


@njit(cache=True, nogil=True)
def exchange(task, state, mine, key, tick):  # type: ignore[no-untyped-def]
    """The exchange that saves most between the vehicle of a random home and those about it; made
    in `state` even if it costs more.  Nothing is changed where it cannot be driven."""
    seed = int(unit(key, tick) * len(task.klass))
    r = state.where[seed]
    if r < 0 or not mine[r]:
        return
    best, other, at, there = np.int64(NEVER), -1, -1, -1
    seen = np.zeros(len(mine), np.bool_)
    seen[r] = True
    tick += 1
    for k in range(task.near.shape[1]):
        q = state.where[task.near[seed, k]]
        if q < 0 or not mine[q] or seen[q]:
            continue
        seen[q] = True
        for i in range(task.held[r], state.filled[r] + 1):
            if not cut(task, state, r, i):
                continue
            for j in range(task.held[q], state.filled[q] + 1):
                tick += 1
                if not cut(task, state, q, j) or unit(key, tick) < OVERLOOKED:
                    continue
                if i == state.filled[r] and j == state.filled[q]:
                    continue
                more = joined(task, state, r, i, q, j)
                if more < NEVER:
                    less = joined(task, state, q, j, r, i)
                    if less < NEVER and more + less < best:
                        best, other, at, there = more + less, q, i, j
    if other < 0:
        return
    swap(task, state, r, at, other, there)
    if not (fits(task, state, r) and fits(task, state, other)):
        swap(task, state, r, at, other, there)
        update(task, state, r)
        update(task, state, other)


@njit(cache=True, nogil=True)
def cut(task, state, r, i):  # type: ignore[no-untyped-def]
    """Whether the day of r may be cut before position i."""
    return i == 0 or i == state.filled[r] or state.broken[r, i]


@njit(cache=True, nogil=True)
def joined(task, state, r, i, q, j):  # type: ignore[no-untyped-def]
    """Metres more when r goes on, before its position i, with the day of q from j on: the way
    there and home, less what r's own cost; NEVER when it would come too late."""
    metres, seconds, first = task.metres, task.seconds, task.first
    start, free = task.depot[r], max(task.begins[r], task.now[r])
    if i > 0:
        u = state.line[r, i - 1]
        start = task.site[u]
        free = state.begin[r, i - 1] + task.board[u]
        if i == task.held[r] and not task.at_site[r]:
            free = max(free, task.now[r])
        free += seconds[first + u, start] + task.turn
        if i == task.held[r] and task.at_site[r]:
            free = max(free, task.now[r])
    old = np.int64(0)
    if i < state.filled[r]:
        ends = task.site[state.line[r, state.filled[r] - 1]]
        old = np.int64(metres[start, first + state.line[r, i]]) + metres[ends, task.depot[r]]
    elif i > 0:
        old = np.int64(metres[start, task.depot[r]])
    if j == state.filled[q]:
        if free + seconds[start, task.depot[r]] > task.until[r]:
            return np.int64(NEVER)
        return (np.int64(metres[start, task.depot[r]]) if i > 0 else np.int64(0)) - old
    v = state.line[q, j]
    if free + seconds[start, first + v] > state.latest[q, j]:
        return np.int64(NEVER)
    ends = task.site[state.line[q, state.filled[q] - 1]]
    return np.int64(metres[start, first + v]) + metres[ends, task.depot[r]] - old


@njit(cache=True, nogil=True)
def swap(task, state, r, i, q, j):  # type: ignore[no-untyped-def]
    """Exchanges the homes of r from i on with those of q from j on, without the clock."""
    tail, other = state.filled[r] - i, state.filled[q] - j
    if max(i + other, j + tail) > state.line.shape[1]:
        return
    homes, begins = state.line[r, i : i + tail].copy(), state.broken[r, i : i + tail].copy()
    for n in range(other):
        state.line[r, i + n], state.broken[r, i + n] = state.line[q, j + n], state.broken[q, j + n]
        state.where[state.line[r, i + n]] = r
    for n in range(tail):
        state.line[q, j + n], state.broken[q, j + n] = homes[n], begins[n]
        state.where[homes[n]] = q
    state.filled[r], state.filled[q] = i + other, j + tail
    state.dirty[r] = state.dirty[q] = True


@njit(cache=True, nogil=True)
def fits(task, state, r):  # type: ignore[no-untyped-def]
    """Whether vehicle r can drive its day and may carry everybody on it."""
    for i in range(task.held[r], state.filled[r]):
        if not task.carries[state.line[r, i], task.kind[r]]:
            return False
    return update(task, state, r)

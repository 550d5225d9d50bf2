"""Ruin and recreate: strings of neighbouring homes are taken out of a few vehicles and put back
where they cost least.

Slack induction by string removals (Christiaens and Vanden Berghe, Transp. Sci. 54 (2020) 417-433).
"""

# ruff: noqa: PLR0912, PLR0917 - kernels: a call per place tried costs more than the place

from __future__ import annotations

import numpy as np

from zhongshu.engines.transfer.trips.lines import place, put, take
from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

STRING = 10  # homes per string at most, as published
SPLIT = 0.5  # share of strings with a gap left standing
GAP_GOES_ON = 0.01


@njit(cache=True, nogil=True)
def ruin(task, state, mine, gone, out, key, tick, much):  # type: ignore[no-untyped-def]
    """Marks strings of homes about a random one; returns how many homes are in `out`."""
    homes = len(task.klass)
    seed = int(unit(key, tick) * homes)
    routes, filled = 0, 0
    for r in range(len(mine)):
        if mine[r] and state.filled[r]:
            routes += 1
            filled += state.filled[r]
    longest = min(STRING, filled / max(1, routes))
    most = 4.0 * much / (1.0 + longest) - 1.0
    strings = int(unit(key, tick + 1) * max(1.0, most) + 1)
    touched = np.full(strings, -1, np.int32)
    done, number = 0, 0
    for k in range(task.near.shape[1]):
        home = task.near[seed, k]
        r = state.where[home]
        if r < 0 or not mine[r] or gone[home] or (touched[:done] == r).any():
            continue
        at = 0
        while state.line[r, at] != home:
            at += 1
        if at < task.held[r]:
            continue
        free = state.filled[r] - task.held[r]
        tick += 4
        size = int(unit(key, tick) * min(free, longest) + 1)
        spare = 0
        if size < free and unit(key, tick + 1) < SPLIT:
            spare = 1
            while size + spare < free and unit(key, tick + 1 + spare) > GAP_GOES_ON and spare < 3:
                spare += 1
        low = max(task.held[r], at - size - spare + 1)
        high = min(at, state.filled[r] - size - spare)
        begin = low + int(unit(key, tick + 2) * (high - low + 1))
        skip = begin + int(unit(key, tick + 3) * (size + 1)) if spare else -1
        for i in range(begin, begin + size + spare):
            if spare and skip <= i < skip + spare:
                continue
            gone[state.line[r, i]] = True
            out[number] = state.line[r, i]
            number += 1
        touched[done] = r
        done += 1
        if done == strings:
            break
    for n in range(done):
        take(task, state, touched[n], gone)
    return number


@njit(cache=True, nogil=True)
def recreate(task, state, mine, out, number, key, tick):  # type: ignore[no-untyped-def]
    """Puts the homes in `out` back one by one; those without a place stay out."""
    order = np.empty(number)
    way = unit(key, tick)
    for n in range(number):
        home = out[n]
        chance = unit(key, tick + 1 + n)
        if way < 0.4:
            order[n] = chance
        elif way < 0.6:
            order[n] = -float(task.load[home, 0]) + 1e-3 * chance
        elif way < 0.7:
            order[n] = -float(task.metres[task.first + home, task.site[home]])
        elif way < 0.8:
            order[n] = float(task.metres[task.first + home, task.site[home]])
        elif way < 0.9:
            order[n] = float(task.due[home] - task.ready[home])
        else:
            order[n] = float(task.due[home])
    tick += number + 1
    near, where, kind, count = task.near, state.where, task.kind, state.filled
    carries, wants, most = task.carries, task.wants, state.line.shape[1]
    seen = np.zeros(len(mine), np.int32)
    idle = np.zeros(carries.shape[1], np.int32)
    routes = np.empty(len(mine), np.int32)
    stamp = 0
    for n in np.argsort(order):
        home, stamp, found = out[n], stamp + 1, 0
        for k in range(near.shape[1]):
            r = where[near[home, k]]
            if r >= 0 and mine[r] and seen[r] != stamp and count[r] < most:
                seen[r] = stamp
                if carries[home, kind[r]]:
                    routes[found] = r
                    found += 1
        for r in range(len(mine)):
            fresh = count[r] == 0 and idle[kind[r]] != stamp
            able = mine[r] and seen[r] != stamp and carries[home, kind[r]]
            if able and (fresh or (wants[home] == r and count[r] < most)):
                routes[found] = r
                found += 1
                if count[r] == 0:
                    idle[kind[r]] = stamp
        best, vehicle, at, left, right = place(task, state, routes[:found], home, key, tick)
        tick += 16 * found + 1
        if vehicle >= 0 and best < task.weight[home]:
            put(task, state, vehicle, home, at, left, right)
    return tick

"""Ruin and recreate of whole trips: each taken out of its vehicle and put into another as it is.

Putting homes back one by one, the first of a trip pays the way out and back for all of them, so
trips seldom change their vehicle; as a block they do.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917 - kernels: a call per place tried costs more than the place

from __future__ import annotations

import numpy as np

from zhongshu.engines.transfer.trips.lines import BLINK, LOADS, NEVER, take, update
from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

MOST = 8  # trips taken out at once


@njit(cache=True, nogil=True)
def ruin(task, state, mine, gone, out, ends, key, tick):  # type: ignore[no-untyped-def]
    """Takes whole trips about a random home out of different vehicles: homes in `out`, trip after
    trip, the last one's index plus 1 in `ends`; returns how many trips."""
    seed = int(unit(key, tick) * len(task.klass))
    wanted = 1 + int(unit(key, tick + 1) * MOST)
    touched = np.full(wanted, -1, np.int32)
    number, done = 0, 0
    for k in range(task.near.shape[1]):
        home = task.near[seed, k]
        r = state.where[home]
        if r < 0 or not mine[r] or (touched[:done] == r).any():
            continue
        at = 0
        while state.line[r, at] != home:
            at += 1
        begin, end = at, at + 1
        while not state.broken[r, begin]:
            begin -= 1
        while end < state.filled[r] and not state.broken[r, end]:
            end += 1
        if begin < task.held[r]:
            continue
        for i in range(begin, end):
            gone[state.line[r, i]] = True
            out[number] = state.line[r, i]
            number += 1
        ends[done], touched[done] = number, r
        done += 1
        if done == wanted:
            break
    for n in range(done):
        take(task, state, touched[n], gone)
    return done


@njit(cache=True, nogil=True)
def place(task, state, routes, trip, key, tick):  # type: ignore[no-untyped-def]
    """The cheapest place for the whole `trip`, on a way from a site or the depot: (extra metres,
    vehicle, position); NEVER when there is none."""
    metres, seconds, first, sites = task.metres, task.seconds, task.first, task.site
    head, last = trip[0], trip[-1]
    enter, leave, site = first + head, first + last, sites[last]
    # Boarded at `begin`, the trip ends at max(begin + work, early), and begins at `late` at last.
    work, early, late, inner = 0, 0, np.int64(task.due[head]), np.int64(0)
    need = np.zeros(LOADS, np.int64)
    for n in range(len(trip)):
        home = trip[n]
        if n:
            way = seconds[first + trip[n - 1], first + home]
            inner += metres[first + trip[n - 1], first + home]
            late = min(late, task.due[home] - work - way)
            work, early = work + way, early + way
        early = max(early, task.ready[home]) + task.board[home]
        work += task.board[home]
        for d in range(LOADS):
            need[d] += task.load[home, d]
    back = seconds[leave, site] + task.turn
    work, early = work + back, early + back
    inner += metres[leave, site]
    best, vehicle, at = np.int64(NEVER), -1, -1
    for r in routes:
        small = state.filled[r] + len(trip) <= state.line.shape[1]
        for d in range(LOADS):
            small = small and need[d] <= task.room[r, d]
        fee = np.int64(0)
        for n in range(len(trip)):
            small = small and task.carries[trip[n], task.kind[r]]
            if task.wants[trip[n]] >= 0 and task.wants[trip[n]] != r:
                fee += task.moved[trip[n]]
        if not small:
            continue
        count, depot, held = state.filled[r], task.depot[r], task.held[r]
        for i in range(held, count + 1):
            if 0 < i < count and not state.broken[r, i]:
                continue
            start, free = depot, max(task.begins[r], task.now[r])
            if i > 0:
                u = state.line[r, i - 1]
                start, free = sites[u], state.begin[r, i - 1] + task.board[u]
                if free > late:
                    break
                if i == held and not task.at_site[r]:
                    free = max(free, task.now[r])
                free += seconds[first + u, start] + task.turn
                if i == held and task.at_site[r]:
                    free = max(free, task.now[r])
            then, by = depot, task.until[r]
            if i < count:
                then, by = first + state.line[r, i], state.latest[r, i]
            old = np.int64(metres[start, then])
            if i == 0 and count == 0:
                old = np.int64(0)
            elif i == count and i > 0:
                old = np.int64(metres[start, depot])
            extra = metres[start, enter] + inner + metres[site, then] - old + fee
            begin = free + seconds[start, enter]
            if extra >= best or begin > late:
                continue
            if max(begin + work, early) + seconds[site, then] > by or unit(key, tick + i) < BLINK:
                continue
            best, vehicle, at = extra, r, i
        tick += count + 1
    return best, vehicle, at


@njit(cache=True, nogil=True)
def put(task, state, r, trip, i):  # type: ignore[no-untyped-def]
    """Puts the trip into vehicle r before position i, which begins a trip or is the end."""
    count, many = state.filled[r], len(trip)
    for j in range(count - 1, i - 1, -1):
        state.line[r, j + many] = state.line[r, j]
        state.broken[r, j + many] = state.broken[r, j]
    for n in range(many):
        state.line[r, i + n], state.broken[r, i + n] = trip[n], n == 0
        state.where[trip[n]] = r
    state.filled[r] = count + many
    state.dirty[r] = True
    update(task, state, r)


@njit(cache=True, nogil=True)
def recreate(task, state, mine, gone, out, ends, done, key, tick):  # type: ignore[no-untyped-def]
    """Puts the trips back by chance; the homes of those without a place come to the front of `out`
    and stay marked in `gone`.  Returns how many, and the next tick."""
    order = np.empty(done)
    way = unit(key, tick)
    for n in range(done):
        size = ends[n] - (ends[n - 1] if n else 0)
        order[n] = unit(key, tick + 1 + n) - (size if way < 0.5 else 0)
    tick += done + 1
    seen = np.zeros(len(mine), np.bool_)
    idle = np.zeros(task.carries.shape[1], np.bool_)
    routes = np.empty(len(mine), np.int32)
    for n in np.argsort(order):
        trip = out[(ends[n - 1] if n else 0) : ends[n]]
        seen[:] = False
        idle[:] = False
        found = 0
        for side in range(2):
            home = trip[-1] if side else trip[0]
            for k in range(task.near.shape[1]):
                r = state.where[task.near[home, k]]
                if r >= 0 and mine[r] and not seen[r]:
                    seen[r] = True
                    routes[found] = r
                    found += 1
        for r in range(len(mine)):
            if mine[r] and not seen[r] and state.filled[r] == 0 and not idle[task.kind[r]]:
                idle[task.kind[r]] = True
                routes[found] = r
                found += 1
        best, vehicle, at = place(task, state, routes[:found], trip, key, tick)
        tick += 16 * found + 1
        worth = np.int64(0)
        for home in trip:
            worth += task.weight[home]
        if vehicle >= 0 and best < worth:
            put(task, state, vehicle, trip, at)
            gone[trip] = False
    left = 0
    for n in range(ends[done - 1]):
        if gone[out[n]]:
            out[left] = out[n]
            left += 1
    return left, tick

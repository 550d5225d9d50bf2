"""The vehicles' days as lines of homes, compiled: their clock, and where one more home fits.

A vehicle's day is a line of homes with *breaks*; before a break it passes the site of the home
before, is emptied and disinfected.  Homes of different classes always have a break between them, so
no cohort is ever mixed, and every state can be driven.  `timetable.run` is the readable twin of the
clock in here.

Kernels take the day as tuples of arrays: `Task` never changes, `State` is the routes.  Arrays are
taken out of the tuples before a loop: each access inside counts references and costs 20 times more.
"""

# ruff: noqa: PLR0912, PLR0915, PLR0917 - kernels: a call per place tried costs more than the place

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]

LOADS = 3  # persons, wheelchairs, stretchers
BLINK = 0.01  # share of places overlooked
NEVER = np.iinfo(np.int64).max // 4


class Task(NamedTuple):
    """Points are depots, sites, homes.  n homes, r vehicles.

    near: (n, k) the nearest homes, itself first.  weight: metres a home left out costs.
    wants: vehicle a home should stay with, or -1; moved: metres it costs to give it to another.
    kind: of each vehicle, for `carries` (n, kinds) and to try only one idle vehicle of a kind.
    held: homes at the head of each day that are done; at_site: the site after them, too;
    now: not before this second the vehicle leaves the last of them.
    """

    metres: Ints
    seconds: Ints
    first: int  # point of home 0
    site: Ints  # point of each home's site
    klass: Ints
    ready: Ints
    due: Ints
    board: Ints
    load: Ints  # (n, LOADS)
    weight: Longs
    near: Ints
    wants: Ints
    moved: Longs
    turn: int
    depot: Ints
    room: Ints  # (r, LOADS)
    begins: Ints
    until: Ints
    kind: Ints
    carries: NDArray[np.bool_]
    held: Ints
    at_site: NDArray[np.bool_]
    now: Ints


class State(NamedTuple):
    """line: (r, most) homes in order; broken: a trip begins here; filled: homes of each vehicle.
    begin: boarding begins; latest: ... at the latest; total, before: loads of the trip, and of its
    homes up to this one.  length: metres of each vehicle's day.  where: vehicle of each home or -1.
    """

    line: Ints
    broken: NDArray[np.bool_]
    filled: Ints
    begin: Ints
    latest: Ints
    total: Ints
    before: Ints
    length: Longs
    where: Ints
    dirty: NDArray[np.bool_]


@njit(cache=True, nogil=True)
def update(task, state, r):  # type: ignore[no-untyped-def]
    """Clock, loads and length of one vehicle's day; whether it can be driven."""
    metres, seconds, first, sites = task.metres, task.seconds, task.first, task.site
    ready, due, board, load = task.ready, task.due, task.board, task.load
    line, broken, begin = state.line[r], state.broken[r], state.begin[r]
    last_begin, total, before = state.latest[r], state.total[r], state.before[r]
    depot, room, turn = task.depot[r], task.room[r], task.turn
    held, at_site, now = task.held[r], task.at_site[r], task.now[r]
    count, length = state.filled[r], np.int64(0)
    point, clock = depot, task.begins[r] if held else max(task.begins[r], now)
    for i in range(count):
        home = line[i]
        if i > 0 and broken[i]:
            site = sites[line[i - 1]]
            length += metres[point, site]
            clock += seconds[point, site] + turn
            if i == held and at_site:
                clock = max(clock, now)
            point = site
        length += metres[point, first + home]
        clock = max(clock + seconds[point, first + home], ready[home])
        begin[i] = clock
        clock += board[home]
        point = first + home
        if i + 1 == held and not at_site:
            clock = max(clock, now)
        for d in range(LOADS):
            before[i, d] = load[home, d] + (0 if broken[i] else before[i - 1, d])
    drivable, latest = True, task.until[r]
    for i in range(count - 1, -1, -1):
        home = line[i]
        point = first + home
        ends = i == count - 1 or broken[i + 1]
        if ends:
            site = sites[home]
            then = depot if i == count - 1 else first + line[i + 1]
            spent = seconds[point, site] + turn + seconds[site, then]
            if i == count - 1:
                length += metres[point, site] + metres[site, then]
        else:
            spent = seconds[point, first + line[i + 1]]
        latest = min(due[home], latest - spent - board[home])
        last_begin[i] = latest
        drivable = drivable and begin[i] <= latest
        for d in range(LOADS):
            whole = before[i, d] if ends else total[i + 1, d]
            total[i, d] = whole
            drivable = drivable and whole <= room[d]
    state.length[r] = length
    return drivable


@njit(cache=True, nogil=True)
def place(task, state, routes, home, key, tick):  # type: ignore[no-untyped-def]
    """The cheapest place for `home` in one of the vehicles `routes`: (extra metres, vehicle,
    position, break before it, break after it); NEVER when there is none.  Some places are
    overlooked by chance."""
    metres, seconds, first, sites = task.metres, task.seconds, task.first, task.site
    ready, due, board, load, klass = task.ready, task.due, task.board, task.load, task.klass
    lines, breaks, counts = state.line, state.broken, state.filled
    begins, latest, totals, befores = state.begin, state.latest, state.total, state.before
    depots, rooms, untils, helds = task.depot, task.room, task.until, task.held
    at_sites, nows, starts, turn = task.at_site, task.now, task.begins, task.turn
    point, site, mine = first + home, sites[home], klass[home]
    away, away_s = metres[point, site], board[home] + seconds[point, site] + turn
    opens, closes = ready[home], due[home]
    best, vehicle, at, left, right = np.int64(NEVER), -1, -1, True, True
    for r in routes:
        count, depot, held = counts[r], depots[r], helds[r]
        fee = np.int64(0)
        if task.wants[home] >= 0 and task.wants[home] != r:
            fee = task.moved[home]
        for i in range(held, count + 1):
            # Where the vehicle is free before this place, and when, coming from a site (or depot).
            u, v, end = -1, -1, np.int64(0)
            if i > 0:
                u = lines[r, i - 1]
                end = begins[r, i - 1] + board[u]
                if end > closes:
                    break  # and later still at all places after it
            then, by = depot, untils[r]
            if i < count:
                v = lines[r, i]
                then, by = first + v, latest[r, i]
            if opens + board[home] > by:
                continue
            stuck = i == held and at_sites[r]
            together = 0 < i < count and not breaks[r, i]
            start, u_site, old = depot, np.int64(0), np.int64(0)
            if i > 0:
                if i == held and not at_sites[r]:
                    end = max(end, nows[r])
                start = sites[u]
                u_site = np.int64(metres[first + u, start])
            if together:
                old = np.int64(metres[first + u, then])
            elif i < count or i > 0:
                old = u_site + metres[start, then]
            for joins_left in range(2):
                if joins_left:
                    if i == 0 or stuck or klass[u] != mine:
                        continue
                    come = np.int64(metres[first + u, point])
                else:
                    come = u_site + metres[start, point]
                if come - old + fee >= best:
                    continue
                begin = -1
                for joins_right in range(2):
                    if joins_right:
                        if i == count or klass[v] != mine:
                            continue
                        go = np.int64(metres[point, then])
                    else:
                        go = np.int64(away + metres[site, then])
                    extra = come + go - old + fee
                    if extra >= best:
                        continue
                    if begin < 0:
                        if joins_left:
                            arrives = end + seconds[first + u, point]
                        elif i == 0:
                            arrives = max(starts[r], nows[r]) + seconds[start, point]
                        else:
                            free = end + seconds[first + u, start] + turn
                            if stuck:
                                free = max(free, nows[r])
                            arrives = free + seconds[start, point]
                        begin = max(arrives, opens)
                    if begin > closes:
                        break
                    if joins_right:
                        reach = begin + board[home] + seconds[point, then]
                    else:
                        reach = begin + away_s + seconds[site, then]
                    if reach > by or unit(key, tick + i) < BLINK:
                        continue
                    room = True
                    for d in range(LOADS):
                        carried = load[home, d]
                        if joins_left:
                            carried += befores[r, i - 1, d]
                        if joins_right:
                            carried += totals[r, i, d]
                            if together:
                                carried -= befores[r, i - 1, d]
                        room = room and carried <= rooms[r, d]
                    if room:
                        best, vehicle, at = extra, r, i
                        left, right = not joins_left, not joins_right
        tick += count + 1
    return best, vehicle, at, left, right


@njit(cache=True, nogil=True)
def put(task, state, r, home, i, left, right):  # type: ignore[no-untyped-def]
    count = state.filled[r]
    for j in range(count, i, -1):
        state.line[r, j] = state.line[r, j - 1]
        state.broken[r, j] = state.broken[r, j - 1]
    state.line[r, i], state.broken[r, i] = home, left
    if i < count:
        state.broken[r, i + 1] = right
    state.filled[r] = count + 1
    state.dirty[r] = True
    state.where[home] = r
    update(task, state, r)


@njit(cache=True, nogil=True)
def take(task, state, r, gone):  # type: ignore[no-untyped-def]
    """Takes the homes marked `gone` out of vehicle r, and joins trips that need no break now."""
    count, kept, cut = state.filled[r], 0, False
    for i in range(count):
        home = state.line[r, i]
        cut = cut or state.broken[r, i]
        if gone[home]:
            state.where[home] = -1
            continue
        other = kept == 0 or task.klass[state.line[r, kept - 1]] != task.klass[home]
        state.line[r, kept] = home
        state.broken[r, kept] = cut or other
        cut = False
        kept += 1
    state.filled[r] = kept
    state.dirty[r] = True
    update(task, state, r)
    for i in range(max(1, task.held[r] + 1), kept):
        alike = task.klass[state.line[r, i - 1]] == task.klass[state.line[r, i]]
        if alike and state.broken[r, i]:
            small = True
            for d in range(LOADS):
                small = (
                    small and state.before[r, i - 1, d] + state.total[r, i, d] <= task.room[r, d]
                )
            if small:
                state.broken[r, i] = False
                update(task, state, r)


def empty(task: Task, most: int) -> State:
    """No vehicle drives.  most: homes a vehicle's day can hold."""
    r, n = len(task.depot), len(task.klass)
    whole: dict[str, Any] = {"shape": (r, most), "dtype": np.int32}
    return State(
        line=np.zeros(**whole), broken=np.zeros((r, most), np.bool_), filled=np.zeros(r, np.int32),
        begin=np.zeros(**whole), latest=np.zeros(**whole),
        total=np.zeros((r, most, LOADS), np.int32), before=np.zeros((r, most, LOADS), np.int32),
        length=np.zeros(r, np.int64), where=np.full(n, -1, np.int32),
        dirty=np.zeros(r, np.bool_),
    )  # fmt: skip

"""Ruin and recreate on whole days, compiled: strings of neighbouring homes are taken out of a few
vehicles and put back where they cost least.

Slack induction by string removals (Christiaens and Vanden Berghe, Transp. Sci. 54 (2020) 417-433),
with what a transfer needs besides: a vehicle's day is a line of homes with *breaks*; before a break
it passes the site of the home before, is emptied and disinfected.  Homes of different classes
always have a break between them, so no cohort is ever mixed, and every state can be driven.
`timetable.run` is the readable twin of the clock in here.

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
Floats = NDArray[np.float64]

LOADS = 3  # persons, wheelchairs, stretchers
STRING = 10  # homes per string at most, as published
SPLIT = 0.5  # share of strings with a gap left standing
GAP_GOES_ON = 0.01
BLINK = 0.01  # share of places overlooked
RETRIED = 20  # homes left out that are tried again in one round
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
            together = 0 < i < count and not breaks[r, i]
            u, v, end = -1, -1, np.int64(0)
            u_site = np.int64(0)
            if i == 0:
                start, free = depot, max(starts[r], nows[r])
            else:
                u = lines[r, i - 1]
                end = begins[r, i - 1] + board[u]
                if i == held and not at_sites[r]:
                    end = max(end, nows[r])
                start = sites[u]
                u_site = np.int64(metres[first + u, start])
                free = end + seconds[first + u, start] + turn
                if i == held and at_sites[r]:
                    free = max(free, nows[r])
            then, by = depot, untils[r]
            if i < count:
                v = lines[r, i]
                then, by = first + v, latest[r, i]
            if together:
                old = np.int64(metres[first + u, then])
            elif i == count and i == 0:
                old = np.int64(0)
            else:
                old = u_site + metres[start, then]
            stuck = i == held and at_sites[r]
            for joins_left in range(2):
                if joins_left:
                    if i == 0 or stuck or klass[u] != mine:
                        continue
                    arrives, come = (
                        end + seconds[first + u, point],
                        np.int64(metres[first + u, point]),
                    )
                else:
                    arrives, come = free + seconds[start, point], u_site + metres[start, point]
                begin = max(arrives, opens)
                if begin > closes:
                    continue
                for joins_right in range(2):
                    if joins_right:
                        if i == count or klass[v] != mine:
                            continue
                        reach = begin + board[home] + seconds[point, then]
                        go = np.int64(metres[point, then])
                    else:
                        reach = begin + away_s + seconds[site, then]
                        go = np.int64(away + metres[site, then])
                    extra = come + go - old + fee
                    if reach > by or extra >= best or unit(key, tick + i) < BLINK:
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
def improve(task, state, trial, best, mine, homes, key, rounds, heat, much):  # type: ignore[no-untyped-def]
    """`rounds` of ruin and recreate on my vehicles and homes, cooling from heat[0] to heat[1]
    metres.  `best` receives the best state seen; `state` ends where the search stands."""
    gone = np.zeros(len(task.klass), np.bool_)
    out = np.empty(len(task.klass) + 1, np.int32)
    stale = mine.copy()  # vehicles in which `best` may lag behind `state`
    now = least = cost(task, state, mine, homes)
    copy(state, best, mine)
    copy(state, trial, mine)
    stale[:] = False
    dirty = mine.copy()
    settle(trial, dirty)
    cool = (heat[1] / heat[0]) ** (1.0 / max(1, rounds))
    warm, tick = heat[0], 0
    for _ in range(rounds):
        number = ruin(task, trial, mine, gone, out, key, tick, much)
        tick += 8 * number + 32
        retried = 0
        begin = int(unit(key, tick) * len(homes))
        for n in range(len(homes)):
            home = homes[(begin + n) % len(homes)]
            if trial.where[home] < 0 and not gone[home]:
                out[number] = home
                number += 1
                retried += 1
                if retried == RETRIED:
                    break
        for n in range(number):
            gone[out[n]] = False
        tick = recreate(task, trial, mine, out, number, key, tick + 1)
        made = cost(task, trial, mine, homes)
        tick += 1
        for r in range(len(mine)):  # the other vehicles belong to another thread
            dirty[r] = mine[r] and trial.dirty[r]
        if made < now - warm * np.log(max(1e-12, unit(key, tick))):
            now = made
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

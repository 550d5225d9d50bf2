"""Ruin and recreate over the vehicles' days: neighbouring stops are taken out and put back where
they cost least, with a threshold that cools (Schrimpf et al., J. Comput. Phys. 159 (2000) 139-171).
"""

# ruff: noqa: PLR0912, PLR0917 - kernels are called by position

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing.tours.clock import Ground, day
from zhongshu.kernel import chance
from zhongshu.kernel.chance import unit
from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
MOST_OUT = 12  # stops taken out at a time
WHOLE_DAY = 0.1  # share of the changes that empty one vehicle
IDLE = 3  # idle vehicles tried for a stop, the nearest bases
AGAIN = 30  # stops without a vehicle that are tried again at a time, about
BLINK = 0.02  # share of places overlooked
HOT, COLD = 0.5, 0.005  # of the metres a stop costs on average


class State(NamedTuple):
    """line: (vehicles, most) stops in order; broken: a trip begins here; filled, length: of each
    vehicle; where: vehicle of each stop or -1."""

    line: Ints
    broken: NDArray[np.bool_]
    filled: Ints
    length: Ints
    where: Ints


def begin(ground: Ground) -> State:
    """Nobody is served."""
    stops, vehicles = len(ground.place), ground.vehicles
    most = min(stops, 400) + 2
    return State(
        np.zeros((vehicles, most), np.int64),
        np.zeros((vehicles, most), np.bool_),
        np.zeros(vehicles, np.int64),
        np.zeros(vehicles, np.int64),
        np.full(stops, -1, np.int64),
    )


def solve(ground: Ground, *, iterations: int, seed: int) -> State:
    """The best of all days tried.  Deterministic."""
    state = begin(ground)
    if len(ground.place) and ground.vehicles:
        _solve(ground, state, iterations, chance.key(seed, "testing.tours"))
    return state


@njit(cache=True, nogil=True)
def _cost(ground, state):  # type: ignore[no-untyped-def]
    return state.length.sum() + ground.weight[state.where < 0].sum()


@njit(cache=True, nogil=True)
def _copy(source, target):  # type: ignore[no-untyped-def]
    for r in range(len(source.filled)):
        n = source.filled[r]
        target.line[r, :n] = source.line[r, :n]
        target.broken[r, :n] = source.broken[r, :n]
        target.filled[r] = n
        target.length[r] = source.length[r]
    target.where[:] = source.where


@njit(cache=True, nogil=True)
def _solve(ground, best, iterations, key):  # type: ignore[no-untyped-def]
    stops = len(ground.place)
    state = State(best.line.copy(), best.broken.copy(), best.filled.copy(), best.length.copy(),
                  best.where.copy())  # fmt: skip
    last = State(best.line.copy(), best.broken.copy(), best.filled.copy(), best.length.copy(),
                 best.where.copy())  # fmt: skip
    begins = np.zeros(state.line.shape[1], np.int64)
    out = np.zeros(stops, np.int64)
    for n in range(stops):
        out[n] = n
    tick = _recreate(ground, state, out, stops, begins, key, np.int64(0))
    _copy(state, last)
    _copy(state, best)
    now = _cost(ground, state)
    least = now
    each = state.length.sum() / max(1, (state.where >= 0).sum())
    for step in range(iterations):
        heat = each * HOT * (COLD / HOT) ** (step / iterations)
        number = _ruin(ground, state, out, begins, key, tick)
        tick += 3
        tick = _recreate(ground, state, out, number, begins, key, tick)
        found = _cost(ground, state)
        tick += 1
        if found < now - heat * np.log(max(1e-12, unit(key, tick))):
            now = found
            _copy(state, last)
            if found < least:
                least = found
                _copy(state, best)
        else:
            _copy(last, state)


@njit(cache=True, nogil=True)
def _ruin(ground, state, out, begins, key, tick):  # type: ignore[no-untyped-def]
    """Takes stops out and lists them, with all that have no vehicle; how many are in `out`."""
    stops, number = len(ground.place), 0
    left = (state.where < 0).sum()
    gone = np.zeros(stops, np.bool_)
    seed = int(unit(key, tick) * stops)
    if unit(key, tick + 1) < WHOLE_DAY and state.where[seed] >= 0:
        r = state.where[seed]
        for i in range(state.filled[r]):
            gone[state.line[r, i]] = True
    else:
        size = 1 + int(unit(key, tick + 2) * min(MOST_OUT, stops))
        for k in range(min(size, ground.near.shape[1])):
            gone[ground.near[seed, k]] = True
    for r in range(len(state.filled)):
        touched = False
        for i in range(state.filled[r]):
            if gone[state.line[r, i]]:
                touched = True
        if touched:
            _take(ground, state, r, gone, begins)
    for stop in range(stops):
        again = state.where[stop] < 0
        if again and left > AGAIN:
            again = unit(key + np.uint64(stop), tick + 2) < AGAIN / left
        if gone[stop] or again:
            out[number] = stop
            number += 1
    return number


@njit(cache=True, nogil=True)
def _take(ground, state, r, gone, begins):  # type: ignore[no-untyped-def]
    """Without its last stop a trip may end elsewhere and too late: then the whole day is undone."""
    kept, fresh = 0, False
    for i in range(state.filled[r]):
        fresh = fresh or state.broken[r, i]
        stop = state.line[r, i]
        if gone[stop]:
            state.where[stop] = -1
        else:
            state.line[r, kept] = stop
            state.broken[r, kept] = fresh
            kept, fresh = kept + 1, False
    state.filled[r] = kept
    state.length[r] = day(ground, state.line[r], state.broken[r], kept, r, begins)
    if state.length[r] < 0:
        for i in range(kept):
            gone[state.line[r, i]] = True
            state.where[state.line[r, i]] = -1
        state.filled[r], state.length[r] = 0, 0


@njit(cache=True, nogil=True)
def _recreate(ground, state, out, number, begins, key, tick):  # type: ignore[no-untyped-def]
    """Puts the stops of `out` back one by one; those without a place stay out."""
    order = np.empty(number)
    way = unit(key, tick)
    for n in range(number):
        stop, luck = out[n], unit(key, tick + 1 + n)
        if way < 0.4:
            order[n] = luck
        elif way < 0.6:
            order[n] = ground.by[stop] + luck
        elif way < 0.8:
            order[n] = ground.ready[stop] + luck
        else:
            order[n] = -ground.weight[stop] + luck
    tick += number + 1
    line = np.zeros(state.line.shape[1], np.int64)
    broken = np.zeros(state.line.shape[1], np.bool_)
    for n in np.argsort(order):
        tick = _put(ground, state, out[n], line, broken, begins, key, tick)
    return tick


@njit(cache=True, nogil=True)
def _put(ground, state, stop, line, broken, begins, key, tick):  # type: ignore[no-untyped-def]
    """The cheapest place beside a near stop, at an end, or of an idle vehicle."""
    best, vehicle, place, left, right = ground.weight[stop], -1, 0, False, False
    most, vehicles = state.line.shape[1], len(state.filled)
    near = np.zeros((vehicles, most), np.bool_)
    for k in range(ground.near.shape[1]):
        other = ground.near[stop, k]
        r = state.where[other]
        if r < 0 or other == stop:
            continue
        for i in range(state.filled[r]):
            if state.line[r, i] == other:
                near[r, i] = True
                near[r, i + 1] = True
                break
    idle = 0
    for b in range(vehicles):
        r = ground.bases[stop, b]
        count = state.filled[r]
        if count + 2 >= most:
            continue
        if count == 0 and idle == IDLE:
            continue
        for at in range(count + 1):
            if not (near[r, at] or at == count):
                continue
            tick += 1
            if unit(key, tick) < BLINK:
                continue
            for way in range(4):
                fresh, after = way >= 2, way % 2 == 1
                if (at == 0 and not fresh) or (at == count and after):
                    continue
                for i in range(at):
                    line[i], broken[i] = state.line[r, i], state.broken[r, i]
                line[at], broken[at] = stop, fresh
                for i in range(at, count):
                    line[i + 1], broken[i + 1] = state.line[r, i], state.broken[r, i]
                if at < count:
                    broken[at + 1] = after
                length = day(ground, line, broken, count + 1, r, begins)
                idle += length >= 0 and count == 0
                if length >= 0 and length - state.length[r] < best:
                    best = length - state.length[r]
                    vehicle, place, left, right = r, at, fresh, after
    if vehicle >= 0:
        r, count = vehicle, state.filled[vehicle]
        for i in range(count, place, -1):
            state.line[r, i], state.broken[r, i] = state.line[r, i - 1], state.broken[r, i - 1]
        state.line[r, place], state.broken[r, place] = stop, left
        if place < count:
            state.broken[r, place + 1] = right
        state.filled[r] = count + 1
        state.length[r] += best
        state.where[stop] = r
    return tick

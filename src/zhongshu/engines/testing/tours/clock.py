"""The clock of a vehicle's day, compiled.  `oracle.day` is its readable twin."""

# ruff: noqa: PLR0911, PLR0917 - kernels: a call per stop tried costs more than the stop

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.compiled import njit

Ints = NDArray[np.int64]
NEVER = np.int64(10**9)  # seconds
WHOLE = 1000  # slow and pace: in thousandths


class Ground(NamedTuple):
    """Points are bases, places, stops, in this order.  Seconds after the start, metres.

    place: of each stop, where its tubes go.  together: only stops of one place share a trip, else
    the trip ends at the place of its last stop.  by: the tubes are at the place no later; keep: ...
    within this after the stop begins.  weight: metres a stop left out costs; use: ... a vehicle.
    near: (stops, k) stops close in space and time.  bases: (stops, vehicles) nearest bases first.
    """

    metres: NDArray[np.int32]
    seconds: NDArray[np.int32]
    vehicles: int
    places: int
    place: Ints
    together: bool
    ready: Ints
    due: Ints
    board: Ints
    by: Ints
    keep: Ints
    tubes: Ints
    room: Ints
    begins: Ints
    until: Ints
    slow: Ints
    pace: Ints
    unload: int
    weight: Ints
    use: int
    near: Ints
    bases: Ints


@njit(cache=True, nogil=True)
def scaled(seconds, factor):  # type: ignore[no-untyped-def]
    """Rounded up to whole seconds."""
    return (seconds * factor + WHOLE - 1) // WHOLE


@njit(cache=True, nogil=True)
def day(ground, line, broken, count, r, begin):  # type: ignore[no-untyped-def]
    """Metres of vehicle r's day (with `use`), -1 when it cannot be driven; sets `begin`.

    line: its stops; broken: a trip begins here.  Each trip arrives as early as it can, and within
    it every stop begins as late as that allows, so that tubes wait least.
    """
    if count == 0:
        return np.int64(0)
    metres, seconds, board = ground.metres, ground.seconds, ground.board
    due, slow, pace = ground.due, ground.slow[r], ground.pace[r]
    first = ground.vehicles + ground.places
    point, now, length = r, ground.begins[r], np.int64(ground.use)
    i = 0
    while i < count:
        j, tubes = i, np.int64(0)
        while True:
            tubes += ground.tubes[line[j]]
            if ground.together and ground.place[line[j]] != ground.place[line[i]]:
                return np.int64(-1)
            if j + 1 == count or broken[j + 1]:
                break
            j += 1
        if tubes > ground.room[r]:
            return np.int64(-1)
        for k in range(i, j + 1):
            stop = line[k]
            length += metres[point, first + stop]
            now += scaled(np.int64(seconds[point, first + stop]), slow)
            now = max(now, ground.ready[stop])
            if now > due[stop]:
                return np.int64(-1)
            now += scaled(board[stop], pace)
            point = first + stop
        goal = ground.vehicles + ground.place[line[j]]
        length += metres[point, goal]
        now += scaled(np.int64(seconds[point, goal]), slow)
        after, at = now, goal
        for k in range(j, i - 1, -1):
            stop = line[k]
            ride = scaled(np.int64(seconds[first + stop, at]), slow)
            begin[k] = min(due[stop], after - ride - scaled(board[stop], pace))
            if now > ground.by[stop] or now - begin[k] > ground.keep[stop]:
                return np.int64(-1)
            after, at = begin[k], first + stop
        now += ground.unload
        point = goal
        i = j + 1
    length += metres[point, r]
    if now + scaled(np.int64(seconds[point, r]), slow) > ground.until[r]:
        return np.int64(-1)
    return length

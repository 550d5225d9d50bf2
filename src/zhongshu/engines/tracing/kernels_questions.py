"""Kernels of the reverse questions: scans at places, scans of persons, distinct visitors."""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np
from numba import njit

from zhongshu.engines.tracing.index import BEGIN, PERSON_ROWS, PLACE_ROWS
from zhongshu.engines.tracing.kernels import (
    _PERSON_TOD_SHIFT,
    _PLACE_TOD_SHIFT,
    _TOD_MOST,
    _load64,
    person_rows,
    place_rows,
    room_for,
)
from zhongshu.kernel.segments import DAY_S, PERSON_MOST, PLACE_MOST, STAY_BITS, STAY_MOST

PERSON, PLACE, BEGUN, STAY = range(4)  # columns of the rows found
WINDOWS_MOST = 62  # windows that fit the bits of one mark


@njit(cache=True, nogil=True)
def scans_at(table, places, looks, until):
    """Scans at each place begun after looks[n] and before `until`: rows PERSON..STAY, stay 0 for
    no time out."""
    out, count = np.empty((1024, 4), np.int64), 0
    for p in range(len(places)):
        place, after = places[p], looks[p]
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= after or begin >= until:
                continue
            first, end = place_rows(table, segment, place, max(0, after + 1 - begin))
            rows = table[segment, PLACE_ROWS]
            for n in range(first, end):
                row = _load64(rows, n)
                begun = begin + ((row >> _PLACE_TOD_SHIFT) & _TOD_MOST)
                if begun >= until:
                    break
                out = room_for(out, count)
                out[count, PERSON] = (row >> STAY_BITS) & PERSON_MOST
                out[count, PLACE], out[count, BEGUN] = place, begun
                out[count, STAY] = row & STAY_MOST
                count += 1
    return out[:count].copy()


@njit(cache=True, nogil=True)
def scans_of(table, persons, low, until):
    """All scans of each person begun at `low` or later and before `until`; rows as `scans_at`."""
    out, count = np.empty((1024, 4), np.int64), 0
    for p in range(len(persons)):
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= low or begin >= until:
                continue
            first, end = person_rows(table, segment, persons[p])
            rows = table[segment, PERSON_ROWS]
            for n in range(first, end):
                row = _load64(rows, n)
                begun = begin + ((row >> _PERSON_TOD_SHIFT) & _TOD_MOST)
                if begun < low or begun >= until:
                    continue
                out = room_for(out, count)
                out[count, PERSON], out[count, BEGUN] = persons[p], begun
                out[count, PLACE] = (row >> STAY_BITS) & PLACE_MOST
                out[count, STAY] = row & STAY_MOST
                count += 1
    return out[:count].copy()


@njit(cache=True, nogil=True)
def visitors(table, places, windows, without, marks):
    """(distinct persons with a scan at one of the places begun in each window, in any of them).

    windows: rows of begin and end, at most `WINDOWS_MOST`; `without` are not counted.
    """
    counts, found = np.zeros(len(windows), np.int64), 0
    marks.ticket[0] += 1
    ticket = marks.ticket[0]
    for n in range(len(without)):
        if without[n] >= 0:
            marks.met[without[n]] = ticket
    low, high = windows[:, 0].min(), windows[:, 1].max()
    for p in range(len(places)):
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= low or begin >= high:
                continue
            first, end = place_rows(table, segment, places[p], max(0, low - begin))
            if first == end:
                continue
            always, partly = 0, False
            for w in range(len(windows)):
                if windows[w, 0] <= begin and begin + DAY_S <= windows[w, 1]:
                    always |= 1 << w
                elif windows[w, 0] < begin + DAY_S and begin < windows[w, 1]:
                    partly = True
            rows = table[segment, PLACE_ROWS]
            for n in range(first, end):
                row = _load64(rows, n)
                mask = always
                if partly:
                    begun = begin + ((row >> _PLACE_TOD_SHIFT) & _TOD_MOST)
                    if begun >= high:
                        break
                    for w in range(len(windows)):
                        if windows[w, 0] <= begun < windows[w, 1]:
                            mask |= 1 << w
                person = (row >> STAY_BITS) & PERSON_MOST
                if mask == 0 or marks.met[person] == ticket:
                    continue
                if marks.seen[person] != ticket:
                    marks.seen[person], marks.at[person] = ticket, found
                    marks.scan[found] = 0
                    found += 1
                at = marks.at[person]
                fresh = mask & ~marks.scan[at]
                if fresh == 0:
                    continue
                marks.scan[at] |= fresh
                for w in range(len(windows)):
                    counts[w] += (fresh >> w) & 1
    return counts, found

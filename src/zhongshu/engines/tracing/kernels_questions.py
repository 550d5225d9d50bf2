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


@njit(cache=True, nogil=True, inline="always")
def _inside(windows, begun):
    """Bits of the windows that a moment lies in."""
    mask = 0
    for w in range(len(windows)):
        if windows[w, 0] <= begun < windows[w, 1]:
            mask |= 1 << w
    return mask


@njit(cache=True, nogil=True)
def _marked(marks, person, mask, slots, counts):
    """Count a person seen in the windows of `mask`; (slots used, 1 if it is the first time)."""
    ticket = marks.ticket[0]
    if mask == 0 or marks.met[person] == ticket:
        return slots, 0
    if marks.seen[person] != ticket:
        marks.seen[person], marks.at[person] = ticket, slots
        marks.scan[slots] = 0
        slots += 1
    at = marks.at[person]
    before = marks.scan[at]
    fresh = mask & ~before
    if fresh != 0:
        marks.scan[at] = before | fresh
        for w in range(len(counts)):
            counts[w] += (fresh >> w) & 1
    return slots, before == 0


@njit(cache=True, nogil=True)
def visitors(table, places, windows, same, without, marks):
    """(distinct persons with a scan at one of the places begun in each window, in any of them).

    windows: rows of begin and end, at most `WINDOWS_MOST`; same: rows of a pseudonym and the
    number, from 0, of the person it shares with others; `without` are not counted.
    """
    counts, ever, slots = np.zeros(len(windows), np.int64), 0, 0
    marks.ticket[0] += 1
    ticket = marks.ticket[0]
    for n in range(len(without)):
        marks.met[without[n]] = ticket
    for n in range(len(same)):
        marks.seen[same[n, 0]], marks.at[same[n, 0]] = ticket, same[n, 1]
        marks.scan[same[n, 1]] = 0
        slots = max(slots, same[n, 1] + 1)
    low, high = windows[:, 0].min(), windows[:, 1].max()
    every = (1 << len(windows)) - 1
    for p in range(len(places)):
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= low or begin >= high:
                continue
            first, end = place_rows(table, segment, places[p], max(0, low - begin))
            # a day inside all windows needs no look at the clock
            whole = _inside(windows, begin) & _inside(windows, begin + DAY_S - 1)
            rows = table[segment, PLACE_ROWS]
            for n in range(first, end):
                row = _load64(rows, n)
                begun = begin + ((row >> _PLACE_TOD_SHIFT) & _TOD_MOST)
                if begun >= high:
                    break
                mask = whole if whole == every else _inside(windows, begun)
                slots, new = _marked(marks, (row >> STAY_BITS) & PERSON_MOST, mask, slots, counts)
                ever += new
    return counts, ever

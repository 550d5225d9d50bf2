"""Kernels of the reverse questions: scans at places, scans of persons, distinct visitors."""

# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from zhongshu.engines.tracing.index import BEGIN, PERSON_ROWS, PLACE_ROWS
from zhongshu.engines.tracing.kernels_rows import (
    PERSON_TOD_SHIFT,
    PLACE_TOD_SHIFT,
    TOD_MOST,
    load64,
    person_rows,
    place_rows,
    room_for,
)
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import DAY_S, PERSON_MOST, PLACE_MOST, STAY_BITS, STAY_MOST

PERSON, PLACE, BEGUN, STAY = range(4)  # columns of the rows found
WINDOWS_MOST = 31  # windows that fit the bits of one mark
_MARKED = -(1 << 62) - (1 << 62)


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
                row = load64(rows, n)
                begun = begin + ((row >> PLACE_TOD_SHIFT) & TOD_MOST)
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
                row = load64(rows, n)
                begun = begin + ((row >> PERSON_TOD_SHIFT) & TOD_MOST)
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


@njit(cache=True, nogil=True, inline="always")
def _count(counts, fresh):
    for w in range(len(counts)):
        counts[w] += (fresh >> w) & 1


@njit(cache=True, nogil=True)
def visitors(table, places, windows, without, marks):
    """(distinct persons with a scan at one of the places begun in each window, in any of them).

    windows: rows of begin and end, at most `WINDOWS_MOST`; `without` are not counted.
    """
    counts, ever = np.zeros(len(windows), np.int64), 0
    marks.ticket[0] += 1
    # A person's mark is one word, so that a row costs one look into memory: below zero, which no
    # other use of `scan` is but for -1; the ticket; the windows he was seen in.
    stamp = _MARKED | (marks.ticket[0] << WINDOWS_MOST)
    every = (1 << WINDOWS_MOST) - 1
    for n in range(len(without)):
        marks.scan[without[n]] = stamp | every
    low, high = windows[:, 0].min(), windows[:, 1].max()
    for p in range(len(places)):
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= low or begin >= high:
                continue
            # windows of whole days need no look at the clock
            whole, last = _inside(windows, begin), _inside(windows, begin + DAY_S - 1)
            apart = whole != last
            for w in range(len(windows)):
                apart |= begin < windows[w, 0] and windows[w, 1] < begin + DAY_S
            if whole == 0 and not apart:
                continue
            first, end = place_rows(table, segment, places[p], max(0, low - begin))
            rows = table[segment, PLACE_ROWS]
            mask = whole
            for n in range(first, end):
                row = load64(rows, n)
                if apart:
                    mask = _inside(windows, begin + ((row >> PLACE_TOD_SHIFT) & TOD_MOST))
                person = (row >> STAY_BITS) & PERSON_MOST
                seen = marks.scan[person]
                if seen & ~every != stamp:
                    seen = stamp
                fresh = mask & ~seen
                if fresh != 0:
                    ever += seen == stamp
                    marks.scan[person] = seen | fresh
                    _count(counts, fresh)
    return counts, ever


@njit(cache=True, nogil=True)
def seen_as_one(table, persons, starts, places, windows):
    """`visitors` among persons with several pseudonyms, the n-th
    ``persons[starts[n]:starts[n + 1]]``; places: sorted."""
    counts, ever = np.zeros(len(windows), np.int64), 0
    for n in range(len(starts) - 1):
        mask = 0
        for row in scans_of(
            table, persons[starts[n] : starts[n + 1]], windows[:, 0].min(), windows[:, 1].max()
        ):
            at = np.searchsorted(places, row[PLACE])
            if at < len(places) and places[at] == row[PLACE]:
                mask |= _inside(windows, row[BEGUN])
        _count(counts, mask)
        ever += mask != 0
    return counts, ever

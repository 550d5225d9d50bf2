"""Kernels of the sensitivity to clocks: how much a meeting shrinks and grows when they are off."""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from zhongshu.engines.tracing.index import Figures, Marks, Scratch
from zhongshu.engines.tracing.kernels import by_place, presence, present, stays_of
from zhongshu.engines.tracing.kernels_rows import near_row, room_for
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import Array

CASE, PERSON, FLAGS = range(3)  # columns of the rows found
LISTED, SURE, POSSIBLE = 1, 2, 4


@njit(cache=True, nogil=True)
def overlap(a0, a1, b0, b1, w0, w1):
    """Of [a0, a1), [b0, b1) and the window; negative for a gap."""
    return min(a1, b1, w1) - max(a0, b0, w0)


@njit(cache=True, nogil=True)
def range_of(a0, a1, b0, b1, w0, w1, off):
    """(least, greatest) `overlap` when [a0, a1) and [b0, b1) are each moved by up to `off`.

    The overlap is a least of upper ends minus a greatest of lower ends, so it is concave in the
    two moves: its least value is at a corner.  Its greatest is the least of what each upper and
    lower end allow when they alone are moved apart as far as can be.
    """
    least = overlap(a0, a1, b0, b1, w0, w1)
    for one in (-off, off):
        for other in (-off, off):
            moved = overlap(a0 + one, a1 + one, b0 + other, b1 + other, w0, w1)
            least = min(least, moved)
    own = min(a1 - a0, b1 - b0, w1 - w0)
    against = min(a1 - b0, b1 - a0) + 2 * off
    edges = min(a1 - w0, w1 - a0, b1 - w0, w1 - b0) + off
    return least, min(own, against, edges)


@njit(cache=True, nogil=True)
def _flags(a0, a1, b0, b1, w0, w1, off, min_s):
    flags = 0
    plain = overlap(a0, a1, b0, b1, w0, w1)
    least, greatest = range_of(a0, a1, b0, b1, w0, w1, off)
    if plain > 0 and plain >= min_s:
        flags |= LISTED
    if least > 0 and least >= min_s:
        flags |= SURE
    if greatest > 0 and greatest >= min_s:
        flags |= POSSIBLE
    return flags


@njit(cache=True, nogil=True)
def _met(table, figures, source, n, low, high, off, own, other, marks, out, count):
    """Rows of everyone who was, or with other clocks may have been, near during the n-th stay."""
    case, but, w0, w1 = source[0], source[1], source[2], source[3]
    place, a0, a1 = own.stay_place[n], own.stay_t0[n], own.stay_t1[n]
    begin, end = max(a0 - off, w0) - off, min(a1 + off, w1) + off
    if w1 <= w0 or end <= begin:
        return out, count
    nearby, reach = figures.nearby, figures.reach_s
    spots = near_row(nearby, place)
    candidates = present(table, figures, place, begin, end, low, high, but, marks)
    for c in range(candidates):
        person = np.int64(marks.found[c])
        stays = stays_of(
            table, figures, person, max(low, begin - reach), min(high, end + reach), other
        )
        flags, k = 0, 0
        while k < stays:
            b0, b1, _, k = presence(nearby, spots, other, stays, place, k)
            if b1 > b0:
                flags |= _flags(a0, a1, b0, b1, w0, w1, off, figures.min_s[figures.kind[place]])
        if flags:
            out = room_for(out, count)
            out[count, CASE], out[count, PERSON], out[count, FLAGS] = case, person, flags
            count += 1
    return out, count


@njit(cache=True, nogil=True)
def _listed(out, start, end, marks):
    """How many persons of the rows start..end-1 are listed."""
    marks.ticket[0] += 1
    ticket = marks.ticket[0]
    count = 0
    for n in range(start, end):
        person = out[n, PERSON]
        if out[n, FLAGS] & LISTED and marks.met[person] != ticket:
            marks.met[person] = ticket
            count += 1
    return count


@njit(cache=True, nogil=True)
def doubts(
    table: Array,
    figures: Figures,
    sources: Array,
    low: int,
    high: int,
    heavy: int,
    off: int,
    own: Scratch,
    other: Scratch,
    marks: Marks,
) -> Array:
    """Rows CASE..FLAGS of sources[:, (case, person, window from, window to)], one for each stay
    and person; none for places where more than `heavy` were met."""
    out = np.empty((1024, 3), np.int64)
    count = 0
    for s in range(len(sources)):
        stays = stays_of(table, figures, sources[s, 1], low, high, own)
        order = by_place(own, stays, low)
        at = 0
        while at < stays:
            place, start = own.stay_place[order[at]], count
            while at < stays and own.stay_place[order[at]] == place:
                out, count = _met(
                    table, figures, sources[s], order[at], low, high, off, own, other, marks, out,
                    count,
                )  # fmt: skip
                at += 1
            if _listed(out, start, count, marks) > heavy:
                count = start
    return out[:count].copy()

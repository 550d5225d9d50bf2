"""Kernels over the hot segments: a person's stays, who was at a place, who overlapped.

They follow `oracle.py` line by line; see there for what a stay is.  Times are seconds since 1970,
persons dense ids.  What is done for each candidate is put in line: a call copies every array of
its arguments.
"""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import numpy as np

from zhongshu.engines.tracing.index import (
    BEGIN,
    PERSON_ROWS,
    PLACE_ROWS,
    Figures,
    Marks,
    Scratch,
)
from zhongshu.engines.tracing.kernels_rows import (
    PERSON_TOD_SHIFT,
    PLACE_TOD_SHIFT,
    TOD_MOST,
    canonical,
    is_near,
    load64,
    names_of,
    near_row,
    person_rows,
    place_rows,
    room_for,
    some_merged,
)
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import DAY_S, PERSON_MOST, PLACE_MOST, STAY_BITS, STAY_MOST, Array

# columns of the rows that `meetings` and `overlaps` find
CASE, PERSON, PLACE, FROM, TO, IMPUTED, TWO = range(7)
WIDTH = 7


@njit(cache=True, nogil=True, forceinline=True)
def scans_of(table, figures, person, low, high, room):
    """The person's scans with low <= time in <= high into `room`, by time and place, the same
    scan once with its longest stay; their number.  Of all his pseudonyms, at places that are
    read."""
    kind, unread = figures.kind, figures.unread
    merged = figures.merged
    first_name, names = names_of(merged, person) if some_merged(merged) else (0, 0)
    count = 0
    for one in range(-1, names):
        name = person if one < 0 else load64(merged, first_name + one)
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= low or begin > high:
                continue
            first, end = person_rows(table, segment, name)
            for n in range(first, end):
                row = load64(table[segment, PERSON_ROWS], n)
                t0 = begin + ((row >> PERSON_TOD_SHIFT) & TOD_MOST)
                if t0 < low or t0 > high:
                    continue
                place, stay = (row >> STAY_BITS) & PLACE_MOST, row & STAY_MOST
                if unread >= 0 and kind[place] == unread:
                    continue
                at = count
                while at > 0 and (
                    room.t0[at - 1] > t0 or (room.t0[at - 1] == t0 and room.place[at - 1] > place)
                ):
                    at -= 1
                if at > 0 and room.t0[at - 1] == t0 and room.place[at - 1] == place:
                    room.stay[at - 1] = max(room.stay[at - 1], stay)
                    continue
                for k in range(count, at, -1):
                    room.t0[k], room.place[k] = room.t0[k - 1], room.place[k - 1]
                    room.stay[k] = room.stay[k - 1]
                room.t0[at], room.place[at], room.stay[at] = t0, place, stay
                count += 1
    return count


@njit(cache=True, nogil=True)
def _next_elsewhere(room, n, count, before):
    """Time of the first scan after the n-th at another place, at most `before`."""
    t0, place = room.t0[n], room.place[n]
    for k in range(n + 1, count):
        if room.t0[k] >= before:
            break
        if room.t0[k] > t0 and room.place[k] != place:
            return room.t0[k]
    return before


@njit(cache=True, nogil=True)
def stays_of(table, figures, person, low, high, room):
    """The person's stays from scans between low and high, into room.stay_*; their number."""
    count = scans_of(table, figures, person, low, high, room)
    room.ticket[0] += 1
    ticket = room.ticket[0]
    stays = 0
    for n in range(count):
        t0, place, stay = room.t0[n], room.place[n], room.stay[n]
        kind = figures.kind[place]
        longest = t0 + figures.max_s[kind]
        sure = t0
        if stay > 0:
            end = min(t0 + stay, longest)
            if t0 + stay <= longest:
                sure = end
        else:
            end = _next_elsewhere(room, n, count, min(t0 + figures.imputed_s[kind], longest))
        if end <= t0:
            continue
        at = room.open_at[place]
        if room.open_mark[place] == ticket and t0 <= room.stay_t1[at]:
            room.stay_t1[at] = max(room.stay_t1[at], end)
            room.stay_sure[at] = max(room.stay_sure[at], sure)
            continue
        room.open_mark[place], room.open_at[place] = ticket, stays
        room.stay_place[stays], room.stay_t0[stays] = place, t0
        room.stay_t1[stays], room.stay_sure[stays] = end, sure
        stays += 1
    return stays


@njit(cache=True, nogil=True, forceinline=True)
def elsewhere(nearby, room, stays, place, t0, t1):
    """Whether one of the stays, at a place not near this one, overlaps [t0, t1)."""
    for n in range(stays):
        if (
            room.stay_place[n] != place
            and room.stay_t0[n] < t1
            and room.stay_t1[n] > t0
            and not is_near(nearby, near_row(nearby, place), place, room.stay_place[n])
        ):
            return True
    return False


@njit(cache=True, nogil=True, forceinline=True)
def presence(nearby, row, room, stays, place, k):
    """The next time of being near the place, from the k-th stay on: (from, to, sure, where to look
    on).  Stays near it that overlap or touch are one.  (0, 0, 0, stays) if there is none."""
    while k < stays and room.stay_place[k] != place:
        if row and is_near(nearby, row, place, room.stay_place[k]):
            break
        k += 1
    if k == stays:
        return np.int64(0), np.int64(0), np.int64(0), k
    t0, t1, sure = room.stay_t0[k], room.stay_t1[k], room.stay_sure[k]
    k += 1
    if row == 0:  # stays at one place are apart from each other already
        return t0, t1, sure, k
    while k < stays:  # they are in order of time
        if is_near(nearby, row, place, room.stay_place[k]):
            if room.stay_t0[k] > t1:
                break
            t1, sure = max(t1, room.stay_t1[k]), max(sure, room.stay_sure[k])
        k += 1
    return t0, t1, sure, k


@njit(cache=True, nogil=True)
def present(table, figures, place, t0, t1, low, high, but, marks, limit=PERSON_MOST):
    """Persons other than `but` who may have been near the place between t0 and t1, into
    marks.found; their number.  Scans between low and high count; at `limit` persons it ends."""
    marks.ticket[0] += 1
    ticket = marks.ticket[0]
    nearby, merged = figures.nearby, figures.merged
    some = some_merged(merged)
    row = near_row(nearby, place)
    first_near = load64(nearby, row)
    others = 0 if row == 0 else load64(nearby, row + 1) - first_near
    count = 0
    for one in range(-1, others):
        spot = np.int64(place) if one < 0 else load64(nearby, first_near + one)
        kind = figures.kind[spot]
        longest, imputed = figures.max_s[kind], figures.imputed_s[kind]
        first_t = max(low, t0 - longest)
        for segment in range(len(table)):
            begin = table[segment, BEGIN]
            if begin + DAY_S <= first_t or begin >= t1:
                continue
            first, end = place_rows(table, segment, spot, max(0, first_t - begin))
            rows = table[segment, PLACE_ROWS]
            for n in range(first, end):
                scan = load64(rows, n)
                begun = begin + ((scan >> PLACE_TOD_SHIFT) & TOD_MOST)
                if begun >= t1 or begun > high:
                    break
                stay = scan & STAY_MOST
                if begun + min(longest, stay if stay > 0 else imputed) <= t0:
                    continue
                person = (scan >> STAY_BITS) & PERSON_MOST
                if some:
                    person = canonical(merged, person)
                if marks.seen[person] == ticket:
                    marks.scan[marks.at[person]] = -1
                elif count >= limit:
                    return count
                elif person != but:
                    marks.seen[person], marks.at[person] = ticket, count
                    marks.found[count], marks.spot[count] = person, spot
                    marks.scan[count] = (begun << STAY_BITS) | stay
                    count += 1
    return count


@njit(cache=True, nogil=True, forceinline=True)
def stays_near(table, figures, person, scan, spot, a, b, least, low, high, room):
    """The person's stays as far as they decide about an overlap of `least` with [a, b) near the
    place, into room.stay_*; (their number, whether these are all his stays thereabouts).

    `scan` at `spot` is what `present` found.  Where it is his only one there it often decides
    alone: it is too short whatever else he did, or his time out was recorded.
    """
    if scan >= 0:
        kind = figures.kind[spot]
        t0, stay, longest = scan >> STAY_BITS, scan & STAY_MOST, figures.max_s[kind]
        t1 = t0 + min(longest, stay if stay > 0 else figures.imputed_s[kind])
        overlap = min(b, t1) - max(a, t0)
        if overlap <= 0 or overlap < least:
            return 0, False
        if 0 < stay <= longest:
            room.stay_place[0], room.stay_t0[0] = spot, t0
            room.stay_t1[0], room.stay_sure[0] = t1, t1
            return 1, False
    reach = figures.reach_s
    stays = stays_of(table, figures, person, max(low, a - reach), min(high, b + reach), room)
    return stays, True


@njit(cache=True, nogil=True)
def by_place(room, stays, begin):
    """Order of the stays by place and time."""
    keys = np.empty(stays, np.int64)
    for n in range(stays):
        keys[n] = (room.stay_place[n] << 36) | (room.stay_t0[n] - begin)
    return np.argsort(keys)


@njit(cache=True, nogil=True)
def _met_at(table, figures, source, n, a, b, low, high, own, stays_own, other, marks, out, count):
    """Everyone who was near during the source's n-th stay between a and b, long enough, as rows of
    `out`; (out, number of rows, number of persons)."""
    case, but = source[0], source[1]
    place = own.stay_place[n]
    kind = figures.kind[place]
    least, reach = figures.min_s[kind], figures.reach_s
    nearby = figures.nearby
    spots = near_row(nearby, place)
    candidates = present(table, figures, place, a, b, low, high, but, marks)
    persons = 0
    for c in range(candidates):
        person = np.int64(marks.found[c])
        stays, whole = stays_near(
            table, figures, person, marks.scan[c], np.int64(marks.spot[c]), a, b, least, low,
            high, other,
        )  # fmt: skip
        before, k = count, 0
        while k < stays:
            p0, p1, sure, k = presence(nearby, spots, other, stays, place, k)
            t0, t1 = max(a, p0), min(b, p1)
            if t1 <= t0 or t1 - t0 < least:
                continue
            out = room_for(out, count)
            row = out[count]
            row[CASE], row[PERSON], row[PLACE], row[FROM], row[TO] = case, person, place, t0, t1
            row[IMPUTED] = t1 > min(own.stay_sure[n], sure)
            row[TWO] = elsewhere(nearby, own, stays_own, place, t0, t1)
            if whole and not row[TWO]:
                row[TWO] = elsewhere(nearby, other, stays, place, t0, t1)
            count += 1
        if count > before:
            persons += 1
        if stays == 1 and not whole and count > before and not out[before, TWO]:
            t0, t1 = out[before, FROM], out[before, TO]
            stays = stays_of(
                table, figures, person, max(low, t0 - reach), min(high, t1 + reach), other
            )
            out[before, TWO] = elsewhere(nearby, other, stays, place, t0, t1)
    return out, count, persons


@njit(cache=True, nogil=True)
def meetings(
    table: Array,
    figures: Figures,
    sources: Array,
    low: int,
    high: int,
    heavy: int,
    own: Scratch,
    other: Scratch,
    marks: Marks,
) -> tuple[Array, Array]:
    """Degree 1 of sources[:, (case, person, window from, window to)].

    (exposures as rows of `CASE`..`TWO`; notices as rows of case, place, from, to, persons,
    persons in the whole window).  Where more than `heavy` were met there are only notices.
    """
    out = np.empty((1024, WIDTH), np.int64)
    notices = np.empty((64, 6), np.int64)
    count, told = 0, 0
    for s in range(len(sources)):
        case, person, w0, w1 = sources[s, 0], sources[s, 1], sources[s, 2], sources[s, 3]
        stays = stays_of(table, figures, person, low, high, own)
        order = by_place(own, stays, low)
        at = 0
        while at < stays:
            place = own.stay_place[order[at]]
            start, noted, persons = count, told, 0
            while at < stays and own.stay_place[order[at]] == place:
                n = order[at]
                at += 1
                a, b = max(own.stay_t0[n], w0), min(own.stay_t1[n], w1)
                if b <= a:
                    continue
                out, count, here = _met_at(
                    table, figures, sources[s], n, a, b, low, high, own, stays, other, marks,
                    out, count,
                )  # fmt: skip
                notices = room_for(notices, told)
                row = notices[told]
                row[0], row[1], row[2], row[3], row[4] = case, place, a, b, here
                told += 1
                persons += here
            if persons > heavy:  # at most; some may have been met at several stays
                persons = _distinct(out, start, count, marks)
            if persons > heavy:
                count = start
                for k in range(noted, told):
                    notices[k, 5] = persons
            else:
                told = noted
    return out[:count].copy(), notices[:told].copy()


@njit(cache=True, nogil=True)
def _distinct(out, start, end, marks):
    """How many persons the rows start..end-1 name."""
    marks.ticket[0] += 1
    ticket = marks.ticket[0]
    count = 0
    for n in range(start, end):
        person = out[n, PERSON]
        if marks.met[person] != ticket:
            marks.met[person] = ticket
            count += 1
    return count


@njit(cache=True, nogil=True)
def overlaps(
    table: Array, figures: Figures, sources: Array, low: int, high: int, room: Scratch
) -> tuple[Array, ...]:
    """The plain question: pairs of scans at one place that overlap inside the window, row by row.

    A missing time out is the kind's usual stay, no stay is longer than the kind's longest;
    nothing is merged or looked up further.  (case, person, place, from, to).
    """
    out = np.empty((1024, 5), np.int64)
    count = 0
    merged = figures.merged
    some = some_merged(merged)
    for s in range(len(sources)):
        case, person, w0, w1 = sources[s, 0], sources[s, 1], sources[s, 2], sources[s, 3]
        scans = scans_of(
            table, figures, person, max(low, w0 - figures.reach_s), min(high, w1), room
        )
        for n in range(scans):
            place, stay = room.place[n], room.stay[n]
            kind = figures.kind[place]
            longest, imputed = figures.max_s[kind], figures.imputed_s[kind]
            least = figures.min_s[kind]
            end = room.t0[n] + min(longest, stay if stay > 0 else imputed)
            a, b = max(room.t0[n], w0), min(end, w1)
            if b <= a:
                continue
            first_t = max(low, a - longest)
            for segment in range(len(table)):
                begin = table[segment, BEGIN]
                if begin + DAY_S <= first_t or begin >= b:
                    continue
                first, last = place_rows(table, segment, place, max(0, first_t - begin))
                rows = table[segment, PLACE_ROWS]
                for k in range(first, last):
                    row = load64(rows, k)
                    t0 = begin + ((row >> PLACE_TOD_SHIFT) & TOD_MOST)
                    if t0 >= b or t0 > high:
                        break
                    other_stay = row & STAY_MOST
                    t1 = min(b, t0 + min(longest, other_stay if other_stay > 0 else imputed))
                    t0 = max(a, t0)
                    if t1 <= t0 or t1 - t0 < least:
                        continue
                    other = (row >> STAY_BITS) & PERSON_MOST
                    if some:
                        other = canonical(merged, other)
                    if other == person:
                        continue
                    out = room_for(out, count)
                    out[count, CASE], out[count, PERSON], out[count, PLACE] = case, other, place
                    out[count, FROM], out[count, TO] = t0, t1
                    count += 1
    place32 = np.empty(count, np.int32)
    place32[:] = out[:count, PLACE]
    case, who = out[:count, CASE].copy(), out[:count, PERSON].copy()
    return case, who, place32, out[:count, FROM].copy(), out[:count, TO].copy()

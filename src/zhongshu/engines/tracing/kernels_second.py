"""Kernels of the second degree: whom the contacts met, ranked and cut case by case.

A case's people are gathered, scored and cut before the next case begins, so that memory holds the
evidence of one case however many are asked.
"""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zhongshu.engines.tracing.index import BEGIN
from zhongshu.engines.tracing.kernels import (
    elsewhere,
    presence,
    present,
    stays_near,
    stays_of,
)
from zhongshu.engines.tracing.kernels_rows import (
    is_near,
    load64,
    near_row,
    place_rows,
    place_scan,
    room_for,
)
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import DAY_S, PERSON_MOST, Array

HOUR_S, BEIJING_S = 3600, 8 * 3600
CASE, VIA, PERSON, PLACE, FROM, TO, IMPUTED, TWO = range(8)  # columns of the evidence
WIDTH = 8


class Links(NamedTuple):
    """The contacts whose contacts are sought, case after case.

    case_start, via: those of case n are via[case_start[n]:case_start[n + 1]], each with a window
    and the score of his own link.  home_start, member: who lives with each of them.
    near_start, near: persons already nearer to case n.
    """

    case_start: Array
    via: Array
    w0: Array
    w1: Array
    score: Array
    home_start: Array
    member: Array
    near_start: Array
    near: Array


class Scoring(NamedTuple):
    """`model.Ranking` in seconds, the cap (-1: none), persons that make an hour crowded."""

    half_s: float
    imputed_weight: float
    household_s: float
    cap: int
    heavy: int


class Slots(NamedTuple):
    """What is known of each person reached for a case; rows are given in order of appearance."""

    whole: Array  # person, best via, link: of which via, seconds, estimated seconds, at home
    score: Array  # best chain, its link, its via's score


_PERSON, _BEST, _LINK_OF, _TOTAL, _ESTIMATED, _HOME = range(6)


@njit(cache=True, nogil=True)
def _crowded_hour(table, figures, place, hour, low, high, heavy, room, marks):
    """Whether more than `heavy` persons were near the place during the hour."""
    nearby = figures.nearby
    spots = near_row(nearby, place)
    h0, h1 = hour * HOUR_S, (hour + 1) * HOUR_S
    for limit in (4 * heavy + 4, PERSON_MOST):  # the first few mostly decide
        count = present(table, figures, place, h0, h1, low, high, -1, marks, limit)
        found = 0
        for c in range(count):
            if found > heavy or found + count - c <= heavy:
                break
            person = np.int64(marks.found[c])
            spot = np.int64(marks.spot[c])
            stays, _ = stays_near(
                table, figures, person, marks.scan[c], spot, h0, h1, 0.0, low, high, room
            )
            for k in range(stays):
                if (
                    room.stay_t0[k] < h1
                    and room.stay_t1[k] > h0
                    and is_near(nearby, spots, place, room.stay_place[k])
                ):
                    found += 1
                    break
        if found > heavy:
            return True
        if count < limit:
            return False
    return False


@njit(cache=True, nogil=True)
def _scans_by_hour(table, figures, place, begin, counts):
    """How many scans at the place can reach into each of the 24 hours from `begin` on: no fewer
    than persons present."""
    kind = figures.kind[place]
    longest, imputed = figures.max_s[kind], figures.imputed_s[kind]
    for segment in range(len(table)):
        start = table[segment, BEGIN]
        if start + DAY_S <= begin - longest or start >= begin + DAY_S:
            continue
        first, end = place_rows(table, segment, place, max(0, begin - longest - start))
        for n in range(first, end):
            t0, stay = place_scan(table, segment, n)
            t1 = t0 + max(1, min(longest, stay if stay > 0 else imputed))
            from_hour = max(0, (t0 - begin) // HOUR_S)
            to_hour = min(23, (t1 - 1 - begin) // HOUR_S)
            for hour in range(from_hour, to_hour + 1):
                counts[hour] += 1


@njit(cache=True, nogil=True)
def _crowded(table, figures, place, t0, t1, low, high, heavy, room, marks, memo):
    """Whether a stay touches a crowded hour; `memo` keeps, by place and day, which hours are
    crowded (low 24 bits) and which are not known yet (next 24)."""
    for day in range((t0 + BEIJING_S) // DAY_S, (t1 - 1 + BEIJING_S) // DAY_S + 1):
        key, begin = (place << 32) | day, day * DAY_S - BEIJING_S
        if key not in memo:
            counts = np.zeros(24, np.int64)
            _scans_by_hour(table, figures, place, begin, counts)
            nearby = figures.nearby
            row = near_row(nearby, place)
            if row:
                for k in range(load64(nearby, row), load64(nearby, row + 1)):
                    _scans_by_hour(table, figures, load64(nearby, k), begin, counts)
            open_hours = np.int64(0)
            for hour in range(24):
                if counts[hour] > heavy:
                    open_hours |= np.int64(1) << (24 + hour)
            memo[key] = open_hours
        state = memo[key]
        if state == 0:
            continue
        for hour in range(max(0, (t0 - begin) // HOUR_S), min(23, (t1 - 1 - begin) // HOUR_S) + 1):
            if (state >> (24 + hour)) & 1:
                state &= ~(np.int64(1) << (24 + hour))
                if _crowded_hour(
                    table, figures, place, begin // HOUR_S + hour, low, high, heavy, room, marks
                ):
                    state |= np.int64(1) << hour
                memo[key] = state
            if (state >> hour) & 1:
                return True
    return False


@njit(cache=True, nogil=True)
def _met(table, figures, via, n, a, b, low, high, own, other, marks, near, out, count):
    """Evidence of everyone, not nearer to the case, who was near during the via's n-th stay between
    a and b."""
    place = own.stay_place[n]
    least = figures.second_min_s[figures.kind[place]]
    nearby = figures.nearby
    spots = near_row(nearby, place)
    candidates = present(table, figures, place, a, b, low, high, via, marks)
    for c in range(candidates):
        person = np.int64(marks.found[c])
        if near.seen[person] == near.ticket[0]:
            continue
        stays, _ = stays_near(
            table, figures, person, marks.scan[c], np.int64(marks.spot[c]), a, b, least, low,
            high, other,
        )  # fmt: skip
        k = 0
        while k < stays:
            p0, p1, sure, k = presence(nearby, spots, other, stays, place, k)
            t0, t1 = max(a, p0), min(b, p1)
            if t1 <= t0 or t1 - t0 < least:
                continue
            out = room_for(out, count)
            row = out[count]
            row[VIA], row[PERSON], row[PLACE], row[FROM], row[TO] = via, person, place, t0, t1
            row[IMPUTED] = t1 > min(own.stay_sure[n], sure)
            count += 1
    return out, count


@njit(cache=True, nogil=True)
def _via(table, figures, links, v, low, high, heavy, rooms, out, count, left, lefts, memo):
    """Evidence of one via's meetings and household; his crowded stays go to `left`."""
    own, other, marks, near = rooms
    via, w0, w1 = links.via[v], links.w0[v], links.w1[v]
    stays = stays_of(table, figures, via, low, high, own)
    for n in range(stays):
        place, t0, t1 = own.stay_place[n], own.stay_t0[n], own.stay_t1[n]
        if t1 <= w0 or t0 >= w1 or np.isnan(figures.second_min_s[figures.kind[place]]):
            continue
        if _crowded(table, figures, place, t0, t1, low, high, heavy, other, marks, memo):
            left = room_for(left, lefts)
            left[lefts, 0], left[lefts, 1], left[lefts, 2] = via, place, t0
            lefts += 1
            continue
        out, count = _met(
            table, figures, via, n, max(t0, w0), min(t1, w1), low, high, own, other, marks, near,
            out, count,
        )  # fmt: skip
    for m in range(links.home_start[v], links.home_start[v + 1]):
        person = links.member[m]
        if near.seen[person] != near.ticket[0]:
            out = room_for(out, count)
            row = out[count]
            row[VIA], row[PERSON], row[PLACE], row[FROM], row[TO] = via, person, -1, w0, w1
            row[IMPUTED] = 0
            count += 1
    return out, count, left, lefts


@njit(cache=True, nogil=True, inline="always")
def _pseudonym(person, base, extra):
    return base[person] if person < len(base) else extra[person - len(base)]


@njit(cache=True, nogil=True)
def _six(x):
    return np.floor(x * 1e6 + 0.5) / 1e6


@njit(cache=True, nogil=True)
def _score(links, v, scoring, out, start, count, slots, used, near, base, extra):
    """Take the evidence start..count-1 of one via into the slots of the persons it reaches."""
    whole, score = slots
    for n in range(start, count):
        person = out[n, PERSON]
        if near.met[person] != near.ticket[0]:
            near.met[person] = near.ticket[0]
            near.found[person] = used
            whole, score = room_for(whole, used), room_for(score, used)
            whole[used, _PERSON], whole[used, _BEST], whole[used, _LINK_OF] = person, -1, -1
            used += 1
        row = whole[near.found[person]]
        if row[_LINK_OF] != v:
            row[_LINK_OF], row[_TOTAL], row[_ESTIMATED], row[_HOME] = v, 0, 0, 0
        if out[n, PLACE] < 0:
            row[_HOME] = 1
        else:
            row[_TOTAL] += out[n, TO] - out[n, FROM]
            row[_ESTIMATED] += out[n, IMPUTED] * (out[n, TO] - out[n, FROM])
    for n in range(start, count):
        at = near.found[out[n, PERSON]]
        row = whole[at]
        if row[_LINK_OF] != v:
            continue
        row[_LINK_OF] = -1
        dose = row[_TOTAL] - row[_ESTIMATED] + scoring.imputed_weight * row[_ESTIMATED]
        dose += scoring.household_s if row[_HOME] else 0.0
        link = _six(1 - 2.0 ** -(dose / scoring.half_s))
        chain = _six(link * links.score[v])
        best = row[_BEST]
        if (
            best < 0
            or chain > score[at, 0]
            or (
                chain == score[at, 0]
                and _pseudonym(links.via[v], base, extra) < _pseudonym(best, base, extra)
            )
        ):
            row[_BEST] = links.via[v]
            score[at, 0], score[at, 1], score[at, 2] = chain, link, links.score[v]
    return Slots(whole, score), used


@njit(cache=True, nogil=True)
def _kept(slots, used, cap, base, extra):
    """Which of the slots are kept: the `cap` highest chains, of equal ones the lower pseudonym."""
    keep = np.ones(used, np.bool_)
    if cap < 0 or used <= cap:
        return keep
    if cap == 0:
        keep[:] = False
        return keep
    chains = slots.score[:used, 0].copy()
    least = np.partition(chains, used - cap)[used - cap]
    above = 0
    tied = 0
    for n in range(used):
        above += chains[n] > least
        tied += chains[n] == least
    names = np.empty(tied, np.int64)
    rows = np.empty(tied, np.int64)
    at = 0
    for n in range(used):
        if chains[n] < least:
            keep[n] = False
        elif chains[n] == least:
            names[at] = _pseudonym(slots.whole[n, _PERSON], base, extra)
            rows[at] = n
            at += 1
    order = np.argsort(names)
    for k in range(cap - above, tied):
        keep[rows[order[k]]] = False
    return keep


@njit(cache=True, nogil=True)
def _told(table, figures, out, count, keep, case, low, high, rooms, told, tell):
    """The kept evidence, with the flag for somebody in two places at once."""
    own, other, _, near = rooms
    reach = figures.reach_s
    held, own_stays = np.int64(-1), 0
    for n in range(count):
        if not keep[near.found[out[n, PERSON]]]:
            continue
        told = room_for(told, tell)
        row = told[tell]
        row[:] = out[n]
        row[CASE], row[TWO] = case, 0
        tell += 1
        place, t0, t1 = row[PLACE], row[FROM], row[TO]
        if place < 0:
            continue
        if row[VIA] != held:
            held = row[VIA]
            own_stays = stays_of(table, figures, held, low, high, own)
        if elsewhere(figures.nearby, own, own_stays, place, t0, t1):
            row[TWO] = 1
            continue
        stays = stays_of(
            table, figures, row[PERSON], max(low, t0 - reach), min(high, t1 + reach), other
        )
        row[TWO] = elsewhere(figures.nearby, other, stays, place, t0, t1)
    return told, tell


@njit(cache=True, nogil=True)
def second(table, figures, links, cases, scoring, low, high, rooms, base, extra, memo):
    """Second degree of the cases (numbers of `links.case_start`).

    (kept persons: case, person, best via; their chain, link and via's score; evidence of the
    kept; stays left out: via, place, begin; persons found: case, number).
    """
    near = rooms[3]
    out = np.empty((4096, WIDTH), np.int64)
    told, tell = np.empty((1024, WIDTH), np.int64), 0
    persons, scores, kept = np.empty((256, 3), np.int64), np.empty((256, 3), np.float64), 0
    left, lefts = np.empty((64, 3), np.int64), 0
    found = np.zeros((len(cases), 2), np.int64)
    slots = Slots(np.empty((1024, 6), np.int64), np.empty((1024, 3), np.float64))
    for i in range(len(cases)):
        case = cases[i]
        near.ticket[0] += 1
        for n in range(links.near_start[case], links.near_start[case + 1]):
            near.seen[links.near[n]] = near.ticket[0]
        count, used = 0, 0
        for v in range(links.case_start[case], links.case_start[case + 1]):
            start = count
            out, count, left, lefts = _via(
                table, figures, links, v, low, high, scoring.heavy, rooms, out, count, left,
                lefts, memo,
            )  # fmt: skip
            slots, used = _score(
                links, v, scoring, out, start, count, slots, used, near, base, extra
            )
        keep = _kept(slots, used, scoring.cap, base, extra)
        found[i, 0], found[i, 1] = case, used
        for n in range(used):
            if keep[n]:
                persons, scores = room_for(persons, kept), room_for(scores, kept)
                persons[kept, 0], persons[kept, 1] = case, slots.whole[n, _PERSON]
                persons[kept, 2] = slots.whole[n, _BEST]
                scores[kept] = slots.score[n]
                kept += 1
        told, tell = _told(table, figures, out, count, keep, case, low, high, rooms, told, tell)
    return persons[:kept], scores[:kept], told[:tell], left[:lefts], found

"""Kernels that make a segment of a day's rows that are sorted by place and second already."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import BLOCK_BITS, PERSON_MOST, STAY_BITS, STAY_MOST, TOD_BITS, Array
from zhongshu.lake.hot.sorting import once, person_word

_NEVER = 1 << 62
_TOD_AT = 64 - TOD_BITS


@njit(cache=True, nogil=True)
def known_words(
    columns: tuple[Array, ...], begin_s: int, known_at: int, words: Array, seen: Array
) -> tuple[int, Array, Array, int, int]:
    """(rows kept, keys of their places, rows of each, the latest recorded-at among them, the
    first recorded-at of a newest row after `known_at`).

    Columns as packed, without the source: blanks are -1 in place and person, 0 elsewhere.  Kept
    are rows with both that were the newest version at `known_at`; their words go into `words`,
    and `seen` is set for their persons.
    """
    place, time_in, person, stay, delay, superseded = columns
    keys = np.empty(len(place), np.int32)
    counts = np.empty(len(place), np.int64)
    kept, places, known_to, later = 0, 0, 0, _NEVER
    for n in range(len(place)):
        recorded = time_in[n] + stay[n] + delay[n]
        if recorded > known_at:
            if superseded[n] == 0:
                later = min(later, recorded)
            continue
        if superseded[n] != 0 and recorded + superseded[n] <= known_at:
            continue
        if place[n] < 0 or person[n] < 0:
            continue
        words[kept] = (
            (np.uint64(time_in[n] - begin_s) << np.uint64(_TOD_AT))
            | (np.uint64(person[n]) << np.uint64(STAY_BITS))
            | np.uint64(min(max(stay[n], 0), STAY_MOST))
        )
        kept += 1
        seen[person[n]] = True
        known_to = max(known_to, recorded)
        if places == 0 or keys[places - 1] != place[n]:
            keys[places] = place[n]
            counts[places] = 0
            places += 1
        counts[places - 1] += 1
    return kept, keys[:places].copy(), counts[:places].copy(), known_to, later


@njit(cache=True, nogil=True)
def renamed(words: Array, dense: Array, blocks: int) -> Array:
    """Rows of each block of persons, uint32[blocks]; in the words numbers become dense ids."""
    count = np.zeros(blocks, np.uint32)
    low = np.uint64(PERSON_MOST)
    for n in range(len(words)):
        word = words[n]
        person = np.uint64(dense[np.int64((word >> np.uint64(STAY_BITS)) & low)])
        words[n] = (word & ~(low << np.uint64(STAY_BITS))) | (person << np.uint64(STAY_BITS))
        count[np.int64(person >> np.uint64(BLOCK_BITS))] += np.uint32(1)
    return count


def places_in(counted: list[Array]) -> tuple[Array, list[Array]]:
    """(offsets of blocks, uint32[blocks + 1]; where the rows of each of `counted` begin)."""
    offsets = np.zeros(len(counted[0]) + 1, np.uint32)
    np.cumsum(sum(counted), dtype=np.uint32, out=offsets[1:])
    at = [offsets[:-1].copy()]
    for count in counted[:-1]:
        at.append(at[-1] + count)
    return offsets, at


@njit(cache=True, nogil=True)
def spread(words: Array, keys: Array, counts: Array, at: Array, out: Array) -> None:
    """Put the rows of places `keys` into `out`, each where its block of persons has come to."""
    n = 0
    for k in range(len(keys)):
        for _ in range(counts[k]):
            word = words[n]
            person = np.int64((word >> np.uint64(STAY_BITS)) & np.uint64(PERSON_MOST))
            block = person >> BLOCK_BITS
            out[at[block]] = person_word(
                person, keys[k], word >> np.uint64(_TOD_AT), word & np.uint64(STAY_MOST)
            )
            at[block] += np.uint32(1)
            n += 1


@njit(cache=True, nogil=True)
def place_sorted(words: Array, keys: Array, counts: Array) -> tuple[Any, ...]:
    """(place_bits, place_ranks, place_offsets, rows left).

    Words of a place are in order of seconds; where these tie they are sorted, and of one scan the
    longest stay is left.
    """
    bins = np.int64(keys[-1]) + 1 if len(keys) else 1
    bits = np.zeros(((bins - 1) >> 6) + 1, np.uint64)
    ranks = np.zeros(len(bits), np.uint32)
    offsets = np.empty(len(keys) + 1, np.uint32)
    first, count = 0, 0
    for k in range(len(keys)):
        key = np.int64(keys[k])
        bits[key >> 6] |= np.uint64(1) << np.uint64(key & 63)
        if (key >> 6) + 1 < len(ranks):
            ranks[(key >> 6) + 1] += np.uint32(1)
        offsets[k] = count
        end = first + counts[k]
        while first < end:
            last = first + 1
            second = words[first] >> np.uint64(_TOD_AT)
            while last < end and words[last] >> np.uint64(_TOD_AT) == second:
                last += 1
            count = once(words, first, last, count)
            first = last
    offsets[len(keys)] = count
    for k in range(1, len(ranks)):
        ranks[k] += ranks[k - 1]
    return bits, ranks, offsets, count

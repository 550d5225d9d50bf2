"""Kernels that bring unsorted visits of one day into both orders: hashing and counting sorts."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import BLOCK_BITS, PLACE_BITS, STAY_BITS, STAY_MOST, TOD_BITS, Array

_LOW = (1 << BLOCK_BITS) - 1
_TODS = 1 << TOD_BITS
_FEW = 32
_MIX = 0x9E3779B97F4A7C15  # 2^64 / golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
_HOLD = 0xFF51AFD7ED558CCD  # odd multiplier of MurmurHash3's finaliser


@njit(cache=True, nogil=True, inline="always")
def _slot(slots: Any, found: Any, value: Any, bits: Any) -> Any:
    """Where the value is in the table, or where it belongs."""
    at = np.int64((np.uint64(value) * np.uint64(_MIX)) >> np.uint64(64 - bits))
    while slots[at] >= 0 and found[slots[at]] != value:
        at = (at + 1) & ((1 << bits) - 1)
    return at


@njit(cache=True, nogil=True)
def distinct(values: Array) -> tuple[Array, Array]:
    """(distinct values in order of appearance, code of each value).

    The table grows with what it holds: a day has several visits of each person.
    """
    bits = 10
    slots = np.full(1 << bits, -1, np.int32)
    found = np.empty(len(values), np.int64)
    codes = np.empty(len(values), np.int32)
    count = 0
    for n in range(len(values)):
        value = values[n]
        at = _slot(slots, found, value, bits)
        if slots[at] < 0:
            slots[at] = count
            found[count] = value
            count += 1
        codes[n] = slots[at]
        if 2 * count > (1 << bits):
            bits += 1
            slots = np.full(1 << bits, -1, np.int32)
            for k in range(count):
                slots[_slot(slots, found, found[k], bits)] = k
    return found[:count].copy(), codes


@njit(cache=True, nogil=True)
def firsts(codes: Array, count: int) -> Array:
    """Where each of the `count` codes first stands; they appear in order."""
    found = np.empty(count, np.int64)
    met = 0
    for n in range(len(codes)):
        if codes[n] == met:
            found[met] = n
            met += 1
    return found


@njit(cache=True, nogil=True)
def rows_of(asked: Array, known: Array, there: Array, first: int, out: Array) -> None:
    """Set out[k] to first + n where known[n] is asked[k] and there[n]; `asked` are distinct."""
    bits = 1
    while (1 << bits) < 2 * len(asked):
        bits += 1
    slots = np.full(1 << bits, -1, np.int32)
    for k in range(len(asked)):
        slots[_slot(slots, asked, asked[k], bits)] = k
    for n in range(len(known)):
        if there[n]:
            k = slots[_slot(slots, asked, known[n], bits)]
            if k >= 0:
                out[k] = first + n


@njit(cache=True, nogil=True)
def _sort_few(words: Array, first: Any, end: Any) -> None:
    """words[first:end] ascending; by insertion where there are few."""
    if end - first > _FEW:
        words[first:end].sort()
        return
    for n in range(first + 1, end):
        word = words[n]
        at = n
        while at > first and words[at - 1] > word:
            words[at] = words[at - 1]
            at -= 1
        words[at] = word


@njit(cache=True, nogil=True)
def once(words: Array, first: Any, end: Any, count: int) -> int:
    """Sort words[first:end] and move them to `count`, the same scan once with its longest stay;
    the end of them there.  Words of one scan differ in their lowest bits, the stay."""
    _sort_few(words, first, end)
    begin = count
    for n in range(first, end):
        word = words[n]
        if count > begin and words[count - 1] >> np.uint64(STAY_BITS) == word >> np.uint64(
            STAY_BITS
        ):
            count -= 1
        words[count] = word
        count += 1
    return count


@njit(cache=True, nogil=True)
def _ends(keys: Array, shift: int, bins: int) -> Array:
    """starts[k + 1]: how many keys, shifted, are k or less; uint32[bins + 1]."""
    starts = np.zeros(bins + 1, np.uint32)
    for n in range(len(keys)):
        starts[(keys[n] >> shift) + 1] += np.uint32(1)
    for k in range(bins):
        starts[k + 1] += starts[k]
    return starts


@njit(cache=True, nogil=True, inline="always")
def person_word(person: Any, place: Any, tod: Any, stay: Any) -> Any:
    """The word of a row in the order of persons."""
    return (
        ((np.uint64(person) & np.uint64(_LOW)) << np.uint64(TOD_BITS + PLACE_BITS + STAY_BITS))
        | (np.uint64(tod) << np.uint64(PLACE_BITS + STAY_BITS))
        | (np.uint64(place) << np.uint64(STAY_BITS))
        | np.uint64(stay)
    )


@njit(cache=True, nogil=True)
def _most(words: Array, first: int, end: int) -> int:
    """Most rows of one person among the sorted words of a block."""
    low = np.uint64(TOD_BITS + PLACE_BITS + STAY_BITS)
    longest, run = 0, 0
    for k in range(first, end):
        run = run + 1 if k > first and words[k - 1] >> low == words[k] >> low else 1
        longest = max(longest, run)
    return longest


@njit(cache=True, nogil=True)
def blocks_sorted(words: Array, offsets: Array) -> tuple[int, int]:
    """(rows left, most rows of one person): each block of words is sorted, one scan is there
    once, and `offsets` say where blocks are then."""
    longest, count, first = 0, 0, np.int64(0)
    for b in range(len(offsets) - 1):
        begin, end = count, np.int64(offsets[b + 1])
        if end > first:
            count = once(words, first, end, begin)
            longest = max(longest, _most(words, begin, count))
        first = end
        offsets[b + 1] = count
    return count, longest


@njit(cache=True, nogil=True)
def person_side(
    person: Array, place: Array, tod: Array, stay: Array, people: int
) -> tuple[Array, Array, int]:
    """(person_offsets, person_rows, most rows of one person).

    Counted out to blocks of persons, then sorted inside each: blocks are small and stay in cache.
    """
    blocks = (people >> BLOCK_BITS) + 1
    offsets = _ends(person, BLOCK_BITS, blocks)
    at = offsets[:-1].copy()
    words = np.empty(len(person), np.uint64)
    for n in range(len(person)):
        block = person[n] >> BLOCK_BITS
        words[at[block]] = person_word(person[n], place[n], tod[n], stay[n])
        at[block] += np.uint32(1)
    count, longest = blocks_sorted(words, offsets)
    return offsets, words[:count].view(np.int64), longest


@njit(cache=True, nogil=True)
def person_side_few(
    person: Array, place: Array, tod: Array, stay: Array, people: int
) -> tuple[Array, Array, int]:
    """The same of rows in order of persons, far fewer than there are people."""
    count = len(person)
    offsets = np.empty((people >> BLOCK_BITS) + 2, np.uint32)
    words = np.empty(count, np.uint64)
    for n in range(count):
        words[n] = person_word(person[n], place[n], tod[n], stay[n])
    longest, kept, first, filled = 0, 0, 0, 0
    while first < count:
        block = person[first] >> BLOCK_BITS
        end = first
        while end < count and person[end] >> BLOCK_BITS == block:
            end += 1
        offsets[filled : block + 1] = kept
        filled = block + 1
        begin = kept
        kept = once(words, first, end, begin)
        longest = max(longest, _most(words, begin, kept))
        first = end
    offsets[filled:] = kept
    return offsets, words[:kept].view(np.int64), longest


@njit(cache=True, nogil=True)
def place_side(person: Array, place: Array, tod: Array, stay: Array, bins: int) -> tuple[Any, ...]:
    """(place_bits, place_ranks, place_offsets, place_rows) of place keys below `bins`."""
    starts = _ends(place, 0, bins)
    at = starts[:-1].copy()
    words = np.empty(len(place), np.uint64)
    for n in range(len(place)):
        key = place[n]
        words[at[key]] = (
            (np.uint64(tod[n]) << np.uint64(64 - TOD_BITS))
            | (np.uint64(person[n]) << np.uint64(STAY_BITS))
            | np.uint64(stay[n])
        )
        at[key] += np.uint32(1)
    bits = np.zeros(((bins - 1) >> 6) + 1, np.uint64)
    ranks = np.zeros(len(bits), np.uint32)
    places, count = 0, 0
    for key in range(bins):
        if key & 63 == 0:
            ranks[key >> 6] = places
        if starts[key] == starts[key + 1]:
            continue
        bits[key >> 6] |= np.uint64(1) << np.uint64(key & 63)
        begin = count
        count = once(words, np.int64(starts[key]), np.int64(starts[key + 1]), begin)
        at[places] = begin  # never beyond the key itself
        places += 1
    offsets = np.empty(places + 1, np.uint32)
    offsets[:places] = at[:places]
    offsets[places] = count
    return bits, ranks, offsets, words[:count].view(np.int64)


@njit(cache=True, nogil=True)
def stays(time_in: Array, time_out: Array) -> Array:
    """Seconds between them, 0 where that is nothing, at most `STAY_MOST`."""
    out = np.empty(len(time_in), np.int32)
    for n in range(len(time_in)):
        out[n] = min(max(time_out[n] - time_in[n], 0), STAY_MOST)
    return out


@njit(cache=True, nogil=True)
def seconds(time_in: Array, begin_s: int) -> Array:
    """Second of the day that starts at `begin_s`."""
    out = np.empty(len(time_in), np.int32)
    for n in range(len(time_in)):
        out[n] = time_in[n] - begin_s
    return out


@njit(cache=True, nogil=True)
def unpacked(person_offsets: Array, person_rows: Array) -> tuple[Array, Array, Array, Array]:
    """(person, place, second, stay) of every row: what `both_orders` packed."""
    count = len(person_rows)
    person = np.empty(count, np.int32)
    place = np.empty(count, np.int32)
    tod = np.empty(count, np.int32)
    stay = np.empty(count, np.int32)
    for block in range(len(person_offsets) - 1):
        for k in range(np.int64(person_offsets[block]), np.int64(person_offsets[block + 1])):
            row = person_rows[k]
            person[k] = (block << BLOCK_BITS) | ((row >> (64 - BLOCK_BITS)) & _LOW)
            tod[k] = (row >> (PLACE_BITS + STAY_BITS)) & (_TODS - 1)
            place[k] = (row >> STAY_BITS) & ((1 << PLACE_BITS) - 1)
            stay[k] = row & STAY_MOST
    return person, place, tod, stay


@njit(cache=True, nogil=True)
def mark_persons(person_offsets: Array, person_rows: Array, seen: Array) -> None:
    """Set `seen` (truth value by person) for everybody with a row."""
    for block in range(len(person_offsets) - 1):
        for k in range(np.int64(person_offsets[block]), np.int64(person_offsets[block + 1])):
            seen[(block << BLOCK_BITS) | ((person_rows[k] >> (64 - BLOCK_BITS)) & _LOW)] = True


@njit(cache=True, nogil=True)
def checksum(words: Array) -> np.int64:
    """64 bits over words of eight bytes; each step is a bijection, so no single word can change
    unseen.  Four lanes, so that it runs at the speed of memory."""
    hold = np.uint64(_HOLD)
    a, b, c, d = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
    count = len(words)
    whole = count - count % 4
    for n in range(0, whole, 4):
        a = (a ^ words[n]) * hold
        b = (b ^ words[n + 1]) * hold
        c = (c ^ words[n + 2]) * hold
        d = (d ^ words[n + 3]) * hold
        a ^= a >> np.uint64(29)
        b ^= b >> np.uint64(29)
        c ^= c >> np.uint64(29)
        d ^= d >> np.uint64(29)
    for n in range(whole, count):
        a = (a ^ words[n]) * hold
        a ^= a >> np.uint64(29)
    for lane in (b, c, d, np.uint64(count)):
        a = (a ^ lane) * hold
        a ^= a >> np.uint64(29)
    return np.int64(a >> np.uint64(1))

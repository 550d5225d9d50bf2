"""Kernels that bring unsorted visits of one day into both orders: hashing and counting sorts."""
# ruff: noqa: PLR0917 - numba calls kernels by position

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from zhongshu.kernel.segments import BLOCK_BITS, PLACE_BITS, STAY_BITS, STAY_MOST, TOD_BITS, Array

_LOW = (1 << BLOCK_BITS) - 1
_TODS = 1 << TOD_BITS
_MIX = 0x9E3779B97F4A7C15  # 2^64 / golden ratio: Fibonacci hashing (Knuth, TAOCP 3, 6.4)
_HOLD = 0xFF51AFD7ED558CCD  # odd multiplier of MurmurHash3's finaliser


@njit(cache=True, nogil=True)
def distinct(values: Array) -> tuple[Array, Array]:
    """(distinct values in order of appearance, code of each value)."""
    bits = 4
    while (1 << bits) < 2 * len(values):
        bits += 1
    mask = (1 << bits) - 1
    slots = np.full(1 << bits, -1, np.int32)
    found = np.empty(len(values), np.int64)
    codes = np.empty(len(values), np.int32)
    count = 0
    for n in range(len(values)):
        value = values[n]
        at = np.int64((np.uint64(value) * np.uint64(_MIX)) >> np.uint64(64 - bits))
        while slots[at] >= 0 and found[slots[at]] != value:
            at = (at + 1) & mask
        if slots[at] < 0:
            slots[at] = count
            found[count] = value
            count += 1
        codes[n] = slots[at]
    return found[:count].copy(), codes


@njit(cache=True, nogil=True)
def _by(keys: Array, order: Array, bins: int) -> Array:
    """`order` sorted by keys[order], stable."""
    starts = np.zeros(bins + 1, np.int32)
    for n in order:
        starts[keys[n] + 1] += 1
    for k in range(bins):
        starts[k + 1] += starts[k]
    out = np.empty(len(order), np.int32)
    for n in order:
        key = keys[n]
        out[starts[key]] = n
        starts[key] += 1
    return out


@njit(cache=True, nogil=True)
def _merged(
    order: Array, person: Array, place: Array, tod: Array, stay: Array
) -> tuple[Array, Array]:
    """Rows in order of (person, second, place), the same scan once with its longest stay.

    `order` is sorted by (person, second) already.
    """
    rows = np.empty(len(order), np.int32)
    stays = np.empty(len(order), np.int32)
    count = 0
    for n in order:
        at = count
        while (
            at > 0
            and person[rows[at - 1]] == person[n]
            and tod[rows[at - 1]] == tod[n]
            and place[rows[at - 1]] > place[n]
        ):
            at -= 1
        same = (
            at > 0
            and person[rows[at - 1]] == person[n]
            and tod[rows[at - 1]] == tod[n]
            and place[rows[at - 1]] == place[n]
        )
        if same:
            stays[at - 1] = max(stays[at - 1], stay[n])
            continue
        for k in range(count, at, -1):
            rows[k] = rows[k - 1]
            stays[k] = stays[k - 1]
        rows[at] = n
        stays[at] = stay[n]
        count += 1
    return rows[:count], stays[:count]


@njit(cache=True, nogil=True)
def _person_side(
    rows: Array, stays: Array, person: Array, place: Array, tod: Array, people: int
) -> tuple[Array, Array, int]:
    """(person_offsets, person_rows, most rows of one person)."""
    offsets = np.zeros((people >> BLOCK_BITS) + 2, np.uint32)
    packed = np.empty(len(rows), np.int64)
    longest, run = 0, 0
    for k in range(len(rows)):
        n = rows[k]
        who = np.int64(person[n])
        offsets[(who >> BLOCK_BITS) + 1] += 1
        packed[k] = (
            ((who & _LOW) << (TOD_BITS + PLACE_BITS + STAY_BITS))
            | (np.int64(tod[n]) << (PLACE_BITS + STAY_BITS))
            | (np.int64(place[n]) << STAY_BITS)
            | np.int64(stays[k])
        )
        run = run + 1 if k > 0 and person[rows[k - 1]] == person[n] else 1
        longest = max(longest, run)
    for b in range(len(offsets) - 1):
        offsets[b + 1] += offsets[b]
    return offsets, packed, longest


@njit(cache=True, nogil=True)
def _place_side(
    rows: Array, stays: Array, person: Array, place: Array, tod: Array
) -> tuple[Array, Array, Array, Array]:
    """(place_bits, place_ranks, place_offsets, place_rows)."""
    count = len(rows)
    key = np.empty(count, np.int32)
    second = np.empty(count, np.int32)
    most = 0
    for k in range(count):
        key[k] = place[rows[k]]
        second[k] = tod[rows[k]]
        most = max(most, key[k])
    by_time = _by(second, np.arange(count).astype(np.int32), _TODS)
    order = _by(key, by_time, most + 1)
    bits = np.zeros((most >> 6) + 1, np.uint64)
    offsets = np.empty(count + 1, np.uint32)
    packed = np.empty(count, np.int64)
    places = 0
    for at in range(count):
        k = order[at]
        if at == 0 or key[order[at - 1]] != key[k]:
            bits[key[k] >> 6] |= np.uint64(1) << np.uint64(key[k] & 63)
            offsets[places] = at
            places += 1
        packed[at] = (
            (np.int64(second[k]) << (64 - TOD_BITS))
            | (np.int64(person[rows[k]]) << STAY_BITS)
            | np.int64(stays[k])
        )
    offsets[places] = count
    ranks = np.zeros(len(bits), np.uint32)
    total = 0
    for w in range(len(bits)):
        ranks[w] = total
        word = bits[w]
        while word:
            word &= word - np.uint64(1)
            total += 1
    return bits, ranks, offsets[: places + 1].copy(), packed


@njit(cache=True, nogil=True)
def both_orders(
    person: Array, place: Array, tod: Array, stay: Array, people: int, order: Array
) -> tuple[Any, ...]:
    """The sections of a segment in the order (person_offsets, person_rows, longest, place_bits,
    place_ranks, place_offsets, place_rows).

    `order`: rows sorted by (person, second), or empty to have it counted out here.
    """
    if len(order) == 0:
        by_time = _by(tod, np.arange(len(tod)).astype(np.int32), _TODS)
        order = _by(person, by_time, people)
    rows, stays = _merged(order, person, place, tod, stay)
    offsets, person_rows, longest = _person_side(rows, stays, person, place, tod, people)
    bits, ranks, place_offsets, place_rows = _place_side(rows, stays, person, place, tod)
    return offsets, person_rows, longest, bits, ranks, place_offsets, place_rows


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

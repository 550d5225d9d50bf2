"""Reading the rows of the hot segments, and what is asked of each: is its place near another, whose
pseudonym is its person."""
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

from zhongshu.engines.tracing.index import (
    BEGIN,
    BITS,
    BLOCKS,
    MERGED_BITS,
    NEAR_ROWS,
    PERSON_OFFSETS,
    PERSON_ROWS,
    PLACE_OFFSETS,
    PLACE_ROWS,
    RANKS,
    WORDS,
)
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import (
    BLOCK_BITS,
    PLACE_BITS,
    STAY_BITS,
    STAY_MOST,
    TOD_BITS,
)

_LOW = (1 << BLOCK_BITS) - 1
TOD_MOST = (1 << TOD_BITS) - 1
_LOW_SHIFT = 64 - BLOCK_BITS
PERSON_TOD_SHIFT = PLACE_BITS + STAY_BITS
PLACE_TOD_SHIFT = 64 - TOD_BITS


def _loader(bits: int) -> Any:
    """load(address, n): the n-th number of `bits` bits from an address on, as int64."""

    def load(typingctx: Any, address: Any, n: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            kind = ir.IntType(bits)
            base = builder.inttoptr(args[0], kind.as_pointer())
            value = builder.load(builder.gep(base, [args[1]]))
            return value if bits == 64 else builder.zext(value, ir.IntType(64))

        return types.int64(types.int64, types.int64), generate

    return intrinsic(load)


load64 = _loader(64)
load32 = _loader(32)


@njit(cache=True, nogil=True, inline="always")
def _ones(word):
    """How many bits of an int64 are set (Warren, Hacker's Delight, 5-1)."""
    x = np.uint64(word)
    x -= (x >> np.uint64(1)) & np.uint64(0x5555555555555555)
    x = (x & np.uint64(0x3333333333333333)) + ((x >> np.uint64(2)) & np.uint64(0x3333333333333333))
    x = (x + (x >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((x * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True, forceinline=True)
def person_rows(table, segment, person):
    """(first, end) of a person's rows in a segment."""
    block = person >> BLOCK_BITS
    if person < 0 or block >= table[segment, BLOCKS]:
        return 0, 0
    first = load32(table[segment, PERSON_OFFSETS], block)
    end = load32(table[segment, PERSON_OFFSETS], block + 1)
    rows, low = table[segment, PERSON_ROWS], person & _LOW
    while first < end and (load64(rows, first) >> _LOW_SHIFT) & _LOW < low:
        first += 1
    last = first
    while last < end and (load64(rows, last) >> _LOW_SHIFT) & _LOW == low:
        last += 1
    return first, last


@njit(cache=True, nogil=True)
def place_rows(table, segment, place, tod):
    """(first row not before second `tod`, end) of a place's rows in a segment."""
    word = place >> 6
    if word >= table[segment, WORDS]:
        return 0, 0
    bits = load64(table[segment, BITS], word)
    if not (bits >> (place & 63)) & 1:
        return 0, 0
    below = bits & ((np.int64(1) << (place & 63)) - 1)
    at = load32(table[segment, RANKS], word) + _ones(below)
    first = load32(table[segment, PLACE_OFFSETS], at)
    end = load32(table[segment, PLACE_OFFSETS], at + 1)
    rows, high = table[segment, PLACE_ROWS], end
    while first < high:
        middle = (first + high) >> 1
        if (load64(rows, middle) >> PLACE_TOD_SHIFT) & TOD_MOST < tod:
            first = middle + 1
        else:
            high = middle
    return first, end


@njit(cache=True, nogil=True, inline="always")
def place_scan(table, segment, n):
    """(time in, stay) of a place's row."""
    row = load64(table[segment, PLACE_ROWS], n)
    t0 = table[segment, BEGIN] + ((row >> PLACE_TOD_SHIFT) & TOD_MOST)
    return t0, row & STAY_MOST


@njit(cache=True, nogil=True, inline="always")
def room_for(rows, count):
    """`rows` with room for one more."""
    if count < len(rows):
        return rows
    more = np.empty((2 * len(rows), rows.shape[1]), rows.dtype)
    more[:count] = rows
    return more


@njit(cache=True, nogil=True, inline="always")
def some_merged(merged):
    """Whether anybody has several ids."""
    return load64(merged, 1) > 0


@njit(cache=True, nogil=True)
def canonical(merged, person):
    """The person's canonical id, where there are `some_merged`."""
    words, aliases = load64(merged, 0), load64(merged, 1)
    word = load64(merged, MERGED_BITS + ((person >> 6) & (words - 1)))
    if not (word >> (person & 63)) & 1:
        return person
    begin = MERGED_BITS + words
    at = first_not_below(merged, begin, begin + aliases, person)
    if at < begin + aliases and load64(merged, at) == person:
        return load64(merged, at + aliases)
    return person


@njit(cache=True, nogil=True)
def first_not_below(packed, low, high, value):
    """Where in packed[low:high], sorted, the first number not below `value` is."""
    while low < high:
        middle = (low + high) >> 1
        if load64(packed, middle) < value:
            low = middle + 1
        else:
            high = middle
    return low


@njit(cache=True, nogil=True)
def names_of(merged, person):
    """(where in `merged` the person's other ids begin, how many)."""
    words, aliases = load64(merged, 0), load64(merged, 1)
    head = MERGED_BITS + words + 2 * aliases
    first = first_not_below(merged, head, head + aliases, person)
    count = 0
    while first + count < head + aliases and load64(merged, first + count) == person:
        count += 1
    return first + aliases, count


@njit(cache=True, nogil=True, inline="always")
def near_row(nearby, place):
    """Where the row of the place is kept in `nearby`; 0 for a place near none but itself."""
    if load64(nearby, 0) == 0:
        return np.int64(0)
    row = load64(nearby, NEAR_ROWS + place)
    return np.int64(0) if row < 0 else NEAR_ROWS + load64(nearby, 0) + row


@njit(cache=True, nogil=True)
def is_near(nearby, row, place, other):
    """Whether `other` is near the place, whose `near_row` is given."""
    if other == place:
        return True
    if row == 0:
        return False
    end = load64(nearby, row + 1)
    at = first_not_below(nearby, load64(nearby, row), end, other)
    return at < end and load64(nearby, at) == other

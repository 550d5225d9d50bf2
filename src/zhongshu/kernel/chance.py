"""Chance without a state: a draw is a function of (seed, day, purpose, who, which).

Common random numbers: two worlds, or two options of a what-if, with the same seed and different
measures make the same draws for everybody whom the measures do not touch, so that their difference
is the measures' effect.
The mixing function is the finaliser of SplitMix64 (Steele, Lea, Flood 2014, OOPSLA).
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.kernel.compiled import njit

F64 = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
WHO = np.uint64(0xD1B54A32D192ED03)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
ONE = np.uint64(1)
TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53: the 53 high bits become a float in [0, 1)
MASK = (1 << 64) - 1


@njit(inline="always", cache=True)
def mix(word):  # type: ignore[no-untyped-def]
    """SplitMix64's finaliser on one 64-bit word."""
    word = (word ^ (word >> S30)) * FIRST
    word = (word ^ (word >> S27)) * SECOND
    return word ^ (word >> S31)


@njit(inline="always", cache=True)
def person_key(key, person):  # type: ignore[no-untyped-def]
    """Key of one person under the key of a (seed, day, purpose)."""
    return mix(key ^ (np.uint64(person) * WHO))


@njit(inline="always", cache=True)
def unit(key, which):  # type: ignore[no-untyped-def]
    """A uniform number in [0, 1): draw number `which` under `key`."""
    return np.float64(mix(key + (np.uint64(which) + ONE) * GOLDEN) >> S11) * TO_UNIT


def mix_int(word: int) -> int:
    """`mix` in Python integers."""
    word = ((word ^ (word >> 30)) * int(FIRST)) & MASK
    word = ((word ^ (word >> 27)) * int(SECOND)) & MASK
    return word ^ (word >> 31)


def key(seed: int, purpose: str, day: int = 0) -> np.uint64:
    """Key of a purpose on a day; the same arguments give the same key in every process."""
    word = mix_int(seed & MASK) ^ zlib.crc32(purpose.encode())
    return np.uint64(mix_int((mix_int(word) + (day + 1) * int(GOLDEN)) & MASK))


@njit(cache=True)
def _fill(draw_key, who, which, out):  # type: ignore[no-untyped-def]
    for index in range(who.shape[0]):
        out[index] = unit(person_key(draw_key, who[index]), which)


def uniform(draw_key: np.uint64, who: Ints, which: int = 0) -> F64:
    """Uniform numbers in [0, 1), one for each of `who`."""
    out = np.empty(who.shape[0], dtype=np.float64)
    _fill(draw_key, np.ascontiguousarray(who, dtype=np.int64), which, out)
    return out


@njit(cache=True)
def _fill_pairs(draw_key, first, second, out):  # type: ignore[no-untyped-def]
    for index in range(first.shape[0]):
        out[index] = unit(person_key(draw_key, first[index]), second[index])


def uniform_pairs(draw_key: np.uint64, first: Ints, second: Ints) -> F64:
    """Uniform numbers in [0, 1), one for each (first, second)."""
    out = np.empty(first.shape[0], dtype=np.float64)
    _fill_pairs(
        draw_key,
        np.ascontiguousarray(first, dtype=np.int64),
        np.ascontiguousarray(second, dtype=np.int64),
        out,
    )
    return out

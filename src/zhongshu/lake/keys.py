"""Kernels that sort rows by two columns as one number with the row's own number in it."""

from __future__ import annotations

from typing import Any

import numpy as np

from zhongshu.kernel.compiled import njit
from zhongshu.kernel.segments import Array


@njit(cache=True, nogil=True)
def packed(high: Array, low: Array, least: Any, width: Any, bits: Any) -> Array:
    """((high + 1) * width + low - least) * 2^bits + row; int64."""
    found = np.empty(len(high), np.int64)
    for n in range(len(high)):
        key = (np.int64(high[n]) + 1) * width + (np.int64(low[n]) - least)
        found[n] = (key << bits) | n
    return found


@njit(cache=True, nogil=True)
def unpacked(keys: Array, bits: Any) -> tuple[Array, Array]:
    """(row of each sorted key, uint32; where neighbours have the same columns)."""
    count = len(keys)
    rows = np.empty(count, np.uint32)
    tied = np.empty(count, np.bool_)
    low = (np.int64(1) << bits) - 1
    for n in range(count):
        rows[n] = keys[n] & low
        key = keys[n] >> bits
        tied[n] = (n > 0 and keys[n - 1] >> bits == key) or (
            n + 1 < count and keys[n + 1] >> bits == key
        )
    return rows, np.flatnonzero(tied)

"""Ranges of different lengths put one behind the other, without a loop."""

from __future__ import annotations

import numpy as np

from zhongshu.kernel.segments import Array


def expanded(starts: Array, counts: Array) -> tuple[Array, Array]:
    """(owner, position) of every element of ragged ranges [start, start + count)."""
    owner = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - np.repeat(before, counts) + np.repeat(starts, counts)


def ranges(keys: Array, wanted: Array) -> tuple[Array, Array]:
    """(row of `wanted`, position in the sorted `keys`) of every match."""
    first = np.searchsorted(keys, wanted, "left")
    return expanded(first, np.searchsorted(keys, wanted, "right") - first)


def starts(owner: Array, owners: int) -> Array:
    """Where the elements of each owner begin, for sorted owners."""
    return np.searchsorted(owner, np.arange(owners + 1)).astype(np.int64)

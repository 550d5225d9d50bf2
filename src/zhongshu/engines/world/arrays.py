"""Short names for the array types of this engine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]
I8 = NDArray[np.int8]
I16 = NDArray[np.int16]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
Ints = NDArray[np.integer[Any]]


def ranges(starts: Ints, counts: Ints) -> I64:
    """The indices start, start+1, ... of several ranges, one after the other."""
    starts = np.asarray(starts, dtype=np.int64)
    counts = np.asarray(counts, dtype=np.int64)
    total = int(counts.sum())
    if total == 0:
        return np.empty(0, dtype=np.int64)
    ends = np.cumsum(counts)
    shift = np.repeat(starts - np.concatenate(([0], ends[:-1])), counts)
    indices: I64 = np.arange(total, dtype=np.int64) + shift
    return indices


def largest_remainder(weights: F64, total: int) -> I64:
    """`total` units shared out in proportion to `weights`; the shares add up exactly."""
    exact = np.asarray(weights, dtype=np.float64) * (total / float(np.sum(weights)))
    shares = np.floor(exact).astype(np.int64)
    missing = total - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:missing]] += 1
    return shares

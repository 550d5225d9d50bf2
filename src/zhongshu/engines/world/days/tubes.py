"""Swabs that share a tube: what the laboratory says of the tube, and who is swabbed again.

Nobody of a positive tube gets a result of his own from it: each is swabbed again, alone, and that
sample is the one that is told.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import I32, I64, Bools
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S
from zhongshu.engines.world.days.testing import SINGLE, Samples

SPAN_S = 4 * HOUR_S  # tubes are handed over within four hours of their first swab (T-18)
ENTERED_S = 600  # after the swab, who it is of is on record
# Of the time from the last swab of a positive tube to the first result of somebody in it: when the
# tube's result is told, and when its members are swabbed again.
TOLD, AGAIN = 0.3, 0.5

SWAB = np.dtype(
    [
        ("tube", np.int64),
        ("person", np.int32),
        ("village", np.int32),  # where the point is
        ("swabbed_s", np.int64),
        ("entered_s", np.int64),
    ]
)
TUBE = np.dtype(
    [
        ("tube", np.int64),
        ("village", np.int32),
        ("swabs", np.int64),
        ("swabbed_s", np.int64),  # the first swab
        ("received_s", np.int64),
        ("reported_s", np.int64),
        ("positive", np.bool_),
    ]
)


@dataclasses.dataclass(frozen=True)
class Filled:
    """samples: of `testing.SAMPLE`, those of positive tubes swabbed again, alone.  swabs: `SWAB`,
    tubes: `TUBE`, where more than one shares; whoever came alone has an ordinary sample."""

    samples: Samples
    swabs: NDArray[np.void]
    tubes: NDArray[np.void]


def fill(rows: Samples, village: I32 | I64, *, most: int, first: int) -> Filled:
    """Puts samples taken on one day into tubes of up to `most`, at the point of `village` (n,), in
    the order in which people came.  first: number of the first tube."""
    block = rows["sampled_s"] % DAY_S // SPAN_S
    order = np.lexsort((rows["sampled_s"], block, village))
    rows, at = rows[order].copy(), village[order].astype(np.int64)
    of = _numbers(at, np.asarray(block[order], dtype=np.int64), most)
    count = int(of[-1]) + 1 if len(of) else 0
    last = _of_each(np.maximum, of, rows["sampled_s"], count)
    soonest = _of_each(np.minimum, of, rows["reported_s"], count)
    tubes = np.zeros(count, dtype=TUBE)
    tubes["tube"] = first + np.arange(count)
    tubes["village"][of] = at
    tubes["swabs"] = np.bincount(of, minlength=count)
    tubes["swabbed_s"] = _of_each(np.minimum, of, rows["sampled_s"], count)
    tubes["positive"][of[rows["positive"]]] = True
    wait = soonest - last
    tubes["received_s"] = last + (0.5 * TOLD * wait).astype(np.int64)
    told = last + (TOLD * wait).astype(np.int64)
    tubes["reported_s"] = np.where(tubes["positive"], told, soonest)
    swabs = np.zeros(len(rows), dtype=SWAB)
    swabs["tube"], swabs["person"], swabs["village"] = first + of, rows["person"], at
    swabs["swabbed_s"] = rows["sampled_s"]
    swabs["entered_s"] = rows["sampled_s"] + ENTERED_S
    shared: Bools = tubes["swabs"][of] > 1
    again: Bools = tubes["positive"][of] & shared
    rows["method"][again | ~shared] = SINGLE
    rows["sampled_s"][again] = (last + (AGAIN * wait).astype(np.int64))[of][again]
    rows["received_s"][again] = (rows["sampled_s"] + rows["reported_s"])[again] // 2
    return Filled(rows, swabs[shared], tubes[tubes["swabs"] > 1])


def _numbers(at: I64, block: I64, most: int) -> I64:
    """Tube of each row, from 0: a new one for each village, each span, and when one is full."""
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    fresh = np.ones(len(at), dtype=np.bool_)
    fresh[1:] = (at[1:] != at[:-1]) | (block[1:] != block[:-1])
    starts = np.flatnonzero(fresh)
    place = np.arange(len(at)) - np.repeat(starts, np.diff([*starts, len(at)]))
    return np.asarray(np.cumsum(fresh | (place % most == 0)) - 1, dtype=np.int64)


def _of_each(least_or_most: np.ufunc, of: I64, values: I64, count: int) -> I64:
    """(count,) of each tube; rows of a tube lie together."""
    if not count:
        return np.zeros(0, dtype=np.int64)
    found: I64 = least_or_most.reduceat(values, np.flatnonzero(np.diff(of, prepend=-1)))
    return found

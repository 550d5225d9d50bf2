"""Putting the lake in order: one call, under one lock, that can be repeated at any time."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.lake import retention, sealing, upkeep, visits
from zhongshu.lake.hot import wal
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake


@dataclasses.dataclass(frozen=True, slots=True)
class Compacted:
    """mended: days of which one copy was made anew.  folded: days whose log went into the seal.
    forgotten, forgotten_in_index: pseudonyms deleted, of whom there was no visit."""

    mended: tuple[dt.date, ...]
    folded: tuple[dt.date, ...]
    forgotten: int
    forgotten_in_index: int = 0


def compact(lake: Lake, hot: HotLake, *, wait: bool = False) -> Compacted:
    """Mend copies, forget persons without a visit, seal days that have a log from the truth.

    Temporary files of writers that were killed go when the lake is locked.  Refuses a day of
    which both copies are damaged, and, unless it is to wait, while the lake is being worked on.
    """
    with upkeep.doing(lake.root, "compacting", wait=wait):
        mended = visits.mend(lake.store)
        forgotten = retention.forget_nobodies(lake)
        folded = wal.days(hot.root)
        for day in folded:
            with lake.store.lock():
                sealing.seal_day(lake, hot, day)
        unlisted = retention.forget_in_index(lake, hot)
    return Compacted(tuple(mended), tuple(folded), forgotten, unlisted)

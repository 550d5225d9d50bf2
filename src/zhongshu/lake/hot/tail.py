"""Visits not sealed yet, in memory: what the log holds, as small segments a question can read.

Batches gather in `fresh`; a question builds one segment of them.  Beyond `FRESH_ROWS` they become
a segment for good, and segments of like size are made one (as in a log-structured merge tree,
O'Neil et al. 1996, doi:10.1007/s002360050048), up to `MERGED_ROWS`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np

from zhongshu.kernel.segments import Array, People, Segment
from zhongshu.lake.hot import build, people, wal
from zhongshu.lake.hot.build import Columns

FRESH_ROWS = 16_384
MERGED_ROWS = 2_000_000


@dataclasses.dataclass
class _Day:
    """Of one day: how far its log was read, batches not built yet, segments built."""

    read_to: int = 0
    fresh: list[Columns] = dataclasses.field(default_factory=list)
    built: list[Segment] = dataclasses.field(default_factory=list)
    last: Segment | None = None  # of `fresh`, until more comes

    @property
    def fresh_rows(self) -> int:
        return sum(map(len, self.fresh))


class Tail:
    """The unsealed rows of every day.  Not for several threads at once."""

    def __init__(self, folder: Path, known: People) -> None:
        self.folder = folder
        self.people = known
        self._days: dict[dt.date, _Day] = {}

    def refresh(self) -> None:
        """Take in what the logs hold beyond what was read; forget days sealed meanwhile."""
        logged = wal.days(self.folder)
        for day in set(self._days) - set(logged):
            del self._days[day]
        for day in logged:
            state = self._days.setdefault(day, _Day())
            path = wal.path_of(self.folder, day)
            if path.stat().st_size > state.read_to:
                batches, state.read_to = wal.read(path, state.read_to)
                for batch in batches:
                    self._add(day, state, batch)

    def append(self, day: dt.date, rows: Columns) -> None:
        """Log the batch, then take it in; `refresh` has just been called under the lock."""
        state = self._days.setdefault(day, _Day())
        path = wal.path_of(self.folder, day)
        state.read_to = wal.append(path, rows, at=state.read_to)
        self._add(day, state, rows)

    def rows_of(self, day: dt.date) -> list[Columns]:
        """Everything the log holds of a day."""
        path = wal.path_of(self.folder, day)
        return wal.read(path, 0)[0] if path.exists() else []

    def segments(self) -> list[Segment]:
        """What there is, by day."""
        found: list[Segment] = []
        for day in sorted(self._days):
            state = self._days[day]
            found += state.built
            if state.fresh and state.last is None:
                state.last = self._built(day, state.fresh)
            if state.last is not None:
                found.append(state.last)
        return found

    def settle(self) -> None:
        """Make segments of like size one.  Takes up to a second; for the quiet moments."""
        for day, state in self._days.items():
            while len(state.built) > 1:
                one, other = state.built[-2:]
                if one.rows > 2 * other.rows or one.rows + other.rows > MERGED_ROWS:
                    break
                pseudonym = np.concatenate([self.people.base, self.people.extra])
                parts = [build.rows_of(part, pseudonym) for part in (one, other)]
                state.built[-2:] = [self._built(day, parts)]

    def _add(self, day: dt.date, state: _Day, rows: Columns) -> None:
        state.fresh.append(rows)
        state.last = None
        if state.fresh_rows >= FRESH_ROWS:
            state.built.append(self._built(day, state.fresh))
            state.fresh = []

    def _built(self, day: dt.date, parts: list[Columns]) -> Segment:
        rows = build.joined(parts)
        dense = self._dense(rows.person).astype(np.int32)
        return build.segment(day, rows, dense=dense, people=len(self.people))

    def _dense(self, pseudonyms: Array) -> Array:
        dense = self.people.dense(pseudonyms)
        new = dense < 0
        if new.any():
            known = self.people
            extra = np.concatenate([known.extra, np.unique(pseudonyms[new])])
            self.people = people.people(known.base, known.starts, extra)
            dense = self.people.dense(pseudonyms)
        return dense

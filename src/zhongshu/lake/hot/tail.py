"""Visits not sealed yet, in memory: what the logs hold, as small segments a question can read.

Batches gather in `fresh`, of which there is always one segment.  Beyond `FRESH_ROWS` it stays for
good, and segments of like size are made one (as in a log-structured merge tree, O'Neil et al.
1996, doi:10.1007/s002360050048), up to `MERGED_ROWS`.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import mmap
from pathlib import Path

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array, People, Segment
from zhongshu.lake.hot import build, people, wal
from zhongshu.lake.hot.build import Columns, Rows

FRESH_ROWS = 16_384
MERGED_ROWS = 2_000_000


@dataclasses.dataclass
class _Day:
    """Of one day: which log was read how far, and what became of it.

    hold: maps the log's beginning, so that its inode is not given to another log while we
    compare by it.  last: the segment of `fresh`.  damage: why nobody is answered from it.
    """

    inode: int
    hold: mmap.mmap
    read_to: int = 0
    rows: int = 0
    damage: BadInput | None = None
    known_to_s: int = 0
    fresh: list[Rows] = dataclasses.field(default_factory=list)
    built: list[Segment] = dataclasses.field(default_factory=list)
    last: Segment | None = None


@dataclasses.dataclass(frozen=True)
class Merge:
    """Two segments of a day that should be one, and how many people they may name."""

    day: dt.date
    parts: tuple[Segment, Segment]
    people: int

    def done(self) -> Segment:
        """The one segment; takes a tenth of a second for `MERGED_ROWS`."""
        begin_s, known_to = self.parts[0].begin_s, max(part.known_to_s for part in self.parts)
        rows = build.stacked([build.unpacked(part) for part in self.parts])
        return build.packed(rows, begin_s=begin_s, known_to_s=known_to, people=self.people)


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
            self._read(day)

    def extent(self, day: dt.date) -> tuple[int, int]:
        """(end of the last whole record of a day's log, rows until there), as of the last
        `refresh`.  Refuses a damaged log."""
        state = self._days.get(day)
        if state is None:
            return 0, 0
        if state.damage:
            raise state.damage
        return state.read_to, state.rows

    def damaged(self) -> list[dt.date]:
        """Days whose log is damaged, as of the last `refresh`."""
        return sorted(day for day, state in self._days.items() if state.damage)

    def rows_of(self, day: dt.date) -> list[Columns]:
        """Everything the log holds of a day, read anew.  Refuses a damaged log."""
        log = wal.opened(wal.path_of(self.folder, day))
        if log is None:
            return []
        found = log.read(0)
        if found.damage:
            raise found.damage
        return found.batches

    def segments(self) -> list[Segment]:
        """What there is, by day.  Refuses while one log is damaged."""
        found: list[Segment] = []
        for day in sorted(self._days):
            state = self._days[day]
            if state.damage:
                raise state.damage
            found += [*state.built, *([state.last] if state.last else [])]
        return found

    def renumber(self, known: People) -> None:
        """Take over the persisted people, who are more than before: those met here first may
        have another id now."""
        before = self.people
        self.people = known
        new = self._dense(before.extra)
        first = len(before.base)
        for day, state in self._days.items():
            state.fresh = [_renumbered(rows, first, new) for rows in state.fresh]
            state.built = [self._again(part, first, new) for part in state.built]
            self._build_last(day, state)

    def merge(self) -> Merge | None:
        """Two segments of like size, if there are."""
        for day, state in self._days.items():
            for parts in zip(state.built, state.built[1:], strict=False):
                one, other = parts
                if one.rows <= 2 * other.rows and one.rows + other.rows <= MERGED_ROWS:
                    return Merge(day, parts, len(self.people))
        return None

    def put(self, merge: Merge, whole: Segment) -> None:
        """Let `whole` take the place of its parts, if they are still here."""
        state = self._days.get(merge.day)
        built = state.built if state else []
        at = next((n for n, part in enumerate(built) if part is merge.parts[0]), None)
        if at is not None and built[at + 1 : at + 2] and built[at + 1] is merge.parts[1]:
            built[at : at + 2] = [whole]

    def _read(self, day: dt.date) -> None:
        state = self._days.get(day)
        path = wal.path_of(self.folder, day)
        if state is not None and wal.extent(path) == (state.inode, state.read_to):
            return
        log = wal.opened(path)
        if log is None:
            self._days.pop(day, None)
            return
        if state is None or state.inode != log.inode:
            state = self._days[day] = _Day(log.inode, log.hold)
        state.damage = None
        if log.bytes < state.read_to:
            state.damage = wal.damaged(path, f"of {state.read_to} bytes {log.bytes} are left")
        if log.bytes > state.read_to:
            batches, state.read_to, state.damage = log.read(state.read_to)
            for batch in batches:
                self._add(day, state, batch)
            if batches:
                self._build_last(day, state)

    def _add(self, day: dt.date, state: _Day, batch: Columns) -> None:
        begin_s = build.begin_s(day)
        state.known_to_s = max(state.known_to_s, int(batch.recorded_at.max(initial=0)))
        state.rows += len(batch)
        state.fresh.append(build.rows_in(batch, begin_s, self._dense(batch.person)))
        if sum(len(rows.person) for rows in state.fresh) >= FRESH_ROWS:
            self._build_last(day, state)
            assert state.last is not None
            state.built.append(state.last)
            state.fresh, state.last = [], None

    def _build_last(self, day: dt.date, state: _Day) -> None:
        state.last = None
        if state.fresh:
            rows = build.stacked(state.fresh)
            state.fresh = [rows]
            state.last = build.packed(
                rows,
                begin_s=build.begin_s(day),
                known_to_s=state.known_to_s,
                people=len(self.people),
            )

    def _again(self, part: Segment, first: int, new: Array) -> Segment:
        rows = build.unpacked(part)
        if len(new) == 0 or int(rows.person.max(initial=0)) < first:
            return part
        return build.packed(
            _renumbered(rows, first, new),
            begin_s=part.begin_s,
            known_to_s=part.known_to_s,
            people=len(self.people),
        )

    def _dense(self, pseudonyms: Array) -> Array:
        """Ids of the pseudonyms; those never met get the next ones."""
        dense = self.people.dense(pseudonyms)
        new = dense < 0
        if new.any():
            self.people = people.with_late(self.people, np.unique(pseudonyms[new]))
            dense = self.people.dense(pseudonyms)
        return dense.astype(np.int32)


def _renumbered(rows: Rows, first: int, new: Array) -> Rows:
    """Persons from `first` on have the ids `new` now."""
    late = rows.person >= first
    person = rows.person.copy()
    person[late] = new[rows.person[late] - first]
    return rows._replace(person=person)

"""The hot index as its callers see it: seal days, append today's visits, take a snapshot."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import operator
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array, People, Segment, Snapshot
from zhongshu.lake import disk
from zhongshu.lake.hot import build, copying, files, people, sorting, wal
from zhongshu.lake.hot.build import Columns
from zhongshu.lake.hot.tail import Tail

_LOOKED_UP = 1 << 22  # pseudonyms at a time: looking up takes memory for each


@dataclasses.dataclass(frozen=True, slots=True)
class DayStats:
    """What the index holds of a day.

    bytes: of the sealed file and the log.  origin: what the seal was made of, as told to `seal`;
    None without one.  known_to: the latest recorded-at among the rows.
    """

    day: dt.date
    sealed_rows: int
    tail_rows: int
    bytes: int
    known_to: dt.datetime
    origin: str | None

    @property
    def rows(self) -> int:
        return self.sealed_rows + self.tail_rows


class HotLake:
    """Visits under `root` (``var/lake/hot``), by place and by person.

    ``day=YYYY-MM-DD.seg`` sealed days, ``day=YYYY-MM-DD.wal`` what came since, ``people*.bin``
    pseudonyms by dense id.  It holds what is known now: a question as known earlier is for the
    Parquet files.  One writer at a time, also between processes; readers need no lock.
    """

    def __init__(self, root: Path, *, check: bool = True) -> None:
        """check: compare a file with its checksums when it is first met, by this process or, as
        long as it did not change, by any (a second a gigabyte); else only header and length."""
        self.root = root
        self._check = check
        self._sound = files.Sound(root)
        self._open: dict[dt.date, tuple[files.Mark, Segment]] = {}
        self._guard = threading.RLock()  # of what follows
        self._tidying: threading.Thread | None = None
        self._last: Snapshot | None = None
        self._start()

    def seal(self, visits: pa.Table, *, replace: bool = False, origin: str = "") -> list[dt.date]:
        """Write the days of `visits` (schema.VISITS) as segments; the days.

        What a day held already, sealed or logged, stays in it; with `replace` it does not: the
        rows given are all of that day.  `origin` names what the rows are a copy of (the checksum
        of the truth file); `HotLake.origin` tells it again.  Each day is put in place in one step;
        refused when the disk is full, and the day is then as before.
        """
        given = build.columns(visits)
        done = []
        with self._lock():
            for day, rows in build.days(given):
                parts = [rows] if replace else [rows, *self._held(day)]
                self._write(day, build.joined(parts) if len(parts) > 1 else rows, origin)
                done.append(day)
        return done

    def seal_copy(self, day: dt.date, copy: copying.Copy, person: Array, *, origin: str) -> None:
        """Write a day from the truth's file, which is all of that day.

        person: pseudonym of each of `copy.numbers`.  As `seal` otherwise.
        """
        with self._lock():
            known, ids = self._entered(person)
            dense = np.zeros(int(copy.numbers.max(initial=-1)) + 1, np.int32)
            dense[copy.numbers] = ids
            self._put(day, copying.segment(copy, dense, people=len(known)), origin)

    def compact(self, day: dt.date) -> None:
        """Seal a day with what its log holds.  It is then no copy of anything: no origin."""
        with self._lock():
            parts = self._held(day)
            if parts:
                self._write(day, build.joined(parts), "")

    def append(self, visits: pa.Table) -> int:
        """Log visits of any day; when this returns they are on disk and the next snapshot has
        them.  The number of rows.  Refuses when the log of one of the days is damaged."""
        given = build.columns(visits)
        with self._lock():
            parts = list(build.days(given))
            with self._guard:
                self._refresh()
                ends = [self._tail.extent(day)[0] for day, _ in parts]
            for (day, rows), end in zip(parts, ends, strict=True):
                wal.append(wal.path_of(self.root, day), rows, at=end)
        with self._guard:
            self._refresh()
        return len(given)

    def settle(self) -> None:
        """Make small segments of the tail one until none are of like size.

        It goes on by itself in a thread; a question need not wait for it.
        """
        while True:
            with self._guard:
                merge, tail = self._tail.merge(), self._tail
            if merge is None:
                return
            whole = merge.done()
            with self._guard:
                if self._tail is tail:
                    tail.put(merge, whole)

    def fetch(self) -> None:
        """Ask for the sealed days to be read into memory; returns at once.

        For a process that will be asked about many cases, on a machine that holds the index:
        otherwise a question reads the pages it touches, one by one.
        """
        files.fetch(self._path(day) for day in self.days())

    def drop(self, day: dt.date) -> None:
        """Forget a day, damaged or not, sealed or logged."""
        with self._lock():
            sealed, log = self._path(day), wal.path_of(self.root, day)
            if not sealed.exists() and not log.exists():
                raise BadInput("lake.no_such_day", f"The hot index has no {day}.", day=str(day))
            sealed.unlink(missing_ok=True)
            log.unlink(missing_ok=True)
            disk.sync(self.root)
        with self._guard:
            self._refresh()

    def days(self) -> list[dt.date]:
        """The sealed days, in order."""
        names = [path.stem.removeprefix("day=") for path in self.root.glob("day=*.seg")]
        return sorted(dt.date.fromisoformat(name) for name in names)

    def origin(self, day: dt.date) -> str | None:
        """What the sealed day is a copy of, as told to `seal`; None if it is not sealed.

        Refuses a file whose header is damaged.
        """
        path = self._path(day)
        return str(files.header(path).get("origin", "")) if path.exists() else None

    def logged(self, day: dt.date) -> tuple[int, int]:
        """(bytes, rows) the log of a day holds.  Refuses a damaged log."""
        if not wal.path_of(self.root, day).exists():
            return 0, 0
        with self._guard:
            self._refresh()
            return self._tail.extent(day)

    def nobodies(self) -> int:
        """How many pseudonyms the index holds of whom it has no row.  Refuses a damaged file."""
        count = self._nobodies()
        if count:  # perhaps a day was just being sealed
            with self._lock():
                count = self._nobodies()
        return count

    def forget_nobodies(self) -> int:
        """Delete the pseudonyms of whom there is no row; how many.  Refuses a damaged file.

        Ids stay: whoever comes again gets another one.
        """
        with self._lock():
            count = people.forget(self.root, self._seen())
        with self._guard:
            self._refresh()
        return count

    def _nobodies(self) -> int:
        return people.left(self.root, self._seen())

    def _seen(self) -> Array:
        """Truth value by persisted id: whether a seal or a log has a row of the person."""
        known = people.read(self.root, check=False)
        seen = np.zeros(len(known.base), np.bool_)
        with self._guard:
            self._refresh()
            parts = [self._segment(day) for day in self.days()]
        for part in parts:
            sorting.mark_persons(part.person_offsets, part.person_rows, seen)
        for day in wal.days(self.root):
            for batch in self._tail.rows_of(day):
                dense = known.dense(batch.person)
                seen[dense[dense >= 0]] = True
        return seen

    def damaged_logs(self) -> list[dt.date]:
        """Days whose log cannot be answered from; sealing them with `replace` heals them."""
        with self._guard:
            self._refresh()
            return self._tail.damaged()

    def stats(self) -> list[DayStats]:
        """Every day with rows, sealed or logged, in order."""
        snapshot = self.snapshot()
        sealed = set(self.days())
        return [self._stats(day, snapshot, sealed) for day in sorted(sealed | self._logged())]

    def _logged(self) -> set[dt.date]:
        return set(wal.days(self.root))

    def _stats(self, day: dt.date, snapshot: Snapshot, sealed: set[dt.date]) -> DayStats:
        parts = [part for part in snapshot.segments if part.begin_s == build.begin_s(day)]
        paths = [path for path in (self._path(day), wal.path_of(self.root, day)) if path.exists()]
        held = self._segment(day).rows if day in sealed else 0
        return DayStats(
            day=day,
            sealed_rows=held,
            tail_rows=sum(part.rows for part in parts) - held,
            bytes=sum(path.stat().st_size for path in paths),
            known_to=dt.datetime.fromtimestamp(
                max((p.known_to_s for p in parts), default=0), dt.UTC
            ),
            origin=self.origin(day),
        )

    def snapshot(self) -> Snapshot:
        """Everything known now; it does not change while a question reads it.

        The same object as before if nothing came.  Refuses a damaged file by name.
        """
        with self._guard:
            while True:  # again, if a day was sealed with new people while this looked
                self._refresh()
                sealed = [self._segment(day) for day in self.days()]
                every = sorted([*sealed, *self._tail.segments()], key=lambda part: part.begin_s)
                if self._people_now() == self._people_mark:
                    return self._kept(Snapshot(tuple(every), self._tail.people))

    def _kept(self, new: Snapshot) -> Snapshot:
        old = self._last
        same = (
            old is not None
            and old.people is new.people
            and len(old.segments) == len(new.segments)
            and all(map(operator.is_, old.segments, new.segments))
        )
        if old is None or not same:
            self._last = old = new
        return old

    def verify(self) -> list[BadInput]:
        """Read everything again; the damage found, empty when all is well.

        What was found sound and damaged without anybody writing to it (a failing disk) is told
        only here.
        """
        found = []
        for day in self.days():
            try:
                files.read(self._path(day))
            except BadInput as refusal:
                self._sound.forget(self._path(day))
                found.append(refusal)
        for day in wal.days(self.root):
            try:
                self._tail.rows_of(day)
            except BadInput as refusal:
                found.append(refusal)
        try:
            people.read(self.root)
        except BadInput as refusal:
            self._sound.forget(people.path_of(self.root))
            found.append(refusal)
        return found

    def _path(self, day: dt.date) -> Path:
        return self.root / f"day={day.isoformat()}.seg"

    def _segment(self, day: dt.date) -> Segment:
        path = self._path(day)
        mark = files.Mark.of(path)
        had = self._open.get(day)
        if had is None or had[0] != mark:
            check = self._check and not self._sound.knows(path, mark)
            had = self._open[day] = (mark, files.read(path, check=check))
            if check:
                self._sound.add(path, mark)
        return had[1]

    def _held(self, day: dt.date) -> list[Columns]:
        """What is sealed and logged of a day."""
        sealed = []
        if self._path(day).exists():
            known = people.read(self.root, check=False)
            with self._guard:
                sealed = [build.rows_of(self._segment(day), known.base)]
        return sealed + self._tail.rows_of(day)

    def _write(self, day: dt.date, rows: Columns, origin: str) -> None:
        each, codes = sorting.distinct(rows.person)
        known, dense = self._entered(each)
        start = build.begin_s(day)
        part = build.packed(
            build.rows_in(rows, start, dense[codes]),
            begin_s=start,
            known_to_s=int(rows.recorded_at.max(initial=0)),
            people=len(known),
            threads=2,
        )
        self._put(day, part, origin)

    def _entered(self, each: Array) -> tuple[People, Array]:
        """(everybody, those of `each`, distinct, entered; the dense id of each, int32)."""
        known = people.read(self.root, check=False)
        dense = np.empty(len(each), np.int32)
        for at in range(0, len(each), _LOOKED_UP):
            dense[at : at + _LOOKED_UP] = known.dense(each[at : at + _LOOKED_UP])
        new = np.flatnonzero(dense < 0)
        new = new[np.argsort(each[new])]
        dense[new] = len(known) + np.arange(len(new))
        return people.enter(self.root, known, each[new]), dense

    def _put(self, day: dt.date, part: Segment, origin: str) -> None:
        files.write(self._path(day), day, part, origin=origin)
        wal.path_of(self.root, day).unlink(missing_ok=True)
        disk.sync(self.root)
        with self._guard:
            self._sound.add(self._path(day), files.Mark.of(self._path(day)))
            self._refresh()

    def _start(self) -> None:
        """Begin anew with what is on disk."""
        self._people_mark = self._people_now()
        self._runs = people.listed(self.root)
        sound = self._sound if self._check else None
        self._tail = Tail(self.root, people.read(self.root, check=self._check, sound=sound))

    def _refresh(self) -> None:
        if self._people_now() != self._people_mark:
            self._more_people()
        self._tail.refresh()
        if self._tail.merge() and not (self._tidying and self._tidying.is_alive()):
            self._tidying = threading.Thread(target=self.settle, name="hot tail", daemon=True)
            self._tidying.start()

    def _more_people(self) -> None:
        """A day was sealed with people nobody knew; or another index took the place of this."""
        before = self._runs
        if people.listed(self.root)[: len(before)] != before:
            self._start()
            return
        self._people_mark = self._people_now()
        self._runs = people.listed(self.root)
        self._tail.renumber(people.read(self.root, check=False))

    def _people_now(self) -> files.Mark | None:
        path = self.root / people.LIST
        return files.Mark.of(path) if path.exists() else None

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

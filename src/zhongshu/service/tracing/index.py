"""The hot index of this process: opened once, asked by every thread.

What a tracer is prepared from is kept by its edition: rules, places, households and pseudonyms
are read again only when they changed; a newer snapshot costs less than a millisecond.
"""

from __future__ import annotations

import collections
import contextlib
import dataclasses
import datetime as dt
import json
import threading
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import TypeVar

import pyarrow as pa

from zhongshu.engines.tracing import fast, model
from zhongshu.engines.tracing.fast_homes import Homes
from zhongshu.kernel.errors import Refused
from zhongshu.kernel.segments import Snapshot
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.hot import wal
from zhongshu.lake.hot.build import begin_s
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.store import Written
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.tracing import tail

T = TypeVar("T")
HOT = "hot"  # folder of the index under the lake's root
_TRACERS = 8  # a pack by day and question in use at one time, and some to spare
_THREADS = 2
_APPENDED = 1_000_000  # rows; what comes in bulk is sealed, not logged


@dataclasses.dataclass(frozen=True)
class Span:
    """Beijing days `first`..`last`."""

    first: dt.date
    last: dt.date

    def __iter__(self) -> Iterator[dt.date]:
        for n in range((self.last - self.first).days + 1):
            yield self.first + dt.timedelta(days=n)


@dataclasses.dataclass(frozen=True)
class People:
    """What tracing knows of persons: who lived together on the days asked about, and which
    pseudonyms are one person."""

    households: pa.Table
    homes: Homes
    aliases: pa.Table


class Index:
    """One lake's hot index in this process; for several threads."""

    def __init__(self, root: Path) -> None:
        self.lake = Lake(root)
        self._lock = threading.RLock()
        self._writing = threading.RLock()  # sealing takes seconds; questions do not wait for it
        self._hot: HotLake | None = None
        self._kept: dict[str, tuple[Hashable, object]] = {}
        self._tracers: collections.OrderedDict[Hashable, fast.Tracer] = collections.OrderedDict()

    @property
    def hot(self) -> HotLake:
        """Refuses a damaged list of persons."""
        with self._lock:
            if self._hot is None:
                self._hot = HotLake(self.lake.root / HOT)
            return self._hot

    def snapshot(self) -> Snapshot:
        return self.hot.snapshot()

    def stale(self, span: Span, as_of: dt.datetime) -> list[dt.date]:
        """Days of which a question as of `as_of` would miss what the truth holds."""
        return [day for day in span if not tail.whole(self.lake, self.hot, day, as_of)]

    def behind(self, span: Span, as_of: dt.datetime) -> list[dt.date]:
        """Days that are stale still, once those that only lack what has become known since were
        given it; waits for nobody."""
        days = self.stale(span, as_of)
        if days and self._writing.acquire(blocking=False):
            try:
                for day in days:
                    with contextlib.suppress(Refused):
                        tail.catch_up(self.lake, self.hot, day, as_of)
            finally:
                self._writing.release()
            return self.stale(span, as_of)
        return days

    def seal(
        self, span: Span, as_of: dt.datetime, *, most_rows: int | None = None, wait: bool = True
    ) -> None:
        """Make the stale days what the truth knows at `as_of`, those that know more, too, and
        the logs of days that are over; waits for other upkeep of the lake, or refuses
        (lake.busy).

        For a moment that is now: a seal for an earlier one would take from everybody else.
        """
        with self._writing:
            known_to, damaged = self._known_to()
            logged, today = set(wal.days(self.hot.root)), beijing_day(as_of)
            for day in span:
                if most_rows is not None and tail.rows_of(self.lake, day) > most_rows:
                    continue
                later = known_to.get(begin_s(day), 0) > as_of.timestamp()
                over = day < today and day in logged
                if (
                    later
                    or over
                    or f"day={day}" in damaged
                    or not tail.whole(self.lake, self.hot, day, as_of)
                ):
                    tail.seal(self.lake, self.hot, day, as_of, wait=wait)

    def _known_to(self) -> tuple[dict[int, int], set[str]]:
        """When the newest row of each day was recorded, and the names of damaged days."""
        try:
            parts = self.snapshot().segments
        except Refused:
            return {}, {Path(str(found.facts["path"])).stem for found in self.hot.verify()}
        return {part.begin_s: part.known_to_s for part in parts}, set()

    def land(self, rows: pa.Table, now: dt.datetime) -> Written:
        """Take visits (schema.VISITS) into the truth, and into the index, where questions see
        them as soon as this returns.

        The truth stands whatever becomes of the index: a day it does not take is sealed later.
        """
        since = tail.before(self.lake, rows)
        written = self.lake.write_visits(rows)
        if written.new and rows.num_rows <= _APPENDED:
            with contextlib.suppress(Refused), self._writing:
                since = dataclasses.replace(since, new=written.new)
                tail.append(self.lake, self.hot, rows, since, now=now)
        return written

    def tracer(self, rules: model.TraceRules, span: Span) -> fast.Tracer:
        """Ready to answer about all that is known now; homes are those of `span`."""
        snapshot = self.snapshot()
        words = json.dumps(rules.as_json(), sort_keys=True)
        key = (words, self._places_mark(), people.edition(), span)
        with self._lock:
            made = self._tracers.get(key)
            if made is None:
                made = self._prepared(snapshot, rules, span)
                self._tracers[key] = made
                while len(self._tracers) > _TRACERS:
                    self._tracers.popitem(last=False)
            self._tracers.move_to_end(key)
        return made.at(snapshot)

    def places(self) -> pa.Table:
        """The lake's places."""
        return self._once("places", self._places_mark(), self.lake.places)

    def people(self, span: Span) -> People:
        """Everybody's, whatever the asker's rights: a contact is one wherever he lives."""
        return self._once("people", (people.edition(), span), lambda: _people(span))

    def _prepared(self, snapshot: Snapshot, rules: model.TraceRules, span: Span) -> fast.Tracer:
        known = self.people(span)
        return fast.prepare(
            snapshot,
            places=self.places(),
            households=known.homes,
            rules=rules,
            aliases=known.aliases,
            threads=_THREADS,
        )

    def _places_mark(self) -> Hashable:
        path = self.lake.root / "dims" / "places.parquet"
        if not path.exists():
            return None
        stat = path.stat()
        return stat.st_ino, stat.st_size, stat.st_mtime_ns

    def _once(self, name: str, edition: Hashable, read: Callable[[], T]) -> T:
        with self._lock:
            kept = self._kept.get(name)
            if kept is None or kept[0] != edition:
                kept = self._kept[name] = (edition, read())
            return kept[1]  # type: ignore[return-value]


def _people(span: Span) -> People:
    with rowsecurity.unscoped():
        households = people.memberships(span.first, span.last)
        aliases = people.aliases()
    return People(households, Homes.of(households), aliases)


_INDEXES: dict[Path, Index] = {}
_OPENING = threading.Lock()


def of(root: Path) -> Index:
    """This process's index over the lake at `root`."""
    with _OPENING:
        if root not in _INDEXES:
            _INDEXES[root] = Index(root)
        return _INDEXES[root]

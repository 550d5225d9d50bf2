"""The lake as the engines' callers see it: write rows, read what was known at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.visitfiles import Offset, VisitFiles
from zhongshu.lake import clocks, manifest, places, visits
from zhongshu.lake import persons as persons_of
from zhongshu.lake.schema import SECONDS, LakeTable
from zhongshu.lake.store import (
    BEIJING_OFFSET_S,
    DAY,
    DAY_S,
    TABLES,
    Store,
    Written,
    day_file,
    day_of,
)
from zhongshu.lake.store import begin as begin_of


class Lake:
    """Evidence under `root` (``var/lake``).  Persons are pseudonyms, places lake keys.

    Readers take `known_at`, an aware instant: the newest version of each fact known then.  Left
    out, the newest version of all.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = Store(root)

    # writing -----------------------------------------------------------------------------

    def write_visits(self, table: pa.Table) -> Written:
        """Rows of `schema.VISITS`, times as sent."""
        return visits.write(self.store, table)

    def write_clocks(self, table: pa.Table) -> Written:
        """Rows of `clocks.CLOCKS`; a source's offset holds until its next one, zero ends it."""
        return clocks.write(self.store, table)

    def write_tests(self, table: pa.Table) -> Written:
        """Rows of `schema.TESTS`."""
        return self.store.write("tests", table)

    def write_tubes(self, table: pa.Table) -> Written:
        """Rows of `schema.TUBES`."""
        return self.store.write("tubes", table)

    def write_tube_results(self, table: pa.Table) -> Written:
        """Rows of `schema.TUBE_RESULTS`."""
        return self.store.write("tube_results", table)

    def write_counts(self, table: pa.Table) -> Written:
        """Rows of `schema.COUNTS`."""
        return self.store.write("counts", table)

    def write_arrivals(self, table: pa.Table) -> Written:
        """Rows of `schema.ARRIVALS`."""
        return self.store.write("arrivals", table)

    def write_places(self, table: pa.Table) -> Written:
        """Rows of `schema.PLACES` without `place`; the lake gives and keeps the keys.

        The whole of a sub-place is named by its sender's id in `parent_id`; see `places.write`.
        """
        return places.write(self.store, table)

    def place_keys(self, place_ids: pa.Array) -> tuple[pa.Array, pa.Array]:
        """Lake key (int32) of each sender's place id, and whether a feed has described it.

        Those that none has are entered with kind ``unknown``: people who met there still met.
        """
        return places.keys(self.store, place_ids)

    # reading -----------------------------------------------------------------------------

    def visits(
        self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None
    ) -> pa.Table:
        """Visits that began on the Beijing days `first`..`last`, sorted by (place, time_in)
        within each day.  Times are true: the offset of the source's clock is taken off."""
        known = _moment(known_at)
        return self._true(
            first, last, lambda begin, end: visits.read(self.store, begin, end, known)
        )

    def person_visits(
        self,
        persons: Sequence[int] | pa.Array,
        first: dt.date,
        last: dt.date,
        known_at: dt.datetime | None = None,
    ) -> pa.Table:
        """The visits of these pseudonyms, as `visits` gives them, sorted by (person, time_in)."""
        wanted = pa.array(persons, pa.int64()).unique()
        known = _moment(known_at)
        found = self._true(
            first,
            last,
            lambda begin, end: visits.of_persons(self.store, wanted, begin, end, known),
        )
        return found.sort_by([("person", "ascending"), ("time_in", "ascending")])

    def clocks(self) -> pa.Table:
        """`clocks.CLOCKS`, by source and time."""
        return clocks.read(self.store)

    def offsets(self, first: dt.date, last: dt.date) -> tuple[Offset, ...]:
        """Offsets of clocks that can matter to visits of these days."""
        spans = clocks.offsets(self.clocks())
        return clocks.touching(spans, begin_of(first), begin_of(last + DAY))

    def visit_paths(self, first: dt.date, last: dt.date) -> list[Path]:
        """Sound files of these days by place, packed (`kernel.visitfiles.PACKED`)."""
        return visits.paths(self.store, first, last)

    def visit_files(
        self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None
    ) -> VisitFiles:
        """What `visits` gives, for engines that read Parquet themselves."""
        spans = self.offsets(first, last)
        around = DAY if spans else dt.timedelta()
        return VisitFiles(
            paths=tuple(visits.paths(self.store, first - around, last + around)),
            persons=persons_of.read(self.store),
            offsets=spans,
            begin=begin_of(first),
            end=begin_of(last + DAY),
            known_at=known_at,
        )

    def tests(self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None) -> pa.Table:
        """Tests sampled on these days."""
        return self._read("tests", self._days("tests", first, last), known_at)

    def swabs(self, tubes: Collection[str], first: dt.date, last: dt.date) -> pa.Table:
        """Who gave a swab to these tubes on these days, by the newest version: `schema.TUBES`."""
        paths = self._days("tubes", first, last)
        return self._read("tubes", paths, None, pc.field("tube").isin(list(tubes)))

    def tube_results(self, tubes: Collection[str], first: dt.date, last: dt.date) -> pa.Table:
        """The newest result of each of these tubes, first swabbed on these days."""
        paths = self._days("tube_results", first, last)
        return self._read("tube_results", paths, None, pc.field("tube").isin(list(tubes)))

    def person_tests(self, persons: Collection[int], first: dt.date, last: dt.date) -> pa.Table:
        """Tests of these pseudonyms sampled on these days, by the newest version."""
        paths = self._days("tests", first, last)
        return self._read("tests", paths, None, pc.field("person").isin(list(persons)))

    def arrivals(
        self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None
    ) -> pa.Table:
        """Arrivals on these days."""
        return self._read("arrivals", self._days("arrivals", first, last), known_at)

    def counts(self, known_at: dt.datetime | None = None) -> pa.Table:
        """Sentinel counts of all streams, one row per (stream, site, day)."""
        return self._read("counts", self.store.paths("counts"), known_at)

    def count_versions(self, known_at: dt.datetime) -> pa.Table:
        """Every version of the sentinel counts known by then: a report and its corrections."""
        paths = self.store.paths("counts")
        like = TABLES["counts"]
        if not paths:
            return like.schema.empty_table()
        stored = ds.dataset([str(path) for path in paths], schema=like.stored, format="parquet")
        moment = pa.scalar(_moment(known_at), pa.int64()).cast(SECONDS)
        return stored.to_table(columns=like.schema.names, filter=pc.field(like.known) <= moment)

    def places(self) -> pa.Table:
        """All places, by key."""
        return places.read(self.store)

    def days(self, name: str) -> list[dt.date]:
        """Days for which the table holds a file, in order; the files are not read."""
        there = map(day_of, manifest.read(self.root / name)) if TABLES[name].daily else []
        return sorted(day for day in there if day is not None)

    def verify(self) -> list[BadInput]:
        """Every damaged file, by name, and days whose two copies differ; empty when all is well."""
        return [*self.store.verify(), *visits.verify(self.store)]

    def drop(self, name: str, file: str) -> None:
        """Forget one damaged file; take the feeds of that day again afterwards.

        Of visits, the day's copy in the other order goes with it.
        """
        day = day_of(file) if name == visits.FOLDER else None
        there = manifest.read(self.root / name)
        both = [other for other in visits.files_of(day) if other in there] if day else []
        self.store.drop(name, *(both or [file]))

    def _true(
        self, first: dt.date, last: dt.date, sent: Callable[[dt.date, dt.date], pa.Table]
    ) -> pa.Table:
        """What truly began on these days, of what was sent by clocks that may be off."""
        spans = self.offsets(first, last)
        if not spans:
            return sent(first, last)
        rows = clocks.corrected(sent(first - DAY, last + DAY), spans)
        begin, end = (pa.scalar(begin_of(day), SECONDS) for day in (first, last + DAY))
        time_in = rows["time_in"]
        rows = rows.filter(pc.and_(pc.greater_equal(time_in, begin), pc.less(time_in, end)))
        local = pc.add(rows["time_in"].cast(pa.int64()), BEIJING_OFFSET_S)
        day = pc.divide(local, DAY_S)  # counted from 1970, never negative
        order = [(name, "ascending") for name in ("_day", "place", "time_in", "person")]
        return rows.append_column("_day", day).sort_by(order).drop_columns(["_day"])

    def _days(self, name: str, first: dt.date, last: dt.date) -> list[Path]:
        count = (last - first).days + 1
        wanted = [day_file(first + dt.timedelta(days=n)) for n in range(max(count, 0))]
        return self.store.paths(name, wanted)

    def _read(
        self,
        name: str,
        paths: list[Path],
        known_at: dt.datetime | None,
        only: pc.Expression | None = None,
    ) -> pa.Table:
        like = TABLES[name]
        if not paths:
            return like.schema.empty_table()
        stored = ds.dataset([str(path) for path in paths], schema=like.stored, format="parquet")
        known = known_filter(like, known_at)
        return stored.to_table(
            columns=like.schema.names, filter=known if only is None else known & only
        )


def known_filter(like: LakeTable, known_at: dt.datetime | None) -> pc.Expression:
    """The rows that were the newest known version at `known_at` (None: now)."""
    superseded = pc.field("superseded_at")
    if known_at is None:
        return superseded.is_null()
    moment = pa.scalar(_moment(known_at), pa.int64()).cast(SECONDS)
    return (pc.field(like.known) <= moment) & (superseded.is_null() | (superseded > moment))


def _moment(known_at: dt.datetime | None) -> int | None:
    """Seconds since 1970; refuses an instant without a time zone."""
    if known_at is None:
        return None
    if known_at.tzinfo is None:
        raise BadInput("time.naive", f"{known_at.isoformat()} has no time zone; add one.")
    return int(known_at.timestamp() // 1)

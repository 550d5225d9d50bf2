"""What a trace looked at in the lake, so that a later one can tell what became another."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.tracing import model
from zhongshu.kernel.runcard import table_hash
from zhongshu.lake import clocks, receipts, sealing
from zhongshu.lake.lake import Lake
from zhongshu.lake.store import DAY
from zhongshu.service.tracing import changes
from zhongshu.service.tracing.changes import Figures
from zhongshu.service.tracing.index import Span


@dataclasses.dataclass(frozen=True, slots=True)
class Day:
    """origin: of the day's truth.  mark: `changes.mark` of the scans known at the trace.  known_to:
    when the newest row of the file was recorded, seconds since 1970."""

    origin: str
    mark: str
    known_to: int


@dataclasses.dataclass(frozen=True)
class Basis:
    """See `models.Basis`; days by ISO date."""

    as_of: dt.datetime
    days: Mapping[str, Day]
    places_to: int
    places: str
    alias_event: int
    clocks: str

    @property
    def as_of_s(self) -> int:
        return int(self.as_of.timestamp())


def take(
    lake: Lake,
    span: Span,
    as_of: dt.datetime,
    *,
    places: pa.Table,
    alias_event: int,
    previous: Basis | None = None,
) -> Basis:
    """The basis of a trace as of `as_of`.  Days whose file is that of `previous`, with everything
    in it known then, are taken over from it unread."""
    days = {}
    for day in span:
        origin = sealing.origin(lake, day)
        if origin is not None:
            days[day.isoformat()] = _day(lake, day, origin, as_of, previous)
    to = pc.max(places["place"]).as_py() or 0
    mark = places_mark(places, to)
    return Basis(as_of, days, to, mark, alias_event, clocks_mark(lake))


def places_mark(places: pa.Table, to: int) -> str:
    """Checksum of what tracing reads of the places up to key `to`."""
    known = places.select(model.PLACES.names).filter(pc.less_equal(places["place"], to))
    return table_hash(known.sort_by("place"))


def deleted(lake: Lake) -> frozenset[dt.date]:
    """Days whose visits were deleted because their time was over."""
    return frozenset(receipt.on for receipt in receipts.read(lake.root))


def clocks_mark(lake: Lake) -> str:
    """Checksum of how far which device clocks are off; empty where all are right."""
    spans = clocks.offsets(lake.clocks())
    words = "\n".join(repr(dataclasses.astuple(span)) for span in spans)
    return hashlib.sha256(words.encode()).hexdigest() if spans else ""


def _day(lake: Lake, day: dt.date, origin: str, as_of: dt.datetime, previous: Basis | None) -> Day:
    had = previous.days.get(day.isoformat()) if previous else None
    known_s = min(previous.as_of_s, int(as_of.timestamp())) if previous else 0
    if had and had.origin == origin and had.known_to <= known_s:
        return had
    newest = pc.max(lake.visits(day, day)["recorded_at"]).as_py()
    rows = changes.scans(lake.visits(day, day, known_at=as_of))
    return Day(origin, changes.mark(rows), int(newest.timestamp()) if newest else 0)


@dataclasses.dataclass(frozen=True)
class Moved:
    """scans: `changes.touched`, with reason.  gone: days that lost scans, nobody can say whose;
    over: those that lost them because their time was over."""

    scans: pl.DataFrame
    gone: tuple[dt.date, ...]
    over: tuple[dt.date, ...]


@dataclasses.dataclass(frozen=True)
class Reader:
    """Scans of the lake with the time they can be felt, persons by their canonical pseudonym."""

    lake: Lake
    figures: Figures
    aliases: pa.Table

    def day(self, day: dt.date, known_at: dt.datetime) -> pl.DataFrame:
        return self._felt(changes.scans(self.lake.visits(day, day, known_at=known_at)))

    def moved(self, span: Span, since: Basis, now: dt.datetime) -> Moved:
        """What was touched since.  Days that are as they were then, and over before that trace,
        are not read."""
        lost: list[dt.date] = []
        parts: list[pl.DataFrame] = [self._none().with_columns(reason=pl.lit(changes.LATE))]
        over = {day + near for day in deleted(self.lake) for near in (-DAY, 0 * DAY, DAY)}
        running = changes.day_of(since.as_of_s - self.figures.longest_s)
        for day in span:
            had = since.days.get(day.isoformat())
            same = sealing.origin(self.lake, day) == (had.origin if had else None)
            settled = had is None or had.known_to <= since.as_of_s
            if same and (now == since.as_of or (settled and day < running)):
                continue
            rows, fewer = self._moved_on(day, had, since, now)
            if fewer and day in over:
                rows = [part.with_columns(reason=pl.lit(changes.RETENTION)) for part in rows]
            parts += rows
            lost += [day] if fewer else []
        return Moved(
            pl.concat(parts, how="vertical_relaxed"),
            tuple(day for day in lost if day not in over),
            tuple(day for day in lost if day in over),
        )

    def _moved_on(
        self, day: dt.date, had: Day | None, since: Basis, now: dt.datetime
    ) -> tuple[list[pl.DataFrame], bool]:
        """Scans touched; whether some known then are gone from the truth."""
        raw = changes.scans(self.lake.visits(day, day, known_at=since.as_of))
        before = had.mark if had else changes.mark(raw.clear())
        others, fewer = changes.differing(before, raw)
        late = self._felt(others).with_columns(reason=pl.lit(changes.LATE))
        if now == since.as_of:
            return [late], fewer
        seen = self._felt(raw)
        return [late, changes.touched(seen, self.day(day, now), after_s=since.as_of_s)], fewer

    def of_persons(self, persons: pl.Series, span: Span, *moments: dt.datetime) -> pl.DataFrame:
        """All scans of these persons as known at any of the moments."""
        wanted = self._pseudonyms(persons)
        parts = [self._none()]
        for moment in sorted(set(moments)) if len(wanted) else ():
            visits = self.lake.person_visits(wanted, span.first, span.last, known_at=moment)
            parts.append(self._felt(changes.scans(visits)))
        return pl.concat(parts, how="vertical_relaxed").unique()

    def _pseudonyms(self, persons: pl.Series) -> pa.Array:
        """All pseudonyms of these canonical persons."""
        named = pa.array(persons.unique().to_list(), pa.int64())
        others = self.aliases.filter(pc.is_in(self.aliases["canonical"], value_set=named))
        return pa.concat_arrays([named, *others["person"].cast(pa.int64()).chunks])

    def _felt(self, rows: pl.DataFrame) -> pl.DataFrame:
        return self.figures.felt(self._canonical(rows)).select(*changes.SCAN, "t1")

    def _canonical(self, rows: pl.DataFrame) -> pl.DataFrame:
        if not self.aliases.num_rows:
            return rows
        persons, names = (self.aliases[name].to_pylist() for name in model.ALIASES.names)
        same = dict(zip(persons, names, strict=True))
        return rows.with_columns(pl.col("person").replace(same))

    def _none(self) -> pl.DataFrame:
        return pl.DataFrame(schema={**changes.SCAN, "t1": pl.Int64})

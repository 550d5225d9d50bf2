"""Where the reverse questions read scans: the hot index, or a table of what was known earlier.

Both give the same: scans at places, scans of persons, numbers of distinct visitors.  Two
pseudonyms of one person (`aliases`) count as one, by the name of the canonical one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.tracing import fast, kernels_questions, model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import DAY_S, Array

UNTOLD = ""  # source of a scan the index does not keep


class Scans(NamedTuple):
    """One element per scan.  begun, ended: seconds since 1970, ended 0 for no time out; source:
    who sent it."""

    person: Array
    place: Array
    begun: Array
    ended: Array
    source: Array

    def take(self, rows: Array) -> Scans:
        return Scans(*(column[rows] for column in self))


class Visitors(NamedTuple):
    """Distinct persons.  each: int64[groups, windows]; ever: int64[groups], in any window."""

    each: Array
    ever: Array


class Source(Protocol):
    """What a question needs to know about the visits."""

    def known_until(self, end_s: int) -> int:
        """`end_s`, or the second after the moment of knowledge where that is earlier."""

    def at(self, places: Array, looks: Array, until_s: int) -> Scans:
        """Scans at each place begun after its look (seconds) and before `until_s`."""

    def of(self, persons: Array, begin_s: int, until_s: int) -> Scans:
        """All scans of the persons begun in [begin_s, until_s)."""

    def visitors(self, groups: Sequence[Array], windows: Array, without: Array) -> Visitors:
        """Distinct persons, but for `without`, with a scan begun in each window at one of the
        places of each group."""

    def all_places(self) -> Array:
        """Keys of all places that may have scans."""


@dataclasses.dataclass(frozen=True)
class Aliases:
    """Pseudonyms that are not canonical, sorted, and what they stand for."""

    person: Array
    stands_for: Array

    @classmethod
    def of(cls, table: pa.Table | None) -> Aliases:
        """table: model.ALIASES."""
        rows = model.checked_aliases(table)
        person, canonical = (rows[name].to_numpy() for name in model.ALIASES.names)
        order = np.argsort(person)
        return cls(person[order], canonical[order])

    def canonical(self, persons: Array) -> Array:
        if not len(self.person):
            return persons
        at = np.minimum(np.searchsorted(self.person, persons), len(self.person) - 1)
        return np.where(self.person[at] == persons, self.stands_for[at], persons)

    def everyone(self, persons: Array) -> Array:
        """All pseudonyms of the persons, by whichever of theirs they were named; distinct."""
        named = np.unique(self.canonical(persons))
        if not len(self.person):
            return named
        return np.unique(np.concatenate([named, self.person[np.isin(self.stands_for, named)]]))


@dataclasses.dataclass(frozen=True)
class Hot:
    """The hot index.  It knows what is known now: a question as of an earlier moment is refused
    where it touches a day with later knowledge."""

    tracer: fast.Tracer
    until: dt.datetime
    aliases: Aliases

    def known_until(self, end_s: int) -> int:
        return min(end_s, int(self.until.timestamp()) + 1)

    def at(self, places: Array, looks: Array, until_s: int) -> Scans:
        self._check(int(looks.min(initial=until_s)), until_s)
        table = self.tracer.index.table
        return self._named(kernels_questions.scans_at(table, places, looks, until_s))

    def of(self, persons: Array, begin_s: int, until_s: int) -> Scans:
        self._check(begin_s, until_s)
        dense = self.tracer.index.snapshot.people.dense(self.aliases.everyone(persons))
        table = self.tracer.index.table
        known = np.ascontiguousarray(dense[dense >= 0])
        return self._named(kernels_questions.scans_of(table, known, begin_s, until_s))

    def visitors(self, groups: Sequence[Array], windows: Array, without: Array) -> Visitors:
        self._check(int(windows.min(initial=0)), int(windows.max(initial=0)))
        index = self.tracer.index
        apart = self.aliases.everyone(np.concatenate([without, self.aliases.stands_for]))
        gone = index.snapshot.people.dense(apart)
        gone = gone[gone >= 0]
        persons, starts = self._merged(without)

        def work(room: fast.Room, part: Array) -> list[tuple[Array, int]]:
            found = []
            for n in part:
                places = np.sort(groups[n])
                one = kernels_questions.visitors(index.table, places, windows, gone, room.marks)
                more = kernels_questions.seen_as_one(index.table, persons, starts, places, windows)
                found.append((one[0] + more[0], one[1] + more[1]))
            return found

        found = self.tracer.spread(work, np.arange(len(groups)), chunk=4)
        rows = [row for part in found for row in part]
        each = np.array([row[0] for row in rows], np.int64).reshape(len(groups), len(windows))
        return Visitors(each, np.array([row[1] for row in rows], np.int64))

    def _merged(self, without: Array) -> tuple[Array, Array]:
        """Dense ids of all who have several pseudonyms, but for `without`, person by person, and
        where each begins."""
        several = self.aliases.everyone(self.aliases.stands_for)
        gone = self.aliases.canonical(without)
        several = several[~np.isin(self.aliases.canonical(several), gone)]
        dense = self.tracer.index.snapshot.people.dense(several)
        person = self.aliases.canonical(several)[dense >= 0]
        order = np.argsort(person, kind="stable")
        starts = np.searchsorted(person[order], np.unique(person))
        return dense[dense >= 0][order], np.append(starts, len(person))

    def all_places(self) -> Array:
        return np.arange(self.tracer.index.places)

    def _named(self, rows: Array) -> Scans:
        people = self.tracer.index.snapshot.people
        person = people.pseudonyms(np.ascontiguousarray(rows[:, kernels_questions.PERSON]))
        stay, begun = rows[:, kernels_questions.STAY], rows[:, kernels_questions.BEGUN]
        return Scans(
            self.aliases.canonical(person),
            rows[:, kernels_questions.PLACE],
            begun,
            np.where(stay > 0, begun + stay, 0),
            np.full(len(rows), UNTOLD, object),
        )

    def _check(self, begin_s: int, end_s: int) -> None:
        known = int(self.until.timestamp())
        for part in self.tracer.index.snapshot.segments:
            if begin_s < part.begin_s + DAY_S and part.begin_s < end_s and known < part.known_to_s:
                day = dt.datetime.fromtimestamp(part.begin_s + 8 * 3600, dt.UTC).date()
                raise BadInput(
                    "tracing.known_later",
                    f"The hot index of {day} holds what was recorded after "
                    f"{self.until.isoformat()}; ask the Parquet files what was known then.",
                    day=day.isoformat(),
                )


@dataclasses.dataclass(frozen=True)
class Known:
    """A table of visits as known at a moment."""

    rows: pl.DataFrame  # person, place, begun, ended, source
    until: dt.datetime
    aliases: Aliases

    def known_until(self, end_s: int) -> int:
        return min(end_s, int(self.until.timestamp()) + 1)

    def at(self, places: Array, looks: Array, until_s: int) -> Scans:
        asked = pl.DataFrame({"place": places, "look": looks}).unique("place")
        found = self.rows.join(asked, on="place").filter(
            (pl.col("begun") > pl.col("look")) & (pl.col("begun") < until_s)
        )
        return _scans(found)

    def of(self, persons: Array, begin_s: int, until_s: int) -> Scans:
        asked = pl.DataFrame({"person": np.unique(self.aliases.canonical(persons))})
        found = self.rows.join(asked, on="person", how="semi").filter(
            pl.col("begun").is_between(begin_s, until_s, closed="left")
        )
        return _scans(found)

    def visitors(self, groups: Sequence[Array], windows: Array, without: Array) -> Visitors:
        asked = pl.DataFrame(
            {
                "group": np.repeat(np.arange(len(groups)), [len(one) for one in groups]),
                "place": np.concatenate([np.empty(0, np.int64), *groups]),
            }
        )
        gone = pl.DataFrame({"person": np.unique(self.aliases.canonical(without))})
        others = self.rows.join(gone, on="person", how="anti")
        each, seen = np.zeros((len(groups), len(windows)), np.int64), []
        for n, (begin, end) in enumerate(windows.tolist()):
            during = others.filter(pl.col("begun").is_between(begin, end, closed="left"))
            pairs = during.select("person", "place").unique().join(asked, on="place")
            pairs = pairs.select("group", "person").unique()
            seen.append(pairs)
            for group, persons in pairs.group_by("group").len().iter_rows():
                each[group, n] = persons
        ever = np.zeros(len(groups), np.int64)
        whole = pl.concat(seen).unique() if seen else None
        for group, persons in [] if whole is None else whole.group_by("group").len().iter_rows():
            ever[group] = persons
        return Visitors(each, ever)

    def all_places(self) -> Array:
        return np.asarray(self.rows["place"].unique().to_numpy(), np.int64)


def hot(tracer: fast.Tracer, *, until: dt.datetime, aliases: pa.Table | None = None) -> Hot:
    """The hot index as source.  aliases: model.ALIASES."""
    return Hot(tracer, _zoned(until), Aliases.of(aliases))


def over_table(visits: pa.Table, *, until: dt.datetime, aliases: pa.Table | None = None) -> Known:
    """A table (model.VISITS, perhaps with `source`) as source, by what was recorded by `until`."""
    same = Aliases.of(aliases)
    names = [*model.VISITS.names, *(["source"] if "source" in visits.column_names else [])]
    table = visits.select(names)
    model.checked(visits.slice(0, 0), model.VISITS, "visits")
    rows = tables.frame(table)
    seconds = {name: pl.col(name).dt.epoch("s") for name in ("time_in", "time_out", "recorded_at")}
    known = rows.filter(
        (seconds["recorded_at"] <= int(_zoned(until).timestamp()))
        & pl.col("person").is_not_null()
        & pl.col("place").is_not_null()
    ).select(
        "person",
        pl.col("place").cast(pl.Int64),
        seconds["time_in"].alias("begun"),
        seconds["time_out"].fill_null(0).alias("ended"),
        (pl.col("source").cast(pl.String) if "source" in names else pl.lit(UNTOLD)).alias("source"),
    )
    person = same.canonical(known["person"].to_numpy())
    return Known(known.with_columns(pl.Series("person", person)), until, same)


def _scans(rows: pl.DataFrame) -> Scans:
    columns = (rows[name].to_numpy() for name in Scans._fields)
    return Scans(*(np.asarray(column) for column in columns))


def _zoned(until: dt.datetime) -> dt.datetime:
    if until.tzinfo is None:
        raise BadInput("time.naive", "`until` needs a time zone.")
    return until

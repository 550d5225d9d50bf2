"""The lake as the engines' callers see it: write rows, read what was known at a moment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from zhongshu.kernel.errors import BadInput
from zhongshu.lake import places
from zhongshu.lake.schema import LakeTable
from zhongshu.lake.store import TABLES, Store, Written, day_file


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
        """Rows of `schema.VISITS`."""
        return self.store.write("visits", table)

    def write_tests(self, table: pa.Table) -> Written:
        """Rows of `schema.TESTS`."""
        return self.store.write("tests", table)

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
        within each day."""
        return self._read("visits", self._days("visits", first, last), known_at)

    def visit_paths(self, first: dt.date, last: dt.date) -> list[Path]:
        """Sound files of these days, for engines that read Parquet themselves.

        They hold every version: filter with `schema.SUPERSEDED_AT` as the module says.
        """
        return self._days("visits", first, last)

    def tests(self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None) -> pa.Table:
        """Tests sampled on these days."""
        return self._read("tests", self._days("tests", first, last), known_at)

    def arrivals(
        self, first: dt.date, last: dt.date, known_at: dt.datetime | None = None
    ) -> pa.Table:
        """Arrivals on these days."""
        return self._read("arrivals", self._days("arrivals", first, last), known_at)

    def counts(self, known_at: dt.datetime | None = None) -> pa.Table:
        """Sentinel counts of all streams, one row per (stream, site, day)."""
        return self._read("counts", self.store.paths("counts"), known_at)

    def places(self) -> pa.Table:
        """All places, by key."""
        return places.read(self.store)

    def days(self, name: str) -> list[dt.date]:
        """Days for which the table holds a file, in order."""
        files = self.store.paths(name) if TABLES[name].daily else []
        return [dt.date.fromisoformat(path.stem.removeprefix("day=")) for path in files]

    def verify(self) -> list[BadInput]:
        """Every damaged file, by name; empty when the lake is sound."""
        return self.store.verify()

    def drop(self, name: str, file: str) -> None:
        """Forget one damaged file; take the feeds of that day again afterwards."""
        self.store.drop(name, file)

    def _days(self, name: str, first: dt.date, last: dt.date) -> list[Path]:
        count = (last - first).days + 1
        wanted = [day_file(first + dt.timedelta(days=n)) for n in range(max(count, 0))]
        return self.store.paths(name, wanted)

    def _read(self, name: str, paths: list[Path], known_at: dt.datetime | None) -> pa.Table:
        like = TABLES[name]
        if not paths:
            return like.schema.empty_table()
        stored = ds.dataset([str(path) for path in paths], schema=like.stored, format="parquet")
        return stored.to_table(columns=like.schema.names, filter=known_filter(like, known_at))


def known_filter(like: LakeTable, known_at: dt.datetime | None) -> pc.Expression:
    """The rows that were the newest known version at `known_at` (None: now)."""
    superseded = pc.field("superseded_at")
    if known_at is None:
        return superseded.is_null()
    if known_at.tzinfo is None:
        raise BadInput("time.naive", f"{known_at.isoformat()} has no time zone; add one.")
    moment = pa.scalar(known_at.astimezone(dt.UTC), pa.timestamp("s", tz="UTC"))
    return (pc.field(like.known) <= moment) & (superseded.is_null() | (superseded > moment))

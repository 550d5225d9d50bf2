"""Where each feed goes.  Lake feeds lose names and numbers here: only pseudonyms pass."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.connectors.feeds.checks import across
from zhongshu.connectors.feeds.checks.rows import Checked
from zhongshu.connectors.feeds.landing import described
from zhongshu.connectors.feeds.landing.pseudonyms import Pseudonyms
from zhongshu.connectors.feeds.ports import Layout, Registers
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import CELL, FeedSpec
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import (
    ARRIVALS,
    COUNTS,
    SECONDS,
    TESTS,
    TUBE_RESULTS,
    TUBES,
    VISITS,
)
from zhongshu.lake.store import Written

# sentinel stream -> (site, what is counted, out of how many)
STREAMS: dict[str, tuple[str, str, str | None]] = {
    "fever_clinic": ("clinic_id", "fever", "visits"),
    "pharmacy_sales": ("pharmacy_id", "buyers", None),
    "school_absences": ("school_id", "absent_ill", "enrolled"),
}

LAKE_FEEDS = frozenset(
    {
        "visits",
        "journeys",
        "cells",
        "tubes",
        "tube_results",
        "lab_results",
        "arrivals",
        *STREAMS,
    }
)
# The source of a visit where the feed itself says it.
TICKET = "ticket"


@dataclasses.dataclass
class Landing:
    """The places rows can go, and when what they say became known unless they say so."""

    lake: Lake
    registers: Registers
    pseudonyms: Pseudonyms
    known_at: dt.datetime

    def land(self, checked: Checked, spec: FeedSpec) -> int:
        """Write the accepted rows; the number that added or changed something."""
        if checked.accepted.num_rows == 0:
            return 0
        if spec.name in LAKE_FEEDS:
            return self._evidence(checked, spec.name).new
        rows = across.newest(checked, spec)
        if spec.name == "places":
            return self.lake.write_places(rows).new
        return self._register(rows, spec.name)

    def _evidence(self, checked: Checked, kind: str) -> Written:
        if kind in STREAMS:
            return self.lake.write_counts(_counts(checked.accepted, kind))
        if kind in ("lab_results", "tubes", "tube_results"):
            return self._tested(checked.accepted, kind)
        if kind == "arrivals":
            return self.lake.write_arrivals(self._arrivals(checked.accepted))
        if kind == "journeys":
            return self._journeys(checked)
        if kind == "cells":
            return self._cells(checked)
        return self._visits(checked)

    @functools.cached_property
    def layout(self) -> Layout:
        """What the edition in force when the feeds came says of seats and cells."""
        return self.registers.layout(beijing_day(self.known_at))

    def _register(self, rows: pa.Table, kind: str) -> int:
        match kind:
            case "households":
                return self.registers.register_people(rows, None, self.known_at)
            case "persons":
                return self.registers.register_people(None, rows, self.known_at)
            case "dormitories":
                return self.registers.register_dormitories(rows, self.known_at)
            case "cases":
                return self.registers.take_line_list(rows, self.known_at)
        return self.registers.take_resources(kind, rows, self.known_at)

    def _visits(self, checked: Checked) -> Written:
        table = checked.accepted
        places = _one(table.column("place_id"))
        if table.column("spot").null_count < table.num_rows:
            places = described.with_spots(self.lake, table).to_arrow().dictionary_encode()
        keys, known = self.lake.place_keys(places.dictionary)
        unknown = ~np.asarray(known.take(places.indices))
        checked.flag("place_id", "place.unknown", unknown)
        return self._write_visits(
            table,
            keys.take(places.indices),
            **{name: table.column(name) for name in ("time_in", "time_out", "source")},
        )

    def _journeys(self, checked: Checked) -> Written:
        table = checked.accepted
        found = described.vehicles(self.lake, table, self.layout)
        checked.flag("seat", "seat.unread", found.unread.to_numpy())
        return self._write_visits(
            table,
            self._keys(found.place_ids),
            time_in=table.column("board_at"),
            time_out=table.column("alight_at"),
            source=_always(TICKET, table.num_rows),
        )

    def _cells(self, checked: Checked) -> Written:
        """Refuses an edition that has no cells: their size would be anybody's guess."""
        table = checked.accepted
        if self.layout.cell_m is None:
            raise refusal("feeds.no_cells")
        return self._write_visits(
            table,
            self._keys(described.cells(self.lake, table, self.layout.cell_m)),
            time_in=table.column("time_in"),
            time_out=table.column("time_out"),
            source=_always(CELL, table.num_rows),
        )

    def _keys(self, place_ids: pl.Series) -> pa.Array:
        """Lake keys of places that have been entered."""
        places = place_ids.to_arrow().cast(pa.string()).dictionary_encode()
        keys, _ = self.lake.place_keys(places.dictionary)
        return keys.take(places.indices)

    def _write_visits(self, table: pa.Table, place: pa.Array, **columns: pa.Array) -> Written:
        """columns: time_in, time_out, source."""
        columns |= {
            "person": self.pseudonyms.of(table.column("id_no")),
            "place": place,
            "recorded_at": table.column("recorded_at"),
        }
        rows = pa.table({name: columns[name] for name in VISITS.names})
        return self.registers.take_visits(self.lake, rows, self.known_at)

    def _tested(self, table: pa.Table, kind: str) -> Written:
        """Of persons or of tubes; the register of positive tubes follows."""
        write, schema = {
            "lab_results": (self.lake.write_tests, TESTS),
            "tubes": (self.lake.write_tubes, TUBES),
            "tube_results": (self.lake.write_tube_results, TUBE_RESULTS),
        }[kind]
        columns = {"tube": "tube_code"}
        given = {
            name: table.column(columns.get(name, name)) for name in schema.names if name != "person"
        }
        if "person" in schema.names:
            given["person"] = self.pseudonyms.of(table.column("id_no"))
        rows = _shaped(given, schema)
        written = write(rows)
        self.registers.follow_tubes(self.lake, kind, rows, self.known_at)
        return written

    def _arrivals(self, table: pa.Table) -> pa.Table:
        columns = {"person": self.pseudonyms.of(table.column("id_no"))}
        columns |= {name: table.column(name) for name in ARRIVALS.names[1:-1]}
        columns["known_at"] = pa.repeat(_moment(self.known_at), table.num_rows)
        return _shaped(columns, ARRIVALS)


def _counts(table: pa.Table, stream: str) -> pa.Table:
    site, counted, out_of = STREAMS[stream]
    rows = table.num_rows
    columns = {
        "stream": pa.repeat(stream, rows),
        "site_id": table.column(site),
        "county_code": table.column("county_code"),
        "date": table.column("date"),
        "count": table.column(counted),
        "denominator": table.column(out_of) if out_of else pa.nulls(rows, pa.int64()),
        "known_at": table.column("reported_at"),
    }
    return _shaped(columns, COUNTS)


def _shaped(columns: dict[str, pa.Array], schema: pa.Schema) -> pa.Table:
    return pa.table(
        {name: pc.cast(columns[name], schema.field(name).type) for name in schema.names}
    )


def _one(column: pa.ChunkedArray) -> pa.DictionaryArray:
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array


def _always(value: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), rows), [value])


def _moment(at: dt.datetime) -> pa.Scalar:
    return pa.scalar(at.astimezone(dt.UTC).replace(microsecond=0), SECONDS)

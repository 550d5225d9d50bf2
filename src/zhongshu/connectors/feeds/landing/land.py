"""Where each feed goes.  Lake feeds lose names and numbers here: only pseudonyms pass."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.connectors.feeds.checks import across
from zhongshu.connectors.feeds.checks.rows import Checked
from zhongshu.connectors.feeds.landing.pseudonyms import Pseudonyms
from zhongshu.connectors.feeds.ports import Registers
from zhongshu.kernel.feeds import FeedSpec
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import ARRIVALS, COUNTS, SECONDS, TESTS, VISITS
from zhongshu.lake.store import Written

# sentinel stream -> (site, what is counted, out of how many)
STREAMS: dict[str, tuple[str, str, str | None]] = {
    "fever_clinic": ("clinic_id", "fever", "visits"),
    "pharmacy_sales": ("pharmacy_id", "buyers", None),
    "school_absences": ("school_id", "absent_ill", "enrolled"),
}

LAKE_FEEDS = frozenset({"visits", "lab_results", "arrivals", *STREAMS})


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
        if kind == "lab_results":
            return self.lake.write_tests(self._tests(checked.accepted))
        if kind == "arrivals":
            return self.lake.write_arrivals(self._arrivals(checked.accepted))
        return self._visits(checked)

    def _register(self, rows: pa.Table, kind: str) -> int:
        match kind:
            case "households":
                return self.registers.register_people(rows, None, self.known_at)
            case "persons":
                return self.registers.register_people(None, rows, self.known_at)
            case "cases":
                return self.registers.take_line_list(rows, self.known_at)
        return self.registers.take_resources(kind, rows, self.known_at)

    def _visits(self, checked: Checked) -> Written:
        table = checked.accepted
        places = _one(table.column("place_id"))
        keys, described = self.lake.place_keys(places.dictionary)
        unknown = ~np.asarray(described.take(places.indices))
        checked.flag("place_id", "place.unknown", unknown)
        columns = {
            "person": self.pseudonyms.of(table.column("id_no")),
            "place": keys.take(places.indices),
            **{name: table.column(name) for name in VISITS.names[2:]},
        }
        return self.lake.write_visits(pa.table(columns))

    def _tests(self, table: pa.Table) -> pa.Table:
        columns = {"person": self.pseudonyms.of(table.column("id_no"))}
        return _shaped(columns | {name: table.column(name) for name in TESTS.names[1:]}, TESTS)

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


def _moment(at: dt.datetime) -> pa.Scalar:
    return pa.scalar(at.astimezone(dt.UTC).replace(microsecond=0), SECONDS)

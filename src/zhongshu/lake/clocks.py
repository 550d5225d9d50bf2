"""Clocks that run ahead or behind: how far, by source, from when on.

Files of visits keep what was sent; readers take the offset off.  An offset is in force from
``valid_from``, as the clock itself shows it, until the next entry of the same source; zero ends
it.  Time in and time out of a visit are of one clock; the time of recording is ours.
"""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.visitfiles import Offset
from zhongshu.lake import parquet
from zhongshu.lake.schema import SECONDS
from zhongshu.lake.store import DAY_S, Store, Written
from zhongshu.lake.versions import SOURCES

CLOCKS = pa.schema(
    [
        ("source", pa.string()),
        ("valid_from", SECONDS),
        ("offset_s", pa.int64()),  # device clock minus true time
    ]
)
FOLDER, FILE = "dims", "clocks.parquet"
MOST_S = DAY_S  # readers look one day before and after; what is off by more is a wrong date


def read(store: Store) -> pa.Table:
    """CLOCKS, by source and time."""
    paths = store.paths(FOLDER, [FILE])
    return parquet.read(paths[0]).cast(CLOCKS) if paths else CLOCKS.empty_table()


def write(store: Store, table: pa.Table) -> Written:
    """Enter offsets; of two with one source and time the later given holds.

    Refuses a blank, a source no feed has, and an offset of a day or more.
    """
    asked = checked(table)
    with store.lock():
        old = read(store)
        both = pl.concat([tables.frame(old), tables.frame(asked)])
        kept = both.unique(["source", "valid_from"], keep="last").sort("source", "valid_from")
        new = kept.to_arrow().cast(CLOCKS)
        changed = not new.equals(old)
        if changed:
            store.replace(FOLDER, {FILE: new})
    fresh = tables.frame(new).join(tables.frame(old), on=CLOCKS.names, how="anti").height
    return Written(asked.num_rows, fresh, (FILE,) if changed else ())


def checked(table: pa.Table) -> pa.Table:
    """`table` as CLOCKS; refuses what cannot be."""
    missing = [name for name in CLOCKS.names if name not in table.column_names]
    if missing:
        raise BadInput(
            "lake.column_missing", f"The rows lack the column {missing[0]}.", column=missing[0]
        )
    rows = table.select(CLOCKS.names).cast(CLOCKS)
    for row in rows.to_pylist():
        if None in row.values():
            raise BadInput("lake.clock_blank", "A clock offset needs source, time and seconds.")
        if row["source"] not in SOURCES:
            raise BadInput(
                "lake.value_unknown",
                f"No visits come from {row['source']}; sources are {', '.join(SOURCES)}.",
                column="source",
            )
        if abs(row["offset_s"]) >= MOST_S:
            raise BadInput(
                "lake.clock_absurd",
                f"The clock of {row['source']} cannot be off by {row['offset_s']:,} s: a day or "
                "more is a wrong date, not a wrong clock. Correct the visits and send them again.",
                source=row["source"],
                offset_s=row["offset_s"],
            )
    return rows


def offsets(table: pa.Table) -> tuple[Offset, ...]:
    """Spans of CLOCKS in which a clock was off, none twice."""
    found = []
    rows = table.sort_by([("source", "ascending"), ("valid_from", "ascending")]).to_pylist()
    for n, row in enumerate(rows):
        after = rows[n + 1] if n + 1 < len(rows) else None
        if row["offset_s"]:
            start, until = int(row["valid_from"].timestamp()), None
            if after is not None and after["source"] == row["source"]:
                until = int(after["valid_from"].timestamp())
            found.append(Offset(row["source"], start, until, row["offset_s"]))
    return tuple(found)


def touching(spans: tuple[Offset, ...], begin: dt.datetime, end: dt.datetime) -> tuple[Offset, ...]:
    """Those that can matter to visits between `begin` and `end`, true time."""
    first, last = int(begin.timestamp()) - MOST_S, int(end.timestamp()) + MOST_S
    return tuple(
        span
        for span in spans
        if span.from_s <= last and (span.until_s is None or span.until_s >= first)
    )


def corrected(visits: pa.Table, spans: tuple[Offset, ...]) -> pa.Table:
    """`schema.VISITS` with true times; rows stay where they are."""
    if not spans:
        return visits
    rows = pl.DataFrame(
        {
            "source": pl.from_arrow(visits["source"].cast(pa.string())),
            "time_in": pl.from_arrow(visits["time_in"].cast(pa.int64())),
        }
    )
    off = pl.lit(0, pl.Int64)
    for span in spans:
        runs = (pl.col("source") == span.source) & (pl.col("time_in") >= span.from_s)
        if span.until_s is not None:
            runs &= pl.col("time_in") < span.until_s
        off = pl.when(runs).then(span.offset_s).otherwise(off)
    ahead = rows.select(off=off).get_column("off").to_arrow()
    for name in ("time_in", "time_out"):
        seconds = visits[name].cast(pa.int64())
        true = pa.compute.subtract(seconds, ahead).cast(SECONDS)
        visits = visits.set_column(visits.column_names.index(name), visits.field(name), true)
    return visits

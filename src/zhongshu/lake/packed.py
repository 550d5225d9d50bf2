"""Between visits as numbers in a frame and the packed rows of their files (kernel.visitfiles).

The frame has the columns of `schema.VISITS` and superseded_at, instants as seconds, sources as
codes, and in `person` the person's number in the lake.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.visitfiles import PACKED
from zhongshu.lake.parquet import Layout
from zhongshu.lake.schema import SECONDS, VISITS
from zhongshu.lake.versions import codes, sources

BY_PLACE = Layout(delta=("place",), split=("time_in_s", "person_no", "stay_s", "delay_s"), level=3)
BY_PERSON = Layout(delta=("person_no",), split=("time_in_s", "place", "stay_s", "delay_s"), level=3)
PLACE_ORDER = ("place", "time_in", "person", "source", "recorded_at")
PERSON_ORDER = ("person", "time_in", "place", "source", "recorded_at")
_MOST = 2**31 - 1  # seconds, 68 years


def table(rows: pl.DataFrame) -> pa.Table:
    """Refuses rows whose times lie more than 68 years apart."""
    left = pl.coalesce("time_out", "time_in")
    spans = rows.select(
        stay_s=pl.col("time_out") - pl.col("time_in"),
        delay_s=pl.col("recorded_at") - left,
        superseded_s=pl.col("superseded_at") - pl.col("recorded_at"),
    )
    widest = spans.select(pl.max_horizontal(pl.all().abs().max())).item()
    if widest is not None and widest > _MOST:
        raise BadInput(
            "lake.time_range",
            "A visit's time in, time out and time of recording lie more than 68 years apart; "
            "correct the times and send it again.",
        )
    columns = {
        "place": rows.get_column("place"),
        "time_in_s": rows.get_column("time_in"),
        "person_no": rows.get_column("person"),
        **{name: spans.get_column(name).cast(pl.Int32) for name in spans.columns},
    }
    arrays = [
        sources(rows.get_column("source")) if name == "source" else columns[name].to_arrow()
        for name in PACKED.names
    ]
    return pa.table(arrays, schema=PACKED)


def frame(packed: pa.Table) -> pl.DataFrame:
    """The inverse of `table`."""
    plain = tables.frame(packed.drop_columns(["source"]))
    time_out = pl.col("time_in_s") + pl.col("stay_s")
    recorded = pl.coalesce(time_out, "time_in_s") + pl.col("delay_s")
    return plain.with_columns(codes(packed["source"], PACKED.field("source"))).select(
        person=pl.col("person_no"),
        place=pl.col("place"),
        time_in=pl.col("time_in_s"),
        time_out=time_out,
        source=pl.col("source"),
        recorded_at=recorded,
        superseded_at=recorded + pl.col("superseded_s"),
    )


def plain(rows: pl.DataFrame, pseudonyms: pl.Series) -> pa.Table:
    """`schema.VISITS` of a frame; `pseudonyms` by number."""
    arrays = []
    for field in VISITS:
        values = rows.get_column(field.name)
        if field.name == "person":
            arrays.append(pseudonyms.gather(values).to_arrow())
        elif field.name == "source":
            arrays.append(sources(values))
        else:
            array = values.to_arrow()
            arrays.append(array.cast(SECONDS) if field.type == SECONDS else array)
    return pa.table(arrays, schema=VISITS)

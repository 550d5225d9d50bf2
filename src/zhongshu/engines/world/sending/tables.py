"""Arrow tables in the columns of the published feeds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import Bools, Ints
from zhongshu.kernel.feeds import FEEDS, Kind
from zhongshu.kernel.time import start_of_day

MOMENT = pa.timestamp("s", tz="UTC")
TYPES = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.MOMENT: MOMENT,
    Kind.DIVISION: pa.string(),
    Kind.ID_NO: pa.string(),
    Kind.SERVICE: pa.string(),
    Kind.SPOT: pa.string(),
}


def table(feed: str, **columns: pa.Array) -> pa.Table:
    """The table of `feed` in the published order of columns; text may be dictionary-encoded."""
    arrays, fields = [], []
    for column in FEEDS[feed].columns:
        array, wanted = columns[column.name], TYPES[column.kind]
        if not pa.types.is_dictionary(array.type):
            array = array.cast(wanted)
        arrays.append(array)
        fields.append(pa.field(column.name, array.type, nullable=not column.required))
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def moments(start: dt.date, seconds: Ints, missing: Bools | None = None) -> pa.Array:
    """UTC instants of seconds since 00:00 Beijing time of `start`; null where `missing`."""
    zero = round(start_of_day(start).timestamp())
    return pa.array(seconds.astype(np.int64) + zero, mask=missing).cast(MOMENT)


def option(options: Sequence[str], index: Ints) -> pa.Array:
    """options[index] as text."""
    return pa.array(options, pa.string()).take(pa.array(index.astype(np.int64)))


def repeat(value: str, count: int) -> pa.Array:
    return pa.array(np.full(count, value, dtype=object), pa.string())


def numbers(values: NDArray[np.float64]) -> pa.Array:
    """Degrees and quantities, rounded to six decimals."""
    return pa.array(np.round(values, 6))

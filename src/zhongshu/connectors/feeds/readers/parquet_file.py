"""Parquet: row count and size are read from the footer before any column is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from zhongshu.connectors.feeds.kinds import columns_of
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers.raw import TEXTS, Raw
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FeedSpec


def read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    """Text columns come dictionary-encoded; columns that are not the feed's are not read."""
    if path.stat().st_size == 0:
        raise refusal("feeds.empty")
    try:
        with pq.ParquetFile(path) as file:
            rows, schema = file.metadata.num_rows, file.schema_arrow
        if rows > limits.max_rows:
            raise refusal("feeds.too_large", found=rows, limit=limits.max_rows, unit="rows")
        found, extra = columns_of(spec, schema.names)
        names = [schema.names[position] for position in sorted(found.values())]
        words = [name for name in names if pa.types.is_string(schema.field(name).type)]
        with pq.ParquetFile(path, read_dictionary=words) as file:
            table = file.read(columns=names)
    except (pa.ArrowException, OSError) as error:
        raise refusal("feeds.broken_parquet") from error
    columns = [_plain(column) for column in table.unify_dictionaries().columns]
    absent = [pa.nulls(rows, TEXTS) for _ in extra]
    return Raw([*names, *extra], [*columns, *absent], np.arange(2, rows + 2, dtype=np.int64))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    """One array; every kind of text as dictionary<int32, string>."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        values = kind.value_type
        if pa.types.is_string(values) or pa.types.is_large_string(values):
            column = column.cast(TEXTS)
        else:
            column = column.cast(values)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind):
        column = column.cast(pa.string()).dictionary_encode()
    array = column.combine_chunks()
    return array.chunk(0) if isinstance(array, pa.ChunkedArray) else array

"""CSV: comma, semicolon or tab; quoted cells may hold delimiters."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv

from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers import text
from zhongshu.connectors.feeds.readers.raw import TEXTS, Broken, Raw
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FeedSpec

_SHOWN = 2000  # characters of a row that could not be split


def read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    """Refuses empty, oversized and binary files and quotation marks that do not pair."""
    text.refuse_large(path, limits)
    data = text.utf8(path, "CSV")
    if data.count(b'"') % 2:
        raise refusal("feeds.quotes")
    headers, delimiter, start = _header(data)
    broken: list[Broken] = []

    def note(row: pacsv.InvalidRow) -> str:
        number = row.number + 1  # pyarrow counts from the first row after the header
        broken.append(Broken(number, row.text[:_SHOWN], "row.columns"))
        return "skip"

    table = _parse(data[start:], len(headers), delimiter, note)
    rows = table.num_rows + len(broken)
    numbers = np.setdiff1d(
        np.arange(2, rows + 2, dtype=np.int64), [row.number for row in broken], assume_unique=True
    )
    columns = [column.combine_chunks() for column in table.unify_dictionaries().columns]
    return Raw(headers, columns, numbers, tuple(broken))


def _header(data: bytes) -> tuple[list[str], str, int]:
    """(headers, delimiter, offset of the first row)."""
    end = data.find(b"\n")
    end = len(data) if end < 0 else end
    line = data[:end].decode("utf-8").rstrip("\r")
    if line.count('"') % 2:
        raise refusal("feeds.quotes")
    delimiter = max(",\t;", key=line.count)
    try:
        return next(csv.reader([line], delimiter=delimiter)), delimiter, end + 1
    except csv.Error as error:
        raise refusal("feeds.unreadable", what=str(error)) from error


def _parse(body: bytes, width: int, delimiter: str, note: object) -> pa.Table:
    names = [f"c{position}" for position in range(width)]
    kinds = dict.fromkeys(names, TEXTS)
    if not body.strip():
        return pa.table({name: pa.array([], TEXTS) for name in names})
    try:
        return pacsv.read_csv(
            io.BytesIO(body),
            # one thread: only then does pyarrow number the rows it could not split
            read_options=pacsv.ReadOptions(column_names=names, use_threads=False),
            parse_options=pacsv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=note
            ),
            convert_options=pacsv.ConvertOptions(column_types=kinds, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise refusal("feeds.quotes") from error

"""Set-based writes and reads: Arrow tables in by COPY, Arrow tables out by COPY."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
from django.db import connection


def _plain(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """Only `columns`, dictionaries decoded, so that the CSV writer takes them."""
    arrays = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in (table.column(name) for name in columns)
    ]
    return pa.table(dict(zip(columns, arrays, strict=True)))


@contextlib.contextmanager
def staged(table: pa.Table, name: str, columns: Mapping[str, str]) -> Iterator[Any]:
    """A cursor that sees `table` as the temporary table `name`.

    columns: name -> SQL type; each must be a column of `table`.  Must run in a transaction.
    A null stays null and an empty text stays an empty text.
    """
    types = ", ".join(f"{column} {kind}" for column, kind in columns.items())
    sink = io.BytesIO()
    pacsv.write_csv(_plain(table, list(columns)), sink)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({types}) ON COMMIT DROP")
        with cursor.cursor.copy(f"COPY {name} FROM STDIN (FORMAT csv, HEADER true)") as copy:
            copy.write(sink.getbuffer())
        cursor.execute(f"ANALYZE {name}")
        yield cursor
        cursor.execute(f"DROP TABLE {name}")


def fetch(sql: str, schema: pa.Schema, params: Sequence[Any] | Mapping[str, Any] = ()) -> pa.Table:
    """The answer of `sql` as an Arrow table of `schema` (same names, any order)."""
    sink = io.BytesIO()
    with connection.cursor() as cursor:
        statement = f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER true)"
        with cursor.cursor.copy(statement, params) as copy:
            for block in copy:
                sink.write(block)
    options = pacsv.ConvertOptions(
        column_types=schema,
        include_columns=schema.names,
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        null_values=[""],
        true_values=["t"],
        false_values=["f"],
    )
    sink.seek(0)
    return pacsv.read_csv(
        sink,
        parse_options=pacsv.ParseOptions(newlines_in_values=True),
        convert_options=options,
    )

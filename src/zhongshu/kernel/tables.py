"""Taking Arrow tables into NumPy and Polars, with refusals that name the table and the column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.kernel.errors import BadInput


def require(table: pa.Table, name: str, columns: Iterable[str]) -> None:
    """Refuses when `table` (called `name` in the message) lacks one of `columns`."""
    missing = [column for column in columns if column not in table.column_names]
    if missing:
        raise BadInput(
            "input.missing_column",
            f"The table '{name}' lacks the column(s) {', '.join(missing)}; "
            f"it has {', '.join(table.column_names)}.",
            table=name,
            columns=missing,
        )


def floats(table: pa.Table, column: str) -> NDArray[np.float64]:
    """The column as float64; null becomes NaN."""
    array = table[column].combine_chunks().cast(pa.float64())
    return np.asarray(array.to_numpy(zero_copy_only=False), dtype=np.float64)


def ints(table: pa.Table, column: str, *, null: int | None = None) -> NDArray[np.int64]:
    """The column as int64; null becomes `null`, or is refused when none is given."""
    array = table[column].combine_chunks().cast(pa.int64())
    if array.null_count and null is None:
        raise BadInput(
            "input.missing_value",
            f"The column '{column}' has {array.null_count} empty value(s); fill them in.",
            column=column,
        )
    return np.asarray(array.fill_null(0 if null is None else null).to_numpy(), dtype=np.int64)


def texts(table: pa.Table, column: str, *, null: str = "") -> list[str]:
    """The column as Python text; null becomes `null`."""
    return [null if value is None else str(value) for value in table[column].to_pylist()]


def not_negative(table: pa.Table, name: str, columns: Iterable[str]) -> None:
    """Refuses when a number in one of `columns` is below zero."""
    for column in columns:
        below = int(np.count_nonzero(floats(table, column) < 0))
        if below:
            raise BadInput(
                "input.negative",
                f"{below} row(s) of '{name}' have a negative {column}; correct them and try again.",
                table=name,
                column=column,
                rows=below,
            )


def frame(table: pa.Table) -> pl.DataFrame:
    """The table as a Polars frame, without copying where the types agree."""
    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)  # a Series comes of an array only
    return rows


def rows_table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """A table of `schema` from dictionaries; no rows give an empty table of that schema."""
    return pa.Table.from_pylist(rows, schema=schema)

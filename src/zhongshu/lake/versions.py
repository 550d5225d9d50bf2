"""Union of versioned rows: sorted, without doubles, each version knowing when it was superseded.

The stored set is a pure function of the set of rows ever written, whatever the order they came
in: two rows with the same key and known-at collapse to the greater one by content, so the union
is commutative, associative and idempotent (except `stamped` tables, see `LakeTable`).

Columns travel as integers where they can (instants as seconds, dictionary values as codes):
sorting 400,000 visits by five integers takes about 20 ms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import FEEDS
from zhongshu.lake import keys
from zhongshu.lake.schema import SUPERSEDED_AT, LakeTable

Numbers = np.ndarray[tuple[int], np.dtype[Any]]
SOURCES = tuple(sorted(FEEDS["visits"].column("source").values))


def frame(table: pa.Table, schema: pa.Schema) -> pl.DataFrame:
    """`table` in the columns of `schema`, instants as seconds and sources as codes.

    Refuses a table that lacks a column or holds a value the schema cannot take.
    """
    columns = {}
    for field in schema:
        if field.name not in table.column_names:
            raise BadInput(
                "lake.column_missing",
                f"The rows lack the column {field.name}.",
                column=field.name,
            )
        columns[field.name] = _encode(table.column(field.name), field)
    return pl.DataFrame(columns)


def table(rows: pl.DataFrame, like: LakeTable) -> pa.Table:
    """The inverse of `frame`, for stored rows (with superseded_at)."""
    return pa.table(
        [_decode(rows.get_column(field.name), field) for field in like.stored], schema=like.stored
    )


def union(old: pl.DataFrame | None, new: pl.DataFrame, like: LakeTable) -> pl.DataFrame:
    """Rows of both (without superseded_at going in, with it coming out), sorted by `like.order`."""
    rows = new if old is None else pl.concat([old.select(new.columns), new])
    rows = rows.rechunk()  # of thirty pieces it takes four times as long
    content = [name for name in rows.columns if name not in like.order]
    at, tied = _sorted(rows, [*like.order, *content])
    rows = _taken(rows, at)
    if tied is not None and set(like.order[:2]) <= set(like.key) and not like.stamped:
        return _marked(rows, tied, like)
    same_fact = _equals_next(like.key)
    rows = rows.filter(~(same_fact & _equals_next((like.known,))))
    if like.stamped:
        repeats = _equals_next((*like.key, *content)).shift(1, fill_value=False)
        rows = rows.filter(~repeats)
    return rows.with_columns(
        pl.when(same_fact).then(pl.col(like.known).shift(-1)).alias(SUPERSEDED_AT.name)
    )


def _marked(rows: pl.DataFrame, tied: Numbers, like: LakeTable) -> pl.DataFrame:
    """What `union` makes of sorted rows of which only those at `tied` can be of one fact."""
    few = rows[tied].select(
        repeats=_equals_next(like.key) & _equals_next((like.known,)),
        until=pl.when(_equals_next(like.key)).then(pl.col(like.known).shift(-1)),
    )
    # what is told of a row that repeats the next one goes with it
    until = pl.Series(SUPERSEDED_AT.name, [None], few.get_column("until").dtype)
    until = until.new_from_index(0, rows.height)
    late = few.get_column("until").is_not_null().to_numpy()
    if late.any():
        until = until.scatter(tied[late], few.get_column("until").drop_nulls())
    rows = rows.with_columns(until)
    repeats = tied[few.get_column("repeats").to_numpy()]
    if len(repeats) == 0:
        return rows
    kept = np.ones(rows.height, np.bool_)
    kept[repeats] = False
    return rows.filter(pl.Series(kept))


def order(rows: pl.DataFrame, by: Sequence[str]) -> Numbers:
    """The numbers of the rows, sorted by these columns, nulls first.

    Two leading columns of integers are sorted as one number and the rest only where they tie:
    4 million visits take 0.2 s instead of 1.3 s of one processor.
    """
    return _sorted(rows, by)[0]


def _sorted(rows: pl.DataFrame, by: Sequence[str]) -> tuple[Numbers, Numbers | None]:
    """(order, where in that order neighbours have the same two leading columns); None in the
    place of the latter: not known."""
    found = _as_one_number(rows, by[0], by[1]) if rows.height > 1 else None
    if found is None:
        few = rows.with_row_index("_at").sort(by, nulls_last=False)
        return few.get_column("_at").to_numpy(), None
    at, tied = found
    if len(tied):
        few = _taken(rows, at[tied]).with_row_index("_at").sort(by, nulls_last=False)
        at[tied] = at[tied][few.get_column("_at").to_numpy()]
    return at, tied


def _as_one_number(rows: pl.DataFrame, first: str, second: str) -> tuple[Numbers, Numbers] | None:
    """As `_sorted`, by these two integers alone; None where they do not fit into one number."""
    high, low = rows.get_column(first), rows.get_column(second)
    if not (high.dtype.is_integer() and low.dtype.is_integer()) or low.null_count():
        return None
    blank = high.null_count() > 0
    if high.null_count() < len(high) and _least(high) < 0:
        return None
    top, bottom = high.fill_null(-1).to_numpy() if blank else high.to_numpy(), low.to_numpy()
    least, bits = int(bottom.min()), len(top).bit_length()
    width = int(bottom.max()) - least + 1
    most = (int(top.max()) + 2) * width
    if most < 1 << (63 - bits):  # with the row in it, sorting takes half as long
        both = keys.packed(_plain(top), _plain(bottom), least, width, bits)
        both.sort()
        return keys.unpacked(both, bits)
    if most >= 1 << 63:
        return None
    key = (top.astype(np.int64) + 1) * width + (bottom - least)
    at = np.argsort(key)
    same = key[at[1:]] == key[at[:-1]]
    return at, np.flatnonzero(np.append(same, False) | np.append(False, same))


def _least(numbers: pl.Series) -> int:
    return int(numbers.drop_nulls().to_numpy().min())


def _plain(column: Numbers) -> Numbers:
    """Read-only, as some are: one kernel is compiled then."""
    column = column.view()
    column.flags.writeable = False
    return column


def _taken(rows: pl.DataFrame, at: Numbers) -> pl.DataFrame:
    return rows[pl.Series(at)]


def _equals_next(names: tuple[str, ...]) -> pl.Expr:
    """True where the next row has the same values (null equal to null); false on the last row."""
    return pl.all_horizontal(pl.col(name).eq_missing(pl.col(name).shift(-1)) for name in names) & (
        pl.int_range(pl.len()) < pl.len() - 1
    )


def _encode(column: pa.ChunkedArray, field: pa.Field) -> pl.Series:
    if pa.types.is_timestamp(field.type):
        seconds = column.cast(field.type, safe=False).cast(pa.int64())
        return pl.Series(field.name, pl.from_arrow(seconds))
    if pa.types.is_dictionary(field.type):
        return codes(column, field)
    return pl.Series(field.name, pl.from_arrow(column.cast(field.type)))


def codes(column: pa.ChunkedArray, field: pa.Field) -> pl.Series:
    """int8 code of each source; refuses one that no feed has."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    found = pa.chunked_array([_known(part) for part in column.chunks], pa.int8())
    if found.null_count > column.null_count:
        raise BadInput(
            "lake.value_unknown",
            f"Column {field.name} holds a value that is not one of {', '.join(SOURCES)}.",
            column=field.name,
        )
    return pl.Series(field.name, pl.from_arrow(found), pl.Int8)


def _known(part: pa.DictionaryArray) -> pa.Array:
    """Codes of one chunk, null for what is none of `SOURCES`."""
    words = part.dictionary.cast(pa.string())
    return (
        pa.compute.index_in(words, value_set=pa.array(SOURCES)).cast(pa.int8()).take(part.indices)
    )


def _decode(series: pl.Series, field: pa.Field) -> pa.Array:
    array = series.rechunk().to_arrow()
    if pa.types.is_timestamp(field.type):
        return array.cast(pa.int64()).cast(field.type)
    if pa.types.is_dictionary(field.type):
        return sources(series)
    return array.cast(field.type)


def sources(codes: pl.Series) -> pa.DictionaryArray:
    """The inverse of `codes`."""
    array = codes.rechunk().to_arrow().cast(pa.int8())
    return pa.DictionaryArray.from_arrays(array, pa.array(SOURCES))

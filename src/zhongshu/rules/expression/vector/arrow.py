"""Columns from Arrow and back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

from zhongshu.rules.expression import sequences
from zhongshu.rules.expression.vector import columns
from zhongshu.rules.expression.vector.columns import Array, Column, Lists, Part

# Microseconds of the years 1 to 9999, all that a moment can be.
FIRST, LAST = -62_135_596_800_000_000, 253_402_300_799_999_999
FIRST_DAY, LAST_DAY = -719_162, 2_932_896


def from_arrow(array: pa.Array) -> Column:
    """The values of an Arrow array as `values.read` would read them."""
    kind = array.type
    if types.is_dictionary(kind):
        return from_arrow(array.cast(kind.value_type))
    if types.is_timestamp(kind) and kind.tz is None:
        return Column({})  # a naive moment is unknown
    for belongs, convert in _FROM:
        if belongs(kind):
            return convert(array)
    return columns.from_python(array.to_pylist())


def _valid(array: pa.Array) -> Array:
    return columns.ALL if not array.null_count else np.asarray(array.is_valid())


def _flags(array: pa.Array) -> Column:
    return Column.of(columns.FLAG, _valid(array), np.asarray(array.fill_null(False)))


def _numbers(array: pa.Array) -> Column:
    found = array.cast(pa.float64(), safe=False).fill_null(0.0)
    return columns.numbers(_valid(array), np.asarray(found))


def _texts(array: pa.Array) -> Column:
    encoded = array.cast(pa.string()).dictionary_encode()
    words = np.empty(len(encoded.dictionary), dtype=object)
    words[:] = encoded.dictionary.to_pylist()
    codes = np.asarray(encoded.indices.fill_null(0))
    return Column.of(columns.TEXT, _valid(array), codes, words)


def _days(array: pa.Array) -> Column:
    found = np.asarray(array.cast(pa.date32()).cast(pa.int32()).fill_null(0)).astype(np.int64)
    mask = _valid(array) & (found >= FIRST_DAY) & (found <= LAST_DAY)
    return Column.of(columns.DAY, mask, found)


def _moments(array: pa.Array) -> Column:
    utc = array.cast(pa.timestamp("us", "UTC"), safe=False)
    found = np.asarray(utc.cast(pa.int64()).fill_null(0))
    return Column.of(columns.MOMENT, _valid(array) & (found >= FIRST) & (found <= LAST), found)


def _lists(array: pa.Array) -> Column:
    large = types.is_large_list(array.type)
    plain = (
        array
        if types.is_list(array.type) or large
        else array.cast(pa.list_(array.type.value_field))
    )
    counts = np.asarray(pc.list_value_length(plain).fill_null(0))
    owner = np.repeat(np.arange(len(plain)), counts)
    mask = columns.spread(_valid(array), len(array))
    return Column.of(columns.LIST, mask, Lists(owner, plain.flatten()))


def _structs(array: pa.Array) -> Column:
    return Column.of(columns.STRUCT, _valid(array), array)


def _is_number(kind: pa.DataType) -> bool:
    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def _is_text(kind: pa.DataType) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_list(kind: pa.DataType) -> bool:
    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


_FROM: tuple[tuple[Callable[[pa.DataType], bool], Callable[[pa.Array], Column]], ...] = (
    (types.is_null, lambda _: Column({})),
    (types.is_boolean, _flags),
    (_is_number, _numbers),
    (_is_text, _texts),
    (types.is_date, _days),
    (types.is_timestamp, _moments),
    (_is_list, _lists),
    (types.is_struct, _structs),
)


def field(column: Column, name: str, size: int) -> Column:
    """The values one step down a path: a struct's field."""
    part = column.parts.get(columns.STRUCT)
    if part is not None and len(column.parts) == 1:
        place = part.values.type.get_field_index(name)
        if place < 0:
            return Column({})
        return from_arrow(pc.struct_field(part.values, indices=[place]))
    if columns.NESTED.isdisjoint(column.parts):
        return Column({})
    return columns.from_python(sequences.access(one, name) for one in column.python(size))


# Back to Arrow


def to_arrow(column: Column, size: int) -> pa.Array:
    """One Arrow array; rows of different kinds become a dense union."""
    parts = {
        kind: Part(columns.spread(part.mask, size), part.values, part.words)
        for kind, part in column.parts.items()
        if columns.spread(part.mask, size).any()
    }
    if not parts:
        return pa.nulls(size)
    made = {kind: _TO[kind](part, size) for kind, part in parts.items()}
    if len(made) == 1:
        return next(iter(made.values()))
    return _union(made, parts, size)


def _union(made: Mapping[str, pa.Array], parts: Mapping[str, Part], size: int) -> pa.Array:
    kinds, offsets = np.zeros(size, dtype=np.int8), np.arange(size, dtype=np.int32)
    for place, part in enumerate(parts.values(), start=1):
        kinds[part.mask] = place
    children = [pa.nulls(size), *made.values()]
    return pa.UnionArray.from_dense(
        pa.array(kinds), pa.array(offsets), children, ["unknown", *made]
    )


def _masked(dtype: Any, arrow: pa.DataType | None = None) -> Callable[[Part, int], pa.Array]:
    def convert(part: Part, size: int) -> pa.Array:
        found = columns.spread(part.values, size).astype(dtype)
        array = pa.array(found, mask=~part.mask)
        return array.cast(arrow) if arrow is not None else array

    return convert


def _text_array(part: Part, size: int) -> pa.Array:
    codes = columns.spread(part.values, size).astype(np.int32)
    found = pa.DictionaryArray.from_arrays(
        pa.array(codes, mask=~part.mask), pa.array(list(part.words), pa.string())
    )
    return found.dictionary_decode()


def _list_array(part: Part, size: int) -> pa.Array:
    counts = part.values.counts(size)
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    mask = pa.array(~part.mask)
    return pa.LargeListArray.from_arrays(pa.array(offsets), part.values.items, mask=mask)


def _struct_array(part: Part, size: int) -> pa.Array:
    rows = np.where(part.mask, np.arange(size), -1)
    return part.values.take(pa.array(rows, mask=rows < 0))


def _object_array(part: Part, size: int) -> pa.Array:
    found = columns.spread(part.values, size)
    rows = zip(found, part.mask, strict=True)
    return pa.array([one if there else None for one, there in rows])


_TO: Mapping[str, Callable[[Part, int], pa.Array]] = {
    columns.FLAG: _masked(bool),
    columns.NUMBER: _masked(np.float64),
    columns.TEXT: _text_array,
    columns.DAY: _masked(np.int32, pa.date32()),
    columns.MOMENT: _masked(np.int64, pa.timestamp("us", "UTC")),
    columns.LIST: _list_array,
    columns.STRUCT: _struct_array,
    columns.OBJECT: _object_array,
}

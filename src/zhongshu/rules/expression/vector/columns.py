"""A column of values of the language: for each kind of value a mask and an array.

Rows that no mask covers are unknown.  Masks of different kinds never overlap, so a column whose
rows are of different kinds (`or` of a number and a text) is as natural as one of a single kind.
Arrays have one entry per row, or a single one that holds for all rows.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.rules.expression import values

Array = Any  # numpy array; its element type depends on the kind

FLAG, NUMBER, TEXT, DAY, MOMENT = "flag", "number", "text", "day", "moment"
LIST, STRUCT, OBJECT = "list", "struct", "object"
NESTED = frozenset({LIST, STRUCT, OBJECT})

ALL = np.array([True])
NONE = np.array([False])
_EPOCH_DAY = dt.date(1970, 1, 1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Lists:
    """Lists laid end to end.  owner: row of each element, ascending; items: the elements."""

    owner: Array
    items: pa.Array

    def counts(self, size: int) -> Array:
        return np.bincount(self.owner, minlength=size)


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The rows of one kind.

    values: bool, float64, int64 days or microseconds (UTC) since 1970, Lists, a StructArray, or
        an object array; for text int32 places in `words`.
    """

    mask: Array
    values: Any
    words: Array = None


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Column:
    parts: Mapping[str, Part]

    @staticmethod
    def of(kind: str, mask: Array, found: Any, words: Array = None) -> Column:
        return Column({kind: Part(mask, found, words)} if mask.any() else {})

    def joined(self, *others: Column) -> Column:
        """Columns of different kinds, laid over each other."""
        parts = dict(self.parts)
        for other in others:
            parts.update(other.parts)
        return Column(parts)

    def only(self, *kinds: str) -> Column:
        return Column({kind: part for kind, part in self.parts.items() if kind in kinds})

    def known(self) -> Array:
        found = NONE
        for part in self.parts.values():
            found = found | part.mask
        return found

    def constant(self) -> bool:
        """Whether one value holds for all rows."""
        return all(
            kind not in {LIST, STRUCT} and len(part.mask) == len(part.values) == 1
            for kind, part in self.parts.items()
        )

    def truth(self, size: int) -> Array:
        found = NONE
        for kind, part in self.parts.items():
            found = found | (part.mask & _TRUTH[kind](part, size))
        return found

    def take(self, index: Array) -> Column:
        """The rows at `index`; what holds for all rows keeps doing so."""
        return Column({kind: _taken(kind, part, index) for kind, part in self.parts.items()})

    def python(self, size: int) -> list[Any]:
        """The value of each row, as `scalar` would have it."""
        rows: list[Any] = [None] * size
        for kind, part in self.parts.items():
            mask = np.broadcast_to(part.mask, size)
            found = _PYTHON[kind](part, size)
            for row in np.flatnonzero(mask):
                rows[row] = found[row]
        return rows


def flags(held: Array) -> Column:
    """A truth for every row."""
    return Column({FLAG: Part(ALL, held)})


def numbers(mask: Array, found: Array) -> Column:
    """Doubles; one that is no number of the language is unknown."""
    with np.errstate(invalid="ignore"):
        return Column.of(NUMBER, mask & (np.abs(found) <= values.LARGEST), found)


def spread(array: Array, size: int) -> Array:
    return array if len(array) == size else np.broadcast_to(array, size)


# Truth, rows taken, Python values: one function per kind


def _true_lists(part: Part, size: int) -> Array:
    return part.values.counts(size) > 0


_TRUTH: Mapping[str, Callable[[Part, int], Array]] = {
    FLAG: lambda part, _: part.values,
    NUMBER: lambda part, _: part.values != 0,
    TEXT: lambda part, _: (part.words != "")[part.values],
    DAY: lambda part, _: ALL,
    MOMENT: lambda part, _: ALL,
    LIST: _true_lists,
    STRUCT: lambda part, _: np.array([part.values.type.num_fields > 0]),
    OBJECT: lambda part, _: np.array([bool(one) for one in part.values], dtype=bool),
}


def _taken(kind: str, part: Part, index: Array) -> Part:
    mask = _pick(part.mask, index)
    if kind == STRUCT:
        return Part(mask, part.values.take(pa.array(index)))
    if kind == LIST:
        return Part(mask, _taken_lists(part.values, index))
    return Part(mask, _pick(part.values, index), part.words)


def _pick(array: Array, index: Array) -> Array:
    return array if len(array) == 1 else array[index]


def _taken_lists(lists: Lists, index: Array) -> Lists:
    size = int(index.max()) + 1 if len(index) else 0
    counts = lists.counts(size)
    begins = np.concatenate([[0], np.cumsum(counts)[:-1]]) if size else counts
    lengths = counts[index]
    owner = np.repeat(np.arange(len(index)), lengths)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return Lists(owner, lists.items.take(pa.array(np.repeat(begins[index], lengths) + within)))


def _python_lists(part: Part, size: int) -> list[Any]:
    rows: list[list[Any]] = [[] for _ in range(size)]
    for owner, item in zip(part.values.owner, part.values.items.to_pylist(), strict=True):
        rows[owner].append(item)
    return rows


def day_of_number(number: int) -> dt.date:
    return dt.date.fromordinal(int(number) + _EPOCH_DAY.toordinal())


def moment_of_number(number: int) -> dt.datetime:
    return _EPOCH + int(number) * _MICROSECOND


def number_of_day(day: dt.date) -> int:
    return day.toordinal() - _EPOCH_DAY.toordinal()


def number_of_moment(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _each(convert: Callable[[Any], Any]) -> Callable[[Part, int], list[Any]]:
    def rows(part: Part, size: int) -> list[Any]:
        mask = np.broadcast_to(part.mask, size)
        found = np.broadcast_to(part.values, size)
        return [convert(one) if there else None for there, one in zip(mask, found, strict=True)]

    return rows


_PYTHON: Mapping[str, Callable[[Part, int], list[Any]]] = {
    FLAG: _each(bool),
    NUMBER: _each(lambda one: values.narrow(float(one))),
    TEXT: lambda part, size: list(part.words[np.broadcast_to(part.values, size)]),
    DAY: _each(day_of_number),
    MOMENT: _each(moment_of_number),
    LIST: _python_lists,
    STRUCT: lambda part, _: part.values.to_pylist(),
    OBJECT: _each(lambda one: one),
}


# From Python


def kind_of(value: object) -> str:
    """The kind of a known value that has been read."""
    if isinstance(value, bool):
        return FLAG
    if isinstance(value, dt.datetime):
        return MOMENT
    if isinstance(value, dt.date):
        return DAY
    if isinstance(value, str):
        return TEXT
    return NUMBER if isinstance(value, int | float) else OBJECT


def from_python(rows: Iterable[Any]) -> Column:
    """A column of values as `values.read` gives them."""
    read = [values.read(one) for one in rows]
    kinds = np.array([None if one is None else kind_of(one) for one in read], dtype=object)
    column = Column({})
    for kind in {one for one in kinds if one is not None}:
        mask = kinds == kind
        column = column.joined(_python_part(kind, mask, read))
    return column


def _python_part(kind: str, mask: Array, read: list[Any]) -> Column:
    if kind == TEXT:
        places: dict[str, int] = {}
        codes = [
            places.setdefault(one, len(places)) if there else 0
            for one, there in zip(read, mask, strict=True)
        ]
        words = np.array(list(places), dtype=object)
        return Column.of(kind, mask, np.array(codes, dtype=np.int32), words)
    if kind == OBJECT:
        found = np.empty(len(read), dtype=object)
        found[:] = [one if there else None for one, there in zip(read, mask, strict=True)]
        return Column.of(kind, mask, found)
    convert, dtype = _NUMPY[kind]
    rows = [convert(one) if there else 0 for one, there in zip(read, mask, strict=True)]
    return Column.of(kind, mask, np.array(rows, dtype=dtype))


_NUMPY: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    FLAG: (bool, "bool"),
    NUMBER: (float, "float64"),
    DAY: (number_of_day, "int64"),
    MOMENT: (number_of_moment, "int64"),
}


# Choosing between two columns


def choose(which: Array, a: Column, b: Column, size: int) -> Column:
    """Row by row `a` where `which`, else `b`."""
    if not NESTED.isdisjoint((*a.parts, *b.parts)):
        a, b = _objects(a, size), _objects(b, size)
    column = Column({})
    for kind in {*a.parts, *b.parts}:
        one, other = a.parts.get(kind), b.parts.get(kind)
        column = column.joined(_merged(kind, which, one, other))
    return column


def _merged(kind: str, which: Array, one: Part | None, other: Part | None) -> Column:
    if one is None or other is None:
        part = one or other
        assert part is not None
        where = which if other is None else ~which
        return Column.of(kind, part.mask & where, part.values, part.words)
    mask = (one.mask & which) | (other.mask & ~which)
    if kind != TEXT:
        return Column.of(kind, mask, np.where(which, one.values, other.values))
    words, places = shared_words(one.words, other.words)
    return Column.of(kind, mask, np.where(which, one.values, places[other.values]), words)


def shared_words(first: Array, second: Array) -> tuple[Array, Array]:
    """(words of both, those of `first` keeping their places; place of each word of `second`)."""
    places = {word: place for place, word in enumerate(first)}
    found = [places.setdefault(word, len(places)) for word in second]
    return np.array(list(places), dtype=object), np.array(found, dtype=np.int32)


def _objects(column: Column, size: int) -> Column:
    """Lists and structs as Python objects."""
    nested = column.only(*NESTED)
    if not nested.parts:
        return column
    rest = Column({kind: part for kind, part in column.parts.items() if kind not in NESTED})
    rows = np.empty(size, dtype=object)
    rows[:] = nested.python(size)
    return rest.joined(Column.of(OBJECT, spread(nested.known(), size), rows))

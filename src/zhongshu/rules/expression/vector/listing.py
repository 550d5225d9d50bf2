"""The operators over lists: elements of all rows laid end to end, gathered again by row."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.rules.expression.vector import columns, times
from zhongshu.rules.expression.vector.arrow import field, from_arrow
from zhongshu.rules.expression.vector.columns import Array, Column, Lists, Part

_SPAN = {"day": 1, "hour": 3_600_000_000}


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Left:
    """What a condition left of the lists of a column.

    there: rows whose list is known; owner: row of each element; items: the elements.
    """

    there: Array
    owner: Array
    items: pa.Array
    size: int

    def field(self, name: str) -> Column:
        return path_of(from_arrow(self.items), name, len(self.items))

    def counted(self, which: Array) -> Array:
        which = columns.spread(which, len(self.owner))
        return np.bincount(self.owner[which], minlength=self.size)


def left(part: Part, keep: Array | None, size: int) -> Left:
    """keep: mask over the elements; None keeps all."""
    lists = part.values
    if keep is None:
        return Left(part.mask, lists.owner, lists.items, size)
    rows = np.flatnonzero(columns.spread(keep, len(lists.owner)))
    if len(rows) == len(lists.owner):
        return Left(part.mask, lists.owner, lists.items, size)
    return Left(part.mask, lists.owner[rows], lists.items.take(pa.array(rows)), size)


def path_of(column: Column, path: str, size: int) -> Column:
    for name in path.split(".") if path else ():
        column = field(column, name, size)
    return column


def _count(of: Left) -> Column:
    return columns.numbers(of.there, np.bincount(of.owner, minlength=of.size).astype(float))


def _filter(of: Left) -> Column:
    return Column.of(columns.LIST, of.there, Lists(of.owner, of.items))


def _sum(of: Left, name: str) -> Column:
    found = of.field(name)
    part = found.parts.get(columns.NUMBER)
    wrong = of.counted(found.known() & ~found.only(columns.NUMBER).known()) > 0
    if part is None:
        return columns.numbers(of.there & ~wrong, np.zeros(1))
    rows = np.flatnonzero(columns.spread(part.mask, len(of.owner)))
    weights = columns.spread(part.values, len(of.owner))[rows]
    total = np.bincount(of.owner[rows], weights=weights, minlength=of.size)
    return columns.numbers(of.there & ~wrong, total)


def _count_distinct(of: Left, name: str) -> Column:
    """An Arrow column holds one kind, so different values have different codes."""
    total = np.zeros(of.size)
    for kind, part in of.field(name).parts.items():
        if kind in columns.NESTED:
            continue
        rows = np.flatnonzero(columns.spread(part.mask, len(of.owner)))
        values, codes = np.unique(
            columns.spread(part.values, len(of.owner))[rows], return_inverse=True
        )
        pairs = np.unique(of.owner[rows] * max(len(values), 1) + codes)
        total += np.bincount(pairs // max(len(values), 1), minlength=of.size)
    return columns.numbers(of.there, total)


def _extreme(pick: Any) -> Callable[[Left, str], Column]:
    def gather(of: Left, name: str) -> Column:
        found = of.field(name)
        read = found.only(columns.NUMBER).joined(times.timed(found))
        wrong = of.counted(found.known() & ~read.known()) > 0
        parts = {kind: _gathered(of, part, pick) for kind, part in read.parts.items()}
        several = reduce(np.add, (one.mask.astype(np.int8) for one in parts.values()), 0) > 1
        right = of.there & ~wrong & ~several
        made = [Column.of(kind, one.mask & right, one.values) for kind, one in parts.items()]
        return Column({}).joined(*made)

    return gather


def _gathered(of: Left, part: Part, pick: Any) -> Part:
    """The extreme of each row's elements; the mask says which rows have any."""
    rows = np.flatnonzero(columns.spread(part.mask, len(of.owner)))
    owner, found = of.owner[rows], columns.spread(part.values, len(of.owner))[rows]
    mask, values = np.zeros(of.size, dtype=bool), np.zeros(of.size, dtype=found.dtype)
    if len(rows):
        begins = np.flatnonzero(np.diff(owner, prepend=-1))
        mask[owner[begins]] = True
        values[owner[begins]] = pick.reduceat(found, begins)
    return Part(mask, values)


# What is made of the elements a condition left.
OF_ELEMENTS: Mapping[str, Callable[..., Column]] = {
    "count": _count,
    "filter": _filter,
    "count_distinct": _count_distinct,
    "sum": _sum,
    "max_of": _extreme(np.maximum),
    "min_of": _extreme(np.minimum),
}


def window(of: Left, name: str, end: Column, amount: Column, unit: str) -> Column:
    """`sequences.window` row by row."""
    kind, read = (columns.DAY, times.days) if unit == "day" else (columns.MOMENT, times.instants)
    last, reach = times.part(read(end), kind), times.part(amount, columns.NUMBER)
    there = of.there & last.mask & reach.mask
    if unit == "day":
        there = there & (np.rint(reach.values) == reach.values)
    at = times.part(read(of.field(name)), kind)
    size = of.size
    span = np.rint(columns.spread(reach.values, size).astype(float) * _SPAN[unit])
    before = columns.spread(last.values, size)[of.owner] - at.values
    keep = at.mask & columns.spread(there, size)[of.owner]
    keep = columns.spread(keep & (before >= 0) & (before < span[of.owner]), len(of.owner))
    rows = np.flatnonzero(keep)
    return Column.of(
        columns.LIST,
        columns.spread(there, size),
        Lists(of.owner[rows], of.items.take(pa.array(rows))),
    )


def longest_run(of: Left, name: str) -> Column:
    """`sequences.longest_run` row by row."""
    part = times.part(times.days(of.field(name)), columns.DAY)
    rows = np.flatnonzero(columns.spread(part.mask, len(of.owner)))
    days = columns.spread(part.values, len(of.owner))[rows]
    pairs = np.unique(np.stack([of.owner[rows], days], axis=1), axis=0)
    longest = np.zeros(of.size)
    if len(pairs):
        same = (np.diff(pairs[:, 0]) == 0) & (np.diff(pairs[:, 1]) == 1)
        begins = np.flatnonzero(np.concatenate([[True], ~same]))
        lengths = np.diff(np.append(begins, len(pairs)))
        np.maximum.at(longest, pairs[begins, 0], lengths)
    return columns.numbers(of.there, longest)

"""The operators over columns that need only the values of their arguments.

Those without an entry in `FAST` go through the scalar function once per different combination of
argument values (`by_distinct`): plusTime, dccDateOfBirth, extractFromUVCI, within, peak.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np

from zhongshu.rules.expression.vector import arrow, columns, times
from zhongshu.rules.expression.vector.columns import Array, Column, Part

Function = Callable[..., Column]

# A longer list is looked up once per different value instead of compared item by item.
_FEW = 16


# Comparing


def equal(a: Column, b: Column) -> Array:
    """`values.equal` row by row."""
    found = ~a.known() & ~b.known()
    for kind in (columns.FLAG, columns.NUMBER, columns.DAY, columns.MOMENT):
        found = found | _both(a, b, kind, np.equal)
    return found | _same_text(a, b) | _text_and_time(a, b) | _text_and_time(b, a)


def _both(a: Column, b: Column, kind: str, test: Callable[[Any, Any], Array]) -> Array:
    one, other = a.parts.get(kind), b.parts.get(kind)
    if one is None or other is None:
        return columns.NONE
    return one.mask & other.mask & test(one.values, other.values)


def _same_text(a: Column, b: Column) -> Array:
    one, other = a.parts.get(columns.TEXT), b.parts.get(columns.TEXT)
    if one is None or other is None:
        return columns.NONE
    if len(one.words) < len(other.words):
        one, other = other, one
    if len(other.words) == 1:
        where = np.flatnonzero(one.words == other.words[0])
        if not len(where):
            return columns.NONE
        return one.mask & other.mask & (one.values == where[0])
    _, places = columns.shared_words(one.words, other.words)
    return one.mask & other.mask & (one.values == places[other.values])


def _text_and_time(a: Column, b: Column) -> Array:
    """Text of `a` that is the ISO form of a day or moment of `b`."""
    text, time = a.only(columns.TEXT), b.only(columns.DAY, columns.MOMENT)
    if not text.parts or not time.parts:
        return columns.NONE
    read = times.timed(text)
    days = _both(read, time, columns.DAY, np.equal)
    return days | _both(read, time, columns.MOMENT, np.equal)


def _differs(a: Column, b: Column) -> Column:
    return columns.flags(a.known() & b.known() & ~equal(a, b))


def _ordered(test: Callable[[Any, Any], Array]) -> Function:
    def pair(a: Column, b: Column) -> Array:
        found = _both(a, b, columns.NUMBER, test)
        first, second = times.timed(a), times.timed(b)
        if not first.parts or not second.parts:
            return found
        for kind in (columns.DAY, columns.MOMENT):
            found = found | _both(first, second, kind, test)
        return found | _mixed(first, second, test)

    return _chain(pair)


def _mixed(a: Column, b: Column, test: Callable[[Any, Any], Array]) -> Array:
    """A day and a moment, by their Beijing days."""
    found = columns.NONE
    for one, other in ((columns.DAY, columns.MOMENT), (columns.MOMENT, columns.DAY)):
        first, second = a.only(one), b.only(other)
        if first.parts and second.parts:
            days = _both(times.days(first), times.days(second), columns.DAY, test)
            found = found | days
    return found


def _ordered_utc(test: Callable[[Any, Any], Array]) -> Function:
    def pair(a: Column, b: Column) -> Array:
        return _both(times.utc(a), times.utc(b), columns.MOMENT, test)

    return _chain(pair)


def _chain(pair: Callable[[Column, Column], Array]) -> Function:
    def compare(*args: Column) -> Column:
        found = [pair(a, b) for a, b in itertools.pairwise(args)]
        return columns.flags(reduce(np.logical_and, found))

    return compare


def member(item: Column, among: Sequence[Column]) -> Column:
    """Whether `item` equals any of the columns, row by row."""
    found = [equal(item, one) for one in among]
    return columns.flags(reduce(np.logical_or, found, columns.NONE))


def listed(item: Column, among: list[Any], size: int) -> Column | None:
    """Whether `item` is in a list that is the same for all rows; None: better looked up."""
    if len(among) > _FEW:
        return None
    return member(item, [columns.from_python([one]) for one in among])


# Numbers


def _arithmetic(step: Callable[[Any, Any], Array]) -> Function:
    def pair(a: Column, b: Column) -> Column:
        one, other = a.parts.get(columns.NUMBER), b.parts.get(columns.NUMBER)
        if one is None or other is None:
            return Column({})
        with np.errstate(all="ignore"):
            return columns.numbers(one.mask & other.mask, step(one.values, other.values))

    return lambda *args: reduce(pair, args) if len(args) > 1 else args[0].only(columns.NUMBER)


def _minus(*args: Column) -> Column:
    return _subtract(columns.from_python([0]), *args) if len(args) == 1 else _subtract(*args)


_add, _subtract = _arithmetic(np.add), _arithmetic(np.subtract)


def _extreme(pick: Callable[[Any, Any], Array]) -> Function:
    """Of those known; unknown where numbers, days and moments are mixed or something else is."""

    def fold(*args: Column) -> Column:
        read = [one.only(columns.NUMBER).joined(times.timed(one)) for one in args]
        other = [one.known() & ~known.known() for one, known in zip(args, read, strict=True)]
        best = {kind: _best(read, kind, pick) for kind in _ORDERED}
        bad = reduce(np.logical_or, other)
        several = sum(part.mask.astype(np.int8) for part in best.values()) > 1
        right = ~(bad | several)
        made = [Column.of(kind, part.mask & right, part.values) for kind, part in best.items()]
        return made[0].joined(*made[1:])

    return fold


_ORDERED = (columns.NUMBER, columns.DAY, columns.MOMENT)


def _best(read: list[Column], kind: str, pick: Callable[[Any, Any], Array]) -> Part:
    best: Part | None = None
    for part in (one.parts[kind] for one in read if kind in one.parts):
        if best is None:
            best = part
            continue
        both = np.where(part.mask, part.values, best.values)
        values = np.where(part.mask & best.mask, pick(part.values, best.values), both)
        best = Part(part.mask | best.mask, values)
    return best or Part(columns.NONE, np.zeros(1))


# Time on the Beijing clock


def _days_since(anchor: Column, at: Column) -> Column:
    first, last = (times.part(times.days(one), columns.DAY) for one in (anchor, at))
    return columns.numbers(first.mask & last.mask, (last.values - first.values).astype(float))


def _hours_since(anchor: Column, at: Column) -> Column:
    first, last = (times.part(times.instants(one), columns.MOMENT) for one in (anchor, at))
    microseconds = (last.values - first.values).astype(float)
    return columns.numbers(first.mask & last.mask, microseconds / 3_600_000_000)


def _day_number(at: Column, anchor: Column, first_day: Column) -> Column:
    return _add(_days_since(anchor, at), first_day)


_US = {"day": times.DAY_US, "hour": 3_600_000_000, "minute": 60_000_000}
# No two moments are further apart; keeps whole microseconds within 64 bits.
_FURTHEST = float(arrow.LAST - arrow.FIRST)


def _plus(start: Column, amount: Column, unit: str) -> Column:
    when, step = times.timed(start), amount.parts.get(columns.NUMBER)
    if step is None:
        return Column({})
    if unit != "day":
        return _moment_plus(times.instants(when), step, unit)
    moved = _moment_plus(when.only(columns.MOMENT), step, unit)
    return moved.joined(_day_plus(when, step))


def _day_plus(when: Column, step: Part) -> Column:
    start = times.part(when, columns.DAY)
    there = start.mask & step.mask & (np.rint(step.values) == step.values)
    there = there & (np.abs(step.values) <= arrow.LAST_DAY - arrow.FIRST_DAY)
    found = start.values + np.where(there, step.values, 0).astype(np.int64)
    there = there & (found >= arrow.FIRST_DAY) & (found <= arrow.LAST_DAY)
    return Column.of(columns.DAY, there, found)


def _moment_plus(when: Column, step: Part, unit: str) -> Column:
    start = times.part(when, columns.MOMENT)
    with np.errstate(all="ignore"):
        far = np.rint(step.values * float(_US[unit]))
        there = start.mask & step.mask & (np.abs(far) <= _FURTHEST)
    found = start.values + np.where(there, far, 0).astype(np.int64)
    there = there & (found >= arrow.FIRST) & (found <= arrow.LAST)
    return Column.of(columns.MOMENT, there, found)


def _end_of_day(value: Column) -> Column:
    day = times.part(times.days(value), columns.DAY)
    return times.starts(day.values + 1, day.mask)


# Operators with a vector form: function of the columns (a unit stands as it is written).
FAST: Mapping[str, Function] = {
    "===": lambda a, b: columns.flags(equal(a, b)),
    "!==": _differs,
    "known": lambda value: columns.flags(value.known()),
    "<": _ordered(np.less),
    ">": _ordered(np.greater),
    "<=": _ordered(np.less_equal),
    ">=": _ordered(np.greater_equal),
    "before": _ordered_utc(np.less),
    "after": _ordered_utc(np.greater),
    "not-after": _ordered_utc(np.less_equal),
    "not-before": _ordered_utc(np.greater_equal),
    "+": _add,
    "-": _minus,
    "*": _arithmetic(np.multiply),
    "/": _arithmetic(np.divide),
    "min": _extreme(np.minimum),
    "max": _extreme(np.maximum),
    "days_since": _days_since,
    "hours_since": _hours_since,
    "day_number": _day_number,
    "plus": _plus,
    "end_of_day": _end_of_day,
}


def by_distinct(function: Callable[..., Any], args: Sequence[Any], size: int) -> Column:
    """`function` once per different combination of the arguments' values.

    args: columns, or literals that are passed on as they are.
    """
    varying = [one for one in args if isinstance(one, Column) and not one.constant()]
    if not varying:
        return columns.from_python([function(*(_first(one) for one in args))])
    coded = [_coded(one, size) for one in varying]
    keys = coded[0][0]
    for codes, found in coded[1:]:
        _, keys = np.unique(keys * len(found) + codes, return_inverse=True)
    _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    results = []
    for row in first:
        taken = iter(found[codes[row]] for codes, found in coded)
        given = (
            next(taken) if isinstance(one, Column) and not one.constant() else _first(one)
            for one in args
        )
        results.append(function(*given))
    return columns.from_python(results).take(inverse)


def _first(arg: Any) -> Any:
    return arg.python(1)[0] if isinstance(arg, Column) else arg


def _coded(column: Column, size: int) -> tuple[Array, list[Any]]:
    """(code of each row, value of each code); 0 is unknown, nested values are all different."""
    codes, found = np.zeros(size, dtype=np.int64), [None]
    for kind, part in column.parts.items():
        rows = np.flatnonzero(columns.spread(part.mask, size))
        if kind in columns.NESTED:
            values = Column({kind: part}).python(size)
            codes[rows] = len(found) + np.arange(len(rows))
            found += [values[row] for row in rows]
            continue
        distinct, inverse = np.unique(columns.spread(part.values, size)[rows], return_inverse=True)
        codes[rows] = len(found) + inverse
        shown = Column({kind: Part(columns.ALL, distinct, part.words)})
        found += shown.python(len(distinct))
    return codes, found

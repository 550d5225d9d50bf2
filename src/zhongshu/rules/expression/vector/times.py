"""Times of a column: as days and moments, as Beijing days, as instants, as CertLogic's UTC."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from zhongshu.rules.expression import values
from zhongshu.rules.expression.vector import arrow, columns
from zhongshu.rules.expression.vector.columns import Array, Column, Part

DAY_US = 86_400_000_000
_EIGHT_HOURS = 28_800_000_000
# Since 1992 Beijing has been eight hours ahead of UTC; before, clocks were put forward in summer.
_PLAIN_DAY = 8_035
_PLAIN_US = _PLAIN_DAY * DAY_US


def timed(column: Column) -> Column:
    """Its days and moments, also those written as text."""
    found = column.only(columns.DAY, columns.MOMENT)
    text = column.parts.get(columns.TEXT)
    return found if text is None else _over(found, _read(text, values.time_of))


def _read(text: Part, read: Callable[[str], Any]) -> Column:
    """Each different word once."""
    return _masked(columns.from_python(read(word) for word in text.words), text)


def _masked(words: Column, text: Part) -> Column:
    found = words.take(text.values)
    return Column(
        {
            kind: Part(part.mask & text.mask, part.values, part.words)
            for kind, part in found.parts.items()
            if (part.mask & text.mask).any()
        }
    )


def _over(first: Column, second: Column) -> Column:
    """Two columns that share kinds but no rows."""
    if first.parts.keys().isdisjoint(second.parts):
        return first.joined(second)
    which = first.known()
    return columns.choose(which, first, second, 0)


def days(column: Column) -> Column:
    """The Beijing day of each time."""
    found = timed(column)
    moments = found.parts.get(columns.MOMENT)
    if moments is None:
        return found
    numbers, there = _beijing_days(moments.values, moments.mask)
    return _over(found.only(columns.DAY), Column.of(columns.DAY, there, numbers))


def _beijing_days(moments: Array, mask: Array) -> tuple[Array, Array]:
    numbers = (moments + _EIGHT_HOURS) // DAY_US
    there = mask & (moments <= arrow.LAST - _EIGHT_HOURS)
    old = there & (moments < _PLAIN_US)
    if not old.any():
        return numbers, there
    return _patched(numbers, moments, there, old, _old_day)


def _old_day(number: int) -> int | None:
    day = values.day_of(columns.moment_of_number(number))
    return None if day is None else columns.number_of_day(day)


def _patched(
    numbers: Array, source: Array, there: Array, old: Array, convert: Callable[[int], int | None]
) -> tuple[Array, Array]:
    """`numbers` and the mask with the rows in `old` converted one by one, each value once."""
    numbers, source, there, old = (
        np.array(one) for one in np.broadcast_arrays(numbers, source, there, old)
    )
    distinct, inverse = np.unique(source[old], return_inverse=True)
    found = [convert(int(one)) for one in distinct]
    numbers[old] = np.array([one or 0 for one in found], dtype=np.int64)[inverse]
    there[old] = np.array([one is not None for one in found], dtype=bool)[inverse]
    return numbers, there


def instants(column: Column) -> Column:
    """The moment each time begins: 00:00 in Beijing for a day."""
    found = timed(column)
    part = found.parts.get(columns.DAY)
    if part is None:
        return found
    return _over(found.only(columns.MOMENT), starts(part.values, part.mask))


def starts(numbers: Array, mask: Array) -> Column:
    """00:00 in Beijing of days; unknown outside the years 1 to 9999."""
    there = mask & (numbers >= arrow.FIRST_DAY) & (numbers <= arrow.LAST_DAY)
    moments = numbers * DAY_US - _EIGHT_HOURS
    old = there & (numbers < _PLAIN_DAY)
    if old.any():
        moments, there = _patched(moments, numbers, there, old, _old_start)
    return Column.of(columns.MOMENT, there, moments)


def _old_start(number: int) -> int | None:
    start = values.instant_of(columns.day_of_number(number))
    return None if start is None else columns.number_of_moment(start)


def utc(column: Column) -> Column:
    """Each time as CertLogic reads it (`values.utc_of`)."""
    moment = part(column, columns.MOMENT)
    found = Column.of(columns.MOMENT, moment.mask, moment.values // 1000 * 1000)
    day, text = column.parts.get(columns.DAY), column.parts.get(columns.TEXT)
    if day is not None:
        found = _over(found, Column.of(columns.MOMENT, day.mask, day.values * DAY_US))
    return found if text is None else _over(found, _read(text, values.utc_of))


def part(column: Column, kind: str) -> Part:
    """The part of that kind; one without rows where there is none."""
    return column.parts.get(kind) or Part(columns.NONE, np.zeros(1, dtype=np.int64))

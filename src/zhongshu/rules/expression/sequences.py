"""Lists of elements over time: fields, windows, peaks, runs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from typing import Any

from zhongshu.rules.expression import values

_UNITS = {"day": dt.timedelta(days=1), "hour": dt.timedelta(hours=1)}


def access(data: object, path: str) -> Any:
    """The value at a dotted path; unknown where the path does not lead anywhere."""
    found = values.read(data)
    for part in path.split(".") if path else ():
        if isinstance(found, Mapping):
            found = values.read(found.get(part))
        elif isinstance(found, list) and part.isascii() and part.isdecimal() and len(part) < 10:
            found = values.read(found[int(part)]) if int(part) < len(found) else None
        else:
            return None
    return found


def distinct(found: list[object]) -> int:
    """How many different values; lists and mappings are none."""
    return len({key for one in found if (key := identity(one)) is not None})


def identity(value: object) -> tuple[str, object] | None:
    """A hashable form: scalars of one kind have the same one exactly if they are equal."""
    if isinstance(value, bool):
        return ("flag", value)
    if values.is_number(value):
        return ("number", value)
    if isinstance(value, dt.datetime):
        return ("moment", value)  # hashed as an instant
    if isinstance(value, dt.date):
        return ("text", value.isoformat())
    return ("text", value) if isinstance(value, str) else None


def _at(element: object, field: str, unit: str) -> Any:
    value = access(element, field)
    return values.day_of(value) if unit == "day" else values.instant_of(value)


def _reach(amount: Any, unit: str) -> dt.timedelta | None:
    """How far back a window reaches; whole days where the unit is the day."""
    if not values.is_number(amount) or (unit == "day" and not isinstance(amount, int)):
        return None
    try:
        return float(amount) * _UNITS[unit]
    except OverflowError:
        return None


def window(elements: object, field: str, end: object, amount: object, unit: str) -> Any:
    """The elements whose time lies in the window that ends at `end` (included; start excluded).

    Days: the Beijing days end-amount+1 to end.  Elements without a time are left out.
    """
    last: Any = values.day_of(end) if unit == "day" else values.instant_of(end)
    reach = _reach(amount, unit)
    if not isinstance(elements, list) or last is None or reach is None:
        return None
    zero = dt.timedelta(0)
    times = [(_at(one, field, unit), one) for one in elements]
    return [one for at, one in times if at is not None and zero <= last - at < reach]


def peak(
    elements: object, field: str, amount: object, unit: str, distinct_by: str | None = None
) -> int | None:
    """The largest count in any window of that length, of elements or of different `distinct_by`.

    Each window ends at an element, which finds the largest one.
    """
    reach = _reach(amount, unit)
    if not isinstance(elements, list) or reach is None:
        return None
    if reach <= dt.timedelta(0):
        return 0
    rows = [
        (at, identity(access(one, distinct_by)) if distinct_by else ("row", place))
        for place, one in enumerate(elements)
        if (at := _at(one, field, unit)) is not None
    ]
    rows = sorted((row for row in rows if row[1] is not None), key=lambda row: row[0])
    inside: Counter[object] = Counter()
    start = best = 0
    for at, who in rows:
        inside[who] += 1
        while at - rows[start][0] >= reach:
            inside[rows[start][1]] -= 1
            start += 1
        inside = +inside if 0 in inside.values() else inside
        best = max(best, len(inside))
    return best


def longest_run(elements: object, field: str) -> int | None:
    """The most consecutive Beijing days that each have an element."""
    if not isinstance(elements, list):
        return None
    found = (values.day_of(access(one, field)) for one in elements)
    days = {day.toordinal() for day in found if day is not None}
    return max((_run(day, days) for day in days if day - 1 not in days), default=0)


def _run(day: int, days: set[int]) -> int:
    length = 1
    while day + length in days:
        length += 1
    return length

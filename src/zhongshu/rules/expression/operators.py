"""Operators that need only the values of their arguments.  Each returns None for "unknown"."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhongshu.kernel import time
from zhongshu.rules.expression import sequences, values
from zhongshu.rules.expression.values import Time

Function = Callable[..., Any]


# Comparing: an argument that is unknown or of another kind makes a comparison false


def _chain(order: Callable[[object, object], int | None], holds: Callable[[int], bool]) -> Function:
    def compare(*args: object) -> bool:
        signs = [order(a, b) for a, b in itertools.pairwise(args)]
        return all(sign is not None and holds(sign) for sign in signs)

    return compare


_HOLDS: Mapping[str, Callable[[int], bool]] = {
    "<": lambda sign: sign < 0,
    ">": lambda sign: sign > 0,
    "<=": lambda sign: sign <= 0,
    ">=": lambda sign: sign >= 0,
}
_DATES = {"before": "<", "after": ">", "not-after": "<=", "not-before": ">="}


def _differs(a: object, b: object) -> bool:
    return a is not None and b is not None and not values.equal(a, b)


def _in(item: object, among: object) -> bool:
    if not isinstance(among, list):
        return False
    return any(values.equal(item, values.read(one)) for one in among)


def _within(path: object, areas: object) -> bool:
    """The division path lies in (or is) one of the areas; a path ends in '/'."""
    if not isinstance(path, str) or not path:
        return False
    inside = _closed(path)
    among = areas if isinstance(areas, list) else [areas]
    return any(isinstance(one, str) and one and inside.startswith(_closed(one)) for one in among)


def _closed(path: str) -> str:
    return path if path.endswith("/") else path + "/"


# Numbers


def _arithmetic(step: Callable[[float, float], float]) -> Function:
    def fold(first: Any, *others: Any) -> int | float | None:
        found = first if values.is_number(first) else None
        for other in others:
            if found is None or not values.is_number(other):
                return None
            found = values.narrow(step(float(found), float(other)))
        return found

    return fold


def _minus(*args: object) -> Any:
    return _subtract(0, *args) if len(args) == 1 else _subtract(*args)


_subtract = _arithmetic(operator.sub)
_divide = _arithmetic(operator.truediv)


def _by(a: object, b: object) -> Any:
    return None if values.is_number(b) and b == 0 else _divide(a, b)


def least(args: Iterable[object]) -> Any:
    """The smallest of those known; None if none is, or if numbers, days and moments are mixed."""
    return _extreme(args, -1)


def greatest(args: Iterable[object]) -> Any:
    return _extreme(args, 1)


def _extreme(args: Iterable[object], wanted: int) -> Any:
    known = [
        arg if values.is_number(arg) else values.time_of(arg) for arg in args if arg is not None
    ]
    if len({_kind(one) for one in known}) != 1 or known[0] is None:
        return None
    best = known[0]
    for one in known[1:]:
        if values.order(one, best) == wanted:
            best = one
    return best


def _kind(value: object) -> str:
    if isinstance(value, dt.datetime):
        return "moment"
    return "day" if isinstance(value, dt.date) else "number" if value is not None else "other"


# Time on the Beijing clock


def _days_since(anchor: object, at: object) -> int | None:
    first, last = values.day_of(anchor), values.day_of(at)
    return None if first is None or last is None else (last - first).days


def _hours_since(anchor: object, at: object) -> int | float | None:
    first, last = values.instant_of(anchor), values.instant_of(at)
    if first is None or last is None:
        return None
    microseconds = (last - first) // dt.timedelta(microseconds=1)
    return values.narrow(float(microseconds) / 3_600_000_000)


def _day_number(at: object, anchor: object, first_day: object) -> Any:
    return _add(_days_since(anchor, at), first_day)


_add = _arithmetic(operator.add)
_MICROSECONDS = {"day": 86_400_000_000, "hour": 3_600_000_000, "minute": 60_000_000}


def _plus(start: object, amount: Any, unit: str) -> Time | None:
    """A day plus whole days is a day (plus part of a day: unknown); all else is a moment."""
    when = values.time_of(start)
    if when is None or not values.is_number(amount):
        return None
    try:
        if unit == "day" and not isinstance(when, dt.datetime):
            return when + dt.timedelta(days=amount) if isinstance(amount, int) else None
        moment = values.instant_of(when)
        step = dt.timedelta(microseconds=round(float(amount) * _MICROSECONDS[unit]))
        return moment + step if moment is not None else None
    except OverflowError:
        return None


def _end_of_day(value: object) -> dt.datetime | None:
    """24:00 of the Beijing day, that is 00:00 of the next."""
    day = values.day_of(value)
    try:
        return values.instant_of(day + time.DAY) if day is not None else None
    except OverflowError:
        return None


# CertLogic's own


def _plus_time(start: object, amount: int, unit: str) -> dt.datetime | None:
    """In UTC.  Where the month has no such day, the last of that month (the published engines
    differ there; this is the Kotlin one's way)."""
    when = values.utc_of(start)
    if when is None:
        return None
    try:
        if unit in {"day", "hour"}:
            return when + amount * dt.timedelta(**{f"{unit}s": 1})
        month = when.year * 12 + when.month - 1 + amount * (12 if unit == "year" else 1)
        year, month = month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1] if 1 <= year <= 9999 else 0
        return when.replace(year=year, month=month, day=min(when.day, last))
    except (OverflowError, ValueError):
        return None


def _from_uvci(uvci: object, index: int) -> str | None:
    if not isinstance(uvci, str) or index < 0:
        return None
    fragments = re.split(r"[/#:]", uvci.removeprefix("URN:UVCI:"))
    return fragments[index] if index < len(fragments) else None


EAGER: Mapping[str, Function] = {
    "===": values.equal,
    "!==": _differs,
    "!": lambda value: not values.truthy(value),
    "known": lambda value: value is not None,
    "in": _in,
    "within": _within,
    **{op: _chain(values.order, holds) for op, holds in _HOLDS.items()},
    **{op: _chain(values.order_utc, _HOLDS[sign]) for op, sign in _DATES.items()},
    "+": _add,
    "-": _minus,
    "*": _arithmetic(operator.mul),
    "/": _by,
    "min": lambda *args: least(args),
    "max": lambda *args: greatest(args),
    "days_since": _days_since,
    "hours_since": _hours_since,
    "day_number": _day_number,
    "plus": _plus,
    "end_of_day": _end_of_day,
    "plusTime": _plus_time,
    "dccDateOfBirth": values.utc_of,
    "extractFromUVCI": _from_uvci,
    "window": sequences.window,
    "peak": sequences.peak,
    "longest_run": sequences.longest_run,
}


def _fields(elements: list[object], name: object) -> list[object]:
    found = (sequences.access(one, str(name)) for one in elements)
    return [one for one in found if one is not None]


def _sum(elements: list[object], name: object) -> int | float | None:
    found: list[Any] = _fields(elements, name)
    if not all(values.is_number(one) for one in found):
        return None
    total = 0.0
    for one in found:
        total += float(one)
    return values.narrow(total)


# What is made of the elements of a list that a condition left: function(elements, field).
OF_ELEMENTS: Mapping[str, Function] = {
    "count": len,
    "filter": lambda elements: elements,
    "count_distinct": lambda elements, name: sequences.distinct(_fields(elements, name)),
    "sum": _sum,
    "max_of": lambda elements, name: greatest(_fields(elements, name)),
    "min_of": lambda elements, name: least(_fields(elements, name)),
}

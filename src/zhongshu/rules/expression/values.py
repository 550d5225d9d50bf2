"""What a fact may be, and when two are equal, ordered or true.

Values are None (unknown), booleans, numbers, text, days, moments, lists and mappings.  Numbers are
doubles that print whole where they are whole; one beyond 2**53, the last whole number JSON can
carry exactly, is unknown, and so are infinities, naive moments and objects of any other type.
"""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from zhongshu.kernel import time
from zhongshu.kernel.errors import BadInput

LARGEST = 2.0**53
Time = dt.date  # a day, or a moment (datetime is a subclass of date)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)", re.ASCII
)


def read(value: Any) -> Any:
    """A fact as a value of the language; whatever is none of them is unknown (None)."""
    if value is None or isinstance(value, bool) or type(value) is str:
        return value
    if isinstance(value, int | float | decimal.Decimal):
        return number(value)
    if isinstance(value, dt.datetime):
        return _in_utc(value)
    return value if isinstance(value, dt.date | Mapping | list) else _converted(value)


def _in_utc(moment: dt.datetime) -> dt.datetime | None:
    """Python compares and subtracts two moments of one zone by their clocks, not as instants, so
    none but UTC is left; a naive moment, or one outside the years 1 to 9999, is unknown."""
    if moment.tzinfo is dt.UTC:
        return moment
    try:
        return moment.astimezone(dt.UTC) if moment.utcoffset() is not None else None
    except OverflowError:
        return None


def _converted(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, str):  # an enumeration
        return str.__str__(value)
    return read(value.item()) if isinstance(value, np.generic) else None


def number(value: int | float | decimal.Decimal) -> int | float | None:
    try:
        plain = float(value)
    except (OverflowError, ValueError):
        return None
    return narrow(plain)


def narrow(value: float) -> int | float | None:
    """A double as a number of the language."""
    if not -LARGEST <= value <= LARGEST:  # also NaN
        return None
    return int(value) if value.is_integer() else value


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def truthy(value: object) -> bool:
    """CertLogic's truth: false, None, "", 0, [] and {} are not; everything else is."""
    return bool(value)


# Time


def time_of(value: object) -> Time | None:
    """A day or a moment (in UTC) from a value or its ISO text; anything else is unknown.

    A day is a Beijing day.  Text without a zone, or with a time that does not exist, is unknown.
    """
    if isinstance(value, str):
        return _time_of_text(value)
    return value if isinstance(value, dt.date) else None


@functools.lru_cache(maxsize=4096)
def _time_of_text(text: str) -> Time | None:
    try:
        if _DAY.fullmatch(text):
            return dt.date.fromisoformat(text)
        return _in_utc(dt.datetime.fromisoformat(text)) if _MOMENT.fullmatch(text) else None
    except ValueError:
        return None


def day_of(value: object) -> dt.date | None:
    """The Beijing day a time lies in."""
    when = time_of(value)
    if not isinstance(when, dt.datetime):
        return when
    try:
        return time.beijing_day(when)
    except OverflowError:
        return None


def instant_of(value: object) -> dt.datetime | None:
    """The moment a time begins: 00:00 in Beijing for a day."""
    when = time_of(value)
    if when is None or isinstance(when, dt.datetime):
        return when
    return _in_utc(time.start_of_day(when))


def utc_of(value: object) -> dt.datetime | None:
    """A time as CertLogic reads it, in whole milliseconds: a day is midnight UTC, a moment without
    zone is UTC, YYYY-MM and YYYY are the last day of the month or year."""
    if isinstance(value, str):
        return _utc_of_text(value)
    if isinstance(value, dt.datetime):
        return value.replace(microsecond=value.microsecond // 1000 * 1000)
    return dt.datetime.combine(value, dt.time(), dt.UTC) if isinstance(value, dt.date) else None


_CERTLOGIC = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(?:Z|([+-])(\d{1,2}):?(\d\d)?)?", re.ASCII
)
_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?", re.ASCII)


@functools.lru_cache(maxsize=4096)
def _utc_of_text(text: str) -> dt.datetime | None:
    try:
        if found := _PARTIAL.fullmatch(text):
            return _last_of(int(found[1]), int(found[2] or 12))
        if _DAY.fullmatch(text):
            return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), dt.UTC)
        if not (found := _CERTLOGIC.fullmatch(text)):
            return None
        day, clock, fraction, sign, hours, minutes = found.groups()
        # Normalised to milliseconds, further digits ignored (CertLogic 1.2.1).
        fraction = (fraction or ".").ljust(4, "0")[:4]
        zone = f"{sign}{int(hours):02}:{minutes or '00'}" if sign else "+00:00"
        return _in_utc(dt.datetime.fromisoformat(f"{day}T{clock}{fraction}{zone}"))
    except (ValueError, OverflowError):
        return None


def _last_of(year: int, month: int) -> dt.datetime:
    first_after = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=dt.UTC)
    return first_after - dt.timedelta(days=1)


# Comparing


def equal(a: object, b: object) -> bool:
    """Equality without conversion.  Two unknowns are equal (as in CertLogic), lists and mappings
    never; a day or moment equals its ISO text, moments are equal as instants."""
    if a is None or b is None:
        return a is b
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, dt.date) or isinstance(b, dt.date):
        return _same_time(time_of(a), time_of(b))
    if isinstance(a, str) or isinstance(b, str):
        return isinstance(a, str) and isinstance(b, str) and a == b
    return is_number(a) and is_number(b) and a == b


def _same_time(a: Time | None, b: Time | None) -> bool:
    if a is None or b is None or isinstance(a, dt.datetime) is not isinstance(b, dt.datetime):
        return False
    return a == b


def order(a: object, b: object) -> int | None:
    """-1, 0 or 1; None where the two cannot be ordered (unknown, or of different kinds).

    Numbers by size.  Times by instant; a day and a moment by their Beijing days.
    """
    if is_number(a) and is_number(b):
        return _sign(a, b)
    first, second = time_of(a), time_of(b)
    if first is None or second is None:
        return None
    if isinstance(first, dt.datetime) is not isinstance(second, dt.datetime):
        first, second = day_of(first), day_of(second)
        if first is None or second is None:
            return None
    return _sign(first, second)


def order_utc(a: object, b: object) -> int | None:
    first, second = utc_of(a), utc_of(b)
    return None if first is None or second is None else _sign(first, second)


def _sign(a: Any, b: Any) -> int:
    return int(a > b) - int(a < b)


# Showing


def plain(value: object, *, limit: int = 100_000) -> Any:
    """JSON for a value: days and moments (Beijing clock) as ISO text.

    Facts kept in this form evaluate to the same.  Refuses (BadInput ``expression.too_large``)
    more than `limit` parts.
    """
    left = [limit]

    def go(item: object) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise BadInput("expression.too_large", f"A value has more than {limit} parts.")
        if isinstance(item, Mapping):
            return {str(key): go(part) for key, part in item.items()}
        if isinstance(item, list | tuple):
            return [go(part) for part in item]
        return _plain_time(read(item))

    return go(value)


def _plain_time(item: Any) -> Any:
    if isinstance(item, dt.datetime):
        try:
            local = time.beijing(item)
        except OverflowError:
            return item.isoformat()
        # Before 1901 Beijing kept local mean time, 5 min 43 s ahead: no ISO text has such a zone.
        offset = local.utcoffset() or dt.timedelta()
        return (local.astimezone(dt.UTC) if offset.seconds % 60 else local).isoformat()
    return item.isoformat() if isinstance(item, dt.date) else item


Figures = Callable[[str], object]

"""Keyset paging: the next page begins after the last key, however long the list is."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet

from zhongshu.kernel.errors import BadInput

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def page(
    rows: QuerySet[M], *, order: Sequence[str], after: str | None, limit: int
) -> tuple[list[M], str | None]:
    """The rows after the cursor, at most `limit`, and the next cursor (None at the end).

    order: model fields, a minus for descending; none of them null, the last one unique.
    """
    if after:
        rows = rows.filter(_beyond(order, _values(rows.model, order, after)))
    found = list(rows.order_by(*order)[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], encode([getattr(last, name.removeprefix("-")) for name in order])


def page_of(
    rows: Sequence[R],
    *,
    key: Callable[[R], tuple[str, ...]],
    width: int,
    after: str | None,
    limit: int,
) -> tuple[Sequence[R], str | None]:
    """As `page`, of rows already read and in the order of their keys: `width` texts each."""
    if after:
        values = tuple(decode(after, width))
        if not all(isinstance(value, str) for value in values):
            raise not_ours()
        rows = [row for row in rows if key(row) > values]
    if len(rows) <= limit:
        return rows, None
    return rows[:limit], encode(key(rows[limit - 1]))


def encode(values: Sequence[object]) -> str:
    plain = [
        value.isoformat() if isinstance(value, dt.date | dt.datetime) else value for value in values
    ]
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(after: str, width: int) -> list[Any]:
    """The values of a cursor; refuses one that was not made by `encode` with `width` values."""
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (ValueError, binascii.Error) as error:
        raise not_ours() from error
    if not isinstance(values, list) or len(values) != width:
        raise not_ours()
    return values


def _values(model: type[Model], order: Sequence[str], after: str) -> list[Any]:
    try:
        return [
            model._meta.get_field(name.removeprefix("-")).to_python(value)  # type: ignore[union-attr]
            for name, value in zip(order, decode(after, len(order)), strict=True)
        ]
    except (ValidationError, TypeError, ValueError) as error:
        raise not_ours() from error


def _beyond(order: Sequence[str], values: Sequence[object]) -> Q:
    """(a, b, c) beyond (x, y, z), as an or of ands; the first column also alone, for its index."""
    condition, equal = Q(), Q()
    for name, value in zip(order, values, strict=True):
        field = name.removeprefix("-")
        step = "lt" if name.startswith("-") else "gt"
        condition |= equal & Q(**{f"{field}__{step}": value})
        equal &= Q(**{field: value})
    first = order[0].removeprefix("-")
    bound = "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{bound}": values[0]}) & condition


def not_ours() -> BadInput:
    """The refusal of a cursor that nobody here made."""
    return BadInput("paging.cursor", "The page mark is not one of ours; start from the first page.")

"""Bounds and remarks shared by typed and written cells."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from zhongshu.connectors.feeds.checks.judged import Context
from zhongshu.connectors.feeds.limits import bounds
from zhongshu.kernel.feeds import Column

_AHEAD_S = 86_400
_AHEAD_BY_NATURE = frozenset({"expires_on"})


def out_of_bounds(column: Column, number: pl.Series) -> dict[str, pl.Series]:
    least, greatest = bounds(column)
    found = {}
    if least is not None:
        found["number.too_small"] = number < least
    if greatest is not None:
        found["number.too_large"] = number > greatest
    return found


def negative(column: Column, number: pl.Series) -> dict[str, pl.Series]:
    """A negative amount may be a correction; a negative degree or floor is ordinary."""
    counted = column.unit == "" and column.name != "floor"
    return {"number.negative": number < 0} if counted else {}


def ahead(
    column: Column, ok: npt.NDArray[np.bool_], utc_s: npt.NDArray[np.int64], context: Context
) -> dict[str, pl.Series]:
    """Over a day after receipt: a wrong year or a wrong clock.  Expiry lies ahead by nature."""
    if column.name in _AHEAD_BY_NATURE:
        return {}
    limit = context.received_at.timestamp() + _AHEAD_S
    return {"time.ahead": pl.Series(ok & (utc_s > limit))}

"""Judging cells that a Parquet file has typed already."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.connectors.feeds.checks import times
from zhongshu.connectors.feeds.checks.judged import TYPES, Context, Judged, judged
from zhongshu.connectors.feeds.checks.remarks import ahead, negative, out_of_bounds
from zhongshu.kernel.feeds import Column, Kind
from zhongshu.lake.schema import SECONDS


def judge(column: Column, cells: pa.Array, context: Context, blank: int) -> Judged | None:
    """Times and numbers that the file declares as such; None sends the cells the text way."""
    kind = cells.type
    if column.kind in (Kind.DATE, Kind.MOMENT) and (
        pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    ):
        return _time(column, cells, context, blank)
    if column.kind in (Kind.INTEGER, Kind.NUMBER) and pa.types.is_integer(kind):
        number = pl.Series(pl.from_arrow(cells.cast(pa.int64(), safe=False)))
        reasons = out_of_bounds(column, number)
        found = judged(number, TYPES[column.kind], reasons, negative(column, number))
        return _blanked(found, cells, blank)
    if column.kind is Kind.NUMBER and pa.types.is_floating(kind):
        number = pl.Series(pl.from_arrow(cells.cast(pa.float64())))
        cells = pa.compute.if_else(pa.compute.is_nan(cells), None, cells)
        reasons = {"number.unreadable": number.is_infinite()} | out_of_bounds(column, number)
        found = judged(number.fill_nan(None), pa.float64(), reasons, negative(column, number))
        return _blanked(found, cells, blank)
    return None


def _time(column: Column, cells: pa.Array, context: Context, blank: int) -> Judged:
    instant = pa.types.is_timestamp(cells.type)
    seconds = cells.cast(pa.timestamp("s", tz=cells.type.tz if instant else None), safe=False)
    utc = np.asarray(seconds.cast(pa.int64()).fill_null(0))
    if not instant or cells.type.tz is None:
        utc = utc - times.BEIJING_S
    first, last = (
        int(np.datetime64(f"{year}-01-01", "s").astype(np.int64)) for year in times.YEARS
    )
    bad = {"time.unreadable": pl.Series((utc < first) | (utc > last))}
    remarks = ahead(column, np.ones(len(utc), np.bool_), utc, context)
    if column.kind is Kind.MOMENT:
        return _blanked(judged(pl.Series(utc), SECONDS, bad, remarks), cells, blank)
    days = pl.Series(((utc + times.BEIJING_S) // times.DAY_S).astype(np.int32)).cast(pl.Date)
    return _blanked(judged(days, pa.date32(), bad, remarks), cells, blank)


def _blanked(found: Judged, cells: pa.Array, blank: int) -> Judged:
    empty = np.asarray(cells.is_null())
    found.reason[empty] = blank
    found.flag[empty] = 0
    values = (
        pa.compute.if_else(pa.array(~empty), found.values, None) if empty.any() else found.values
    )
    return Judged(values, found.reason, found.flag)


def as_text(cells: pa.Array) -> pa.Array:
    """What Parquet typed otherwise than the feed says, as a person would have written it."""
    if pa.types.is_floating(cells.type):
        number = pl.Series(pl.from_arrow(cells.cast(pa.float64())))
        whole = (number == number.floor()) & (number.abs() < 2**53)
        whole_text = number.set(~whole, None).cast(pl.Int64).cast(pl.String)
        return whole_text.fill_null(number.cast(pl.String)).to_arrow().cast(pa.string())
    try:
        return cells.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([None if cell is None else str(cell) for cell in cells.to_pylist()],
                        pa.string())  # fmt: skip

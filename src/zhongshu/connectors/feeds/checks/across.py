"""What only several cells, or several rows, can show: remarks, never rejections."""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.connectors.feeds.checks.judged import Context
from zhongshu.connectors.feeds.checks.rows import Checked
from zhongshu.kernel import spots, tables
from zhongshu.kernel.feeds import FeedSpec, Kind

# Feeds about stays: begin, end, and the remark on an end before the beginning.
_STAYS = {
    "visits": ("time_in", "time_out", "time.out_before_in"),
    "cells": ("time_in", "time_out", "time.out_before_in"),
    "journeys": ("board_at", "alight_at", "time.out_before_in"),
    "dormitories": ("moved_in", "moved_out", "time.no_day_left"),
}
NEWEST_BY = {"cases": "reported_at"}  # of two rows with one key; elsewhere the later row counts


def remark(checked: Checked, spec: FeedSpec) -> None:
    """Cross-checks within a row."""
    if spec.name == "persons":
        _person(checked)
    if spec.name in _STAYS:
        _stay(checked, *_STAYS[spec.name])
    if spec.name == "journeys":
        _service(checked)


def unknown_regions(checked: Checked, spec: FeedSpec, context: Context) -> int:
    """Distinct identity numbers whose first six digits are no region in use."""
    unknown = 0
    for column in spec.columns:
        if column.kind is Kind.ID_NO and checked.accepted.num_rows:
            numbers = pl.Series(pl.from_arrow(_dictionary(checked.accepted.column(column.name))))
            distinct = numbers.filter(numbers != "").unique()
            by_region = distinct.str.slice(0, 6).value_counts(name="n")
            unknown += sum(
                count for region, count in by_region.iter_rows() if region not in context.regions
            )
    return unknown


def newest(checked: Checked, spec: FeedSpec) -> pa.Table:
    """One row per key, the newest; older rows of the same key are flagged unless identical."""
    rows = tables.frame(_decoded(checked.accepted))
    key, order = list(spec.key), NEWEST_BY.get(spec.name)
    if not rows.select(key).is_duplicated().any():
        return _decoded(checked.accepted)
    numbered = rows.with_row_index("_row")
    ranked = numbered.sort([order, "_row"] if order else ["_row"])
    kept = ranked.unique(key, keep="last", maintain_order=True).sort("_row")
    pairs = numbered.join(kept, on=key, how="left", suffix="_kept", maintain_order="left")
    others = [name for name in rows.columns if name not in key]
    differs = pairs.select(
        pl.any_horizontal(
            pl.lit(value=False), *(pl.col(n).ne_missing(pl.col(f"{n}_kept")) for n in others)
        )
    ).to_series()
    checked.flag(key[0], "key.superseded", differs.to_numpy())
    return _decoded(checked.accepted).take(kept.get_column("_row").cast(pl.Int64).to_arrow())


def _person(checked: Checked) -> None:
    """Birth date and sex beside what the identity number says (GB 11643)."""
    table = checked.accepted
    rows = pl.DataFrame(
        {
            "id_no": pl.Series(pl.from_arrow(_plain(table.column("id_no")))),
            "birth": pl.Series(pl.from_arrow(table.column("birth_date"))),
            "sex": pl.Series(pl.from_arrow(_plain(table.column("sex")))),
        }
    )
    found = rows.select(
        birth=pl.col("id_no").str.slice(6, 8) != pl.col("birth").dt.strftime("%Y%m%d"),
        sex=(pl.col("id_no").str.slice(16, 1).cast(pl.Int8) % 2 == 1) != (pl.col("sex") == "M"),
    )
    checked.flag("birth_date", "id.birth_differs", found.get_column("birth").to_numpy())
    checked.flag("sex", "id.sex_differs", found.get_column("sex").to_numpy())


def _stay(checked: Checked, begin: str, end: str, flag: str) -> None:
    """Someone who left before he came was there all the same: the end is not believed."""
    table = checked.accepted
    wrong = pc.less(table.column(end), table.column(begin)).fill_null(False)
    where = np.asarray(wrong.combine_chunks())
    if where.any():
        checked.flag(end, flag, where)
        index = table.column_names.index(end)
        cleared = pc.if_else(wrong, None, table.column(end))
        checked.accepted = table.set_column(index, end, cleared)


def _service(checked: Checked) -> None:
    """A flight that is called like a train was perhaps written into the wrong column."""
    table = checked.accepted
    rows = pl.DataFrame(
        {
            name: pl.Series(pl.from_arrow(_plain(table.column(name))))
            for name in ("vehicle", "number")
        }
    )
    pairs = rows.unique()
    odd = [not spots.looks_like(*pair) for pair in pairs.iter_rows()]
    judged = pairs.with_columns(pl.Series("odd", odd, dtype=pl.Boolean))
    where = rows.join(judged, on=["vehicle", "number"], how="left", maintain_order="left")
    checked.flag("number", "number.unusual", where.get_column("odd").to_numpy())


def _dictionary(column: pa.ChunkedArray) -> pa.Array:
    array = column.combine_chunks()
    return array.chunk(0).dictionary if isinstance(array, pa.ChunkedArray) else array.dictionary


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _decoded(table: pa.Table) -> pa.Table:
    """Dictionaries as plain text: what the registers take."""
    return pa.table({name: _plain(table.column(name)) for name in table.column_names})

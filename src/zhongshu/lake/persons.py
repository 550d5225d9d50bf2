"""Persons of the lake: a small number for each pseudonym, given once and never to another.

Numbers are given in order of the region (`REGION_PLACES` place keys) where somebody was first
seen: people of one region then have like numbers, and their visits pack closer (14.3 to 13.7
bytes a visit, both orders).  Inside a region the order is that of the pseudonyms.  A person all
of whose visits were deleted keeps his number, and his pseudonym is deleted.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.kernel.visitfiles import PERSONS
from zhongshu.lake import disk, parquet
from zhongshu.lake.hot import sorting
from zhongshu.lake.store import Store
from zhongshu.lake.versions import Numbers

FILE = "persons.parquet"  # beside the visits: replaced with them, all or none
REGION_PLACES = 1024
_KEPT: dict[str, tuple[tuple[Path, disk.Mark], pa.Table]] = {}


def read(store: Store) -> pa.Table:
    """`visitfiles.PERSONS`; the number of a row is its place in the table, from 0.

    The list read last is kept in memory until its file is another.
    """
    paths = store.paths("visits", [FILE])
    if not paths:
        return PERSONS.empty_table()
    mark = (paths[0], disk.mark(paths[0]))
    kept = _KEPT.get("last")
    if kept is None or kept[0] != mark:
        kept = _KEPT["last"] = (mark, parquet.read(paths[0]))
    return kept[1]


def numbers(known: pa.Table, pseudonyms: pa.Array) -> pa.Array:
    """int32 number of each pseudonym, null for one never seen."""
    each, codes = sorting.distinct(pseudonyms.cast(pa.int64()).to_numpy(zero_copy_only=False))
    rows = _row_of(known["person"], each)[codes]
    return pa.array(rows, pa.int32(), mask=rows < 0)


def pseudonyms(known: pa.Table) -> pl.Series:
    """Pseudonym by number, int64."""
    return pl.Series("person", pl.from_arrow(known["person"]), pl.Int64)


def entered(known: pa.Table, rows: pl.DataFrame) -> tuple[pa.Table, pl.DataFrame]:
    """(`known` with the persons of `rows` (person, place) it had not; `rows` with numbers for
    pseudonyms in `person`)."""
    column = rows.get_column("person")
    named = None if column.null_count() == 0 else np.flatnonzero(column.is_not_null().to_numpy())
    each, codes = sorting.distinct(column.drop_nulls().to_numpy())
    number = _row_of(known["person"], each)
    unmet = np.flatnonzero(number < 0)
    if len(unmet):
        first_row = sorting.firsts(codes, len(each))[unmet]
        first_row = first_row if named is None else named[first_row]
        place = rows.get_column("place").fill_null(-1).to_numpy()[first_row]
        order = np.lexsort((each[unmet], place // REGION_PLACES))
        number[unmet[order]] = known.num_rows + np.arange(len(unmet))
        fresh = pa.array(each[unmet[order]])
        known = pa.concat_tables([known, _table(fresh, first=known.num_rows)])
    numbered = number.astype(np.int32)[codes]
    if named is None:
        return known, rows.with_columns(pl.Series("person", numbered))
    some = pl.Series("person", [None], pl.Int32).new_from_index(0, rows.height)
    return known, rows.with_columns(some.scatter(named, pl.Series(numbered)))


def _row_of(known: pa.ChunkedArray, asked: Numbers) -> Numbers:
    """Row of each pseudonym (distinct) in `known`, -1 for one that is not there."""
    out = np.full(len(asked), -1, np.int64)
    at = 0
    for chunk in known.chunks:
        there = np.asarray(chunk.is_valid())
        sorting.rows_of(asked, chunk.fill_null(0).to_numpy(), there, at, out)
        at += len(chunk)
    return out


def without(known: pa.Table, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Table:
    """`known` with the pseudonyms of those not in `kept` (a truth value per number) deleted."""
    person = pa.compute.if_else(pa.array(kept), known["person"], pa.scalar(None, pa.int64()))
    return pa.table([known["person_no"], person], schema=PERSONS)


def _table(new: pa.Array, *, first: int) -> pa.Table:
    number = pa.array(np.arange(first, first + len(new), dtype=np.int32))
    return pa.table([number, new], schema=PERSONS)

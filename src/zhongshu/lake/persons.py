"""Persons of the lake: a small number for each pseudonym, given once and never to another.

Numbers are given in order of the region (`REGION_PLACES` place keys) where somebody was first
seen: people of one region then have like numbers, and their visits pack closer (14.3 to 13.7
bytes a visit, both orders).  Inside a region the order is that of the pseudonyms.  A person all
of whose visits were deleted keeps his number, and his pseudonym is deleted.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.kernel.visitfiles import PERSONS
from zhongshu.lake import parquet
from zhongshu.lake.store import Store

FILE = "persons.parquet"  # beside the visits: replaced with them, all or none
REGION_PLACES = 1024


def read(store: Store) -> pa.Table:
    """`visitfiles.PERSONS`; the number of a row is its place in the table, from 0."""
    paths = store.paths("visits", [FILE])
    return parquet.read(paths[0]) if paths else PERSONS.empty_table()


def numbers(known: pa.Table, pseudonyms: pa.Array) -> pa.Array:
    """int32 number of each pseudonym, null for one never seen."""
    found = pa.compute.index_in(known["person"], value_set=pseudonyms)
    rows = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
    at = found.drop_null().to_numpy()
    out = np.full(len(pseudonyms), -1, np.int64)
    out[at] = rows
    return pa.array(out, pa.int32(), mask=out < 0)


def pseudonyms(known: pa.Table) -> pl.Series:
    """Pseudonym by number, int64."""
    return pl.Series("person", pl.from_arrow(known["person"]), pl.Int64)


def entered(known: pa.Table, rows: pl.DataFrame) -> tuple[pa.Table, pl.DataFrame]:
    """(`known` with the persons of `rows` (person, place) it had not; `rows` with numbers for
    pseudonyms in `person`)."""
    have = pl.DataFrame({"person": pseudonyms(known)}).with_row_index("_no").drop_nulls()
    new = (
        rows.select("person", "place")
        .drop_nulls("person")
        .unique("person", keep="first", maintain_order=True)
        .join(have, on="person", how="anti")
        .sort(pl.col("place") // REGION_PLACES, "person")
        .select("person")
    )
    if new.height:
        known = pa.concat_tables([known, _table(new, first=known.num_rows)])
        added = new.with_row_index("_no", offset=known.num_rows - new.height)
        have = pl.concat([have, added.select(have.columns)])
    numbered = rows.join(have, on="person", how="left", maintain_order="left").with_columns(
        pl.col("_no").cast(pl.Int32).alias("person")
    )
    return known, numbered.drop("_no")


def without(known: pa.Table, kept: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> pa.Table:
    """`known` with the pseudonyms of those not in `kept` (a truth value per number) deleted."""
    person = pa.compute.if_else(pa.array(kept), known["person"], pa.scalar(None, pa.int64()))
    return pa.table([known["person_no"], person], schema=PERSONS)


def _table(new: pl.DataFrame, *, first: int) -> pa.Table:
    number = pa.array(np.arange(first, first + new.height, dtype=np.int32))
    return pa.table([number, new.get_column("person").to_arrow()], schema=PERSONS)

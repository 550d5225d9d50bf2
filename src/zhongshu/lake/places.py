"""Places of the lake: a small integer key for each sender's place id, given once and kept."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from zhongshu.lake.schema import PLACES, UNKNOWN_PLACE
from zhongshu.lake.store import Store, Written, read_parquet

FOLDER, FILE = "dims", "places.parquet"
CONTENT = [name for name in PLACES.names if name != "place"]


def read(store: Store) -> pa.Table:
    """All places sorted by key."""
    paths = store.paths(FOLDER, [FILE])
    return read_parquet(paths[0]) if paths else PLACES.empty_table()


def write(store: Store, described: pa.Table) -> Written:
    """Enter or renew places.  Of two rows with one id the last counts; keys never change."""
    fields = [PLACES.field(name) for name in CONTENT]
    rows = pl.from_arrow(described.select(CONTENT).cast(pa.schema(fields)))
    assert isinstance(rows, pl.DataFrame)
    latest = rows.unique("place_id", keep="last")
    with store.lock():
        old = read(store)
        had = _frame(old)
        kept = had.select("place", "place_id").join(latest, on="place_id", how="inner")
        fresh = latest.join(had, on="place_id", how="anti")
        untouched = had.join(latest, on="place_id", how="anti")
        merged = pl.concat(
            [part.select(PLACES.names) for part in (untouched, kept, _numbered(fresh, had))]
        )
        _put(store, merged, old)
    unchanged = kept.join(had, on=PLACES.names, how="semi", nulls_equal=True)
    return Written(rows.height, latest.height - unchanged.height, (FILE,))


def keys(store: Store, place_ids: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(int32 key per id, whether a place feed has described it), in the order asked."""
    asked = pl.DataFrame({"place_id": pl.Series(pl.from_arrow(place_ids.cast(pa.string())))})
    with store.lock():
        old = read(store)
        had = _frame(old)
        fresh = asked.unique().join(had, on="place_id", how="anti")
        if fresh.height:
            blank = fresh.select(
                "place_id",
                pl.col("place_id").alias("name"),
                pl.lit(UNKNOWN_PLACE).alias("kind"),
                pl.lit(None, pl.String).alias("village_code"),
                pl.lit(None, pl.Float64).alias("lon"),
                pl.lit(None, pl.Float64).alias("lat"),
            )
            had = pl.concat([had, _numbered(blank, had).select(PLACES.names)])
            _put(store, had, old)
    found = asked.join(
        had.select("place_id", "place", "kind"), on="place_id", how="left", maintain_order="left"
    )
    described = found.get_column("kind") != UNKNOWN_PLACE
    return found.get_column("place").to_arrow().cast(pa.int32()), described.to_arrow()


def _numbered(fresh: pl.DataFrame, had: pl.DataFrame) -> pl.DataFrame:
    """`fresh` with the next keys, in order of place id so that a re-run gives the same ones."""
    first = 1 if had.height == 0 else int(had.get_column("place").to_numpy().max()) + 1
    return fresh.sort("place_id").with_columns(
        (pl.int_range(pl.len(), dtype=pl.Int32) + first).cast(pl.Int32).alias("place")
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    rows = pl.from_arrow(table)
    assert isinstance(rows, pl.DataFrame)
    return rows


def _put(store: Store, rows: pl.DataFrame, old: pa.Table) -> None:
    table = rows.sort("place").to_arrow().cast(PLACES)
    if not table.equals(old):
        store.replace(FOLDER, {FILE: table})

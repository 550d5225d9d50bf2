"""Places of the lake: a small integer key for each sender's place id, given once and kept.

A sub-place (floor, carriage, seat row, cabin) is a place of its own with its own key.  Its sender
id is ``<place id of the whole>#<spot>``; ``parent`` is the key of the whole.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.spots import DEEPEST, SPOT
from zhongshu.lake import parquet
from zhongshu.lake.schema import PLACES, UNKNOWN_PLACE
from zhongshu.lake.store import Store, Written

FOLDER, FILE = "dims", "places.parquet"
_SENT = [name for name in PLACES.names if name not in ("place", "parent", "number")]
_SENT_ALSO = pa.schema([("parent_id", pa.string()), ("number", pa.int32())])  # may be left out
_ROW = [*_SENT, *_SENT_ALSO.names]


def read(store: Store) -> pa.Table:
    """All places sorted by key.  A file from before there were sub-places reads as without any."""
    paths = store.paths(FOLDER, [FILE])
    if not paths:
        return PLACES.empty_table()
    table = parquet.read(paths[0])
    for field in PLACES:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
    return table.select(PLACES.names).cast(PLACES)


def write(store: Store, described: pa.Table) -> Written:
    """Enter or renew places.  Of two rows with one id the last counts; keys never change.

    Rows of PLACES without `place` and `parent`; the whole is named by its sender's id in
    `parent_id`, else it is what stands before the last ``#``.  Left out, the columns `parent_id`
    and `number` say nothing: what was known holds.  A whole nobody has described is entered as of
    unknown kind; a sub-place of unknown kind has the kind of its whole.
    Refuses a place that is part of itself.
    """
    rows = _sent(described)
    latest = rows.unique("place_id", keep="last")
    with store.lock():
        old = read(store)
        had = tables.frame(old)
        told = _kept_silent(latest, had, described.column_names)
        merged = _with_wholes(told, had)
        _put(store, merged, old)
    same = merged.join(had, on=PLACES.names, how="semi", nulls_equal=True)
    unchanged = same.join(latest, on="place_id", how="semi").height
    return Written(rows.height, latest.height - unchanged, (FILE,))


def keys(store: Store, place_ids: pa.Array) -> tuple[pa.Array, pa.Array]:
    """(int32 key per id, whether a feed has described it or its whole), in the order asked."""
    asked = pl.DataFrame({"place_id": pl.Series(pl.from_arrow(place_ids.cast(pa.string())))})
    with store.lock():
        old = read(store)
        had = tables.frame(old)
        fresh = asked.unique().join(had, on="place_id", how="anti")
        if fresh.height:
            had = _with_wholes(_blank(fresh.get_column("place_id")), had)
            _put(store, had, old)
    found = asked.join(
        had.select("place_id", "place", "kind"), on="place_id", how="left", maintain_order="left"
    )
    described = found.get_column("kind") != UNKNOWN_PLACE
    return found.get_column("place").to_arrow().cast(pa.int32()), described.to_arrow()


def whole_of(place_id: pl.Expr) -> pl.Expr:
    """The sender's id of the place that this one is part of, null for none."""
    return place_id.str.extract(f"^(.+){SPOT}[^{SPOT}]+$", 1)


def _sent(described: pa.Table) -> pl.DataFrame:
    """Columns _ROW of what was sent."""
    table = described.select(_SENT).cast(pa.schema([PLACES.field(name) for name in _SENT]))
    for field in _SENT_ALSO:
        given = field.name in described.column_names
        column = described[field.name].cast(field.type) if given else None
        table = table.append_column(
            field, pa.nulls(table.num_rows, field.type) if column is None else column
        )
    return tables.frame(table).with_columns(
        pl.coalesce("parent_id", whole_of(pl.col("place_id"))).alias("parent_id")
    )


def _kept_silent(latest: pl.DataFrame, had: pl.DataFrame, given: list[str]) -> pl.DataFrame:
    """`latest`, with what is known of the columns the sender left out."""
    ids = had.select(pl.col("place").alias("parent"), pl.col("place_id").alias("_parent_id"))
    known = had.join(ids, on="parent", how="left").select(
        "place_id", "_parent_id", pl.col("number").alias("_number")
    )
    rows = latest.join(known, on="place_id", how="left")
    for name in _SENT_ALSO.names:
        if name not in given:
            rows = rows.with_columns(pl.coalesce(f"_{name}", name).alias(name))
    return rows.select(_ROW)


def _blank(place_ids: pl.Series) -> pl.DataFrame:
    """Rows of places nobody has described."""
    return pl.DataFrame({"place_id": place_ids}).select(
        "place_id",
        pl.col("place_id").alias("name"),
        pl.lit(UNKNOWN_PLACE).alias("kind"),
        pl.lit(None, pl.String).alias("village_code"),
        pl.lit(None, pl.Float64).alias("lon"),
        pl.lit(None, pl.Float64).alias("lat"),
        whole_of(pl.col("place_id")).alias("parent_id"),
        pl.lit(None, pl.Int32).alias("number"),
    )


def _with_wholes(told: pl.DataFrame, had: pl.DataFrame) -> pl.DataFrame:
    """`had` with the rows `told` (_ROW) entered or renewed, and the wholes they name."""
    while True:
        wholes = told.select(pl.col("parent_id").alias("place_id")).drop_nulls().unique()
        unmet = wholes.join(had, on="place_id", how="anti").join(told, on="place_id", how="anti")
        if not unmet.height:
            break
        told = pl.concat([told, _blank(unmet.get_column("place_id")).select(_ROW)])
    kept = told.join(had.select("place", "place_id"), on="place_id", how="inner")
    fresh = _numbered(told.join(had, on="place_id", how="anti"), had)
    entered = pl.concat([part.select("place", *_ROW) for part in (kept, fresh)])
    untouched = had.join(told, on="place_id", how="anti")
    ids = pl.concat([part.select("place", "place_id") for part in (untouched, entered)])
    wholes = ids.select(pl.col("place").alias("parent"), pl.col("place_id").alias("parent_id"))
    entered = entered.join(wholes, on="parent_id", how="left")
    return _kinds_of_wholes(pl.concat([part.select(PLACES.names) for part in (untouched, entered)]))


def _kinds_of_wholes(rows: pl.DataFrame) -> pl.DataFrame:
    """Sub-places of unknown kind get the kind of the nearest whole that has one."""
    wholes = rows.select(
        pl.col("place").alias("_above"),
        pl.col("parent").alias("_next"),
        pl.when(pl.col("kind") != UNKNOWN_PLACE).then("kind").alias("_kind"),
    )
    climb = rows.filter(pl.col("parent").is_not_null()).select(
        "place", pl.col("parent").alias("_above"), pl.lit(None, pl.String).alias("_found")
    )
    settled = []
    for _ in range(DEEPEST):
        climb = climb.join(wholes, on="_above", how="left").select(
            "place",
            pl.col("_next").alias("_above"),
            pl.coalesce("_found", "_kind").alias("_found"),
        )
        top = pl.col("_above").is_null()
        settled.append(climb.filter(top))
        climb = climb.filter(~top)
        if not climb.height:
            break
    if climb.height:
        names = rows.join(climb, on="place", how="semi").get_column("place_id").sort().to_list()
        raise BadInput(
            "lake.place_in_itself",
            f"Place {names[0]} is part of a place that is part of it; name the whole it is in.",
            place_ids=names[:20],
        )
    found = pl.concat(settled).select("place", "_found")
    own = pl.col("kind")
    return (
        rows.join(found, on="place", how="left", maintain_order="left")
        .with_columns(
            pl.when(own == UNKNOWN_PLACE)
            .then(pl.coalesce("_found", own))
            .otherwise(own)
            .alias("kind")
        )
        .select(PLACES.names)
    )


def _numbered(fresh: pl.DataFrame, had: pl.DataFrame) -> pl.DataFrame:
    """`fresh` with the next keys, in order of place id so that a re-run gives the same ones."""
    first = 1 if had.height == 0 else int(had.get_column("place").to_numpy().max()) + 1
    return fresh.sort("place_id").with_columns(
        (pl.int_range(pl.len(), dtype=pl.Int32) + first).cast(pl.Int32).alias("place")
    )


def _put(store: Store, rows: pl.DataFrame, old: pa.Table) -> None:
    table = rows.sort("place").to_arrow().cast(PLACES)
    if not table.equals(old):
        store.replace(FOLDER, {FILE: table})

"""Places that evidence itself describes: floors of a venue, vehicles with their parts, cells."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

import polars as pl
import pyarrow as pa

from zhongshu.connectors.feeds.landing import journeys
from zhongshu.connectors.feeds.landing.journeys import Part, Ticket
from zhongshu.connectors.feeds.ports import Layout
from zhongshu.kernel import geo, spots, tables
from zhongshu.kernel.feeds import CELL
from zhongshu.kernel.spots import SPOT
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import PLACES, UNKNOWN_PLACE

_ROW = pa.schema(
    [PLACES.field(n) for n in ("place_id", "name", "kind", "village_code", "lon", "lat", "number")]
)
_TICKET = ("vehicle", "number", "carriage", "seat", "class", "sealed")


@dataclasses.dataclass(frozen=True)
class Placed:
    """place_ids: one per row of the feed.  unread: rows whose seat could not be used."""

    place_ids: pl.Series
    unread: pl.Series


def with_spots(lake: Lake, table: pa.Table) -> pl.Series:
    """The place id of each visit, with its spot where one is told; new spots are entered, named
    after their whole and where it is."""
    rows = _frame(table.select(["place_id", "spot"]))
    joined = pl.concat_str("place_id", pl.lit(SPOT), "spot")
    placed = rows.select(pl.coalesce(joined, "place_id").alias("place_id")).to_series()
    told = rows.with_columns(placed.alias("part_id")).drop_nulls("spot").unique()
    if told.height:
        lake.write_places(_spots(lake, told))
    return placed


def _spots(lake: Lake, told: pl.DataFrame) -> pa.Table:
    """told: place_id, spot, part_id."""
    wholes = _frame(lake.places().select(["place_id", "name", "village_code", "lon", "lat"]))
    rows = told.join(wholes, on="place_id", how="left").sort("part_id")
    numbers = [spots.spot_number(spot) for spot in rows.get_column("spot").to_list()]
    described = rows.select(
        pl.col("part_id").alias("place_id"),
        pl.concat_str(pl.coalesce("name", "place_id"), pl.lit(" "), "spot").alias("name"),
        pl.lit(UNKNOWN_PLACE).alias("kind"),  # the lake gives it the kind of its whole
        "village_code",
        "lon",
        "lat",
        pl.Series("number", numbers, dtype=pl.Int32),
    )
    return described.to_arrow().cast(_ROW)


def vehicles(lake: Lake, table: pa.Table, layout: Layout) -> Placed:
    """Where each ticket puts its passenger; vehicles and their parts are entered."""
    rows = _frame(table.select(list(_TICKET)))
    distinct = rows.unique(maintain_order=True)
    told: dict[str, Part] = {}
    ids, unread = [], []
    for cells in distinct.iter_rows():
        ticket = Ticket(*cells)
        found = journeys.parts(ticket, layout.seats_per_spot)
        for part in found:
            known = told.get(part.place_id)
            told[part.place_id] = part if known is None else max(known, part, key=_width)
        ids.append(found[-1].place_id)
        unread.append(journeys.seat_unread(ticket, found, layout.seats_per_spot))
    lake.write_places(_parts(told.values()))
    placed = distinct.with_columns(
        pl.Series("place_id", ids, dtype=pl.String), pl.Series("unread", unread, dtype=pl.Boolean)
    )
    joined = rows.join(
        placed, on=list(_TICKET), how="left", nulls_equal=True, maintain_order="left"
    )
    return Placed(joined.get_column("place_id"), joined.get_column("unread"))


def _width(part: Part) -> int:
    return journeys.WIDEST_LAST.index(part.kind)


def _parts(told: Iterable[Part]) -> pa.Table:
    rows = [
        dataclasses.asdict(part) | {"village_code": None, "lon": None, "lat": None} for part in told
    ]
    return pa.Table.from_pylist(rows, schema=_ROW)


def cells(lake: Lake, table: pa.Table, cell_m: float) -> pl.Series:
    """The place id ``cell:<column>:<row>`` of each row's point; new cells are entered at their
    middle."""
    column, row = geo.cell_of(table["lon"].to_numpy(), table["lat"].to_numpy(), cell_m)
    rows = pl.DataFrame({"column": column, "row": row}).with_columns(
        pl.concat_str(pl.lit(f"{CELL}:"), "column", pl.lit(":"), "row").alias("place_id")
    )
    told = rows.unique().sort("place_id")
    lon, lat = geo.cell_middle(told["column"].to_numpy(), told["row"].to_numpy(), cell_m)
    described = told.select(
        "place_id",
        pl.concat_str(pl.lit("网格 "), "column", pl.lit(":"), "row").alias("name"),
        pl.lit(CELL).alias("kind"),
        pl.lit(None, pl.String).alias("village_code"),
        pl.Series("lon", lon.round(6)),
        pl.Series("lat", lat.round(6)),
        pl.lit(None, pl.Int32).alias("number"),
    )
    if told.height:
        lake.write_places(described.to_arrow().cast(_ROW))
    return rows.get_column("place_id")


def _frame(table: pa.Table) -> pl.DataFrame:
    """Text columns as plain text."""
    columns = {
        name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return tables.frame(pa.table(columns))

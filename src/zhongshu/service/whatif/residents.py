"""The people a comparison is simulated with: those on file, else the margins of the census."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
import polars as pl
import pyarrow as pa

from zhongshu.engines.whatif.outbreak import population, synthetic
from zhongshu.engines.whatif.outbreak.population import I32, Population
from zhongshu.kernel import tables
from zhongshu.kernel.feeds import PLACE_KINDS
from zhongshu.kernel.time import beijing_day
from zhongshu.lake.lake import Lake
from zhongshu.reference import census
from zhongshu.service.people import facade as people
from zhongshu.service.whatif.place import Place

AGE_FROM = np.array([0, 1, *range(5, 86, 5)], dtype=np.int64)
LOOK_D = 7  # a week of visits, so that every weekday counts once
GROUPS = ("workplace", "school")
YEAR_D = 365.25
_NAMED = {"person": pl.String, "place": pl.String, "kind": pl.String}


@dataclasses.dataclass(frozen=True)
class Residents:
    """synthetic: nobody in it is real; otherwise its ids are pseudonyms."""

    population: Population
    synthetic: bool


def of(place: Place, *, lake: Lake, as_of: dt.datetime, seed: int) -> Residents:
    """People and visits on file of one county; where either is missing, made from its census."""
    made = _on_file(place, lake, as_of) if place.residents else None
    if made is not None:
        return Residents(_named(made, place, dict(made.units)), synthetic=False)
    made = synthetic.synthetic(margins((place.counties[0].code,)), seed=seed)
    return Residents(_named(made, place, _cells_made(made, place)), synthetic=True)


def margins(codes: tuple[str, ...]) -> synthetic.Margins:
    """Of some counties, by the census that ships."""
    rows = {row["code"]: row for row in census.counties().to_pylist()}
    bands = ["0", "1_4", *(f"{low}_{low + 4}" for low in range(5, 85, 5)), "85p"]
    wanted = [rows[code] for code in codes]
    return synthetic.Margins(
        codes=codes,
        ages=np.array([[row[f"m_{b}"] + row[f"f_{b}"] for b in bands] for row in wanted]),
        age_from=AGE_FROM,
        household_size=np.array([row["hh_size"] for row in wanted], dtype=np.float64),
        one_person=np.array([row["one_person_hh"] / row["households"] for row in wanted]),
    )


def _on_file(place: Place, lake: Lake, as_of: dt.datetime) -> Population | None:
    """None without visits of a week: people who meet nobody would say nothing."""
    villages = [one.code for one in place.villages]
    homes = tables.frame(people.households()).filter(pl.col("village_code").is_in(villages))
    if homes.is_empty():
        return None
    seen = _visits(lake, homes["person"].to_arrow(), as_of)
    if seen.is_empty():
        return None
    groups = (
        seen.filter(pl.col("kind").is_in(GROUPS))
        .sort(["person", "days", "place"], descending=[False, True, False])
        .unique("person", keep="first", maintain_order=True)
    )
    visits = seen.filter(~pl.col("kind").is_in(GROUPS)).with_columns(
        (pl.col("days") / LOOK_D).alias("per_day"), pl.lit("").alias("unit_code")
    )
    return population.from_tables(
        _persons(homes, as_of),
        groups.select("person", pl.col("place").alias("group"), "kind").to_arrow(),
        visits.select("person", "place", "kind", "unit_code", "per_day").to_arrow(),
    )


def _persons(homes: pl.DataFrame, as_of: dt.datetime) -> pa.Table:
    """person, household, unit_code, age; who has no birth date on file is as old as the middle."""
    traits = tables.frame(
        people.traits(homes["person"].to_arrow(), fallback=homes["village_code"][0])
    )
    days = pl.lit(beijing_day(as_of)) - pl.Series("birth", traits["birth_date"])
    frame = homes.select("person", "household", pl.col("village_code").alias("unit_code"))
    frame = frame.with_columns((days.dt.total_days() / YEAR_D).alias("age"))
    middle = frame["age"].median()
    text = ("person", "household", "unit_code")
    return frame.with_columns(
        pl.col("age").fill_null(middle if middle is not None else 0.0).clip(0.0),
        *(pl.col(name).cast(pl.String) for name in text),
    ).to_arrow()


def _visits(lake: Lake, persons: pa.Array, as_of: dt.datetime) -> pl.DataFrame:
    """person, place, kind, days: on how many of the last days somebody was there."""
    last = beijing_day(as_of)
    table = lake.person_visits(persons, last - dt.timedelta(days=LOOK_D - 1), last, as_of)
    if not table.num_rows:
        return pl.DataFrame(schema=_NAMED | {"days": pl.Int64})
    places = tables.frame(lake.places().select(["place", "kind"]))
    return (
        tables.frame(table.select(["person", "place", "time_in"]))
        .join(places, on="place")
        .with_columns(pl.col("kind").cast(pl.String))
        .filter(pl.col("kind").is_in(PLACE_KINDS))
        .group_by("person", "place", "kind")
        .agg(pl.col("time_in").dt.date().n_unique().alias("days"))
        .with_columns(pl.col("person").cast(pl.String), pl.col("place").cast(pl.String))
        .with_columns(pl.col("days").clip(0, LOOK_D))
    )


def _cells_made(made: Population, place: Place) -> dict[str, I32]:
    """Cells shared out over the villages in the order of their codes: an assumption, told."""
    cells = made.units[place.counties[0].code]
    villages = place.villages
    if not villages:
        return {}
    first = np.arange(len(villages)) * len(cells) // len(villages)
    last = np.maximum((np.arange(len(villages)) + 1) * len(cells) // len(villages), first + 1)
    return {one.code: cells[first[n] : last[n]].astype(np.int32) for n, one in enumerate(villages)}


def _named(made: Population, place: Place, villages: dict[str, I32]) -> Population:
    """With the county and its townships as the cells of their villages; those without anybody
    have no cell and are no area."""
    units = dict(villages)
    for area in (*place.counties, *place.below):
        inside = [
            villages[one.code]
            for one in place.villages
            if one.code in villages and one.path.startswith(area.path)
        ]
        if area.code not in villages:
            units[area.code] = (
                np.unique(np.concatenate(inside)).astype(np.int32)
                if inside
                else np.zeros(0, dtype=np.int32)
            )
    if place.counties[0].code in made.units:
        units[place.counties[0].code] = made.units[place.counties[0].code]
    return dataclasses.replace(made, units=units)

"""The area of a test round: whole townships that hold a high-risk area."""

from __future__ import annotations

import polars as pl

from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.service.kit.ground import Ground
from zhongshu.service.people import facade as people
from zhongshu.service.zones import facade as zones


def risk_townships(ground: Ground) -> list[str]:
    """Townships with a high-risk area, drawn or proposed."""
    standing = tables.frame(zones.current(ground.as_of))
    high = standing.filter((pl.col("kind") == "risk_area") & (pl.col("level") == "high"))
    tree = ground.tree
    found = {tree.ancestor(unit, Level.TOWNSHIP) for unit in high["unit"] if unit in tree}
    return sorted(unit.code for unit in found if unit is not None)


def risk_villages(ground: Ground) -> pl.DataFrame:
    """Their villages with registered residents: unit_code, people, lon, lat, county."""
    inside = {
        village.code for town in risk_townships(ground) for village in ground.tree.under(town)
    }
    everywhere = tables.frame(people.villages())
    rows = everywhere.filter(pl.col("village_code").is_in(sorted(inside))).select(
        pl.col("village_code").alias("unit_code"),
        pl.col("residents").alias("people"),
        "lon",
        "lat",
    )
    counties = [ground.county(unit) for unit in rows["unit_code"]]
    return rows.with_columns(pl.Series("county", counties, pl.String))


def closed_villages(ground: Ground) -> pl.DataFrame:
    """Of those, the ones that are at high risk themselves: nobody goes out to buy."""
    standing = tables.frame(zones.current(ground.as_of))
    high = standing.filter((pl.col("kind") == "risk_area") & (pl.col("level") == "high"))
    return risk_villages(ground).filter(pl.col("unit_code").is_in(high["unit"].implode()))

"""Areas as plans need them: where a round of testing goes, and who cannot go out to buy."""

from __future__ import annotations

import datetime as dt

import polars as pl

from zhongshu.kernel import tables
from zhongshu.kernel.divisions import Level
from zhongshu.service.kit.ground import Ground
from zhongshu.service.people import facade as people
from zhongshu.service.zones import facade as zones

CLOSED = "high"  # nobody goes out to buy


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


def villages_at(ground: Ground, level: str) -> pl.DataFrame:
    """Villages with residents in areas of that level, drawn or proposed, whose own level it is:
    village_code, residents, households, lon, lat, since (day).

    A village's own area counts before that of its township.
    """
    standing = tables.frame(zones.current(ground.as_of))
    found: dict[str, tuple[int, str, dt.date]] = {}
    for zone in standing.filter(pl.col("kind") == "risk_area").to_dicts():
        if zone["unit"] not in ground.tree:
            continue
        depth = ground.tree.get(zone["unit"]).level
        for unit in ground.tree.under(zone["unit"], Level.VILLAGE):
            before = found.get(unit.code)
            if before is None or depth > before[0]:
                found[unit.code] = (depth, zone["level"], zone["since"])
    at = {code: since for code, (_, own, since) in found.items() if own == level}
    rows = tables.frame(people.villages()).filter(pl.col("village_code").is_in(sorted(at)))
    days = [at[code] for code in rows["village_code"]]
    return rows.with_columns(pl.Series("since", days, pl.Date))

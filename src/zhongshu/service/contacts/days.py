"""Contacts with the days that an edition gives them."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pyarrow as pa

from zhongshu.kernel import tables
from zhongshu.rules import isolation
from zhongshu.rules.model import Pack


def with_days(known: pa.Table, pack: Pack, on: dt.date) -> pl.DataFrame:
    """`known` (at least degree and last_exposure), then schedule, days_rule_id, central_until,
    ends_on (null: no schedule for them under this edition).  Each pair of degree and day is
    judged once."""
    rows = tables.frame(known).with_columns(
        pl.col("last_exposure").dt.convert_time_zone("Asia/Shanghai").dt.date().alias("last_day")
    )
    pairs = rows.select("degree", "last_day").unique().sort("degree", "last_day")
    asked = pairs.rename({"last_day": "last_exposure"}).to_arrow()
    days = tables.frame(isolation.releases(pack, asked, on=on)).select(
        "schedule", "rule_id", "central_until", "ends_on"
    )
    return rows.join(
        pairs.hstack(days.rename({"rule_id": "days_rule_id"})),
        on=["degree", "last_day"],
        how="left",
    )

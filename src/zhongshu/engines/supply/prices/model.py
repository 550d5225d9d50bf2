"""What the watch over prices takes and gives.

Prices are yuan for the item's own unit.  `on` is the day judged; reports of later days are refused.
"""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.kernel.runcard import RunCard

VERSION = "1"

WATCHED = pa.schema(  # what each point is to report, one row per point and item
    [("point_id", pa.string()), ("county_code", pa.string()), ("item", pa.string())]
)
REPORTS = pa.schema(  # at most one a day of each point and item
    [
        ("point_id", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("yuan", pa.float64()),  # nullable: nothing to sell
        ("in_stock", pa.bool_()),
    ]
)
FINDINGS = pa.schema(
    [
        ("county_code", pa.string()),
        ("point_id", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("why", pa.string()),  # one of WHY
        ("value", pa.float64()),  # a share for prices, days for the others
        ("limit", pa.float64()),  # value is above it, or reaches it where it counts days
        ("yuan", pa.float64()),  # nullable: today's price
        ("against", pa.float64()),  # nullable: the price it is held against
    ]
)
WHY = ("week_rise", "month_rise", "above_county", "missing", "out_of_stock")


@dataclasses.dataclass(frozen=True)
class PriceRules:
    """From the pack.

    week_days, month_days: days before `on` whose median the price of the day is held against.
    week_rise, month_rise: the share above it that is still quiet.
    county_above: the share above the median of the county's points on the day that is still quiet.
    least_reports: prices a median must stand on; with fewer nothing is said.
    missing_days, out_days: days in a row, up to `on`, without a report or without stock.
    """

    week_days: int
    week_rise: float
    month_days: int
    month_rise: float
    county_above: float
    least_reports: int
    missing_days: int
    out_days: int
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class PriceWatch:
    """findings: by county, point, item and `WHY`.  watched, reported: pairs of point and item, and
    those of them with a report of the day."""

    findings: pa.Table
    watched: int
    reported: int
    seconds: float
    card: RunCard

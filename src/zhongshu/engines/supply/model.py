"""What the supply engine takes and gives: how long stocks last, and what should move where.

Quantities are in the item's own unit.  Day 0 is `on`; a lot can be used up to and including the
day it expires.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.runcard import RunCard

VERSION = "1"

STOCKS = pa.schema(  # one row per lot
    [
        ("store_id", pa.string()),
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("unit", pa.string()),
        ("quantity", pa.float64()),  # below zero: a correction, counted as 0 with a remark
        ("used_per_day", pa.float64()),  # of the store; the largest of its lots counts
        ("expires_on", pa.date32()),  # nullable: does not expire
    ]
)
DEMAND = pa.schema(  # from the day's plans, on top of used_per_day
    [
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("quantity", pa.float64()),
    ]
)
COUNTIES = pa.schema([("county_code", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])

COVER = pa.schema(  # per store and item; the county table has no store_id
    [
        ("store_id", pa.string()),
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("unit", pa.string()),
        ("quantity", pa.float64()),  # usable today
        ("need_per_day", pa.float64()),  # mean over the horizon
        ("days", pa.float64()),  # of cover; with at_least: the longest that was looked for
        ("at_least", pa.bool_()),
        ("target_days", pa.float64()),
        ("state", pa.string()),  # ok | low | out
    ]
)
COUNTY_COVER = pa.schema([field for field in COVER if field.name != "store_id"])
SHORTAGES = pa.schema(
    [
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("short", pa.float64()),  # as things stand
        ("short_after", pa.float64()),  # once the moves have arrived
    ]
)
MOVES = pa.schema(
    [
        ("item", pa.string()),
        ("unit", pa.string()),
        ("from_store", pa.string()),
        ("to_store", pa.string()),
        ("from_county", pa.string()),
        ("to_county", pa.string()),
        ("quantity", pa.float64()),
        ("km", pa.float64()),
        ("arrives_on", pa.date32()),
    ]
)
UNMET = pa.schema(
    [
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("quantity", pa.float64()),
        ("reason", pa.string()),  # no_surplus_left | no_store_in_county
    ]
)
EXPIRING = pa.schema(
    [
        ("store_id", pa.string()),
        ("county_code", pa.string()),
        ("item", pa.string()),
        ("expires_on", pa.date32()),
        ("quantity", pa.float64()),
        ("unused", pa.float64()),  # left of it on the day it expires, first expiring used first
    ]
)
REMARKS = pa.schema(
    [("store_id", pa.string()), ("item", pa.string()), ("remark", pa.string())]  # negative_stock
)


@dataclasses.dataclass(frozen=True)
class SupplyRules:
    """From the pack and the supply team.

    target_days: days of cover wanted per item; default_target_days for the others.
    keep_days: a store gives away only what it does not need for so long (at least the target).
    horizon_days: how far shortages are looked for.
    expiring_days: lots that expire within so many days are listed.
    detour_factor, in_county_km: road over great circle; distance inside a county.
    km_per_day, least_lead_days: lead time of a move.
    """

    target_days: Mapping[str, float]
    default_target_days: float
    keep_days: int
    horizon_days: int
    expiring_days: int
    detour_factor: float
    in_county_km: float
    km_per_day: float
    least_lead_days: int
    rule_ids: tuple[str, ...] = ()

    def target(self, item: str) -> float:
        return self.target_days.get(item, self.default_target_days)


@dataclasses.dataclass(frozen=True)
class SupplyPlan:
    """unit_km: quantity x km over all moves; bound equals it, each item is solved to optimality."""

    cover: pa.Table
    counties: pa.Table
    shortages: pa.Table
    moves: pa.Table
    unmet: pa.Table
    expiring: pa.Table
    remarks: pa.Table
    unit_km: float
    unit_km_bound: float
    seconds: float
    card: RunCard

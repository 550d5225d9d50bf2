"""What the plan over several days takes and gives.

Quantities are in the item's own unit and may be fractions.  Day 0 is `on`; a lot can be used up
to and including the day it expires.  Volumes are cubic metres, money is yuan.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "1"

STORES = pa.schema(
    [
        ("store_id", pa.string()),
        ("level", pa.string()),  # nation | province | city | county | township | site
        ("parent", pa.string()),  # nullable: the store above, which supplies this one
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("cold", pa.bool_()),  # keeps and ships cold goods
        ("out_m3_per_day", pa.float64()),  # nullable: no limit known
        ("in_m3_per_day", pa.float64()),  # nullable
    ]
)
GOODS = pa.schema(
    [
        ("item", pa.string()),
        ("unit", pa.string()),
        ("rank", pa.int64()),  # 1 goes before 2: transport is given to the first rank first
        ("m3", pa.float64()),  # of one unit
        ("yuan", pa.float64()),  # book value of one unit: what is lost when it expires
        ("cold", pa.bool_()),
    ]
)
LOTS = pa.schema(
    [
        ("store_id", pa.string()),
        ("item", pa.string()),
        ("quantity", pa.float64()),
        ("expires_on", pa.date32()),  # nullable: does not expire
    ]
)
NEEDS = pa.schema(
    [
        ("store_id", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("quantity", pa.float64()),
    ]
)
SUPPLIERS = pa.schema(  # one row per supplier, item and store it delivers to
    [
        ("supplier_id", pa.string()),
        ("item", pa.string()),
        ("store_id", pa.string()),
        ("per_day", pa.float64()),  # of the item to all stores together; the largest row counts
        ("lead_days", pa.int64()),
        ("yuan", pa.float64()),  # a unit, delivered
    ]
)

MOVES = pa.schema(
    [
        ("item", pa.string()),
        ("from_store", pa.string()),
        ("to_store", pa.string()),
        ("leaves_on", pa.date32()),
        ("arrives_on", pa.date32()),
        ("quantity", pa.float64()),
        ("expires_on", pa.date32()),  # only of lots that expire within the days looked at
        ("km", pa.float64()),
        ("m3", pa.float64()),
    ]
)
ORDERS = pa.schema(
    [
        ("supplier_id", pa.string()),
        ("item", pa.string()),
        ("store_id", pa.string()),
        ("ordered_on", pa.date32()),
        ("arrives_on", pa.date32()),
        ("quantity", pa.float64()),
        ("yuan", pa.float64()),
    ]
)
UNMET = pa.schema(
    [
        ("store_id", pa.string()),
        ("item", pa.string()),
        ("date", pa.date32()),
        ("quantity", pa.float64()),
        ("reason", pa.string()),  # transport | lead_time | supplier | no_stock
        ("bound_by", pa.string()),  # nullable: the store or the supplier that binds
    ]
)
SHARES = pa.schema(  # of each store and item with a need: how much of it is not met
    [
        ("store_id", pa.string()),
        ("item", pa.string()),
        ("need", pa.float64()),
        ("unmet", pa.float64()),
        ("share", pa.float64()),
    ]
)
WASTE = pa.schema(
    [
        ("store_id", pa.string()),
        ("item", pa.string()),
        ("expires_on", pa.date32()),
        ("quantity", pa.float64()),
    ]
)
RESERVE = pa.schema(  # what lacks on the last evening to the reserve that was asked for
    [("store_id", pa.string()), ("item", pa.string()), ("quantity", pa.float64())]
)


@dataclasses.dataclass(frozen=True)
class NetworkRules:
    """From the pack and the supply team.

    horizon_days: days planned.  neighbours: so many nearest stores of the same level may help.
    detour_factor, in_place_km: road over great circle; least distance of a move.
    km_per_day, least_lead_days: how long a move takes.  yuan_per_m3_km: what moving costs.
    reserve_days: days of mean need that should be left at the end; cover_days: the same for some
        items.
    steps: the share unmet of a need is told apart in so many equal steps when it is made fair.
    """

    horizon_days: int
    neighbours: int
    detour_factor: float
    in_place_km: float
    km_per_day: float
    least_lead_days: int
    yuan_per_m3_km: float
    reserve_days: float
    steps: int = 20
    cover_days: Mapping[str, float] = dataclasses.field(default_factory=dict)
    rule_ids: tuple[str, ...] = ()

    def kept_days(self, item: str) -> float:
        return self.cover_days.get(item, self.reserve_days)


@dataclasses.dataclass(frozen=True)
class NetworkPlan:
    """answer.value: yuan for moving, ordering and what expires; answer.bound: no plan that is as
    fair to needs and reserves costs less."""

    answer: Answer
    moves: pa.Table
    orders: pa.Table
    unmet: pa.Table
    shares: pa.Table
    waste: pa.Table
    reserve: pa.Table

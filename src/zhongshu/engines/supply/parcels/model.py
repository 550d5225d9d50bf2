"""What parcels over several days take and give.

The tables of a day are those of `lastmile.model`.  A round is a drop that comes again: it is
needed by `due_on`, may come up to `early_days` before, and again `every_days` after it came.
"""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.engines.supply.lastmile import model as mile
from zhongshu.kernel.plan import Answer

VERSION = "1"

ROUNDS = pa.schema(
    [
        *(field for field in mile.DROPS if field.name != "waited_days"),
        ("due_on", pa.date32()),  # by when the next is needed; may be past
        ("every_days", pa.int64()),  # days that one parcel lasts
    ]
)
DAYS = pa.schema(
    [
        ("date", pa.date32()),
        ("needed", pa.int64()),  # parcels due by that day and not yet brought
        ("asked", pa.int64()),  # of the vehicles of the day
        ("brought", pa.int64()),
        ("runs", pa.int64()),
        ("yuan", pa.float64()),
    ]
)
RUNS = pa.schema([("date", pa.date32()), *mile.RUNS])
STOPS = pa.schema([("date", pa.date32()), *mile.STOPS])
LATE = pa.schema(  # by day: what was due and did not come
    [
        ("date", pa.date32()),
        ("drop_id", pa.string()),
        ("due_on", pa.date32()),
        ("parcels", pa.int64()),
        ("reason", pa.string()),  # as in the last mile
    ]
)


@dataclasses.dataclass(frozen=True)
class ParcelRules:
    """mile: of every day.  horizon_days: days planned.  early_days: so long before it is due a
    parcel may come, so that the days are level."""

    mile: mile.MileRules
    horizon_days: int
    early_days: int


@dataclasses.dataclass(frozen=True)
class ParcelPlan:
    """answer.value: yuan of all runs; no bound: which day a parcel comes is not proven."""

    answer: Answer
    days: pa.Table
    runs: pa.Table
    stops: pa.Table
    late: pa.Table

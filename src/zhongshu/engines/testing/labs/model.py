"""What the laboratories' planner takes and gives: which tubes go where, and in which run.

A load is what one courier brings from one point at once; it goes to one laboratory, and its tubes
may be divided over runs there.  A laboratory has machines; a run takes at most `batch` tubes that
have all arrived, holds one machine for `run_h` and lies within the opening hours.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "2"
SECONDS = pa.timestamp("s", tz="UTC")

LOADS = pa.schema(
    [
        ("load", pa.string()),
        ("lon", pa.float64()),  # nullable: then it is listed as unserved
        ("lat", pa.float64()),
        ("tubes", pa.int64()),
        ("ready_at", SECONDS),  # the courier leaves
    ]
)
LABS = pa.schema(
    [
        ("lab_id", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("machines", pa.int64()),
        ("batch", pa.int64()),  # tubes in one run, controls not counted
        ("run_h", pa.float64()),  # a machine is held so long
    ]
)
LAB_EXTRAS = pa.schema(  # optional columns; hours of the day in the zone of `start`
    [
        ("opens_h", pa.float64()),  # null: round the clock; later than closes_h: over midnight
        ("closes_h", pa.float64()),
    ]
)

ASSIGNED = pa.schema(
    [
        ("load", pa.string()),
        ("lab_id", pa.string()),
        ("tubes", pa.int64()),
        ("km", pa.float64()),
        ("arrives_at", SECONDS),
        ("first_result_at", SECONDS),
        ("last_result_at", SECONDS),
        ("late_tubes", pa.int64()),  # result after `due_h`
    ]
)
RUNS = pa.schema(
    [
        ("lab_id", pa.string()),
        ("machine", pa.int64()),  # from 1
        ("run", pa.int64()),  # of the laboratory, from 1
        ("starts_at", SECONDS),
        ("ends_at", SECONDS),
        ("tubes", pa.int64()),
    ]
)
CONTENTS = pa.schema(
    [("lab_id", pa.string()), ("run", pa.int64()), ("load", pa.string()), ("tubes", pa.int64())]
)
USE = pa.schema(
    [
        ("lab_id", pa.string()),
        ("loads", pa.int64()),
        ("tubes", pa.int64()),
        ("runs", pa.int64()),
        ("filled", pa.float64()),  # mean share of a run's places, null without runs
        ("waits_mean_h", pa.float64()),  # over tubes, from arrival to the machine
        ("first_tubes_at", SECONDS),
        ("last_result_at", SECONDS),
    ]
)
PRICES = pa.schema(  # what a tube of the load pays in the proof of the bound
    [("load", pa.string()), ("price_h", pa.float64())]
)


@dataclasses.dataclass(frozen=True)
class LabRules:
    """From the policy pack and local practice.

    due_h: results are known within this after the start (T-1: 24); later is allowed and dear:
    late_weight: an hour after that counts as so many more hours of waiting.
    horizon_h: nothing is planned later than this after the start.
    report_h: from the end of a run to the result.
    carry_max_h: tubes are on the road for at most this (T-18: within 4 h of sampling).
    courier_kmh, detour_factor: road over great circle.
    """

    due_h: float
    late_weight: float
    horizon_h: float
    report_h: float
    carry_max_h: float
    courier_kmh: float
    detour_factor: float
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class LabPlan:
    """assigned + answer.unserved = the tubes of the loads.

    mean_h: over tubes, from leaving the point to the result.
    last_at: the last result, None without tubes; last_bound_at: no plan of these tubes is sooner.
    late_tubes: with a result after due_h.  prices: they prove the bound, see `validatebound`.
    """

    assigned: pa.Table
    runs: pa.Table
    contents: pa.Table
    use: pa.Table
    prices: pa.Table
    tubes: int
    mean_h: float
    late_tubes: int
    last_at: dt.datetime | None
    last_bound_at: dt.datetime | None
    answer: Answer


@dataclasses.dataclass(frozen=True)
class Limit:
    """moves: changes of the plan that are tried; steps: of the prices behind the bound."""

    moves: int = 200_000
    steps: int = 60

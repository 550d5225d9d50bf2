"""What tours take and give: couriers who bring tubes from points, teams who sample people at home.

A tour is a vehicle's day: trips, each of which ends at a laboratory (or another place that takes
tubes).  On every trip the oldest tube is at the laboratory within `handover_h` of its sampling.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "1"
SECONDS = pa.timestamp("s", tz="UTC")

POINTS = pa.schema(  # of couriers; the columns of a round's points
    [
        ("point_id", pa.string()),
        ("lon", pa.float64()),  # nullable: then it is listed as unserved
        ("lat", pa.float64()),
        ("tubes", pa.int64()),
        ("opens_at", SECONDS),
        ("closes_at", SECONDS),
    ]
)
POINT_EXTRAS = pa.schema([("lab_id", pa.string())])  # null: the nearest
VISITS = pa.schema(  # of teams
    [
        ("visit", pa.string()),  # a home, or a cell with several
        ("lon", pa.float64()),  # nullable: then it is listed as unserved
        ("lat", pa.float64()),
        ("persons", pa.int64()),
    ]
)
VISIT_EXTRAS = pa.schema(
    [
        ("homes", pa.int64()),  # null: one
        ("single", pa.bool_()),  # contacts and members of positive tubes: a tube each
        ("ready_at", SECONDS),
        ("due_at", SECONDS),  # the visit begins no later
    ]
)
PLACES = pa.schema([("lab_id", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])
VEHICLES = pa.schema(
    [
        ("vehicle_id", pa.string()),  # a courier's car, a team
        ("lon", pa.float64()),  # where it starts and ends
        ("lat", pa.float64()),
    ]
)
VEHICLE_EXTRAS = pa.schema(
    [
        ("tubes_max", pa.int64()),  # in its box; null: the rules'
        ("from_at", SECONDS),  # its shift; null: the rules'
        ("until_at", SECONDS),
        ("speed_kmh", pa.float64()),  # null: the rules'
        ("pace", pa.float64()),  # minutes at a stop by so much longer or shorter; null: 1
    ]
)

TRIPS = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("trip", pa.int64()),  # 1, 2, ... of that vehicle
        ("lab_id", pa.string()),
        ("stops", pa.int64()),
        ("persons", pa.int64()),
        ("tubes", pa.int64()),
        ("leaves_at", SECONDS),  # from its base or the laboratory before
        ("arrives_at", SECONDS),  # at the laboratory
        ("ends_at", SECONDS),  # handed over
        ("oldest_at", SECONDS),  # sampling of the oldest tube
        ("km", pa.float64()),  # to the laboratory; of the last trip also back to the base
    ]
)
STOPS = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("trip", pa.int64()),
        ("order", pa.int64()),
        ("place", pa.string()),  # the point or the visit
        ("part", pa.int64()),  # its box, or its part where it is divided; from 1
        ("persons", pa.int64()),
        ("tubes", pa.int64()),
        ("sampled_from", SECONDS),  # the oldest tube; null: this stop's own begin
        ("begins_at", SECONDS),
        ("ends_at", SECONDS),
    ]
)


@dataclasses.dataclass(frozen=True)
class TourRules:
    """From the policy pack and local practice.

    start: nobody sets out before it (aware); shift_h: all are back within this after it.
    handover_h: a tube is at the laboratory within this of its sampling (T-18: 4).
    every_h: a point's tubes are put into a box for the courier so often, and at closing.
    stop_min: minutes at a stop; home_min, person_min: besides, for each home and person of a visit.
    part_min: a visit that takes longer is divided.  unload_min: minutes at the laboratory.
    pool_size: people of a visit in one tube; tubes_max: in a vehicle without a figure of its own.
    vehicle_km: one more vehicle is worth so many kilometres.
    """

    start: dt.datetime
    shift_h: float
    handover_h: float
    speed_kmh: float
    detour_factor: float
    stop_min: float
    unload_min: float
    vehicle_km: float
    every_h: float = 2.0
    home_min: float = 0.0
    person_min: float = 0.0
    part_min: float = 60.0
    pool_size: int = 1
    tubes_max: int = 1_000
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Limit:
    """iterations: changes to try; the same number and seed give the same tours."""

    iterations: int = 4_000


@dataclasses.dataclass(frozen=True)
class TourPlan:
    """stops + answer.unserved = everything asked for, in tubes (couriers) or persons (teams).

    suffice: so many vehicles were found to serve all that one more vehicle could; None: not found.
    oldest_h: the longest from sampling to the laboratory.
    """

    trips: pa.Table
    stops: pa.Table
    vehicles: int
    suffice: int | None
    km: float
    oldest_h: float
    answer: Answer


SOME = Limit()

"""What a day of the last mile takes and gives.

Minutes are of the day planned.  A drop is what one place gets from one store: `parcels` alike ones
that may be brought by several runs.  A mobile supermarket's stay is a drop of the way `shop`, its
parcels are the households that buy, its kilograms what they are expected to buy.  Vans, people on
foot, selling vans and drones are vehicles with other figures.
"""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "1"

DEPOTS = pa.schema([("store_id", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])
DROPS = pa.schema(
    [
        ("drop_id", pa.string()),
        ("store_id", pa.string()),  # where it is packed
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("way", pa.string()),  # parcel | shop
        ("parcels", pa.int64()),
        ("kg", pa.float64()),  # of all of them, as are m3 and stay_min
        ("m3", pa.float64()),
        ("stay_min", pa.float64()),
        ("cold", pa.bool_()),
        ("out_min", pa.float64()),  # longest time in a vehicle that does not keep cold; 0: never
        ("from_min", pa.float64()),  # nothing is handed over before
        ("to_min", pa.float64()),  # nor after
        ("road", pa.bool_()),  # a vehicle that needs a road gets there
        ("road_factor", pa.float64()),  # on top of a vehicle's detour: hill roads
        ("rank", pa.int64()),  # 1 goes before 2
        ("waited_days", pa.int64()),  # within a rank the longest first
    ]
)
VEHICLES = pa.schema(
    [
        ("vehicle_id", pa.string()),
        ("kind", pa.string()),  # van | foot | shop | drone ...: only told, the figures count
        ("store_id", pa.string()),
        ("kg", pa.float64()),
        ("m3", pa.float64()),
        ("cold", pa.bool_()),
        ("sells", pa.bool_()),  # can do drops of the way `shop`, and no others
        ("km_h", pa.float64()),
        ("detour", pa.float64()),  # road over great circle; 1: flies straight
        ("range_km", pa.float64()),  # nullable: of one run, there and back
        ("stops_most", pa.int64()),  # of one run
        ("turn_min", pa.float64()),  # loading, or a fresh battery, between runs
        ("from_min", pa.float64()),
        ("to_min", pa.float64()),
        ("needs_road", pa.bool_()),
        ("needs_fair_weather", pa.bool_()),
        ("yuan_run", pa.float64()),
        ("yuan_km", pa.float64()),
    ]
)

RUNS = pa.schema(
    [
        ("run_id", pa.string()),
        ("vehicle_id", pa.string()),
        ("kind", pa.string()),
        ("store_id", pa.string()),
        ("leaves_min", pa.float64()),
        ("back_min", pa.float64()),
        ("stops", pa.int64()),
        ("parcels", pa.int64()),
        ("kg", pa.float64()),
        ("m3", pa.float64()),
        ("km", pa.float64()),
        ("yuan", pa.float64()),
    ]
)
STOPS = pa.schema(
    [
        ("run_id", pa.string()),
        ("no", pa.int64()),
        ("drop_id", pa.string()),
        ("parcels", pa.int64()),
        ("arrives_min", pa.float64()),
        ("begins_min", pa.float64()),  # of handing over
        ("leaves_min", pa.float64()),
        ("km", pa.float64()),  # from the stop before
        ("outside_min", pa.float64()),  # nullable: what is cold, outside the cold
    ]
)


@dataclasses.dataclass(frozen=True)
class MileRules:
    """fair_weather: of the day, as told by whoever flies.  stop_min: beside the drop's own stay.
    rounds: how often the runs are gone through for something cheaper."""

    fair_weather: bool
    stop_min: float
    rounds: int = 4
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class MilePlan:
    """answer.value: yuan of all runs; answer.bound: no runs that bring the same cost less.
    parcels, brought: asked for, and of them on a run."""

    answer: Answer
    runs: pa.Table
    stops: pa.Table
    parcels: int
    brought: int

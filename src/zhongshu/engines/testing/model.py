"""What the testing engine takes and gives: one round of mass sampling of an area.

A round: people walk to points, are sampled at desks, tubes go by courier to laboratories, the last
result is known.  The target is the pack's (24 h); the plan says when it is reached and what binds.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.engines.testing.labs.model import LabPlan
from zhongshu.kernel import plan as plans
from zhongshu.kernel.runcard import RunCard

VERSION = "2"
SECONDS = pa.timestamp("s", tz="UTC")

VILLAGES = pa.schema(
    [
        ("unit_code", pa.string()),
        ("people", pa.int64()),  # to be sampled
        ("lon", pa.float64()),  # nullable: then it is listed as unserved
        ("lat", pa.float64()),
    ]
)
CANDIDATES = pa.schema(
    [
        ("point_id", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("desks_max", pa.int64()),
    ]
)
CANDIDATE_EXTRAS = pa.schema(
    [
        ("township", pa.string()),  # counts for the floor of points
        ("word", pa.string()),  # pin: it must open; forbid: it must not; null
        ("from_at", SECONDS),  # its own hours, within those of the round; null: these
        ("until_at", SECONDS),
    ]
)
LABS = pa.schema(
    [
        ("lab_id", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("tubes_per_day", pa.int64()),
    ]
)

POINTS = pa.schema(
    [
        ("point_id", pa.string()),
        ("people", pa.int64()),
        ("desks", pa.int64()),
        ("tubes", pa.int64()),
        ("opens_at", SECONDS),
        ("closes_at", SECONDS),
        ("lab_id", pa.string()),  # null when no laboratory was given
        ("lab_km", pa.float64()),
        ("tubes_at_lab", SECONDS),  # the last courier arrives
    ]
)
WALKS = pa.schema(
    [
        ("unit_code", pa.string()),
        ("point_id", pa.string()),
        ("people", pa.int64()),
        ("walk_km", pa.float64()),
    ]
)
PRICES = pa.schema(
    [
        ("unit_code", pa.string()),
        ("price_km", pa.float64()),  # what one more place there is worth; proves the bound
    ]
)
LAB_USE = pa.schema(
    [
        ("lab_id", pa.string()),
        ("tubes", pa.int64()),
        ("tubes_per_hour", pa.float64()),
        ("first_tubes_at", SECONDS),
        ("last_tubes_at", SECONDS),
        ("last_result_at", SECONDS),
    ]
)
UNSERVED = pa.schema(
    [
        ("unit_code", pa.string()),
        ("people", pa.int64()),
        ("reason", pa.string()),  # no_coordinates | no_point_in_reach | points_full
    ]
)
ALTERNATIVES = pa.schema(
    [
        ("key", pa.string()),  # e.g. pool-5, hours-12
        ("pool_size", pa.int64()),
        ("sampling_h", pa.float64()),
        ("points", pa.int64()),
        ("desks", pa.int64()),
        ("tubes", pa.int64()),
        ("unserved", pa.int64()),
        ("finish_h", pa.float64()),  # after the start, last result
        ("in_time", pa.bool_()),
        ("binding", pa.string()),
        ("chosen", pa.bool_()),
    ]
)


@dataclasses.dataclass(frozen=True)
class RoundRules:
    """From the policy pack and local practice.

    round_h: all results known within this (T-1: 24).
    people_per_point_max: planning size of a point (T-6: 2,000-3,000).
    per_desk_h: people sampled per desk and hour (T-19: 60-90).
    setup_h: from the order until the first swab (T-6: 4-6).
    sampling_h: hours the points are open.
    pool_size: swabs in one tube, at most pool_max (T-11).
    walk_max_km: nobody is sent farther; detour_factor: road over great circle.
    courier_every_h: how often tubes leave a point (T-18: within 4 h); courier_kmh.
    lab_turnaround_h: from a tube's turn on the machine to its result.
    point_cost_km: opening one more point is worth this many person-kilometres of walking; a
        planning preference of the operator, not a rule.
    pool_options, sampling_options: what the alternatives table compares.
    points_per_township: points that open in a township at least (all of them where there are
        fewer); a floor of service, whoever walks there.
    """

    round_h: float
    people_per_point_max: int
    per_desk_h: float
    setup_h: float
    sampling_h: float
    pool_size: int
    pool_max: int
    walk_max_km: float
    detour_factor: float
    courier_every_h: float
    courier_kmh: float
    lab_turnaround_h: float
    point_cost_km: float
    pool_options: tuple[int, ...] = ()
    sampling_options: tuple[float, ...] = ()
    rule_ids: tuple[str, ...] = ()
    points_per_township: int = 0


@dataclasses.dataclass(frozen=True)
class Spread:
    """Coefficients of variation about the planned hours; 0: as planned.

    sampling: of a point's hours, each point by itself; road: of a point's way to its laboratory;
    laboratory: of a laboratory's rate, each by itself.  Log-normal with the planned mean.
    """

    sampling: float
    road: float
    laboratory: float


@dataclasses.dataclass(frozen=True)
class Expected:
    """The mean, and what eight of ten draws lie between.  in_time: share over within round_h."""

    mean_at: dt.datetime
    low_at: dt.datetime
    high_at: dt.datetime
    in_time: float


@dataclasses.dataclass(frozen=True)
class RoundPlan:
    """walks + unserved = people of the villages.

    walk_mean_km, walk_p95_km: over people.
    value: person-km of walking + point_cost_km x points; bound: no plan serving the same people of
        each village is cheaper, as `prices` prove.
    finish_at: expected last result, None without laboratories; binding: what it waits for:
        sampling | laboratory | courier | laboratories_missing.
    laboratories: runs of every tube where laboratories were given with machines; a point's lab_id
        is then the one most of its tubes go to, and finish_at is None when tubes are left.
    expected: of the last result, where it was asked how much things vary.
    """

    points: pa.Table
    walks: pa.Table
    labs: pa.Table
    unserved: pa.Table
    alternatives: pa.Table
    people: int
    tubes: int
    walk_mean_km: float
    walk_p95_km: float
    value: float
    bound: float
    prices: pa.Table
    finish_at: dt.datetime | None
    binding: str
    reasons: Mapping[str, int]
    seconds: float
    card: RunCard
    laboratories: LabPlan | None = None
    expected: Expected | None = None

    @property
    def answer(self) -> plans.Answer:
        """What every planner of dispatch says of its plan."""
        rows = self.unserved.to_pylist()
        left = [] if self.laboratories is None else [self.laboratories.answer.unserved]
        people = plans.unserved(
            "people of", [(row["unit_code"], row["people"], row["reason"]) for row in rows]
        )
        notes = [f"waits_for_{self.binding}"]
        if self.expected is not None:
            low, high = (at.isoformat() for at in (self.expected.low_at, self.expected.high_at))
            notes.append(f"last_result_between:{low}/{high}")
        return plans.Answer(
            planner="testing",
            value=self.value,
            unit="person-km",
            bound=self.bound,
            seconds=self.seconds,
            seed=None,  # no chance in it
            unserved=pa.concat_tables([people, *left]),
            card=self.card,
            notes=tuple(notes),
        )

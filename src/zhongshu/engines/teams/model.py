"""What the roster of teams takes and gives: people with skills to shifts at places, over days.

A need is so many people of one skill at one place from a moment to another.  A person's work is in
*duties*: windows of the day that the shift patterns name; what is done within one duty may be at
several places, if there is time to go from one to the next.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "1"
SECONDS = pa.timestamp("s", tz="UTC")

STAFF = pa.schema(
    [
        ("staff", pa.string()),
        ("skills", pa.string()),  # separated by semicolons: sampler;driver
        ("lon", pa.float64()),  # of the base; nullable, deg WGS-84
        ("lat", pa.float64()),
    ]
)
STAFF_EXTRAS = pa.schema(  # optional columns
    [
        ("off_on", pa.string()),  # days without a duty, YYYY-MM-DD separated by semicolons
        ("worked_until", SECONDS),  # end of the last duty before the plan
        ("hours", pa.float64()),  # worked already, counted against `hours_most`
    ]
)
NEEDS = pa.schema(
    [
        ("need", pa.string()),
        ("place", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("skill", pa.string()),
        ("starts_at", SECONDS),
        ("ends_at", SECONDS),
        ("persons", pa.int64()),
    ]
)
NEED_EXTRAS = pa.schema([("rank", pa.int64())])  # 1 (also null): met before 2
WORDS = pa.schema(  # what a dispatcher says to a former plan
    [
        ("staff", pa.string()),
        ("need", pa.string()),
        ("word", pa.string()),  # pinned | forbidden | before (who was planned)
    ]
)

DUTIES = pa.schema(
    [
        ("staff", pa.string()),
        ("date", pa.date32()),  # of its beginning, local
        ("pattern", pa.string()),
        ("starts_at", SECONDS),
        ("ends_at", SECONDS),
        ("hours", pa.float64()),
        ("tasks", pa.int64()),
    ]
)
TASKS = pa.schema(
    [
        ("staff", pa.string()),
        ("need", pa.string()),
        ("place", pa.string()),
        ("skill", pa.string()),
        ("starts_at", SECONDS),
        ("ends_at", SECONDS),
        ("km", pa.float64()),  # from the base, one way; null without coordinates
        ("changed", pa.bool_()),  # others were planned before
    ]
)
COVER = pa.schema(
    [
        ("need", pa.string()),
        ("wanted", pa.int64()),
        ("given", pa.int64()),
        ("lacks", pa.int64()),
        ("why", pa.string()),  # null: nobody lacks
    ]
)
HOURS = pa.schema(
    [
        ("staff", pa.string()),
        ("duties", pa.int64()),
        ("nights", pa.int64()),
        ("hours", pa.float64()),  # of the plan's duties, whole windows
    ]
)


@dataclasses.dataclass(frozen=True)
class TeamRules:
    """From the pack and the teams' leaders.

    start: midnight of the first day, with its zone.  days: planned.  patterns: name of a shift:
    (hour of its beginning, length in hours).  nights: patterns that are nights.
    rest_h, rest_after_night_h: between two duties.  hours_most: of duties in the days planned and
    what was worked before.  days_in_row, nights_most: of duties.
    speed_kmh, detour_factor, changeover_min: between two places of one duty.
    travel_most_h: from the base to a place.
    worth_km: by rank of a need, kilometres that one person of it is worth.
    fair_km: for each hour of whoever works most.  change_km: for each task given to another than
    before.
    """

    start: dt.datetime
    days: int
    patterns: Mapping[str, tuple[float, float]]
    rest_h: float
    hours_most: float
    days_in_row: int
    nights_most: int
    speed_kmh: float
    detour_factor: float
    worth_km: tuple[float, ...]
    nights: frozenset[str] = frozenset()
    rest_after_night_h: float = 0.0
    changeover_min: float = 0.0
    travel_most_h: float | None = None
    fair_km: float = 0.0
    change_km: float = 0.0
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Limit:
    """work: CP-SAT's deterministic time, about seconds of one core; the same work and seed give
    the same roster on every machine.  workers: searches that take turns within it."""

    work: float = 30.0
    workers: int = 8


@dataclasses.dataclass(frozen=True)
class TeamPlan:
    """answer.value: kilometres and what the rules count as such; answer.bound: no roster that
    leaves as much worth unmet is under it.

    total, total_bound: answer.value plus the worth of what is unmet, and what no roster at all can
    be under.  given, wanted: people at needs.
    """

    answer: Answer
    duties: pa.Table
    tasks: pa.Table
    cover: pa.Table
    hours: pa.Table
    given: int
    wanted: int
    total: float
    total_bound: float

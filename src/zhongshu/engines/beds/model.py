"""What the bed planner takes and gives: patients to hospitals, wards and intensive care, by day.

Day 0 is `on`.  People come in groups of one place and one severity; a group lies in one hospital
unless it is `divisible`.  From the day it comes a group is a load: severities change day by day as
`BedRules.course` says, so what follows is expected persons, not whole ones.  Distances are
great-circle kilometres times `detour_factor`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import pyarrow as pa

from zhongshu.kernel.plan import Answer

VERSION = "1"
HOME = "home"
"""In a course: well enough to leave, or dead; no bed any more."""

GROUPS = pa.schema(
    [
        ("group", pa.string()),
        ("persons", pa.int64()),  # at least 1
        ("severity", pa.string()),  # one of BedRules.severities
        ("lon", pa.float64()),  # nullable, deg WGS-84
        ("lat", pa.float64()),
    ]
)
GROUP_EXTRAS = pa.schema(  # optional columns
    [
        ("needs", pa.string()),  # separated by semicolons: dialysis;pregnancy
        ("at_hospital", pa.string()),  # where it lies now
        ("arrives_on", pa.date32()),  # null: on day 0
        ("divisible", pa.bool_()),  # may lie in several hospitals
    ]
)
HOSPITALS = pa.schema(
    [
        ("hospital_id", pa.string()),
        ("tier", pa.string()),  # designated | sub_designated | fangcang | fever_clinic | ...
        ("lon", pa.float64()),
        ("lat", pa.float64()),
    ]
)
HOSPITAL_EXTRAS = pa.schema([("offers", pa.string())])  # needs it can look after, semicolons
POOLS = pa.schema(
    [
        ("hospital_id", pa.string()),
        ("pool", pa.string()),  # ward | icu | ...; rows of one pool add up
        ("beds", pa.int64()),  # for the people of these tables: free ones and those they lie in
    ]
)
POOL_EXTRAS = pa.schema([("from_on", pa.date32())])  # null: there on day 0
FORECAST = pa.schema(  # who is expected, e.g. means of a what-if
    [
        ("date", pa.date32()),
        ("severity", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("persons", pa.float64()),
    ]
)
WORDS = pa.schema(  # what a dispatcher or a hospital says to a former plan
    [
        ("group", pa.string()),
        ("hospital_id", pa.string()),
        ("word", pa.string()),  # declined | accepted | pinned | before (where it was planned)
    ]
)
STAFF = pa.schema([("hospital_id", pa.string()), ("skill", pa.string()), ("persons", pa.int64())])

ASSIGNMENTS = pa.schema(
    [
        ("group", pa.string()),
        ("hospital_id", pa.string()),
        ("persons", pa.int64()),
        ("severity", pa.string()),
        ("pool", pa.string()),
        ("arrives_on", pa.date32()),
        # admit | stay | transfer | waits: lies where it cannot be cared for, as nothing is free
        ("move", pa.string()),
        ("why", pa.string()),  # of a transfer: step_up | step_down | need | room
        ("km", pa.float64()),  # null without coordinates
        ("choice", pa.int32()),  # 1: the tier that comes first for that severity
        ("changed", pa.bool_()),  # was planned elsewhere
    ]
)
LOAD = pa.schema(
    [
        ("hospital_id", pa.string()),
        ("pool", pa.string()),
        ("date", pa.date32()),
        ("beds", pa.int64()),
        ("usable", pa.int64()),  # without the reserve
        ("persons", pa.float64()),  # expected; on day 0 whole
    ]
)
LATER = pa.schema(  # expected moves between hospitals, as severities change
    [
        ("date", pa.date32()),
        ("severity", pa.string()),
        ("from_hospital", pa.string()),
        ("to_hospital", pa.string()),
        ("persons", pa.float64()),
        ("km", pa.float64()),
    ]
)
EXPECTED = pa.schema(  # where the forecast would be put
    [
        ("row", pa.int64()),  # of the forecast, from 0
        ("date", pa.date32()),
        ("severity", pa.string()),
        ("hospital_id", pa.string()),
        ("persons", pa.float64()),
        ("km", pa.float64()),  # null without coordinates
    ]
)
SHORT = pa.schema(  # expected persons without the bed they need
    [
        ("date", pa.date32()),
        ("hospital_id", pa.string()),  # null: of the forecast, nowhere
        ("what", pa.string()),  # forecast | unsuited: a severity it cannot treat | beds: too full
        ("code", pa.string()),  # the severity, or the pool
        ("persons", pa.float64()),
    ]
)
STAFF_NEEDS = pa.schema(
    [
        ("hospital_id", pa.string()),
        ("date", pa.date32()),
        ("skill", pa.string()),
        ("wanted", pa.int64()),
        ("present", pa.int64()),
        ("lacks", pa.int64()),
    ]
)


@dataclasses.dataclass(frozen=True)
class BedRules:
    """From the pack and the treatment team.

    days: so many days are looked at, day 0 among them.
    severities: gravest first.  tiers: where each may lie, the best first.  pools: the pool it
    takes.  course: of a severity, what share becomes another (or `home`) in a day; what is left
    stays.  worth: kilometres that are driven at most so that one person of it has a bed;
    two and a half times that for one who lies in a bed already.
    need_tiers: tiers where a need is met at all.  offered_needs: needs that a hospital must offer.
    A pool called like a need limits how many with that need a hospital takes.
    concentrated: severities that are brought together; each hospital that takes them counts
    `centre_km`.  tier_km: for each person and step down its list of tiers.
    move_km, change_km: for each person moved from the hospital where it lies, and for each
    planned elsewhere before.  max_km: no one is brought farther; None: no limit.
    reserve_share: of each pool's beds, rounded up, is not given out.
    near: so many nearest hospitals are looked at for expected moves.
    staff_per_bed: of a pool: skill to staff for each person in it, round the clock.
    """

    days: int
    severities: tuple[str, ...]
    tiers: Mapping[str, tuple[str, ...]]
    pools: Mapping[str, str]
    worth: Mapping[str, float]
    course: Mapping[str, Mapping[str, float]]
    need_tiers: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    offered_needs: frozenset[str] = frozenset()
    concentrated: frozenset[str] = frozenset()
    centre_km: float = 0.0
    tier_km: float = 0.0
    move_km: float = 0.0
    change_km: float = 0.0
    max_km: float | None = None
    reserve_share: float = 0.0
    detour_factor: float = 1.0
    near: int = 4
    staff_per_bed: Mapping[str, Mapping[str, float]] = dataclasses.field(default_factory=dict)
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class BedPlan:
    """answer.value: person-kilometres and what the rules count as such; answer.bound: no plan that
    leaves out as much and as many costs less.

    total, total_bound: answer.value plus the worth of all who are left out or short, and what no
    plan at all can be under.  served, persons: of the groups, with a bed and all.
    """

    answer: Answer
    assignments: pa.Table
    load: pa.Table
    later: pa.Table
    expected: pa.Table
    short: pa.Table
    staff_needs: pa.Table
    served: int
    persons: int
    total: float
    total_bound: float

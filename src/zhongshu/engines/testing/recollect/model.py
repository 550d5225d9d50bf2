"""What sampling again takes and gives: everybody of a positive tube, singly, at home or a point."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.engines.testing.tours.model import SECONDS, TourPlan, TourRules
from zhongshu.kernel.plan import Answer

VERSION = "1"

MEMBERS = pa.schema(
    [
        ("person", pa.string()),  # who gave a swab to it; once, however many tubes
        ("tube", pa.string()),
        ("home", pa.string()),  # who lives there is sampled in one visit; null: a home of one
        ("lon", pa.float64()),  # nullable: then the person is listed as unserved
        ("lat", pa.float64()),
        ("reported_at", SECONDS),  # of the positive tube
    ]
)
OPEN_POINTS = pa.schema(  # where somebody may be sent instead, usually the next morning
    [
        ("point_id", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("opens_at", SECONDS),
        ("places", pa.int64()),  # single samples it can take besides its round
    ]
)

SAMPLED = pa.schema(
    [
        ("person", pa.string()),
        ("tube", pa.string()),  # the positive one
        ("where", pa.string()),  # home | point
        ("place", pa.string()),  # the home, or the point
        ("vehicle_id", pa.string()),  # of the team; null at a point
        ("at", SECONDS),  # the team begins there, or the point opens
        ("due_at", SECONDS),  # by the rule
        ("late", pa.bool_()),
        ("result_due_at", SECONDS),
        ("tubes", pa.int64()),  # always 1: nobody of a positive tube is pooled again
        ("walk_km", pa.float64()),  # null at home
    ]
)


@dataclasses.dataclass(frozen=True)
class AgainRules:
    """recollect_h: sampled within this of the tube's result (T-13: 2-4); result_h: its own result
    within this (T-13: 6).  walk_max_km: to a point.  tours: of the teams; its pool size is not
    used.
    """

    tours: TourRules
    recollect_h: float
    result_h: float
    walk_max_km: float
    rule_ids: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class AgainPlan:
    """sampled + answer.unserved = members.  late: sampled after due_at.  visits: the teams' day."""

    sampled: pa.Table
    visits: TourPlan
    at_home: int
    at_points: int
    late: int
    answer: Answer

"""From the policy pack to the rules of a tracing question.  No figure is made here.

Here rather than in one app: the daily cycle, the tracing app and the doors ask with the same rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from zhongshu.engines.tracing.model import HOUSEHOLD, TraceRules
from zhongshu.kernel.feeds import CELL, TRACED_KINDS
from zhongshu.lake.schema import UNKNOWN_PLACE
from zhongshu.rules.model import Pack

_HOUR_MIN = 60
_SECOND_MIN = 1 / 60  # scans are whole seconds: "more than 10 min" is 10 min and one second
_NOBODY_IS_TOO_MANY = 2**31 - 1
# Kind of place -> the figure that says how many rows or bays apart people still are near.
APART = {
    "aircraft": "trace.aircraft_rows",
    "train_open": "trace.train_bays",
    "coach_open": "trace.coach_rows",
}


def trace_rules(pack: Pack) -> TraceRules:
    """Close contacts by place kind, and degree 2 where the edition traces it.

    Mobile-phone cells make companions, no contacts, and are not read.
    """
    degrees = int(pack.number("trace.degrees"))
    overlaps = pack.group("trace.min_overlap_min")
    second = pack.group("trace.second_min_overlap_min")
    lookback = pack.get("trace.second_degree_lookback_days")
    cap = pack.get("trace.second_degree_max_per_case")
    return TraceRules(
        window_days_before=pack.number("trace.window_days_before"),
        degrees=degrees,
        heavy_place_persons=int(pack.number("trace.heavy_place_persons")),
        min_overlap_min=overlaps,
        imputed_stay_min=_of(pack, "trace.imputed_stay_min", overlaps),
        max_stay_min=_longest(pack, overlaps),
        rule_ids={kind: pack.figure(f"trace.min_overlap_min.{kind}").rule_id for kind in overlaps}
        | {
            HOUSEHOLD: pack.figure("trace.contact_kind.household").rule_id,
            "other": pack.figure("trace.contact_kinds").rule_id,
        },
        second_rule_id=pack.figure("trace.degrees").rule_id,
        second_min_overlap_min=second or None,
        second_lookback_days=float(lookback.value) if lookback else None,  # type: ignore[arg-type]
        second_cap_per_case=int(cap.value) if cap else None,  # type: ignore[arg-type]
        near_apart=near_apart(pack),
        not_read=frozenset({CELL}),
    )


def near_apart(pack: Pack) -> dict[str, float]:
    """By place kind, how far apart the numbers of two rows or bays of one vehicle may be; inf
    where everybody aboard is near."""
    whole = dict.fromkeys(pack.value("trace.near_whole"), math.inf)
    return {kind: pack.number(key) for kind, key in APART.items()} | whole


def companion_rules(pack: Pack) -> TraceRules:
    """Time-space companions (WHO-8): in one cell with a case for more than the pack's minutes.

    Reads cells only; no households, no second degree, no venue notices: companions are counted
    and warned, so no place is too full for them.  Refuses (NotFound) an edition without cells.
    """
    minutes = pack.figure("trace.time_space.minutes")
    only = {CELL: pack.number(minutes.key) + _SECOND_MIN}
    return TraceRules(
        window_days_before=pack.number("trace.time_space.days"),
        degrees=1,
        heavy_place_persons=_NOBODY_IS_TOO_MANY,
        min_overlap_min=only,
        imputed_stay_min=_of(pack, "trace.imputed_stay_min", only),
        max_stay_min=_longest(pack, only),
        rule_ids={CELL: minutes.rule_id, HOUSEHOLD: minutes.rule_id},
        second_rule_id=minutes.rule_id,
        not_read=frozenset({*TRACED_KINDS, UNKNOWN_PLACE} - {CELL}),
        households=False,
    )


def _of(pack: Pack, group: str, kinds: Mapping[str, float]) -> dict[str, float]:
    return {kind: value for kind, value in pack.group(group).items() if kind in kinds}


def _longest(pack: Pack, kinds: Mapping[str, float]) -> dict[str, float]:
    return {kind: h * _HOUR_MIN for kind, h in _of(pack, "trace.max_stay_h", kinds).items()}

"""Reading zones as they were at a moment: state from their life, level from the last run."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence

import pyarrow as pa
from django.db.models import Case, CharField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.bulk import fetch
from zhongshu.service.kit.moments import SECONDS
from zhongshu.service.kit.scope import Scope
from zhongshu.service.zones.models import Zone, ZoneEvaluation

CURRENT = pa.schema(
    [
        ("zone_id", pa.int64()),
        ("unit", pa.string()),
        ("kind", pa.string()),
        ("state", pa.string()),
        ("level", pa.string()),
        ("since", pa.date32()),
        ("activated_at", SECONDS),
        ("known_at", SECONDS),
    ]
)
_CURRENT = """
    SELECT z.id AS zone_id, z.unit_id AS unit, z.kind,
           CASE WHEN z.activated_at <= %(as_of)s THEN 'active' ELSE 'proposed' END AS state,
           e.level, e.since, date_trunc('second', z.activated_at) AS activated_at,
           date_trunc('second', z.known_at) AS known_at
      FROM zones_zone z
      JOIN LATERAL (SELECT level, since FROM zones_zoneevaluation
                     WHERE zone_id = z.id AND as_of <= %(as_of)s
                     ORDER BY as_of DESC LIMIT 1) e ON true
     WHERE z.incident_id = %(incident)s AND z.known_at <= %(as_of)s
       AND (z.ended_at IS NULL OR z.ended_at > %(as_of)s)
     ORDER BY z.id
"""


def current(*, incident_id: int, as_of: dt.datetime) -> pa.Table:
    """Zones proposed or active at `as_of`, with their level then: schema `CURRENT`."""
    return fetch(_CURRENT, CURRENT, {"as_of": as_of, "incident": incident_id})


_ANNOTATED = ("state_then", "level_then", "evaluation_id")


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    level: str = "",
    state: str = "",
    kind: str = "",
) -> QuerySet[Zone]:
    """Zones within scope, annotated with what was so at `as_of`.

    `then` turns the rows into `ZoneThen`.
    state ``standing``: proposed or active.  Withdrawn ones are shown only when asked for.
    """
    latest = ZoneEvaluation.objects.filter(zone=OuterRef("pk"), as_of__lte=as_of).order_by("-as_of")
    rows = scope.filter(Zone.objects.filter(known_at__lte=as_of)).annotate(
        state_then=Case(
            When(Q(ended_at__lte=as_of) & Q(activated_at=None), then=Value("withdrawn")),
            When(ended_at__lte=as_of, then=Value("released")),
            When(activated_at__lte=as_of, then=Value("active")),
            default=Value("proposed"),
            output_field=CharField(),
        ),
        level_then=Subquery(latest.values("level")[:1]),
        evaluation_id=Subquery(latest.values("id")[:1]),
    )
    rows = rows.exclude(evaluation_id=None)
    if level:
        rows = rows.filter(level_then=level)
    if state == "standing":
        rows = rows.filter(state_then__in=("proposed", "active"))
    else:
        rows = rows.filter(state_then=state) if state else rows.exclude(state_then="withdrawn")
    return rows.filter(kind=kind) if kind else rows


def standing_counts(*, scope: Scope, moments: Sequence[dt.datetime]) -> list[dict[str, int]]:
    """For each moment: risk areas standing at level high and medium, and residents of the active
    ones.  One query; the zones of a headquarters are few."""
    rows = scope.filter(Zone.objects.filter(kind=Zone.Kind.RISK_AREA)).prefetch_related(
        Prefetch("evaluations", ZoneEvaluation.objects.order_by("as_of"))
    )
    zones = list(rows)
    return [_count(zones, moment) for moment in moments]


def _count(zones: Sequence[Zone], then: dt.datetime) -> dict[str, int]:
    counts = {"high": 0, "medium": 0, "restricted": 0}
    for zone in zones:
        past = [one for one in zone.evaluations.all() if one.as_of <= then]
        if not past or zone.known_at > then or (zone.ended_at and zone.ended_at <= then):
            continue
        if past[-1].level in counts:
            counts[past[-1].level] += 1
        if zone.activated_at and zone.activated_at <= then:
            counts["restricted"] += past[-1].residents
    return counts


@dataclasses.dataclass(frozen=True, slots=True)
class ZoneThen:
    """A zone with what was so at the moment it was listed for."""

    zone: Zone
    state: str
    level: str
    evaluation: ZoneEvaluation


def then(zones: Iterable[Zone]) -> list[ZoneThen]:
    """Rows of `listed`, with their evaluations in one query."""
    rows = [(zone, *(getattr(zone, name) for name in _ANNOTATED)) for zone in zones]
    evaluations = ZoneEvaluation.objects.in_bulk([row[-1] for row in rows])
    return [
        ZoneThen(zone, state, level, evaluations[evaluation_id])
        for zone, state, level, evaluation_id in rows
    ]


def get(zone_id: int, scope: Scope, as_of: dt.datetime) -> Zone:
    zone = listed(scope=scope, as_of=as_of).filter(pk=zone_id).first()
    if zone is None:
        raise NotFound("zones.unknown", f"There is no zone {zone_id} within your rights.")
    return zone

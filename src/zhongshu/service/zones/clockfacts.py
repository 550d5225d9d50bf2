"""What clocks are told of risk areas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.units import facade as units
from zhongshu.service.zones.models import Zone, ZoneEvaluation


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all zones of the current incident in line; what changed."""
    found = Zone.objects.filter(incident=incidents.current())
    with transaction.atomic():
        return _told(list(found.select_for_update()), actor, now)


def told(zones: Sequence[Zone], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these zones in line; in the transaction that wrote them."""
    _told(zones, actor, now)


def _told(zones: Sequence[Zone], actor: Actor, now: dt.datetime) -> dict[str, int]:
    latest = ZoneEvaluation.objects.filter(zone=OuterRef("zone")).order_by("-as_of", "-id")
    found = ZoneEvaluation.objects.filter(
        zone__in=[zone.pk for zone in zones], pk=Subquery(latest.values("pk")[:1])
    )
    evaluations = {one.zone_id: one for one in found}
    names = units.refs(zone.unit_id for zone in zones)
    rows = [
        _facts(zone, evaluations.get(zone.pk), names[zone.unit_id]["name"], now) for zone in zones
    ]
    return clocks.follow("zone", rows, actor=actor, now=now)


def _facts(
    zone: Zone, last: ZoneEvaluation | None, unit_name: str, now: dt.datetime
) -> dict[str, Any]:
    return {
        "subject_id": zone.pk,
        "unit_path": zone.unit_path,
        "label": unit_name,
        "known_at": now,
        "id": str(zone.pk),
        "path": zone.unit_path,
        "state": zone.state,
        "level": last.level if last else "",
        "level_since": last.since if last else None,
        "residents": last.residents if last else None,
        "drawn_at": zone.activated_at,
        "ended_at": zone.ended_at if zone.activated_at else None,
        "releasable_on": _releasable_on(zone, last.release) if last else None,
    }


def _releasable_on(zone: Zone, release: Mapping[str, Any]) -> dt.date | None:
    """The day since which every condition holds for an area in force; None while one does not."""
    conditions, earliest = release.get("conditions") or (), release.get("earliest_on")
    if zone.activated_at is None or not conditions or not earliest:
        return None
    met = all(condition.get("met") for condition in conditions)
    return dt.date.fromisoformat(earliest) if met else None

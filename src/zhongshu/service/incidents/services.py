"""Opening an incident and moving its level, mode and clock."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from zhongshu.kernel.errors import NotFound
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents.models import Incident
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.text import Text


def open_incident(
    *,
    key: str,
    name: Text,
    disease: str,
    mode: str,
    level: str = "",
    pack: str,
    scope_unit: str,
    synthetic: bool,
    clock_offset_s: int = 0,
    actor: Actor,
    now: dt.datetime,
) -> Incident:
    """Open the incident `key`, or give back the one that is open under that key, unchanged."""
    with transaction.atomic():
        incident, made = Incident.objects.get_or_create(
            key=key,
            defaults={
                "name": name,
                "disease": disease,
                "mode": Incident.Mode(mode),
                "level": level,
                "pack": pack,
                "scope_unit_id": scope_unit,
                "opened_at": now,
                "synthetic": synthetic,
                "clock_offset_s": clock_offset_s,
            },
        )
        if made:
            facts = {"mode": mode, "level": level, "pack": pack, "scope": scope_unit}
            audit.record(
                actor=actor, action="incident.open", object_=f"incident:{key}", at=now, facts=facts
            )
    return incident


def set_clock(*, key: str, offset_s: int, actor: Actor, now: dt.datetime) -> None:
    """Set headquarters' time to wall clock + `offset_s` seconds."""
    with transaction.atomic():
        incident = Incident.objects.select_for_update().filter(key=key).first()
        if incident is None:
            raise NotFound("incidents.unknown", f"There is no incident {key}.", key=key)
        if incident.clock_offset_s != offset_s:
            incident.clock_offset_s = offset_s
            incident.save(update_fields=["clock_offset_s"])
            audit.record(
                actor=actor,
                action="incident.set_clock",
                object_=f"incident:{key}",
                at=now,
                facts={"offset_s": offset_s},
            )

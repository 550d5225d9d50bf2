"""What clocks are told of positive tubes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.rounds.models import Tube


def told(tubes: Iterable[Tube], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these tubes in line; in the transaction that wrote them."""
    disease = incidents.current().disease
    clocks.follow("sample", [_facts(one, disease) for one in tubes], actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all positive tubes of the current incident in line; what changed."""
    incident = incidents.current()
    found = Tube.objects.filter(incident=incident)
    with transaction.atomic():
        rows = [_facts(one, incident.disease) for one in found.select_for_update()]
        return clocks.follow("sample", rows, actor=actor, now=now)


def _facts(one: Tube, disease: str) -> dict[str, Any]:
    """A result that the laboratory took back asks for nothing: it has no anchor, and no clock."""
    there = one.withdrawn_at is None
    return {
        "subject_id": one.pk,
        "unit_path": one.unit_path,
        "label": one.code,
        "known_at": one.known_at,
        "id": str(one.pk),
        "path": one.unit_path,
        "disease": disease,
        "swabs": float(one.swabs),
        "result": one.result,
        "laboratory": one.laboratory,
        "sampled_at": one.sampled_at if there else None,
        "received_at": one.received_at,
        "reported_at": one.reported_at if there else None,
        "recollected_at": one.recollected_at,
        "confirmed_at": one.confirmed_at,
    }

"""What clocks are told of letters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.letters.models import Letter


def told(letters: Iterable[Letter], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these letters in line; in the transaction that wrote them."""
    clocks.follow("letter", [_facts(one) for one in letters], actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all letters of the current incident in line; what changed."""
    found = Letter.objects.filter(incident=incidents.current())
    with transaction.atomic():
        rows = [_facts(one) for one in found.select_for_update()]
        return clocks.follow("letter", rows, actor=actor, now=now)


def _facts(one: Letter) -> dict[str, Any]:
    """A letter that only takes back asks for nobody: it has no anchor, and no clock."""
    return {
        "subject_id": one.pk,
        "unit_path": one.unit_path,
        "label": one.number,
        "known_at": one.made_at,
        "id": str(one.pk),
        "path": one.unit_path,
        "kind": one.kind,
        "state": one.state,
        "persons": float(one.persons),
        "sent_at": one.made_at if one.persons else None,
        "received_at": one.received_at,
        "answered_at": one.answered_at,
    }

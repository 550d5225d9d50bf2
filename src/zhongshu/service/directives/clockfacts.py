"""What clocks are told of directives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.directives.models import Directive
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor


def told(directives: Iterable[Directive], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these directives in line; in the transaction that wrote them."""
    rows = [_facts(one, now) for one in directives]
    clocks.follow("directive", rows, actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all directives of the current incident in line; what changed."""
    found = Directive.objects.filter(incident=incidents.current())
    with transaction.atomic():
        rows = [_facts(one, now) for one in found.select_for_update()]
        return clocks.follow("directive", rows, actor=actor, now=now)


def _facts(one: Directive, now: dt.datetime) -> dict[str, Any]:
    return {
        "subject_id": one.pk,
        "unit_path": one.unit_path,
        "label": one.number,
        "known_at": now,
        "id": str(one.pk),
        "path": one.unit_path,
        "kind": one.kind,
        "state": one.state,
        "issued_at": one.issued_at,
        "sign_due_at": one.sign_due_at,
        "due_at": one.due_at,
        "received_at": one.received_at,
        "signed_at": one.signed_at,
        "reported_at": one.reported_at,
        "closed_at": one.closed_at,
    }

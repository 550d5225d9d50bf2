"""What people did about a signal, from the audit record."""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.db.models import Q

from zhongshu.service.audit import facade as audit
from zhongshu.service.signals.models import Signal


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """by: who; post: acting from where.  reason: why, or what was found.  risk: of an assessment;
    until: of a snooze."""

    at: dt.datetime
    action: str
    by: str
    post: str
    reason: str
    risk: str | None
    until: str | None


def deeds(one: Signal, *, as_of: dt.datetime) -> list[Deed]:
    """In the order in which they were done, up to `as_of`; one by one or many at once."""
    own = Q(object=f"signal:{one.pk}") | Q(object="signals", facts__signals__contains=[one.pk])
    rows = audit.entries(action="signal.").filter(own, at__lte=as_of).order_by("seq")
    return [
        Deed(
            at=row.at,
            action=row.action.removeprefix("signal."),
            by=row.actor,
            post=row.post,
            reason=row.facts.get("reason", ""),
            risk=row.facts.get("risk"),
            until=row.facts.get("until"),
        )
        for row in rows
    ]

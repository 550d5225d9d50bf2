"""Reading and proving the record."""

from __future__ import annotations

import dataclasses

from django.db.models import QuerySet

from zhongshu.service.audit.models import AuditEntry
from zhongshu.service.audit.services import GENESIS, digest
from zhongshu.service.kit.scope import Scope


@dataclasses.dataclass(frozen=True)
class Verdict:
    """ok; how many entries were checked; seq of the first that does not fit, or None."""

    ok: bool
    checked: int
    first_bad: int | None


def verify() -> Verdict:
    """Recompute the whole chain.  A gap, a changed entry or a broken link is a bad entry."""
    previous, expected = GENESIS, 1
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=5000):
        fits = entry.seq == expected and entry.previous == previous and entry.hash == digest(entry)
        if not fits:
            return Verdict(ok=False, checked=expected - 1, first_bad=entry.seq)
        previous, expected = entry.hash, expected + 1
    return Verdict(ok=True, checked=expected - 1, first_bad=None)


def entries(
    *, scope: Scope | None = None, actor: str = "", action: str = "", object_: str = ""
) -> QuerySet[AuditEntry]:
    """Entries by exact actor and object and by the beginning of the action.

    scope: acts from posts within it; None: all acts, those of processes too.
    """
    rows = AuditEntry.objects.all() if scope is None else scope.filter(AuditEntry.objects.all())
    if actor:
        rows = rows.filter(actor=actor)
    if action:
        rows = rows.filter(action__startswith=action)
    return rows.filter(object=object_) if object_ else rows

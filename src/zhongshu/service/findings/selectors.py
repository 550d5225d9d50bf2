"""Reading findings as they stood at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.service.findings.models import Finding
from zhongshu.service.kit.scope import Scope


def standing(as_of: dt.datetime) -> Q:
    """Found by `as_of` and not resolved by then."""
    return Q(opened_at__lte=as_of) & (Q(resolved_at=None) | Q(resolved_at__gt=as_of))


def listed(
    *, scope: Scope, as_of: dt.datetime, kind: str = "", open_: bool | None = True
) -> QuerySet[Finding]:
    """Findings within scope opened by `as_of`; open_: those standing then (True), resolved by
    then (False), or both (None)."""
    rows = scope.filter(Finding.objects.filter(opened_at__lte=as_of))
    if open_ is not None:
        rows = rows.filter(standing(as_of)) if open_ else rows.exclude(standing(as_of))
    return rows.filter(kind=kind) if kind else rows


def get(finding_id: int, scope: Scope) -> Finding:
    rows = scope.filter(Finding.objects.select_related("unit").filter(pk=finding_id))
    finding = rows.first()
    if finding is None:
        raise NotFound("findings.unknown", f"There is no finding {finding_id} within your rights.")
    return finding


def counts(*, scope: Scope, as_of: dt.datetime) -> Mapping[str, int]:
    """Kind to findings standing within scope."""
    rows = scope.filter(Finding.objects.filter(standing(as_of)))
    return dict(rows.values_list("kind").annotate(Count("id")).order_by())

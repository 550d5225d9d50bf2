"""Reading comparisons."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from zhongshu.kernel.errors import NotFound
from zhongshu.service.kit.scope import Scope
from zhongshu.service.whatif.models import Comparison


def listed(*, scope: Scope, as_of: dt.datetime | None = None) -> QuerySet[Comparison]:
    """Those within scope, asked by `as_of`, with `pareto`, `label` and `synthetic_population` of
    their answers; the answers themselves are large and stay where they are."""
    rows = scope.filter(Comparison.objects.all()).defer("answer", "options")
    rows = rows.filter(created_at__lte=as_of) if as_of else rows
    return rows.select_related("unit").annotate(
        pareto=KeyTransform("pareto", "answer"),
        label=KeyTransform("label", "answer"),
        synthetic_population=KeyTransform("synthetic_population", "answer"),
    )


def get(comparison_id: int, scope: Scope) -> Comparison:
    """With its answer; outside the scope it looks as if there were none."""
    found = listed(scope=scope).defer(None).filter(pk=comparison_id).first()
    if found is None:
        raise NotFound("whatif.unknown", f"There is no comparison {comparison_id}.")
    return found


def unfinished() -> list[int]:
    """Numbers of those that wait or are computed, the oldest first."""
    open_ = (Comparison.State.QUEUED, Comparison.State.RUNNING)
    rows = Comparison.objects.filter(state__in=open_).order_by("pk")
    return list(rows.values_list("pk", flat=True))

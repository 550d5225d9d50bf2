"""Reading drills."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from zhongshu.kernel.errors import NotFound
from zhongshu.service.drills.played.models import Drill
from zhongshu.service.kit.scope import Scope


def listed(*, scope: Scope, as_of: dt.datetime | None = None) -> QuerySet[Drill]:
    """Those within scope, begun by `as_of`, with `rows` of their results; the rest is large."""
    rows = scope.filter(Drill.objects.all()).defer("evening", "result")
    rows = rows.filter(created_at__lte=as_of) if as_of else rows
    return rows.select_related("unit").annotate(rows=KeyTransform("rows", "result"))


def get(drill_id: int, scope: Scope) -> Drill:
    """With its evening or its result; outside the scope it looks as if there were none."""
    found = listed(scope=scope).defer(None).filter(pk=drill_id).first()
    if found is None:
        raise NotFound("drill.unknown", f"There is no drill {drill_id}.")
    return found

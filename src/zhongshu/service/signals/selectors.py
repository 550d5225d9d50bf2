"""Reading signals as they were known at a moment."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import states
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals.models import Signal

# Somebody still has to act on these.
OPEN = tuple(state for state in ("raised", "taken", "verified") if state in states.TABLES["signal"])


def listed(
    *, scope: Scope, as_of: dt.datetime, state: str = "", open_only: bool = False
) -> QuerySet[Signal]:
    standing = Q(withdrawn_as_of=None) | Q(withdrawn_as_of__gt=as_of)
    rows = scope.filter(Signal.objects.filter(standing, known_at__lte=as_of))
    if state:
        rows = rows.filter(state=state)
    return rows.filter(state__in=OPEN) if open_only else rows


def get(signal_id: int, scope: Scope) -> Signal:
    signal = scope.filter(Signal.objects.select_related("unit").filter(pk=signal_id)).first()
    if signal is None:
        raise NotFound("signals.unknown", f"There is no signal {signal_id} within your rights.")
    return signal

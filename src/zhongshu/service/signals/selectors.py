"""Reading signals as they were known at a moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import states
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.snoozing import asleep

# Somebody still has to act on these.
OPEN = tuple(state for state, may in states.TABLES["signal"].items() if "dismiss" in may)


def of_whole_area(scope: Scope) -> bool:
    """Whether the incident's whole area may be seen.  Tests, and the budget of all counties, are
    counted for all of it: whoever may see less is not told of them, wherever they are shown."""
    return scope.covers(incidents.current().scope_unit.path)


def listed(
    *,
    scope: Scope,
    as_of: dt.datetime,
    state: str = "",
    grade: str = "",
    stream: str = "",
    groups: Collection[int] = (),
) -> QuerySet[Signal]:
    """Signals within scope known at `as_of`, by their present state; ``open`` stands for all
    the states in which somebody still has to act, those that are snoozed left out."""
    rows = scope.filter(Signal.objects.filter(standing(as_of)))
    if grade:
        rows = rows.filter(grade=grade)
    if stream:
        rows = rows.filter(stream=stream)
    if groups:
        rows = rows.filter(Q(group__in=groups) | Q(group=None, pk__in=groups))
    if state == "open":
        return rows.filter(awake(as_of))
    return rows.filter(state=state) if state else rows


def open_counts(*, scope: Scope, moments: Sequence[dt.datetime]) -> list[int]:
    """How many were open at each moment (by their present state), in one query."""
    asked = {
        f"n{number}": Count("id", filter=standing(moment) & awake(moment))
        for number, moment in enumerate(moments)
    }
    found = scope.filter(Signal.objects.filter(state__in=OPEN)).aggregate(**asked)
    return [found[f"n{number}"] for number in range(len(moments))]


def unproposed(*, scope: Scope, as_of: dt.datetime) -> set[tuple[str, str, dt.date]]:
    """(unit, stream, date) of signals that need no proposal: somebody has taken, verified,
    snoozed or decided them."""
    raised = Q(state=states.initial("signal")) & ~asleep(as_of)
    rows = listed(scope=scope, as_of=as_of).exclude(raised)
    return set(rows.values_list("unit_id", "stream", "date"))


def standing(as_of: dt.datetime) -> Q:
    """Raised by `as_of` and not withdrawn by then."""
    return Q(known_at__lte=as_of) & (Q(withdrawn_as_of=None) | Q(withdrawn_as_of__gt=as_of))


def awake(as_of: dt.datetime) -> Q:
    """Open and not snoozed then."""
    return Q(state__in=OPEN) & ~asleep(as_of)


def get(signal_id: int, scope: Scope) -> Signal:
    signal = scope.filter(Signal.objects.select_related("unit").filter(pk=signal_id)).first()
    if signal is None:
        raise NotFound("signals.unknown", f"There is no signal {signal_id} within your rights.")
    return signal

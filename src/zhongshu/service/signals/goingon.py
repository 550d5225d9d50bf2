"""Signals that go on from day to day, and those that became events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db.models import Min

from zhongshu.kernel.time import beijing_day
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.signals import figures
from zhongshu.service.signals.models import Signal
from zhongshu.service.signals.selectors import OPEN


def going_on(
    holding: Mapping[tuple[str, str], float], *, as_of: dt.datetime
) -> dict[tuple[str, str], dt.date]:
    """Of the (unit, rule) that hold now, with what they count, those that a signal stands for
    already, and its day: somebody still has to act on it, or it was decided on as much or more.

    A signal stands for as many days as signals of one outbreak may lie apart.
    """
    if not holding:
        return {}
    days = figures.number("signal.group_days", now=as_of)
    first = beijing_day(as_of) - dt.timedelta(days=days)
    rows = Signal.objects.filter(
        incident=incidents.current(),
        unit__in={unit for unit, _ in holding},
        rule__in={rule for _, rule in holding},
        withdrawn_as_of=None,
        date__gte=first,
    )
    found: dict[tuple[str, str], dt.date] = {}
    for one in rows.order_by("date", "pk"):
        key = one.unit_id, one.rule
        found.pop(key, None)
        if key in holding and (one.state in OPEN or holding[key] <= one.observed):
            found[key] = one.date
    return found


def confirmed(as_of: dt.datetime) -> list[tuple[str, dt.date]]:
    """(unit, first day) of the outbreaks that signals known at the moment became events of."""
    rows = Signal.objects.filter(
        incident=incidents.current(), state="event", known_at__lte=as_of, withdrawn_as_of=None
    )
    found: Collection[tuple[str, dt.date]] = (
        rows.values("unit", "group").annotate(first=Min("date")).values_list("unit", "first")
    )
    return sorted(set(found))

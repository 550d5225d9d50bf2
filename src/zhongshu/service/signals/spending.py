"""What the alert budget remembers from one day to the next.

A day's decision is a function of what earlier days decided: the level they left, and the alerts
that stood in the register before this run.  So the same run again decides the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db.models import Exists, Max, Min, OuterRef, QuerySet

from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.model import SpentDay
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.signals.models import JOINT, BudgetDay, Signal


@dataclasses.dataclass(frozen=True, slots=True)
class Left:
    """What the days before one leave.  level: log10 odds an alert needs, None where no day before
    was decided with this budget.  since: unit to days since its last alert.  raised: units that
    have an alert of the day itself from an earlier run.  begun_days: since the first day that was
    decided with this budget."""

    level: float | None
    since: Mapping[str, int]
    raised: tuple[str, ...]
    begun_days: int


def decided(as_of: dt.datetime) -> QuerySet[BudgetDay]:
    """Of each day, what the last run known at `as_of` decided of it."""
    known = BudgetDay.objects.filter(incident=incidents.current(), known_at__lte=as_of)
    later = BudgetDay.objects.filter(
        incident=OuterRef("incident"),
        date=OuterRef("date"),
        known_at__gt=OuterRef("known_at"),
        known_at__lte=as_of,
    )
    return known.exclude(Exists(later))


def before(day: dt.date, *, as_of: dt.datetime, a_week: float) -> Left:
    """What was left for `day`, of alerts registered by runs before that as of `as_of`, and of what
    runs up to then decided."""
    rows = Signal.objects.filter(
        incident=incidents.current(),
        stream=JOINT,
        rule="",
        withdrawn_as_of=None,
        known_at__lt=as_of,
    )
    last = rows.filter(date__lt=day).values("unit").annotate(last=Max("date"))
    since = {unit: (day - when).days for unit, when in last.values_list("unit", "last")}
    raised = rows.filter(date=day).order_by("unit").values_list("unit", flat=True)
    earlier = decided(as_of).filter(date__lt=day)
    yesterday = earlier.order_by("-date").first()
    level = yesterday.left if yesterday and yesterday.alerts_a_week == a_week else None
    return Left(level, since, tuple(raised), _begun(earlier, day, a_week))


def _begun(earlier: QuerySet[BudgetDay], day: dt.date, a_week: float) -> int:
    """Days since the first one decided with this budget without another between."""
    other = earlier.exclude(alerts_a_week=a_week).aggregate(last=Max("date"))["last"]
    same = earlier if other is None else earlier.filter(date__gt=other)
    first = same.aggregate(first=Min("date"))["first"]
    return 0 if first is None else (day - first).days


def keep(
    spent: SpentDay, budget: Budget, *, day: dt.date, run_id: int, as_of: dt.datetime
) -> float:
    """Remember what the run as of `as_of` decided of `day`; the level it leaves for the next."""
    level = spent.level
    if spent.able:  # a day on which nothing can be tested does not lower the level
        level = budget.after(level, len(spent.raised))
    BudgetDay.objects.update_or_create(
        incident=incidents.current(),
        date=day,
        known_at=as_of,
        defaults={
            "alerts_a_week": budget.alerts_a_week,
            "level": spent.level,
            "left": level,
            "tested": spent.tested,
            "able": spent.able,
            "raised": len(spent.raised),
            "by_chance": spent.by_chance,
            "run_id": run_id,
        },
    )
    return level

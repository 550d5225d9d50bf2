"""The curves beside the figures: what was counted per day, and what a run estimated."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate

from zhongshu.kernel.time import BEIJING, DAY, beijing_day
from zhongshu.service.cases import facade as cases
from zhongshu.service.kit import places
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

CASE_DAYS = 90  # the latest; a chart of more days shows less
FEVER_DAYS = 28


@dataclasses.dataclass(frozen=True, slots=True)
class Point:
    """low, high: bounds of the interval where there is one.  value None: not reported."""

    date: dt.date
    value: float | None
    low: float | None = None
    high: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Trend:
    key: str
    unit: str
    points: Sequence[Point]


# Key of a run's trend, and its unit of measure.
FROM_RUN = {"rt": "", "rooms_projected": "rooms"}


def read(*, scope: Scope, unit: units.UnitRef, as_of: dt.datetime) -> list[Trend]:
    """The trends there are something to draw for."""
    rows = cases.listed(scope=scope, as_of=as_of)
    today = beijing_day(as_of)
    reported = rows.annotate(day=TruncDate("reported_at", tzinfo=BEIJING))
    onset = rows.filter(onset_date__isnull=False)
    found = [
        Trend("cases_by_report_date", "persons", _daily(_counts(reported, "day"), today)),
        Trend("cases_by_onset_date", "persons", _daily(_counts(onset, "onset_date"), today)),
        *_from_run(unit, as_of),
        Trend("fever_clinic", "visits", _fever(scope, as_of)),
    ]
    return [trend for trend in found if trend.points]


def _counts(rows: Any, day: str) -> dict[dt.date, int]:
    return dict(rows.order_by().values_list(day).annotate(Count("id")))


def _daily(counts: Mapping[dt.date, int], today: dt.date) -> list[Point]:
    """Every day from the first count (or 90 days ago) to today; in a line list a day without a
    case is zero."""
    if not counts:
        return []
    first = max(min(counts), today - DAY * CASE_DAYS)
    days = (first + DAY * number for number in range((today - first).days + 1))
    return [Point(day, counts.get(day, 0)) for day in days]


def _from_run(unit: units.UnitRef, as_of: dt.datetime) -> list[Trend]:
    """What the last run estimated for this very unit, from its steps' summaries."""
    run = periods.latest_run(as_of)
    if run is None:
        return []
    told: dict[str, Any] = {}
    for step in run.steps.all():
        told |= step.summary.get("trends", {})
    return [
        Trend(key, measure, [_point(row) for row in told[key][unit["code"]]])
        for key, measure in FROM_RUN.items()
        if unit["code"] in told.get(key, {})
    ]


def _point(row: Mapping[str, Any]) -> Point:
    day = dt.date.fromisoformat(row["date"])
    return Point(day, row["value"], row.get("low"), row.get("high"))


def _fever(scope: Scope, as_of: dt.datetime) -> list[Point]:
    """Fever-clinic visits of the counties in scope; a day nobody reported is not zero."""
    rows = scope.filter(units.Unit.objects.filter(level=3), "path")
    table = places.sentinel_counts(
        stream="fever_clinic", as_of=as_of, paths=dict(rows.values_list("code", "path"))
    )
    counts = dict(zip(table["date"].to_pylist(), table["count_sum"].to_pylist(), strict=True))
    first = beijing_day(as_of) - DAY * FEVER_DAYS
    recent = sorted(day for day in counts if day > first)
    if not recent:
        return []
    days = (recent[0] + DAY * number for number in range((recent[-1] - recent[0]).days + 1))
    return [Point(day, counts.get(day)) for day in days]

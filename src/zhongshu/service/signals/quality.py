"""How good warning has been over some days: measures of rule WSRC-2, as far as they are known."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Min

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.rules import reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals import groups, spending
from zhongshu.service.signals.checks import rates, selftest, testlog
from zhongshu.service.signals.checks.models import SelfTest
from zhongshu.service.signals.models import BudgetDay, Signal
from zhongshu.service.signals.selectors import listed, of_whole_area


@dataclasses.dataclass(frozen=True, slots=True)
class Spent:
    """Of the alert budget of streams judged together, in a week: what was set on its last day, what
    was raised, and how many alerts were to be expected without any outbreak."""

    week: dt.date
    set_per_week: float
    raised: int
    by_chance: float


@dataclasses.dataclass(frozen=True, slots=True)
class Week:
    """raised: signals of the days asked for.  set_per_week: of the budget that held on the last of
    them, None where none was set."""

    week: dt.date
    raised: int
    set_per_week: float | None


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """signals: of the days asked for.  per_analyst_day: those handled, per person and day on
    which he handled any; None when nobody did.  confirmed, decided: how many became events, of
    those that became an event or a false alarm.  gained: for each event whose counties have a
    case, the days from its first signal to the first report of a case there; negative when
    the case was first.  by_week: every week touched.  calibration: said
    probability against what decided signals became.  tests: by stream and method, and error_rates:
    said p-values against the share of tests below them; None for less than the incident's whole
    area, because tests are logged for all of it.  selftests: how many of the synthetic outbreaks
    tried on these days were found, and the last one known.  together: what the budget of streams
    judged together did week by week; None as for tests."""

    signals: int
    per_analyst_day: float | None
    confirmed: int
    decided: int
    gained: tuple[int, ...]
    by_week: tuple[Week, ...]
    calibration: tuple[rates.Bin, ...]
    tests: tuple[testlog.Tested, ...] | None
    error_rates: tuple[rates.Bin, ...] | None
    selftests: rates.Share
    last_selftest: SelfTest | None
    together: tuple[Spent, ...] | None

    @property
    def set_per_week(self) -> float | None:
        """The budget that held on the last day."""
        return self.by_week[-1].set_per_week

    @property
    def median_gained(self) -> float | None:
        return statistics.median(self.gained) if self.gained else None


def measure(*, first: dt.date, last: dt.date, scope: Scope, as_of: dt.datetime) -> Quality:
    """Of the signals of the days `first` to `last`, by what was known and done up to `as_of`;
    refuses days that are the wrong way round."""
    if last < first:
        raise BadInput(
            "signals.days", f"The last day {last} is before the first day {first}; swap them."
        )
    rows = list(listed(scope=scope, as_of=as_of).filter(date__gte=first, date__lte=last))
    handled = [one for one in rows if one.handled_at and one.handled_at <= as_of]
    states = collections.Counter(one.state for one in handled)
    events = [one for one in handled if one.state == "event"]
    whole = of_whole_area(scope)
    logged = list(testlog.listed(first=first, last=last, as_of=as_of)) if whole else None
    return Quality(
        signals=len(rows),
        per_analyst_day=_per_analyst_day(handled),
        confirmed=states["event"],
        decided=states["event"] + states["false_alarm"],
        gained=_gained(events, scope, as_of),
        by_week=tuple(_by_week(rows, first, last, as_of)),
        calibration=tuple(rates.calibration(_decided(handled))),
        tests=None if logged is None else tuple(testlog.summed(logged)),
        error_rates=None if logged is None else tuple(testlog.levels(logged)),
        together=tuple(_together(first, last, as_of)) if whole else None,
        **_selftests(first, last, scope, as_of),
    )


def _together(first: dt.date, last: dt.date, as_of: dt.datetime) -> list[Spent]:
    rows = spending.decided(as_of).filter(date__gte=first, date__lte=last)
    weeks: dict[dt.date, list[BudgetDay]] = {}
    for one in rows.order_by("date"):
        weeks.setdefault(_monday(one.date), []).append(one)
    return [
        Spent(
            week=week,
            set_per_week=days[-1].alerts_a_week,
            raised=sum(one.raised for one in days),
            by_chance=sum(one.by_chance for one in days),
        )
        for week, days in weeks.items()
    ]


def _decided(rows: Sequence[Signal]) -> list[tuple[float, bool]]:
    """(said probability, whether it became an event) of the signals that are decided."""
    return [
        (one.probability, one.state == "event")
        for one in rows
        if one.probability is not None and one.state in ("event", "false_alarm")
    ]


def _selftests(first: dt.date, last: dt.date, scope: Scope, as_of: dt.datetime) -> dict[str, Any]:
    known = selftest.listed(scope=scope, as_of=as_of)
    within = known.filter(at__gte=start_of_day(first), at__lt=start_of_day(last + DAY))
    counts = within.aggregate(run=Count("id"), found=Count("found_after_days"))
    newest = known.select_related("unit").order_by("-at", "-id").first()
    return {"selftests": rates.Share(counts["found"], counts["run"]), "last_selftest": newest}


def _per_analyst_day(rows: Sequence[Signal]) -> float | None:
    handled = [(one.handled_by, beijing_day(one.handled_at)) for one in rows if one.handled_at]
    return len(handled) / len(set(handled)) if handled else None


def _monday(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY


def _by_week(
    rows: Sequence[Signal], first: dt.date, last: dt.date, as_of: dt.datetime
) -> Iterator[Week]:
    raised = collections.Counter(_monday(one.date) for one in rows)
    days = spending.decided(as_of).filter(date__gte=first, date__lte=last).order_by("date")
    spent = {_monday(day): a_week for day, a_week in days.values_list("date", "alerts_a_week")}
    incident = incidents.current()
    week = _monday(first)
    while week <= last:
        # Streams judged together have a budget of their own, which was noted when it was spent.
        limit = spent[week] if week in spent else _limit(incident, min(week + 6 * DAY, last))
        yield Week(week, raised[week], limit)
        week += 7 * DAY


def _limit(incident: incidents.Incident, on: dt.date) -> float | None:
    """Signals a week that the office can verify, by the edition in force that day."""
    try:
        pack = reader.applicable(disease=incident.disease, on=on, path=incident.scope_unit.path)
    except NotFound:
        return None
    daily = pack.get("warning.alerts_per_day")
    return None if daily is None else 7 * pack.number(daily.key)


def _gained(events: Sequence[Signal], scope: Scope, as_of: dt.datetime) -> tuple[int, ...]:
    """By group: from the day its first signal was known to the first case of its counties."""
    known: dict[int, dt.date] = {}
    counties: dict[int, set[str]] = collections.defaultdict(set)
    for one in events:
        number, day = groups.number(one), beijing_day(one.known_at)
        known[number] = min(day, known.get(number, day))
        counties[number].add(one.unit_path)
    if not known:
        return ()
    asked = {
        f"n{number}": Min("reported_at", filter=Scope(tuple(sorted(paths))).q())
        for number, paths in counties.items()
    }
    there = cases.Case.objects.filter(incident=incidents.current(), known_at__lte=as_of)
    rows = scope.filter(there)
    found = rows.exclude(state="excluded").aggregate(**asked)
    return tuple(
        (beijing_day(found[f"n{number}"]) - known[number]).days
        for number in sorted(known)
        if found[f"n{number}"]
    )

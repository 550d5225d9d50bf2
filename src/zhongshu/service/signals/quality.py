"""How good warning has been over some days: measures of rule WSRC-2, as far as they are known."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import statistics
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import Count, Min

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.rules import reader
from zhongshu.service.cases import facade as cases
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals import groups
from zhongshu.service.signals.checks import rates, selftest, testlog
from zhongshu.service.signals.checks.models import SelfTest
from zhongshu.service.signals.models import BudgetDay, Signal
from zhongshu.service.signals.selectors import listed


@dataclasses.dataclass(frozen=True, slots=True)
class Spent:
    """Of the alert budget of streams judged together, in a week: what was set on its last day, what
    was raised, and how many alerts were to be expected without any outbreak."""

    week: dt.date
    set_per_week: float
    raised: int
    by_chance: float


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """signals: of the days asked for.  per_analyst_day: those handled, per person and day on
    which he handled any; None when nobody did.  confirmed, decided: how many became events, of
    those that became an event or a false alarm.  gained: for each event whose counties have a
    case, the days from its first signal to the first report of a case there; negative when
    the case was first.  by_week: Monday to signals, for every week touched.  set_per_week: the
    budget of the edition in force on the last day; None when it has none.  calibration: said
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
    set_per_week: float | None
    by_week: Mapping[dt.date, int]
    calibration: tuple[rates.Bin, ...]
    tests: tuple[testlog.Tested, ...] | None
    error_rates: tuple[rates.Bin, ...] | None
    selftests: rates.Share
    last_selftest: SelfTest | None
    together: tuple[Spent, ...] | None

    @property
    def median_gained(self) -> float | None:
        return statistics.median(self.gained) if self.gained else None


def measure(*, first: dt.date, last: dt.date, scope: Scope, as_of: dt.datetime) -> Quality:
    """Of the signals of the days `first` to `last`; refuses days that are the wrong way round."""
    if last < first:
        raise BadInput(
            "signals.days", f"The last day {last} is before the first day {first}; swap them."
        )
    rows = list(listed(scope=scope, as_of=as_of).filter(date__gte=first, date__lte=last))
    states = collections.Counter(one.state for one in rows)
    events = [one for one in rows if one.state == "event"]
    whole = scope.covers(incidents.current().scope_unit.path)
    logged = list(testlog.listed(first=first, last=last, as_of=as_of)) if whole else None
    return Quality(
        signals=len(rows),
        per_analyst_day=_per_analyst_day(rows),
        confirmed=states["event"],
        decided=states["event"] + states["false_alarm"],
        gained=_gained(events, scope),
        set_per_week=_budget(last),
        by_week=_by_week([one.date for one in rows], first, last),
        calibration=tuple(rates.calibration(_decided(rows))),
        tests=None if logged is None else tuple(testlog.summed(logged)),
        error_rates=None if logged is None else tuple(testlog.levels(logged)),
        together=tuple(_together(first, last, as_of)) if whole else None,
        **_selftests(first, last, scope, as_of),
    )


def _together(first: dt.date, last: dt.date, as_of: dt.datetime) -> list[Spent]:
    rows = BudgetDay.objects.filter(
        incident=incidents.current(), date__gte=first, date__lte=last, known_at__lte=as_of
    )
    weeks: dict[dt.date, list[BudgetDay]] = {}
    for one in rows.order_by("date"):
        weeks.setdefault(one.date - one.date.weekday() * DAY, []).append(one)
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


def _by_week(days: Collection[dt.date], first: dt.date, last: dt.date) -> dict[dt.date, int]:
    weeks = {}
    week = first - first.weekday() * DAY
    while week <= last:
        weeks[week] = 0
        week += 7 * DAY
    for day in days:
        weeks[day - day.weekday() * DAY] += 1
    return weeks


def _budget(on: dt.date) -> float | None:
    """Signals a week that the office can verify, by the edition in force."""
    incident = incidents.current()
    path = incident.scope_unit.path
    try:
        pack = reader.applicable(disease=incident.disease, on=on, path=path)
    except NotFound:
        return None
    daily = pack.get("warning.alerts_per_day")
    return None if daily is None else 7 * pack.number(daily.key)


def _gained(events: Sequence[Signal], scope: Scope) -> tuple[int, ...]:
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
    rows = scope.filter(cases.Case.objects.filter(incident=incidents.current()))
    found = rows.exclude(state="excluded").aggregate(**asked)
    return tuple(
        (beijing_day(found[f"n{number}"]) - known[number]).days
        for number in sorted(known)
        if found[f"n{number}"]
    )

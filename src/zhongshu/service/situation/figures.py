"""Today's figures.  Each one counts exactly the list it links to, at the same moment.

A figure is read at several moments at once (today, yesterday, fourteen days), so that its series
costs one query, not one per day.  What only a run can know (contacts, zones) is read at moments
of runs; before the first run nothing was known and nothing is drawn.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from django.db.models import Count, Q

from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.directives import facade as directives
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.text import Text, text
from zhongshu.service.periods import facade as periods
from zhongshu.service.resources import facade as resources
from zhongshu.service.signals import facade as signals
from zhongshu.service.zones import facade as zones

SERIES_DAYS = 14
Values = Mapping[str, Sequence[float | None]]
NO_RUN = text("此刻之前还没有运行日调度。", "No cycle had run by then.")
NO_REPORT = text("此刻之前没有收到报送。", "No report had come in by then.")


@dataclasses.dataclass(frozen=True, slots=True)
class Spec:
    """key, unit of measure, the list it counts, and what has to be there for it to be known."""

    key: str
    unit: str
    route: str
    filters: Mapping[str, str | int | bool]
    needs: str = ""  # "run", "report" or nothing


_STANDING: Mapping[str, str] = {"kind": "risk_area", "state": "standing"}
SPECS = (
    Spec("cases_new", "persons", "cases", {}),
    Spec("cases_confirmed_total", "persons", "cases", {"category": "confirmed"}),
    Spec("cases_asymptomatic_total", "persons", "cases", {"category": "asymptomatic"}),
    Spec("contacts_close", "persons", "contacts", {"degree": 1, "persons": True}, "run"),
    Spec("contacts_second", "persons", "contacts", {"degree": 2, "persons": True}, "run"),
    Spec("contacts_in_isolation_needed", "persons", "contacts", {"to_isolate": True}, "run"),
    Spec("signals_open", "signals", "signals", {"state": "open"}, "run"),
    Spec("zones_high", "zones", "zones", {**_STANDING, "level": "high"}, "run"),
    Spec("zones_medium", "zones", "zones", {**_STANDING, "level": "medium"}, "run"),
    Spec("residents_restricted", "persons", "zones", {**_STANDING, "state": "active"}, "run"),
    Spec("rooms_free", "rooms", "sites", {}, "report"),
    Spec("beds_free", "beds", "hospitals", {}, "report"),
    Spec("proposals_waiting", "proposals", "proposals", {"state": "waiting"}, "run"),
    Spec("directives_overdue", "directives", "directives", {"overdue": True}),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """value None exactly when `missing` says why; series: (Beijing day, value), oldest first."""

    spec: Spec
    filters: Mapping[str, str | int | bool]
    value: float | None
    change: float | None
    series: Sequence[tuple[dt.date, float]]
    missing: Text | None


def moments(as_of: dt.datetime) -> list[dt.datetime]:
    """This hour on each of the last fourteen days, today first."""
    return [as_of - DAY * number for number in range(SERIES_DAYS)]


def read(*, scope: Scope, as_of: dt.datetime) -> list[Figure]:
    """All figures of `SPECS`, in that order."""
    times = moments(as_of)
    first_run = periods.first_run_as_of()
    readers: Sequence[Callable[[Scope, Sequence[dt.datetime]], Values]] = (
        _cases, _contacts, _signals, _zones, _resources, _proposals, _directives,
    )  # fmt: skip
    values: dict[str, Sequence[float | None]] = {}
    for reader in readers:
        values |= reader(scope, times)
    return [_figure(spec, values[spec.key], times, first_run) for spec in SPECS]


def _figure(
    spec: Spec,
    values: Sequence[float | None],
    times: Sequence[dt.datetime],
    first_run: dt.datetime | None,
) -> Figure:
    known = [
        None if spec.needs == "run" and (first_run is None or time < first_run) else value
        for value, time in zip(values, times, strict=True)
    ]
    missing = (NO_REPORT if spec.needs == "report" else NO_RUN) if known[0] is None else None
    series = [
        (beijing_day(time), value)
        for time, value in zip(times, known, strict=True)
        if value is not None
    ]
    filters = dict(spec.filters)
    if spec.key == "cases_new":
        today = beijing_day(times[0]).isoformat()
        filters |= {"reported_from": today, "reported_to": today}
    change = known[0] - known[1] if known[0] is not None and known[1] is not None else None
    return Figure(spec, filters, known[0], change, series[::-1], missing)


def _cases(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    asked = {}
    for number, time in enumerate(times):
        known, today = Q(known_at__lte=time), start_of_day(beijing_day(time))
        asked[f"n{number}"] = Count(
            "id", filter=known & Q(reported_at__gte=today, reported_at__lt=today + DAY)
        )
        for category in ("confirmed", "asymptomatic"):
            asked[f"{category}{number}"] = Count("id", filter=known & Q(category=category))
    found = cases.listed(scope=scope, as_of=times[0]).aggregate(**asked)
    numbers = range(len(times))
    return {
        "cases_new": [found[f"n{number}"] for number in numbers],
        "cases_confirmed_total": [found[f"confirmed{number}"] for number in numbers],
        "cases_asymptomatic_total": [found[f"asymptomatic{number}"] for number in numbers],
    }


def _contacts(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    found = contacts.person_counts(scope=scope, moments=times)
    return {
        "contacts_close": [row["close"] for row in found],
        "contacts_second": [row["second"] for row in found],
        "contacts_in_isolation_needed": [row["to_isolate"] for row in found],
    }


def _signals(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    return {"signals_open": signals.open_counts(scope=scope, moments=times)}


def _zones(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    found = zones.standing_counts(scope=scope, moments=times)
    return {
        "zones_high": [row["high"] for row in found],
        "zones_medium": [row["medium"] for row in found],
        "residents_restricted": [row["restricted"] for row in found],
    }


def _resources(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    return {
        "rooms_free": resources.free_rooms(scope=scope, moments=times),
        "beds_free": resources.free_beds(scope=scope, moments=times),
    }


def _proposals(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    asked = {
        f"n{number}": Count("id", filter=periods.waiting(time)) for number, time in enumerate(times)
    }
    found = periods.listed(scope=scope, as_of=times[0]).aggregate(**asked)
    return {"proposals_waiting": [found[f"n{number}"] for number in range(len(times))]}


def _directives(scope: Scope, times: Sequence[dt.datetime]) -> Values:
    asked = {
        f"n{number}": Count("id", filter=directives.overdue(time) & Q(issued_at__lte=time))
        for number, time in enumerate(times)
    }
    found = directives.listed(scope=scope, as_of=times[0]).aggregate(**asked)
    return {"directives_overdue": [found[f"n{number}"] for number in range(len(times))]}

"""Asks the registers what a situation report says.  Everything is read as known at one moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from zhongshu.connectors.reports import facts
from zhongshu.connectors.reports.facts import SituationFacts, Text, Unit
from zhongshu.kernel.time import DAY, beijing_day, start_of_day
from zhongshu.service.directives import facade as directives
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.intake import facade as intake
from zhongshu.service.kit.scope import Scope
from zhongshu.service.periods import facade as periods
from zhongshu.service.signals import facade as signals
from zhongshu.service.situation import figures, trends
from zhongshu.service.units import facade as units
from zhongshu.service.zones import facade as zones

_LEVELS = {"high": 0, "medium": 1, "low": 2}
_GRADES = {"red": 0, "orange": 1, "yellow": 2, "blue": 3}


def gather(*, as_of: dt.datetime, period: dt.date | None = None) -> SituationFacts:
    """The facts of the current incident as known at `as_of`, for its whole scope.

    period: the Beijing day the report is of; default the day of `as_of`.  Refuses (NotFound)
    when no incident is open.
    """
    incident = incidents.current()
    unit = incident.scope_unit
    scope = Scope((unit.path,))
    day = period or beijing_day(as_of)
    return SituationFacts(
        period=day,
        as_of=as_of,
        scope=_unit(unit),
        incident=_text(incident.name),
        mode=incident.mode,
        level=incident.level,
        synthetic=incident.synthetic,
        figures=_figures(scope, as_of),
        trends=_trends(scope, unit, as_of),
        proposals=_proposals(scope, as_of),
        decisions=_decisions(scope, day, as_of),
        zones=_zones(scope, as_of),
        signals=_signals(scope, as_of),
        feeds=_feeds(as_of),
        run=_run(as_of),
    )


def _unit(unit: units.Unit) -> Unit:
    return Unit(unit.code, unit.name)


def _text(value: Mapping[str, Any]) -> Text:
    return Text(zh=value["zh"], en=value["en"])


def _figures(scope: Scope, as_of: dt.datetime) -> tuple[facts.Figure, ...]:
    return tuple(
        facts.Figure(
            key=one.spec.key,
            value=one.value,
            change=one.change,
            list=facts.ListRef(one.spec.route, tuple(one.filters.items())),
            series=_days(dict(one.series), beijing_day(as_of)),
            missing=_text(one.missing) if one.missing else None,
        )
        for one in figures.read(scope=scope, as_of=as_of)
    )


def _days(values: Mapping[dt.date, float], last: dt.date) -> tuple[facts.Point, ...]:
    """The fourteen days that end with `last`; a day that is not there has no value."""
    first = last - (figures.SERIES_DAYS - 1) * DAY
    days = (first + number * DAY for number in range(figures.SERIES_DAYS))
    return tuple(facts.Point(day, values.get(day)) for day in days)


def _trends(scope: Scope, unit: units.Unit, as_of: dt.datetime) -> tuple[facts.Trend, ...]:
    return tuple(
        facts.Trend(one.key, tuple(facts.Point(p.date, p.value, p.low, p.high) for p in one.points))
        for one in trends.read(scope=scope, unit=units.ref(unit), as_of=as_of)
    )


def _proposals(scope: Scope, as_of: dt.datetime) -> tuple[facts.Proposal, ...]:
    """What waits, most pressing first (the order of the console's queue)."""
    rows = periods.listed(scope=scope, as_of=as_of, state="waiting")
    return tuple(
        facts.Proposal(
            id=row.pk,
            kind=row.kind,
            title=_text(row.title),
            unit=_unit(row.unit),
            waiting_cost=_text(row.waiting_cost) if row.waiting_cost else None,
            pack_version=row.pack_version,
        )
        for row in rows.select_related("unit").order_by("-priority", "-id")
    )


def _decisions(scope: Scope, day: dt.date, as_of: dt.datetime) -> tuple[facts.Decision, ...]:
    """Decided from the start of `day` until `as_of`, with the directives each made."""
    made = scope.filter(
        periods.Decision.objects.filter(at__gte=start_of_day(day), at__lte=as_of),
        "proposal__unit_path",
    )
    rows = list(made.select_related("proposal").order_by("at", "id"))
    issued: dict[int, int] = {}
    orders = directives.listed(scope=scope, as_of=as_of).filter(
        decision_id__in=[row.pk for row in rows]
    )
    gathering = directives.children_counts(orders.values_list("pk", flat=True), scope)
    for one in orders.only("pk", "decision_id"):
        if one.decision_id is not None and one.pk not in gathering:
            issued[one.decision_id] = issued.get(one.decision_id, 0) + 1
    return tuple(
        facts.Decision(
            proposal_id=row.proposal_id,
            title=_text(row.proposal.title),
            verdict=row.verdict,
            reason=row.reason,
            by=row.by_name,
            at=row.at,
            directives=issued.get(row.pk, 0),
        )
        for row in rows
    )


def _zones(scope: Scope, as_of: dt.datetime) -> tuple[facts.Zone, ...]:
    """Coloured counties, then standing risk areas, the highest level first."""
    listed = zones.listed(scope=scope, as_of=as_of, state="standing").select_related("unit")
    rows = list(listed)
    known = units.refs_on_paths(row.unit_path for row in rows)
    found = [
        facts.Zone(
            id=one.zone.pk,
            unit=_place(one.zone.unit, known),
            kind=one.zone.kind,
            level=one.level,
            state=one.state,
            since=one.evaluation.since,
            residents=one.evaluation.residents,
            person_days=one.evaluation.person_days,
            cases=len(one.evaluation.evidence.get("cases", ())),
            release_on=_day(one.evaluation.release.get("earliest_on")),
            overdue=one.evaluation.overdue_release,
        )
        for one in zones.then(rows)
        if one.level != "none"
    ]
    return tuple(
        sorted(found, key=lambda z: (z.kind != "county", _LEVELS.get(z.level, 9), z.unit.code))
    )


def _place(unit: units.Unit, known: Mapping[str, units.UnitRef]) -> Unit:
    """A unit below a county with the county's name before its own: village names repeat."""
    county = units.county_of(unit.path, known)
    if county is None or county["code"] == unit.code:
        return _unit(unit)
    return Unit(unit.code, f"{county['name']}{unit.name}")


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _signals(scope: Scope, as_of: dt.datetime) -> tuple[facts.Signal, ...]:
    rows = signals.listed(scope=scope, as_of=as_of, state="open").select_related("unit")
    found = (
        facts.Signal(
            id=row.pk,
            unit=_unit(row.unit),
            stream=row.stream,
            date=row.date,
            observed=row.observed,
            expected=row.expected,
            z=row.z,
            grade=row.grade,
            state=row.state,
        )
        for row in rows
    )
    return tuple(sorted(found, key=lambda s: (_GRADES.get(s.grade, 9), -(s.z or 0.0), s.id)))


def _feeds(as_of: dt.datetime) -> tuple[facts.Feed, ...]:
    return tuple(
        facts.Feed(
            feed=one.feed,
            last_received_at=one.last_received_at,
            last_data_date=one.last_data_date,
            rows=one.rows,
            rejected=one.rejected,
            late=one.late,
            refused=one.refused,
        )
        for one in intake.sources(as_of=as_of)
    )


def _run(as_of: dt.datetime) -> facts.Run | None:
    run = periods.latest_run(as_of)
    if run is None:
        return None
    steps = sorted(run.steps.all(), key=lambda step: step.position)
    return facts.Run(
        id=run.pk,
        as_of=run.as_of,
        state=run.state,
        steps=tuple(
            facts.Step(
                name=step.name,
                state=step.state,
                seconds=(step.finished_at - step.started_at).total_seconds()
                if step.finished_at
                else None,
                error=_text(step.error) if step.error else None,
            )
            for step in steps
        ),
        pack_version=str(run.card.get("pack", "")),
        seed=run.card.get("seed"),
        inputs_hash=str(run.card.get("inputs", "")),
    )

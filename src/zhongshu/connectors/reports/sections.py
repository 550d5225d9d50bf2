"""What the report says, part by part: facts, words and links become a `View`."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from zhongshu.connectors.reports import charts, prose
from zhongshu.connectors.reports.catalogue import NOTHING, Catalogue
from zhongshu.connectors.reports.columns import COLUMNS
from zhongshu.connectors.reports.facts import Feed, ListRef, Point, SituationFacts
from zhongshu.connectors.reports.links import Links
from zhongshu.connectors.reports.view import Cell, Chart, Line, Section, View

MAX_ROWS = 20  # a report is read; the rest is in the list it links to
_DAYS = 14


@dataclasses.dataclass(frozen=True, slots=True)
class _Context:
    facts: SituationFacts
    say: Catalogue
    to: Links


def view(facts: SituationFacts, *, say: Catalogue, to: Links) -> View:
    """The whole report in one language; sections are numbered in the order below."""
    here = _Context(facts, say, to)
    made = [build(here) for build in _SECTIONS]
    sections = tuple(
        dataclasses.replace(section, title=f"{say.ordinal(number)}{section.title}")
        for number, section in enumerate(made, start=1)
    )
    level = say("level", level=facts.level) if facts.level else ""
    return View(
        lang=say.lang,
        title=say("title", scope=facts.scope.name),
        banner=say("synthetic") if facts.synthetic else "",
        masthead=(
            (say("incident"), say.text(facts.incident)),
            (say("period"), say.day(facts.period)),
            (say("as_of"), say("as_of_value", moment=say.moment(facts.as_of))),
            (say("status"), say("status_value", mode=say.code("modes", facts.mode), level=level)),
        ),
        basis=say("basis"),
        sections=sections,
        footer=(say("page"), say("page_of"), say("page_end")),
    )


def _section(
    here: _Context,
    key: str,
    rows: Sequence[Line] = (),
    *,
    whole: ListRef | None = None,
    **rest: object,
) -> Section:
    """A section; a table with a list behind it (`whole`) is cut to MAX_ROWS and leads there."""
    say = here.say
    more: Line = ()
    if whole is not None and len(rows) > MAX_ROWS:
        words = say("more", total=len(rows), shown=MAX_ROWS)
        more, rows = (Cell(words, here.to.list(whole)),), rows[:MAX_ROWS]
    return Section(
        key=key,
        title=say(f"sections.{key}.title"),
        heads=tuple(say(f"columns.{column.key}") for column in COLUMNS.get(key, ())),
        rows=tuple(rows),
        more=more,
        empty=say(f"sections.{key}.empty"),
        **rest,  # type: ignore[arg-type]
    )


def _key(here: _Context) -> Section:
    return _section(here, "key", lines=prose.key_points(here.facts, here.say, here.to))


def _figures(here: _Context) -> Section:
    say = here.say
    rows = [
        (
            Cell(say.code("figures", figure.key)),
            Cell(say.number(figure.value), here.to.list(figure.list), "strong"),
            Cell(say.change(figure.change)),
            Cell(charts.sparkline([point.value for point in figure.series[-_DAYS:]]), "", "tiny"),
        )
        for figure in here.facts.figures
    ]
    return _section(here, "figures", rows)


def _proposals(here: _Context) -> Section:
    say = here.say
    rows = [
        (
            Cell(say.text(proposal.title), here.to.one("proposals", proposal.id)),
            Cell(say.code("kinds", proposal.kind)),
            Cell(proposal.unit.name),
            Cell(say.text(proposal.waiting_cost) if proposal.waiting_cost else NOTHING),
            Cell(proposal.pack_version),
        )
        for proposal in here.facts.proposals
    ]
    whole = ListRef("proposals", (("state", "waiting"),))
    return _section(here, "proposals", rows, whole=whole)


def _decisions(here: _Context) -> Section:
    say = here.say
    rows = [
        (
            Cell(say.text(decision.title), here.to.one("proposals", decision.proposal_id)),
            Cell(say.code("verdicts", decision.verdict)),
            Cell(decision.reason or NOTHING),
            Cell(decision.by),
            Cell(say.moment(decision.at)),
            Cell(say.number(decision.directives)),
        )
        for decision in here.facts.decisions
    ]
    return _section(here, "decisions", rows, whole=ListRef("proposals"))


_LEVEL_TONES = {"high": "red", "medium": "orange", "low": "blue"}


def _zones(here: _Context) -> Section:
    say = here.say
    rows = []
    for zone in here.facts.zones:
        level = say(
            "level_of",
            kind=say.code("zone_kinds", zone.kind),
            level=say.code("levels", zone.level),
        )
        release = say.short_day(zone.release_on)
        if zone.overdue:
            release = say("overdue_release", date=release)
        rows.append(
            (
                Cell(zone.unit.name, here.to.one("zones", zone.id)),
                Cell(level, "", _LEVEL_TONES.get(zone.level, "")),
                Cell(say.code("zone_states", zone.state)),
                Cell(say.short_day(zone.since)),
                Cell(say.number(zone.residents)),
                Cell(say.number(zone.person_days)),
                Cell(say.number(zone.cases)),
                Cell(release, "", "red" if zone.overdue else ""),
            )
        )
    return _section(here, "zones", rows, whole=ListRef("zones", (("state", "standing"),)))


def _signals(here: _Context) -> Section:
    say = here.say
    rows = [
        (
            Cell(say.code("grades", signal.grade), "", signal.grade),
            Cell(signal.unit.name, here.to.one("signals", signal.id)),
            Cell(say.code("feeds", signal.stream)),
            Cell(say.short_day(signal.date)),
            Cell(say.number(signal.observed)),
            Cell(say.number(signal.expected, 1)),
            Cell(say.number(signal.z, 1)),
            Cell(say.code("signal_states", signal.state)),
        )
        for signal in here.facts.signals
    ]
    return _section(here, "signals", rows, whole=ListRef("signals", (("state", "open"),)))


def _interval(say: Catalogue, point: Point | None, digits: int) -> str:
    if point is None or point.value is None:
        return ""
    words = say.number(point.value, digits)
    if point.low is not None and point.high is not None:
        words += f" ({say.number(point.low, digits)}–{say.number(point.high, digits)})"
    return words


def _trends(here: _Context) -> Section:
    """Word's table of days; the page draws the same series as charts."""
    say = here.say
    series = {trend.key: trend.points for trend in here.facts.trends if trend.points}
    reported = {point.date: point for point in series.get("cases_by_report_date", ())[-_DAYS:]}
    rt = {point.date: point for point in series.get("rt", ())[-_DAYS:]}
    rooms = {point.date: point for point in series.get("rooms_projected", ())}
    top = max((point.value or 0.0 for point in reported.values()), default=0.0)
    rows = []
    for day in sorted(reported | rt | rooms):
        value = reported[day].value if day in reported else None
        rows.append(
            (
                Cell(say.short_day(day)),
                Cell(say.number(value) if day in reported else ""),
                Cell(charts.bar(value, top), "", "tiny"),
                Cell(_interval(say, rt.get(day), 2)),
                Cell(_interval(say, rooms.get(day), 0)),
            )
        )
    drawn = tuple(_chart(say, key, points) for key, points in series.items())
    return _section(here, "trends", rows, charts=drawn)


def _chart(say: Catalogue, key: str, points: Sequence[Point]) -> Chart:
    title = say.code("trends", key)
    if any(point.high is not None for point in points):
        return Chart(title, charts.band(title, points, reference=1.0 if key == "rt" else None))
    return Chart(title, charts.bars(title, points[-2 * _DAYS :]))


def _timeliness(say: Catalogue, feed: Feed) -> Cell:
    if feed.last_received_at is None:
        return Cell(say("late.never"), "", "red")
    return Cell(say("late.yes"), "", "red") if feed.late else Cell(say("late.no"))


def _feeds(here: _Context) -> Section:
    say = here.say
    rows = [
        (
            Cell(say.code("feeds", feed.feed), here.to.list(ListRef("feeds"))),
            Cell(say.code("senders", feed.feed)),
            Cell(say.moment(feed.last_received_at)),
            Cell(say.short_day(feed.last_data_date)),
            Cell(say.number(feed.rows)),
            Cell(say.number(feed.rejected)),
            _timeliness(say, feed),
        )
        for feed in here.facts.feeds
    ]
    return _section(here, "feeds", rows)


def _missing(here: _Context) -> Section:
    return _section(here, "missing", lines=prose.missing(here.facts, here.say))


def _card(here: _Context) -> Section:
    say, run = here.say, here.facts.run
    nature = "card.synthetic" if here.facts.synthetic else "card.real"
    rows = [(Cell(say("card.provenance")), Cell(say(nature)))]
    if run is None:
        return _section(here, "card", rows)
    steps = say("enumeration").join(prose.step(say, step) for step in run.steps)
    words = (
        ("card.run", Cell(str(run.id), here.to.list(ListRef("runs")))),
        ("card.as_of", Cell(say.moment(run.as_of))),
        ("card.state", Cell(say.code("run_states", run.state))),
        ("card.pack", Cell(run.pack_version)),
        ("card.seed", Cell(NOTHING if run.seed is None else str(run.seed))),
        ("card.inputs", Cell(run.inputs_hash or NOTHING, "", "muted")),
        ("card.steps", Cell(steps or NOTHING)),
    )
    return _section(here, "card", [*((Cell(say(key)), cell) for key, cell in words), *rows])


_SECTIONS = (
    _key,
    _figures,
    _proposals,
    _decisions,
    _zones,
    _signals,
    _trends,
    _feeds,
    _missing,
    _card,
)

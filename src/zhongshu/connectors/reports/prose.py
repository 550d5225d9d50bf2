"""The report's sentences: each number in them is a link to its list."""

from __future__ import annotations

from collections.abc import Iterator

from zhongshu.connectors.reports.catalogue import NOTHING, Catalogue
from zhongshu.connectors.reports.facts import Figure, Point, SituationFacts, Step
from zhongshu.connectors.reports.links import Links
from zhongshu.connectors.reports.view import Cell, Line

_FIGURE_LINES = ("cases", "contacts", "zones", "capacity", "command")


def key_points(facts: SituationFacts, say: Catalogue, to: Links) -> tuple[Line, ...]:
    """What a commander reads first.  A sentence none of whose figures exists is left out."""
    figures = {figure.key: figure for figure in facts.figures}
    sentences = {name: _sentence(name, figures, say, to) for name in _FIGURE_LINES}
    ordered = (
        sentences["cases"],
        _latest_rt(facts, say),
        sentences["contacts"],
        sentences["zones"],
        sentences["capacity"],
        _peak_rooms(facts, say),
        sentences["command"],
        _late(facts, say),
    )
    return tuple(line for line in ordered if line)


def _sentence(name: str, figures: dict[str, Figure], say: Catalogue, to: Links) -> Line:
    cells, found = [], False
    for text, field in say.pieces(f"key.{name}"):
        figure = figures.get("cases_new" if field == "change" else field or "")
        if field is None:
            cells.append(Cell(text))
        elif figure is None:
            cells.append(Cell(NOTHING))
        elif field == "change":
            cells.append(Cell(say.change(figure.change)))
        else:
            found = True
            cells.append(Cell(say.number(figure.value), to.list(figure.list), "strong"))
    return tuple(cells) if found else ()


def _points(facts: SituationFacts, key: str) -> list[Point]:
    points = (trend.points for trend in facts.trends if trend.key == key)
    return [p for p in next(points, ()) if p.value is not None and p.low is not None]


def _interval_line(say: Catalogue, key: str, point: Point, digits: int) -> Line:
    words = say(
        key,
        date=say.day(point.date),
        value=say.number(point.value, digits),
        low=say.number(point.low, digits),
        high=say.number(point.high, digits),
    )
    return (Cell(words),)


def _latest_rt(facts: SituationFacts, say: Catalogue) -> Line:
    points = _points(facts, "rt")
    return _interval_line(say, "key.rt", points[-1], 2) if points else ()


def _peak_rooms(facts: SituationFacts, say: Catalogue) -> Line:
    points = _points(facts, "rooms_projected")
    if not points:
        return ()
    peak = max(points, key=lambda point: point.value or 0.0)
    return _interval_line(say, "key.projected", peak, 0)


def _late(facts: SituationFacts, say: Catalogue) -> Line:
    late = [feed for feed in facts.feeds if feed.late or feed.last_received_at is None]
    if not facts.feeds:
        return ()
    if not late:
        return (Cell(say("key.complete")),)
    names = say("enumeration").join(say.code("feeds", feed.feed) for feed in late)
    return (Cell(say("key.late", n=len(late), feeds=names), "", "red"),)


def missing(facts: SituationFacts, say: Catalogue) -> tuple[Line, ...]:
    """Everything the report cannot say, and why; never a zero in its place."""
    return tuple((Cell(words),) for words in _missing(facts, say))


def _missing(facts: SituationFacts, say: Catalogue) -> Iterator[str]:
    for figure in facts.figures:
        if figure.missing is not None:
            name = say.code("figures", figure.key)
            yield say("missing.figure", name=name, why=say.text(figure.missing))
    for trend in facts.trends:
        if all(point.value is None for point in trend.points):
            yield say("missing.trend", name=say.code("trends", trend.key))
    for feed in facts.feeds:
        name = say.code("feeds", feed.feed)
        if feed.last_received_at is None:
            yield say("missing.feed_never", name=name)
        elif feed.late:
            yield say("missing.feed", name=name, date=say.short_day(feed.last_data_date))
        if feed.refused:
            yield say("missing.refused", name=name, n=feed.refused)
    yield from _unfinished(facts, say)
    yield from (say.text(text) for text in facts.missing)


def _unfinished(facts: SituationFacts, say: Catalogue) -> Iterator[str]:
    if facts.run is None:
        yield say("missing.run")
        return
    for position, one in enumerate(facts.run.steps, start=1):
        if one.state != "done":
            why = say.text(one.error) if one.error else say.code("run_states", one.state)
            name = say.code("steps", one.name)
            yield say("missing.step", position=position, name=name, why=why)


def step(say: Catalogue, step_: Step) -> str:
    name = say.code("steps", step_.name)
    if step_.state != "done" or step_.seconds is None:
        return say("card.step_bad", name=name, state=say.code("run_states", step_.state))
    return say("card.step", name=name, seconds=say.number(step_.seconds, 1))

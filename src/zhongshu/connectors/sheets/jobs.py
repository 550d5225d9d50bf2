"""The sheet of one job of dispatch, whichever planner it comes from.

A step says by its kind, its count, its persons and its facts what it is about; a column stands on
the sheet when some step of its section has something for it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from zhongshu.connectors.sheets import words
from zhongshu.connectors.sheets.model import Column, Lang, Section, Sheet
from zhongshu.connectors.sheets.words import say
from zhongshu.kernel.time import beijing
from zhongshu.service.dispatch import facade as dispatch

_WIDTHS = {
    "no": 5, "at": 9, "what": 14, "where": 15, "count": 7, "who": 21, "phone": 13, "told": 11,
    "note": 7,
}  # fmt: skip
_FACT_WIDTHS, _FACT_WIDTH = {"needs": 11, "km": 5, "floor": 5, "degree": 5}, 8
_BLANK = "________"
_BOX, _TICKED = "☐", "☑"
_GROUPED = "trip"  # the fact by which steps of several kinds stand in one table
Step = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """What the sheet may say of a person; empty lines are left to be filled in by hand."""

    name: str
    id_no: str = ""
    address: str = ""
    phone: str = ""


@dataclasses.dataclass(frozen=True)
class Opened:
    """A job opened for its sheet.  persons: pseudonym to person, whoever is in no register is
    missing.  told: step's number to what was told of it last."""

    job: dispatch.Job
    unit: str
    synthetic: bool
    persons: Mapping[int, Person] = dataclasses.field(default_factory=dict)
    told: Mapping[int, str] = dataclasses.field(default_factory=dict)


def of(opened: Opened, *, lang: Lang, made_at: dt.datetime) -> Sheet:
    job = opened.job
    named = any(step["persons"] for step in job.steps)
    return Sheet(
        title=say(words.TITLES.get(job.kind, words.OTHER), lang),
        unit=opened.unit,
        made_at=made_at,
        synthetic=opened.synthetic,
        head=_head(job, lang),
        sections=tuple(
            _section(opened, heading, steps, lang) for heading, steps in _grouped(job.steps, lang)
        ),
        notes=tuple(
            say(note, lang) for note in (words.TELL, *((words.PERSONAL,) if named else ()))
        ),
        signatures=tuple(say(who, lang) for who in words.SIGNATURES.get(job.kind, words.ANYBODY)),
        lang=lang,
    )


def _head(job: dispatch.Job, lang: Lang) -> tuple[tuple[str, str], ...]:
    values = {
        "job": job.title[lang],
        "number": str(job.pk or ""),
        "code": job.code,
        "starts": _moment(job.starts_at),
        "due": _moment(job.due_at),
        "steps": str(job.steps_total),
    }
    return tuple((say(words.HEAD[key], lang), value) for key, value in values.items())


def _grouped(steps: Sequence[Step], lang: Lang) -> Iterator[tuple[str, list[Step]]]:
    """By trip where there are trips, else by kind; in the order they come."""
    groups: dict[str, list[Step]] = {}
    for step in steps:
        trip = step["facts"].get(_GROUPED)
        if trip is not None:
            heading = say(words.TRIP, lang).format(trip=trip)
        else:
            heading = say(words.SECTIONS.get(step["kind"], words.OTHER), lang)
        groups.setdefault(heading, []).append(step)
    yield from groups.items()


def _section(opened: Opened, heading: str, steps: Sequence[Step], lang: Lang) -> Section:
    cells = [_cells(opened, step, lang) for step in steps]
    facts = list(dict.fromkeys(key for step in steps for key in step["facts"] if key != _GROUPED))
    keys = [*_WIDTHS]
    keys[keys.index("told") : keys.index("told")] = [f"facts.{key}" for key in facts]
    kept = [key for key in keys if key == "note" or any(row.get(key) for row in cells)]
    return Section(
        heading,
        tuple(_column(key, lang) for key in kept),
        tuple(tuple(row.get(key, "") for key in kept) for row in cells),
    )


def _column(key: str, lang: Lang) -> Column:
    if key.startswith("facts."):
        fact = key.removeprefix("facts.")
        return Column(
            say(words.FACTS.get(fact, (fact, fact)), lang), _FACT_WIDTHS.get(fact, _FACT_WIDTH)
        )
    return Column(say(words.COLUMNS[key], lang), _WIDTHS[key], numeric=key == "count")


def _cells(opened: Opened, step: Step, lang: Lang) -> dict[str, str]:
    """What each column would say of the step."""
    known = [opened.persons.get(person) for person in step["persons"]]
    found = {
        "no": str(step["no"]),
        "at": _span(step),
        "what": step["label"][lang],
        "where": _where(step, known),
        "count": str(step["count"] or ""),
        "who": "\n".join(f"{one.name} {one.id_no}".strip() if one else _BLANK for one in known),
        "phone": "\n".join((one.phone if one else "") or _BLANK for one in known),
        "told": _ticks(step, opened.told.get(step["no"]), lang),
    }
    facts = {f"facts.{key}": _value(value, lang) for key, value in step["facts"].items()}
    return found | facts


def _where(step: Step, known: Iterable[Person | None]) -> str:
    """The place and every address once; when none is known, the coordinates."""
    lines = [step["place"], *(one.address for one in known if one)]
    lines = list(dict.fromkeys(filter(None, lines)))
    if not lines and step["lon"] is not None and step["lat"] is not None:
        return f"{step['lon']:.5f}, {step['lat']:.5f}"
    return "\n".join(lines)


def _ticks(step: Step, told: str | None, lang: Lang) -> str:
    may = [
        what for what in dispatch.WHAT.get(step["kind"], ("done",)) if what not in words.NOT_PRINTED
    ]
    return "\n".join(
        f"{_TICKED if what == told else _BOX} {say(words.TOLD.get(what, (what, what)), lang)}"
        for what in may
    )


def _value(value: object, lang: Lang) -> str:
    if isinstance(value, Mapping):
        return str(value.get(lang, ""))
    if isinstance(value, list | tuple):
        return "\n".join(_value(one, lang) for one in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        value = str(value).lower()
    elif isinstance(value, float):
        return f"{value:g}"
    return say(words.VALUES.get(str(value), (str(value), str(value))), lang)


def _span(step: Step) -> str:
    begins = _moment(step["at"])
    return f"{begins}\n– {_moment(step['ends'])[-5:]}" if step["ends"] else begins


def _moment(at: dt.datetime | str) -> str:
    moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
    return f"{beijing(moment):%m-%d %H:%M}"

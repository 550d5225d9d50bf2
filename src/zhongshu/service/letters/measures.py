"""What the pack asks for: the measure of a contact and the clock of a letter."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from functools import cache

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import clocks, isolation, reader, sure
from zhongshu.rules.model import Pack
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.text import Text, text

_PLACES = {
    "central": text("集中隔离", "central isolation"),
    "home": text("居家隔离", "home isolation"),
}


@dataclasses.dataclass(frozen=True)
class Duty:
    """When a letter is to be answered, by which rule; no time where the pack has no such clock."""

    due_at: dt.datetime | None
    rule_id: str
    verified: bool


def pack_now(now: dt.datetime) -> Pack:
    """The pack of the incident's disease in force; where none is, the incident's own."""
    incident = incidents.current()
    try:
        return reader.applicable(
            disease=incident.disease, on=beijing_day(now), path=incident.scope_unit.path
        )
    except NotFound:
        return reader.load(incident.pack)


def duty(pack: Pack, *, sent_at: dt.datetime) -> Duty:
    asked = (c for c in pack.clocks.values() if (c.of, c.stop) == ("letter", "answered_at"))
    clock = next(asked, None)
    if clock is None:
        return Duty(None, "", verified=False)
    due = clocks.due(clock, sent_at, pack=pack)
    return Duty(due, clock.rule_id, verified=sure.verified(pack, clock))


def measures(pack: Pack) -> Callable[[int, dt.date], Text | None]:
    """(degree, day of the last exposure) to the measure in words, None where there is none."""

    @cache
    def said(degree: int, last: dt.date) -> Text | None:
        found = isolation.of_subject(pack, "contact", {"degree": degree, "last_exposure": last})
        if found is None or not found.stays:
            return None
        parts = [(_PLACES[stay.place], stay.last) for stay in found.stays]
        return text(
            "，".join(f"{name['zh']}至{day.month}月{day.day}日" for name, day in parts),
            ", ".join(f"{name['en']} until {day.isoformat()}" for name, day in parts),
        )

    return said

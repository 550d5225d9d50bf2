"""What a county is to be told: pure comparison of contacts with the letters before.

A contact asks for a county while he stands: found by the newest trace, not decided away, not let
go, no case himself.  A county hears of him once, again when what it acts on changed, and
a last time when it need not look for him any more.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from zhongshu.kernel.time import beijing_day
from zhongshu.service.kit.text import Text
from zhongshu.service.letters.models import LetterRow

WITHDRAWN, MOVED, BECAME_CASE = "withdrawn", "moved", "became_case"
RELEASED = "released"
DECIDED_AWAY = ("excluded", "downgraded")


@dataclasses.dataclass(frozen=True)
class Facts:
    """A contact as a letter shows him.  places: names, longest stay first.  measure: what the
    pack asks for; None where it asks for nothing."""

    contact_id: int
    person: int
    degree: int
    kind: str
    home: str
    first_exposure: dt.datetime
    last_exposure: dt.datetime
    places: tuple[str, ...]
    rule_id: str
    release_on: dt.date | None
    measure: Text | None = None

    def substance(self) -> tuple[object, ...]:
        """What a receiver acts on.  The hours of exposure are not part of it, nor the order of the
        places: a meeting that is still going on ends at the moment of each trace."""
        return (
            self.degree,
            self.kind,
            self.home,
            beijing_day(self.first_exposure),
            beijing_day(self.last_exposure),
            frozenset(self.places),
            self.rule_id,
            self.release_on,
            self.measure,
        )


@dataclasses.dataclass(frozen=True)
class Now:
    """A contact today.  county: code of the one that must act; gone: why nobody has to look for
    him, empty while he stands."""

    facts: Facts
    county: str
    gone: str = ""


@dataclasses.dataclass(frozen=True)
class Before:
    """The newest row a county has about a contact."""

    facts: Facts
    dropped: bool


@dataclasses.dataclass(frozen=True)
class Line:
    """A row to write: change is new, changed or dropped, for `reason`."""

    facts: Facts
    change: str
    reason: str = ""


def gone(*, state: str, withdrawn: bool, is_case: bool) -> str:
    """Why nobody has to look for the contact; empty while he stands.  A decision counts before
    what a trace found."""
    if state in DECIDED_AWAY:
        return state
    if is_case:
        return BECAME_CASE
    if state == RELEASED:
        return RELEASED
    return WITHDRAWN if withdrawn else ""


def lines(today: Iterable[Now], before: Mapping[tuple[int, str], Before]) -> dict[str, list[Line]]:
    """County code to the rows its letter has; counties with nothing new are left out.

    before: by (contact id, county code).  Who was let go needs no word: the county did it.
    """
    found: dict[str, list[Line]] = {}
    for now in today:
        for county in _counties(now, before):
            line = _line(now, county, before.get((now.facts.contact_id, county)))
            if line is not None:
                found.setdefault(county, []).append(line)
    return found


def _counties(now: Now, before: Mapping[tuple[int, str], Before]) -> set[str]:
    return {now.county} | {county for contact, county in before if contact == now.facts.contact_id}


def _line(now: Now, county: str, last: Before | None) -> Line | None:
    reason = now.gone or (MOVED if county != now.county else "")
    if reason:
        told_of = last is not None and not last.dropped
        if not told_of or reason == RELEASED:
            return None
        return Line(now.facts, LetterRow.DROPPED, reason)
    if last is None or last.dropped:
        return Line(now.facts, LetterRow.NEW)
    same = last.facts.substance() == now.facts.substance()
    return None if same else Line(now.facts, LetterRow.CHANGED)

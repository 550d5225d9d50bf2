"""A letter with names: opened for a purpose, on record, by the two counties and its maker."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

from zhongshu.kernel.errors import NotAllowed
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.letters import selectors
from zhongshu.service.letters.models import Letter, LetterRow, Receipt
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units


@dataclasses.dataclass(frozen=True)
class Identity:
    name: str
    id_no: str
    address: str


@dataclasses.dataclass(frozen=True)
class Opened:
    """A letter, its rows in order, who they are (pseudonym to identity; whoever is in no register
    is missing), the units named, and the receipts."""

    letter: Letter
    rows: tuple[LetterRow, ...]
    identities: Mapping[int, Identity]
    units: Mapping[str, units.UnitRef]
    receipts: tuple[Receipt, ...]


def may_open(letter: Letter, actor: Actor) -> bool:
    """The receiving county, the county of the case, and the unit that made the letter."""
    return actor.unit_code in {letter.unit_id, letter.from_unit_id, letter.made_unit_id}


def opened(*, letter_id: int, purpose: str, scope: Scope, actor: Actor, now: dt.datetime) -> Opened:
    """The letter with names; the access to every person on it is recorded with the letter's
    number.  Refuses a letter out of scope, anybody on neither side of it, an unknown purpose."""
    letter = selectors.get(letter_id, scope)
    if not may_open(letter, actor):
        raise NotAllowed(
            "letters.not_a_side",
            "Only the unit a letter was sent to, and those it came from, open its names.",
            letter=letter_id,
        )
    rows = tuple(selectors.rows(letter).order_by("ord"))
    named = _named(letter, rows, purpose=purpose, actor=actor, now=now)
    codes = {row.home_id for row in rows} | {letter.unit_id, letter.from_unit_id}
    return Opened(
        letter=letter,
        rows=rows,
        identities=named,
        units=units.refs(codes),
        receipts=tuple(selectors.receipts(letter)),
    )


def _named(
    letter: Letter, rows: Collection[LetterRow], *, purpose: str, actor: Actor, now: dt.datetime
) -> dict[int, Identity]:
    """The persons of the rows; somebody only scans know has no name to open."""
    registered = list(people.masked([row.person for row in rows]))
    if not registered:
        return {}
    opened = people.open_identity(
        actor=actor, purpose=purpose, note=letter.number, pseudonyms=registered, now=now
    )
    return {
        one.pseudonym: Identity(one.name, one.id_no, one.household.address if one.household else "")
        for one in opened
    }

"""The chain from a case to a contact, link by link: by the first meetings and by the longest.

Somebody outside one's rights is named nowhere: the chain begins with him, without a label.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from zhongshu.api.door import View
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.kit.text import Text, text
from zhongshu.service.people import facade as people

HOUSEHOLD = "household"
Order = Callable[[contacts.Exposure], tuple[Any, ...]]


def earliest(one: contacts.Exposure) -> tuple[Any, ...]:
    return one.time_from, -one.overlap_min, one.pk


def strongest(one: contacts.Exposure) -> tuple[Any, ...]:
    """Living together before any meeting, then the longest."""
    return one.setting != HOUSEHOLD, -one.overlap_min, one.pk


@dataclasses.dataclass(frozen=True)
class Chain:
    """evidence: every exposure of the contact; through: those between within one's rights, by
    pseudonym; named: the places."""

    earliest: list[dict[str, Any]]
    strongest: list[dict[str, Any]]
    evidence: tuple[contacts.Exposure, ...]
    through: Mapping[int, contacts.Contact]
    named: Mapping[int, places.Place]


def read(one: contacts.Contact, view: View) -> Chain:
    mine = tuple(contacts.evidence(one))
    through = _through(one, mine, view)
    before = _by_contact(contacts.evidence_of([via.pk for via in through.values()]))
    telling = _Telling.of(one, through, [*mine, *(e for rows in before.values() for e in rows)])
    first = min(mine, key=earliest, default=None)
    best = [e for e in mine if one.via_person in (None, e.source_person)]
    longest = min(best, key=strongest, default=None)
    return Chain(
        earliest=telling.chain(first, before, earliest),
        strongest=telling.chain(longest, before, strongest),
        evidence=mine,
        through=through,
        named=telling.named,
    )


def _through(
    one: contacts.Contact, mine: Iterable[contacts.Exposure], view: View
) -> Mapping[int, contacts.Contact]:
    """Pseudonym to the contacts between, of those within one's rights."""
    if one.degree == 1:
        return {}
    persons = {e.source_person for e in mine}
    rows = contacts.of_persons(one.case_id, persons, scope=view.scope)
    return {row.person: row for row in rows}


def _by_contact(
    found: Iterable[contacts.Exposure],
) -> Mapping[int, Sequence[contacts.Exposure]]:
    rows: dict[int, list[contacts.Exposure]] = {}
    for one in found:
        rows.setdefault(one.contact_id, []).append(one)
    return rows


def place_text(name: str) -> Text:
    """A place has one name, as its sender wrote it."""
    return text(name, name)


@dataclasses.dataclass(frozen=True)
class _Telling:
    """What links are told with: names looked up once."""

    one: contacts.Contact
    through: Mapping[int, contacts.Contact]
    case_no: str
    masked: Mapping[int, people.Masked]
    named: Mapping[int, places.Place]

    @classmethod
    def of(
        cls,
        one: contacts.Contact,
        through: Mapping[int, contacts.Contact],
        met: Iterable[contacts.Exposure],
    ) -> _Telling:
        return cls(
            one=one,
            through=through,
            case_no=cases.numbers([one.case_id]).get(one.case_id, ""),
            masked=people.masked([one.person, *through]),
            named=places.by_key({e.place for e in met if e.place is not None}),
        )

    def chain(
        self,
        last: contacts.Exposure | None,
        before: Mapping[int, Sequence[contacts.Exposure]],
        order: Order,
    ) -> list[dict[str, Any]]:
        """The links that end with the exposure `last`; those before it by `order`."""
        if last is None:
            return []
        end = self._contact(self.one)
        if self.one.degree == 1:
            return [self._link(self._case(), end, last)]
        via = self.through.get(last.source_person)
        if via is None:
            return [self._link({"kind": "contact", "label": "", "id": None}, end, last)]
        met = min(before.get(via.pk, ()), key=order, default=None)
        links = [self._link(self._contact(via), end, last)]
        return [self._link(self._case(), self._contact(via), met), *links] if met else links

    def _case(self) -> dict[str, Any]:
        told = self.one.case_id if self.case_no else None
        return {"kind": "case", "label": self.case_no, "id": told}

    def _contact(self, one: contacts.Contact) -> dict[str, Any]:
        name = self.masked[one.person]["name"] if one.person in self.masked else ""
        return {"kind": "contact", "label": name, "id": one.pk}

    def _link(
        self, start: dict[str, Any], end: dict[str, Any], met: contacts.Exposure
    ) -> dict[str, Any]:
        place = self.named.get(met.place) if met.place is not None else None
        return {
            "from": start,
            "to": end,
            "place": place_text(place["name"]) if place else None,
            "at": met.time_from,
            "minutes": None if met.setting == HOUSEHOLD else met.overlap_min,
            "imputed": met.imputed,
            "rule_id": met.rule_id,
        }

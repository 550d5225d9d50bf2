"""Contacts with their evidence, and what people decide about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import View, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.shapes import Asked, AskedList, CaseRef, Page, Text, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.kit import places
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
EXPOSURES_SHOWN = 20
LATEST = ("degree", "-last_exposure", "-id")
RANKED = ("degree", "-score", "-id")


class ExposurePlace(Schema):
    name: str
    kind: str
    unit: UnitRef | None


class Exposure(Schema):
    setting: str
    place: ExposurePlace | None
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    minutes: float
    imputed: bool
    rule_id: str


class Via(Schema):
    contact_id: int


class ContactItem(Schema):
    """exposures: the longest twenty; exposures_count: all.  kind: one of the pack's nine kinds of
    close contact, empty where none is known.  two_places: some evidence shows somebody in two
    places at once.  by_hand: named by a person, `note` says what is known."""

    id: int
    case: CaseRef
    degree: int
    unit: UnitRef
    masked_name: str
    first_exposure: dt.datetime
    last_exposure: dt.datetime
    minutes: float
    exposures_count: int
    rule_id: str
    rule: Text
    imputed: bool
    score: float
    is_case: bool
    state: str
    via: Via | None
    release_on: dt.date | None
    kind: str
    places: int
    two_places: bool
    by_hand: bool
    note: str
    exposures: list[Exposure]


class OfCase(AskedList):
    degree: int | None = None
    state: str = ""


class ContactList(OfCase):
    persons: bool = Field(
        default=False, description="one row per person, the closest; no excluded ones"
    )
    to_isolate: bool = Field(default=False, description="one row per person who needs a room today")


class ContactDecisionIn(Schema):
    action: Literal["confirm", "downgrade", "exclude", "isolate", "release", "reopen"]
    reason: str = Field(default="", max_length=2000)


class ContactIn(Schema):
    """from, to: of the time together, as far as it is known.  note: what is known of it."""

    case_id: int
    id_no: str = Field(max_length=32)
    kind: str = Field(max_length=20, description="one of the pack's kinds of close contact")
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    note: str = Field(default="", max_length=2000)


@router.get("/contacts", response=Page[ContactItem], by_alias=True)
@needs(Permission.CONTACT_READ)
def contact_list(request: HttpRequest, asked: Query[ContactList]) -> object:
    view = here(request).view(asked)
    return _page(view, asked, persons=asked.persons, to_isolate=asked.to_isolate)


@router.get("/cases/{id}/contacts", response=Page[ContactItem], by_alias=True)
@needs(Permission.CONTACT_READ)
def contacts_of_case(request: HttpRequest, id: int, asked: Query[OfCase]) -> object:
    """Contacts of one case that live within one's rights, the closest and likeliest first."""
    view = here(request).everywhere(asked)
    cases.get(id, view.scope, view.as_of)
    return _page(view, asked, order=RANKED, case_id=id)


def _page(
    view: View, asked: OfCase, order: Sequence[str] = LATEST, **narrowed: Any
) -> dict[str, Any]:
    rows = contacts.listed(
        scope=view.scope, as_of=view.as_of, degree=asked.degree, state=asked.state, **narrowed
    )
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": items(found, view), "next": following}


def items(rows: Sequence[contacts.Contact], view: View) -> list[dict[str, Any]]:
    """Contacts as shown, with evidence; the same few queries whatever their number."""
    known = units.refs(row.unit_id for row in rows)
    masked = people.masked([row.person for row in rows])
    numbers = cases.numbers([row.case_id for row in rows])
    via = contacts.ids_of(
        [(row.case_id, row.via_person) for row in rows if row.via_person], scope=view.scope
    )
    evidence = _evidence(rows)
    rules = pack_on(view.as_of).rules
    shown = []
    for row in rows:
        rule = rules.get(row.rule_id)
        via_id = via.get((row.case_id, row.via_person or 0))
        shown.append(
            {
                "id": row.pk,
                "case": {"id": row.case_id, "case_no": numbers.get(row.case_id, "")},
                "degree": row.degree,
                "unit": known[row.unit_id],
                "masked_name": masked[row.person]["name"] if row.person in masked else "",
                "first_exposure": row.first_exposure,
                "last_exposure": row.last_exposure,
                "minutes": row.minutes,
                "exposures_count": row.exposures_count,
                "rule_id": row.rule_id,
                "rule": {"zh": rule.text.zh, "en": rule.text.en} if rule else _bare(row.rule_id),
                "imputed": row.imputed,
                "score": row.score,
                "is_case": row.is_case,
                "state": row.state,
                "via": {"contact_id": via_id} if via_id else None,
                "release_on": row.release_on,
                "kind": row.kind,
                "places": row.places,
                "two_places": row.two_places,
                "by_hand": row.by_hand,
                "note": row.note,
                "exposures": evidence.get(row.pk, []),
            }
        )
    return shown


def _bare(rule_id: str) -> dict[str, str]:
    return {"zh": rule_id, "en": rule_id}


def _evidence(rows: Sequence[contacts.Contact]) -> Mapping[int, list[dict[str, Any]]]:
    """Contact id to its longest exposures, with the places' names."""
    found = contacts.exposures([row.pk for row in rows], most=EXPOSURES_SHOWN)
    shown: dict[int, list[dict[str, Any]]] = {}
    for one, said in zip(found, exposures_shown(found), strict=True):
        shown.setdefault(one.contact_id, []).append(said)
    return shown


def exposures_shown(found: Sequence[contacts.Exposure]) -> list[dict[str, Any]]:
    """Exposures with the places' names, in the order given."""
    named = places.by_key({one.place for one in found if one.place is not None})
    villages = units.refs(place["village_code"] for place in named.values())
    shown = []
    for one in found:
        place = named.get(one.place) if one.place is not None else None
        shown.append(
            {
                "setting": one.setting,
                "place": {
                    "name": place["name"],
                    "kind": place["kind"],
                    "unit": villages.get(place["village_code"]),
                }
                if place
                else None,
                "from": one.time_from,
                "to": one.time_to,
                "minutes": one.overlap_min,
                "imputed": one.imputed,
                "rule_id": one.rule_id,
            }
        )
    return shown


@router.post("/contacts", response=ContactItem, by_alias=True)
@needs(Permission.CONTACT_DECIDE)
def name(request: HttpRequest, body: ContactIn, key: Key) -> object:
    """Name a close contact whom no scan shows; no trace takes him off the list again."""
    asking = here(request)

    def write() -> dict[str, Any]:
        named = contacts.Named(
            person=people.pseudonym(body.id_no.strip().upper()),
            kind=body.kind,
            begin=body.from_,
            end=body.to,
            note=body.note.strip(),
        )
        row = contacts.name(
            named,
            case_id=body.case_id,
            pack=pack_on(asking.now),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return items([row], asking.everywhere(Asked()))[0]

    return once(request, key, write)


@router.post("/contacts/{id}/decision", response=ContactItem, by_alias=True)
@needs(Permission.CONTACT_DECIDE)
def decide(
    request: HttpRequest,
    id: int,
    body: ContactDecisionIn,
    key: Key,
) -> object:
    """Move a contact on by the state table; downgrade, exclude and reopen need a reason."""
    asking = here(request)

    def write() -> dict[str, Any]:
        contacts.get(id, asking.scope)
        rows = contacts.decide(
            contact_ids=[id],
            action=body.action,
            reason=body.reason,
            actor=asking.actor,
            now=asking.now,
        )
        return items(rows, asking.everywhere(Asked()))[0]

    return once(request, key, write)

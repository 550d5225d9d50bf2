"""Two identity numbers of one person: who they are, counted as one, apart again, and the record
of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.shapes import AskedList, Page
from zhongshu.rules.permissions import Permission
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity

router = Router(tags=["records"])


class PairIn(Schema):
    keep: str = Field(max_length=32, description="identity number under which both are counted")
    other: str = Field(max_length=32, description="the other identity number")


class MergeIn(PairIn):
    reason: str = Field(max_length=2000)


class SplitIn(Schema):
    person: str = Field(max_length=32, description="identity number that was merged")
    reason: str = Field(max_length=2000)


class SplitReason(Schema):
    reason: str = Field(max_length=2000)


class Merged(Schema):
    merged: bool


class MaskedPerson(Schema):
    name: str
    id_no: str
    address: str


class OneOfPair(Schema):
    """cases, contacts: of this number alone, within one's rights."""

    person: MaskedPerson
    cases: int
    contacts: int


class Pair(Schema):
    """merged: they are counted as one already."""

    keep: OneOfPair
    other: OneOfPair
    merged: bool


class MergeItem(Schema):
    """what: merged or split.  stands: this merge is still in force."""

    id: int
    at: dt.datetime
    by: str
    what: str
    reason: str
    keep: MaskedPerson
    other: MaskedPerson
    stands: bool


def _number(text: str) -> int:
    return people.pseudonym(text.strip().upper())


@router.post("/persons/pair", response=Pair)
@needs(Permission.PERSON_MERGE)
def pair(request: HttpRequest, body: PairIn) -> object:
    """Who two identity numbers are, masked, before they are merged; changes nothing."""
    asking = here(request)
    keep, other = _number(body.keep), _number(body.other)
    people.check_within([keep, other], asking.scope)
    masked = people.masked([keep, other])
    with rowsecurity.unscoped():
        merged = people.canonical(keep) == people.canonical(other)
    one = {person: _one_of(person, masked[person], asking) for person in {keep, other}}
    return {"keep": one[keep], "other": one[other], "merged": merged}


def _one_of(person: int, masked: people.Masked, asking: Here) -> dict[str, Any]:
    ill = cases.listed(scope=asking.scope, as_of=asking.now)
    met = contacts.listed(scope=asking.scope, as_of=asking.now)
    return {
        "person": masked,
        "cases": ill.filter(person=person).count(),
        "contacts": met.filter(person=person).count(),
    }


@router.post("/persons/merge", response=Merged)
@needs(Permission.PERSON_MERGE)
def merge(request: HttpRequest, body: MergeIn, key: Key) -> object:
    """Count two identity numbers as one person, from the next trace on; on the record."""
    asking = here(request)

    def write() -> dict[str, Any]:
        keep, other = _number(body.keep), _number(body.other)
        people.check_within([keep, other], asking.scope)
        with rowsecurity.unscoped():
            people.merge(
                keep=keep,
                other=other,
                reason=body.reason.strip(),
                actor=asking.actor,
                now=asking.now,
            )
        return {"merged": True}

    return once(request, key, write)


@router.post("/persons/split", response=Merged)
@needs(Permission.PERSON_MERGE)
def split(request: HttpRequest, body: SplitIn, key: Key) -> object:
    """Count a merged identity number as a person of his own again; on the record."""
    asking = here(request)
    return once(request, key, lambda: _split(asking, _number(body.person), body.reason))


@router.get("/persons/merges", response=Page[MergeItem])
@needs(Permission.PERSON_MERGE)
def merge_list(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Merges and splits of people who live within one's rights, newest first."""
    view = here(request).view(asked)
    with rowsecurity.unscoped():
        rows = people.merges(scope=view.scope, as_of=view.as_of)
        found, following = page(rows, order=("-id",), after=asked.after, limit=asked.limit)
        standing = people.standing(found)
    return {"items": _items(found, standing), "next": following}


@router.post("/persons/merges/{id}/split", response=Merged)
@needs(Permission.PERSON_MERGE)
def undo(request: HttpRequest, id: int, body: SplitReason, key: Key) -> object:
    """Undo a merge of the list; on the record."""
    asking = here(request)

    def write() -> dict[str, Any]:
        with rowsecurity.unscoped():
            person = people.merged_by(id, scope=asking.scope, as_of=asking.now)
        return _split(asking, person, body.reason)

    return once(request, key, write)


def _split(asking: Here, person: int, reason: str) -> dict[str, Any]:
    people.check_within([person], asking.scope)
    with rowsecurity.unscoped():
        people.split(person=person, reason=reason.strip(), actor=asking.actor, now=asking.now)
    return {"merged": False}


def _items(rows: Sequence[people.AliasEvent], standing: Collection[int]) -> list[dict[str, Any]]:
    masked = people.masked({one for row in rows for one in (row.person, row.into)})
    return [
        {
            "id": row.pk,
            "at": row.at,
            "by": row.by,
            "what": row.action,
            "reason": row.reason,
            "keep": masked[row.into],
            "other": masked[row.person],
            "stands": row.pk in standing,
        }
        for row in rows
    ]

"""Colours of health codes that are not green: by which rule, until when, and how to object."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api import messages
from zhongshu.api.desk.findings import shown
from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.shapes import Asked, AskedList, Page, Text, UnitRef
from zhongshu.rules import reader
from zhongshu.rules.permissions import Permission
from zhongshu.service.codes import facade as codes
from zhongshu.service.kit import text
from zhongshu.service.people import facade as people
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])
# The rule of appeals (domain rules, section 1.6).
_APPEAL = "HC-5"


class CodeItem(Schema):
    """person: the masked name.  until: when it is expected to end, null where the rule names no
    time.  reason: the words of the rule."""

    id: int
    person: str
    unit: UnitRef
    colour: str
    rule_id: str
    verified: bool
    since: dt.datetime
    until: dt.datetime | None
    set_by: str
    reason: Text


class CodeDetail(CodeItem):
    """appeal: how to object, in the words of the pack; null where the edition has no such rule."""

    pack_version: str
    trace: dict[str, Any] | None
    words: list[Text]
    appeal: Text | None


class CodeList(AskedList):
    colour: str = ""


@router.get("/codes", response=Page[CodeItem])
@needs(Permission.CODE_READ)
def code_list(request: HttpRequest, asked: Query[CodeList]) -> object:
    view = here(request).view(asked)
    rows = codes.listed(scope=view.scope, as_of=view.as_of, colour=asked.colour)
    found, following = page(
        rows.select_related("unit"), order=("-since", "-id"), after=asked.after, limit=asked.limit
    )
    masked = people.masked([one.person for one in found])
    return {"items": [_item(one, masked) for one in found], "next": following}


def _item(one: codes.Code, masked: Mapping[int, people.Masked]) -> dict[str, Any]:
    return {
        "id": one.pk,
        "person": masked[one.person]["name"] if one.person in masked else "",
        "unit": units.ref(one.unit),
        "colour": one.colour,
        "rule_id": one.rule_id,
        "verified": one.verified,
        "since": one.since,
        "until": one.until,
        "set_by": one.set_by,
        "reason": _reason(one),
    }


def _reason(one: codes.Code) -> text.Text:
    """The words of its rule; one reported from outside names no rule of ours."""
    rule = reader.load(one.pack_version).rules.get(one.rule_id) if one.pack_version else None
    return text.text(rule.text.zh, rule.text.en) if rule else messages.label("code.no_rule")


@router.get("/codes/{id}", response=CodeDetail)
@needs(Permission.CODE_READ)
def code(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """One colour with its trace; the facts in it are those its rule looked at."""
    view = here(request).everywhere(asked)
    one = codes.get(id, view.scope)
    again = periods.replayed(one.judgement) if one.judgement else None
    found = shown(again) if again is not None else {"trace": None, "words": []}
    appeal = pack_on(view.as_of).rules.get(_APPEAL)
    return (
        _item(one, people.masked([one.person]))
        | {"pack_version": one.pack_version}
        | found
        | {"appeal": text.text(appeal.text.zh, appeal.text.en) if appeal else None}
    )

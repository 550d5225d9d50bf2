"""Red findings: what stands against a rule, since when, and how it was judged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, Page, Text, UnitRef
from zhongshu.kernel.time import beijing_day
from zhongshu.rules.permissions import Permission
from zhongshu.service.findings import facade as findings
from zhongshu.service.periods import facade as periods
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])


class FindingSubject(Schema):
    """kind: contact, zone, code, unit_day (a unit on a day) or price (a good in a county)."""

    kind: str
    id: str
    label: Text


class FindingItem(Schema):
    """days: it has stood so long, up to the moment asked for or its end."""

    id: int
    kind: str
    text: Text
    unit: UnitRef
    subject: FindingSubject
    rule_id: str
    verified: bool
    since: dt.date
    days: int
    resolved_at: dt.datetime | None
    facts: dict[str, Any]


class FindingDetail(FindingItem):
    """trace: how the rule came to hold, or not; null where the pack has been changed since."""

    pack_version: str
    trace: dict[str, Any] | None
    words: list[Text]


class FindingList(AskedList):
    kind: str = ""
    open: bool | None = Field(default=True, description="standing, resolved, or null for both")


@router.get("/findings", response=Page[FindingItem])
@needs(Permission.FINDING_READ)
def finding_list(request: HttpRequest, asked: Query[FindingList]) -> object:
    """Those that have stood longest come first."""
    view = here(request).view(asked)
    rows = findings.listed(scope=view.scope, as_of=view.as_of, kind=asked.kind, open_=asked.open)
    found, following = page(
        rows.select_related("unit"), order=("since", "id"), after=asked.after, limit=asked.limit
    )
    return {"items": [_item(one, view.as_of) for one in found], "next": following}


def _item(one: findings.Finding, as_of: dt.datetime) -> dict[str, Any]:
    ended = one.resolved_at if one.resolved_at and one.resolved_at <= as_of else None
    return {
        "id": one.pk,
        "kind": one.kind,
        "text": one.text,
        "unit": units.ref(one.unit),
        "subject": {"kind": one.subject_kind, "id": one.subject_id, "label": one.label},
        "rule_id": one.rule_id,
        "verified": one.verified,
        "since": one.since,
        "days": max(0, (beijing_day(ended or as_of) - one.since).days),
        "resolved_at": ended,
        "facts": one.facts,
    }


@router.get("/findings/{id}", response=FindingDetail)
@needs(Permission.FINDING_READ)
def finding(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    one = findings.get(id, view.scope)
    again = periods.replayed(one.judgement)
    return _item(one, view.as_of) | {"pack_version": one.pack_version} | shown(again)


def shown(again: periods.Explained) -> dict[str, Any]:
    """Trace and words of a judgement done again."""
    return {"trace": again.trace, "words": list(again.words)}

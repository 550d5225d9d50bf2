"""Risk areas and county colours."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, AskedList, CaseRef, Page, Text, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.units import facade as units
from zhongshu.service.zones import facade as zones

router = Router(tags=["records"])


class ZoneEvidence(Schema):
    cases: list[CaseRef] = Field(default_factory=list)
    places: list[Any] = Field(default_factory=list)
    windows: list[Any] = Field(default_factory=list)


class Condition(Schema):
    rule_id: str
    text: Text
    met: bool
    due_on: dt.date | None = None


class Release(Schema):
    conditions: list[Condition] = Field(default_factory=list)
    earliest_on: dt.date | None = None


class ZoneItem(Schema):
    """level and evidence as of the last run; state by the decisions."""

    id: int
    unit: UnitRef
    level: str
    kind: str
    state: str
    since: dt.date | None
    residents: int
    households: int
    person_days: float
    evidence: ZoneEvidence
    release: Release
    overdue_release: bool
    rule_id: str
    pack_version: str


class ZoneDetail(ZoneItem):
    geometry: dict[str, Any] | None


class ZoneList(AskedList):
    level: str = ""
    kind: str = Field(default="", description="risk_area or county")
    state: str = Field(default="", description="one state, or `standing`: proposed or active")


@router.get("/zones", response=Page[ZoneItem])
@needs(Permission.ZONE_READ)
def zone_list(request: HttpRequest, asked: Query[ZoneList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = zones.listed(
        scope=view.scope, as_of=view.as_of, level=asked.level, state=asked.state, kind=asked.kind
    )
    order = ("-known_at", "-id")
    found, following = page(
        rows.select_related("unit"), order=order, after=asked.after, limit=asked.limit
    )
    return {"items": [_item(one) for one in zones.then(found)], "next": following}


def _item(one: zones.ZoneThen) -> dict[str, Any]:
    names = (
        "since", "residents", "households", "person_days", "evidence", "release",
        "overdue_release", "rule_id", "pack_version",
    )  # fmt: skip
    return {name: getattr(one.evaluation, name) for name in names} | {
        "id": one.zone.pk,
        "unit": units.ref(one.zone.unit),
        "level": one.level,
        "kind": one.zone.kind,
        "state": one.state,
    }


@router.get("/zones/{id}", response=ZoneDetail)
@needs(Permission.ZONE_READ)
def zone(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    (one,) = zones.then([zones.get(id, view.scope, view.as_of)])
    return _item(one) | {"geometry": one.zone.geometry}

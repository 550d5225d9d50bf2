"""The register of units."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.shapes import UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.units import facade as units

router = Router(tags=["units"])


class Identifier(Schema):
    authority: str
    value: str
    valid_from: dt.date | None
    valid_to: dt.date | None


class UnitChild(UnitRef):
    population: int | None
    zone: bool


class UnitDetail(UnitRef):
    """host: the county that answers for a development zone, by `host_rule`."""

    parent: str | None
    zone: bool
    host: UnitRef | None
    host_rule: str
    population: int | None
    population_source: str
    identifiers: list[Identifier]
    ancestors: list[UnitRef]


class Search(Schema):
    q: str = Field(min_length=1, max_length=60, description="part of a name, or start of a code")
    limit: int = Field(default=20, ge=1, le=100)


@router.get("/units", response=list[UnitRef])
@needs(Permission.UNIT_READ)
def search(request: HttpRequest, asked: Query[Search]) -> object:
    """Units within one's rights, larger ones first."""
    found = units.search(asked.q.strip(), here(request).scope, asked.limit)
    return [units.ref(unit) for unit in found]


@router.get("/units/{code}", response=UnitDetail)
@needs(Permission.UNIT_READ)
def unit(request: HttpRequest, code: str) -> object:
    one = units.get(code, here(request).scope)
    shown: dict[str, Any] = dict(units.ref(one))
    return shown | {
        "parent": one.parent_id,
        "zone": one.zone,
        "host": units.ref(one.host) if one.host else None,
        "host_rule": one.host_rule,
        "population": one.population,
        "population_source": one.population_source,
        "identifiers": list(one.identifiers.order_by("authority", "valid_from", "value")),
        "ancestors": units.ancestors(one),
    }


@router.get("/units/{code}/children", response=list[UnitChild])
@needs(Permission.UNIT_READ)
def children(request: HttpRequest, code: str) -> object:
    scope = here(request).scope
    units.get(code, scope)
    return [
        {**units.ref(one), "population": one.population, "zone": one.zone}
        for one in units.children(code, scope)
    ]

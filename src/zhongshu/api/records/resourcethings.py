"""The registry of resources: things, their states, the ledger, readiness and conversions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.resourceshapes import (
    ConversionItem,
    ConvertIn,
    HoldIn,
    Readiness,
    ReleaseIn,
    StateIn,
    ThingDetail,
    ThingIn,
    ThingItem,
    ThingList,
    WhyIn,
    conversion,
    detail,
    items,
)
from zhongshu.api.shapes import Asked, AskedList, Page
from zhongshu.kernel.errors import BadInput
from zhongshu.rules.permissions import Permission
from zhongshu.service.resources.registry import facade as registry
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
BY_HAND = "person"


class ReadyAsked(Asked):
    hours: int = Field(default=24, ge=0, le=720)


@router.get("/resources/things", response=Page[ThingItem])
@needs(Permission.RESOURCE_READ)
def thing_list(request: HttpRequest, asked: Query[ThingList]) -> object:
    """By kind and code.  state: at the moment asked for; amounts: by the ledger of now."""
    view = here(request).view(asked)
    rows = registry.things(
        scope=view.scope,
        as_of=view.as_of,
        kind=asked.kind,
        state=asked.state,
        mode=asked.mode,
        part_of=asked.part_of,
        text=asked.text,
    )
    found, following = page(
        rows.select_related("unit"), order=("kind", "code"), after=asked.after, limit=asked.limit
    )
    return {"items": items(found, view.as_of), "next": following}


@router.post("/resources/things", response=ThingDetail)
@needs(Permission.RESOURCE_WRITE)
def thing_enter(request: HttpRequest, body: ThingIn, key: Key) -> object:
    """Enter a thing by hand; what a feed reports enters itself."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = registry.enter_one(
            draft=registry.Draft(**body.dict()),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return detail(registry.get(made.pk, asking.scope), asking.now)

    return once(request, key, write)


@router.get("/resources/things/{id}", response=ThingDetail)
@needs(Permission.RESOURCE_READ)
def thing(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """With its history and its ledger."""
    view = here(request).everywhere(asked)
    return detail(registry.get(id, view.scope), view.as_of)


def _acting(
    request: HttpRequest, key: str, thing_id: int, write: Callable[[Here], object]
) -> dict[str, Any]:
    asking = here(request)

    def run() -> dict[str, Any]:
        registry.get(thing_id, asking.scope)  # what is out of scope is not there, whatever is asked
        write(asking)
        return detail(registry.get(thing_id, asking.scope), asking.now)

    return once(request, key, run)


@router.post("/resources/things/{id}/state", response=ThingDetail)
@needs(Permission.RESOURCE_WRITE)
def thing_state(request: HttpRequest, id: int, body: StateIn, key: Key) -> object:
    """Needs a reason; what is held of it stays held."""
    return _acting(
        request,
        key,
        id,
        lambda asking: registry.change(
            thing_id=id,
            state=body.state,
            why=body.why,
            opens_in_h=body.opens_in_h,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        ),
    )


@router.post("/resources/things/{id}/holds", response=ThingDetail)
@needs(Permission.RESOURCE_WRITE)
def thing_hold(request: HttpRequest, id: int, body: HoldIn, key: Key) -> object:
    """Take some of it by hand; refused when it is not free through the whole time."""
    if any(at is not None and at.tzinfo is None for at in (body.begins, body.ends)):
        raise BadInput("moment.zone", "begins and ends need a time zone, e.g. +08:00.")
    want = registry.Want(id, body.pool, body.amount, body.begins, body.ends, body.note)
    return _acting(
        request,
        key,
        id,
        lambda asking: registry.hold(
            wants=[want],
            holder=BY_HAND,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        ),
    )


@router.post("/resources/things/{id}/release", response=ThingDetail)
@needs(Permission.RESOURCE_WRITE)
def thing_release(request: HttpRequest, id: int, body: ReleaseIn, key: Key) -> object:
    """Give back holds of it that were taken by hand; those of a plan end with the plan."""
    return _acting(
        request,
        key,
        id,
        lambda asking: registry.release(
            holder=BY_HAND,
            thing_id=id,
            hold_ids=body.holds,
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        ),
    )


@router.get("/resources/readiness", response=Readiness)
@needs(Permission.RESOURCE_READ)
def readiness(request: HttpRequest, asked: Query[ReadyAsked]) -> object:
    """What is open, and what could be within the hours asked, by the units just below."""
    view = here(request).view(asked)
    rows = registry.readiness(
        unit=view.unit["code"], path=view.unit["path"], hours=asked.hours, at=view.as_of
    )
    known = units.refs(row.unit for row in rows)
    names = ("kind", "pool", "things", "open", "held", "opening", "emergency")
    return {
        "hours": asked.hours,
        "rows": [
            {name: getattr(row, name) for name in names} | {"unit": known[row.unit]} for row in rows
        ],
    }


@router.get("/resources/conversions", response=Page[ConversionItem])
@needs(Permission.RESOURCE_READ)
def conversions(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = registry.conversions(scope=view.scope, as_of=view.as_of)
    found, following = page(rows, order=("-at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [conversion(one) for one in found], "next": following}


@router.post("/resources/conversions", response=ConversionItem)
@needs(Permission.RESOURCE_WRITE)
def convert(request: HttpRequest, body: ConvertIn, key: Key) -> object:
    """Turn a unit's things to emergency use, or back to ordinary use, in one step."""
    asking = here(request)
    return once(
        request,
        key,
        lambda: conversion(
            registry.convert(
                unit=body.unit,
                mode=body.mode,
                of=body.kinds,
                why=body.why,
                scope=asking.scope,
                actor=asking.actor,
                now=asking.now,
            )
        ),
    )


@router.post("/resources/conversions/{id}/reverse", response=ConversionItem)
@needs(Permission.RESOURCE_WRITE)
def conversion_reverse(request: HttpRequest, id: int, body: WhyIn, key: Key) -> object:
    """Turn back what one conversion turned."""
    asking = here(request)
    return once(
        request,
        key,
        lambda: conversion(
            registry.reverse(
                conversion_id=id,
                why=body.why,
                scope=asking.scope,
                actor=asking.actor,
                now=asking.now,
            )
        ),
    )

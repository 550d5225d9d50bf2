"""Planning zones: the ground of a county, the figures of a drawing, zonings at least cost."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import Here, here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.records.zoneplanshapes import ZoneGround, ZoneOption, ZonePlanDetail, ZonePlanItem
from zhongshu.api.records.zoneplansimulation import simulation
from zhongshu.api.shapes import Asked, AskedList, Page
from zhongshu.rules.permissions import Permission
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units
from zhongshu.service.zones.planning import facade as planning

router = Router(tags=["records"])


class PlanAims(Schema):
    """zone_cost: person-days that one more zone is held equal to.  The maxima: null for none."""

    share: float = Field(default=1.0, ge=0, le=1, description="of the evidence, to be covered")
    zones: int = Field(default=12, ge=1, le=200, description="at most so many")
    zone_cost: float = Field(default=0.0, ge=0)
    people_per_zone: float | None = Field(default=None, ge=0)
    people_total: float | None = Field(default=None, ge=0)
    person_days: float | None = Field(default=None, ge=0)


class Where(Schema):
    unit: str = Field(description="a county or township within one's rights")
    as_of: dt.datetime | None = Field(default=None, description="by what was known then")


class PlanIn(PlanAims, Where):
    pass


class PriceIn(PlanAims, Where):
    """villages and polygon are added up."""

    villages: list[str] = Field(default_factory=list, max_length=2000)
    polygon: list[tuple[float, float]] | None = Field(
        default=None, max_length=500, description="corners, WGS-84 lon and lat"
    )


class GroundAsked(Schema):
    unit: str
    as_of: dt.datetime | None = None


class ProposeIn(Schema):
    option: str = Field(description="key of an option of the plan")
    unsimulated: bool = Field(
        default=False, description="propose it although the outbreak model has no answer"
    )


def _ground(asking: Here, where: Where | GroundAsked) -> planning.Ground:
    as_of = asking.moment(Asked(as_of=where.as_of))
    return planning.ground(
        unit=units.get(where.unit, asking.scope),
        scope=asking.scope,
        as_of=as_of,
        pack=pack_on(as_of),
        lake=Path(settings.ZHONGSHU_LAKE),
    )


def _wish(body: PlanAims) -> planning.Wish:
    return planning.Wish(**{name: getattr(body, name) for name in PlanAims.model_fields})


@router.get("/zones/ground", response=ZoneGround)
@needs(Permission.ZONE_READ)
def zone_ground(request: HttpRequest, asked: Query[GroundAsked]) -> object:
    """The villages that can be closed; pass its `as_of` on to price drawings of the same moment."""
    ground = _ground(here(request), asked)
    villages = []
    for code in ground.names:
        lon, lat = ground.points.get(code, (None, None))
        villages.append(ground.village(code) | {"lon": lon, "lat": lat})
    return {
        "unit": ground.unit,
        "as_of": ground.as_of,
        "villages": villages,
        "evidence": ground.risk,
        "unknown": ground.unknown,
        "largest_unit": ground.largest,
    }


@router.post("/zones/price", response=ZoneOption)
@needs(Permission.ZONE_READ)
def zone_price(request: HttpRequest, body: PriceIn) -> object:
    """What closing these villages costs and covers, and which maxima it passes."""
    ground = _ground(here(request), body)
    drawn = set(body.villages)
    if body.polygon is not None:
        drawn.update(planning.within(ground, body.polygon))
    return planning.price(ground, _wish(body), sorted(drawn))


@router.post("/zones/plans", response=ZonePlanDetail, by_alias=True)
@needs(Permission.ZONE_PLAN)
def zone_plan_make(request: HttpRequest, body: PlanIn, key: Key) -> object:
    """Zonings at least cost: the best found and unlike ones, a bound, and the price of each
    further per cent.  Kept as a record; a worker runs the zonings through the outbreak model,
    and `simulation` of the plan tells how far it is."""

    def write() -> dict[str, Any]:
        asking = here(request)
        ground = _ground(asking, body)
        row = planning.plan(
            ground=ground,
            wish=_wish(body),
            pack=pack_on(ground.as_of),
            actor=asking.actor,
            now=asking.now,
            clock=time.monotonic,
        )
        if row.comparison_id is not None:
            # The queue lies outside the scoped role; the unit was checked against the scope.
            with rowsecurity.unscoped():
                import_string(settings.ZHONGSHU_QUEUE_WHATIF)(row.comparison_id)
        return ZonePlanDetail.model_validate(_detail(row)).model_dump(mode="json", by_alias=True)

    return once(request, key, write)


@router.get("/zones/plans", response=Page[ZonePlanItem])
@needs(Permission.ZONE_READ)
def zone_plan_list(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = planning.listed(scope=view.scope, as_of=view.as_of).select_related("unit")
    found, following = page(rows, order=("-at", "-id"), after=asked.after, limit=asked.limit)
    return {"items": [_item(row) for row in found], "next": following}


@router.get("/zones/plans/{id}", response=ZonePlanDetail, by_alias=True)
@needs(Permission.ZONE_READ)
def zone_plan(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    return _detail(planning.get(id, view.scope, view.as_of))


@router.post("/zones/plans/{id}/proposal", response=ZonePlanItem)
@needs(Permission.ZONE_PLAN)
def zone_plan_propose(request: HttpRequest, id: int, body: ProposeIn, key: Key) -> object:
    """Put an option before the headquarters; it waits until decided or until the next run.
    Refused while the outbreak model has no answer, but for `unsimulated`."""

    def write() -> dict[str, Any]:
        asking = here(request)
        row = planning.propose(
            plan_id=id,
            option=body.option,
            unsimulated=body.unsimulated,
            scope=asking.scope,
            pack=pack_on(asking.now),
            actor=asking.actor,
            now=asking.now,
        )
        return ZonePlanItem.model_validate(_item(row)).model_dump(mode="json")

    return once(request, key, write)


def _item(row: planning.ZonePlan) -> dict[str, Any]:
    best = row.answer["options"][0]
    return {
        "id": row.pk,
        "unit": units.ref(row.unit),
        "by": row.actor,
        "at": row.at,
        "as_of": row.as_of,
        "asked": row.asked,
        "areas": best["areas"],
        "share": best["share"],
        "person_days": best["cost"]["person_days"],
        "gap": row.answer["gap"],
        "proposal_id": row.proposal_id,
        "option": row.option,
        "pack_version": row.pack_version,
    }


def _detail(row: planning.ZonePlan) -> dict[str, Any]:
    names = ("options", "curve", "bound", "seconds", "seed", "reach", "unknown", "largest_unit")
    told = {name: row.answer[name] for name in names}
    return _item(row) | told | {"simulation": simulation(row)}

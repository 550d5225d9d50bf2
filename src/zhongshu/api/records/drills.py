"""Drills played by a person: the county is synthetic, the decisions are his."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from ninja import Query, Router, Status

from zhongshu.api import messages
from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records.drillshapes import (
    DrillDecide,
    DrillDetail,
    DrillForm,
    DrillFormAsked,
    DrillItem,
    DrillWish,
)
from zhongshu.api.shapes import AskedList, Page
from zhongshu.kernel.errors import BadInput
from zhongshu.rules.permissions import Permission
from zhongshu.service.drills import facade as drills
from zhongshu.service.drills.played import facade as played
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
USUAL_SEED, USUAL_PEOPLE = 1, 20_000


@router.get("/drills", response=Page[DrillItem])
@needs(Permission.SITUATION_READ)
def listed(request: HttpRequest, asked: Query[AskedList]) -> object:
    """Newest first."""
    view = here(request).view(asked)
    rows = played.listed(scope=view.scope, as_of=view.as_of)
    found, following = page(
        rows, order=("-created_at", "-id"), after=asked.after, limit=asked.limit
    )
    counties = _counties(found)
    return {"items": [_item(one, counties) for one in found], "next": following}


@router.post("/drills", response={202: DrillItem})
@needs(Permission.DRILL_PLAY)
def begin(request: HttpRequest, body: DrillWish, key: Key) -> object:
    """A worker prepares the county; the drill waits for a decision on the first evening on which
    a case is known."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = played.begin(
            wish=played.Wish(**body.dict()), scope=asking.scope, actor=asking.actor, now=asking.now
        )
        return _queued(made.pk, request)

    return Status(202, once(request, key, write))


@router.get("/drills/form", response=DrillForm)
@needs(Permission.DRILL_PLAY)
def form(request: HttpRequest, asked: Query[DrillFormAsked]) -> object:
    """What a drill of a unit can be: the county it resembles, limits and usual figures."""
    view = here(request).view(asked.place())
    county = played.county(units.get(view.unit["code"]))
    usual = {"seed": USUAL_SEED, "people": USUAL_PEOPLE}
    scenario = drills.Scenario()
    return {
        "unit": view.unit,
        "county": units.refs([county])[county],
        "limits": [
            {
                "name": name,
                "least": least,
                "most": most,
                "usual": usual[name] if name in usual else getattr(scenario, name),
            }
            for name, (least, most) in played.LIMITS.items()
        ],
    }


@router.get("/drills/{id}", response=DrillDetail)
@needs(Permission.SITUATION_READ)
def drill(request: HttpRequest, id: int) -> object:
    asking = here(request)
    one = played.get(id, asking.scope)
    mine = asking.held.scope(Permission.DRILL_PLAY)
    return _item(one, _counties([one])) | {
        "may_play": one.state in played.OPEN and mine.covers(one.unit_path),
        "evening": one.evening and _evening(one.evening),
        "decisions": [_decided(row) for row in one.decisions.all()],
        "result": one.result,
    }


@router.post("/drills/{id}/decide", response={202: DrillItem})
@needs(Permission.DRILL_PLAY)
def decide(request: HttpRequest, id: int, body: DrillDecide, key: Key) -> object:
    """Decide the evening; the worker steps the county.  Of two who decide one evening the second
    is refused (`drill.decided`)."""
    asking = here(request)

    def write() -> dict[str, Any]:
        made = played.decide(
            drill_id=id,
            step=body.step,
            choice=played.Choice(
                degrees=tuple(sorted(set(body.degrees))),
                most=body.most,
                areas=tuple(body.areas),
                round_=body.round,
                lock=body.lock,
                protect=body.protect,
            ),
            scope=asking.scope,
            actor=asking.actor,
            now=asking.now,
        )
        return _queued(made.pk, request)

    return Status(202, once(request, key, write))


@router.post("/drills/{id}/abandon", response=DrillItem)
@needs(Permission.DRILL_PLAY)
def abandon(request: HttpRequest, id: int, key: Key) -> object:
    """Leave it for good; its truth is never opened."""
    asking = here(request)

    def write() -> dict[str, Any]:
        played.abandon(drill_id=id, scope=asking.scope, actor=asking.actor, now=asking.now)
        return _queued(id, request)  # so that the worker lets go of its county

    return once(request, key, write)


def _queued(drill_id: int, request: HttpRequest) -> dict[str, Any]:
    """The queue lies outside the scoped role; the drill was checked against the scope before."""
    with rowsecurity.unscoped():
        import_string(settings.ZHONGSHU_QUEUE_DRILL)(drill_id)
    one = played.get(drill_id, here(request).scope)
    return _item(one, _counties([one]))


def _counties(found: Iterable[played.Drill]) -> Mapping[str, units.UnitRef]:
    return units.refs(one.scenario["county"] for one in found)


def _item(one: played.Drill, counties: Mapping[str, units.UnitRef]) -> dict[str, Any]:
    names = (
        "id", "title", "seed", "created_at", "created_by", "state", "step", "finished_at",
    )  # fmt: skip
    refusal = one.refusal and {
        "code": one.refusal["code"],
        "message": messages.of(
            BadInput(one.refusal["code"], one.refusal["sentence"], **one.refusal["facts"])
        ),
    }
    return {name: getattr(one, name) for name in names} | {
        "unit": units.ref(one.unit),
        "scenario": one.scenario | {"county": counties.get(one.scenario["county"])},
        "refusal": refusal,
        "headline": one.rows or [],  # type: ignore[attr-defined]
    }


def _evening(told: Mapping[str, Any]) -> dict[str, Any]:
    return {**told, "proposed": _choice(told["proposed"])}


def _decided(one: played.DrillDecision) -> dict[str, Any]:
    return {
        **one.shown,
        "step": one.step,
        "choice": _choice(one.choice),
        "by": one.decided_by,
        "at": one.decided_at,
    }


def _choice(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {**stored, "round": stored["round_"]}

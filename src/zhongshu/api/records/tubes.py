"""Positive tubes, and who of each waits to be sampled again or for a result of his own."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.shapes import Asked, AskedList, Page, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.people import facade as people
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
RECOLLECT_H = "test.recollect_h"


class TubesAsked(AskedList):
    state: Literal["", "open", "done", "withdrawn"] = ""


class TubeItem(Schema):
    """state: open until everybody the laboratory counted has a result of his own.  swabs: as the
    laboratory counts; members: whom the feed of tubes names.  due_at: by then everybody is to be
    sampled again, by the edition in force."""

    id: int
    code: str
    unit: UnitRef
    laboratory: str
    result: str
    state: str
    swabs: int
    members: int
    recollected: int
    resulted: int
    positive: int
    sampled_at: dt.datetime
    reported_at: dt.datetime
    due_at: dt.datetime | None
    confirmed_at: dt.datetime | None


class TubeMemberItem(Schema):
    """unit: where the person lives.  result: of the sample of his own, empty until it is there."""

    id: int
    unit: UnitRef
    masked_name: str
    swabbed_at: dt.datetime
    recollected_at: dt.datetime | None
    result: str
    resulted_at: dt.datetime | None


_TUBE = ("code", "laboratory", "result", "swabs", "sampled_at", "reported_at")


def _items(tubes: list[rounds.Tube], at: dt.datetime) -> list[dict[str, Any]]:
    sums = rounds.tubeviews.sums(tubes, at)
    pack = pack_on(at)
    due = dt.timedelta(hours=pack.number(RECOLLECT_H)) if pack.get(RECOLLECT_H) else None
    found = []
    for one in tubes:
        own = sums.get(one.pk, rounds.tubeviews.Sums())
        found.append(
            {name: getattr(one, name) for name in _TUBE}
            | {
                "id": one.pk,
                "unit": units.ref(one.unit),
                "state": rounds.tubeviews.state_of(one, at),
                "members": own.members,
                "recollected": own.recollected,
                "resulted": own.resulted,
                "positive": own.positive,
                "due_at": one.reported_at + due if due is not None else None,
                "confirmed_at": _by(one.confirmed_at, at),
            }
        )
    return found


def _by(moment: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    """What was so by then."""
    return moment if moment is not None and moment <= at else None


@router.get("/tubes", response=Page[TubeItem])
@needs(Permission.SAMPLE_READ)
def tube_list(request: HttpRequest, asked: Query[TubesAsked]) -> object:
    """Tubes of several persons found positive or suspect, newest first."""
    view = here(request).view(asked)
    rows = rounds.tubeviews.listed(scope=view.scope, as_of=view.as_of, state=asked.state)
    found, following = page(
        rows, order=("-reported_at", "-id"), after=asked.after, limit=asked.limit
    )
    return {"items": _items(found, view.as_of), "next": following}


@router.get("/tubes/{id}", response=TubeItem)
@needs(Permission.SAMPLE_READ)
def tube_detail(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    view = here(request).everywhere(asked)
    (item,) = _items([rounds.tubeviews.get(id, view.scope)], view.as_of)
    return item


@router.get("/tubes/{id}/members", response=Page[TubeMemberItem])
@needs(Permission.SAMPLE_READ)
def tube_members(request: HttpRequest, id: int, asked: Query[AskedList]) -> object:
    """Everybody who gave a swab to it, in that order; names are masked."""
    view = here(request).everywhere(asked)
    rows = rounds.tubeviews.members(rounds.tubeviews.get(id, view.scope))
    found, following = page(rows, order=("swabbed_at", "id"), after=asked.after, limit=asked.limit)
    masked = people.masked([one.person for one in found])
    at = view.as_of
    items = [
        {
            "id": one.pk,
            "unit": units.ref(one.unit),
            "masked_name": masked[one.person]["name"] if one.person in masked else "",
            "swabbed_at": one.swabbed_at,
            "recollected_at": one.recollected_at if _by(one.recollected_known_at, at) else None,
            "result": one.result if _by(one.resulted_at, at) else "",
            "resulted_at": _by(one.resulted_at, at),
        }
        for one in found
    ]
    return {"items": items, "next": following}

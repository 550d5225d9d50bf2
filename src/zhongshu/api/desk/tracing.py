"""Reverse questions: who was there, where did he go, what do cases share, who went along.

Each says what it is for and is on the record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.desk.tracingwords import subjects
from zhongshu.api.door import Here, here, needs
from zhongshu.api.paging import decode, encode, not_ours, page
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.shapes import Asked, AskedList, Bare, CaseRef, Page, Text, UnitRef
from zhongshu.rules.permissions import Permission
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.units import facade as units

router = Router(tags=["desk"])


class Count(Schema):
    """Persons.  about: rounded to a multiple of the small-cell figure; value null: hidden, fewer
    than `below`, or hidden to protect another count."""

    value: int | None
    below: int | None
    about: bool


class TracedPlace(Schema):
    name: str
    kind: str
    unit: UnitRef | None
    lon: float | None
    lat: float | None


class PlaceItem(Schema):
    """unit: the village; county: null, as unit, in no known place (a train).  whole: what it is a
    part of."""

    place: int
    place_id: str
    name: str
    kind: str
    whole: str | None
    unit: UnitRef | None
    county: UnitRef | None


class PlaceList(Bare):
    q: str = Field(min_length=1, max_length=80, description="words of a name, or an id")


class QuestionIn(Schema):
    purpose: str = Field(description=", ".join(tracing.PURPOSES))
    note: str = Field(max_length=500, description="what the answer is needed for")
    as_of: dt.datetime | None = Field(default=None, description="by what was known then")


class VenueIn(QuestionIn):
    place_id: str | None = Field(default=None, max_length=200, description="the sender's")
    place: int | None = Field(default=None, description="key of the lake")
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime


class HourCount(Schema):
    hour: dt.datetime
    persons: Count


class SpotCount(Schema):
    name: str
    persons: Count


class CountyCount(Schema):
    unit: UnitRef | None
    persons: Count


class VenueAnswer(Schema):
    """by_spot: by part of the place; empty where there is one."""

    place: TracedPlace
    persons: Count
    by_hour: list[HourCount]
    by_spot: list[SpotCount]
    by_county: list[CountyCount]
    cases: int


class TimelineIn(QuestionIn):
    case_id: int | None = None
    contact_id: int | None = None
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime


class TracedStay(Schema):
    """imputed: the end is an estimate; doubted: he was somewhere else at the same time."""

    place: TracedPlace | None
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    imputed: bool
    doubted: bool
    source: str


class Gap(Schema):
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime


class TimelineAnswer(Schema):
    stays: list[TracedStay]
    gaps: list[Gap]


class CommonIn(QuestionIn):
    case_ids: list[int] = Field(min_length=2, max_length=200)


class CommonVisit(Schema):
    """to: null where no time out is recorded."""

    case_id: int
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime | None


class CommonPlace(Schema):
    """expected: cases there, had they gone where others of the county go; p: the chance that so
    many would; p_adjusted: the same, as one of `tested` places (Holm)."""

    place: TracedPlace
    cases: list[CaseRef]
    expected: float
    persons: Count
    p: float
    p_adjusted: float
    visits: list[CommonVisit]


class CommonAnswer(Schema):
    asked: int
    tested: int
    places: list[CommonPlace]


class CompanionsIn(QuestionIn):
    case_id: int


class CompanionsAnswer(Schema):
    persons: Count
    by_county: list[CountyCount]
    cells: int
    rule_id: str
    verified: bool
    minutes: float
    days: float


class InquiryItem(Schema):
    """question: venue, timeline, common or companions; answered: counts as they were told."""

    id: int
    at: dt.datetime
    by: str
    unit: UnitRef
    question: str
    purpose: str
    note: str
    subject: Text
    as_of: dt.datetime
    answered: dict[str, Any]


class InquiryList(AskedList):
    question: str = Field(default="", pattern=f"^(|{'|'.join(tracing.KINDS)})$")


def _asking(asking: Here, body: QuestionIn) -> tracing.Asking:
    as_of = asking.moment(Asked(as_of=body.as_of))
    return tracing.Asking(
        actor=asking.actor,
        scope=asking.scope,
        purpose=body.purpose,
        note=body.note,
        as_of=as_of,
        now=asking.now,
        pack=pack_on(as_of),
    )


@router.get("/tracing/places", response=Page[PlaceItem])
@needs(Permission.TRACING_ASK)
def place_list(request: HttpRequest, asked: Query[PlaceList]) -> object:
    """Places one may ask about, by words of their name or by their sender's id; the nearest
    first."""
    asking = here(request)
    found = tracing.find(
        asked.q,
        scope=asking.scope,
        pack=pack_on(asking.now),
        after=_mark(asked.after),
        limit=asked.limit + 1,
    )
    more = len(found) > asked.limit
    items = found[: asked.limit]
    return {"items": items, "next": encode(items[-1].mark) if more else None}


def _mark(after: str | None) -> tuple[int, str, int] | None:
    if after is None:
        return None
    rank, name, place = decode(after, 3)
    if (type(rank), type(name), type(place)) != (int, str, int):
        raise not_ours()
    return rank, name, place


@router.post("/tracing/venue", response=VenueAnswer, by_alias=True)
@needs(Permission.TRACING_ASK)
def venue(request: HttpRequest, body: VenueIn) -> object:
    """How many were at a place, in a part of it or somewhere in its whole; nobody is named."""
    return tracing.venue(
        _asking(here(request), body),
        place=body.place,
        place_id=body.place_id,
        begin=body.from_,
        end=body.to,
    )


@router.post("/tracing/timeline", response=TimelineAnswer, by_alias=True)
@needs(Permission.TRACING_ASK)
def timeline(request: HttpRequest, body: TimelineIn) -> object:
    """Where a case or a contact went."""
    return tracing.timeline(
        _asking(here(request), body),
        case_id=body.case_id,
        contact_id=body.contact_id,
        begin=body.from_,
        end=body.to,
    )


@router.post("/tracing/common", response=CommonAnswer, by_alias=True)
@needs(Permission.TRACING_ASK)
def common(request: HttpRequest, body: CommonIn) -> object:
    """Places and vehicles that explain a cluster, the least likely by chance first."""
    found = tracing.common(_asking(here(request), body), case_ids=body.case_ids)
    places = [
        {
            "place": one.place,
            "cases": [{"id": case.pk, "case_no": case.case_no} for case in one.cases],
            "expected": one.expected,
            "persons": one.persons,
            "p": one.p,
            "p_adjusted": one.p_adjusted,
            "visits": [
                {"case_id": case, "from": begun, "to": ended} for case, begun, ended in one.visits
            ],
        }
        for one in found.places
    ]
    return {"asked": found.asked, "tested": found.tested, "places": places}


@router.post("/tracing/companions", response=CompanionsAnswer)
@needs(Permission.TRACING_ASK)
def companions(request: HttpRequest, body: CompanionsIn) -> object:
    """How many were in one mobile-phone cell with a case for too long; nobody is named."""
    return tracing.companions(_asking(here(request), body), case_id=body.case_id)


@router.get("/tracing/inquiries", response=Page[InquiryItem])
@needs(Permission.INQUIRY_READ)
def inquiry_list(request: HttpRequest, asked: Query[InquiryList]) -> object:
    """Who asked what for, latest first."""
    view = here(request).view(asked)
    rows = tracing.inquiries(view.scope).filter(at__lte=view.as_of)
    if asked.question:
        rows = rows.filter(kind=asked.question)
    order = ("-at", "-id")
    found, following = page(
        rows.select_related("unit"), order=order, after=asked.after, limit=asked.limit
    )
    return {"items": _items(found), "next": following}


def _items(rows: Sequence[tracing.Inquiry]) -> list[dict[str, Any]]:
    told = subjects(rows)
    return [
        {
            "id": row.pk,
            "at": row.at,
            "by": row.actor,
            "unit": units.ref(row.unit),
            "question": row.kind,
            "purpose": row.purpose,
            "note": row.note,
            "subject": told[row.pk],
            "as_of": row.as_of,
            "answered": row.answered,
        }
        for row in rows
    ]

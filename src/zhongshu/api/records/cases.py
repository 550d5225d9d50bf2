"""Cases: the list, and what is known about one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import View, here, needs
from zhongshu.api.paging import page
from zhongshu.api.records import casepage
from zhongshu.api.shapes import Asked, AskedList, Page, Text, UnitRef
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.rules.permissions import Permission
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
AGE_BAND_YEARS = 10


class CaseBrief(Schema):
    id: int
    case_no: str
    unit: UnitRef
    county: UnitRef
    category: str
    state: str
    age_band: str = Field(description="ten years, e.g. 30-39; empty when unknown")
    sex: str
    onset_date: dt.date | None
    sampled_at: dt.datetime | None
    confirmed_at: dt.datetime | None
    reported_at: dt.datetime
    found_by: str
    severity: str
    contacts_close: int
    contacts_second: int
    flags: list[str]


class MaskedIdentity(Schema):
    name: str
    id_no: str
    address: str
    masked: bool


class Window(Schema):
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    rule_id: str
    verified: bool


class TimelinePlace(Schema):
    name: str
    kind: str
    lon: float | None
    lat: float | None


class TimelineItem(Schema):
    at: dt.datetime
    to: dt.datetime | None
    kind: str
    label: Text
    place: TimelinePlace | None = None
    imputed: bool | None = None


class Candidate(Schema):
    case_id: int
    case_no: str
    reason: Text


class Change(Schema):
    at: dt.datetime
    action: str
    by: str
    changes: dict[str, Any]


class CaseClock(Schema):
    id: int
    clock: str
    rule_id: str
    name: Text
    due_at: dt.datetime
    state: str


class CaseDetail(CaseBrief):
    identity: MaskedIdentity
    window: Window
    timeline: list[TimelineItem]
    infector_candidates: list[Candidate]
    history: list[Change]
    clocks: list[CaseClock]


class CaseList(AskedList):
    category: str = ""
    state: str = ""
    reported_from: dt.date | None = None
    reported_to: dt.date | None = None
    onset_from: dt.date | None = None
    onset_to: dt.date | None = None
    q: str = Field(
        default="", max_length=64, description="beginning of a case number, or a unit's name"
    )


class OpeningIn(Schema):
    purpose: str = Field(description="investigation, treatment, transfer or correction")
    note: str = Field(default="", max_length=500)


class Identity(Schema):
    name: str
    id_no: str
    birth_date: dt.date | None
    address: str


@router.get("/cases", response=Page[CaseBrief])
@needs(Permission.CASE_READ)
def case_list(request: HttpRequest, asked: Query[CaseList]) -> object:
    """Newest report first.  Days are Beijing days, ends included."""
    view = here(request).view(asked)
    filters = cases.Filters(
        category=asked.category,
        state=asked.state,
        reported_from=start_of_day(asked.reported_from) if asked.reported_from else None,
        reported_before=start_of_day(asked.reported_to) + DAY if asked.reported_to else None,
        onset_from=asked.onset_from,
        onset_to=asked.onset_to,
        text=asked.q.strip(),
    )
    rows = cases.listed(scope=view.scope, as_of=view.as_of, filters=filters)
    order = ("-reported_at", "-id")
    found, following = page(rows, order=order, after=asked.after, limit=asked.limit)
    return {"items": briefs(found, here(request).everywhere(asked)), "next": following}


def briefs(rows: list[cases.Case], view: View) -> list[dict[str, Any]]:
    """Cases as shown in lists; two queries whatever their number."""
    known = units.refs_on_paths(one.unit_path for one in rows)
    counts = contacts.counts([one.pk for one in rows], scope=view.scope, as_of=view.as_of)
    shown = []
    for one in rows:
        close, second = counts.get(one.pk, (0, 0))
        shown.append(
            {
                "id": one.pk,
                "case_no": one.case_no,
                "unit": known[one.unit_id],
                "county": units.county_of(one.unit_path, known),
                "category": one.category,
                "state": one.state,
                "age_band": _age_band(one.age_years),
                "sex": one.sex,
                "onset_date": one.onset_date,
                "sampled_at": one.sampled_at,
                "confirmed_at": one.confirmed_at,
                "reported_at": one.reported_at,
                "found_by": one.found_by,
                "severity": one.severity,
                "contacts_close": close,
                "contacts_second": second,
                "flags": one.flags,
            }
        )
    return shown


def _age_band(age_years: int | None) -> str:
    if age_years is None:
        return ""
    low = age_years // AGE_BAND_YEARS * AGE_BAND_YEARS
    return f"{low}-{low + AGE_BAND_YEARS - 1}"


@router.get("/cases/{id}", response=CaseDetail, by_alias=True)
@needs(Permission.CASE_READ)
def case(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """One case; the person is masked."""
    asking = here(request)
    view = asking.everywhere(asked)
    one = cases.get(id, view.scope, view.as_of)
    return briefs([one], view)[0] | casepage.read(
        one, scope=view.scope, as_of=view.as_of, now=asking.now
    )


@router.post("/cases/{id}/identity", response=Identity)
@needs(Permission.IDENTITY_OPEN)
def open_identity(request: HttpRequest, id: int, body: OpeningIn) -> object:
    """The person's name, number and address, for a stated purpose; the access is on record."""
    asking = here(request)
    one = cases.get(id, asking.scope, asking.now)
    (person,) = people.open_identity(
        actor=asking.actor,
        purpose=body.purpose,
        note=body.note,
        pseudonyms=[one.person],
        now=asking.now,
    )
    home = person.household
    return {
        "name": person.name,
        "id_no": person.id_no,
        "birth_date": person.birth_date,
        "address": home.address if home else "",
    }

"""One contact: all the evidence, the chain link by link, what was decided, what would clear him."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.records import contactdetail
from zhongshu.api.records.contacts import ContactItem
from zhongshu.api.shapes import Asked, Text
from zhongshu.rules.permissions import Permission

router = Router(tags=["records"])


class End(Schema):
    """One end of a link; id is null for somebody outside one's rights."""

    kind: str = Field(description="case or contact")
    label: str
    id: int | None


class Link(Schema):
    """minutes: null at home, where nobody records them."""

    from_: End = Field(alias="from")
    to: End
    place: Text | None = Field(description="null for people who live together")
    at: dt.datetime
    minutes: float | None
    imputed: bool
    rule_id: str


class Chains(Schema):
    """From the case to the contact: by the first meetings, and by the longest."""

    earliest: list[Link]
    strongest: list[Link]


class ScoreParts(Schema):
    """link: score of the last link, 0 to 1; via: of the link before it, at second degree."""

    confirmed_min: float
    imputed_min: float
    household: bool
    link: float
    via: float | None


class ContactDecision(Schema):
    at: dt.datetime
    by: str
    action: str
    state: str
    reason: str


class ContactDetail(ContactItem):
    """exposures: longest first, a page of them."""

    exposures_next: str | None = Field(description="pass it as `after` for the following ones")
    decisions: list[ContactDecision]
    chains: Chains
    score_parts: ScoreParts
    clearing: list[Text] = Field(description="what would clear the person, a sentence each")


class ContactAsked(Asked):
    after: str | None = Field(default=None, description="`exposures_next` of the page before")
    limit: int = Field(default=50, ge=1, le=200)


@router.get("/contacts/{id}", response=ContactDetail, by_alias=True)
@needs(Permission.CONTACT_READ)
def contact(request: HttpRequest, id: int, asked: Query[ContactAsked]) -> object:
    """One contact; the person is masked."""
    view = here(request).everywhere(asked)
    return contactdetail.read(id, view=view, after=asked.after, limit=asked.limit)

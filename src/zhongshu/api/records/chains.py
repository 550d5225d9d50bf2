"""The chain graph of a case: who met whom, where, and what became a venue notice."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api.door import here, needs
from zhongshu.api.records import chaingraph
from zhongshu.api.shapes import Asked, Text
from zhongshu.rules.permissions import Permission

router = Router(tags=["records"])


class Node(Schema):
    """id: ``case:12``, ``contact:34``, ``place:5``, ``more:<county>:<degree>``, and
    ``more:outside`` for everybody outside one's rights.  count: persons a place or a `more` node
    stands for; for those outside null, and `below`, where there are too few to tell."""

    id: str
    kind: str = Field(description="case, contact, place or more")
    label: Text
    degree: int | None
    state: str | None
    count: int | None
    below: int | None = Field(default=None, description="fewer than this; the number is not told")


class Edge(Schema):
    """minutes: all meetings of the two, null at home and towards `more` nodes; place: of the
    longest.  strongest: lies on the strongest chain to the contact."""

    from_: str = Field(alias="from")
    to: str
    minutes: float | None
    place: Text | None
    first: dt.datetime | None
    last: dt.datetime | None
    rule_id: str
    strongest: bool
    imputed: bool


class ChainGraph(Schema):
    """left_out: contacts within one's rights that have no node of their own."""

    nodes: list[Node]
    edges: list[Edge]
    left_out: int


class GraphAsked(Asked):
    most: int = Field(default=60, ge=1, le=400, description="at most so many contacts by name")


@router.get("/cases/{id}/chains", response=ChainGraph, by_alias=True)
@needs(Permission.CONTACT_READ)
def chains(request: HttpRequest, id: int, asked: Query[GraphAsked]) -> object:
    """The case, those closest to it by name, everybody else as numbers; contacts outside one's
    rights are numbers too."""
    return chaingraph.read(id, view=here(request).everywhere(asked), most=asked.most)

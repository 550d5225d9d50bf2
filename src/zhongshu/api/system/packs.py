"""Policy packs: every figure with its rule, source and mark."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.door import here, needs
from zhongshu.api.shapes import Asked, Text
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import reader
from zhongshu.rules.permissions import Permission

router = Router(tags=["system"])


class PackFigure(Schema):
    """verified false: recalled or our own design; the local command centre should confirm it."""

    key: str
    title: Text
    value: Any
    unit: str
    rule_id: str
    verified: bool
    source: str
    note: str


class Pack(Schema):
    id: str
    disease: str
    edition: Text
    effective_from: dt.date
    effective_to: dt.date | None
    version: str
    amendments: list[str]
    figures: list[PackFigure]


@router.get("/packs/{id}", response=Pack)
@needs(Permission.PACK_READ)
def pack(request: HttpRequest, id: str, asked: Query[Asked]) -> object:
    """The pack as in force on the day of `as_of`, amendments merged."""
    day = beijing_day(here(request).moment(asked))
    one = reader.in_force(id, day)
    return {
        "id": one.id,
        "disease": one.disease,
        "edition": {"zh": one.edition.zh, "en": one.edition.en},
        "effective_from": one.effective_from,
        "effective_to": one.effective_to,
        "version": one.version,
        "amendments": [amendment.id for amendment in one.amendments],
        "figures": [
            {
                "key": figure.key,
                "title": {"zh": figure.title.zh, "en": figure.title.en},
                "value": figure.value,
                "unit": figure.unit,
                "rule_id": figure.rule_id,
                "verified": figure.verified,
                "source": figure.source,
                "note": figure.note,
            }
            for figure in one.figures().values()
        ],
    }

"""Files as received, and which sources are late."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpRequest
from ninja import Query, Router, Schema

from zhongshu.api.desk.situation import FeedState
from zhongshu.api.door import here, needs
from zhongshu.api.paging import page
from zhongshu.api.shapes import Asked, Bare, Page, Text
from zhongshu.kernel.errors import NotFound
from zhongshu.rules.permissions import Permission
from zhongshu.service.intake import facade as intake

router = Router(tags=["system"])


class FeedItem(Schema):
    """rows_in = accepted + rejected; duplicates and flagged are among the accepted."""

    id: int
    name: str
    kind: str
    sender: str
    sha256: str | None
    received_at: dt.datetime
    rows_in: int
    accepted: int
    rejected: int
    duplicates: int
    flagged: int
    state: str
    reason: Text | None
    has_repair: bool


@router.get("/feeds", response=Page[FeedItem])
@needs(Permission.FEED_READ)
def feeds(request: HttpRequest, asked: Query[Bare]) -> object:
    """Last received first."""
    found, following = page(
        intake.listed(), order=("-received_at", "-id"), after=asked.after, limit=asked.limit
    )
    return {"items": [_item(file) for file in found], "next": following}


def _item(file: intake.FeedFile) -> dict[str, Any]:
    names = (
        "name", "kind", "sender", "sha256", "received_at", "rows_in", "accepted", "rejected",
        "duplicates", "flagged", "state", "reason",
    )  # fmt: skip
    shown = {name: getattr(file, name) for name in names}
    return shown | {"id": file.pk, "has_repair": bool(file.repair_path)}


@router.get("/feeds/sources", response=list[FeedState])
@needs(Permission.FEED_READ)
def sources(request: HttpRequest, asked: Query[Asked]) -> object:
    """Every published feed, whether it came or not."""
    return intake.sources(as_of=here(request).moment(asked))


@router.get("/feeds/{id}/repair", response=None)
@needs(Permission.FEED_SEND)
def repair(request: HttpRequest, id: int) -> object:
    """The rejected rows with reasons, for the sender to repair and send again.

    They name persons as the sender did, hence the right to send and not merely to read.
    """
    file = intake.get(id)
    raw = Path(settings.ZHONGSHU_RAW).resolve()
    path = (raw / file.repair_path).resolve()
    if not file.repair_path or not path.is_relative_to(raw) or not path.is_file():
        raise NotFound("feeds.no_repair", f"Feed file {id} has no rows to repair.", id=id)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)

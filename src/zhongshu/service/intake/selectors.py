"""Reading the record of files, as known at a moment."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Sum

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.feeds import FEEDS
from zhongshu.kernel.time import beijing_day
from zhongshu.service.intake.models import FeedFile

TAKEN = Q(state=FeedFile.State.TAKEN)


@dataclasses.dataclass(frozen=True, slots=True)
class Source:
    """One feed as the sources page shows it.

    last_data_date: the newest Beijing day its rows speak of; None when they speak of none or
    nothing came.  late: a feed with days whose newest day is older than asked for, or that never
    came; a register without days is late only when it never came.
    """

    feed: str
    zh: str
    sender: str
    files: int
    refused: int
    rows: int
    rejected: int
    last_received_at: dt.datetime | None
    last_data_date: dt.date | None
    late: bool


def seen(sha256: str) -> bool:
    """Whether a file of this content was taken."""
    return FeedFile.objects.filter(TAKEN, sha256=sha256).exists()


def listed(
    *, as_of: dt.datetime | None = None, kind: str = "", state: str = ""
) -> QuerySet[FeedFile]:
    """Newest first; the order of the index, for keyset paging by (received_at, id)."""
    rows = FeedFile.objects.order_by("-received_at", "-id")
    if as_of is not None:
        rows = rows.filter(received_at__lte=as_of)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.filter(state=state) if state else rows


def get(file_id: int) -> FeedFile:
    file = FeedFile.objects.filter(pk=file_id).first()
    if file is None:
        raise NotFound("feeds.unknown_file", f"There is no feed file {file_id}.")
    return file


def sources(*, as_of: dt.datetime, late_after_days: int = 1) -> list[Source]:
    """Every published feed, whether it came or not, in the order of the schemas."""
    rows = FeedFile.objects.filter(received_at__lte=as_of).values("kind").annotate(
        files=Count("id", filter=TAKEN),
        refused=Count("id", filter=~TAKEN),
        rows=Sum("rows_in", filter=TAKEN, default=0),
        rejected_rows=Sum("rejected", filter=TAKEN, default=0),
        received=Max("received_at", filter=TAKEN),
        day=Max("last_day", filter=TAKEN),
    )  # fmt: skip
    by_kind = {row["kind"]: row for row in rows}
    oldest = beijing_day(as_of) - dt.timedelta(days=late_after_days)
    found = []
    for spec in FEEDS.values():
        row: Mapping[str, Any] = by_kind.get(spec.name, {})
        day, received = row.get("day"), row.get("received")
        found.append(
            Source(
                feed=spec.name,
                zh=spec.zh,
                sender=spec.sender,
                files=row.get("files", 0),
                refused=row.get("refused", 0),
                rows=row.get("rows", 0),
                rejected=row.get("rejected_rows", 0),
                last_received_at=received,
                last_data_date=day,
                late=received is None or (day is not None and day < oldest),
            )
        )
    return found

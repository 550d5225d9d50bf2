"""Writing the record of files."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from zhongshu.service.audit import facade as audit
from zhongshu.service.intake.models import FeedFile
from zhongshu.service.kit.actor import INTAKE, Actor


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file; the fields are those of `FeedFile`."""

    name: str
    kind: str
    sender: str
    sha256: str | None
    state: str
    reason: Mapping[str, str] | None
    rows_in: int
    accepted: int
    rejected: int
    duplicates: int
    flagged: int
    cells: Mapping[str, int]
    flags: Mapping[str, int]
    notices: tuple[Mapping[str, str], ...]
    first_day: dt.date | None
    last_day: dt.date | None
    repair_path: str
    raw_path: str


def record(entry: Entry, *, received_at: dt.datetime, actor: Actor = INTAKE) -> FeedFile:
    """Enter a file, or renew the entry of the same content (a refused one may come again).

    A file taken is never turned into a refused one: what was taken stays taken.  The same refusal
    again is no news and leaves the record as it is.
    """
    fields = {field.name: getattr(entry, field.name) for field in dataclasses.fields(entry)}
    fields |= {"name": entry.name[:255], "notices": [dict(notice) for notice in entry.notices]}
    fields |= {"cells": dict(entry.cells), "flags": dict(entry.flags)}
    same = (
        {"sha256": fields.pop("sha256")} if entry.sha256 else {"sha256": None, "name": entry.name}
    )
    with transaction.atomic():
        before = FeedFile.objects.select_for_update().filter(**same).first()
        if before and entry.state != "taken" and _no_news(before, entry):
            return before
        file, _ = FeedFile.objects.update_or_create(
            **same, defaults=fields | {"received_at": received_at}
        )
        audit.record(
            actor=actor,
            action=f"feed.{entry.state}",
            object_=f"feedfile:{file.pk}",
            at=received_at,
            facts={
                "name": file.name,
                "kind": file.kind,
                "sha256": file.sha256,
                "rows_in": file.rows_in,
                "accepted": file.accepted,
                "rejected": file.rejected,
                "reason": entry.reason["code"] if entry.reason else None,
            },
        )
    return file


def _no_news(before: FeedFile, entry: Entry) -> bool:
    """Whether a refusal says nothing that the record should take over."""
    same = (before.name, before.reason) == (entry.name, entry.reason)
    return before.state == FeedFile.State.TAKEN or same

"""The contents of files as received, which hold identity numbers, and their deletion."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from django.db import transaction

from zhongshu.service.intake.models import FeedFile


@dataclasses.dataclass(frozen=True, slots=True)
class Forgotten:
    """deleted: names of the files whose content is gone.  kept: of those that also hold days
    after the one asked for."""

    deleted: tuple[str, ...]
    kept: tuple[str, ...]


def forget_visits(day: dt.date, *, raw: Path) -> Forgotten:
    """Delete the contents, and repair files, of visits whose last day is `day` or earlier; what
    is on record about them stays.

    raw: the folder of contents.  The caller writes the audit entry.
    """
    held = FeedFile.objects.filter(kind="visits", first_day__lte=day).exclude(raw_path="")
    with transaction.atomic():
        over = list(held.filter(last_day__lte=day).select_for_update().order_by("id"))
        kept = tuple(held.filter(last_day__gt=day).order_by("id").values_list("name", flat=True))
        FeedFile.objects.filter(pk__in=[file.pk for file in over]).update(
            raw_path="", repair_path=""
        )
        for file in over:
            for part in (file.raw_path, file.repair_path):
                _delete(raw, part)
    return Forgotten(tuple(file.name for file in over), kept)


def visits_held(day: dt.date) -> tuple[str, ...]:
    """Names of the files of visits whose last day is `day` or earlier and whose contents are
    still there."""
    held = FeedFile.objects.filter(kind="visits", last_day__lte=day).exclude(raw_path="")
    return tuple(held.order_by("id").values_list("name", flat=True))


def _delete(raw: Path, part: str) -> None:
    """A path below `raw`; nothing outside it is ever touched."""
    path = (raw / part).resolve()
    if part and path.is_relative_to(raw.resolve()) and path.is_file():
        path.unlink()

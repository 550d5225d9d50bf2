"""What belongs to the deletion of a day beyond the lake: raw contents and the record.

A process may be killed between the lake and these; asking again finishes the rest.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from zhongshu.cli.installation import Installation
from zhongshu.kernel.errors import BadInput
from zhongshu.lake.receipts import Receipt

ACTOR = "command line"
ACTION = "lake.day_dropped"


@dataclasses.dataclass(frozen=True, slots=True)
class Finished:
    """raw: names of contents deleted now.  kept: of those that also hold later days.  recorded:
    how many receipts were entered on the record now."""

    raw: tuple[str, ...]
    kept: tuple[str, ...]
    recorded: int


def finish(
    here: Installation, day: dt.date, of_day: Sequence[Receipt], at: dt.datetime
) -> Finished:
    """Delete the raw contents that end with `day` and record its receipts, as far as that is not
    done.  here: opened.  of_day: all receipts of the day, in order."""
    from django.db import transaction

    from zhongshu.service.audit import facade as audit
    from zhongshu.service.intake import facade as files
    from zhongshu.service.kit.actor import Actor

    with transaction.atomic():
        raw = files.forget_visits(day, raw=here.raw_root)
        missing = _unrecorded(of_day)
        for receipt in missing or (of_day[-1:] if raw.deleted else ()):
            audit.record(
                actor=Actor(ACTOR),
                action=ACTION,
                object_=f"visits {day}",
                at=at,
                facts={
                    "rows": receipt.rows,
                    "receipt": receipt.number,
                    "hash": receipt.hash,
                    "rule_id": receipt.rule_id,
                    "raw_files": len(raw.deleted) if receipt is of_day[-1] else 0,
                },
            )
    return Finished(raw.deleted, raw.kept, len(missing))


def unfinished(here: Installation, every: Sequence[Receipt]) -> list[BadInput]:
    """Receipts the record does not have, and raw contents that end with a deleted day or before.

    The database is asked only when a day was deleted.
    """
    if not every:
        return []
    here.open()
    from zhongshu.service.intake import facade as files

    days = sorted({receipt.on for receipt in _unrecorded(every)})
    last = max(receipt.on for receipt in every)
    return [
        BadInput(
            "lake.drop_unfinished",
            f"The deletion of {day} is not on the record; zhongshu lake drop-day {day} finishes "
            "it.",
            day=day.isoformat(),
        )
        for day in days
    ] + [
        BadInput(
            "lake.raw_left",
            f"The raw content of {name} holds visits of no later day than {last}, which was "
            f"deleted; zhongshu lake drop-day {last} deletes it.",
            name=name,
            day=last.isoformat(),
        )
        for name in files.visits_held(last)
    ]


def _unrecorded(every: Sequence[Receipt]) -> list[Receipt]:
    from zhongshu.service.audit import facade as audit

    known = {
        facts.get("hash") for facts in audit.entries(action=ACTION).values_list("facts", flat=True)
    }
    return [receipt for receipt in every if receipt.hash not in known]

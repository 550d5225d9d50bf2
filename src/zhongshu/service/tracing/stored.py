"""Keeping what each case was last traced on: few rows, written together with its contacts."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

from django.db import connection

from zhongshu.service.incidents import facade as incidents
from zhongshu.service.tracing import models
from zhongshu.service.tracing.basis import Basis, Day

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('tracing_traced'))"
_BATCH = 2000
_FIELDS = (
    "person", "window_from", "window_to", "read_from", "rules", "homes", "isolations", "stands_to",
)  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Before:
    """See `models.Traced`; cases of one trace share the same `basis` object."""

    person: int
    window_from: dt.datetime
    window_to: dt.datetime
    read_from: dt.datetime
    rules: str
    homes: str
    isolations: str
    stands_to: dt.datetime | None
    basis: Basis


def alone() -> None:
    """One trace is written at a time; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)


def read() -> dict[int, Before]:
    """Case id to its last trace, of the current incident's cases."""
    rows = models.Traced.objects.filter(case__incident=incidents.current().pk)
    bases = {
        row.pk: _basis(row)
        for row in models.Basis.objects.filter(pk__in=rows.values("basis_id").distinct())
    }
    return {
        row.case_id: Before(
            **{name: getattr(row, name) for name in _FIELDS}, basis=bases[row.basis_id]
        )
        for row in rows
    }


def write(
    rows: Mapping[int, Before],
    now: Basis,
    *,
    forget: Collection[int],
    same: Collection[int] = (),
) -> None:
    """Replace what these cases rested on, and forget bases nobody rests on any more.

    same: cases whose answer is the one they have; they rest on `now` from here on.
    """
    models.Traced.objects.filter(case__in={*rows, *forget}).delete()
    if rows or same:
        kept = models.Basis.objects.create(
            as_of=now.as_of,
            days={day: dataclasses.asdict(one) for day, one in now.days.items()},
            places_to=now.places_to,
            places=now.places,
            alias_event=now.alias_event,
            clocks=now.clocks,
        )
        models.Traced.objects.bulk_create(
            [
                models.Traced(
                    case_id=case, basis=kept, **{name: getattr(one, name) for name in _FIELDS}
                )
                for case, one in rows.items()
            ],
            batch_size=_BATCH,
        )
        models.Traced.objects.filter(case__in=set(same)).update(basis=kept)
    models.Basis.objects.filter(traced=None).delete()


def _basis(row: models.Basis) -> Basis:
    days = {day: Day(**one) for day, one in row.days.items()}
    return Basis(row.as_of, days, row.places_to, row.places, row.alias_event, row.clocks)

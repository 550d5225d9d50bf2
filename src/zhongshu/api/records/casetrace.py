"""Tracing one case afresh, writing what it finds, and what traces changed."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from zhongshu.api import messages
from zhongshu.api.door import here, needs
from zhongshu.api.idempotency import Key, once
from zhongshu.api.paging import page
from zhongshu.api.records import casepage
from zhongshu.api.records.rulebook import pack_on
from zhongshu.api.shapes import Asked, AskedList, Page, Text, UnitRef
from zhongshu.kernel.errors import BadInput
from zhongshu.rules.model import Pack
from zhongshu.rules.permissions import Permission
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.people import facade as people
from zhongshu.service.rowsecurity import facade as rowsecurity
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.units import facade as units

router = Router(tags=["records"])
CHANGES_SHOWN = 200
KEPT_FROM = "visits before this day are deleted, the window begins before; null: none is missing"


class TraceWindow(Schema):
    from_: dt.datetime = Field(alias="from")
    to: dt.datetime
    rule_id: str
    verified: bool


class Capped(Schema):
    found: int
    kept: int


class ClockSensitivity(Schema):
    """Close contacts whatever device clocks were off by up to the tolerance (sure), as the clocks
    are (listed), and with some clocks off (possible)."""

    tolerance_min: float
    sure: int
    listed: int
    possible: int


class TraceDifference(Schema):
    added: int
    removed: int


class CaseTrace(Schema):
    """Asked afresh, nothing written.  Contacts are counted who live within one's rights.
    sensitivity: null where the hot index did not answer."""

    as_of: dt.datetime
    ms: float
    engine: str = Field(description="hot: the index in memory; parquet: the day files")
    window: TraceWindow
    close: int
    second: int
    notices: int
    capped: Capped | None
    sensitivity: ClockSensitivity | None
    difference: TraceDifference
    kept_from: dt.date | None = Field(description=KEPT_FROM)


class ChangedContact(Schema):
    id: int
    masked_name: str
    degree: int
    unit: UnitRef


class ContactChange(Schema):
    id: int
    at: dt.datetime
    what: str = Field(description="added, removed or changed")
    reason: Text
    reason_code: str
    contact: ChangedContact
    run_id: int | None


class TraceWritten(Schema):
    """The first 200 of each; all of them are in the case's changes."""

    added: list[ContactChange]
    removed: list[ContactChange]
    changed: int
    ms: float
    kept_from: dt.date | None = Field(description=KEPT_FROM)


@router.get("/cases/{id}/trace", response=CaseTrace, by_alias=True)
@needs(Permission.CONTACT_READ)
def trace(request: HttpRequest, id: int, asked: Query[Asked]) -> object:
    """What a trace of the case would find now, or by what was known at `as_of`."""
    view = here(request).everywhere(asked)
    one = cases.get(id, view.scope, view.as_of)
    began = time.perf_counter()
    pack = _traced(pack_on(view.as_of))
    found = tracing.fresh(id, as_of=view.as_of, pack=pack, scope=view.scope)
    capped = [row for row in found.result.capped.to_pylist() if row["case_id"] == id]
    return {
        "as_of": view.as_of,
        "ms": _ms(began),
        "engine": tracing.engine_of(found.result),
        "window": casepage.window_of(one, pack, view.as_of),
        "close": found.of_degree(1),
        "second": found.of_degree(2),
        "notices": found.result.notices.num_rows,
        "capped": capped[0] if capped else None,
        "sensitivity": dataclasses.asdict(found.clocks) if found.clocks else None,
        "difference": {"added": len(found.added), "removed": len(found.removed)},
        "kept_from": found.kept_from,
    }


def _ms(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 1)


def _traced(pack: Pack) -> Pack:
    if not pack.number("trace.degrees"):
        raise BadInput(
            "tracing.not_in_edition",
            f"Under {pack.version} nobody is traced.",
            edition=pack.version,
        )
    return pack


@router.post("/cases/{id}/trace", response=TraceWritten)
@needs(Permission.CONTACT_DECIDE)
def retrace(request: HttpRequest, id: int, key: Key) -> object:
    """Trace the case now and write its contacts; what people decided stays."""
    asking = here(request)

    def write() -> dict[str, Any]:
        view = asking.everywhere(Asked())
        one = cases.get(id, view.scope, view.as_of)
        began = time.perf_counter()
        pack = _traced(pack_on(asking.now))
        with rowsecurity.unscoped():
            done = tracing.retrace(
                as_of=asking.now,
                pack=pack,
                case_ids=[id],
                actor=asking.actor,
            )
        rows = contacts.changes(id, scope=asking.scope, as_of=asking.now, since=asking.now)
        changed = {
            what: list(rows.filter(what=what).order_by("-id")[:CHANGES_SHOWN])
            for what in ("added", "removed")
        }
        return {
            "added": _shown(changed["added"]),
            "removed": _shown(changed["removed"]),
            "changed": done.counts.get("told", 0),
            "ms": _ms(began),
            "kept_from": tracing.kept_from(
                casepage.window_of(one, pack, asking.now)["from"], asking.now
            )[0],
        }

    return once(request, key, write)


@router.get("/cases/{id}/changes", response=Page[ContactChange])
@needs(Permission.CONTACT_READ)
def changes(request: HttpRequest, id: int, asked: Query[AskedList]) -> object:
    """What traces and people changed about the case's contacts, and why; newest first."""
    view = here(request).everywhere(asked)
    cases.get(id, view.scope, view.as_of)
    rows = contacts.changes(id, scope=view.scope, as_of=view.as_of)
    found, following = page(rows, order=("-id",), after=asked.after, limit=asked.limit)
    return {"items": _shown(found), "next": following}


def _shown(rows: Sequence[contacts.ContactChange]) -> list[dict[str, Any]]:
    """Changes as shown; the same queries whatever their number."""
    known = units.refs(row.contact.unit_id for row in rows)
    masked = people.masked([row.contact.person for row in rows])
    return [
        {
            "id": row.pk,
            "at": row.at,
            "what": row.what,
            "reason": messages.label(f"change.{row.reason}"),
            "reason_code": row.reason,
            "contact": {
                "id": row.contact.pk,
                "masked_name": masked[row.contact.person]["name"]
                if row.contact.person in masked
                else "",
                "degree": row.contact.degree,
                "unit": known[row.contact.unit_id],
            },
            "run_id": row.run_id or None,
        }
        for row in rows
    ]

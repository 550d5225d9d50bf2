"""Taking in what a trace found, and what people decide about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import pyarrow as pa
from django.db import transaction

from zhongshu.kernel.errors import BadInput
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.cases import facade as cases
from zhongshu.service.contacts import clockfacts, sql
from zhongshu.service.contacts.models import Contact, ContactDecision
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.bulk import fetch, staged
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people

NEEDS_REASON = frozenset({"downgrade", "exclude", "reopen"})
NEW_CASE = "new_case"
# Columns of a trace's contacts that a caller may leave out.
_UNSAID = {
    "release_on": pa.scalar(None, pa.date32()),
    "is_case": pa.scalar(False),
    "kind": pa.scalar(""),
    "places": pa.scalar(0, pa.int32()),
    "two_places": pa.scalar(False),
}


def upsert(
    *,
    contacts: pa.Table,
    exposures: pa.Table,
    notices: pa.Table,
    run_id: int,
    as_of: dt.datetime,
    traced: Mapping[int, str] | None = None,
    deleted: Collection[dt.date] = (),
    patients: Collection[int] | None = None,
    actor: Actor = CYCLE,
) -> dict[str, int]:
    """Take a trace's tables (columns: `TraceResult`; optionally contacts.release_on date32 and
    contacts.kind) into the register, by (case, person).

    traced: the cases that were asked about, each with the reason (`REASONS`); None: all of the
    current incident.  Evidence is replaced; what people decided or named by hand stays.  Contacts
    of the cases traced that are no longer found, and nobody decided about, are withdrawn as of
    `as_of`.  deleted: days whose visits are kept no longer; what rests on them stands.  patients:
    who is a case now; None: as `contacts` says.  What was added, changed or removed is kept with
    the reason.  A trace of an earlier moment changes nothing that a later one has seen.  Returns
    counts: changed, withdrawn, exposures, notices, told.  The same trace again: all zero.
    """
    incident = incidents.current()
    names: dict[str, object] = {
        "incident": incident.pk,
        "run": run_id,
        "as_of": as_of,
        "deleted": sorted(deleted),
        "patients": None if patients is None else sorted(patients),
    }
    prepared = _placed(contacts, incident.scope_unit_id)
    with (
        transaction.atomic(),
        staged(_traced(traced, incident.pk), "staged_traced", sql.TRACED_COLUMNS),
        staged(prepared, "staged_contacts", sql.CONTACT_COLUMNS) as run,
    ):
        counts = _contacts(run, names)
        became = _became_cases(run, names)
        counts["changed"] += len(became)
        counts["exposures"] = _exposures(exposures, names)
        counts["notices"] = _notices(notices, names)
        run.execute("DROP TABLE staged_best, staged_changes, staged_spared")
        if any(counts.values()):
            clockfacts.told_of_trace(incident_id=incident.pk, as_of=as_of, actor=actor, now=as_of)
            if became:
                clockfacts.told(became, actor=actor, now=as_of)
            audit.record(
                actor=actor,
                action="contacts.trace",
                object_=f"run:{run_id}" if run_id else "contacts",
                at=as_of,
                facts=counts,
            )
    return counts


def follow_homes(*, run_id: int, as_of: dt.datetime, reason: str, actor: Actor = CYCLE) -> int:
    """File every standing contact, decided or not, where the person lives now; how many moved.

    Those whose unit became another are told as changed, with `reason`, and to their clocks.
    """
    incident = incidents.current()
    names = {"incident": incident.pk, "run": run_id, "as_of": as_of, "reason": reason}
    persons = fetch(sql.STANDING, pa.schema([("person", pa.int64())]), names)
    if not persons.num_rows:
        return 0
    homes = _placed(persons, incident.scope_unit_id)
    with transaction.atomic(), staged(homes, "staged_homes", sql.HOME_COLUMNS) as run:
        run.execute(sql.FOLLOW_HOMES, names)
        moved = [row[0] for row in run.fetchall()]
        if moved:
            clockfacts.told(moved, actor=actor, now=as_of)
            audit.record(
                actor=actor,
                action="contacts.follow_homes",
                object_=f"run:{run_id}" if run_id else "contacts",
                at=as_of,
                facts={"moved": len(moved)},
            )
    return len(moved)


def _contacts(run: Any, names: dict[str, object]) -> dict[str, int]:
    """Compare, write, tell, withdraw."""
    run.execute(sql.SPARED, names)
    run.execute(sql.BEST)
    run.execute(sql.DIFFERENCE, names)
    run.execute(sql.UPSERT_CONTACTS, names)
    changed = int(run.rowcount)
    run.execute(sql.KNOWN_EARLIER, names)
    run.execute(sql.RESTORE_BY_HAND, names)
    changed += int(run.rowcount)
    run.execute(sql.WITHDRAW_CONTACTS, names)
    withdrawn = int(run.rowcount)
    run.execute(sql.TELL, names)
    return {"changed": changed, "withdrawn": withdrawn, "told": int(run.rowcount)}


def _became_cases(run: Any, names: dict[str, object]) -> list[int]:
    if names["patients"] is None:
        return []
    run.execute(sql.BECAME_CASE, names)
    return [row[0] for row in run.fetchall()]


def _traced(traced: Mapping[int, str] | None, incident: int) -> pa.Table:
    """case_id, reason; every case of the incident where nobody says which."""
    if traced is None:
        traced = dict.fromkeys(cases.ids(incident), NEW_CASE)
    return pa.table(
        {
            "case_id": pa.array(traced.keys(), pa.int64()),
            "reason": pa.array(traced.values(), pa.string()),
        }
    )


def _placed(contacts: pa.Table, home: str) -> pa.Table:
    """With the unit each person lives in; somebody nobody knows is filed under `home`."""
    traits = people.traits(contacts["person"], fallback=home)
    contacts = (
        contacts.append_column("unit", traits["unit"])
        .append_column("unit_path", traits["unit_path"])
        .append_column("unit_known", traits["placed"])
    )
    for name, value in _UNSAID.items():
        if name not in contacts.column_names:
            contacts = contacts.append_column(name, pa.repeat(value, contacts.num_rows))
    return contacts


def _exposures(exposures: pa.Table, names: dict[str, object]) -> int:
    with staged(exposures, "staged_exposures", sql.EXPOSURE_COLUMNS) as run:
        run.execute(sql.DELETE_EXPOSURES, names)
        gone = int(run.rowcount)
        run.execute(sql.UPSERT_EXPOSURES, names)
        return gone + int(run.rowcount)


def _notices(notices: pa.Table, names: dict[str, object]) -> int:
    with staged(notices, "staged_notices", sql.NOTICE_COLUMNS) as run:
        run.execute(sql.UPSERT_NOTICES, names)
        changed = int(run.rowcount)
        run.execute(sql.WITHDRAW_NOTICES, names)
        return changed + int(run.rowcount)


def decide(
    *, contact_ids: Collection[int], action: str, reason: str, actor: Actor, now: dt.datetime
) -> list[Contact]:
    """Move contacts on by the state table: confirm, downgrade, exclude, isolate, release, reopen.

    Refuses an action the state does not allow, and downgrade, exclude or reopen without a
    reason.  All or nothing.
    """
    if action in NEEDS_REASON and not reason.strip():
        raise BadInput("contacts.reason", f"To {action} a contact, say why.", action=action)
    with transaction.atomic():
        rows = list(Contact.objects.select_for_update().filter(pk__in=set(contact_ids)))
        for row in rows:
            row.state = states.check_may_do("contact", action, state=row.state)
        _move(rows, action=action, reason=reason, actor=actor, now=now)
    return rows


def move_on(
    *,
    contact_ids: Collection[int],
    from_state: str,
    action: str,
    reason: str,
    actor: Actor,
    now: dt.datetime,
    scope: Scope | None = None,
) -> int:
    """Move those that are still in `from_state` (others were decided one by one); how many.

    scope: only those who live in it.
    """
    with transaction.atomic():
        found = Contact.objects.select_for_update().filter(
            pk__in=set(contact_ids), state=from_state
        )
        rows = list(scope.filter(found) if scope else found)
        for row in rows:
            row.state = states.check_may_do("contact", action, state=row.state)
        _move(rows, action=action, reason=reason, actor=actor, now=now)
    return len(rows)


def _move(rows: list[Contact], *, action: str, reason: str, actor: Actor, now: dt.datetime) -> None:
    if not rows:
        return
    Contact.objects.bulk_update(rows, ["state"], batch_size=2000)
    ContactDecision.objects.bulk_create(
        [
            ContactDecision(
                contact=row, action=action, state=row.state, reason=reason, by=actor.name, at=now
            )
            for row in rows
        ],
        batch_size=2000,
    )
    clockfacts.told([row.pk for row in rows], actor=actor, now=now)
    audit.record(
        actor=actor,
        action=f"contact.{action}",
        object_=f"contact:{rows[0].pk}" if len(rows) == 1 else "contacts",
        at=now,
        facts={"contacts": [row.pk for row in rows], "reason": reason},
    )

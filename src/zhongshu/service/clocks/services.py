"""Moving clocks: by facts, by reminding, by waiving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.clocks import candidates, kinds, rulebook, selectors, sql
from zhongshu.service.clocks.models import Clock, ClockEvent, Notification
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.bulk import staged
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rowsecurity import facade as rowsecurity

# A person's reasons; `anchor_withdrawn` is a fact's.
REASONS = tuple(r.value for r in Clock.Reason if r != Clock.Reason.ANCHOR_WITHDRAWN)


def follow(
    subject_kind: str,
    rows: pa.Table | Sequence[Mapping[str, Any]],
    *,
    actor: Actor,
    now: dt.datetime,
    packs: rulebook.Rulebook | None = None,
) -> dict[str, int]:
    """Bring the clocks of these subjects in line with their facts, all at once.

    rows: one per subject with `subject_id`, `unit_path` (of the subject), optionally `label`
    (what it is called, never a person), `known_at` (since when the headquarters has known these
    facts; default `now`), and the facts of its kind, days or aware moments; all facts, also
    those that did not change: a missing one is a fact withdrawn.
    packs: by default those that apply to the current incident.

    A clock starts when its anchor is there, stops with its stop fact, is recomputed when facts
    are corrected, starts again when the stop is taken back, and is waived (``anchor_withdrawn``)
    when its anchor is.  What a person waived stays waived.  The same facts again change nothing.
    Call it in the transaction that wrote the facts, with the subjects' rows locked by it.
    Returns counts: started, moved, withdrawn.
    """
    table = candidates.table_of(rows, now=now)
    counts = {"started": 0, "moved": 0, "withdrawn": 0}
    if not table.num_rows:
        return counts
    if pc.count_distinct(table["subject_id"]).as_py() != table.num_rows:
        raise ValueError("each subject comes once, with all its facts")
    book = packs or rulebook.current(beijing_day(now))
    found, said = candidates.found(subject_kind, table, book=book, now=now)
    # A clock may belong to a unit outside the asker's scope: the county's, by a village's fact.
    with transaction.atomic(), rowsecurity.unscoped():
        kinds.ids(said.values())
        names = {"subject_kind": subject_kind, "now": now, "by": actor.name}
        subjects = table.select(["subject_id"])
        with (
            staged(subjects, "staged_subjects", sql.SUBJECT_COLUMNS),
            staged(found, "staged_clocks", sql.FOUND_COLUMNS) as run,
        ):
            run.execute(sql.LOCK, names)
            run.execute(sql.PLAN, names)
            run.execute(sql.PLAN_STEPS, names)
            run.execute("SELECT count(*) FILTER (WHERE id IS NULL), count(id) FROM planned")
            counts["started"], counts["moved"] = run.fetchone()
            if counts["started"]:
                run.execute(sql.START, names)
            if counts["moved"]:
                run.execute(sql.MOVE, names)
            run.execute(sql.WITHDRAW, names)
            counts["withdrawn"] = run.rowcount
            run.execute("DROP TABLE planned, planned_steps")
    return counts


def remind(*, clock_id: int, note: str, scope: Scope, actor: Actor, now: dt.datetime) -> Clock:
    """Tell the owner again.  Refuses a clock that does not run."""
    with transaction.atomic():
        clock = _locked(clock_id, "remind", scope)
        with rowsecurity.unscoped():
            Notification.objects.create(
                clock=clock, arming=clock.arming, step=Notification.REMINDED, at=now,
                told_at=now, unit_id=clock.unit_id, unit_path=clock.unit_path,
                by=actor.name, note=note,
            )  # fmt: skip
            _event(clock, "reminded", actor, now, note, to=clock.unit_id)
        audit.record(
            actor=actor, action="clock.remind", object_=f"clock:{clock.pk}", at=now,
            facts={"unit": clock.unit_id},
        )  # fmt: skip
    return clock


def waive(
    *, clock_id: int, reason: str, note: str, scope: Scope, actor: Actor, now: dt.datetime
) -> Clock:
    """Take a running clock off the wall, for one of `REASONS` and in words.

    Refuses another reason, no words, and a clock that does not run.
    """
    if reason not in REASONS:
        known = ", ".join(REASONS)
        raise BadInput("clocks.waive_reason", f"To waive a clock give one of {known}.")
    if not note.strip():
        raise BadInput("clocks.waive_note", "To waive a clock, say in words why.")
    with transaction.atomic():
        clock = _locked(clock_id, "waive", scope)
        clock.state = states.check_may_do("clock", "waive", state=clock.state)
        clock.waived_reason, clock.waived_note = reason, note
        clock.waived_by, clock.waived_at = actor.name, now
        clock.next_step, clock.next_at = "", None
        with rowsecurity.unscoped():
            clock.save()
            _event(clock, "waived", actor, now, note, after={"state": "waived", "reason": reason})
        audit.record(
            actor=actor, action="clock.waive", object_=f"clock:{clock.pk}", at=now,
            facts={"reason": reason, "clock": clock.clock},
        )  # fmt: skip
    return clock


def read_notification(
    *, notification_id: int, units: Sequence[str], scope: Scope, actor: Actor, now: dt.datetime
) -> Notification:
    """Somebody of the unit has read it; the first reading counts."""
    with transaction.atomic():
        one = selectors.notification(notification_id, units=units, scope=scope)
        if one.read_at is None:
            one.read_at, one.read_by = now, actor.name
            with rowsecurity.unscoped():
                one.save(update_fields=["read_at", "read_by"])
    return one


def _locked(clock_id: int, action: str, scope: Scope) -> Clock:
    clock = selectors.get(clock_id, scope)
    with rowsecurity.unscoped():
        clock = Clock.objects.select_for_update().get(pk=clock.pk)
    states.check_may_do("clock", action, state=clock.state)
    return clock


def _event(
    clock: Clock,
    what: str,
    actor: Actor,
    now: dt.datetime,
    note: str,
    *,
    to: str | None = None,
    after: dict[str, str] | None = None,
) -> None:
    ClockEvent.objects.create(
        clock=clock, at=now, what=what, by=actor.name, to_unit_id=to, note=note, after=after
    )

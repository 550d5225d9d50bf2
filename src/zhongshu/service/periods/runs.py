"""Runs of the cycle: begun, stepped, finished, and taken up again after a crash."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction

from zhongshu.kernel.errors import WrongState
from zhongshu.kernel.time import beijing_day
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import CYCLE, Actor
from zhongshu.service.kit.text import Text
from zhongshu.service.periods.models import Period, Run, RunStep

_RUN_LOCK = 0x5A5352  # any constant: one cycle at a time on a database


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Keep other cycles out while this one runs; refuses when one is running.

    The lock belongs to the connection: a killed process lets go of it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_RUN_LOCK])
        if not cursor.fetchone()[0]:
            raise WrongState("runs.busy", "A cycle is running; wait for it to finish.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_RUN_LOCK])


def start_run(
    *, as_of: dt.datetime, card: Mapping[str, Any], now: dt.datetime, actor: Actor = CYCLE
) -> Run:
    """The run of the current incident as of `as_of`, running.

    One row per moment: a run that was cut off or is repeated goes on in the same row, with
    `attempts` one higher; its finished steps stay until they are done again.
    """
    incident = incidents.current()
    with transaction.atomic():
        period, _ = Period.objects.get_or_create(
            incident=incident,
            day=beijing_day(as_of),
            defaults={"state": states.initial("period")},
        )
        run = Run.objects.select_for_update().filter(incident=incident, as_of=as_of).first()
        if run is None:
            run = Run(incident=incident, period=period, as_of=as_of, attempts=0)
        run.attempts += 1
        run.state, run.started_at, run.finished_at = Run.State.RUNNING, now, None
        run.card = dict(card)
        run.save()
        facts = {"as_of": as_of, "attempt": run.attempts}
        audit.record(actor=actor, action="run.start", object_=f"run:{run.pk}", at=now, facts=facts)
    return run


def step_started(*, run: Run, name: str, position: int, now: dt.datetime) -> None:
    """The step begins (again): what it said before is cleared."""
    RunStep.objects.update_or_create(
        run=run,
        name=name,
        defaults={
            "position": position,
            "state": Run.State.RUNNING,
            "started_at": now,
            "finished_at": None,
            "summary": {},
            "error": None,
        },
    )


def step_done(*, run: Run, name: str, summary: Mapping[str, Any], now: dt.datetime) -> None:
    RunStep.objects.filter(run=run, name=name).update(
        state=Run.State.DONE, finished_at=now, summary=dict(summary)
    )


def step_failed(*, run: Run, name: str, error: Text, now: dt.datetime) -> None:
    """error: one sentence a duty officer understands, in both languages."""
    RunStep.objects.filter(run=run, name=name).update(
        state=Run.State.FAILED, finished_at=now, error=error
    )


def finish_run(
    *, run: Run, now: dt.datetime, card: Mapping[str, Any] | None = None, actor: Actor = CYCLE
) -> Run:
    """done when every step is, failed when none is, partial otherwise."""
    with transaction.atomic():
        step_states = list(run.steps.values_list("state", flat=True))
        done = sum(state == Run.State.DONE for state in step_states)
        if done == len(step_states):
            run.state = Run.State.DONE
        else:
            run.state = Run.State.PARTIAL if done else Run.State.FAILED
        run.finished_at = now
        if card is not None:
            run.card = dict(card)
        run.save(update_fields=["state", "finished_at", "card"])
        audit.record(
            actor=actor,
            action="run.finish",
            object_=f"run:{run.pk}",
            at=now,
            facts={"state": run.state, "attempt": run.attempts},
        )
    return run

"""What is told of a job: each step closes by a receipt, the last one closes the job."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.contacts import facade as contacts
from zhongshu.service.dispatch import selectors
from zhongshu.service.dispatch.models import Job, Receipt
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.rowsecurity import facade as rowsecurity

MOST_NOTE = 500
RECOLLECT = "recollect"
# A step's kind -> what may be told of it, the usual first.
WHAT: Mapping[str, tuple[str, ...]] = {
    "stop": ("boarded", "not_home", "refused", "breakdown"),
    "site": ("handed_over", "site_full", "breakdown"),
    "room": ("arrived", "refused", "site_full"),
    "group": ("accepted", "declined"),
    "order": ("accepted", "declined"),
    "load": ("done", "short", "breakdown"),
    "goods": ("handed_over", "short", "breakdown"),
    "point": ("done", "point_closed"),
    "tubes": ("handed_over", "breakdown"),
    "visit": ("done", "not_home", "refused"),
    "duty": ("arrived", "absent"),
}
# What closes its step; all others ask for another plan.
CLOSES = frozenset({"boarded", "handed_over", "arrived", "accepted", "done"})
# Kind of job and receipt -> the event of the planner that it asks for.
EVENT: Mapping[str, str] = {"breakdown": "vehicle_down"}


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """step: its number.  at: when it was so; None: now."""

    step: int
    what: str
    note: str = ""
    at: dt.datetime | None = None


def tell(*, job_id: int, told: Told, scope: Scope, actor: Actor, now: dt.datetime) -> Job:
    """Put a receipt on record.  The same told twice counts once.

    Refuses a job out of scope or over, a step it does not have, what cannot be told of that step,
    a step that is closed already, and a moment that has not come.
    """
    with transaction.atomic():
        rows = Job.objects.select_for_update(of=("self",)).select_related("unit")
        job = scope.filter(rows.filter(pk=job_id)).first()
        if job is None:
            raise selectors.no_job(job_id)
        step = _step(job, told, now)
        standing = latest(job).get(told.step)
        if standing is not None and standing.what == told.what:
            return job
        if standing is not None and standing.what in CLOSES:
            raise WrongState(
                "dispatch.step_closed",
                f"Step {told.step} was closed by '{standing.what}' already.",
                step=told.step,
                what=standing.what,
            )
        if job.state not in selectors.OPEN_JOBS:
            raise WrongState("dispatch.job_over", f"The job is {job.state}.", state=job.state)
        Receipt.objects.create(
            job=job,
            step=told.step,
            what=told.what,
            at=told.at or now,
            told_at=now,
            by=actor.name,
            note=told.note.strip(),
            asks=told.what not in CLOSES,
        )
        with rowsecurity.unscoped():  # the plan may lie above the scope of who does the job
            _follow(job, step, told, actor, now)
        audit.record(
            actor=actor,
            action="dispatch.tell",
            object_=f"job:{job.pk}",
            at=now,
            facts={"step": told.step, "what": told.what},
        )
    return job


def latest(job: Job) -> dict[int, Receipt]:
    """Step number to its last receipt."""
    return {one.step: one for one in job.receipts.order_by("told_at", "id")}


def _step(job: Job, told: Told, now: dt.datetime) -> Mapping[str, Any]:
    step: Mapping[str, Any] | None = next(
        (one for one in job.steps if one["no"] == told.step), None
    )
    if step is None:
        raise BadInput("dispatch.no_step", f"The job has no step {told.step}.", step=told.step)
    allowed = WHAT.get(step["kind"], ("done",))
    if told.what not in allowed:
        raise BadInput(
            "dispatch.what",
            f"Of this step one of {', '.join(allowed)} can be told, not '{told.what}'.",
            what=told.what,
        )
    if told.at is not None and (told.at.tzinfo is None or told.at > now):
        raise BadInput(
            "dispatch.moment", "Say when it was with a time zone, and not later than now."
        )
    if len(told.note) > MOST_NOTE:
        raise BadInput("dispatch.note", f"Write at most {MOST_NOTE} characters.")
    return step


def _follow(job: Job, step: Mapping[str, Any], told: Told, actor: Actor, now: dt.datetime) -> None:
    """The job moves on; who has arrived at a site is in isolation; the last job closes the plan."""
    if told.what not in CLOSES:
        if job.state == "issued":
            job.state = states.check_may_do("job", "begin", state=job.state)
            job.save(update_fields=["state"])
        return
    closed = {number for number, one in latest(job).items() if one.what in CLOSES}
    job.steps_done = len(closed)
    finished = job.steps_done == job.steps_total
    if finished:
        job.state = states.check_may_do("job", "finish", state=job.state)
        job.closed_at = now
    elif job.state == "issued":
        job.state = states.check_may_do("job", "begin", state=job.state)
    job.save(update_fields=["steps_done", "state", "closed_at"])
    if step["kind"] == "room":
        _isolated(job, step, actor, now)
    if step["kind"] == "visit" and job.planner == RECOLLECT:
        _sampled_again(job, step, told, actor, now)
    if finished:
        _close_plan(job, now)


def _isolated(job: Job, step: Mapping[str, Any], actor: Actor, now: dt.datetime) -> None:
    known = job.plan.kept["again"]["contact_ids"] if job.plan.kept else {}
    ids = [one for person in step["persons"] for one in known.get(str(person), ())]
    contacts.move_on(
        contact_ids=ids,
        from_state="confirmed",
        action="isolate",
        reason=f"job {job.pk}",
        actor=actor,
        now=now,
    )


def _sampled_again(
    job: Job, step: Mapping[str, Any], told: Told, actor: Actor, now: dt.datetime
) -> None:
    known = job.plan.kept["again"]["tubes"] if job.plan.kept else {}
    rounds.collected(
        swabs=[(one, code) for one in step["persons"] for code in known.get(str(one), ())],
        at=told.at or now,
        actor=actor,
        now=now,
    )


def _close_plan(job: Job, now: dt.datetime) -> None:
    plan = job.plan
    rows = Job.objects.filter(plan=plan, state__in=selectors.OPEN_JOBS)
    if plan.state == "issued" and not rows.exists():
        plan.state = states.check_may_do("dispatch", "close", state=plan.state)
        plan.save(update_fields=["state"])

"""Reading plans, their rows, jobs and what was told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import states
from zhongshu.service.dispatch.models import DispatchPlan, Job, PlanRow, Receipt
from zhongshu.service.kit.scope import Scope

_HEAVY = ("detail", "kept")
OPEN_JOBS = tuple(state for state in states.TABLES["job"] if state not in states.final("job"))


def plans(
    *,
    scope: Scope,
    as_of: dt.datetime | None = None,
    planner: str = "",
    state: str = "",
) -> QuerySet[DispatchPlan]:
    """Those within scope asked by `as_of`, with `jobs_total`, `jobs_done` and `replaced_by`."""
    rows = scope.filter(DispatchPlan.objects.defer(*_HEAVY))
    given = {"planner": planner, "state": state}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    rows = rows.filter(created_at__lte=as_of) if as_of else rows
    return rows.select_related("unit", "incident").annotate(
        jobs_total=Count("jobs"), jobs_done=Count("jobs", filter=Q(jobs__state="done"))
    )


def get(plan_id: int, scope: Scope) -> DispatchPlan:
    """With its answer; outside the scope it looks as if there were none."""
    found = plans(scope=scope).defer(None).filter(pk=plan_id).first()
    if found is None:
        raise _no_plan(plan_id)
    return found


def locked(plan_id: int, scope: Scope) -> DispatchPlan:
    rows = DispatchPlan.objects.select_for_update(of=("self",)).filter(pk=plan_id)
    found = scope.filter(rows.select_related("unit", "incident")).first()
    if found is None:
        raise _no_plan(plan_id)
    return found


def rows(plan: DispatchPlan, table: str, *, text: str = "") -> QuerySet[PlanRow]:
    """A table's rows by number; text: those that have it in any cell."""
    known = [one["key"] for one in (plan.detail or {}).get("tables", [])]
    if table not in known:
        raise NotFound(
            "dispatch.no_table",
            f"The plan has no table '{table}'; it has {', '.join(known) or 'none yet'}.",
            table=table,
        )
    found = PlanRow.objects.filter(plan=plan, table=table)
    return found.filter(row__icontains=text) if text else found


def again_of(plan_id: int) -> Mapping[str, Any]:
    """What was kept of an answered plan; the asker's scope was checked when it was named."""
    kept: Mapping[str, Any] = DispatchPlan.objects.get(pk=plan_id).kept or {}
    again: Mapping[str, Any] = kept.get("again", {})
    return again


def placed(planner: str, *, besides: DispatchPlan | None) -> frozenset[str]:
    """Things that approved plans of the planner look after already."""
    held = DispatchPlan.objects.filter(planner=planner, state__in=("issued", "done"))
    held = held.exclude(pk=besides.pk) if besides else held
    found: set[str] = set()
    for things in held.values_list("kept__again__looked_after", flat=True):
        found |= set(things or ())
    return frozenset(found)


def unfinished() -> list[int]:
    """Numbers of the plans that wait or are computed, the oldest first."""
    rows = DispatchPlan.objects.filter(state__in=states.sources("dispatch", "begin"))
    return list(rows.order_by("pk").values_list("pk", flat=True))


def jobs(
    *,
    scope: Scope,
    as_of: dt.datetime | None = None,
    planner: str = "",
    state: str = "",
    plan: int | None = None,
) -> QuerySet[Job]:
    """state ``open``: what is not over yet."""
    rows = scope.filter(Job.objects.defer("steps")).select_related("unit")
    rows = rows.filter(issued_at__lte=as_of) if as_of else rows
    rows = rows.filter(planner=planner) if planner else rows
    rows = rows.filter(plan_id=plan) if plan is not None else rows
    if state == "open":
        return rows.filter(state__in=OPEN_JOBS)
    return rows.filter(state=state) if state else rows


def jobs_by_proposal(proposal_id: int, scope: Scope) -> QuerySet[Job]:
    """Jobs of the plan that the proposal issued, by number."""
    return jobs(scope=scope).filter(plan__proposal_id=proposal_id).order_by("pk")


def job(job_id: int, scope: Scope) -> Job:
    found = jobs(scope=scope).defer(None).filter(pk=job_id).first()
    if found is None:
        raise no_job(job_id)
    return found


def receipts(one: Job) -> QuerySet[Receipt]:
    """All that was told, the newest first."""
    return one.receipts.order_by("-told_at", "-id")


def open_events(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Receipt]:
    """Receipts that ask for another plan and have none yet, the newest first."""
    asking = Receipt.objects.filter(asks=True, answered_by=None, told_at__lte=as_of)
    asking = asking.filter(job__state__in=OPEN_JOBS)
    return scope.filter(asking, "job__unit_path").select_related("job", "job__unit")


def _no_plan(plan_id: int) -> NotFound:
    return NotFound("dispatch.unknown", f"There is no plan of dispatch {plan_id}.", id=plan_id)


def no_job(job_id: int) -> NotFound:
    return NotFound("dispatch.unknown_job", f"There is no job {job_id}.", id=job_id)

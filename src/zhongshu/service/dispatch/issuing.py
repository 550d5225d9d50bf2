"""What the headquarters does to a plan: it is put forward, let go, declined, or issued: its things
are taken and its jobs go out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from zhongshu.kernel.errors import WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.dispatch import receipts, selectors
from zhongshu.service.dispatch.models import DispatchPlan, Job, Receipt
from zhongshu.service.dispatch.planners import planner
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources import facade as resources
from zhongshu.service.rounds import facade as rounds
from zhongshu.service.units import facade as units

NOUN = "dispatch"


def issue(*, plan_id: int, actor: Actor, now: dt.datetime) -> DispatchPlan:
    """Inside the transaction of the decision: take what the plan needs and issue its jobs.

    A plan that follows an issued one takes its place: what that had taken is given back, its jobs
    end, and what was told of their steps stays told.  Refuses (WrongState) a plan that is not
    proposed, that rests on a plan not in force, whose predecessor was replaced by another, or for
    which something is gone meanwhile.
    """
    plan = DispatchPlan.objects.select_for_update().get(pk=plan_id)
    plan.state = states.check_may_do(NOUN, "issue", state=plan.state)
    _check_ground(plan)
    scope = Scope((plan.unit_path,))
    replaced = _replace(plan, scope, actor, now)
    kept = plan.kept or {}
    wants = _wants(plan, scope, actor, now)
    if wants:
        resources.hold(wants=wants, holder=f"plan:{plan.pk}", scope=scope, actor=actor, now=now)
    made = _jobs(plan, kept.get("jobs", ()), now)
    if replaced is not None:
        _carry_over(replaced, made, actor, now)
        plan.kept = kept | {"round_id": (replaced.kept or {}).get("round_id")}
    elif told := kept.get("again", {}).get("round"):
        plan.kept = kept | {"round_id": _begin(plan, told, scope, actor, now)}
    plan.save(update_fields=["state", "kept"])
    facts = {"jobs": len(made), "taken": len(wants), "replaces": replaced and replaced.pk}
    _record(plan, "issue", actor, now, facts)
    return plan


def put_forward(*, plan_id: int, proposal_id: int, actor: Actor, now: dt.datetime) -> None:
    """A proposal asks for it now.  Nothing is taken by it."""
    plan = DispatchPlan.objects.select_for_update().get(pk=plan_id)
    plan.state = states.check_may_do(NOUN, "propose", state=plan.state)
    plan.proposal_id = proposal_id
    plan.save(update_fields=["state", "proposal_id"])
    _record(plan, "propose", actor, now)


def let_go(*, plan_id: int, actor: Actor, now: dt.datetime) -> None:
    """Its proposal asks for another plan now, or for none."""
    plan = DispatchPlan.objects.select_for_update().get(pk=plan_id)
    plan.state = states.check_may_do(NOUN, "let_go", state=plan.state)
    plan.save(update_fields=["state"])
    _record(plan, "let_go", actor, now)


def decline(*, plan_id: int, actor: Actor, now: dt.datetime) -> None:
    """The proposal was rejected."""
    plan = DispatchPlan.objects.select_for_update().get(pk=plan_id)
    plan.state = states.check_may_do(NOUN, "decline", state=plan.state)
    plan.save(update_fields=["state"])
    _record(plan, "decline", actor, now)


def _record(
    plan: DispatchPlan,
    action: str,
    actor: Actor,
    now: dt.datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        action=f"dispatch.{action}",
        object_=f"plan:{plan.pk}",
        at=now,
        facts=facts,
    )


def _check_ground(plan: DispatchPlan) -> None:
    """Nobody is fetched to a room, and nobody sent to a point, that no approved plan has taken."""
    named = [plan.form[one.key] for one in planner(plan.planner).FIELDS if one.kind == "plan"
             and plan.form.get(one.key)]  # fmt: skip
    rests = DispatchPlan.objects.filter(pk__in=named).exclude(state__in=("issued", "done"))
    open_ = rests.order_by("pk").first()
    if open_ is not None:
        raise WrongState(
            "dispatch.rests_on",
            f"This plan rests on plan {open_.pk}, which is not in force; decide that one first, or"
            " plan again.",
            plan=open_.pk,
        )


def _replace(
    plan: DispatchPlan, scope: Scope, actor: Actor, now: dt.datetime
) -> DispatchPlan | None:
    """The issued plan whose place this one takes: the nearest it follows."""
    before = plan.follows
    while before is not None and before.state not in ("issued", "replaced", "done"):
        before = before.follows
    if before is None or before.state == "done":
        return None
    old = DispatchPlan.objects.select_for_update().get(pk=before.pk)
    if old.state != "issued":
        raise WrongState(
            "dispatch.other_followed",
            f"Plan {old.pk} was replaced by another meanwhile; plan again from that one.",
            plan=old.pk,
        )
    old.state = states.check_may_do(NOUN, "replace", state=old.state)
    old.save(update_fields=["state"])
    resources.release(holder=f"plan:{old.pk}", scope=scope, actor=actor, now=now)
    return old


def _begin(
    plan: DispatchPlan, told: Mapping[str, Any], scope: Scope, actor: Actor, now: dt.datetime
) -> int:
    """The round of testing that people follow from now on."""
    opens, closes, due = (
        dt.datetime.fromisoformat(told[key]) for key in ("opens", "closes", "due")
    )
    points = tuple(told["points"])
    wish = rounds.Wish(plan.unit_id, plan.title, opens, closes, due, told["expected"], points)
    return rounds.begin(wish=wish, scope=scope, actor=actor, now=now).pk


def _wants(
    plan: DispatchPlan, scope: Scope, actor: Actor, now: dt.datetime
) -> list[resources.Want]:
    """The takings with their things, those in reserve put into preparation."""
    takings: list[Mapping[str, Any]] = (plan.kept or {}).get("takings", [])
    codes: dict[str, set[str]] = {}
    for one in takings:
        codes.setdefault(one["kind"], set()).add(one["code"])
    at = {
        (kind, thing.code): thing
        for kind, known in codes.items()
        for thing in scope.filter(resources.Thing.objects.filter(kind=kind, code__in=known))
    }
    for one in takings:
        thing = at.get((one["kind"], one["code"]))
        if thing is None:
            raise WrongState(
                "dispatch.thing_gone",
                f"{one['code']} is not in the registry any more; plan again.",
                thing=one["code"],
            )
        if one["opens"] and thing.state == "reserve":
            begins = dt.datetime.fromisoformat(one["begins"])
            resources.registry.change(
                thing_id=thing.pk,
                state="preparing",
                why=f"plan {plan.pk}",
                scope=scope,
                actor=actor,
                now=now,
                opens_in_h=max(0, int((begins - now).total_seconds() // 3600)),
            )
    return [
        resources.Want(
            thing_id=at[one["kind"], one["code"]].pk,
            pool=one["pool"],
            amount=one["amount"],
            begins=dt.datetime.fromisoformat(one["begins"]),
            ends=dt.datetime.fromisoformat(one["ends"]) if one["ends"] else None,
        )
        for one in takings
    ]


def _jobs(plan: DispatchPlan, drafts: Collection[Mapping[str, Any]], now: dt.datetime) -> list[Job]:
    paths = units.refs({one["unit"] for one in drafts})
    return Job.objects.bulk_create(
        [
            Job(
                plan=plan,
                planner=plan.planner,
                unit_id=one["unit"],
                unit_path=paths[one["unit"]]["path"],
                kind=one["kind"],
                code=one["code"],
                title=one["title"],
                state=states.initial("job"),
                starts_at=dt.datetime.fromisoformat(one["starts_at"]),
                due_at=dt.datetime.fromisoformat(one["due_at"]),
                issued_at=now,
                steps=one["steps"],
                steps_total=len(one["steps"]),
            )
            for one in drafts
        ]
    )


def _carry_over(old: DispatchPlan, made: Collection[Job], actor: Actor, now: dt.datetime) -> None:
    """What was told of a step goes on counting where the new plan has the same step; a job that
    has no heir ends without one."""
    heirs = {(one.kind, one.code): one for one in made}
    fresh: list[Receipt] = []
    for job in Job.objects.select_for_update().filter(
        plan=old, state__in=[*selectors.OPEN_JOBS, "done"]
    ):
        heir = heirs.get((job.kind, job.code))
        if heir is not None:
            fresh += _receipts(job, heir)
        if job.state in selectors.OPEN_JOBS:
            job.state = states.check_may_do("job", "cancel", state=job.state)
            job.closed_at, job.instead = now, heir
            job.save(update_fields=["state", "closed_at", "instead"])
    Receipt.objects.bulk_create(fresh)
    for heir in made:
        heir.steps_done = len(
            {one.step for one in fresh if one.job_id == heir.pk and one.what in receipts.CLOSES}
        )
        if heir.steps_done:
            done = heir.steps_done == heir.steps_total
            heir.state = states.check_may_do("job", "finish" if done else "begin", state=heir.state)
            heir.closed_at = now if done else None
            heir.save(update_fields=["steps_done", "state", "closed_at"])


def _receipts(job: Job, heir: Job) -> list[Receipt]:
    there = {(one["kind"], one["thing"]): one["no"] for one in heir.steps}
    steps = {one["no"]: (one["kind"], one["thing"]) for one in job.steps}
    return [
        Receipt(
            job=heir,
            step=there[steps[number]],
            what=told.what,
            at=told.at,
            told_at=told.told_at,
            by=told.by,
            note=told.note,
            asks=False,
        )
        for number, told in receipts.latest(job).items()
        if told.what in receipts.CLOSES and steps[number] in there
    ]

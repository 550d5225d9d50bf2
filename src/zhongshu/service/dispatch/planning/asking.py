"""Asking a planner, asking again, withdrawing, and keeping what came of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, Refused, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.dispatch import selectors
from zhongshu.service.dispatch.models import DispatchPlan, PlanRow, Receipt
from zhongshu.service.dispatch.planners import planner
from zhongshu.service.dispatch.planners.shapes import Column, Event, Field, Made, Rows, Word
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units

NOUN = "dispatch"
MOST_WORDS, MOST_EVENTS, MOST_TITLE = 500, 50, 200
UNSERVED = "unserved"


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """form: values of the planner's fields; those left out take their defaults."""

    planner: str
    unit: str
    title: str
    form: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def ask(*, question: Question, scope: Scope, actor: Actor, now: dt.datetime) -> DispatchPlan:
    """Keep a question for the worker.  Refuses an unknown planner, a unit out of scope, a form
    that the planner cannot read, and a plan named in it that is not answered."""
    chosen = planner(question.planner)
    unit = units.get(question.unit, scope)
    form = _read(chosen.FIELDS, question.form, scope)
    return _create(
        DispatchPlan(
            incident=incidents.current(),
            planner=chosen.NAME,
            title=_title(question.title),
            unit=unit,
            unit_path=unit.path,
            form=form,
            as_of=now,
        ),
        actor,
        now,
    )


def again(
    *,
    plan_id: int,
    words: Sequence[Word],
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> DispatchPlan:
    """The same question, with more words, as of the same moment; a plan that follows.

    Words said before still count; a new one about the same thing takes their place.
    """
    found = _answered(plan_id, scope)
    allowed = planner(found.planner).WORDS
    if not words or any(one.word not in allowed for one in words):
        raise BadInput(
            "dispatch.words",
            f"Say for at least one thing one of: {', '.join(sorted(allowed)) or 'nothing'}.",
        )
    if len(words) > MOST_WORDS:
        raise BadInput("dispatch.words", f"Say at most {MOST_WORDS} words at a time.")
    said = {one.thing for one in words}
    kept = [one for one in found.words if one["thing"] not in said]
    new = _following(found, found.as_of)
    new.words = kept + [dataclasses.asdict(one) for one in words]
    return _create(new, actor, now)


def happened(
    *,
    plan_id: int,
    events: Sequence[Event],
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> DispatchPlan:
    """The plan once more from `now`, after what went wrong; receipts that asked for it are
    answered by it."""
    found = _answered(plan_id, scope)
    allowed = planner(found.planner).EVENTS
    if not events or any(one.kind not in allowed for one in events):
        raise BadInput(
            "dispatch.events",
            f"Tell at least one event of: {', '.join(sorted(allowed)) or 'nothing'}.",
        )
    if len(events) > MOST_EVENTS:
        raise BadInput("dispatch.events", f"Tell at most {MOST_EVENTS} events at a time.")
    new = _following(found, now)
    new.words = found.words
    new.events = [dataclasses.asdict(one) | {"at": one.at.isoformat()} for one in events]
    with transaction.atomic():
        made = _create(new, actor, now)
        Receipt.objects.filter(job__plan=found, asks=True, answered_by=None).update(
            answered_by=made
        )
    return made


def withdraw(*, plan_id: int, scope: Scope, actor: Actor, now: dt.datetime) -> DispatchPlan:
    """Refuses (WrongState) one that is computed, proposed or over."""
    with transaction.atomic():
        found = selectors.locked(plan_id, scope)
        found.state = states.check_may_do(NOUN, "withdraw", state=found.state)
        found.finished_at = found.finished_at or now
        found.save(update_fields=["state", "finished_at"])
        record(found, "withdraw", actor, now)
    return found


def take_up(plan_id: int, now: dt.datetime) -> DispatchPlan | None:
    """Begin to compute it, or again what a killed worker left; None: there is nothing to do."""
    open_ = states.sources(NOUN, "begin")
    with transaction.atomic():
        found = (
            DispatchPlan.objects.select_for_update(of=("self",))
            .select_related("unit", "incident", "follows")
            .filter(pk=plan_id, state__in=open_)
            .first()
        )
        if found is None:
            return None
        found.state = states.check_may_do(NOUN, "begin", state=found.state)
        found.started_at = now
        found.save(update_fields=["state", "started_at"])
    return found


def finish(plan: DispatchPlan, made: Made, kept: Mapping[str, Any], now: dt.datetime) -> None:
    """Keep the answer and its tables, in one step."""
    tables = {**made.tables, UNSERVED: unserved(made)}
    with transaction.atomic():
        plan.rows.all().delete()  # of a worker that was killed in the middle
        PlanRow.objects.bulk_create(
            [
                PlanRow(plan=plan, table=name, no=number, row=row)
                for name, table in tables.items()
                for number, row in enumerate(table.rows, 1)
            ],
            batch_size=2_000,
        )
        plan.state, plan.finished_at = states.check_may_do(NOUN, "finish", state=plan.state), now
        answer = made.answer.as_json()
        plan.headline = {
            "figures": [dataclasses.asdict(one) for one in made.figures],
            "gap": answer["gap"],
            "seconds": answer["seconds"],
            "unserved": answer["unserved"],
            "changed": dict(made.changed) if made.changed else None,
        }
        plan.detail = {
            "answer": answer,
            "tables": [_table(name, table) for name, table in tables.items()],
            "features": list(made.features),
            "bars": [
                dataclasses.asdict(one)
                | {"begins": one.begins.isoformat(), "ends": one.ends.isoformat()}
                for one in made.bars
            ],
        }
        plan.kept = dict(kept)
        plan.save(update_fields=["state", "finished_at", "headline", "detail", "kept"])


def fail(plan: DispatchPlan, refusal: Refused, now: dt.datetime) -> None:
    plan.state, plan.finished_at = states.check_may_do(NOUN, "fail", state=plan.state), now
    plan.refusal = {
        "code": refusal.code,
        "sentence": refusal.message,
        "facts": {name: str(value) for name, value in refusal.facts.items()},
    }
    plan.save(update_fields=["state", "finished_at", "refusal"])


def record(plan: DispatchPlan, action: str, actor: Actor, now: dt.datetime) -> None:
    audit.record(
        actor=actor,
        action=f"dispatch.{action}",
        object_=f"plan:{plan.pk}",
        at=now,
        facts={"planner": plan.planner, "unit": plan.unit_id, "follows": plan.follows_id},
    )


def unserved(made: Made) -> Rows:
    """What was left out and why, for every planner alike."""
    columns = (
        Column("id", "id"),
        Column("what", "code"),
        Column("amount", "number"),
        Column("constraint", "code"),
    )
    return Rows(columns, made.answer.unserved.to_pylist())


def _table(name: str, table: Rows) -> dict[str, Any]:
    columns = [dataclasses.asdict(one) for one in table.columns]
    return {"key": name, "total": len(table.rows), "columns": columns}


def _title(given: str) -> str:
    title = given.strip()
    if not title or len(title) > MOST_TITLE:
        raise BadInput(
            "dispatch.title", f"Give the plan a title of at most {MOST_TITLE} characters."
        )
    return title


def _answered(plan_id: int, scope: Scope) -> DispatchPlan:
    found = selectors.get(plan_id, scope)
    if found.kept is None:
        raise WrongState("dispatch.not_answered", "This plan has no answer that could be changed.")
    return found


def _following(plan: DispatchPlan, as_of: dt.datetime) -> DispatchPlan:
    return DispatchPlan(
        incident_id=plan.incident_id,
        planner=plan.planner,
        title=plan.title,
        unit=plan.unit,
        unit_path=plan.unit_path,
        form=plan.form,
        follows=plan,
        seed=plan.seed,
        as_of=as_of,
    )


def _create(new: DispatchPlan, actor: Actor, now: dt.datetime) -> DispatchPlan:
    new.state = states.initial(NOUN)
    new.created_at, new.created_by = now, actor.name
    new.seed = new.seed if new.seed is not None else int(now.timestamp())
    with transaction.atomic():
        new.save()
        record(new, "ask", actor, now)
    return new


def _read(fields: Sequence[Field], given: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    known = {one.key for one in fields}
    for key in given:
        if key not in known:
            raise BadInput(
                "dispatch.field",
                f"This planner has no field '{key}'; it has {', '.join(sorted(known))}.",
                field=key,
            )
    return {one.key: _value(one, given.get(one.key), scope) for one in fields}


def _value(field: Field, given: Any, scope: Scope) -> Any:
    """The value of a field.  Refuses (BadInput) one of another kind or beyond its limits."""
    value = field.default if given is None else given
    if value is None:
        if field.required:
            raise BadInput("dispatch.missing", f"Fill in '{field.key}'.", field=field.key)
        return None
    good = {
        "number": lambda: _number(field, value),
        "choice": lambda: value in field.choices,
        "flag": lambda: isinstance(value, bool),
        "moment": lambda: _moment(value),
        "plan": lambda: _plan(field, value, scope),
    }[field.kind]()
    if not good:
        raise BadInput("dispatch.value", f"{value!r} cannot be '{field.key}'.", field=field.key)
    return value


def _number(field: Field, value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    least = field.least if field.least is not None else value
    most = field.most if field.most is not None else value
    return bool(least <= value <= most)


def _moment(value: Any) -> bool:
    try:
        return isinstance(value, str) and dt.datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _plan(field: Field, value: Any, scope: Scope) -> bool:
    if isinstance(value, bool) or not isinstance(value, int):
        return False
    found = selectors.get(value, scope)
    if found.kept is None or found.planner != field.planner:
        raise BadInput(
            "dispatch.other_plan",
            f"Plan {value} is no answered plan of '{field.planner}'; choose another.",
            field=field.key,
        )
    return True

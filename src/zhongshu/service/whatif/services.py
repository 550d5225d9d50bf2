"""Asking for a comparison, withdrawing it, and keeping what came of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.engines.whatif import options as engine
from zhongshu.engines.whatif.outbreak.model import MOST_UNSEEN
from zhongshu.kernel.errors import BadInput, NotFound, Refused, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units
from zhongshu.service.whatif import place
from zhongshu.service.whatif.models import Comparison

MOST_DAYS, FEWEST_RUNS, MOST_RUNS, MOST_OPTIONS = 60, 20, 200, 8
_OPEN = (Comparison.State.QUEUED, Comparison.State.RUNNING)


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What is asked: options as `from_dict` takes them, `against` the name of one of them.

    unseen: expected number of infected whom no registered case infected; None: as the pack says.
    """

    unit: str
    title: str
    days: int
    runs: int
    against: str
    options: Sequence[Mapping[str, Any]]
    unseen: float | None = None

    def read(self) -> tuple[engine.Option, ...]:
        """The options.  Refuses (BadInput) what the engine could not compute, naming the option."""
        if not self.title.strip() or len(self.title) > 200:
            raise BadInput("whatif.title", "Give the question a title of at most 200 characters.")
        if not 1 <= self.days <= MOST_DAYS or not FEWEST_RUNS <= self.runs <= MOST_RUNS:
            raise BadInput(
                "whatif.size",
                f"Ask for 1 to {MOST_DAYS} days and {FEWEST_RUNS} to {MOST_RUNS} runs.",
            )
        if self.unseen is not None and not 0 <= self.unseen <= MOST_UNSEEN:
            raise BadInput(
                "whatif.unseen",
                f"Expect 0 to {MOST_UNSEEN:,} infected whom no registered case infected.",
                most=MOST_UNSEEN,
            )
        if not 1 <= len(self.options) <= MOST_OPTIONS:
            raise BadInput("whatif.options", f"Compare 1 to {MOST_OPTIONS} options.")
        made = tuple(_read(raw) for raw in self.options)
        names = [one.name for one in made]
        if len(set(names)) < len(names):
            raise BadInput("whatif.option_name", "Two options have the same name; rename one.")
        if self.against not in names:
            raise BadInput(
                "whatif.unknown_option",
                f"There is no option {self.against!r}; there are {', '.join(names)}.",
                option=self.against,
            )
        return made


def _read(raw: Mapping[str, Any]) -> engine.Option:
    """One option; a refusal from within its parts bears its name, so that a form can show it."""
    try:
        return engine.from_dict(raw)
    except Refused as refusal:
        refusal.facts = {"option": str(raw.get("name", ""))} | dict(refusal.facts)
        raise


def ask(
    *, question: Question, scope: Scope, as_of: dt.datetime, actor: Actor, now: dt.datetime
) -> Comparison:
    """Keep a question for the worker.  Refuses a unit outside the scope or below the county,
    options that no engine could compute, and areas that do not lie in the unit."""
    made = question.read()
    unit = units.get(question.unit, scope)
    where = place.place(unit)
    check_unseen(question.unseen, where)
    for option in made:
        engine.check_units(option, where.codes)
    with transaction.atomic():
        kept = Comparison.objects.create(
            incident=incidents.current(),
            unit=unit,
            unit_path=unit.path,
            title=question.title.strip(),
            days=question.days,
            runs=question.runs,
            against=question.against,
            options=[dict(one) for one in question.options],
            unseen=question.unseen,
            as_of=as_of,
            created_at=now,
            created_by=actor.name,
        )
        _record(kept, "ask", actor, now)
    return kept


def check_unseen(unseen: float | None, where: place.Place) -> None:
    """Refuses (BadInput) them for several counties, whose model has a figure of its own."""
    if unseen is not None and not where.whole:
        raise BadInput(
            "whatif.unseen_counties",
            "Infected whom no registered case infected can be given for one county only;"
            " several counties take those not found from the calibration or the pack.",
        )


def withdraw(*, comparison_id: int, scope: Scope, actor: Actor, now: dt.datetime) -> Comparison:
    """Refuses (WrongState) one that a worker has taken up already."""
    with transaction.atomic():
        rows = scope.filter(Comparison.objects.select_for_update().filter(pk=comparison_id))
        found = rows.first()
        if found is None:
            raise NotFound("whatif.unknown", f"There is no comparison {comparison_id}.")
        if found.state != Comparison.State.QUEUED:
            raise WrongState(
                "whatif.wrong_state", "Only a comparison that still waits can be withdrawn."
            )
        found.state, found.finished_at = Comparison.State.WITHDRAWN, now
        found.save(update_fields=["state", "finished_at"])
        _record(found, "withdraw", actor, now)
    return found


def take_up(comparison_id: int, now: dt.datetime) -> Comparison | None:
    """Begin to compute it, or again what a killed worker left; None: there is nothing to do."""
    with transaction.atomic():
        rows = Comparison.objects.select_for_update().filter(pk=comparison_id, state__in=_OPEN)
        found = rows.first()
        if found is None:
            return None
        found.state, found.started_at = Comparison.State.RUNNING, now
        found.save(update_fields=["state", "started_at"])
    return found


def finish(comparison: Comparison, answer: Mapping[str, Any], now: dt.datetime) -> None:
    comparison.state, comparison.finished_at = Comparison.State.DONE, now
    comparison.answer = dict(answer)
    comparison.save(update_fields=["state", "finished_at", "answer"])


def fail(comparison: Comparison, refusal: Refused, now: dt.datetime) -> None:
    comparison.state, comparison.finished_at = Comparison.State.FAILED, now
    comparison.refusal = {
        "code": refusal.code,
        "sentence": refusal.message,
        "facts": {name: str(value) for name, value in refusal.facts.items()},
    }
    comparison.save(update_fields=["state", "finished_at", "refusal"])


def _record(one: Comparison, action: str, actor: Actor, now: dt.datetime) -> None:
    audit.record(
        actor=actor,
        action=f"whatif.{action}",
        object_=f"comparison:{one.pk}",
        at=now,
        facts={"unit": one.unit_id, "options": [raw["name"] for raw in one.options]},
    )

"""Beginning a drill, deciding its days, leaving it, and keeping what the worker made of it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, Refused, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.drills.model import Scenario
from zhongshu.service.drills.played import places, telling
from zhongshu.service.drills.played.choices import Choice
from zhongshu.service.drills.played.models import Drill, DrillDecision
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.units import facade as units

State = Drill.State
MOST_OPEN = 3
OPEN = (State.PREPARING, State.WAITING, State.STEPPING, State.SCORING)
AT_WORK = (State.PREPARING, State.STEPPING, State.SCORING)
# Smallest and largest of what a player may set.
LIMITS: Mapping[str, tuple[float, float]] = {
    "people": (5_000, 50_000),
    "days": (10, 90),
    "r0": (2.0, 8.0),
    "coverage": (0.3, 1.0),
    "sensitivity": (0.5, 1.0),
    "imported": (1, 50),
    "seed": (0, 999_999),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Wish:
    """What is to be played: `drills.model.Scenario` explains the figures; unit: who plays it."""

    unit: str
    title: str
    people: int
    days: int
    r0: float
    coverage: float
    sensitivity: float
    imported: int
    seed: int

    def check(self) -> None:
        """Refuses (BadInput) a title that is empty or too long and figures out of their limits."""
        if not self.title.strip() or len(self.title) > 200:
            raise BadInput("drill.title", "Give the drill a title of at most 200 characters.")
        for name, (least, most) in LIMITS.items():
            if not least <= getattr(self, name) <= most:
                raise BadInput(
                    "drill.limits",
                    f"{name} must be between {least:g} and {most:g}; correct it.",
                    name=name,
                    least=least,
                    most=most,
                )

    def scenario(self, county: str) -> Scenario:
        names = ("people", "days", "r0", "coverage", "sensitivity", "imported")
        return Scenario(county=county, **{name: getattr(self, name) for name in names})


def begin(*, wish: Wish, scope: Scope, actor: Actor, now: dt.datetime) -> Drill:
    """Keep a drill for the worker to prepare.  Refuses figures out of their limits, a unit outside
    the scope or without a county to resemble, and more than three drills open at once."""
    wish.check()
    unit = units.get(wish.unit, scope)
    scenario = wish.scenario(places.county(unit))
    with transaction.atomic():
        if Drill.objects.filter(created_by=actor.name, state__in=OPEN).count() >= MOST_OPEN:
            raise WrongState(
                "drill.too_many",
                f"You have {MOST_OPEN} drills open; finish or abandon one of them first.",
                most=MOST_OPEN,
            )
        made = Drill.objects.create(
            unit=unit,
            unit_path=unit.path,
            title=wish.title.strip(),
            scenario=dataclasses.asdict(scenario),
            seed=wish.seed,
            created_at=now,
            created_by=actor.name,
        )
        _record(made, "begin", actor, now, seed=wish.seed)
    return made


def decide(
    *, drill_id: int, step: int, choice: Choice, scope: Scope, actor: Actor, now: dt.datetime
) -> Drill:
    """Take the decision number `step` (from 0).  Refuses (WrongState) an evening that somebody has
    decided already, or that is not ready; (BadInput) what the evening does not offer."""
    with transaction.atomic():
        drill = _locked(drill_id, scope)
        if step != drill.step:
            raise WrongState(
                "drill.decided",
                "This evening has been decided already, perhaps in another window; look at the "
                "drill as it stands now.",
                step=drill.step,
            )
        if drill.state != State.WAITING or drill.evening is None:
            raise WrongState("drill.not_waiting", "There is nothing to decide in this drill now.")
        choice.check(drill.evening)
        DrillDecision.objects.create(
            drill=drill,
            step=step,
            mark=drill.evening["mark"],
            shown=telling.brief(drill.evening),
            choice=choice.as_json(),
            decided_by=actor.name,
            decided_at=now,
        )
        day = drill.evening["day"]
        drill.state, drill.step, drill.evening = State.STEPPING, step + 1, None
        drill.save(update_fields=["state", "step", "evening"])
        _record(drill, "decide", actor, now, step=step, day=day, choice=choice.as_json())
    return drill


def abandon(*, drill_id: int, scope: Scope, actor: Actor, now: dt.datetime) -> Drill:
    """Leave it for good; its truth is never opened.  Refuses (WrongState) one that has ended."""
    with transaction.atomic():
        drill = _locked(drill_id, scope)
        if drill.state not in OPEN:
            raise WrongState("drill.over", "This drill has ended; there is nothing to abandon.")
        drill.state, drill.evening, drill.finished_at = State.ABANDONED, None, now
        drill.save(update_fields=["state", "evening", "finished_at"])
        _record(drill, "abandon", actor, now, step=drill.step)
    return drill


def take_up(drill_id: int) -> Drill | None:
    """What a worker has to do something for; None: abandoned, ended, or waiting for a person."""
    return Drill.objects.filter(pk=drill_id, state__in=AT_WORK).first()


def ended(drill_id: int) -> bool:
    return not Drill.objects.filter(pk=drill_id, state__in=OPEN).exists()


def show(drill: Drill, evening: Mapping[str, Any]) -> None:
    """Put the evening before the player; nothing where the drill was abandoned meanwhile."""
    _still(drill).update(state=State.WAITING, evening=dict(evening))


def scoring(drill: Drill) -> None:
    """The days are over; the policies are being run for comparison."""
    _still(drill).update(state=State.SCORING)


def finish(drill: Drill, result: Mapping[str, Any], now: dt.datetime) -> None:
    _still(drill).update(state=State.DONE, result=dict(result), finished_at=now)


def fail(drill: Drill, refusal: Refused, now: dt.datetime) -> None:
    facts = {name: str(value) for name, value in refusal.facts.items()}
    told = {"code": refusal.code, "sentence": refusal.message, "facts": facts}
    _still(drill).update(state=State.FAILED, refusal=told, finished_at=now)


def _still(drill: Drill) -> Any:
    """The drill as the worker took it up: no decision and no farewell since."""
    return Drill.objects.filter(pk=drill.pk, step=drill.step, state__in=AT_WORK)


def _locked(drill_id: int, scope: Scope) -> Drill:
    found = scope.filter(Drill.objects.select_for_update().filter(pk=drill_id)).first()
    if found is None:
        raise NotFound("drill.unknown", f"There is no drill {drill_id}.")
    return found


def _record(drill: Drill, action: str, actor: Actor, now: dt.datetime, **facts: object) -> None:
    audit.record(
        actor=actor,
        action=f"drill.{action}",
        object_=f"drill:{drill.pk}",
        at=now,
        facts={"unit": drill.unit_id, **facts},
    )

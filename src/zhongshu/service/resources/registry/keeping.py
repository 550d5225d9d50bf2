"""Entering things, changing their state, and turning a unit to emergency use and back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.models import Conversion, Hold, Thing, ThingChange
from zhongshu.service.resources.registry import kinds, ledger
from zhongshu.service.units import facade as units


@dataclasses.dataclass(frozen=True, slots=True)
class Draft:
    """A thing to be entered; fields as in `Thing`.  state empty: the kind's first."""

    kind: str
    code: str
    name: str
    unit: str
    capacity: Mapping[str, int]
    state: str = ""
    part_of: str = ""
    lon: float | None = None
    lat: float | None = None
    emergency: Mapping[str, int] | None = None
    opens_in_h: int | None = None
    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    def check(self) -> None:
        """Refuses (BadInput) an unknown kind or state, no name, and amounts below zero."""
        if self.state:
            kinds.check_state(self.kind, self.state)
        kinds.check_kind(self.kind)
        if not self.code.strip() or not self.name.strip():
            raise BadInput("resources.name", "A resource needs a code and a name.")
        amounts = [*self.capacity.values(), *(self.emergency or {}).values()]
        if any(amount < 0 for amount in amounts):
            raise BadInput("resources.capacity", f"What {self.name} holds cannot be below zero.")


def enter(
    *, drafts: Sequence[Draft], scope: Scope, actor: Actor, now: dt.datetime, origin: str = "person"
) -> list[Thing]:
    """Enter things that were not known; those whose kind and code are known are passed over."""
    for draft in drafts:
        draft.check()
    known = units.refs(draft.unit for draft in drafts)
    for draft in drafts:
        if draft.unit not in known or not scope.covers(known[draft.unit]["path"]):
            raise NotFound("units.unknown", f"There is no unit {draft.unit} within your rights.")
    with transaction.atomic():
        codes = {draft.code for draft in drafts}
        there = set(Thing.objects.filter(code__in=codes).values_list("kind", "code"))
        fresh = [one for one in drafts if (one.kind, one.code) not in there]
        made = Thing.objects.bulk_create(
            [_thing(one, known[one.unit]["path"], origin, actor, now) for one in fresh]
        )
        ThingChange.objects.bulk_create(
            ThingChange(thing=one, what="state", after=one.state, at=now, by=actor.name)
            for one in made
        )
        if made:
            facts = {"things": len(made), "kinds": sorted({one.kind for one in made})}
            audit.record(
                actor=actor, action="resources.enter", object_="things", at=now, facts=facts
            )
    return made


def _thing(draft: Draft, path: str, origin: str, actor: Actor, now: dt.datetime) -> Thing:
    return Thing(
        unit_id=draft.unit,
        unit_path=path,
        kind=draft.kind,
        code=draft.code,
        name=draft.name,
        part_of=draft.part_of,
        lon=draft.lon,
        lat=draft.lat,
        capacity=dict(draft.capacity),
        emergency=None if draft.emergency is None else dict(draft.emergency),
        state=draft.state or kinds.LIVES[draft.kind].states[0],
        state_since=now,
        state_by=actor.name,
        opens_in_h=draft.opens_in_h,
        facts=dict(draft.facts),
        origin=origin,
        known_at=now,
    )


def change(
    *,
    thing_id: int,
    state: str,
    why: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
    opens_in_h: int | None = None,
) -> Thing:
    """Put a thing into `state` from now on.  What is held of it stays held.

    Refuses (BadInput) a state its kind has not and a missing reason; the state it is in already
    changes nothing but the hours until it can be used.
    """
    if not why.strip():
        raise BadInput("resources.why", "Say why the state changes.")
    with transaction.atomic():
        thing = ledger.locked([thing_id], scope)[thing_id]
        kinds.check_state(thing.kind, state)
        usable = state in kinds.LIVES[thing.kind].usable
        thing.opens_in_h = None if usable else opens_in_h
        if state != thing.state:
            ThingChange.objects.create(
                thing=thing,
                what="state",
                before=thing.state,
                after=state,
                at=now,
                by=actor.name,
                why=why,
            )
            thing.state, thing.state_since, thing.state_by = state, now, actor.name
        thing.save(update_fields=["state", "state_since", "state_by", "opens_in_h"])
        audit.record(
            actor=actor,
            action="resources.state",
            object_=f"thing:{thing.pk}",
            at=now,
            facts={"state": state, "why": why, "opens_in_h": thing.opens_in_h},
        )
    return thing


def convert(
    *,
    unit: str,
    mode: str,
    of: Collection[str],
    why: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> Conversion:
    """Turn the things of kinds `of` in `unit` and below to `mode`, in one step.

    Only things with a capacity of their own for emergencies are turned.  Refuses (WrongState)
    when what is held would no longer fit, or when nothing is left to turn.
    """
    if mode not in Thing.Mode.values:
        raise BadInput("resources.mode", "The mode is ordinary or emergency.", mode=mode)
    if not why.strip():
        raise BadInput("resources.why", "Say why the use changes.")
    for kind in of:
        kinds.check_kind(kind)
    place = units.get(unit, scope)
    inside = scope.narrow(place.path, code=unit)
    with transaction.atomic():
        rows = inside.filter(Thing.objects.filter(kind__in=of).exclude(emergency=None))
        rows = rows.exclude(mode=mode).order_by("pk").select_for_update()
        things = list(rows)
        if not things:
            raise WrongState("resources.nothing_to_turn", "Nothing here can be turned that way.")
        made = Conversion.objects.create(
            unit=place,
            unit_path=place.path,
            mode=mode,
            kinds=sorted(of),
            why=why,
            by=actor.name,
            at=now,
            things=len(things),
        )
        _turn(things, made, actor=actor, now=now, mode=mode, why=why)
    return made


def reverse(
    *, conversion_id: int, why: str, scope: Scope, actor: Actor, now: dt.datetime
) -> Conversion:
    """Turn back the things that a conversion turned and that nobody turned since.  Refuses as
    `convert`, and (WrongState) a conversion that was reversed already."""
    if not why.strip():
        raise BadInput("resources.why", "Say why the use changes.")
    with transaction.atomic():
        rows = scope.filter(Conversion.objects.filter(pk=conversion_id)).select_for_update()
        found = rows.first()
        if found is None:
            raise NotFound("resources.no_conversion", f"There is no conversion {conversion_id}.")
        if found.reversed_at is not None:
            raise WrongState("resources.reversed", "This conversion was taken back already.")
        turned = found.changes.filter(thing__mode=found.mode).values("thing_id")
        things = list(Thing.objects.filter(pk__in=turned).order_by("pk").select_for_update())
        back = "ordinary" if found.mode == "emergency" else "emergency"
        found.reversed_at, found.reversed_by = now, actor.name
        found.save(update_fields=["reversed_at", "reversed_by"])
        _turn(things, found, actor=actor, now=now, mode=back, why=why)
    return found


def _turn(
    things: Sequence[Thing],
    conversion: Conversion,
    *,
    actor: Actor,
    now: dt.datetime,
    mode: str,
    why: str,
) -> None:
    for one in things:
        one.mode = mode
    Thing.objects.bulk_update(things, ["mode"], batch_size=1000)
    _check_holds_fit(things)
    before = "ordinary" if mode == "emergency" else "emergency"
    ThingChange.objects.bulk_create(
        ThingChange(
            thing=one,
            what="mode",
            before=before,
            after=mode,
            at=now,
            by=actor.name,
            why=why,
            conversion=conversion,
        )
        for one in things
    )
    audit.record(
        actor=actor,
        action="resources.convert",
        object_=f"conversion:{conversion.pk}",
        at=now,
        facts={"mode": mode, "things": len(things), "why": why},
    )


def _check_holds_fit(things: Sequence[Thing]) -> None:
    held = Hold.objects.filter(thing_id__in=[one.pk for one in things], released_at=None)
    taken = {one.thing_id for one in held}
    for thing in things:
        if thing.pk in taken and not ledger.fits(thing):
            raise WrongState(
                "resources.held",
                f"More of {thing.name} is held than it has after the change; release some first.",
                name=thing.name,
            )

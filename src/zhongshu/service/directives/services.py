"""Issuing directives and receiving what the units answer."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotAllowed, NotFound, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.directives import clockfacts
from zhongshu.service.directives.models import Directive, DirectiveEvent
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.kit.text import Text
from zhongshu.service.units import facade as units


@dataclasses.dataclass(frozen=True, slots=True)
class Order:
    """What the decided directives say and until when.

    decision_id and kind as in the decision's proposal; sign_due_at <= due_at.
    """

    decision_id: int
    proposal_id: int
    kind: str
    title: Text
    text: Text
    sign_due_at: dt.datetime
    due_at: dt.datetime


def issue(
    *, order: Order, to_units: Sequence[str], actor: Actor, now: dt.datetime
) -> list[Directive]:
    """One directive to each unit, from the post's unit.  With several recipients they hang under
    one directive to the issuing unit itself, which gathers their receipts.

    Idempotent by (decision, unit).  Refuses recipients outside the issuer's scope, and none.
    """
    if not to_units:
        raise BadInput("directives.no_recipient", "A directive needs at least one recipient.")
    known = units.refs([*to_units, actor.unit_code])
    for code in to_units:
        if code not in known or not known[code]["path"].startswith(actor.unit_path):
            raise NotAllowed(
                "directives.out_of_scope", f"Unit {code} is not below yours.", unit=code
            )
    with transaction.atomic():
        there = list(Directive.objects.filter(decision_id=order.decision_id).order_by("id"))
        if there:
            return there
        parent = None
        if len(to_units) > 1:
            parent = _create(order, known[actor.unit_code], None, actor, now)
            for action in ("sign", "forward"):  # who passes it on has it in hand
                parent.state = states.check_may_do("directive", action, state=parent.state)
            parent.signed_at, parent.received_at = now, now
            parent.save(update_fields=["state", "signed_at", "received_at"])
        made = [_create(order, known[code], parent, actor, now) for code in to_units]
        issued = [parent, *made] if parent else made
        clockfacts.told(issued, actor=actor, now=now)
        audit.record(
            actor=actor,
            action="directive.issue",
            object_=f"decision:{order.decision_id}",
            at=now,
            facts={"directives": [one.pk for one in issued], "units": list(to_units)},
        )
    return issued


def _create(
    order: Order, to: units.UnitRef, parent: Directive | None, actor: Actor, now: dt.datetime
) -> Directive:
    directive = Directive.objects.create(
        incident=incidents.current(),
        unit_id=to["code"],
        unit_path=to["path"],
        parent=parent,
        from_unit_id=actor.unit_code,
        decision_id=order.decision_id,
        proposal_id=order.proposal_id,
        kind=order.kind,
        title=order.title,
        text=order.text,
        state=states.initial("directive"),
        issued_at=now,
        sign_due_at=order.sign_due_at,
        due_at=order.due_at,
    )
    return _settle(directive, parent, actor, now)


def _settle(
    directive: Directive, parent: Directive | None, actor: Actor, now: dt.datetime
) -> Directive:
    """Give a new directive its place in the tree and its first event."""
    directive.trail = f"{parent.trail if parent else ''}{directive.pk}/"
    directive.save(update_fields=["trail"])
    _event(directive, action="issue", actor=actor, now=now)
    return directive


def _event(
    directive: Directive,
    *,
    action: str,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
    facts: Mapping[str, Any] | None = None,
) -> None:
    DirectiveEvent.objects.create(
        directive=directive,
        at=now,
        action=action,
        by=actor.name,
        unit_id=actor.unit_code or directive.unit_id,
        note=note,
        facts=dict(facts or {}),
    )


_STAMPS = {
    "receive": ("received_at",),
    "sign": ("signed_at", "received_at"),
    "report": ("reported_at",),
    "close": ("closed_at",),
}


def act(
    *,
    directive_id: int,
    action: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
    note: str = "",
    figures: Mapping[str, Any] | None = None,
) -> Directive:
    """receive, sign, start, report, send_back or close, by the state table.

    Refuses a directive out of scope.  Signing and reporting are the recipient's alone; closing
    and sending back the issuer's (a unit at or above the one it came from).
    """
    with transaction.atomic():
        directive = _locked(directive_id, scope)
        _check_side(directive, action, actor)
        directive.state = states.check_may_do("directive", action, state=directive.state)
        stamped = [name for name in _STAMPS.get(action, ()) if getattr(directive, name) is None]
        for name in stamped:
            setattr(directive, name, now)
        if action == "send_back":  # it is to be reported again: its clock runs on
            directive.reported_at = None
            stamped.append("reported_at")
        if action == "report":
            directive.report = {"text": note, "figures": dict(figures or {})}
            stamped.append("report")
        directive.save(update_fields=["state", *stamped])
        clockfacts.told([directive], actor=actor, now=now)
        _event(directive, action=action, actor=actor, now=now, note=note, facts=figures)
        audit.record(
            actor=actor,
            action=f"directive.{action}",
            object_=f"directive:{directive.pk}",
            at=now,
            facts={"state": directive.state},
        )
    return directive


def _locked(directive_id: int, scope: Scope) -> Directive:
    rows = Directive.objects.select_for_update().filter(pk=directive_id)
    directive = scope.filter(rows).first()
    if directive is None:
        raise NotFound("directives.unknown", f"There is no directive {directive_id}.")
    return directive


ISSUER = frozenset({"close", "send_back"})


def is_side(directive: Directive, action: str, actor: Actor, from_path: str) -> bool:
    """Whether the actor's post stands on the side of the order that `action` belongs to."""
    if action in ISSUER:
        return from_path.startswith(actor.unit_path)
    return directive.unit_id == actor.unit_code


def _check_side(directive: Directive, action: str, actor: Actor) -> None:
    if not is_side(directive, action, actor, directive.from_unit.path):
        side = "the unit that gave it" if action in ISSUER else "the unit it was given to"
        raise NotAllowed("directives.not_yours", f"Only {side} may {action} a directive.")


def forward(
    *,
    directive_id: int,
    to_units: Sequence[str],
    note: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> Directive:
    """Pass a directive on to units below one's own; the due times stay.

    A unit that has it already is passed over.  Refuses when not signed yet, and units that are
    not below the recipient.
    """
    known = units.refs(to_units)
    with transaction.atomic():
        parent = _locked(directive_id, scope)
        _check_side(parent, "forward", actor)
        parent.state = states.check_may_do("directive", "forward", state=parent.state)
        there = set(parent.children.values_list("unit_id", flat=True))
        for code in to_units:
            _check_below(parent, known.get(code), code)
        passed = [
            _pass_on(parent, known[code], actor, now)
            for code in dict.fromkeys(to_units)
            if code not in there
        ]
        parent.save(update_fields=["state"])
        clockfacts.told([parent, *passed], actor=actor, now=now)
        facts = {"to": list(to_units)}
        _event(parent, action="forward", actor=actor, now=now, note=note, facts=facts)
        audit.record(
            actor=actor,
            action="directive.forward",
            object_=f"directive:{parent.pk}",
            at=now,
            facts={"to": list(to_units)},
        )
    return parent


def _check_below(parent: Directive, unit: units.UnitRef | None, code: str) -> None:
    below = unit is not None and unit["path"].startswith(parent.unit_path)
    if not below or code == parent.unit_id:
        raise NotAllowed("directives.out_of_scope", f"Unit {code} is not below yours.", unit=code)
    if parent.closed_at is not None:
        raise WrongState("directive.wrong_state", "A closed directive cannot be passed on.")


def _pass_on(parent: Directive, to: units.UnitRef, actor: Actor, now: dt.datetime) -> Directive:
    child = Directive.objects.create(
        incident_id=parent.incident_id,
        unit_id=to["code"],
        unit_path=to["path"],
        parent=parent,
        from_unit_id=parent.unit_id,
        decision_id=parent.decision_id,
        proposal_id=parent.proposal_id,
        kind=parent.kind,
        title=parent.title,
        text=parent.text,
        state=states.initial("directive"),
        issued_at=now,
        sign_due_at=max(parent.sign_due_at, now),
        due_at=parent.due_at,
    )
    return _settle(child, parent, actor, now)

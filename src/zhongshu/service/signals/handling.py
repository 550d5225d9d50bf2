"""What people do about signals, one by one or many at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from zhongshu.kernel.errors import BadInput, NotFound, Refused
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals import clockfacts
from zhongshu.service.signals.models import Signal

NEEDS_REASON = frozenset({"check", "assess", "dismiss", "reopen"})
# The four levels of a rapid risk assessment: WHO, Rapid Risk Assessment of Acute Public Health
# Events, 2012 (WHO/HSE/GAR/ARO/2012.1).
RISKS = ("low", "moderate", "high", "very_high")
_WRITTEN = (
    "state", "handled_by", "handled_at", "reason", "verified_at", "checked_at", "check_note",
    "assessed_at", "risk", "risk_note",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """One thing to be done: take, verify, check, assess, declare_event, dismiss or reopen.

    reason: why, or what was found.  risk: of `RISKS`, for assess alone.
    Refuses check, assess, dismiss and reopen without a reason, assess without a risk, and a risk
    with anything else.
    """

    action: str
    reason: str = ""
    risk: str = ""

    def __post_init__(self) -> None:
        if self.action in NEEDS_REASON and not self.reason.strip():
            raise BadInput(
                "signals.reason",
                f"To {self.action} a signal, say why or what was found.",
                action=self.action,
            )
        if (self.action == "assess") != bool(self.risk) or self.risk not in ("", *RISKS):
            raise BadInput(
                "signals.risk",
                f"To assess a signal, and only then, name its risk: {', '.join(RISKS)}.",
                action=self.action,
                risk=self.risk,
            )


@dataclasses.dataclass(frozen=True, slots=True)
class Triage:
    """done: what was moved on; refused: by signal number, why not."""

    done: tuple[int, ...]
    refused: tuple[tuple[int, Refused], ...]


def handle(*, signal_id: int, act: Act, scope: Scope, actor: Actor, now: dt.datetime) -> Signal:
    """Move one signal on by the state table; refuses what its state does not allow."""
    with transaction.atomic():
        signal = _locked([signal_id], scope).get(signal_id)
        if signal is None:
            raise _unknown(signal_id)
        _move(signal, act, actor, now)
        _write([signal], act, actor, now)
    return signal


def triage(
    *, signal_ids: Sequence[int], act: Act, scope: Scope, actor: Actor, now: dt.datetime
) -> Triage:
    """Do the same with many, each by the rules of `handle`: one that is refused stays as it is
    and does not hold up the others.  Costs the same queries however many they are."""
    asked = list(dict.fromkeys(signal_ids))
    done: list[Signal] = []
    refused: list[tuple[int, Refused]] = []
    with transaction.atomic():
        found = _locked(asked, scope)
        for number in asked:
            try:
                if number not in found:
                    raise _unknown(number)
                _move(found[number], act, actor, now)
                done.append(found[number])
            except Refused as refusal:
                refused.append((number, refusal))
        if done:
            _write(done, act, actor, now)
    return Triage(tuple(one.pk for one in done), tuple(refused))


def _unknown(signal_id: int) -> NotFound:
    return NotFound("signals.unknown", f"There is no signal {signal_id}.")


def _locked(signal_ids: Sequence[int], scope: Scope) -> dict[int, Signal]:
    """In the order of their numbers, so that two at once wait for each other and never both."""
    rows = Signal.objects.select_for_update().filter(pk__in=signal_ids).order_by("pk")
    return {one.pk: one for one in scope.filter(rows)}


def _move(signal: Signal, act: Act, actor: Actor, now: dt.datetime) -> None:
    signal.state = states.check_may_do("signal", act.action, state=signal.state)
    signal.handled_by, signal.handled_at, signal.reason = actor.name, now, act.reason
    if act.action in ("verify", "dismiss"):
        signal.verified_at = signal.verified_at or now
    elif act.action == "check":
        signal.checked_at, signal.check_note = now, act.reason
    elif act.action == "assess":
        signal.assessed_at, signal.risk, signal.risk_note = now, act.risk, act.reason
    elif act.action == "reopen":  # all of it is to be done again
        signal.verified_at = signal.checked_at = signal.assessed_at = None
        signal.check_note = signal.risk = signal.risk_note = ""


def _write(rows: Sequence[Signal], act: Act, actor: Actor, now: dt.datetime) -> None:
    Signal.objects.bulk_update(rows, _WRITTEN)
    clockfacts.told(rows, actor=actor, now=now)
    facts: dict[str, object] = {"reason": act.reason, "state": rows[0].state}
    if act.risk:
        facts["risk"] = act.risk
    alone = len(rows) == 1
    if not alone:
        facts["signals"] = [one.pk for one in rows]
    audit.record(
        actor=actor,
        action=f"signal.{act.action}",
        object_=f"signal:{rows[0].pk}" if alone else "signals",
        at=now,
        facts=facts,
    )

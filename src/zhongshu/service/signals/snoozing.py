"""Not showing what is known already: by county and stream, with a reason, for a while."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.rules import states
from zhongshu.service.audit import facade as audit
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.signals import clockfacts, figures
from zhongshu.service.signals.grades import rank, ranked
from zhongshu.service.signals.models import Signal, Snooze

EXPIRED = "until"
SNOOZABLE = states.sources("signal", "snooze")


def in_force(as_of: dt.datetime) -> Q:
    """Snoozes that held at the moment."""
    woken = Q(woken_at=None) | Q(woken_at__gt=as_of)
    return Q(made_at__lte=as_of, until__gt=as_of) & woken


def asleep(as_of: dt.datetime) -> Q:
    """For signals: one nobody has verified, of a county and stream that was snoozed then, and no
    worse than that."""
    grade = ExpressionWrapper(OuterRef("grade"), output_field=CharField())
    quiet = Snooze.objects.filter(
        in_force(as_of),
        incident=OuterRef("incident"),
        unit=OuterRef("unit"),
        stream=OuterRef("stream"),
    )
    ranks = quiet.annotate(theirs=grade).annotate(worst=ranked("grade"), rank=ranked("theirs"))
    return Q(Exists(ranks.filter(rank__gte=F("worst"))), state__in=SNOOZABLE)


def listed(*, scope: Scope, as_of: dt.datetime) -> QuerySet[Snooze]:
    return scope.filter(Snooze.objects.filter(in_force(as_of)))


def until(rows: Sequence[Signal], *, as_of: dt.datetime) -> dict[int, dt.datetime]:
    """Signal to the moment until which it is not shown, for those that are snoozed."""
    found = Snooze.objects.filter(in_force(as_of), unit__in={one.unit_id for one in rows})
    kept = {(one.incident_id, one.unit_id, one.stream): one for one in found}
    told = {}
    for one in rows:
        quiet = kept.get((one.incident_id, one.unit_id, one.stream))
        if quiet and one.state in SNOOZABLE and rank(one.grade) >= rank(quiet.grade):
            told[one.pk] = quiet.until
    return told


def snooze(
    *,
    signal_id: int,
    until: dt.datetime,
    reason: str,
    scope: Scope,
    actor: Actor,
    now: dt.datetime,
) -> Snooze:
    """Do not show signals of this one's county and stream until then, unless they are worse.

    Takes the place of one that is in force.  Refuses without a reason, for a signal that is
    verified or decided, and a moment that is not ahead or further ahead than
    ``signal.snooze_max_d`` days.
    """
    with transaction.atomic():
        signal = _locked(signal_id, scope)
        states.check_may_do("signal", "snooze", state=signal.state)
        _check(until, reason, now)
        _end(_open(signal), actor.name, now)
        made = Snooze.objects.create(
            incident_id=signal.incident_id,
            unit_id=signal.unit_id,
            unit_path=signal.unit_path,
            signal=signal,
            stream=signal.stream,
            grade=signal.grade,
            reason=reason,
            by=actor.name,
            made_at=now,
            until=until,
        )
        _told(made, actor, now)
        facts = {"reason": reason, "until": until, "stream": signal.stream}
        _record("snooze", signal, actor, now, facts)
    return made


def wake(*, signal_id: int, scope: Scope, actor: Actor, now: dt.datetime) -> None:
    """Show the signals of this one's county and stream again; refuses when they are shown."""
    with transaction.atomic():
        signal = _locked(signal_id, scope)
        found = [one for one in _open(signal) if one.until > now]
        if not found:
            raise WrongState(
                "signals.not_snoozed", "Signals of this county and stream are not snoozed."
            )
        _end(found, actor.name, now)
        _told(found[0], actor, now)
        _record("wake", signal, actor, now, {"stream": signal.stream})


def expire(*, actor: Actor, now: dt.datetime) -> int:
    """End the snoozes whose time is over and start the clocks of what they hid; how many."""
    with transaction.atomic():
        over = Snooze.objects.filter(incident=incidents.current(), woken_at=None, until__lte=now)
        hidden = over.filter(
            incident=OuterRef("incident"), unit=OuterRef("unit"), stream=OuterRef("stream")
        )
        _lock(Signal.objects.filter(Exists(hidden)))
        # One that was ended, or put in the place of another, in the meantime is not found again.
        rows = list(over.select_for_update().order_by("pk"))
        for one in rows:
            _end([one], EXPIRED, one.until)
            _told(one, actor, now)
    return len(rows)


def _locked(signal_id: int, scope: Scope) -> Signal:
    """With all signals of its county and stream, because a snooze is about all of them: two people
    at two of them wait for each other."""
    asked = scope.filter(Signal.objects.filter(pk=signal_id)).first()
    if asked is None:
        raise NotFound("signals.unknown", f"There is no signal {signal_id}.")
    same = Signal.objects.filter(
        incident=asked.incident_id, unit=asked.unit_id, stream=asked.stream
    )
    _lock(same)
    return Signal.objects.get(pk=signal_id)


def _lock(rows: QuerySet[Signal]) -> None:
    """Signals are locked before the snoozes about them, each by number, here and everywhere: a
    run that ends a snooze and somebody who snoozes anew would otherwise each hold what the other
    waits for."""
    list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _check(until: dt.datetime, reason: str, now: dt.datetime) -> None:
    if not reason.strip():
        raise BadInput("signals.reason", "To snooze a signal, say why.", action="snooze")
    days = figures.number("signal.snooze_max_d", now=now)
    if until.tzinfo is None:
        raise BadInput("moment.zone", "until needs a time zone, e.g. +08:00.")
    if not now < until <= now + dt.timedelta(days=days):
        raise BadInput(
            "signals.snooze_until",
            f"A signal is snoozed until a moment ahead, at most {days:g} days from now.",
            days=f"{days:g}",
        )


def _open(signal: Signal) -> list[Snooze]:
    """That of the signal's county and stream which nobody has ended yet."""
    rows = Snooze.objects.select_for_update().filter(
        incident_id=signal.incident_id,
        unit_id=signal.unit_id,
        stream=signal.stream,
        woken_at=None,
    )
    return list(rows.order_by("pk"))


def _end(rows: Sequence[Snooze], by: str, at: dt.datetime) -> None:
    for one in rows:
        one.woken_at, one.woken_by = min(at, one.until), by
        one.save(update_fields=["woken_at", "woken_by"])


def _told(one: Snooze, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of the signals it is about in line."""
    rows = Signal.objects.filter(
        incident_id=one.incident_id,
        unit_id=one.unit_id,
        stream=one.stream,
        state__in=SNOOZABLE,
    )
    clockfacts.told(list(rows), actor=actor, now=now)


def _record(
    what: str, signal: Signal, actor: Actor, now: dt.datetime, facts: dict[str, object]
) -> None:
    audit.record(
        actor=actor, action=f"signal.{what}", object_=f"signal:{signal.pk}", at=now, facts=facts
    )

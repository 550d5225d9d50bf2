"""What clocks are told of signals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.signals.grades import rank
from zhongshu.service.signals.models import Signal, Snooze
from zhongshu.service.units import facade as units


def told(signals: Sequence[Signal], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these signals in line; in the transaction that wrote them."""
    clocks.follow("signal", _rows(signals, now), actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all signals of the current incident in line; what changed."""
    found = Signal.objects.filter(incident=incidents.current())
    with transaction.atomic():
        rows = _rows(list(found.select_for_update()), now)
        return clocks.follow("signal", rows, actor=actor, now=now)


def _rows(signals: Sequence[Signal], now: dt.datetime) -> list[dict[str, Any]]:
    names = units.refs(one.unit_id for one in signals)
    starts = _starts(signals, now)
    return [_facts(one, names[one.unit_id]["name"], starts[one.pk]) for one in signals]


def _starts(signals: Sequence[Signal], now: dt.datetime) -> dict[int, dt.datetime | None]:
    """From when each is to be verified: since it was raised, or shown again; None while it is
    snoozed and once it is withdrawn."""
    kept: dict[tuple[int, str, str], list[Snooze]] = {}
    for quiet in Snooze.objects.filter(unit__in={one.unit_id for one in signals}):
        kept.setdefault((quiet.incident_id, quiet.unit_id, quiet.stream), []).append(quiet)
    told: dict[int, dt.datetime | None] = {}
    for one in signals:
        ends = (
            quiet.woken_at or quiet.until
            for quiet in kept.get((one.incident_id, one.unit_id, one.stream), ())
            if rank(one.grade) >= rank(quiet.grade)
        )
        # What was snoozed after it had been verified changes nothing about it.
        hidden = [end for end in ends if one.verified_at is None or end <= one.verified_at]
        start = max((one.known_at, *hidden))
        told[one.pk] = None if one.withdrawn_as_of or start > now else start
    return told


def _facts(one: Signal, unit_name: str, start: dt.datetime | None) -> dict[str, Any]:
    closed = one.handled_at if one.state in ("event", "false_alarm") else None
    return {
        "subject_id": one.pk,
        "unit_path": one.unit_path,
        "label": f"{unit_name} {one.date}",
        "known_at": max(one.known_at, one.handled_at or one.known_at),
        "id": str(one.pk),
        "path": one.unit_path,
        "stream": one.stream,
        "value": one.observed,
        "baseline_mean": one.expected,
        "baseline_sd": one.sd,
        "grade": one.grade,
        "state": one.state,
        "raised_at": start,
        "verified_at": one.verified_at,
        # Nothing is left to be checked in the field once it is decided upon.
        "field_checked_at": one.checked_at or closed,
        "assessed_at": one.assessed_at,
        "closed_at": closed,
    }

"""What clocks are told of signals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from zhongshu.service.clocks import facade as clocks
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.signals.models import Signal
from zhongshu.service.units import facade as units


def told(signals: Sequence[Signal], *, actor: Actor, now: dt.datetime) -> None:
    """Bring the clocks of these signals in line; in the transaction that wrote them."""
    clocks.follow("signal", _rows(signals), actor=actor, now=now)


def told_all(*, actor: Actor, now: dt.datetime) -> dict[str, int]:
    """Bring the clocks of all signals of the current incident in line; what changed."""
    found = Signal.objects.filter(incident=incidents.current())
    with transaction.atomic():
        rows = _rows(list(found.select_for_update()))
        return clocks.follow("signal", rows, actor=actor, now=now)


def _rows(signals: Sequence[Signal]) -> list[dict[str, Any]]:
    names = units.refs(one.unit_id for one in signals)
    return [_facts(one, names[one.unit_id]["name"]) for one in signals]


def _facts(one: Signal, unit_name: str) -> dict[str, Any]:
    gone = one.withdrawn_as_of is not None
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
        "raised_at": None if gone else one.known_at,
        "verified_at": one.verified_at,
        # Nothing is left to be checked in the field once it is decided upon.
        "field_checked_at": one.checked_at or closed,
        "assessed_at": one.assessed_at,
        "closed_at": closed,
    }

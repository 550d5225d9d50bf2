"""How a signal is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from zhongshu.api.door import View
from zhongshu.api.shapes import UnitRef
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

_TOLD = (
    "stream", "date", "observed", "expected", "z", "p_value", "grade", "method", "state",
    "evidence", "known_at", "handled_by", "handled_at", "reason", "verified_at", "checked_at",
    "check_note", "assessed_at", "risk_note",
)  # fmt: skip


class DayCount(Schema):
    """count null: nobody reported that day."""

    date: dt.date
    count: float | None


class SignalEvidence(Schema):
    history: list[DayCount] = Field(default_factory=list)
    expected_upper: float | None = None
    tested: int | None = None


class SignalGroup(Schema):
    """What is probably one outbreak, as far as one's rights reach; id: of its first signal."""

    id: int
    signals: int
    first: dt.date
    last: dt.date
    counties: list[str]


class Neighbour(Schema):
    unit: UnitRef
    z: float


class SignalItem(Schema):
    id: int
    unit: UnitRef
    stream: str
    date: dt.date
    observed: float
    expected: float
    z: float
    p_value: float
    grade: str
    method: str
    state: str
    evidence: SignalEvidence
    known_at: dt.datetime
    handled_by: str
    handled_at: dt.datetime | None
    reason: str
    verified_at: dt.datetime | None
    checked_at: dt.datetime | None
    check_note: str
    assessed_at: dt.datetime | None
    risk: str | None = Field(description="low, moderate, high or very_high")
    risk_note: str
    group: SignalGroup
    snoozed_until: dt.datetime | None
    neighbours: list[Neighbour] = Field(
        description="signals of the same stream and day in bordering counties"
    )


def items(
    rows: Sequence[signals.Signal], view: View, everywhere: View | None = None
) -> list[dict[str, Any]]:
    """rows: with their units.  Groups and neighbours are looked for in all of `everywhere`, so
    that they do not end where a list was narrowed down."""
    reach = everywhere or view
    numbers = [signals.group_of(one) for one in rows]
    grouped = signals.counted(numbers, scope=reach.scope, as_of=view.as_of)
    around = signals.beside(rows, scope=reach.scope, as_of=view.as_of)
    named = units.refs({code for found in around.values() for code, _ in found})
    asleep = signals.snoozed_until(rows, as_of=view.as_of)
    return [
        {name: getattr(one, name) for name in _TOLD}
        | {
            "id": one.pk,
            "unit": units.ref(one.unit),
            "risk": one.risk or None,
            "group": _group(one, grouped),
            "snoozed_until": asleep.get(one.pk),
            "neighbours": [{"unit": named[code], "z": z} for code, z in around[one.pk]],
        }
        for one in rows
    ]


def _group(one: signals.Signal, grouped: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    """A signal that was not yet known then, looked at by its number, stands alone."""
    number = signals.group_of(one)
    alone = {"signals": 1, "first": one.date, "last": one.date, "units": [one.unit_id]}
    facts = grouped.get(number, alone)
    return {
        "id": number,
        "counties": sorted(facts["units"]),
        **{name: facts[name] for name in ("signals", "first", "last")},
    }

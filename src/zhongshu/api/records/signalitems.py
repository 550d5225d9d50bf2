"""How a signal is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from zhongshu.api.door import View
from zhongshu.api.shapes import Text, UnitRef
from zhongshu.service.periods import facade as periods
from zhongshu.service.signals import facade as signals
from zhongshu.service.units import facade as units

_TOLD = (
    "stream", "date", "observed", "expected", "z", "p_value", "probability", "grade", "method",
    "state", "evidence", "known_at", "handled_by", "handled_at", "reason", "verified_at",
    "checked_at", "check_note", "assessed_at", "risk_note",
)  # fmt: skip


_OF_ALL = {"tested": None, "budget": None}  # counted for all counties together


class DayCount(Schema):
    """count null: nobody reported that day.  expected, upper: what a model of a long history
    expected and the count it would have called unusual; null where there is none."""

    date: dt.date
    count: float | None
    expected: float | None = None
    upper: float | None = None


class StreamEvidence(Schema):
    """One stream behind a signal, on its day.  z: above what was expected, in standard deviations;
    null, as observed, where it did not report.  why: `short_history` where a longer one would have
    been judged otherwise, with has and needs in days; else empty."""

    stream: str
    method: str
    observed: float | None
    expected: float | None
    sd: float | None
    z: float | None
    p_value: float | None
    upper: float | None = None
    why: str = ""
    has: int | None = None
    needs: int | None = None
    history: list[DayCount] = Field(default_factory=list)


class SpentBudget(Schema):
    """Of the day: alerts a week that are set, raised that day, the log10 odds an alert needed,
    and alerts to be expected by chance."""

    set_per_week: float
    raised: int
    level: float
    by_chance: float


class SignalEvidence(Schema):
    """history, expected_upper: of the stream `lead`.  tested: series tested that day, like the
    budget null for whoever may see less than the whole area.  as_of: what
    was known then is what was judged."""

    history: list[DayCount] = Field(default_factory=list)
    expected_upper: float | None = None
    tested: int | None = None
    as_of: dt.datetime | None = None
    lead: str | None = None
    streams: list[StreamEvidence] = Field(default_factory=list)
    score: float | None = Field(
        default=None, description="all streams and the last weeks together, in sd"
    )
    budget: SpentBudget | None = None


class RuleGroup(Schema):
    """A school, village or household that reached the threshold; persons: at least so many."""

    name: str
    first: dt.date
    last: dt.date
    persons: int


class SignalRule(Schema):
    """The rule of a pack that raised a signal.  proposal_id: where what to do about it waits, or
    was decided; null outside one's scope."""

    pack: str
    version: str
    rule_id: str
    text: Text
    groups: list[RuleGroup]
    proposal_id: int | None


class SignalGroup(Schema):
    """What is probably one outbreak, as far as one's rights reach; id: of its first signal."""

    id: int
    signals: int
    first: dt.date
    last: dt.date
    counties: list[str]


class Neighbour(Schema):
    """z: of a joint signal the score of the county, else of its signal."""

    unit: UnitRef
    z: float


class SignalItem(Schema):
    id: int
    unit: UnitRef
    stream: str
    date: dt.date
    observed: float = Field(description="of a joint signal those of its stream `evidence.lead`")
    expected: float | None = Field(description="null where a rule raised it, as z and p_value")
    z: float | None
    p_value: float | None
    probability: float | None = Field(
        description="that it is an outbreak; null where nobody can know"
    )
    rule: SignalRule | None
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
        description="what bordering counties showed in the same stream that day"
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
    asked = {key for one in rows if (key := _proposal_key(one))}
    whole = signals.of_whole_area(reach.scope)
    proposals = periods.numbers(asked, scope=reach.scope, as_of=view.as_of) if asked else {}
    return [
        {name: getattr(one, name) for name in _TOLD}
        | {
            "id": one.pk,
            "unit": units.ref(one.unit),
            "evidence": one.evidence if whole else one.evidence | _OF_ALL,
            "risk": one.risk or None,
            "rule": _rule(one, proposals),
            "group": _group(one, grouped),
            "snoozed_until": asleep.get(one.pk),
            "neighbours": [{"unit": named[code], "z": z} for code, z in around[one.pk]],
        }
        for one in rows
    ]


def _proposal_key(one: signals.Signal) -> str | None:
    key: str | None = one.evidence.get("rule", {}).get("proposal") if one.rule else None
    return key


def _rule(one: signals.Signal, proposals: Mapping[str, int]) -> dict[str, Any] | None:
    if not one.rule:
        return None
    told = one.evidence["rule"]
    names = ("pack", "version", "rule_id", "text", "groups")
    return {name: told[name] for name in names} | {"proposal_id": proposals.get(told["proposal"])}


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

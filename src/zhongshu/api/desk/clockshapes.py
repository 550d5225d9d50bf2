"""How clocks are shown: the wall, one line of a list, one clock with all that happened to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from zhongshu.api import messages
from zhongshu.api.door import Here
from zhongshu.api.shapes import Text, UnitRef
from zhongshu.kernel.errors import NotFound
from zhongshu.rules import clocks as rules
from zhongshu.rules import reader, states
from zhongshu.service.clocks import facade as clocks
from zhongshu.service.units import facade as units


class Counts(Schema):
    """Running clocks by when they are due; each in one bucket."""

    overdue: int
    h1: int = Field(description="due within the next hour")
    h4: int = Field(description="after that, within four hours")
    h24: int = Field(description="after that, within 24 hours")
    later: int


class OwnerCounts(Counts):
    unit: UnitRef
    below: bool = Field(description="true: the unit and all below it; false: the unit alone")


class KindCounts(Counts):
    clock: str
    name: Text
    rule_id: str
    verified: bool


class Wall(Schema):
    now: dt.datetime = Field(description="the full minute the numbers are for")
    totals: Counts
    owners: list[OwnerCounts]
    kinds: list[KindCounts]


class ClockSubject(Schema):
    kind: str
    id: int
    label: Text


class ClockBrief(Schema):
    id: int
    clock: str
    name: Text
    rule_id: str
    verified: bool
    subject: ClockSubject
    owner: UnitRef
    anchor_at: dt.datetime
    due_at: dt.datetime
    state: str = Field(description="running, overdue, met, met_late or waived")
    pct: float = Field(description="share of the time used; 100 when due")
    step: str = Field(description="the last step of escalation taken, or empty")
    pack_version: str


class Waived(Schema):
    reason: str
    note: str
    by: str
    at: dt.datetime


class ClockEvent(Schema):
    at: dt.datetime
    what: str
    by: str
    to: UnitRef | None
    note: str


class LadderStep(Schema):
    step: str
    at: dt.datetime
    levels_up: int
    to: UnitRef
    done_at: dt.datetime | None


class ClockMay(Schema):
    remind: bool
    waive: bool


class ClockDetail(ClockBrief):
    mark: str = Field(description="of the rule: V read in a source, R recalled, D our own design")
    rule: Text
    legal_basis: Text | None
    length: float | None = Field(description="in `unit`; null where a fact says when it is due")
    unit: str
    anchor_fact: str
    stop_fact: str | None
    stopped_at: dt.datetime | None
    waived: Waived | None
    events: list[ClockEvent]
    ladder: list[LadderStep]
    may: ClockMay


def briefs(rows: Collection[clocks.Clock], then: clocks.Then) -> dict[int, dict[str, Any]]:
    """Clock id to how it is shown; two queries whatever their number."""
    kinds = clocks.kinds(rows)
    known = units.refs(row.unit_id for row in rows)
    return {row.pk: _brief(row, kinds[row.kind_id], known, then) for row in rows}


def _brief(
    row: clocks.Clock,
    kind: clocks.Kind,
    known: Mapping[str, units.UnitRef],
    then: clocks.Then,
) -> dict[str, Any]:
    return {
        "id": row.pk,
        "clock": row.clock,
        "name": kind.name,
        "rule_id": kind.rule_id,
        "verified": kind.verified,
        "subject": {
            "kind": row.subject_kind,
            "id": row.subject_id,
            "label": messages.label(f"clock.of.{row.subject_kind}", label=row.label),
        },
        "owner": known[row.unit_id],
        "anchor_at": row.anchor_at,
        "due_at": row.due_at,
        "state": clocks.state_then(row, then),
        "pct": _pct(row, then.at),
        "step": row.step,
        "pack_version": kind.pack_version,
    }


def _pct(row: clocks.Clock, at: dt.datetime) -> float:
    """Share of the time used when it ended, or by now."""
    until = row.ended_at or row.waived_at or at
    span = (row.due_at - row.anchor_at).total_seconds()
    used = (until - row.anchor_at).total_seconds()
    return round(max(0.0, 100 * used / span), 1) if span > 0 else 100.0 * (until >= row.due_at)


def _mark(kind: clocks.Kind) -> str:
    """The rule's mark as its pack has it; of a pack that is gone, what was kept of it."""
    kept = "V" if kind.verified else "R"
    try:
        rule = reader.load(kind.pack_version).rules.get(kind.rule_id)
    except NotFound:
        return kept
    return rule.mark.value if rule is not None else kept


def detail(asking: Here, clock_id: int, then: clocks.Then) -> dict[str, Any]:
    row = clocks.get(clock_id, asking.scope)
    kind = clocks.kinds([row])[row.kind_id]
    line = units.refs(code for code in row.unit_path.split("/") if code)
    events = clocks.events(row)
    waived = {
        "reason": row.waived_reason, "note": row.waived_note,
        "by": row.waived_by, "at": row.waived_at,
    }  # fmt: skip
    return _brief(row, kind, line, then) | {
        "mark": _mark(kind),
        "rule": kind.rule,
        "legal_basis": kind.legal_basis,
        "length": kind.length,
        "unit": kind.unit,
        "anchor_fact": kind.anchor_fact,
        "stop_fact": kind.stop_fact or None,
        "stopped_at": row.ended_at,
        "waived": waived if row.state == "waived" else None,
        "events": [
            {
                "at": one.at,
                "what": one.what,
                "by": one.by,
                "to": units.ref(one.to_unit) if one.to_unit else None,
                "note": one.note,
            }
            for one in events
        ],
        "ladder": _ladder(row, line, events),
        "may": {action: may(asking, row, action) for action in ("remind", "waive")},
    }


def _ladder(
    row: clocks.Clock,
    line: Mapping[str, units.UnitRef],
    events: Sequence[clocks.ClockEvent],
) -> list[dict[str, Any]]:
    """The steps with whom they reach; done_at of those that were taken and not taken back."""
    taken = {one.what: one.at for one in events}
    found = []
    for rung in clocks.rungs(row.kind_id):
        step = rules.Rung(rung.step, rung.pct, rung.levels_up)
        code = rules.above(row.unit_path, rung.levels_up).rstrip("/").rpartition("/")[2]
        found.append(
            {
                "step": rung.step,
                "at": rules.step_at(step, anchor=row.anchor_at, due=row.due_at),
                "levels_up": rung.levels_up,
                "to": line[code],
                "done_at": taken.get(rung.step) if rung.step in row.done else None,
            }
        )
    return found


def may(asking: Here, row: clocks.Clock, action: str) -> bool:
    """The permission, where it counts, and the state all allow it: the button is shown."""
    permission = states.NEEDS["clock"][action]
    return asking.held.scope(permission).covers(row.unit_path) and states.may_do(
        "clock", action, state=row.state
    )


def then_of(asking: Here, moment: dt.datetime) -> clocks.Then:
    return clocks.Then.of(moment, now=asking.now)

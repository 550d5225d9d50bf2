"""How long somebody stays apart from others and when he is tested, as the pack in force says.

`of_subject` takes a person's facts and finds the schedule, its days and its release; `releases` is
the same for a table of a hundred thousand.  Days are Beijing days.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.time import DAY, beijing_day
from zhongshu.rules import expression, judgement, model, sure
from zhongshu.rules.expression import vector
from zhongshu.rules.judgement import Facts, Held, Judgement
from zhongshu.rules.model import Pack
from zhongshu.rules.schedules import (
    CENTRAL,
    Period,
    Plan,
    Stay,
    Test,
    lengths,
    plan,
    served_days,
)

__all__ = [
    "BY_DEGREE",
    "Period",
    "Plan",
    "Release",
    "Revision",
    "Stay",
    "Test",
    "anchor_day",
    "applying",
    "as_day",
    "judge_days",
    "of_person",
    "of_subject",
    "plan",
    "release",
    "releases",
    "revised",
    "served_days",
]

# Group of the pack that holds the figures, by degree of contact.
BY_DEGREE = {1: "close_contact", 2: "second"}
_EPOCH = dt.date(1970, 1, 1)


def applying(pack: Pack, subject: str, facts: Facts) -> model.Schedule | None:
    """The first schedule of the pack for a subject of this kind with these facts, or None."""
    told, figures = judgement.plain(facts), judgement.lookup(pack)
    for said in pack.schedules.values():
        if said.of == subject and (
            said.when is None or expression.explain(said.when, told, figures=figures).held
        ):
            return said
    return None


def anchor_day(said: model.Schedule, facts: Facts) -> dt.date | None:
    """The Beijing day of the schedule's anchor among `facts`, None where it is not known."""
    return as_day(facts.get(said.anchor))


def as_day(value: object) -> dt.date | None:
    """A day, or the Beijing day of a moment; text in ISO form is read."""
    if isinstance(value, str):
        day = len(value) == len("2022-11-08")
        value = dt.date.fromisoformat(value) if day else dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return beijing_day(value)
    return value if isinstance(value, dt.date) else None


def of_subject(pack: Pack, subject: str, facts: Facts) -> Plan | None:
    """The plan of a subject by the facts alone; None where no schedule applies or its anchor is
    not known.

    Facts besides those the schedules name: ``begins`` (day), and of the days before it ``served``
    (list of {from, to}) or their number ``days_served``; see `plan`.
    """
    said = applying(pack, subject, facts)
    anchor = anchor_day(said, facts) if said is not None else None
    if said is None or anchor is None:
        return None
    return plan(
        pack,
        said.id,
        anchor=anchor,
        begins=as_day(facts.get("begins")),
        served=_periods(facts.get("served") or ()),
        days_served=int(facts.get("days_served") or 0),
    )


def _periods(told: Iterable[Mapping[str, Any]]) -> list[Period]:
    days = [(as_day(one["from"]), as_day(one["to"])) for one in told]
    return [(first, last) for first, last in days if first and last]


def of_person(pack: Pack, subject: str, exposures: Sequence[Facts]) -> Plan | None:
    """The plan of a person who is a contact several times: through two cases, or of two degrees.

    Within one schedule the latest anchor counts.  Where schedules differ, the one the pack lists
    first rules the place, and what the others still ask for follows: each obligation is served in
    full, and none is made longer by a day that belongs to another (no measure is added).
    """
    latest: dict[str, Plan] = {}
    for facts in exposures:
        found = of_subject(pack, subject, facts)
        held = latest.get(found.schedule_id) if found else None
        if found and (held is None or found.ends_on > held.ends_on):
            latest[found.schedule_id] = found
    ordered = [latest[name] for name in pack.schedules if name in latest]
    return _together(ordered[0], ordered[1:]) if ordered else None


def _together(first: Plan, others: Sequence[Plan]) -> Plan:
    """`first`, and after it whatever of `others` is still to be served."""
    for other in others:
        end = first.ends_on
        if other.ends_on <= end:
            continue
        rest = [
            dataclasses.replace(stay, first=max(stay.first, end + DAY))
            for stay in other.stays
            if stay.last > end
        ]
        first = dataclasses.replace(
            first,
            stays=(*first.stays, *rest),
            tests=(*first.tests, *(test for test in other.tests if test.on > end)),
            ends_on=other.ends_on,
        )
    return first


@dataclasses.dataclass(frozen=True, slots=True)
class Release:
    """Whether somebody may go: the days, and what the schedule asks for beside them."""

    plan: Plan
    days_over: bool
    conditions: tuple[Held, ...]
    released: bool


def release(pack: Pack, subject: str, facts: Facts, *, on: dt.date) -> Release | None:
    """Days and conditions of a subject on the Beijing day `on`; None where nothing keeps him."""
    found = of_subject(pack, subject, facts)
    if found is None:
        return None
    said = pack.schedules[found.schedule_id].release
    held = judgement.conditions(pack, said, facts)
    over = on > found.ends_on
    return Release(found, over, held, over and judgement.released(said, held))


def judge_days(pack: Pack, subject: str, facts: Facts, *, on: dt.date) -> Judgement | None:
    """Whether somebody is free on the Beijing day `on`, as a judgement that can be done again;
    outcome: his days.  None where no schedule applies."""
    found = release(pack, subject, facts, on=on)
    if found is None:
        return None
    said = pack.schedules[found.plan.schedule_id]
    looked_at = [
        said.when,
        *(one.when for one in (said.release.conditions if said.release else ())),
    ]
    kept = judgement.used({**facts, "on": on}, looked_at)
    for name in (said.anchor, "begins", "served", "days_served", "on"):
        if (value := {**facts, "on": on}.get(name)) is not None:
            kept[name] = judgement.plain(value)
    over = (_fact("on", on), _fact("ends_on", found.plan.ends_on))
    days = judgement.joined("after", found.days_over, over)
    anchored = _fact(said.anchor, found.plan.anchor)
    return judgement.made(
        pack,
        rule_id=said.rule_id,
        subject=subject,
        facts=kept,
        held=found.released,
        outcome=found.plan.as_json(),
        trace=judgement.joined(
            "and", found.released, (days, *(c.trace for c in found.conditions), anchored)
        ),
        kind=judgement.SCHEDULE,
        part=said.id,
    )


def _fact(name: str, value: object) -> expression.Trace:
    return expression.Trace(
        op="var", value=judgement.plain(value), held=True, unknown=False, fact=name, figure=None,
        parts=(),
    )  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Revision:
    """What a correction of the facts changes for somebody.

    action: ``unchanged``; ``prolonged``, ``shortened`` or ``moved`` (other days, same end) while
    he is apart; ``release`` (nothing keeps him any more); ``resume`` (he was free and by the
    corrected facts is not); ``past`` (the corrected days are over too: he stays free).
    """

    action: str
    before: Plan | None
    after: Plan | None


def revised(before: Plan | None, after: Plan | None, *, on: dt.date) -> Revision:
    """Compare the plans before and after a correction: an onset that moved changes the window,
    and with it the last exposure, or makes it vanish, or makes one, perhaps after release."""
    kept_before = before is not None and before.ends_on >= on
    kept_after = after is not None and after.ends_on >= on
    if before == after:
        return Revision("unchanged", before, after)
    if before is None or after is None or not (kept_before and kept_after):
        action = "release" if kept_before else "resume" if kept_after else "past"
        return Revision(action, before, after)
    longer = (after.ends_on - before.ends_on).days
    action = "prolonged" if longer > 0 else "shortened" if longer < 0 else "moved"
    return Revision(action, before, after)


RELEASES = pa.schema(
    [
        ("schedule", pa.string()),
        ("rule_id", pa.string()),
        ("verified", pa.bool_()),
        ("day_one", pa.date32()),
        ("central_until", pa.date32()),
        ("ends_on", pa.date32()),
        ("released", pa.bool_()),
    ]
)


def releases(
    pack: Pack, table: pa.Table, *, subject: str = "contact", on: dt.date | None = None
) -> pa.Table:
    """`release` for every row of `table` at once: schema `RELEASES`, in the order of the rows.

    table: a column per fact; beside them, where there are any, ``begins`` (date32) and
    ``days_served`` (int).  A row no schedule applies to, or without its anchor,
    has nulls.  released: on the day `on`; null where no day is asked for.
    """
    rows = table.num_rows
    chosen = np.full(rows, -1, np.int16)
    day_one, central, ends = (np.full(rows, np.iinfo(np.int64).min) for _ in range(3))
    free = np.zeros(rows, bool)
    figures = judgement.lookup(pack)
    asked = [said for said in pack.schedules.values() if said.of == subject]
    for number, said in enumerate(asked):
        anchor, known = _days(table, said.anchor)
        mask = (chosen < 0) & _held(said.when, table, figures)
        chosen[mask] = number  # the first that applies, even where its anchor is not known
        mask &= known
        first = anchor + 1 - said.first_day
        begins, late = _days(table, "begins")
        start = np.where(late, np.maximum(begins, first), first)
        credit = _credit(table) * late if said.top_up else np.zeros(rows, np.int64)
        total, until = _spans(pack, said)
        day_one[mask] = first[mask]
        ends[mask] = np.maximum(start + total - credit - 1, start - 1)[mask]
        held = mask & (until > credit)
        central[held] = (start + until - credit - 1)[held]
        if on is not None:
            free[mask] = ((ends < (on - _EPOCH).days) & _let_go(said, table, figures))[mask]
    known = ends > np.iinfo(np.int64).min
    picked = pa.array(np.where(known, chosen, -1), mask=~known)
    return pa.table(
        {
            "schedule": pa.array([one.id for one in asked], pa.string()).take(picked),
            "rule_id": pa.array([one.rule_id for one in asked], pa.string()).take(picked),
            "verified": pa.array([sure.verified(pack, one) for one in asked], pa.bool_()).take(
                picked
            ),
            "day_one": _dates(day_one),
            "central_until": _dates(central),
            "ends_on": _dates(ends),
            "released": pa.array(free, mask=~known) if on else pa.nulls(rows, pa.bool_()),
        },
        schema=RELEASES,
    )


def _held(when: model.Expression, table: pa.Table, figures: Any) -> np.ndarray[Any, Any]:
    if when is None:
        return np.ones(table.num_rows, bool)
    return truth(vector.evaluate(when, table, figures=figures))


def truth(found: pa.Array | pa.ChunkedArray) -> np.ndarray[Any, Any]:
    """Where a condition held; null is not held."""
    return np.asarray(pc.fill_null(found.cast(pa.bool_()), False).to_numpy(zero_copy_only=False))


def _let_go(said: model.Schedule, table: pa.Table, figures: Any) -> np.ndarray[Any, Any]:
    """Where the conditions beside the days hold."""
    if said.release is None or not said.release.conditions:
        return np.ones(table.num_rows, bool)
    held = np.stack([_held(one.when, table, figures) for one in said.release.conditions])
    return np.asarray(held.all(axis=0) if said.release.mode == "all" else held.any(axis=0))


def _spans(pack: Pack, said: model.Schedule) -> tuple[int, int]:
    """(days in all, count of the last central day; 0 where none is central)"""
    done = until = 0
    for stage, length in zip(said.stages, lengths(pack, said), strict=True):
        done += length
        if stage.place == CENTRAL and length:
            until = done
    return done, until


def _credit(table: pa.Table) -> np.ndarray[Any, Any]:
    if "days_served" not in table.column_names:
        return np.zeros(table.num_rows, np.int64)
    return np.asarray(pc.fill_null(table["days_served"], 0).to_numpy(), np.int64)


def _days(table: pa.Table, name: str) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(days since 1970 as Beijing days, known) of a column of days or moments."""
    if name not in table.column_names:
        return np.zeros(table.num_rows, np.int64), np.zeros(table.num_rows, bool)
    column = table[name]
    if pa.types.is_timestamp(column.type):
        local = pc.local_timestamp(column.cast(pa.timestamp("s", "Asia/Shanghai"), safe=False))
        column = local.cast(pa.date32(), safe=False)
    known = np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False))
    days = pc.fill_null(column.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
    return np.asarray(days, np.int64), known


def _dates(days: np.ndarray[Any, Any]) -> pa.Array:
    unknown = days == np.iinfo(np.int64).min
    return pa.array(np.where(unknown, 0, days).astype(np.int32), pa.int32(), mask=unknown).cast(
        pa.date32()
    )

"""The colour of a person's health code: by an epidemic rule and for no other reason (HC-2).

Every rule of the pack that judges persons and gives a colour is asked, highest priority first; the
first that holds gives it.  Who meets none is green, and green needs no reason.  A colour lasts as
long as its rule holds; `until` is when it is expected to end.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.kernel.time import BEIJING, DAY, start_of_day
from zhongshu.rules import judgement, sure
from zhongshu.rules.expression import Trace, vector
from zhongshu.rules.isolation import truth
from zhongshu.rules.judgement import Facts, Judgement
from zhongshu.rules.model import Expression, Pack, Rule

GREEN = "green"
SUBJECT = "person"
_SECONDS = pa.timestamp("s", "UTC")
COLOURS = pa.schema(
    [
        ("colour", pa.string()),
        ("rule_id", pa.string()),
        ("verified", pa.bool_()),
        ("until", _SECONDS),
    ]
)


@dataclasses.dataclass(frozen=True, slots=True)
class Colour:
    """rule_id: "" where no rule gives it.  until: the moment it is expected to end, None where the
    rule says none (a day means its end).  trace: how the rule came to hold; judgement: to be
    kept."""

    colour: str
    rule_id: str
    until: dt.datetime | None
    verified: bool
    trace: Trace | None
    judgement: Judgement | None


def colour(pack: Pack, facts: Facts) -> Colour:
    """The colour of one person; `facts` holds ``now``, the moment of judging."""
    for rule in giving(pack):
        found = judgement.judge(pack, rule.rule_id, facts)
        if found.held:
            until = _moment(found.outcome.get("until"))
            given = str(found.outcome["colour"])
            read = sure.verified(pack, rule)
            return Colour(given, rule.rule_id, until, read, found.trace, found)
    return Colour(GREEN, "", None, True, None, None)


def giving(pack: Pack) -> list[Rule]:
    """The rules that give a colour, in the order they are asked."""
    rules = judgement.judging(pack, SUBJECT)
    return [rule for rule in rules if rule.logic is not None and rule.logic.then.colour is not None]


def colours(pack: Pack, table: pa.Table) -> pa.Table:
    """`colour` for every row of `table` at once: schema `COLOURS`, in the order of the rows.

    table: a column per fact, ``now`` among them.
    """
    rows = table.num_rows
    figures = judgement.lookup(pack)
    rules = giving(pack)
    chosen = np.full(rows, -1, np.int16)
    ends = np.zeros(rows, np.int64)
    ending = np.zeros(rows, bool)
    for number, rule in enumerate(rules):
        if rule.logic is None:
            continue
        held = (chosen < 0) & truth(vector.evaluate(rule.logic.when, table, figures=figures))
        if not held.any():
            continue
        chosen[held] = number
        ends[held], ending[held] = _until(rule.logic.then.until, table, held, figures)
    none = chosen < 0
    picked = pa.array(np.where(none, len(rules), chosen))
    given = [*(str(rule.logic.then.colour) for rule in rules if rule.logic), GREEN]
    return pa.table(
        {
            "colour": pa.array(given, pa.string()).take(picked),
            "rule_id": pa.array([*(rule.rule_id for rule in rules), ""], pa.string()).take(picked),
            "verified": pa.array(
                [*(sure.verified(pack, rule) for rule in rules), True], pa.bool_()
            ).take(picked),
            "until": pa.array(ends, pa.int64(), mask=~ending).cast(_SECONDS),
        },
        schema=COLOURS,
    )


def _until(
    said: Expression, table: pa.Table, held: np.ndarray[Any, Any], figures: Any
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(seconds since 1970, known) of the end of a colour, for the rows of `held`."""
    rows = int(held.sum())
    if said is None:
        return np.zeros(rows, np.int64), np.zeros(rows, bool)
    found = vector.evaluate(said, table.filter(pa.array(held)), figures=figures)
    return _seconds(found, rows)


def _seconds(
    column: pa.Array | pa.ChunkedArray, rows: int
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """(seconds since 1970, known) of moments, or of the ends of Beijing days."""
    if pa.types.is_null(column.type):
        return np.zeros(rows, np.int64), np.zeros(rows, bool)
    if pa.types.is_date(column.type):
        days = pc.fill_null(column.cast(pa.int32()), 0).to_numpy(zero_copy_only=False)
        first = np.int64(start_of_day(dt.date(1970, 1, 2)).timestamp())
        seconds = np.asarray(days, np.int64) * int(DAY.total_seconds()) + first
    else:
        whole = column.cast(_SECONDS, safe=False).cast(pa.int64())
        seconds = np.asarray(pc.fill_null(whole, 0).to_numpy(zero_copy_only=False), np.int64)
    return seconds, np.asarray(pc.is_valid(column).to_numpy(zero_copy_only=False))


def _moment(value: object) -> dt.datetime | None:
    """A moment, or the end of a Beijing day, out of plain values."""
    if isinstance(value, str):
        day = len(value) == len("2022-11-08")
        value = dt.date.fromisoformat(value) if day else dt.datetime.fromisoformat(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(BEIJING).replace(microsecond=0)
    return start_of_day(value + DAY) if isinstance(value, dt.date) else None

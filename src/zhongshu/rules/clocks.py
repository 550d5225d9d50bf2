"""Clocks: when is something due, whose business is it, and who hears of it on the way there.

Pure: the pack says the lengths, the caller the facts.  `due` is the readable form for one
subject; `due_many` the same for a column of anchors (a property test holds them together).
Days are Beijing days, which have had no summer time since 1992.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import DAY, beijing, beijing_day, parse_moment, start_of_day
from zhongshu.rules.model import Clock, Escalation, Logic, Pack

LEVELS = ("province", "city", "county", "township", "village")  # from the root of a path down
Microseconds = npt.NDArray[np.int64]  # since 1970 in UTC
_HOUR_US = 3_600_000_000
_SECONDS = {"minute": 60, "hour": 3600}  # units that run on through days and nights
# Figures a pack with working days may have: lists of Beijing days.
HOLIDAYS, EXTRA_WORKING_DAYS = "calendar.holidays", "calendar.extra_working_days"
_DAY_US = 24 * _HOUR_US
_BEIJING_US = 8 * _HOUR_US


@dataclasses.dataclass(frozen=True, slots=True)
class Rung:
    """A step of a clock's ladder: at `pct` per cent of its time, `levels_up` above the owner."""

    step: str
    pct: float
    levels_up: int


# --- when it is due -----------------------------------------------------------------------------


def moment(value: dt.datetime | dt.date | str) -> dt.datetime:
    """A fact as a moment: a day begins at 00:00 Beijing time; text is read (naive: Beijing)."""
    if isinstance(value, str):
        short = len(value) == len("2022-11-08")
        value = dt.date.fromisoformat(value) if short else parse_moment(value)
    return beijing(value) if isinstance(value, dt.datetime) else start_of_day(value)


def length(clock: Clock, pack: Pack) -> float | None:
    """The clock's length in its unit; None where a fact says when it is due."""
    return None if clock.length is None else pack.number(clock.length)


def due(
    clock: Clock,
    anchor: dt.datetime | dt.date | str,
    *,
    pack: Pack,
    facts: Mapping[str, Any] | None = None,
) -> dt.datetime:
    """When the clock that `anchor` started is due.

    minute, hour: so many after the anchor.  calendar_day: at the end of the Beijing day that many
    after the anchor's; working_day: the same, but only working days count.  day_number: at the end
    of the day that bears the number, the anchor's own day bearing `first_day`.  The end of a day
    is 00:00 of the next.
    top_up: time served before the count began (fact ``served``: {from, to} days, both included,
    or moments for hours) is taken off; nothing is due before its anchor.
    Refuses (BadInput) a clock whose due time is a fact that is missing.
    """
    start = moment(anchor)
    told = facts or {}
    if clock.due is not None:
        said = told.get(clock.due)
        if said is None:
            raise BadInput(
                "clocks.no_due",
                f"The fact '{clock.due}' that says when is missing.",
                fact=clock.due,
            )
        return moment(said)
    size = length(clock, pack)
    assert size is not None, "a clock has a length or a due fact; the linter sees to it"
    served = told.get("served") or () if clock.top_up else ()
    if clock.unit in _SECONDS:
        whole = dt.timedelta(seconds=size * _SECONDS[clock.unit])
        return max(start, start + whole - _served_time(served, before=start))
    day = beijing_day(start)
    if clock.unit == "working_day":
        return start_of_day(_working_days_after(day, int(size), pack=pack) + DAY)
    first = 0 if clock.unit == "calendar_day" else clock.first_day
    last = day + (int(size) - first) * DAY
    counted_from = day + (1 - first) * DAY
    end = start_of_day(last + DAY - _served_days(served, before=counted_from) * DAY)
    return max(start, end)


def is_working_day(day: dt.date, *, pack: Pack) -> bool:
    """Monday to Friday without the pack's holidays, and the weekend days it says are worked."""
    holidays, extra = _listed_days(pack, HOLIDAYS), _listed_days(pack, EXTRA_WORKING_DAYS)
    return day.isoformat() in extra or (day.weekday() < 5 and day.isoformat() not in holidays)


def _listed_days(pack: Pack, key: str) -> tuple[str, ...]:
    figure = pack.get(key)
    values = () if figure is None else figure.value
    return tuple(map(str, values)) if isinstance(values, tuple) else (str(values),)


def _working_days_after(day: dt.date, count: int, *, pack: Pack) -> dt.date:
    """The `count`th working day after `day`; `day` itself is never counted."""
    while count > 0:
        day += DAY
        count -= is_working_day(day, pack=pack)
    return day


def _periods(served: Iterable[Mapping[str, Any]]) -> list[tuple[Any, Any]]:
    return [(one["from"], one["to"]) for one in served if one.get("from") is not None]


def _served_days(served: Iterable[Mapping[str, Any]], *, before: dt.date) -> int:
    """Different Beijing days of the periods, before the day `before`; an open one runs up to it."""
    days: set[dt.date] = set()
    for begin, end in _periods(served):
        first = beijing_day(moment(begin))
        last = before - DAY if end is None else min(beijing_day(moment(end)), before - DAY)
        days.update(first + n * DAY for n in range((last - first).days + 1))
    return len(days)


def _served_time(served: Iterable[Mapping[str, Any]], *, before: dt.datetime) -> dt.timedelta:
    """Time covered by the periods before `before`, overlaps once."""
    total, reached = dt.timedelta(), None
    spans = [
        (moment(begin), before if end is None else min(moment(end), before))
        for begin, end in _periods(served)
    ]
    for begin, end in sorted(spans):
        start = begin if reached is None else max(begin, reached)
        if end > start:
            total += end - start
            reached = end
    return total


def due_many(clock: Clock, anchors: Microseconds, *, pack: Pack) -> Microseconds:
    """`due` for many anchors (shape (n,)), without time already served.

    Refuses nothing: the clock must have a length.
    """
    size = length(clock, pack)
    assert size is not None, "a clock whose due time is a fact has no length"
    if clock.unit in _SECONDS:
        return anchors + max(0, round(size * _SECONDS[clock.unit] * 1_000_000))
    days = (anchors + _BEIJING_US) // _DAY_US
    if clock.unit == "working_day":
        return _working_ends(days, int(size), pack=pack)
    first = 0 if clock.unit == "calendar_day" else clock.first_day
    ends = (days + (int(size) - first) + 1) * _DAY_US - _BEIJING_US
    return np.maximum(anchors, ends)


def _working_ends(days: Microseconds, count: int, *, pack: Pack) -> Microseconds:
    """`days`: Beijing days since 1970, shape (n,); each day asked for is worked out once."""
    apart, back = np.unique(days, return_inverse=True)
    epoch = dt.date(1970, 1, 1)
    last = [_working_days_after(epoch + int(day) * DAY, count, pack=pack) for day in apart]
    ends = np.array([(day - epoch).days + 1 for day in last], dtype=np.int64)
    return ends[back] * _DAY_US - _BEIJING_US


# --- who hears of it ----------------------------------------------------------------------------


def escalation(name: str, *, pack: Pack, command: Pack | None) -> tuple[Pack, Escalation] | None:
    """The escalation `name` and the pack it stands in, which has its figures: that of the clock
    or rule itself, else the chain of command in force (see `reader.command`).  None: in neither.
    """
    for one in (pack, command):
        if one is not None and name in one.escalations:
            return one, one.escalations[name]
    return None


def escalations(pack: Pack, *, command: Pack | None) -> tuple[tuple[Pack, Escalation], ...]:
    """The pack's own escalations and those its clocks and rules take from the chain of command,
    each with the pack it stands in."""
    named = [clock.escalate for clock in pack.clocks.values()]
    named += [rule.logic.escalate for rule in pack.rules.values() if rule.logic]
    names = dict.fromkeys([*pack.escalations, *filter(None, named)])
    found = (escalation(name, pack=pack, command=command) for name in names)
    return tuple(one for one in found if one is not None)


def ladder(clock: Clock | Logic, *, pack: Pack, command: Pack | None) -> tuple[Rung, ...]:
    """The steps by which the clock or rule escalates, in order of time; () where it does not.

    Refuses (NotFound) where neither its pack nor the chain of command has what it names.
    """
    if clock.escalate is None:
        return ()
    found = escalation(clock.escalate, pack=pack, command=command)
    if found is None:
        raise NotFound(
            "clocks.no_escalation",
            f"Neither {pack.version} nor a pack of topic command in force has the escalation "
            f"'{clock.escalate}'.",
            escalation=clock.escalate,
            version=pack.version,
        )
    source, said = found
    rungs = [Rung(one.step, source.number(one.at_pct), one.levels_up) for one in said.steps]
    return tuple(sorted(rungs, key=lambda rung: rung.pct))


def step_at(rung: Rung, *, anchor: dt.datetime, due: dt.datetime) -> dt.datetime:
    """When the step comes.  A clock due at or before its anchor has all its steps when due."""
    return anchor + (due - anchor) * (rung.pct / 100) if due > anchor else due


def next_step(
    rungs: Sequence[Rung], *, anchor: dt.datetime, due: dt.datetime, done: Iterable[str] = ()
) -> tuple[str, dt.datetime] | None:
    """The first step not done, and when it comes; None when all are done."""
    past = set(done)
    ahead = (rung for rung in rungs if rung.step not in past)
    return next(((one.step, step_at(one, anchor=anchor, due=due)) for one in ahead), None)


def still_done(
    rungs: Sequence[Rung],
    *,
    anchor: dt.datetime,
    due: dt.datetime,
    now: dt.datetime,
    done: Iterable[str],
) -> tuple[str, ...]:
    """Which of the steps `done` stay done after a correction moved the due time.

    A unit that was reminded once is not reminded again.  A unit above that was told of a lateness
    which the correction took away is told again if the clock runs late again.
    """
    past = set(done)
    return tuple(
        rung.step
        for rung in rungs
        if rung.step in past
        and (rung.levels_up == 0 or step_at(rung, anchor=anchor, due=due) <= now)
    )


def owner_path(clock: Clock, path: str) -> str:
    """The path of the unit that must act for a subject in the unit at `path`: itself, or the one
    above it of the level the clock names.  A subject above that level is its own unit's."""
    if clock.owner == "unit":
        return path
    depth = LEVELS.index(clock.owner) + 1
    codes = [code for code in path.split("/") if code]
    return "".join(f"{code}/" for code in codes[:depth])


def above(path: str, levels_up: int) -> str:
    """The path of the unit so many levels above; the root has nobody above it."""
    codes = [code for code in path.split("/") if code]
    kept = codes[: max(1, len(codes) - levels_up)]
    return "".join(f"{code}/" for code in kept)


# --- a report's clock by figures alone ----------------------------------------------------------


def due_at(pack: Pack, key: str, *, since: dt.datetime) -> dt.datetime:
    """`since` plus the hours of the figure `key`, e.g. ``report.case_h``."""
    return since + dt.timedelta(hours=pack.number(key))


def state(*, due: dt.datetime, done: dt.datetime | None, now: dt.datetime) -> str:
    """``met``, ``late`` (done after it was due), ``overdue`` (not done and due) or ``running``."""
    if done is not None:
        return "met" if done <= due else "late"
    return "overdue" if now > due else "running"

"""Whether a source is well: one word for each group, and since when it holds."""

from __future__ import annotations

import enum

import numpy as np

from zhongshu.service.sources.expected import Flags, Terms, Told


class State(enum.StrEnum):
    """ok: complete when due.  late: completed only afterwards, or not in by the usual hour.
    partial: less than complete when due, or a day was missed and later ones come again.  outage:
    nothing when due and nothing since, or zeros nobody believes; never a zero.  never: it has not
    reported at all."""

    OK = "ok"
    LATE = "late"
    PARTIAL = "partial"
    OUTAGE = "outage"
    NEVER = "never"


def judge(told: Told, group: int, *, hours: list[float], terms: Terms) -> tuple[State, int | None]:
    """The state of a group that has reported, and since which day of the window.

    hours: of each day of the window, hours from its 0:00 to the moment asked.  since: None where
    all is well; 0 where it held on every day of the window that was due, so perhaps longer.
    """
    expected = told.expected[group]
    due = [day for day, past in enumerate(hours) if past >= terms.due_h and expected[day] > 0]
    if due:
        again = told.received[group, due[-1] + 1 :] > 0
        again &= ~told.doubted[group, due[-1] + 1 :]
        for state, holds in _failures(told, group, terms):
            if holds[due[-1]] and not (state is State.OUTAGE and again.any()):
                return state, _since(due, holds)
    under_way = [
        day for day, past in enumerate(hours) if terms.late_h <= past < terms.due_h
        and expected[day] > 0 and told.met[group, day] < terms.complete_share * expected[day]
    ]  # fmt: skip
    return (State.LATE, under_way[0]) if under_way else (State.OK, None)


def _failures(told: Told, group: int, terms: Terms) -> list[tuple[State, Flags]]:
    """By state, the days of the window on which it holds, worst first."""
    enough = terms.complete_share * told.expected[group]
    silent = (told.received[group] == 0) | told.doubted[group]
    return [
        (State.OUTAGE, silent),
        (State.PARTIAL, told.met[group] < enough),
        (State.LATE, told.prompt[group] < enough),
    ]


def _since(due: list[int], holds: Flags) -> int:
    """The first of the days without a break, up to the last due one, on which it held."""
    begun = due[-1]
    for day in reversed(due):
        if not np.bool_(holds[day]):
            return begun
        begun = day
    return 0

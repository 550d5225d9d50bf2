"""Clocks of directives and reports: when is something due, late, and whose business then."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.rules.model import Pack

# Stage reached and the figure that says at which share of the time.
STAGES = (
    ("remind", "directive.remind_pct"),
    ("warn", "directive.warn_pct"),
    ("escalate", "directive.escalate_pct"),
    ("escalate_two", "directive.escalate_two_pct"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    name: str  # remind | warn | escalate | escalate_two
    at: dt.datetime


def due_at(pack: Pack, key: str, *, since: dt.datetime) -> dt.datetime:
    """`since` plus the hours of the figure `key`, e.g. ``report.case_h``."""
    return since + dt.timedelta(hours=pack.number(key))


def stages(pack: Pack, *, since: dt.datetime, due: dt.datetime) -> tuple[Stage, ...]:
    """When a running clock is reminded of, warned of and escalated, in order."""
    span = due - since
    return tuple(Stage(name, since + span * (pack.number(key) / 100)) for name, key in STAGES)


def stage(pack: Pack, *, since: dt.datetime, due: dt.datetime, now: dt.datetime) -> str | None:
    """The last stage reached at `now`, or None before the first."""
    reached = [item.name for item in stages(pack, since=since, due=due) if item.at <= now]
    return reached[-1] if reached else None


def state(*, due: dt.datetime, done: dt.datetime | None, now: dt.datetime) -> str:
    """``met``, ``late`` (done after it was due), ``overdue`` (not done and due) or ``running``."""
    if done is not None:
        return "met" if done <= due else "late"
    return "overdue" if now > due else "running"

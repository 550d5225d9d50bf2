"""Building a world from the reference data that ships."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from zhongshu.cli.output import Steps
from zhongshu.engines.world import solve
from zhongshu.engines.world.model import History, WorldParams, WorldSummary
from zhongshu.rules import reader
from zhongshu.service.kit.margins import margins

__all__ = ["build", "describe", "margins", "params"]

PACK, CALENDAR = "cn-covid-9", "multi-source-warning"


def params(*, people: int, days: int, seed: int, history_days: int = 0) -> WorldParams:
    """The demonstration world's parameters; rooms in reserve as the pack asks for."""
    rooms = reader.load(PACK).number("site.rooms_per_10000")
    history = _history(history_days) if history_days else History()
    return WorldParams(people=people, days=days, seed=seed, rooms_per_10000=rooms, history=history)


def _history(days: int) -> History:
    """A past by the calendar of the pack for signals."""
    pack = reader.load(CALENDAR)
    around = pack.group("calendar.festival_days")

    def listed(key: str) -> tuple[dt.date, ...]:
        return tuple(map(dt.date.fromisoformat, pack.value(key)))

    return History(
        days=days,
        off=listed("calendar.holidays"),
        made_up=listed("calendar.extra_working_days"),
        festivals=listed("calendar.spring_festivals"),
        around=(int(around["before"]), int(around["after"])),
    )


def build(
    to: Path, *, people: int, days: int, seed: int, step: Steps, history_days: int = 0
) -> WorldSummary:
    step("synthetic world", 0.0)
    summary = solve.run(
        params(people=people, days=days, seed=seed, history_days=history_days),
        margins(),
        to,
        lambda _, share: step("synthetic world", share),
    )
    step("synthetic world", 1.0)
    return summary


def describe(summary: WorldSummary) -> str:
    """One line; the word synthetic is always in it."""
    return (
        f"Synthetic world: {summary.people:,} people in {summary.households:,} households, "
        f"{summary.places:,} places, {summary.visits:,} visits of which {summary.records:,} "
        f"recorded, {summary.infections:,} infections of which {summary.cases:,} were found"
        + (" (was there already)" if summary.reused else "")
    )

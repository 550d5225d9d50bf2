"""On which days the rounds of an area are sampled: so many at first, a pause, so many after it."""

from __future__ import annotations

import dataclasses
import datetime as dt

from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True)
class Schedule:
    """first rounds on consecutive days, pause_days without one, after_pause rounds (T-7: 3+3+1)."""

    first: int
    pause_days: int
    after_pause: int


def days(schedule: Schedule, begin: dt.date, positives: dict[dt.date, int]) -> list[dt.date]:
    """The sampling days from `begin` on; a day that found somebody begins the first rounds anew.

    positives: people found, by day of sampling, as far as it is known; later days count as clean.
    Refuses a schedule without first rounds, and positives on days when nobody is sampled.
    """
    if schedule.first < 1 or min(schedule.pause_days, schedule.after_pause) < 0:
        raise BadInput(
            "testing.bad_rates",
            "A schedule has at least one first round, and no days or rounds below 0.",
        )
    sampled: list[dt.date] = []
    clean, day = 0, begin
    while clean < schedule.first + schedule.after_pause:
        if clean == schedule.first and sampled:
            day += dt.timedelta(days=schedule.pause_days)
        sampled.append(day)
        clean = 0 if positives.get(day, 0) else clean + 1
        day += dt.timedelta(days=1)
    if unknown := sorted({found for found, n in positives.items() if n} - set(sampled)):
        raise BadInput(
            "testing.no_round_that_day",
            f"Nobody is sampled on {unknown[0].isoformat()}; give positives by day of sampling.",
            date=unknown[0].isoformat(),
        )
    return sampled

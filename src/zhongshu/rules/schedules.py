"""A schedule laid out in days: stages, test days, days credited.  Pure counting, no facts.

Days are Beijing days.  The count runs 1, 2, 3 ...; under the "day 0" convention (`first_day` 0)
the day after the anchor bears 1, under "day 1" the anchor's own day does.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from zhongshu.kernel.errors import NotFound
from zhongshu.kernel.time import DAY
from zhongshu.rules import model, sure
from zhongshu.rules.judgement import plain
from zhongshu.rules.model import Pack

CENTRAL = "central"
Period = tuple[dt.date, dt.date]  # days, both included


@dataclasses.dataclass(frozen=True, slots=True)
class Test:
    """number: of the day as the schedule writes it; by: who takes it."""

    on: dt.date
    number: int
    sample: str | None
    pooled: bool
    double: bool
    by: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class Stay:
    """One stage: first..last in `place`; a stage whose days were all served is left out."""

    place: str
    first: dt.date
    last: dt.date


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """The days of one person under one schedule.

    day_one: first counted day; served: days credited from before the present isolation began;
    ends_on: last day of the measure, he is free at its end (the day before it would have begun
    where nothing is left to serve).
    """

    schedule_id: str
    rule_id: str
    verified: bool
    anchor: dt.date
    day_one: dt.date
    served: int
    stays: tuple[Stay, ...]
    tests: tuple[Test, ...]
    ends_on: dt.date

    @property
    def central_until(self) -> dt.date | None:
        """Last day in central isolation, None where there is none (left)."""
        return max((stay.last for stay in self.stays if stay.place == CENTRAL), default=None)

    def as_json(self) -> dict[str, Any]:
        told: dict[str, Any] = plain(dataclasses.asdict(self))
        return told | {"central_until": plain(self.central_until)}


def plan(
    pack: Pack,
    schedule_id: str,
    *,
    anchor: dt.date,
    begins: dt.date | None = None,
    served: Iterable[Period] = (),
    days_served: int = 0,
) -> Plan:
    """The days of `schedule_id` for somebody whose anchor (last exposure, arrival, leaving the
    zone ...) fell on `anchor`.

    Without `begins` every day from day 1 on counts, wherever it was spent: the count follows the
    anchor, and a late start does not move the end.  With `begins`, the first day apart under this
    schedule, earlier days count only as far as they were served apart elsewhere (`served`: any
    number of periods, overlaps once, nothing before day 1; or `days_served`, their number, counted
    by somebody else) and only where the schedule tops up (填平补齐); otherwise the count starts
    anew.
    Refuses (NotFound) a schedule the pack does not have.
    """
    said = get(pack, schedule_id)
    day_one = anchor + (1 - said.first_day) * DAY
    start = day_one if begins is None else max(begins, day_one)
    credit = 0
    if said.top_up and begins is not None:
        credit = served_days(served, first=day_one, before=start) or days_served
    return _laid_out(pack, said, anchor=anchor, start=start, credit=credit)


def get(pack: Pack, schedule_id: str) -> model.Schedule:
    """Refuses (NotFound) a schedule the pack does not have."""
    try:
        return pack.schedules[schedule_id]
    except KeyError:
        known = ", ".join(pack.schedules) or "none"
        raise NotFound(
            "rules.no_schedule",
            f"The pack {pack.version} has no schedule '{schedule_id}'; there are {known}.",
            schedule=schedule_id,
            version=pack.version,
        ) from None


def served_days(periods: Iterable[Period], *, first: dt.date, before: dt.date) -> int:
    """Different days of `periods` from `first` on and before `before`."""
    days: set[dt.date] = set()
    for begin, end in periods:
        day, last = max(begin, first), min(end, before - DAY)
        days.update(day + n * DAY for n in range((last - day).days + 1))
    return len(days)


def lengths(pack: Pack, said: model.Schedule) -> list[int]:
    """Days of each stage, in order."""
    return [int(pack.number(stage.days)) for stage in said.stages]


def _laid_out(
    pack: Pack, said: model.Schedule, *, anchor: dt.date, start: dt.date, credit: int
) -> Plan:
    def day(count: int) -> dt.date:
        return start + (count - credit - 1) * DAY

    stays: list[Stay] = []
    tests: list[Test] = []
    done = 0
    for stage, length in zip(said.stages, lengths(pack, said), strict=True):
        first, last = max(done, credit) + 1, done + length
        if first <= last:
            stays.append(Stay(stage.place, day(first), day(last)))
        numbers = pack.numbers(stage.test_days) if stage.test_days else ()
        for number in numbers:
            count = done + number if stage.count_from == "stage" else number
            if count > credit or credit == 0:  # the others were taken, or missed, elsewhere
                twice = stage.doubles(number, of=numbers)
                tests.append(Test(day(count), number, stage.sample, stage.pooled, twice, stage.by))
        done = last
    return Plan(
        schedule_id=said.id,
        rule_id=said.rule_id,
        verified=sure.verified(pack, said),
        anchor=anchor,
        day_one=anchor + (1 - said.first_day) * DAY,
        served=min(credit, done),
        stays=tuple(stays),
        tests=tuple(sorted(tests, key=lambda test: test.on)),
        ends_on=max(day(done), start - DAY),
    )

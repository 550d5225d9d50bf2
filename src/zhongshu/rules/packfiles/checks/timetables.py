"""Schedules that nobody could keep: tests on days that are not there, two on one day."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from zhongshu.rules.packfiles.checks.placing import FIGURES, Fault, Part, day_numbers, number
from zhongshu.rules.packfiles.document import Where
from zhongshu.rules.packfiles.shape import nearest
from zhongshu.rules.parts import Schedule, Stage

# Where somebody stays for a stage; `monitoring`: free to go out, watched.
PLACES = ("central", "home", "monitoring")


def schedule(at: Part, schedule: Schedule) -> Iterator[Fault]:
    yield from at.rule(schedule.rule_id)
    yield from at.subject(schedule.of)
    yield from at.expression(("when",), schedule.when, schedule.of)
    yield from at.fact(("anchor",), schedule.of, schedule.anchor, time=True)
    yield from at.release(schedule.release, schedule.of)
    before = 0
    tests: dict[int, int] = {}  # by day since the schedule's first
    for place, stage in enumerate(schedule.stages):
        path: Where = ("stages", str(place))
        if stage.place not in PLACES:
            what = (
                f"'{stage.place}' is not one of {', '.join(PLACES)}{nearest(stage.place, PLACES)}"
            )
            yield at.fault((*path, "place"), what)
        yield from at.figure((*path, "days"), stage.days)
        yield from at.days((*path, "test_days"), stage.test_days)
        days, numbers = number(at.pack, stage.days), day_numbers(at.pack, stage.test_days)
        if days is None or numbers is None:
            return
        start = 0 if stage.count_from == "stage" else before
        for what in _impossible(numbers, days=days, start=start):
            yield at.fault((*path, "test_days"), what, *_figures(stage))
        on = [int(value) - start + before for value in numbers]
        yield from _too_many(at, (*path, "test_days"), stage, on, tests)
        before += int(days)


def _figures(stage: Stage) -> list[tuple[str, str]]:
    return [(FIGURES, key) for key in (stage.test_days, stage.days) if key is not None]


def _impossible(numbers: tuple[float, ...], *, days: float, start: int) -> Iterator[str]:
    if days < 0 or days != int(days):
        yield f"a stage cannot last {days:g} days"
        return
    if numbers and not days:
        yield f"a stage of no days cannot have a test on day {', '.join(f'{n:g}' for n in numbers)}"
        return
    for earlier, later in itertools.pairwise(numbers):
        if later < earlier:
            yield f"the day numbers do not ascend: {later:g} stands after {earlier:g}"
    for one in numbers:
        if one != int(one) or not start < one <= start + days:
            yield f"day {one:g} is not among days {start + 1} to {start + days:g} of the stage"


def _too_many(
    at: Part, path: Where, stage: Stage, on: list[int], tests: dict[int, int]
) -> Iterator[Fault]:
    """Adds the tests of a stage to `tests`; complains where a day has more than allowed."""
    most = number(at.pack, "test.max_per_day")
    for day in on:
        tests[day] = tests.get(day, 0) + (2 if stage.doubles(day, of=on) else 1)
        if most is not None and tests[day] > most:
            rule = at.pack.figure("test.max_per_day").rule_id
            what = f"{tests[day]} tests on day {day}; {rule} allows {most:g} (test.max_per_day)"
            yield at.fault(path, what, (FIGURES, str(stage.test_days)))

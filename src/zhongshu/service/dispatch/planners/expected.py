"""Who is expected to need a bed in the days to come: by a what-if, else by the last daily run."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.beds import model
from zhongshu.kernel.plan import Answer
from zhongshu.service.dispatch.planners.outlooks import Level, Option
from zhongshu.service.dispatch.planners.shapes import Ask, Column, Figure, Row, Rows
from zhongshu.service.people import facade as people

NONE, BY_RUN, BY_OPTION = "no_forecast", "forecast_of_run", "forecast_of_option"
Days = Mapping[dt.date, Level]
_FORECAST = (
    Column("date", "date"),
    Column("severity", "code"),
    Column("persons", "number"),
    Column("upper", "number"),
    Column("known_at", "moment"),
)
_BEDS = (
    Column("date", "date"),
    Column("tier", "code"),
    Column("beds", "number"),
    Column("upper", "number"),
    Column("comparison", "number"),
    Column("option", "text"),
    Column("computed_at", "moment"),
)


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """A case.  person: a pseudonym; grade: severity as the edition for beds calls it."""

    person: int
    unit_path: str
    grade: str


@dataclasses.dataclass(frozen=True)
class Forecast:
    """new: of day and severity the new patients of the asked unit.  option: whose beds they are, of
    which `share` are the unit's; None: the daily run's.  spot: their middle."""

    new: Mapping[tuple[dt.date, str], Level]
    known_at: dt.datetime
    spot: tuple[float, float]
    option: Option | None = None
    share: float = 1.0

    def table(self, *, upper: bool) -> pa.Table:
        """As the planner of beds takes it."""
        lon, lat = self.spot
        rows = [
            {"date": day, "severity": grade, "lon": lon, "lat": lat,
             "persons": level.upper if upper else level.median}
            for (day, grade), level in sorted(self.new.items())
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=model.FORECAST)


def forecast(ask: Ask, known: Sequence[Known], rules: model.BedRules) -> Forecast | None:
    """What is expected of the asked unit from tomorrow on, by the unit's share of the cases, as
    grave as these are, in their middle.

    None when nobody has told, or nobody is known by whom to spread it.
    """
    own = [one for one in known if ask.inside(one.unit_path)]
    spots = [
        (lon, lat)
        for lon, lat in people.homes([one.person for one in own]).values()
        if lon is not None and lat is not None
    ]
    if ask.outlook is None or not spots:
        return None
    lon, lat = (sum(axis) / len(spots) for axis in zip(*spots, strict=True))
    grades = collections.Counter(one.grade for one in own)
    today = ask.ground.today
    window = [today + dt.timedelta(days=ahead) for ahead in range(1, rules.days)]
    if option := _believed(ask, window):
        whole = sum(one.unit_path.startswith(option.unit_path) for one in known)
        share = len(own) / whole
        new = _of_option(option, window, grades, rules, share)
        return Forecast(new, option.as_of, (lon, lat), option, share)
    if ask.outlook.as_of is None:
        return None
    new = {
        (day, grade): _times(ask.outlook.cases[day], number / len(known))
        for day in window
        if day in ask.outlook.cases
        for grade, number in grades.items()
    }
    return Forecast(new, ask.outlook.as_of, (lon, lat)) if new else None


def _believed(ask: Ask, window: Sequence[dt.date]) -> Option | None:
    """The first what-if that tells of the asked unit, or of one it lies in, and of tomorrow."""
    options = ask.outlook.options if ask.outlook else ()
    fit = (one for one in options if ask.unit.path.startswith(one.unit_path))
    return next((one for one in fit if window and window[0] in one.days), None)


def _of_option(
    option: Option,
    window: Sequence[dt.date],
    grades: Mapping[str, int],
    rules: model.BedRules,
    share: float,
) -> dict[tuple[dt.date, str], Level]:
    """New patients by whom the beds in use grow as the option says, while those who came leave as
    the rules say; beds that fall faster than that bring nobody.

    Which tier somebody lies in says how grave he may be: of the known severities those that the
    rules would put there, all of them where there are none.
    """
    found: dict[tuple[dt.date, str], Level] = {}
    days = [day for day in window if day in option.days]
    today = window[0] - dt.timedelta(days=1)
    for tier, levels in option.beds.items():
        kept = {g: n for g, n in grades.items() if tier in rules.tiers[g]} or grades
        mix = {grade: number / sum(kept.values()) for grade, number in kept.items()}
        begun = _begun(option, levels, today)
        stays = _stays(rules, mix, len(days))
        median = _arrivals([max(0.0, levels[day].median - begun) for day in days], stays)
        upper = _arrivals([max(0.0, levels[day].upper - begun) for day in days], stays)
        for day, *both in zip(days, median, upper, strict=True):
            for grade, part in mix.items():
                more = _times(Level(*both), share * part)
                before = found.get((day, grade), Level(0.0, 0.0))
                found[day, grade] = Level(before.median + more.median, before.upper + more.upper)
    return found


def _begun(option: Option, levels: Days, today: dt.date) -> float:
    """Beds of the tier in use at the end of today.  Before the option's first day those of that
    day, less as many as there are cases found on it."""
    if today in levels:
        return levels[today].median
    first = min(levels)
    total = sum(tier[first].median for tier in option.beds.values())
    kept = max(0.0, total - option.found.get(first, 0.0))
    return levels[first].median * kept / total if total else 0.0


def _stays(rules: model.BedRules, mix: Mapping[str, float], days: int) -> list[float]:
    """Share of those who come that is still there so many days later."""
    there, found = dict(mix), []
    for _ in range(days):
        found.append(sum(there.values()))
        after: dict[str, float] = collections.defaultdict(float)
        for grade, part in there.items():
            course = rules.course.get(grade, {})
            after[grade] += part * (1 - sum(course.values()))
            for other, change in course.items():
                after[other] += part * change
        after.pop(model.HOME, None)
        there = after
    return found


def _arrivals(load: Sequence[float], stays: Sequence[float]) -> list[float]:
    found: list[float] = []
    for day, beds in enumerate(load):
        left = sum(one * stays[day - before] for before, one in enumerate(found))
        found.append(max(0.0, beds - left))
    return found


def _times(level: Level, factor: float) -> Level:
    return Level(level.median * factor, level.upper * factor)


def noted(answer: Answer, expected: Forecast | None, *, upper: bool) -> Answer:
    """Says on what it rests."""
    notes = [*answer.notes, *_source(expected)]
    if expected is not None and upper:
        notes.append("forecast_upper")
    return dataclasses.replace(answer, notes=tuple(notes))


def _source(expected: Forecast | None) -> list[str]:
    if expected is None:
        return [NONE]
    if (option := expected.option) is None:
        return [BY_RUN]
    last = max(day for day, _ in expected.new)
    facts = {
        "forecast_proposed": not option.decided,
        "forecast_illustrative": not option.calibrated,
        "forecast_synthetic": option.synthetic,
        f"forecast_ran_out:{option.ran_out.get(last, 0.0):.0%}": option.ran_out.get(last, 0.0) > 0,
    }
    return [f"{BY_OPTION}:{option.comparison}", *(code for code, so in facts.items() if so)]


def source(expected: Forecast | None) -> Row | None:
    """Which what-if it rests on, for whoever decides; None: on none."""
    if expected is None or (option := expected.option) is None:
        return None
    return {
        "comparison": option.comparison,
        "option": option.name,
        "computed_at": option.computed_at.isoformat(),
        "calibrated": option.calibrated,
    }


def figures(expected: Forecast | None) -> tuple[Figure, ...]:
    if expected is None:
        return ()
    ends: dict[str, Callable[[Level], float]] = {
        "expected": lambda one: one.median,
        "expected_upper": lambda one: one.upper,
    }
    return tuple(
        Figure(name, round(sum(map(end, expected.new.values())), 1), "persons")
        for name, end in ends.items()
    )


def tables(expected: Forecast | None) -> dict[str, Rows]:
    if expected is None:
        return {}
    rows = [
        {
            "date": day.isoformat(),
            "severity": grade,
            **_rounded(level, "persons"),
            "known_at": expected.known_at.isoformat(),
        }
        for (day, grade), level in sorted(expected.new.items())
    ]
    told = {"forecast": Rows(_FORECAST, rows)}
    if expected.option is not None:
        told["beds_ahead"] = Rows(_BEDS, _beds(expected, expected.option))
    return told


def _beds(expected: Forecast, option: Option) -> list[Row]:
    """The option's own figures, the unit's share of them."""
    days = sorted({day for day, _ in expected.new})
    return [
        {
            "date": day.isoformat(),
            "tier": tier,
            **_rounded(_times(levels[day], expected.share), "beds"),
            "comparison": option.comparison,
            "option": option.name,
            "computed_at": option.computed_at.isoformat(),
        }
        for day in days
        for tier, levels in sorted(option.beds.items())
    ]


def _rounded(level: Level, name: str) -> dict[str, Any]:
    return {name: round(level.median, 1), "upper": round(level.upper, 1)}

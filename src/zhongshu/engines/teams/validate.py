"""Re-checks a roster from its tables alone.  Shares no code with the solver.

One sentence per violation; an empty list is a valid roster.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.teams import model

Row = dict[str, Any]
CLOSE = 1e-6


def check(
    plan: model.TeamPlan,
    *,
    staff: pa.Table,
    needs: pa.Table,
    rules: model.TeamRules,
    words: pa.Table | None = None,
) -> list[str]:
    """The tables the roster was made from; nothing here depends on how."""
    people = {row["staff"]: row for row in staff.to_pylist()}
    wanted = {row["need"]: row for row in needs.to_pylist()}
    tasks, duties = _by_person(plan.tasks), _by_person(plan.duties)
    said = words.to_pylist() if words is not None else []
    faults = [f"{name} is unknown" for name in {*tasks, *duties} - set(people)]
    for name, person in people.items():
        mine = sorted(tasks[name], key=lambda row: row["starts_at"])
        worked = sorted(duties[name], key=lambda row: row["starts_at"])
        faults += _skilled(name, person, mine, wanted, rules)
        faults += _inside(name, mine, worked)
        faults += _apart(name, mine, wanted, rules)
        faults += _rested(name, person, worked, rules)
    return [
        *faults,
        *_covered(plan, wanted),
        *_words(plan.tasks.to_pylist(), said),
        *_told(plan, people, wanted, said, rules),
    ]


def _by_person(table: pa.Table) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = collections.defaultdict(list)
    for row in table.to_pylist():
        found[row["staff"]].append(row)
    return found


def _skilled(
    name: str, person: Row, mine: list[Row], wanted: dict[str, Row], rules: model.TeamRules
) -> list[str]:
    skills = {code.strip() for code in (person["skills"] or "").split(";")}
    faults = []
    for row in mine:
        need = wanted.get(row["need"])
        if need is None:
            faults.append(f"the need {row['need']} was not asked for")
            continue
        if need["skill"] not in skills:
            faults.append(f"{name} has not the skill for {row['need']}")
        if (row["starts_at"], row["ends_at"]) != (need["starts_at"], need["ends_at"]):
            faults.append(f"{name} is at {row['need']} at another time")
        km = _km(person, need, rules)
        if km is not None and abs(km - row["km"]) > 0.051:
            faults.append(f"{name} goes {km:.2f} km to {row['need']}, told {row['km']}")
        most = rules.travel_most_h
        if km is not None and most is not None and km / rules.speed_kmh > most + CLOSE:
            faults.append(f"{name} goes too far to {row['need']}")
    if len({row["need"] for row in mine}) < len(mine):
        faults.append(f"{name} is twice at a need")
    return faults


def _inside(name: str, mine: list[Row], worked: list[Row]) -> list[str]:
    """Each task lies in one duty, and each duty has a task."""
    faults = []
    counts: dict[dt.datetime, int] = collections.Counter()
    for row in mine:
        inside = [
            duty
            for duty in worked
            if duty["starts_at"] <= row["starts_at"] and row["ends_at"] <= duty["ends_at"]
        ]
        if len(inside) != 1:
            faults.append(f"{name} does {row['need']} in {len(inside)} duties")
        for duty in inside:
            counts[duty["starts_at"]] += 1
    for duty in worked:
        if counts[duty["starts_at"]] != duty["tasks"] or not duty["tasks"]:
            faults.append(f"{name}'s duty of {duty['date']} has {duty['tasks']} tasks told")
    return faults


def _apart(name: str, mine: list[Row], wanted: dict[str, Row], rules: model.TeamRules) -> list[str]:
    """Time to go from one place to the next."""
    faults = []
    for one, other in itertools.pairwise(mine):
        a, b = wanted[one["need"]], wanted[other["need"]]
        minutes = 0.0
        if a["place"] != b["place"]:
            minutes = (_km(a, b, rules) or 0.0) / rules.speed_kmh * 60 + rules.changeover_min
        if (b["starts_at"] - a["ends_at"]).total_seconds() / 60 < minutes - CLOSE:
            faults.append(f"{name} cannot be at {a['need']} and then at {b['need']}")
    return faults


def _rested(name: str, person: Row, worked: list[Row], rules: model.TeamRules) -> list[str]:
    faults = []
    zone = rules.start.tzinfo
    for duty in worked:
        begins = duty["starts_at"].astimezone(zone)
        hour, length = rules.patterns.get(duty["pattern"], (-1.0, 0.0))
        of_day = begins.hour + begins.minute / 60
        lasts = (duty["ends_at"] - duty["starts_at"]).total_seconds() / 3600
        if abs(of_day - hour) > 0.02 or abs(lasts - length) > 0.02 or lasts != duty["hours"]:
            faults.append(f"{name}'s duty of {duty['date']} is not the pattern {duty['pattern']}")
        if (
            begins.date().isoformat() in (person.get("off_on") or "")
            or begins.date() != duty["date"]
        ):
            faults.append(f"{name} is off on {duty['date']}")
    for one, other in itertools.pairwise(worked):
        night = one["pattern"] in rules.nights
        rest = max(rules.rest_h, rules.rest_after_night_h if night else 0.0)
        if (other["starts_at"] - one["ends_at"]).total_seconds() / 3600 < rest - CLOSE:
            faults.append(f"{name} has no rest before {other['starts_at']}")
    last = person.get("worked_until")
    first = worked[0]["starts_at"] if worked else None
    if first and last and (first - last).total_seconds() / 3600 < rules.rest_h - CLOSE:
        faults.append(f"{name} has no rest before the first duty")
    hours = sum(duty["hours"] for duty in worked)
    if worked and hours + (person.get("hours") or 0.0) > rules.hours_most + CLOSE:
        faults.append(f"{name} works {hours} hours")
    if sum(duty["pattern"] in rules.nights for duty in worked) > rules.nights_most:
        faults.append(f"{name} has too many nights")
    return faults + _row(name, {duty["date"] for duty in worked}, rules)


def _row(name: str, days: set[dt.date], rules: model.TeamRules) -> list[str]:
    for day in days:
        span = [day + dt.timedelta(days=n) for n in range(rules.days_in_row + 1)]
        if all(one in days for one in span):
            return [f"{name} works more than {rules.days_in_row} days in a row"]
    return []


def _covered(plan: model.TeamPlan, wanted: dict[str, Row]) -> list[str]:
    """Nobody too many at a need, and who lacks is told."""
    given = collections.Counter(row["need"] for row in plan.tasks.to_pylist())
    left = {row["id"]: row["amount"] for row in plan.answer.unserved.to_pylist()}
    faults = []
    for name, row in wanted.items():
        lacks = row["persons"] - given[name]
        if lacks < 0:
            faults.append(f"{given[name]} people are at {name}, {row['persons']} are asked for")
        if lacks != left.get(name, 0):
            faults.append(f"{name} lacks {lacks}, told {left.get(name, 0)}")
    cover = {row["need"]: row for row in plan.cover.to_pylist()}
    if any(cover[name]["given"] != given[name] for name in wanted):
        faults.append("the cover is told wrong")
    return faults


def _words(tasks: list[Row], said: list[Row]) -> list[str]:
    done = {(row["staff"], row["need"]) for row in tasks}
    faults = []
    for row in said:
        pair = (row["staff"], row["need"])
        if row["word"] == "pinned" and pair not in done:
            faults.append(f"{pair[0]} is not at {pair[1]}, where he was pinned")
        if row["word"] == "forbidden" and pair in done:
            faults.append(f"{pair[0]} is at {pair[1]}, which was forbidden")
    return faults


def _told(
    plan: model.TeamPlan,
    people: dict[str, Row],
    wanted: dict[str, Row],
    said: list[Row],
    rules: model.TeamRules,
) -> list[str]:
    """The value again; hours of whoever works most count once for all or by separate skills."""
    before: dict[str, set[str]] = collections.defaultdict(set)
    for row in said:
        if row["word"] == "before":
            before[row["need"]].add(row["staff"])
    km = 0.0
    for row in plan.tasks.to_pylist():
        km += row["km"] or 0.0
        if before[row["need"]] and row["staff"] not in before[row["need"]]:
            km += rules.change_km
    worked: dict[str, float] = collections.defaultdict(float)
    for row in plan.duties.to_pylist():
        worked[row["staff"]] += row["hours"]
    faults = []
    for row in plan.hours.to_pylist():
        if abs(row["hours"] - worked[row["staff"]]) > CLOSE:
            faults.append(f"the hours of {row['staff']} are told wrong")
    least = km + rules.fair_km * max(worked.values(), default=0.0)
    most = km + rules.fair_km * sum(worked.values())
    room = 0.01 * max(most, 1.0) + 0.06 * plan.tasks.num_rows
    if not least - room <= plan.answer.value <= most + room:
        faults.append(f"the roster counts {least:.1f} to {most:.1f}, told {plan.answer.value:.1f}")
    lacks = sum(
        row["lacks"] * rules.worth_km[(wanted[row["need"]].get("rank") or 1) - 1]
        for row in plan.cover.to_pylist()
    )
    if abs(plan.total - plan.answer.value - lacks) > room:
        faults.append(f"what is unmet is worth {lacks:.1f}, told wrong")
    if (
        plan.answer.bound or 0.0
    ) > plan.answer.value + CLOSE or plan.total_bound > plan.total + CLOSE:
        faults.append("the bound is above the value")
    return faults


def _km(a: Row, b: Row, rules: model.TeamRules) -> float | None:
    """Road kilometres by the haversine formula; None without coordinates."""
    if None in (a["lon"], a["lat"], b["lon"], b["lat"]):
        return None
    one, two = math.radians(a["lat"]), math.radians(b["lat"])
    across = math.radians(b["lon"] - a["lon"])
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half)) * rules.detour_factor

"""The grade of an event, I (gravest) to IV, and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from zhongshu.kernel.time import DAY
from zhongshu.rules import judgement, sure
from zhongshu.rules.judgement import Facts, Judgement
from zhongshu.rules.model import Pack

SUBJECT = "event"
GRADES = ("I", "II", "III", "IV")  # gravest first
_UNKNOWN = len(GRADES)


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """grade: None where no rule of the pack grades such an event.  others: lower grades whose
    rules held as well, for the person who reads why."""

    grade: str | None
    rule_id: str
    verified: bool
    judgement: Judgement | None
    others: tuple[Judgement, ...] = ()


def grade(pack: Pack, facts: Facts) -> Grade:
    """The grade of an event by the rules that hold: the highest priority, and among equal ones
    the gravest."""
    held = [one for one in judgement.judge_all(pack, SUBJECT, facts) if one.outcome.get("grade")]
    if not held:
        return Grade(None, "", True, None)
    ranked = sorted(held, key=lambda one: (-_priority(pack, one), rank(one.outcome["grade"])))
    first = ranked[0]
    read = sure.verified(pack, pack.rule(first.rule_id))
    return Grade(str(first.outcome["grade"]), first.rule_id, read, first, tuple(ranked[1:]))


def rank(found: str | None) -> int:
    """0 for the gravest; a grade that is none of the four comes last."""
    return GRADES.index(found) if found in GRADES else _UNKNOWN


def graver(one: str | None, other: str | None) -> str | None:
    """The graver of two grades, either of which may be missing."""
    if one is None or other is None:
        return one or other
    return min(one, other, key=rank)


def _priority(pack: Pack, one: Judgement) -> int:
    logic = pack.rule(one.rule_id).logic
    return logic.priority if logic else 0


def counted(
    pack: Pack, rows: Iterable[Mapping[str, Any]], *, disease: str, form: str = ""
) -> dict[str, Any]:
    """What the grading rules ask of an event, counted from its ill people.

    rows: facts of the subject ``illness`` (day as a date, count, person, county, city, status,
    died, hospitalised ...).  What cannot be counted from them (linked, spreading, years of
    baseline) is left to whoever knows.  A row's `count` stands for so many people.
    """
    told = list(rows)
    ill = [row for row in told if row.get("status") != "suspected"]
    suspected = [row for row in told if row.get("status") == "suspected"]
    facts: dict[str, Any] = {
        "disease": disease,
        "cases": _people(ill),
        "suspected": _people(suspected),
        "deaths": _people(row for row in ill if row.get("died")),
        "hospitalised": _people(row for row in ill if row.get("hospitalised")),
        "counties": len({row["county"] for row in ill if row.get("county")}),
        "cities": len({row["city"] for row in ill if row.get("city")}),
        "provinces": len({str(row["county"])[:2] for row in ill if row.get("county")}),
    }
    if form:
        facts["form"] = form
    week = pack.get("grading.week_days")
    if week is not None:
        days = int(pack.number(week.key))
        facts["cases_week_county"] = _most(ill, lambda row: row.get("county"), days)
        facts["cases_week_city"] = _most(ill, lambda row: row.get("city"), days)
    incubation = pack.get(f"grading.{disease}_{form}.incubation_days")
    if incubation is not None:
        days = int(pack.number(incubation.key))
        facts["cases_incubation_county"] = _most(ill, lambda row: row.get("county"), days)
        facts["cases_incubation"] = _most(ill, lambda _: "all", days)
    return facts


def _people(rows: Iterable[Mapping[str, Any]]) -> int:
    """Different persons, and of counts the people they stand for."""
    persons, others = set(), 0
    for row in rows:
        if row.get("person") is not None:
            persons.add(row["person"])
        else:
            others += int(row.get("count") or 1)
    return len(persons) + others


def _most(
    rows: Iterable[Mapping[str, Any]], group: Callable[[Mapping[str, Any]], Any], days: int
) -> int:
    """The most people of one group in any `days` that follow each other."""
    apart: dict[Any, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if group(row) is not None and isinstance(row.get("day"), dt.date):
            apart[group(row)].append(row)
    return max(
        (
            _people(row for row in inside if last - (days - 1) * DAY <= row["day"] <= last)
            for inside in apart.values()
            for last in {row["day"] for row in inside}
        ),
        default=0,
    )

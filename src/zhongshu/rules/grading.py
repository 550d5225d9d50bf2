"""The grade of an event, I (gravest) to IV, and why."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from zhongshu.kernel.time import DAY
from zhongshu.rules import judgement, sure
from zhongshu.rules.expression import Trace
from zhongshu.rules.judgement import Facts, Judgement
from zhongshu.rules.model import Pack, Rule

SUBJECT = "event"
GRADES = ("I", "II", "III", "IV")  # gravest first
_UNKNOWN = len(GRADES)
_WHAT = frozenset({"disease", "disease_class"})
# Digits of a division code that name the province, the city and the county.
_PROVINCE, _CITY, _COUNTY = 2, 4, 6
OWN_CLASSES = ("unexplained", "new")
_LISTS = {"B": ("law.class_b", "law.class_b_parts"), "C": ("law.class_c", "law.class_c_parts")}


@dataclasses.dataclass(frozen=True, slots=True)
class Possible:
    """A graver grade that only facts nobody has told stand before.

    missing: names of those facts, of the subject ``event``; judgement: with a trace that shows
    what is known of the rule's conditions.
    """

    grade: str
    rule_id: str
    missing: tuple[str, ...]
    judgement: Judgement


@dataclasses.dataclass(frozen=True, slots=True)
class Grade:
    """grade: None where no rule of the pack grades such an event, which nobody has verified.
    others: what else gave this grade or a lower one, for the person who reads why.  possible:
    what unknown facts could raise it to, gravest first."""

    grade: str | None
    rule_id: str
    verified: bool
    judgement: Judgement | None
    others: tuple[Judgement, ...] = ()
    possible: tuple[Possible, ...] = ()


NONE = Grade(None, "", False, None)


def grade(pack: Pack, facts: Facts) -> Grade:
    """The grade of an event by the rules that hold: the highest priority, and among equal ones
    the gravest."""
    judged = [judgement.judge(pack, one.rule_id, facts) for one in _grading(pack)]
    held = [one for one in judged if one.held]
    ranked = sorted(held, key=lambda one: (-_priority(pack, one), rank(one.outcome["grade"])))
    found = NONE
    if ranked:
        first = ranked[0]
        read = sure.verified(pack, pack.rule(first.rule_id))
        found = Grade(str(first.outcome["grade"]), first.rule_id, read, first, tuple(ranked[1:]))
    return dataclasses.replace(found, possible=_possible(pack, judged, found.grade))


def at_least(found: Grade, floor: Grade) -> Grade:
    """The graver of both, with the judgements of both; of equal ones `found` leads.

    A rule may give an event a first grade by itself; what is known of it may make it graver.
    """
    first, second = (
        (found, floor) if rank(found.grade) <= rank(floor.grade) else (floor, found)
    )  # fmt: skip
    beside = (second.judgement,) if second.judgement is not None else ()
    return dataclasses.replace(
        first,
        others=(*first.others, *beside, *second.others),
        possible=tuple(
            one for one in (*found.possible, *floor.possible) if rank(one.grade) < rank(first.grade)
        ),
    )


def _grading(pack: Pack) -> list[Rule]:
    """The rules of the pack that give an event a grade."""
    rules = judgement.judging(pack, SUBJECT)
    return [one for one in rules if one.logic is not None and one.logic.then.grade]


def _possible(pack: Pack, judged: Iterable[Judgement], reached: str | None) -> tuple[Possible, ...]:
    """The rules of graver grades that are about such an event and wait for a fact."""
    found = []
    for one in judged:
        logic = pack.rule(one.rule_id).logic
        could = str(logic.then.grade) if logic else ""
        if one.held or rank(could) >= rank(reached):
            continue
        missing = tuple(dict.fromkeys(_missing(one.trace, about=False)))
        if missing:
            found.append(Possible(could, one.rule_id, missing, one))
    return tuple(sorted(found, key=lambda one: rank(one.grade)))


def _missing(trace: Trace, *, about: bool) -> Iterator[str]:
    """Facts that would decide, where it is known that the rule is about such an event: who has
    measles in town need not be asked whether a laboratory lost its strains."""
    if not trace.unknown:
        return
    if trace.fact is not None and about:
        yield trace.fact
    told = about or (trace.op == "and" and any(_is_about(part) for part in trace.parts))
    for part in trace.parts:
        yield from _missing(part, about=told)


def _is_about(trace: Trace) -> bool:
    """A condition that held and names the event's disease or its class."""
    if not trace.held or trace.unknown or trace.op == "!":
        return False
    return trace.fact in _WHAT or any(_is_about(part) for part in trace.parts)


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


def statutory_class(reporting: Pack, disease: str, form: str = "") -> str | None:
    """The class of a disease by the lists of the reporting pack in force: A, B_as_A, B or C;
    `unexplained` and `new` are classes of their own.  None: on no list, so nobody can say."""
    if disease in OWN_CLASSES:
        return disease
    if disease in _listed(reporting, "law.class_a"):
        return "A"
    part = (reporting.get("law.managed_form.disease"), reporting.get("law.managed_form.form"))
    by_form = all(part) and (disease, form) == tuple(one.value for one in part if one)
    if by_form or disease in _listed(reporting, "law.managed_as_a"):
        return "B_as_A"
    for name, keys in _LISTS.items():
        if any(disease in _listed(reporting, key) for key in keys):
            return name
    return None


def _listed(pack: Pack, key: str) -> tuple[str, ...]:
    figure = pack.get(key)
    value = figure.value if figure is not None else ()
    return tuple(str(one) for one in value) if isinstance(value, tuple) else ()


def counted(
    pack: Pack,
    rows: Iterable[Mapping[str, Any]],
    *,
    disease: str,
    form: str = "",
    reporting: Pack | None = None,
    around: Iterable[Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """What the grading rules ask of an event, counted from its ill people.

    rows: facts of the subject ``illness`` (day as a date, count, person, path or county and city,
    status, died, hospitalised ...).  A row's `count` stands for so many people.  around: everybody
    known to be ill of the disease, for what is counted of a whole county or city (None: `rows`).
    reporting: the pack that puts diseases in classes.  What cannot be counted (linked, spreading,
    the first in a city, years of baseline) is left out: unknown, not false.
    """
    told = list(rows)
    ill = [row for row in told if row.get("status") != "suspected"]
    suspected = [row for row in told if row.get("status") == "suspected"]
    form = form or _form(told)
    facts: dict[str, Any] = {
        "disease": disease,
        "cases": _people(ill),
        "suspected": _people(suspected),
        "deaths": _people(row for row in ill if row.get("died")),
        "hospitalised": _people(row for row in ill if row.get("hospitalised")),
        "counties": len(_places(ill, _COUNTY)),
        "cities": len(_places(ill, _CITY)),
        "provinces": len(_places(ill, _PROVINCE)),
    }
    named = statutory_class(reporting, disease, form) if reporting is not None else None
    facts |= {"form": form} if form else {}
    facts |= {"disease_class": named} if named else {}
    near = [row for row in around if row.get("status") != "suspected"] if around else ill
    return facts | _areas(pack, ill, near, f"grading.{disease}_{form}.incubation_days")


def _areas(
    pack: Pack,
    ill: Iterable[Mapping[str, Any]],
    near: Iterable[Mapping[str, Any]],
    incubation_key: str,
) -> dict[str, int]:
    """The most people of one county or city within the days the table counts in, among the
    counties and cities where the event has ill people."""
    ill, near = list(ill), list(near)
    county = [row for row in near if _place(row, _COUNTY) in _places(ill, _COUNTY)]
    city = [row for row in near if _place(row, _CITY) in _places(ill, _CITY)]
    facts: dict[str, int] = {}
    week = pack.get("grading.week_days")
    if week is not None:
        days = int(pack.number(week.key))
        facts["cases_week_county"] = _most(county, lambda row: _place(row, _COUNTY), days)
        facts["cases_week_city"] = _most(city, lambda row: _place(row, _CITY), days)
    incubation = pack.get(incubation_key)
    if incubation is not None:
        days = int(pack.number(incubation.key))
        facts["cases_incubation_county"] = _most(county, lambda row: _place(row, _COUNTY), days)
        facts["cases_incubation"] = _most(ill, lambda _: "all", days)
    return facts


def _form(rows: Iterable[Mapping[str, Any]]) -> str:
    """The form all rows that tell one agree on."""
    forms = {str(row["form"]) for row in rows if row.get("form")}
    return forms.pop() if len(forms) == 1 else ""


def _places(rows: Iterable[Mapping[str, Any]], digits: int) -> set[str]:
    return {place for row in rows if (place := _place(row, digits)) is not None}


def _place(row: Mapping[str, Any], digits: int) -> str | None:
    """Where the person lives, so many digits of the division code: the end of the row's path,
    else its county or city; None where it says nothing so fine."""
    path = [part for part in str(row.get("path") or "").split("/") if part]
    for code in (*path[-1:], row.get("county"), row.get("city")):
        told = str(code or "")[:digits]
        if len(told) == digits and told[-2:] != "00":
            return told
    return None


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

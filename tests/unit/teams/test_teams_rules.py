"""Rosters in small tables: who works where, what rest means, who lacks why, what is refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import subprocess
import sys
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.teams import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 7, tzinfo=BEIJING)
RULES = model.TeamRules(
    start=START,
    days=7,
    patterns={"day": (8, 10), "night": (20, 12)},
    nights=frozenset({"night"}),
    rest_h=11,
    hours_most=40,
    days_in_row=5,
    nights_most=2,
    speed_kmh=30,
    detour_factor=1.0,
    worth_km=(500, 100),
)
SCHEMAS: dict[str, list[pa.Field]] = {
    "staff": [*model.STAFF, *model.STAFF_EXTRAS],
    "needs": [*model.NEEDS, *model.NEED_EXTRAS],
    "words": list(model.WORDS),
}
Rows = list[dict[str, Any]]


def person(name: str, skills: str = "sampler", lon: float = 112.5, **more: Any) -> dict[str, Any]:
    return {"staff": name, "skills": skills, "lon": lon, "lat": 37.8, **more}


def need(name: str, day: int, begin: float, lasts: float, **more: Any) -> dict[str, Any]:
    at = START + dt.timedelta(days=day, hours=begin)
    base = {"need": name, "place": "K", "lon": 112.5, "lat": 37.8, "skill": "sampler"}
    span = {"starts_at": at, "ends_at": at + dt.timedelta(hours=lasts), "persons": 1}
    return {**base, **span, **more}


def plan(*, rules: model.TeamRules = RULES, **rows: Rows) -> model.TeamPlan:
    tables = {
        name: pa.Table.from_pylist(given, schema=pa.schema(SCHEMAS[name]))
        for name, given in rows.items()
    }
    made = solve.plan(**tables, rules=rules)
    assert validate.check(made, **tables, rules=rules) == []
    return made


def who(made: model.TeamPlan) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in made.tasks.to_pylist():
        found.setdefault(row["need"], set()).add(row["staff"])
    return found


def test_whoever_is_near_and_able_goes() -> None:
    made = plan(
        staff=[person("FAR", lon=112.9), person("NEAR"), person("OTHER", "doctor")],
        needs=[need("N", 0, 9, 4)],
    )
    assert who(made) == {"N": {"NEAR"}}
    assert made.answer.gap == 0
    assert [r["pattern"] for r in made.duties.to_pylist()] == ["day"]


def test_two_tasks_of_a_duty_need_time_to_go_between() -> None:
    near = need("B", 0, 13, 4, place="L", lon=112.51)
    far = need("B", 0, 13, 4, place="L", lon=113.5)
    first = need("A", 0, 9, 4)
    rules = dataclasses.replace(RULES, changeover_min=15)
    at_once = plan(rules=rules, staff=[person("P")], needs=[first, near])
    assert dict(at_once.answer.binding) == {"people_busy": 1.0}
    later = need("B", 0, 14, 4, place="L", lon=112.51)
    assert plan(rules=rules, staff=[person("P")], needs=[first, later]).given == 2
    assert plan(rules=rules, staff=[person("P")], needs=[first, far]).given == 1


def test_rest_hours_nights_and_days_in_a_row_are_kept() -> None:
    after = plan(staff=[person("P")], needs=[need("A", 0, 20, 11), need("B", 1, 9, 8)])
    assert dict(after.answer.binding) == {"rest_rule": 1.0}
    week = plan(staff=[person("P")], needs=[need(f"N{d}", d, 9, 8) for d in range(6)])
    assert (week.given, dict(week.answer.binding)) == (4, {"hours_limit": 2.0})
    nights = [need(f"N{d}", d, 20, 11) for d in (0, 2, 4)]
    assert dict(plan(staff=[person("P")], needs=nights).answer.binding) == {"nights_limit": 1.0}
    rules = dataclasses.replace(RULES, days_in_row=2)
    row = plan(rules=rules, staff=[person("P")], needs=[need(f"N{d}", d, 9, 8) for d in range(3)])
    assert dict(row.answer.binding) == {"days_in_row": 1.0}


@pytest.mark.parametrize(
    ("staff", "asked", "constraint"),
    [
        ([person("P", "doctor")], {}, "no_skill"),
        ([person("P")], {"lasts": 15}, "no_pattern"),
        ([person("P", off_on="2022-11-07")], {}, "off"),
        ([person("P", worked_until=START + dt.timedelta(hours=1))], {}, "off"),
        ([person("P", lon=116.0)], {}, "too_far"),
        ([person("P")], {"persons": 2}, "too_few"),
    ],
)
def test_a_need_that_lacks_people_is_told_why(
    staff: Rows, asked: dict[str, Any], constraint: str
) -> None:
    rules = dataclasses.replace(RULES, travel_most_h=2.0)
    lasts = asked.pop("lasts", 4)
    made = plan(rules=rules, staff=staff, needs=[need("N", 0, 9, lasts, **asked)])
    assert dict(made.answer.binding) == {constraint: 1.0}


def test_the_first_rank_is_met_first_and_words_are_kept() -> None:
    needs = [need("A", 0, 9, 4, rank=2), need("B", 0, 9, 4, rank=1)]
    assert set(who(plan(staff=[person("P")], needs=needs))) == {"B"}
    both = [person("P"), person("Q", lon=112.6)]
    words = [{"staff": "Q", "need": "A", "word": "pinned"}]
    assert who(plan(staff=both, needs=needs, words=words)) == {"A": {"Q"}, "B": {"P"}}
    words = [{"staff": "P", "need": "A", "word": "forbidden"}]
    assert who(plan(staff=both, needs=needs, words=words)) == {"A": {"Q"}, "B": {"P"}}


def test_who_was_planned_stays_unless_it_is_worth_the_change() -> None:
    words = [{"staff": "Q", "need": "A", "word": "before"}]
    tables: dict[str, Rows] = {
        "staff": [person("P"), person("Q", lon=112.6)], "needs": [need("A", 0, 9, 4)]
    }  # fmt: skip
    stays = plan(rules=dataclasses.replace(RULES, change_km=50.0), words=words, **tables)
    assert who(stays) == {"A": {"Q"}}
    assert plan(words=words, **tables).tasks["changed"].to_pylist() == [True]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"needs": [need("N", 0, 9, 4), need("N", 0, 9, 4)]}, "teams.twice"),
        ({"needs": [need("N", 9, 9, 4)]}, "teams.outside"),
        ({"needs": [need("N", 0, 9, -4)]}, "teams.ends_first"),
        ({"needs": [need("N", 0, 9, 4, persons=0)]}, "teams.need_of_nobody"),
        ({"needs": [need("N", 0, 9, 4, rank=3)]}, "teams.rank_without_worth"),
        ({"needs": [need("N", 0, 9, 4, ends_at=None)]}, "teams.no_moment"),
        ({"words": [{"staff": "X", "need": "N", "word": "pinned"}]}, "teams.unknown"),
    ],
)
def test_what_cannot_be_planned_with_is_refused(changes: dict[str, Rows], code: str) -> None:
    tables: dict[str, Rows] = {"staff": [person("P")], "needs": [need("N", 0, 9, 4)], **changes}
    with pytest.raises(BadInput) as refused:
        plan(**tables)
    assert refused.value.code == code


def test_rules_and_pins_that_cannot_be_are_refused() -> None:
    tables: dict[str, Rows] = {
        "staff": [person("P"), person("D", "doctor")],
        "needs": [need("A", 0, 9, 4), need("B", 0, 9, 4)],
    }
    with pytest.raises(BadInput, match="nights"):
        plan(rules=dataclasses.replace(RULES, nights=frozenset({"late"})), **tables)
    for staff, code in (("D", "teams.pin_not_allowed"), ("P", "teams.pins_clash")):
        words = [{"staff": staff, "need": name, "word": "pinned"} for name in ("A", "B")]
        with pytest.raises(BadInput) as refused:
            plan(**tables, words=words)
        assert refused.value.code == code


def test_the_validator_finds_what_is_wrong() -> None:
    rows: dict[str, Rows] = {
        "staff": [person("P"), person("D", "doctor")],
        "needs": [need("A", 0, 9, 4), need("B", 2, 9, 4)],
    }
    tables = {
        name: pa.Table.from_pylist(given, schema=pa.schema(SCHEMAS[name]))
        for name, given in rows.items()
    }
    made = solve.plan(**tables, rules=RULES)

    def faults(table: str, **change: Any) -> str:
        listed = getattr(made, table).to_pylist()
        wrong = pa.Table.from_pylist(
            [{**listed[0], **change}, *listed[1:]], schema=getattr(model, table.upper())
        )
        other = dataclasses.replace(made, **{table: wrong})
        return "; ".join(validate.check(other, **tables, rules=RULES))

    assert "has not the skill" in faults("tasks", staff="D")
    assert "at another time" in faults("tasks", starts_at=START)
    assert "is not the pattern" in faults("duties", pattern="night")
    assert "no rest" in faults("duties", ends_at=START + dt.timedelta(days=2))
    assert "told wrong" in faults("cover", given=0)


@pytest.mark.parametrize("first", ["scipy", "ortools"])
def test_scipys_highs_and_ortools_share_a_process_in_either_order(first: str) -> None:
    linear = "from scipy import optimize\nprint(optimize.linprog([1], bounds=(2, 3)).fun)\n"
    sat = (
        "from ortools.sat.python import cp_model\nm = cp_model.CpModel()\n"
        "x = m.new_int_var(0, 5, 'x')\nm.maximize(x)\ns = cp_model.CpSolver()\ns.solve(m)\n"
        "print(s.objective_value)\n"
    )
    program = linear + sat + linear if first == "scipy" else sat + linear + sat
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == (
        ["2.0", "5.0", "2.0"] if first == "scipy" else ["5.0", "2.0", "5.0"]
    )


def test_nothing_of_ours_loads_highspy_and_engines_load_ortools_only_for_a_roster() -> None:
    program = (
        "import sys\nfrom zhongshu.engines.teams import solve as teams\n"
        "from zhongshu.engines.beds import solve as beds\n"
        "print([m for m in ('highspy', 'ortools') if m in sys.modules])\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "[]"

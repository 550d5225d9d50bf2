"""Grades of events, with the rule that gave them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhongshu.rules import grading, judge, reader

PACK = reader.load("event-grading")
DAY = dt.timedelta(days=1)
FIRST = dt.date(2022, 11, 1)


def rows(n: int, *, day: int = 0, county: str = "140105000000", city: str = "140100000000",
         first: int = 0, **given: Any) -> list[dict[str, Any]]:  # fmt: skip
    return [
        {"day": FIRST + day * DAY, "person": f"{county}{first + k}", "county": county, "city": city,
         "status": "confirmed"} | given
        for k in range(n)
    ]  # fmt: skip


def graded(disease: str, ill: list[dict[str, Any]], form: str = "", **known: Any) -> grading.Grade:
    return grading.grade(PACK, grading.counted(PACK, ill, disease=disease, form=form) | known)


@pytest.mark.parametrize(
    ("ill", "grade"),
    [
        (rows(9), "IV"),
        (rows(10), "III"),
        (rows(5) + rows(5, day=6, first=10), "III"),  # within a week
        (rows(5) + rows(4, day=7, first=10), "IV"),  # not within a week
        (rows(1) + rows(1, county="140106000000"), "III"),  # two counties
    ],
)
def test_cholera_by_week_and_county(ill: list[dict[str, Any]], grade: str) -> None:
    assert graded("cholera", ill).grade == grade


@pytest.mark.parametrize(("n", "grade"), [(29, None), (30, "IV"), (99, "IV"), (100, "III")])
def test_food_poisoning_by_persons(n: int, grade: str | None) -> None:
    assert graded("food-poisoning", rows(n)).grade == grade


def test_a_death_is_graver_than_the_number_and_the_lower_grade_is_told_as_well() -> None:
    found = graded("food-poisoning", rows(40) + rows(1, first=50, died=True))
    assert found.grade == "III"
    assert found.judgement is not None
    assert judge.same(found.judgement.stored(), judge.replay(found.judgement.stored()))


def test_counts_and_persons_add_up_and_suspected_ones_are_apart() -> None:
    ill = [*rows(3), *rows(3), {"day": FIRST, "count": 5}, *rows(2, first=9, status="suspected")]
    facts = grading.counted(PACK, ill, disease="cholera")
    assert (facts["cases"], facts["suspected"], facts["counties"]) == (8, 2, 1)


def test_what_no_rule_grades_has_no_grade() -> None:
    found = graded("covid-19", rows(50))
    assert (found.grade, found.judgement) == (None, None)


def test_the_gravest_comes_first() -> None:
    assert [grading.rank(one) for one in ("I", "II", "III", "IV", None)] == [0, 1, 2, 3, 4]
    assert grading.graver("III", "II") == "II"
    assert grading.graver(None, "IV") == "IV"

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


def graded(
    disease: str, ill: list[dict[str, Any]], form: str = "", reporting: Any = None, **known: Any
) -> grading.Grade:
    facts = grading.counted(PACK, ill, disease=disease, form=form, reporting=reporting)
    return grading.grade(PACK, facts | known)


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


def test_no_grade_has_been_verified_by_nobody() -> None:
    assert graded("covid-19", rows(50)).verified is False


LAW = reader.load("law-2025")


@pytest.mark.parametrize(
    ("disease", "form", "named"),
    [
        ("cholera", "", "A"),
        ("sars", "", "B_as_A"),
        ("anthrax", "pulmonary", "B_as_A"),
        ("anthrax", "cutaneous", "B"),
        ("measles", "", "B"),
        ("hepatitis-a", "", "B"),
        ("norovirus", "", "C"),
        ("unexplained", "", "unexplained"),
        ("food-poisoning", "", None),  # on no list: nobody can say, and not for that a new one
    ],
)
def test_the_class_of_a_disease_by_the_lists_in_force(
    disease: str, form: str, named: str | None
) -> None:
    assert grading.statutory_class(LAW, disease, form) == named
    facts = grading.counted(PACK, rows(1), disease=disease, form=form, reporting=LAW)
    assert facts.get("disease_class") == named


def told(found: grading.Grade) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.grade, one.rule_id, one.missing) for one in found.possible]


def test_what_unknown_facts_could_make_of_it_is_told() -> None:
    found = graded("sars", rows(1), reporting=LAW)
    assert (found.grade, found.rule_id) == ("II", "EG-SARS-II")
    assert told(found) == [("I", "EG-SARS-I", ("spreading",))]
    assert told(graded("sars", rows(1), spreading=False)) == []
    two = graded("cholera", rows(2) + rows(2, county="140205000000", city="140200000000"))
    assert (two.grade, told(two)) == ("III", [("II", "EG-CHOLERA-II", ("spreading",))])


def test_nobody_is_asked_about_lost_strains_when_somebody_has_measles() -> None:
    found = graded("measles", rows(9), reporting=LAW)
    assert found.grade is None
    assert told(found) == [("II", "EG-BC-II", ("areas",)), ("III", "EG-BC-III", ("areas",))]
    assert told(graded("food-poisoning", rows(40), reporting=LAW)) == []


def test_counties_and_cities_are_those_of_the_paths() -> None:
    """A place of work is in one county; who was ill there lives in two."""
    home = "140000000000/140200000000/140205000000/140205001000/140205001001/"
    facts = grading.counted(PACK, [*rows(1), *rows(1, first=9, path=home)], disease="cholera")
    assert (facts["counties"], facts["cities"], facts["provinces"]) == (2, 2, 1)


def test_a_countys_week_counts_everybody_ill_there_and_nobody_elsewhere() -> None:
    near = [*rows(12), *rows(40, county="140205000000", city="140200000000")]
    facts = grading.counted(PACK, rows(2), disease="cholera", around=near)
    assert (facts["cases"], facts["cases_week_county"], facts["cases_week_city"]) == (2, 12, 12)


def test_a_first_grade_is_a_floor_and_both_judgements_stay() -> None:
    table = graded("food-poisoning", rows(140) + rows(2, first=200, died=True))
    first = graded("food-poisoning", rows(30))
    both = grading.at_least(table, first)
    assert (both.grade, both.rule_id) == ("II", "EG-FOOD-II")
    assert first.judgement in both.others
    assert grading.at_least(first, table).grade == "II"
    assert grading.at_least(grading.NONE, first).grade == "IV"
    assert grading.at_least(grading.NONE, grading.NONE).judgement is None


def test_the_gravest_comes_first() -> None:
    assert [grading.rank(one) for one in ("I", "II", "III", "IV", None)] == [0, 1, 2, 3, 4]
    assert grading.graver("III", "II") == "II"
    assert grading.graver(None, "IV") == "IV"

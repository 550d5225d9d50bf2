"""Chapter 3.  Isolation and its tests (ISO-*)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import isolation, reader

NONE = None


# days central, days home, tests in central isolation, tests at home; None: not isolated at all
@pytest.mark.parametrize(
    ("who", "name", "central", "home", "tests", "home_tests"),
    [
        ("close_contact", "9th", 7, 3, (1, 2, 3, 5, 7), (3,)),
        ("close_contact", "20", 5, 3, (1, 2, 3, 5), (1, 3)),
        ("close_contact", "10", 0, 5, (), (5,)),
        ("second", "9th", 0, 7, (1, 4, 7), ()),
        ("second", "20", NONE, NONE, (), ()),
        ("second", "10", NONE, NONE, (), ()),
        ("arrival", "9th", 7, 3, (1, 2, 3, 5, 7), (3,)),
        ("arrival", "20", 5, 3, (1, 2, 3, 5), (1, 3)),
        ("high_risk_area", "9th", 7, 0, (1, 2, 3, 5, 7), ()),
        ("high_risk_area", "20", 0, 7, (1, 3, 5, 7), ()),
        ("high_risk_area", "10", NONE, NONE, (), ()),
        ("medium_risk_area", "9th", 0, 7, (1, 4, 7), ()),
        ("medium_risk_area", "20", NONE, NONE, (), ()),
    ],
)
def test_how_long_and_when_tested(edition, who, name, central, home, tests, home_tests):
    pack = edition(name)
    if central is NONE:
        assert pack.group(f"isolation.{who}") == {}
        return
    assert pack.value(f"isolation.{who}.central_days") == central
    assert pack.value(f"isolation.{who}.home_days") == home
    assert pack.numbers(f"isolation.{who}.test_days") == tests
    assert pack.numbers(f"isolation.{who}.home_test_days") == home_tests


# last contact on 1 November; all days in November
@pytest.mark.parametrize(
    ("who", "name", "central_until", "ends_on", "tests"),
    [
        ("close_contact", "9th", 8, 11, [2, 3, 4, 6, 8, 11]),
        ("close_contact", "20", 6, 9, [2, 3, 4, 6, 7, 9]),
        ("close_contact", "10", NONE, 6, [6]),
        ("second", "9th", NONE, 8, [2, 5, 8]),
        ("high_risk_area", "9th", 8, 8, [2, 3, 4, 6, 8]),
    ],
)
def test_the_days_of_somebody_whose_last_contact_was_on_1_november(
    edition, who, name, central_until, ends_on, tests
):
    plan = isolation.schedule(edition(name), who, last_contact=dt.date(2022, 11, 1))
    assert plan.central_until == (central_until and dt.date(2022, 11, central_until))
    assert plan.ends_on == dt.date(2022, 11, ends_on)
    assert plan.tests == tuple(dt.date(2022, 11, day) for day in tests)


def test_who_is_no_longer_isolated_gets_no_schedule(edition):
    with pytest.raises(NotFound):
        isolation.schedule(edition("20"), "second", last_contact=dt.date(2022, 11, 12))


@given(last_contact=st.dates(dt.date(2022, 1, 1), dt.date(2023, 12, 31)))
@pytest.mark.parametrize("pack", [reader.load("cn-covid-9"), reader.load("cn-covid-9-10")])
def test_every_test_lies_inside_the_isolation_and_the_last_one_ends_it(pack, last_contact):
    plan = isolation.schedule(pack, "close_contact", last_contact=last_contact)
    assert list(plan.tests) == sorted(set(plan.tests))
    assert all(last_contact < day <= plan.ends_on for day in plan.tests)
    assert plan.tests[-1] == plan.ends_on


@pytest.mark.parametrize(("name", "days"), [("9th", 7), ("20", 5)])
def test_a_worker_leaving_the_closed_loop(edition, name, days):
    assert edition(name).value("isolation.closed_loop_worker.days") == days


@pytest.mark.parametrize(
    ("name", "place"), [("9th", "fangcang"), ("20", "fangcang"), ("10", "home")]
)
def test_where_mild_cases_stay(edition, name, place):
    assert edition(name).value("isolation.case.place") == place


def test_the_day_counts_of_7_december_are_recalled_and_marked_so(edition):
    assert not edition("10").figure("isolation.close_contact.home_days").verified
    assert edition("20").figure("isolation.close_contact.central_days").verified

"""Chapter 1.  Which edition is in force on which day."""

import datetime as dt

import pytest

from zhongshu.kernel.errors import NotFound
from zhongshu.rules import reader


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("2022-06-28", "cn-covid-9"),
        ("2022-11-10", "cn-covid-9"),
        ("2022-11-11", "cn-covid-9+20"),  # 二十条
        ("2022-12-06", "cn-covid-9+20"),
        ("2022-12-07", "cn-covid-9+20+10"),  # 新十条
        ("2023-01-07", "cn-covid-9+20+10"),
    ],
)
def test_the_edition_of_the_day(day, version):
    assert reader.in_force("cn-covid-9", dt.date.fromisoformat(day)).version == version


@pytest.mark.parametrize("day", ["2022-06-27", "2023-01-08"])
def test_outside_its_time_the_pack_is_refused_with_its_dates(day):
    with pytest.raises(NotFound, match="2022-06-28 to 2023-01-07"):
        reader.in_force("cn-covid-9", dt.date.fromisoformat(day))


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ("cn-covid-9", "cn-covid-9"),
        ("cn-covid-9-20", "cn-covid-9+20"),
        ("cn-covid-9-10", "cn-covid-9+20+10"),
        ("cn-covid-9+20", "cn-covid-9+20"),  # as an old decision recorded it
    ],
)
def test_an_old_decision_finds_its_edition_again(asked, version):
    assert reader.load(asked).version == version


def test_each_amendment_says_what_it_took_away_and_what_becomes_of_people_inside():
    first, second = reader.load("cn-covid-9-10").amendments
    assert (first.id, second.id) == ("cn-covid-9-20", "cn-covid-9-10")
    assert "isolation.second.home_days" in first.removed
    assert "test.arrival.tests" in second.removed
    for amendment in (first, second):
        assert amendment.transition.zh
        assert amendment.title.en
        assert amendment.sources


def test_the_digest_changes_with_the_edition_and_with_nothing_else():
    digests = {reader.load(name).digest() for name in ("cn-covid-9", "cn-covid-9-20")}
    assert len(digests) == 2
    assert reader.load("cn-covid-9").digest() in digests

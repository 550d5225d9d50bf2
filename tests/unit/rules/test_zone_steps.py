"""Areas step up and down by the exact conjunction of cases, contacts and tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import BEIJING, start_of_day
from zhongshu.rules import judge, reader, zones

EIGHTH, NINTH, TWENTY, TEN = (
    reader.load(name)
    for name in ("cn-covid-8+zones", "cn-covid-9", "cn-covid-9+20", "cn-covid-9+20+10")
)
CASE = dt.date(2022, 11, 1)
DAY = dt.timedelta(days=1)


def area(level: str, *, now: int, **given: Any) -> dict[str, Any]:
    """An area whose last case was found on day 0, `now` days ago at noon."""
    facts: dict[str, Any] = {
        "level": level,
        "last_case_on": CASE,
        "last_open_case_on": CASE,
        "level_since": CASE,
        "now": start_of_day(CASE + now * DAY) + dt.timedelta(hours=12),
    }
    days = {name: CASE + value * DAY for name, value in given.items() if name.endswith("_on")}
    return facts | {**given, **days}


@pytest.mark.parametrize(
    ("facts", "action", "to"),
    [
        (area("high", now=6, all_negative_on=6), "keep", "high"),
        (area("high", now=7, all_negative_on=7), "lower", "medium"),
        (area("high", now=9, all_negative_on=6), "keep", "high"),  # tested a day too early
        (area("high", now=9), "keep", "high"),  # nobody knows of any test
        (area("medium", now=7, all_negative_on=7, after_high=False), "lower", "low"),
        (area("medium", now=3, after_high=True), "lower", "low"),
        (area("medium", now=2, after_high=True), "keep", "medium"),
        (area("medium", now=3, after_high=False), "keep", "medium"),
        (area("low", now=1, open_zones_of_county=0), "lower", None),
        (area("low", now=1, open_zones_of_county=1), "keep", "low"),
    ],
)
def test_the_ninth_edition(facts: dict[str, Any], action: str, to: str | None) -> None:
    found = zones.move(NINTH, facts)
    assert (found.action, found.to) == (action, to)


@pytest.mark.parametrize("pack", [TWENTY, TEN])
def test_later_editions_ask_for_five_clean_days_and_no_test(pack: Any) -> None:
    assert zones.move(pack, area("high", now=4)).action == "keep"
    found = zones.move(pack, area("high", now=5))
    assert (found.action, found.to) == ("lower", "low")
    with pytest.raises(BadInput, match="no medium"):
        zones.move(pack, area("medium", now=5))


def test_an_isolated_household_does_not_restart_the_clock_where_the_ten_measures_hold() -> None:
    """A co-resident strictly isolated at home falls ill on day 4; nobody else does."""
    facts = area("high", now=6, last_case_on=4, last_open_case_on=0)
    assert zones.move(TEN, facts).action == "lower"
    assert zones.move(TWENTY, facts).action == "keep"


FREE = {"last_exposure_on": -1, "contacts_negative": True, "all_negative_on": 13}


@pytest.mark.parametrize(
    ("changed", "now", "open_condition"),
    [
        ({}, 14, None),
        ({"last_exposure_on": -2}, 13, "clean_days"),
        ({"last_exposure_on": 0}, 14, "last_contact"),  # more than 14 days, not 14
        ({"contacts_negative": False}, 14, "contacts_negative"),
        ({"contacts_negative": None}, 14, "contacts_negative"),  # not known is not negative
        ({"all_negative_on": 11}, 14, "all_negative"),  # within two days before
        ({"all_negative_on": 12}, 14, None),
    ],
)
@pytest.mark.parametrize("level", ["high", "medium"])
def test_the_three_zones_need_cases_contacts_and_tests(
    level: str, changed: dict[str, Any], now: int, open_condition: str | None
) -> None:
    found = zones.move(EIGHTH, area(level, now=now, **(FREE | changed)))
    unmet = [one.id for one in found.conditions if not one.held]
    assert unmet == ([open_condition] if open_condition else [])
    assert found.action == ("keep" if open_condition else "lower")


def test_a_positive_turns_a_controlled_area_into_a_sealed_one_at_once() -> None:
    """Even on the day it would have been released."""
    found = zones.move(EIGHTH, area("medium", now=14, positives_since_level=1, **FREE))
    assert (found.action, found.to, found.rule_id) == ("raise", "high", "Z8-2-UP")
    assert (
        zones.move(EIGHTH, area("high", now=14, positives_since_level=1, **FREE)).action == "lower"
    )


def test_the_step_is_a_judgement_that_can_be_done_again() -> None:
    for pack, facts in (
        (NINTH, area("high", now=7, all_negative_on=7)),
        (EIGHTH, area("medium", now=14, positives_since_level=1, **FREE)),
    ):
        found = zones.judge_step(pack, facts)
        assert found.held
        assert judge.same(found.stored(), judge.replay(found.stored()))


@pytest.mark.parametrize(
    ("pack", "level", "unit", "wide", "larger"),
    [
        (NINTH, "high", "village", False, False),
        (NINTH, "high", "township", False, True),
        (NINTH, "high", "township", True, True),
        (TWENTY, "high", "village", False, True),
        (TWENTY, "high", "village", True, False),
        (TEN, "high", "village", True, True),
        (TEN, "high", "building", False, False),
    ],
)
def test_an_area_larger_than_allowed_is_told_with_the_limit(
    pack: Any, level: str, unit: str, wide: bool, larger: bool
) -> None:
    found = zones.too_large(pack, {"level": level, "unit": unit}, wide_spread=wide)
    assert (found.held, found.trace.held) == (larger, larger)
    assert found.outcome["value"] in zones.UNITS


def test_midnight_is_beijings() -> None:
    just = dt.datetime(2022, 11, 7, 15, 59, 59, tzinfo=dt.UTC)
    facts = area("high", now=7, all_negative_on=7)
    assert zones.move(NINTH, facts | {"now": just}).action == "keep"
    assert zones.move(NINTH, facts | {"now": just + dt.timedelta(seconds=1)}).action == "lower"
    assert just.astimezone(BEIJING).date() == dt.date(2022, 11, 7)

"""The colour of a code: by an epidemic rule, until its end, and for no other reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.kernel.time import BEIJING
from zhongshu.rules import colour, judge, reader

NINTH = reader.load("cn-covid-9")
NOW = dt.datetime(2022, 11, 8, 20, tzinfo=BEIJING)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "given", "rule"),
    [
        ({}, "green", ""),
        ({"is_case": False, "age_years": 70, "occupation": "courier"}, "green", ""),
        ({"is_case": True}, "red", "HC-3-CASE"),
        ({"is_case": True, "case_release_at": NOW + DAY}, "red", "HC-3-CASE"),
        ({"is_case": True, "case_release_at": NOW - DAY}, "green", ""),  # ends by itself
        ({"contact_degree": 1, "contact_release_at": NOW + DAY}, "red", "HC-3-CONTACT"),
        ({"contact_degree": 1, "contact_release_at": NOW - DAY}, "green", ""),
        ({"contact_degree": 2, "contact_release_at": NOW + DAY}, "yellow", "HC-3-SECOND"),
        ({"zone_level": "high"}, "red", "HC-3-HIGH"),
        ({"zone_level": "medium"}, "yellow", "HC-3-MEDIUM"),
        ({"zone_level": "low"}, "green", ""),
        # several rules: the one that stands higher in the pack
        ({"zone_level": "medium", "is_case": True}, "red", "HC-3-CASE"),
        (
            {"contact_degree": 2, "contact_release_at": NOW + DAY, "zone_level": "high"},
            "red",
            "HC-3-HIGH",
        ),
    ],
)
def test_who_has_which_colour(facts: dict[str, Any], given: str, rule: str) -> None:
    found = colour.colour(NINTH, facts | {"now": NOW})
    assert found.colour == given
    if given != "green":
        assert found.rule_id == rule
        assert found.trace is not None
        assert found.trace.held


def test_a_colour_says_when_it_ends_and_why() -> None:
    ends = NOW + 3 * DAY
    found = colour.colour(NINTH, {"contact_degree": 1, "contact_release_at": ends, "now": NOW})
    assert found.until == ends
    assert found.judgement is not None
    assert set(found.judgement.facts) == {"contact_degree", "contact_release_at", "now"}


def test_nobody_is_coloured_under_an_edition_that_sets_no_colours() -> None:
    pack = reader.load("cn-covid-b")
    facts = {"is_case": True, "contact_degree": 1, "zone_level": "high", "now": NOW}
    assert colour.giving(pack) == []
    assert colour.colour(pack, facts).colour == "green"
    table = pa.table({"is_case": [True, False]})
    assert colour.colours(pack, table)["colour"].to_pylist() == ["green", "green"]


def test_a_colour_without_a_rule_is_against_the_rules() -> None:
    """HC-2, of the pack itself: what the inspection goes by."""
    without = {"colour": "red", "colour_rule_id": None, "now": NOW}
    assert judge.judge(NINTH, "HC-2", without).held
    assert not judge.judge(NINTH, "HC-2", without | {"colour_rule_id": "HC-3-CASE"}).held
    assert not judge.judge(NINTH, "HC-2", without | {"colour": "green"}).held

"""What of the prices that points report calls for a look."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service import builders as b
from tests.service import scenes
from zhongshu.service.resources import facade as resources

pytestmark = pytest.mark.django_db


def findings(code: str = b.PROVINCE) -> dict[tuple[str, str], dict[str, Any]]:
    seen = resources.watch(scope=b.scope(code), path=b.path(code), as_of=b.NOW)
    return {(one["point_id"], one["why"]): one for one in seen.rows}


def test_a_price_that_rises_in_a_week_is_told_with_what_it_is_held_against() -> None:
    b.headquarters()
    scenes.priced("A", 20.0, 20.0, 20.0, 20.0, 24.0)
    scenes.priced("B", 20.0, 20.0, 20.0, 20.0, 21.0)
    found = findings()
    assert set(found) == {("A", "week_rise")}
    one = found["A", "week_rise"]
    assert (one["yuan"], one["against"], one["stands_on"]) == (24.0, 20.0, 4)
    assert one["value"] == pytest.approx(0.2)
    assert one["point_name"] == "监测点A"


def test_a_price_above_the_countys_says_how_many_points_it_is_held_against() -> None:
    b.headquarters()
    for point, yuan in (("A", 20.0), ("B", 20.0), ("C", 30.0)):
        scenes.priced(point, yuan)
    scenes.priced("D", 30.0, county=b.OTHER_COUNTY)
    found = findings()
    assert set(found) == {("C", "above_county")}
    assert found["C", "above_county"]["stands_on"] == 3


def test_an_empty_shelf_and_a_silent_point_are_told_in_days() -> None:
    b.headquarters()
    scenes.priced("A", 20.0, None, None)
    scenes.priced("B", 20.0, 20.0, 20.0)
    rows = {"point_id": "C", "point_name": "监测点C", "county_code": b.COUNTY, "item": "pork",
            "yuan": 20.0, "lon": 112.5, "lat": 37.8, "as_of": b.NOW - 3 * b.DAY}  # fmt: skip
    resources.take(feed="prices", table=b.feed("prices", rows), known_at=b.NOW)
    found = findings()
    assert set(found) == {("A", "out_of_stock"), ("C", "missing")}
    assert (found["A", "out_of_stock"]["value"], found["C", "missing"]["value"]) == (2, 3)
    assert found["C", "missing"]["stands_on"] is None


def test_of_two_reports_of_a_day_the_later_counts() -> None:
    b.headquarters()
    scenes.priced("A", 20.0, 20.0, 20.0, 25.0)
    row = {"point_id": "A", "point_name": "监测点A", "county_code": b.COUNTY, "item": "pork",
           "yuan": 20.0, "lon": 112.5, "lat": 37.8,
           "as_of": b.NOW - b.HOUR}  # fmt: skip
    resources.take(feed="prices", table=b.feed("prices", row), known_at=b.NOW)
    assert set(findings()) == {("A", "week_rise")}


def test_a_county_sees_its_own_prices_alone() -> None:
    b.headquarters()
    scenes.priced("A", 20.0, 20.0, 20.0, 24.0)
    assert not findings(b.OTHER_COUNTY)


def test_the_list_is_read_page_by_page() -> None:
    scenes.two_cities()
    scenes.priced("A", 20.0, 20.0, 20.0, 24.0)
    scenes.priced("B", 20.0, 20.0, 20.0, 25.0)
    client = scenes.signed_in((b.CITY, "supply_team"))
    first = scenes.get(client, "/resources/prices", limit=1).json()
    assert (first["watched"], first["reported"], first["on"]) == (2, 2, "2022-11-08")
    (one,) = first["items"]
    assert (one["point"], one["why"], one["unit"]["code"]) == ("监测点A", "week_rise", b.COUNTY)
    second = scenes.get(client, "/resources/prices", limit=1, after=first["next"]).json()
    assert ([row["point"] for row in second["items"]], second["next"]) == (["监测点B"], None)

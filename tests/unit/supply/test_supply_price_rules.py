"""Price points in small tables: what raises an alarm, and what is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.supply.prices import model, solve
from zhongshu.kernel.errors import BadInput

ON = dt.date(2022, 11, 8)
RULES = model.PriceRules(
    week_days=7,
    week_rise=0.1,
    month_days=30,
    month_rise=0.3,
    county_above=0.25,
    least_reports=3,
    missing_days=2,
    out_days=2,
)
Rows = list[dict[str, Any]]


def point(name: str = "p1") -> dict[str, Any]:
    return {"point_id": name, "county_code": "140105", "item": "cabbage"}


def reports(*yuan: float | None, name: str = "p1", until: int = 0) -> Rows:
    """One a day, the last `until` days ago; None: nothing to sell."""
    return [
        {
            "point_id": name,
            "item": "cabbage",
            "date": ON - dt.timedelta(days=until + len(yuan) - 1 - n),
            "yuan": one,
            "in_stock": one is not None,
        }
        for n, one in enumerate(yuan)
    ]


def found(watched: Rows, told: Rows) -> list[tuple[str, str, float]]:
    made = solve.watch(
        watched=pa.Table.from_pylist(watched, schema=model.WATCHED),
        reports=pa.Table.from_pylist(told, schema=model.REPORTS),
        rules=RULES,
        on=ON,
    )
    rows = made.findings.to_pylist()
    return [(row["point_id"], row["why"], round(row["value"], 3)) for row in rows]


def test_a_rise_of_a_tenth_in_a_week_is_quiet_and_more_is_not() -> None:
    assert found([point()], reports(4.0, 4.0, 4.0, 4.4)) == []
    assert found([point()], reports(4.0, 4.0, 4.0, 4.6)) == [("p1", "week_rise", 0.15)]


def test_a_slow_rise_is_seen_against_the_month() -> None:
    slow = [4.0] * 20 + [5.0] * 6 + [5.3]
    assert found([point()], reports(*slow)) == [("p1", "month_rise", 0.325)]


def test_one_point_above_its_county_is_named() -> None:
    told = [row for name in ("p1", "p2", "p3") for row in reports(4.0, name=name)]
    told += reports(5.2, name="p4")
    watched = [point(name) for name in ("p1", "p2", "p3", "p4")]
    assert found(watched, told) == [("p4", "above_county", 0.3)]


def test_two_silent_days_and_two_empty_days_are_told() -> None:
    told = reports(4.0, until=2) + reports(4.0, None, None, name="p2")
    assert found([point(), point("p2")], told) == [
        ("p1", "missing", 2.0),
        ("p2", "out_of_stock", 2.0),
    ]


def test_too_few_prices_say_nothing() -> None:
    assert found([point()], reports(4.0, 9.0)) == []


@pytest.mark.parametrize(
    ("told", "code"),
    [
        (reports(4.0) + reports(4.0), "supply.prices_twice"),
        (reports(4.0, until=-1), "supply.prices_later"),
        (reports(-4.0), "input.negative"),
    ],
)
def test_reports_that_cannot_be_are_refused(told: Rows, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        found([point()], told)
    assert refused.value.code == code

"""Whether everyone inside was tested negative."""

from __future__ import annotations

import datetime as dt

import pyarrow as pa

from zhongshu.engines.zoning import coverage

DAY = dt.date(2022, 11, 8)
MEMBERS = pa.Table.from_pylist(
    [{"person": n, "unit_code": "V1" if n < 3 else "V2"} for n in (1, 2, 3)],
    schema=coverage.MEMBERS,
)


def taken_tests(*rows: tuple[int, int, bool]) -> pa.Table:
    """(person, days before DAY, positive)"""
    return pa.Table.from_pylist(
        [
            {"person": p, "date": DAY - dt.timedelta(days=d), "positive": positive}
            for p, d, positive in rows
        ],
        schema=coverage.TESTS,
    )


def test_people_are_counted_once_and_strangers_not_at_all() -> None:
    taken = taken_tests((1, 0, False), (1, 0, False), (9, 0, True), (3, 0, True))
    rows = coverage.rounds(taken, MEMBERS, window_days=1).to_pylist()
    assert [(r["unit_code"], r["inside"], r["tested"], r["positive"]) for r in rows] == [
        ("V1", 2, 1, 0),
        ("V2", 1, 1, 1),
    ]


def test_a_round_over_two_days_counts_as_one_when_the_window_says_so() -> None:
    taken = taken_tests((1, 1, False), (2, 0, False))
    assert coverage.rounds(taken, MEMBERS, window_days=1)["tested"].to_pylist() == [1, 1]
    assert coverage.rounds(taken, MEMBERS, window_days=2)["tested"].to_pylist() == [1, 2]


def test_no_tests_give_no_rows() -> None:
    assert coverage.rounds(taken_tests(), MEMBERS, window_days=1).num_rows == 0

"""Reported rows become counts: gaps stay gaps, and what is left out is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.engines.warning import inputs, model
from zhongshu.engines.warning.inputs import EVERY, Calendar
from zhongshu.kernel.errors import BadInput

LAST = dt.date(2022, 11, 6)  # a Sunday
DAYS = Calendar(LAST, 5)
WEEKS = Calendar(LAST, 4, step_days=7)


def rows(*given: tuple[Any, ...], stream: str = "flu") -> pa.Table:
    """(days before LAST, count) of unit a."""
    return pa.Table.from_pylist(
        [
            {"unit": "a", "stream": stream, "date": LAST - dt.timedelta(days=ago), "count": count}
            for ago, count in given
        ],
        schema=model.SERIES,
    )


def reasons(found: inputs.Grid) -> list[tuple[int, str]]:
    """(count, reason) of what was left out."""
    return [(row["count"], row["reason"]) for row in found.dropped.to_pylist()]


def test_a_gap_and_an_empty_count_are_no_zero() -> None:
    found = inputs.grid(rows((4, 2), (2, None), (0, 0)), DAYS)
    np.testing.assert_array_equal(found.counts, [[2, np.nan, np.nan, np.nan, 0]])
    assert (found.lengths.tolist(), found.missing.tolist()) == ([5], [3])
    assert found.calendar.ends()[0] == LAST - dt.timedelta(days=4)
    assert reasons(found) == []


def test_series_are_in_the_order_of_their_keys() -> None:
    both = pa.concat_tables([rows((0, 1)), rows((1, 7), stream="cough")])
    found = inputs.grid(both, DAYS)
    assert found.keys == [("a", "cough"), ("a", "flu")]
    assert found.counts[:, 3:].tolist()[0][0] == 7
    assert found.lengths.tolist() == [2, 1]


def test_corrections_the_future_and_the_far_past_are_left_out_and_told() -> None:
    found = inputs.grid(rows((-1, 9), (0, 3), (1, -4), (5, 8)), DAYS)
    np.testing.assert_array_equal(found.counts, [[np.nan] * 4 + [3]])
    assert reasons(found) == [(9, "future"), (-4, "negative"), (8, "too_old")]


def test_the_same_report_twice_counts_once() -> None:
    found = inputs.grid(rows((0, 3), (0, 3), (0, None), (1, 2)), DAYS)
    assert found.counts[0, 3:].tolist() == [2, 3]
    assert reasons(found) == [(3, "repeated")]


def test_two_counts_of_a_day_are_refused_by_name() -> None:
    with pytest.raises(BadInput) as refused:
        inputs.grid(rows((0, 3), (1, 2), (0, 5)), DAYS)
    assert str(refused.value) == (
        "Unit a, stream flu has different counts (3 and 5) for the day to 2022-11-06 (rows 1, 3); "
        "keep one."
    )


def test_daily_reports_in_a_weekly_calendar_are_noticed() -> None:
    with pytest.raises(BadInput, match=r"for the week to 2022-11-06 .* are these daily reports\?"):
        inputs.grid(rows((0, 3), (1, 2), (2, 5)), WEEKS)


def test_a_weekly_report_may_bear_any_day_of_its_week() -> None:
    found = inputs.grid(rows((6, 1), (7, 2), (20, 3), (27, 4)), WEEKS)
    assert found.counts.tolist() == [[4, 3, 2, 1]]


def test_only_reports_after_a_marked_break_are_used() -> None:
    given = pa.concat_tables([rows((4, 1), (2, 2), (0, 3)), rows((4, 5), (0, 6), stream="cough")])
    breaks = {("a", "flu"): LAST - dt.timedelta(days=2), (EVERY, EVERY): dt.date(2020, 1, 1)}
    found = inputs.grid(given, DAYS, breaks=breaks)
    assert reasons(found) == [(1, "before_break")]
    assert found.lengths.tolist() == [5, 3]
    with pytest.raises(BadInput, match="A break is marked for unit b, stream flu"):
        inputs.grid(given, DAYS, breaks={("b", "flu"): LAST})


def test_a_series_of_zeros_is_kept_and_named_silent() -> None:
    both = pa.concat_tables([rows((0, 0), (1, 0)), rows((0, 1), (1, 0), stream="cough")])
    assert inputs.grid(both, DAYS).silent.tolist() == [False, True]


def test_a_series_with_nothing_left_stays_in_the_list_without_a_length() -> None:
    both = pa.concat_tables([rows((0, 1)), rows((1, -1), stream="cough")])
    found = inputs.grid(both, DAYS)
    assert (found.keys[0], found.lengths[0], found.silent[0]) == (("a", "cough"), 0, False)
    assert np.isnan(found.counts[0]).all()


@pytest.mark.parametrize(("given", "sentence"), [
    (rows((-3, 1), (-2, 1), (9, 4)),
     "No report is left in the 5 days to 2022-11-06: 2 future, 1 too old."),
    (rows((0, None)), "No report is left in the 5 days to 2022-11-06: no row has a count."),
    (rows(), "No report is left in the 5 days to 2022-11-06: no row has a count."),
    (rows((0, 1)).set_column(2, "date", pa.array([None], pa.date32())),
     "Row 1 of the series has no date; give one."),
    (rows((0, 1)).set_column(3, "count", pa.array([1.5])),
     ("Row 1 of the series (unit a, stream flu, 2022-11-06) counts 1.5; give whole numbers, and "
      "leave the count empty where there was no report.")),
    (rows((0, 1)).set_column(3, "count", pa.array(["many"])),
     "The series need dates and counts that are numbers."),
    (rows((0, 1)).drop_columns("count"),
     "The table 'series' lacks the column(s) count; it has unit, stream, date."),
])  # fmt: skip
def test_what_cannot_be_read_is_refused_in_a_sentence(given: pa.Table, sentence: str) -> None:
    with pytest.raises(BadInput) as refused:
        inputs.grid(given, DAYS)
    assert str(refused.value) == sentence

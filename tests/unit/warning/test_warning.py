"""Early warning: what makes a signal, what is no test, and what the budget does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
import pytest

from zhongshu.engines.warning import model, solve
from zhongshu.kernel.errors import BadInput

TODAY = dt.date(2022, 11, 8)
GRADES = (("blue", 3.0), ("yellow", 4.0), ("orange", 6.0), ("red", 10.0))
CALM = [10, 12, 9, 11, 10, 8, 10, 11, 9]


def series(**streams: list[int | None]) -> pa.Table:
    """stream -> counts of the days that end today, of one county."""
    rows = [
        {
            "unit": "140105000000",
            "stream": stream,
            "date": TODAY - dt.timedelta(days=len(counts) - 1 - n),
            "count": count,
        }
        for stream, counts in streams.items()
        for n, count in enumerate(counts)
    ]
    return pa.Table.from_pylist(rows, schema=model.SERIES)


def detected(table: pa.Table, **changes: Any) -> model.DetectResult:
    plain: dict[str, Any] = {"grades": GRADES}
    return solve.detect(table, on=TODAY, params=model.EarsParams(**(plain | changes)))


def test_a_jump_above_three_sd_is_a_signal_with_its_evidence() -> None:
    found = detected(series(fever=[*CALM, 25]))
    (row,) = found.signals.to_pylist()
    assert (row["stream"], row["observed"], row["method"]) == ("fever", 25, "C2")
    assert row["expected"] == 10.0  # the seven days that end three days ago
    assert row["sd"] == pytest.approx(10**0.5)  # Poisson floor: the sample says 1.4
    assert (row["grade"], row["baseline_days"]) == ("yellow", 7)
    assert 0 < row["p_value"] < 0.02
    assert len(row["history"]) == 28
    assert row["history"][-1] == {"date": TODAY, "count": 25}
    assert row["history"][0]["count"] is None
    assert (found.tested, found.over_budget) == (1, 0)


def test_an_ordinary_day_is_tested_and_silent() -> None:
    found = detected(series(fever=[*CALM, 12]))
    assert (found.signals.num_rows, found.tested) == (0, 1)


def test_a_day_without_a_report_is_no_test_and_no_zero() -> None:
    for today in (None, -4):
        found = detected(series(fever=[*CALM, today]))
        assert (found.tested, found.signals.num_rows) == (0, 0)
        assert found.untested["reason"].to_pylist() == ["no_report"]


def test_missing_days_in_the_baseline_do_not_pull_the_mean_down() -> None:
    gaps: list[int | None] = [None if n in (2, 5) else count for n, count in enumerate(CALM)]
    (row,) = detected(series(fever=[*gaps, 25])).signals.to_pylist()
    assert row["expected"] == pytest.approx((10 + 12 + 11 + 10 + 10) / 5)
    assert row["baseline_days"] == 5


def test_a_baseline_of_fewer_days_than_asked_for_is_no_test() -> None:
    gaps: list[int | None] = [None if n < 3 else count for n, count in enumerate(CALM)]
    found = detected(series(fever=[*gaps, 90]))
    assert (found.tested, found.untested["reason"].to_pylist()) == (0, ["short_baseline"])


def test_two_visits_where_there_were_none_are_no_signal_and_three_are() -> None:
    assert detected(series(fever=[0] * 9 + [2])).signals.num_rows == 0
    assert detected(series(fever=[0] * 9 + [3])).signals.num_rows == 1


def test_a_slow_rise_hides_from_c1_and_not_from_c2() -> None:
    slow: list[int | None] = [10, 10, 11, 10, 9, 10, 10, 18, 24, 27]
    assert detected(series(fever=slow), methods=(model.Method.C1,)).signals.num_rows == 0
    assert detected(series(fever=slow)).signals.num_rows == 1


def test_c3_adds_up_three_days() -> None:
    slow: list[int | None] = [10, 10, 11, 10, 9, 10, 10, 16, 17, 18]
    assert detected(series(fever=slow)).signals.num_rows == 0
    both = detected(series(fever=slow), methods=(model.Method.C2, model.Method.C3))
    (row,) = both.signals.to_pylist()
    assert (row["method"], row["grade"], row["p_value"]) == ("C3", "blue", None)


def test_the_budget_raises_the_strongest_and_counts_the_others() -> None:
    table = series(weak=[*CALM, 21], strong=[*CALM, 60], middle=[*CALM, 40])
    found = detected(table, budget_per_day=2)
    assert found.signals["stream"].to_pylist() == ["strong", "middle"]
    assert (found.over_budget, found.tested) == (1, 3)


def test_days_after_the_day_asked_are_not_looked_at() -> None:
    table = series(fever=[*CALM, 10])
    later = pa.Table.from_pylist(
        [table.to_pylist()[-1] | {"date": TODAY + dt.timedelta(days=1), "count": 999}],
        schema=model.SERIES,
    )
    assert detected(pa.concat_tables([table, later])).signals.num_rows == 0


def test_a_day_given_twice_is_refused() -> None:
    table = series(fever=[*CALM, 10])
    with pytest.raises(BadInput, match="twice"):
        detected(pa.concat_tables([table, table]))


def test_no_series_give_no_signals() -> None:
    found = detected(model.SERIES.empty_table())
    assert (found.signals.num_rows, found.tested) == (0, 0)
    assert found.signals.schema == model.SIGNALS


def test_parameters_out_of_range_are_refused() -> None:
    with pytest.raises(BadInput, match="ascending"):
        model.EarsParams(grades=(("red", 9.0), ("blue", 3.0)))
    with pytest.raises(BadInput, match="two reported days"):
        model.EarsParams(grades=GRADES, baseline_min_days=1)

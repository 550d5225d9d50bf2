"""Rt against EpiEstim on the data sets it ships, and what it says when it cannot know."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhongshu.engines.epidemic import model, oracle, serial, solve
from zhongshu.kernel.errors import BadInput

REFERENCE = json.loads(
    (Path(__file__).parents[2] / "data" / "epiestim" / "reference.json").read_text()
)["sets"]
SHANXI, TAIYUAN = "140000000000", "140100000000"


def _close(found: model.RtResult, expected: dict[str, list[Any]]) -> None:
    assert (found.t_end + 1).tolist() == expected["t_end"]
    for name in ("mean", "sd", "q025", "median", "q975"):
        want = np.array(expected[name], dtype=float)
        np.testing.assert_allclose(getattr(found, name), want, rtol=1e-8, equal_nan=True)


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_rt_agrees_with_epiestim_to_eight_digits(name: str) -> None:
    known = REFERENCE[name]
    si = {"si_mean": known["si_mean"], "si_sd": known["si_sd"]}
    _close(solve.estimate_rt(known["incidence"], **si), known["parametric"])
    given = np.array(known["si_given"])
    _close(solve.estimate_rt(known["incidence"], **si, si_weights=given), known["given"])


@pytest.mark.parametrize("name", sorted(REFERENCE))
def test_the_serial_interval_is_discretised_as_in_epiestim(name: str) -> None:
    known = REFERENCE[name]
    weights = serial.weights(mean=known["si_mean"], sd=known["si_sd"], days=61)
    np.testing.assert_allclose(weights, known["si_weights"], atol=1e-12)
    for day in (0, 1, 2, 5, 20):
        twin = oracle.serial_weight(day, mean=known["si_mean"], sd=known["si_sd"])
        assert weights[day] == pytest.approx(twin, abs=1e-9)


def test_many_units_at_once_give_what_each_gives_alone() -> None:
    both = np.array([np.arange(30.0), np.full(30, 4.0)])
    together = solve.estimate_rt(both, si_mean=5.1, si_sd=4.0)
    for row in range(2):
        alone = solve.estimate_rt(both[row], si_mean=5.1, si_sd=4.0)
        np.testing.assert_array_equal(together.mean[row], alone.mean)


def test_too_few_cases_give_no_rt_but_a_reason() -> None:
    found = solve.estimate_rt([1.0] + [0.0] * 10 + [9.0] * 10, si_mean=4, si_sd=2, min_cases=11)
    assert found.reason[3] == "few_cases"
    assert np.isnan(found.mean[3])
    assert found.reason[-1] == ""


def test_a_day_without_a_report_is_a_gap_and_not_a_zero() -> None:
    counts = np.full(40, 20.0)
    counts[15] = np.nan
    found = solve.estimate_rt(counts, si_mean=4, si_sd=2)
    reasons = dict(zip(found.t_end.tolist(), found.reason.tolist(), strict=True))
    assert reasons[14] == ""
    assert {reasons[day] for day in range(15, 26)} == {"gap"}
    assert reasons[39] == ""


def test_bad_series_are_refused() -> None:
    with pytest.raises(BadInput, match="at least 8 days"):
        solve.estimate_rt([1.0] * 7, si_mean=4, si_sd=2)
    with pytest.raises(BadInput, match="negative"):
        solve.estimate_rt([-1.0] * 20, si_mean=4, si_sd=2)
    with pytest.raises(BadInput, match="above 1 day"):
        solve.estimate_rt([1.0] * 20, si_mean=1, si_sd=2)


def _line_list(unit: str, counts: list[int | None], first: dt.date) -> pa.Table:
    return pa.table(
        {
            "unit": [unit] * len(counts),
            "date": [first + dt.timedelta(days=n) for n in range(len(counts))],
            "count": pa.array(counts, pa.int64()),
        }
    )


def test_units_come_as_a_table_with_null_and_reason_where_there_is_no_rt() -> None:
    first = dt.date(2022, 10, 19)
    cases = pa.concat_tables(
        [
            _line_list(TAIYUAN, [5] * 21, first),
            _line_list(SHANXI, [1, 0, 1], first),
        ]
    )
    params = model.RtParams(si_mean=4.0, si_sd=2.0)
    found = solve.estimate_units(
        cases, first=first, last=first + dt.timedelta(days=20), params=params
    )
    assert found.table.schema == model.RT_TABLE
    last = {row["unit"]: row for row in found.table.to_pylist()}
    assert last[TAIYUAN]["mean"] == pytest.approx(1, abs=0.1)
    assert (last[SHANXI]["mean"], last[SHANXI]["reason"]) == (None, "few_cases")
    nobody = solve.estimate_units(
        cases.slice(0, 0), first=first, last=first + dt.timedelta(days=20), params=params
    )
    assert nobody.table.num_rows == 0

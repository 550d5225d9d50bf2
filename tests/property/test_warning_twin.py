"""Early warning equals its readable twin on random series with gaps."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhongshu.engines.warning import model, oracle, solve
from zhongshu.engines.warning.model import EarsParams, Method
from zhongshu.engines.warning.published import ears

TODAY = dt.date(2022, 11, 8)
GRADES = (("blue", 2.0), ("yellow", 3.0), ("red", 6.0))
counts = st.lists(
    st.one_of(st.none(), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12),
              st.integers(0, 90)),
    min_size=1,
    max_size=20,
)  # fmt: skip
params = st.builds(
    EarsParams,
    grades=st.just(GRADES),
    methods=st.permutations(list(Method)).map(lambda order: tuple(order[:2])),
    baseline_days=st.just(7),
    lag_days=st.integers(0, 3),
    baseline_min_days=st.integers(2, 7),
    variance_floor=st.sampled_from([0.25, 1.0, 4.0]),
    min_observed=st.integers(0, 4),
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(counts, params, st.sampled_from(list(Method)))
def test_statistics_equal_their_readable_twin(
    one: list[int | None], chosen: EarsParams, method: Method
) -> None:
    row = np.array([[np.nan if x is None else float(x) for x in one]])
    found = ears.statistic(row, method, chosen)
    p_values = found.p_value()
    for day in range(len(one)):
        twin = oracle.z_of(one, day, method, chosen)
        if twin is None:
            assert np.isnan(found.z[0, day])
            continue
        got = found.mean[0, day], found.sd[0, day], found.z[0, day]
        assert got == pytest.approx(twin, rel=1e-9, abs=1e-9)
        if method is not Method.C3:
            p = oracle.p_of(twin[2], int(found.days[0, day]))
            assert p_values[0, day] == pytest.approx(p, rel=1e-6, abs=1e-9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(counts, max_size=6), params, st.one_of(st.none(), st.integers(0, 3)))
def test_signals_are_those_of_the_twin_within_the_budget(
    many: list[list[int | None]], chosen: EarsParams, budget: int | None
) -> None:
    rows = [
        {
            "unit": f"{n:012d}",
            "stream": "fever",
            "date": TODAY - dt.timedelta(days=len(one) - 1 - day),
            "count": count,
        }
        for n, one in enumerate(many)
        for day, count in enumerate(one)
    ]
    table = pa.Table.from_pylist(rows, schema=model.SERIES)
    full = [[None] * (40 - len(one)) + one for one in many]
    expected = {f"{n:012d}": oracle.signal(one, chosen) for n, one in enumerate(full)}
    for one in full:  # at a threshold to the last bit, either answer is right
        for method in chosen.methods:
            twin = oracle.z_of(one, 39, method, chosen)
            levels = [2.0, 3.0, 6.0]
            assume(twin is None or min(abs(twin[2] - level) for level in levels) > 1e-9)
    limited = EarsParams(**{**vars(chosen), "budget_per_day": budget})
    found = solve.detect(table, on=TODAY, params=limited)
    fired = {unit: signal for unit, signal in expected.items() if signal}
    got = {
        row["unit"]: (row["method"], row["grade"], pytest.approx(row["z"]))
        for row in found.signals.to_pylist()
    }
    assert all(got[unit] == fired[unit] for unit in got)
    assert len(got) == min(len(fired), len(fired) if budget is None else budget)
    assert found.over_budget == len(fired) - len(got)
    zs = found.signals["z"].to_pylist()
    assert zs == sorted(zs, reverse=True)
    weakest = min(zs, default=0.0)
    assert all(fired[unit][2] <= weakest + 1e-9 for unit in fired if unit not in got)
    assert found.tested + found.untested.num_rows == len(many)
    firsts = (
        (f"{n:012d}", next((m for m in chosen.methods if oracle.z_of(one, 39, m, chosen)), None))
        for n, one in enumerate(full)
    )
    told = found.tests.select(["unit", "method"]).to_pylist()
    assert [(one["unit"], one["method"]) for one in told] == [one for one in firsts if one[1]]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 60), min_size=10, max_size=20), st.integers(1, 50))
def test_a_higher_count_today_never_weakens_the_signal(base: list[int], more: int) -> None:
    chosen = EarsParams(grades=GRADES)
    rows = np.array([[*base[:-1], base[-1]], [*base[:-1], base[-1] + more]], dtype=float)
    z = ears.statistic(rows, Method.C2, chosen).today().z
    assert z[1] > z[0]

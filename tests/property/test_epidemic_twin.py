"""The epidemic engine equals its readable twin, and behaves as sense demands."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhongshu.engines.epidemic import demand, model, oracle, serial, solve

TODAY = dt.date(2022, 11, 8)
serials = st.tuples(st.floats(2, 20), st.floats(1, 8))
series = st.lists(st.integers(0, 400), min_size=9, max_size=60)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(series, serials, st.integers(1, 7), st.floats(0.5, 8), st.floats(0.5, 8))
def test_rt_equals_its_readable_twin(
    counts: list[int], si: tuple[float, float], window: int, prior_mean: float, prior_sd: float
) -> None:
    mean, sd = si
    prior = {"prior_mean": prior_mean, "prior_sd": prior_sd}
    found = solve.estimate_rt(counts, si_mean=mean, si_sd=sd, window=window, **prior)
    weights = serial.weights(mean=mean, sd=sd, days=len(counts)).tolist()
    for n, t_end in enumerate(found.t_end.tolist()):
        if t_end + 1 <= mean:
            assert found.reason[n] == "too_early"
            continue
        twin = oracle.rt_window(
            [float(x) for x in counts], weights, t_end=t_end, window=window, **prior
        )
        for name, value in twin.items():
            assert getattr(found, name)[n] == pytest.approx(value, rel=1e-8)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(serials)
def test_serial_weights_are_a_distribution_with_the_mean_asked_for(si: tuple[float, float]) -> None:
    mean, sd = si
    weights = serial.weights(mean=mean, sd=sd, days=2_000)  # the longest tails end there
    assert weights[0] == 0
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1, abs=1e-9)
    assert weights @ np.arange(2_000) == pytest.approx(mean, abs=1e-6)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(5, 2000), serials)
def test_constant_incidence_means_rt_one(level: int, si: tuple[float, float]) -> None:
    mean, sd = si
    found = solve.estimate_rt(np.full(200, float(level)), si_mean=mean, si_sd=sd)
    assert found.mean[-1] == pytest.approx(1, abs=1 / level)
    assert (found.q025[-20:] <= found.median[-20:]).all()
    assert (found.median[-20:] <= found.q975[-20:]).all()


def _project(counts: list[float], rt: float, params: model.DemandParams) -> model.DemandResult:
    outlook = demand.Outlook(
        incidence=np.array(counts),
        last_day=TODAY,
        complete_until=TODAY,
        rt_shape=1e10,
        rt_scale=rt / 1e10,
        si=serial.weights(mean=5.1, sd=4.0, days=40),
    )
    nobody = model.Held(rooms=np.zeros(7), beds=np.zeros(7))
    return solve.project_demand(outlook, params=params, held=nobody, seed=3)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 60), min_size=5, max_size=40),
    st.floats(0.3, 2.5),
    st.integers(1, 10),
    st.lists(st.integers(1, 12), min_size=1, max_size=6),
)
def test_the_mean_of_the_projection_is_the_expectation(
    counts: list[int], rt: float, isolation_days: int, stays: list[int]
) -> None:
    assume(sum(counts[-5:]) > 20)
    past = [float(x) for x in counts]
    params = model.DemandParams(
        dispersion_k=2.0,
        contacts_per_case=np.array([1, 2, 6]),
        isolation_days=isolation_days,
        stay_days=np.array(stays),
        draws=4000,
    )
    found = _project(past, rt, params)
    expected = np.array(
        oracle.expected_demand(
            past,
            rt=rt,
            si=serial.weights(mean=5.1, sd=4.0, days=40).tolist(),
            horizon=7,
            contacts_per_case=3.0,
            isolation_days=isolation_days,
            stay_days=stays,
        )
    ).T
    error = found.draws.std(axis=1) / np.sqrt(params.draws)
    assert (np.abs(found.draws.mean(axis=1) - expected) <= 5 * error + 1e-9).all()


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(2, 60), min_size=8, max_size=40), st.floats(0.3, 2.5))
def test_more_cases_need_more_rooms_and_beds(counts: list[int], rt: float) -> None:
    params = model.DemandParams(
        dispersion_k=1.0,
        contacts_per_case=np.array([3, 3, 9]),
        isolation_days=7,
        stay_days=np.array([7, 9]),
        draws=1000,
    )
    few, many = (_project([x * times for x in counts], rt, params).draws for times in (1.0, 3.0))
    assert (many.mean(axis=1) >= few.mean(axis=1)).all()

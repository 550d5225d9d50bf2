"""Rt with imported cases, an uncertain interval, by cohort and up to today equal their twins."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from zhongshu.engines.epidemic import cohort, filter, oracle, oracle_rt, serial, solve, uncertain
from zhongshu.engines.epidemic.filter import FilterParams

series = st.lists(st.integers(0, 200), min_size=9, max_size=40)
serials = st.tuples(st.floats(2, 12), st.floats(1, 6))


@settings(max_examples=30, deadline=None, derandomize=True)
@given(series, serials, st.floats(0, 1))
def test_imported_cases_infect_and_were_not_infected_here(
    counts: list[int], si: tuple[float, float], share: float
) -> None:
    mean, sd = si
    abroad = [int(share * x) for x in counts]
    found = solve.estimate_rt(counts, si_mean=mean, si_sd=sd, imported=abroad)
    weights = serial.weights(mean=mean, sd=sd, days=len(counts)).tolist()
    for n, t_end in enumerate(found.t_end.tolist()):
        if found.reason[n]:
            continue
        days = range(t_end - 6, t_end + 1)
        shape = 1 + sum(counts[day] - abroad[day] for day in days)
        rate = 0.2 + sum(oracle.infectivity([float(x) for x in counts], weights, d) for d in days)
        assert found.mean[n] == pytest.approx(shape / rate, rel=1e-9)
        assert found.sd[n] == pytest.approx(np.sqrt(shape) / rate, rel=1e-9)
    none = solve.estimate_rt(counts, si_mean=mean, si_sd=sd, imported=np.zeros(len(counts)))
    plain = solve.estimate_rt(counts, si_mean=mean, si_sd=sd)
    np.testing.assert_array_equal(none.mean, plain.mean)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(
    series,
    st.lists(serials, min_size=1, max_size=5),
    st.integers(1, 7),
    st.sampled_from([0.025, 0.25, 0.5, 0.9, 0.975]),
)
def test_an_uncertain_interval_gives_the_mixture_of_its_twins(
    counts: list[int], intervals: list[tuple[float, float]], window: int, level: float
) -> None:
    days = len(counts)
    draws = np.array([serial.weights(mean=m, sd=s, days=days) for m, s in intervals])
    found = uncertain.estimate_rt(counts, si_weights=draws, window=window, levels=(level,))
    for n, t_end in enumerate(found.t_end.tolist()):
        if found.reason[n]:
            continue
        mean, sd, quantile = oracle_rt.mixed_window(
            [float(x) for x in counts], draws.tolist(), t_end=t_end, window=window, level=level
        )
        assert found.mean[n] == pytest.approx(mean, rel=1e-9)
        assert found.sd[n] == pytest.approx(sd, rel=1e-6)
        assert found.quantiles[0, n] == pytest.approx(quantile, rel=1e-9)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(series, serials)
def test_a_certain_interval_leaves_nothing_to_mix(
    counts: list[int], si: tuple[float, float]
) -> None:
    mean, sd = si
    draws = np.tile(serial.weights(mean=mean, sd=sd, days=len(counts)), (3, 1))
    mixed = uncertain.estimate_rt(counts, si_weights=draws)
    plain = solve.estimate_rt(counts, si_mean=mean, si_sd=sd, si_weights=draws[0])
    for level, name in enumerate(("q025", "median", "q975")):
        np.testing.assert_allclose(mixed.quantiles[level], getattr(plain, name), rtol=1e-9)
    np.testing.assert_allclose(mixed.sd, plain.sd, rtol=1e-7)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(series, serials, st.integers(1, 7))
def test_cohorts_equal_their_twin_and_every_case_has_one_infector(
    counts: list[int], si: tuple[float, float], window: int
) -> None:
    weights = serial.weights(mean=si[0], sd=si[1], days=20)
    past = [float(x) for x in counts]
    found = cohort.case_rt(counts, si_weights=weights, window=window)
    for n, t_end in enumerate(found.t_end.tolist()):
        if sum(counts[t_end - window + 1 : t_end + 1]) == 0:
            assert np.isnan(found.mean[n])
            continue
        mean, sd = oracle_rt.cohort_window(past, weights.tolist(), t_end=t_end, window=window)
        assert found.mean[n] == pytest.approx(mean, rel=1e-9, abs=1e-12)
        assert found.sd[n] == pytest.approx(sd, rel=1e-6, abs=1e-6)
    shares = cohort.attribution(np.array(past), weights).sum(axis=1)
    reachable = np.array([oracle.infectivity(past, weights.tolist(), d) for d in range(len(past))])
    np.testing.assert_allclose(shares, reachable > 0, atol=1e-12)


@settings(max_examples=10, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 60), min_size=12, max_size=25), serials)
def test_simulated_cohorts_hold_the_exact_mean_and_spread(
    counts: list[int], si: tuple[float, float]
) -> None:
    weights = serial.weights(mean=si[0], sd=si[1], days=20)
    chance = np.random.default_rng(7)
    found = cohort.case_rt(counts, si_weights=weights, simulations=2000, chance=chance)
    assert (found.q025 <= found.mean + 1e-12).all()
    assert (found.q975 >= found.mean - 1e-12).all()
    cases = np.lib.stride_tricks.sliding_window_view(counts[1:], 7).sum(axis=1)
    width = (found.q975 - found.q025) / 2
    # within a quarter, or one case where they are few
    np.testing.assert_allclose(width, 1.96 * found.sd, rtol=0.25, atol=1.01 / cases.min())


@settings(max_examples=8, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 80), min_size=14, max_size=18),
    serials,
    st.sampled_from([0.02, 0.1]),
    st.sampled_from([5.0, 100.0]),
    st.floats(0.1, 1.0),
)
def test_the_path_up_to_today_is_the_most_probable_of_its_twin(
    counts: list[int], si: tuple[float, float], drift: float, k: float, last: float
) -> None:
    assume(sum(counts) > 50)
    weights = serial.weights(mean=si[0], sd=si[1], days=60)
    weights = weights / weights.sum()
    seen = np.linspace(1, last, len(counts))
    params = FilterParams(drift_sd=(drift,), dispersion_k=(k,))
    found = filter.track_rt(
        counts, generation=weights, incubation=weights, share_seen=seen, params=params
    )
    known = filter.Series(np.array(counts, float), seen, weights, weights)
    shared = {
        "level": filter.level(known), "level_sd": filter.LEVEL_SD, "drift_sd": drift,
        "start_sd": params.start_sd, "k": k, "generation": weights.tolist(),
        "incubation": weights.tolist(), "seen": seen.tolist(),
    }  # fmt: skip
    whole = filter.fit(known, drift, k, params.start_sd).path.tolist()
    np.testing.assert_allclose(np.exp(whole[1:]), found.median, rtol=1e-9)
    past = [float(x) for x in counts]
    best = oracle_rt.log_posterior(whole, past, **shared)
    for n in range(len(whole)):
        for by in (-0.02, 0.02):
            moved = [*whole[:n], whole[n] + by, *whole[n + 1 :]]
            assert oracle_rt.log_posterior(moved, past, **shared) < best


def test_the_interval_widens_towards_today() -> None:
    weights = serial.weights(mean=5, sd=2, days=30)
    found = filter.track_rt(np.full(80, 40.0), generation=weights, incubation=weights)
    assert found.median[40] == pytest.approx(1, abs=0.03)
    assert (np.diff(found.log_sd[60:]) > 0).all()
    assert found.infections[40] == pytest.approx(40, rel=0.05)

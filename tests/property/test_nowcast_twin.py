"""The nowcast equals its readable twin, and never takes back a case that is reported."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import scoringrules
from hypothesis import given, settings
from hypothesis import strategies as st

from zhongshu.engines.epidemic import oracle_scores, scores
from zhongshu.engines.epidemic.nowcasting import delay, level, oracle, solve, triangle

cases = st.lists(st.tuples(st.integers(0, 29), st.integers(0, 9)), max_size=80)


def made(seed: int, *, days: int, most: int, mean: float) -> np.ndarray[Any, Any]:
    """A synthetic triangle with geometric delays."""
    chance = np.random.default_rng(seed)
    shares = 0.6 ** np.arange(most + 1)
    table = chance.poisson(mean * shares / shares.sum(), (days, most + 1)).astype(float)
    table[triangle.coming(days, most)] = np.nan
    return table


@settings(max_examples=50, deadline=None, derandomize=True)
@given(cases, st.integers(20, 29), st.integers(5, 20), st.integers(1, 6))
def test_the_triangle_counts_as_its_twin_does(
    told: list[tuple[int, int]], today: int, days: int, most: int
) -> None:
    pairs = [(onset, onset + late) for onset, late in told]
    found = triangle.build(
        [a for a, _ in pairs], [b for _, b in pairs], today=today, days=days, max_delay=most
    )
    twin = oracle.triangle(pairs, today=today, days=days, max_delay=most)
    np.testing.assert_array_equal(found, np.array(twin))


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.integers(0, 6), st.sampled_from([0.01, 0.1]), st.floats(0, 0.05))
def test_the_delay_is_the_most_probable_of_its_twin(
    seed: int, first_weekday: int, drift: float, rho: float
) -> None:
    table = made(seed, days=14, most=3, mean=30)
    cells = delay.design(table, first_weekday)
    beta, _, _ = delay.fit(cells, delay.precision(14, 3, drift), 1 / (1 + (cells.trials - 1) * rho))
    known: dict[str, Any] = {
        "first_weekday": first_weekday, "drift": drift, "rho": rho,
        "sds": (delay.LEVEL_SD, delay.STEP_SD, delay.WEEKDAY_SD),
    }  # fmt: skip
    best = oracle.delay_log_posterior(beta.tolist(), table.tolist(), **known)
    for n in range(len(beta)):
        for by in (-1e-3, 1e-3):
            moved = beta.copy()
            moved[n] += by
            assert oracle.delay_log_posterior(moved.tolist(), table.tolist(), **known) < best


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.integers(0, 6))
def test_the_share_seen_is_its_twins_where_days_do_not_vary(seed: int, first_weekday: int) -> None:
    chance = np.random.default_rng(seed)
    beta = chance.normal(0, 0.7, (3, 4 + 12 + 7))
    delays = delay.Delays(beta, 1e-9, beta[0], 12, 4, first_weekday)
    found = delay.seen(delays, each=2, chance=chance)
    for draw in range(3):
        for lag in range(4):
            twin = oracle.share_seen(
                beta[draw].tolist(), lag, days=12, max_delay=4, first_weekday=first_weekday
            )
            np.testing.assert_allclose(found[draw, :, 3 - lag], twin, rtol=2e-3)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 60), min_size=10, max_size=16).filter(any),
    st.integers(0, 6),
    st.sampled_from(level.TURNS),
    st.sampled_from(level.SIZES),
)
def test_the_level_is_the_most_probable_of_its_twin(
    counts: list[int], first_weekday: int, turn: float, size: float
) -> None:
    share = np.linspace(1, 0.2, len(counts))
    known = level.Seen(np.array(counts, float), share, np.zeros(len(counts)), first_weekday)
    beta, _, _ = level.fit(known, turn, size)
    fixed: dict[str, Any] = {
        "centre": level.centre(known), "first_weekday": first_weekday, "turn": turn, "size": size,
        "sds": (level.START_SD, level.GROWTH_SD, level.WEEKDAY_SD),
    }  # fmt: skip
    past = [float(x) for x in counts]
    best = oracle.level_log_posterior(beta.tolist(), past, share.tolist(), **fixed)
    for n in range(len(beta)):
        for by in (-1e-3, 1e-3):
            moved = beta.copy()
            moved[n] += by
            assert oracle.level_log_posterior(moved.tolist(), past, share.tolist(), **fixed) < best


@settings(max_examples=15, deadline=None, derandomize=True)
@given(st.integers(0, 40), st.floats(5, 80), st.sampled_from([4.0, 40.0]), st.floats(0.1, 0.9))
def test_what_is_to_come_has_the_mean_of_its_twin(
    so_far: int, mean: float, size: float, share: float
) -> None:
    levels = level.Levels(np.full((4000, 1), math.log(mean)), size)
    shares = np.full((4000, 1), share)
    drawn = solve._coming(np.array([float(so_far)]), shares, levels, np.random.default_rng(1))
    twin = oracle.expected_coming(so_far=so_far, mean=mean, size=size, share=share)
    assert drawn.mean() == pytest.approx(twin, abs=5 * drawn.std() / np.sqrt(4000) + 1e-9)


@settings(max_examples=6, deadline=None, derandomize=True)
@given(st.integers(0, 99), st.floats(2, 60), st.integers(0, 6))
def test_a_nowcast_is_never_below_what_is_reported(
    seed: int, mean: float, first_weekday: int
) -> None:
    table = made(seed, days=28, most=5, mean=mean)
    found = solve.nowcast(table, first_weekday=first_weekday, draws=200, seed=seed)
    assert (found.draws >= found.reported).all()
    np.testing.assert_array_equal(found.reported, np.nansum(table, axis=1)[-5:])
    assert (np.diff(found.share_seen) < 0.05).all()
    again = solve.nowcast(table, first_weekday=first_weekday, draws=200, seed=seed)
    np.testing.assert_array_equal(found.draws, again.draws)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.lists(st.floats(0, 50), min_size=5, max_size=5),
    st.floats(0, 60),
    st.sampled_from([(0.025, 0.25, 0.5, 0.75, 0.975), (0.1, 0.2, 0.5, 0.8, 0.9)]),
)
def test_the_score_of_quantiles_is_the_score_of_intervals(
    values: list[float], observed: float, levels: tuple[float, ...]
) -> None:
    ordered = sorted(values)
    found = scores.interval_score(np.array(ordered), np.array(observed), levels)
    twin = oracle_scores.weighted_interval_score(ordered, observed, levels)
    assert float(found) == pytest.approx(twin, rel=1e-9, abs=1e-9)
    # Not its weighted_interval_score: that adds the median itself, not its distance (0.10.0).
    peer = scoringrules.crps_quantile(
        np.array(observed), np.array(ordered), np.array(levels), backend="numpy"
    )
    assert float(found) == pytest.approx(float(peer), rel=1e-12, abs=1e-12)

"""Streams, neighbours and budget say what their readable twins say, whatever the numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.engines.warning.joint import (
    budget,
    calibrate,
    combine,
    shocks,
    space,
    streams,
    streams_oracle,
)
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.joint.calibrate import Calibration
from zhongshu.engines.warning.joint.combine import Shape
from zhongshu.engines.warning.joint.shocks import Shared, Shocks

Floats = npt.NDArray[np.float64]
SEEDS = st.integers(0, 100_000)
GAPS = st.sampled_from([0.0, 0.1, 0.6])


def drawn(seed: int, shape: tuple[int, ...], gaps: float) -> Floats:
    """Normal numbers with a few far ones and gaps."""
    rng = np.random.default_rng(seed)
    z = rng.normal(0, 1, shape) + 5 * (rng.random(shape) < 0.03)
    return np.where(rng.random(shape) < gaps, np.nan, z)


def told(values: Floats) -> list[float | None]:
    return [None if np.isnan(x) else float(x) for x in values]


def shape_of(seed: int, n: int) -> Shape:
    rng = np.random.default_rng(seed)
    factor = rng.normal(0, 0.4, n)
    matrix = np.outer(factor, factor)
    np.fill_diagonal(matrix, 1 + factor**2)
    size = np.sqrt(np.diag(matrix))
    return Shape(rng.uniform(0.1, 1, n), rng.integers(0, 4, n), matrix / np.outer(size, size))


@given(seed=SEEDS, gaps=GAPS, units=st.integers(3, 12), shift=st.sampled_from([0.0, 3.0]))
def test_the_shared_level_and_its_states_equal_the_twin(
    seed: int, gaps: float, units: int, shift: float
) -> None:
    z = drawn(seed, (units, 2, 8), gaps)
    z[:, 0, 3:6] += shift
    rng = np.random.default_rng(seed + 1)
    params = Shocks()
    shared = Shared(
        rng.uniform(0.5, 1.5, (units, 2)),
        np.array([0.2, 0.4]),
        np.array([1.5, 2.0]),
        rng.uniform(0.5, 1.5, (units, 2)),
    )
    found = shocks.clear(z, shared, params)
    for s in range(2):
        days = []
        for d in range(8):
            one = streams_oracle.shared_level(
                told(z[:, s, d]), shared.loading[:, s].tolist(), params
            )
            days.append(one)
        known = [None if one is None else one[:2] for one in days]
        states = streams_oracle.shock_states(known, shared.quiet_sd[s], shared.shock_sd[s], params)
        for d, (level, sd, shock) in enumerate(states):
            got = (found.level[s, d], found.error[s, d], found.shock[s, d])
            np.testing.assert_allclose(got, (level, sd, shock), rtol=1e-6, atol=1e-9)
            whole = days[d]
            for u in range(units):
                x = z[u, s, d]
                if np.isnan(x) or x < params.silent_below:
                    assert np.isnan(found.z[u, s, d])
                    continue
                variance = shared.own_sd[u, s] ** 2
                if whole is not None:
                    variance += (shared.loading[u, s] * sd) ** 2
                    variance += shock * max(whole[2] ** 2 - 1, 0)
                rest = (x - shared.loading[u, s] * level) / np.sqrt(variance)
                np.testing.assert_allclose(found.z[u, s, d], rest, rtol=1e-6, atol=1e-9)


@given(seed=SEEDS, gaps=GAPS, n=st.integers(1, 5))
def test_combining_and_adding_up_equal_the_twin(seed: int, gaps: float, n: int) -> None:
    z, shape = drawn(seed, (3, n, 7), gaps), shape_of(seed, n)
    together, by_fisher = combine.stouffer(z, shape), combine.fisher(z)
    for u in range(3):
        for d in range(7):
            for fast, slow in (
                (
                    together,
                    streams_oracle.stouffer(told(z[u, :, d]), shape.strength, shape.correlation),
                ),
                (by_fisher, streams_oracle.fisher(told(z[u, :, d]))),
            ):
                np.testing.assert_allclose(
                    fast[u, d], np.nan if slow is None else slow, rtol=1e-7, atol=1e-9
                )
        row = told(together[u])
        slow_mean = [np.nan if x is None else x for x in streams_oracle.ewma(row, 0.3)]
        np.testing.assert_allclose(combine.ewma(together, rate=0.3)[u], slow_mean, rtol=1e-9)
        np.testing.assert_allclose(
            combine.cusum(together, drift=0.5)[u], streams_oracle.cusum(row, 0.5), atol=1e-9
        )


@given(seed=SEEDS, gaps=GAPS, even=st.booleans())
def test_the_scan_finds_the_best_of_all_subsets(seed: int, gaps: float, even: bool) -> None:
    rng = np.random.default_rng(seed)
    borders = np.triu(rng.random((7, 7)) < 0.6, 1)
    borders |= borders.T
    near = space.nearness(borders, None if even else rng.gamma(1, 10, (7, 7)))
    score = drawn(seed, (7, 3), gaps)
    found = space.scan(score, near)
    for u in range(7):
        for d in range(3):
            slow = streams_oracle.scan(told(score[:, d]), near, u)
            if slow is None:
                assert np.isnan(found[u, d])
                continue
            np.testing.assert_allclose(found[u, d], slow[0], rtol=1e-9, atol=1e-12)
            assert set(space.members(score[:, d], near, u)) == slow[1]


@given(seed=SEEDS, few=st.booleans(), tail=st.sampled_from([0.9, 0.98]))
def test_a_calibrated_p_equals_the_twin(seed: int, few: bool, tail: float) -> None:
    rng = np.random.default_rng(seed)
    params = Calibration(least=60, window_days=40, gap_days=3, refit_days=4, tail_from=tail)
    values = rng.normal(0, 1, (4 if few else 8, 50)) ** 3
    values[rng.random(values.shape) < 0.05] = np.nan
    out = rng.random(values.shape) < 0.05
    classes = np.arange(len(values)) % 2
    p = calibrate.p_values(values, classes, params, first=20, excluded=out)
    assert np.isnan(p[:, :20]).all()
    for day in range(20, 50):
        begin = 20 + (day - 20) // 4 * 4
        last = begin - 3
        for kind in range(2):
            member = classes == kind
            part = np.where(out, np.nan, values)[member, max(0, last - 40) : last]
            past = [float(x) for x in part.ravel() if not np.isnan(x)]
            for unit in np.flatnonzero(member):
                slow = None
                if not np.isnan(values[unit, day]):
                    slow = streams_oracle.p_value(float(values[unit, day]), past, params)
                expected = np.nan if slow is None else slow
                np.testing.assert_allclose(p[unit, day], expected, rtol=1e-7)


@given(
    seed=SEEDS,
    gaps=GAPS,
    a_week=st.sampled_from([0.5, 3.0, 20.0]),
    quiet=st.integers(0, 5),
    most=st.sampled_from([None, 1, 3]),
)
def test_alerts_equal_the_twin(
    seed: int, gaps: float, a_week: float, quiet: int, most: int | None
) -> None:
    rng = np.random.default_rng(seed)
    p = np.where(rng.random((6, 40)) < gaps, np.nan, 1 - rng.random((6, 40)))
    params = Budget(alerts_a_week=a_week, quiet_days=quiet, most_a_day=most)
    level = budget.level_of_chance(6, params)
    found = budget.spend(p, params, level=level)
    slow = streams_oracle.spend([told(p[:, d]) for d in range(40)], params, level)
    for day, raised in enumerate(slow):
        assert [unit for unit, _ in raised] == np.flatnonzero(found.alert[:, day]).tolist()
        for unit, chance in raised:
            np.testing.assert_allclose(found.posterior[unit, day], chance, rtol=1e-9)
    np.testing.assert_array_equal(found.tested, (~np.isnan(p)).sum(axis=0))


@given(seed=SEEDS, gaps=GAPS, at=st.integers(1, 39))
def test_a_budget_spent_in_two_parts_is_the_budget_spent_at_once(
    seed: int, gaps: float, at: int
) -> None:
    rng = np.random.default_rng(seed)
    p = np.where(rng.random((6, 40)) < gaps, np.nan, 1 - rng.random((6, 40)))
    params = Budget(alerts_a_week=5)
    level = budget.level_of_chance(6, params)
    whole = budget.spend(p, params, level=level)
    first = budget.spend(p[:, :at], params, level=level)
    then = budget.spend(p[:, at:], params, level=first.last_level, since=first.since)
    np.testing.assert_array_equal(whole.alert, np.concatenate([first.alert, then.alert], axis=1))


@given(seed=SEEDS, gaps=GAPS, share=st.sampled_from([0.05, 0.3]))
def test_false_discoveries_equal_the_twin(seed: int, gaps: float, share: float) -> None:
    rng = np.random.default_rng(seed)
    p = np.where(rng.random(30) < gaps, np.nan, rng.random(30) ** 3)
    slow = streams_oracle.false_discovery(told(p), share)
    assert budget.false_discovery(p, share).tolist() == slow


@given(seed=SEEDS, day=st.integers(1, 29), gaps=GAPS)
def test_no_score_looks_ahead(seed: int, day: int, gaps: float) -> None:
    z = drawn(seed, (8, 3, 30), gaps)
    learned = streams.learn(drawn(seed + 1, (8, 3, 60), 0.1))
    borders = np.ones((8, 8), np.bool_)
    np.fill_diagonal(borders, val=False)
    near = space.nearness(borders)
    whole = streams.scores(z, learned, near=near)
    part = streams.scores(z[:, :, :day], learned, near=near)
    assert whole.scan is not None
    assert part.scan is not None
    np.testing.assert_allclose(whole.score[:, :day], part.score, rtol=1e-9)
    np.testing.assert_allclose(whole.scan[:, :day], part.scan, rtol=1e-9)

"""What the model of a long history says where the answer is known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats

from zhongshu.engines.warning.history import baseline
from zhongshu.engines.warning.history.baseline import DAILY, WEEKLY, Options
from zhongshu.kernel.errors import BadInput

WEEKS = np.arange(400)


def weekly(mean: float, seed: int, rows: int = 1) -> baseline.Floats:
    return np.random.default_rng(seed).poisson(mean, (rows, len(WEEKS))).astype(float)


def test_z_is_standard_normal_without_an_outbreak_even_for_rare_diseases() -> None:
    at = np.arange(380, 400)
    for mean in (0.2, 6.0):
        counts = weekly(mean, 3, rows=300)
        chance = baseline.draws(1, range(380, 400), 300)
        z = baseline.expected(counts, at, WEEKLY, chance=chance).z
        assert abs(z.mean()) < 0.08
        assert abs(z.std() - 1) < 0.08
        assert stats.kstest(z[:, ::5].ravel(), "norm").pvalue > 1e-4


def test_past_outbreaks_raise_what_is_expected_less_than_without_weights() -> None:
    clean = weekly(20.0, 4, rows=20)
    struck = clean.copy()
    struck[:, 300:304] += 60.0
    at = np.array([399])
    plain = dataclasses.replace(WEEKLY, reweighs=0)
    truth = baseline.expected(clean, at, WEEKLY)
    robust, naive = (baseline.expected(struck, at, how) for how in (WEEKLY, plain))
    assert (robust.expected < naive.expected).all()
    assert np.abs(robust.expected / truth.expected - 1).max() < 0.05
    assert (robust.phi < naive.phi).all()
    assert naive.phi.min() > 2 > 1.4 > robust.phi.max()


def test_a_share_of_reports_that_are_in_lowers_what_is_expected() -> None:
    counts, share = weekly(50.0, 5), np.ones(len(WEEKS))
    share[-1] = 0.4
    whole = baseline.expected(counts, np.array([399]), WEEKLY)
    part = baseline.expected(counts, np.array([399]), WEEKLY, share_in=share)
    np.testing.assert_allclose(part.expected, 0.4 * whole.expected, rtol=1e-12)


def test_days_have_their_weekday_and_moving_days_off_their_own_state() -> None:
    days = np.arange(3 * 365)
    state = days % 7
    off = np.isin(days, [30, 31, 32, 395 + 18, 395 + 19, 395 + 20, len(days) - 1])
    state = np.where(off, 7, state)
    level = np.where(off, 5.0, np.where(state == 6, 20.0, 40.0))
    counts = np.random.default_rng(6).poisson(level).astype(float)[None]
    at = np.arange(len(days) - 7, len(days))
    found = baseline.expected(counts, at, DAILY, state=state)
    np.testing.assert_allclose(found.expected[0], level[at], rtol=0.35)
    blind = baseline.expected(counts, at, DAILY)
    assert blind.expected[0, -1] > 25 > 10 > found.expected[0, -1]


def test_a_silent_series_is_tested_and_one_case_is_odd() -> None:
    counts = np.zeros((1, 300))
    counts[0, -1] = 1
    found = baseline.expected(counts, np.array([298, 299]), WEEKLY)
    assert 0 < found.expected[0, 0] < 0.01
    assert found.z[0, 0] < 0.1
    assert found.z[0, 1] > 2.5


def test_too_little_history_a_missing_report_and_a_future_share_are_not_tested() -> None:
    counts = weekly(5.0, 7)
    counts[0, 399] = np.nan
    found = baseline.expected(counts, np.array([50, 300, 399]), WEEKLY)
    assert np.isnan(found.z[0]).tolist() == [True, False, True]


def test_the_answer_of_a_day_is_the_same_alone_and_among_others() -> None:
    counts = weekly(4.0, 8, rows=3)
    many = baseline.expected(counts, np.arange(390, 400), WEEKLY)
    one = baseline.expected(counts, np.array([399]), WEEKLY)
    np.testing.assert_allclose(many.z[:, -1], one.z[:, 0], atol=1e-3)


def test_what_comes_later_changes_nothing() -> None:
    counts = weekly(4.0, 9, rows=2)
    later = counts.copy()
    later[:, 350:] += 30
    at = np.array([349])
    before, after = (baseline.expected(each, at, WEEKLY).z for each in (counts, later))
    np.testing.assert_array_equal(before, after)


def test_a_day_draws_the_same_whatever_days_are_asked_with_it() -> None:
    some, more = baseline.draws(3, [10, 11], 4), baseline.draws(3, [11, 12], 4)
    np.testing.assert_array_equal(some[:, 1], more[:, 0])
    assert baseline.draws(3, [], 4).shape == (4, 0)


def test_the_upper_bound_is_passed_with_the_chance_said() -> None:
    found = baseline.expected(weekly(9.0, 10), np.array([399]), WEEKLY)
    bound = found.upper(0.01)[0, 0]
    spread = found.phi[0, 0] + found.expected[0, 0] * found.error[0, 0] ** 2
    law = stats.nbinom(found.expected[0, 0] / (spread - 1), 1 / spread)
    assert law.sf(bound) <= 0.01 < law.sf(bound - 1)


@pytest.mark.parametrize(
    ("counts", "at", "state", "share"),
    [
        (np.full((1, 200), 1.5), [150], None, None),
        (np.full((1, 200), -1.0), [150], None, None),
        (np.ones((1, 200)), [200], None, None),
        (np.ones((1, 200)), [150, 140], None, None),
        (np.ones((1, 200)), [150], np.zeros(199, np.int64), None),
        (np.ones((1, 200)), [150], np.full(200, -1), None),
        (np.ones((1, 200)), [150], None, np.zeros(200)),
    ],
)
def test_what_does_not_fit_together_is_refused(
    counts: baseline.Floats, at: list[int], state: np.ndarray | None, share: np.ndarray | None
) -> None:
    with pytest.raises(BadInput):
        baseline.expected(counts, np.array(at), WEEKLY, state=state, share_in=share)


def test_options_out_of_range_are_refused() -> None:
    for wrong in ({"harmonics": -1}, {"needed": 4}, {"weights_from": 0.5}, {"season": 4.0}):
        with pytest.raises(BadInput):
            Options(**wrong)

"""Adding up days: by hand, and at the share of false alarms that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.engines.warning.history import accumulate
from zhongshu.engines.warning.history.accumulate import Cusum, Ewma, Rule, Sum
from zhongshu.kernel.errors import BadInput

Z = np.array([[1.0, 2.0, np.nan, 3.0, -4.0]])


def test_sums_by_hand() -> None:
    root = np.sqrt(2)
    told = [[1.0, 3 / root, np.nan, 3.0, -1 / root]]
    np.testing.assert_allclose(accumulate.score(Z, Sum(2)), told)
    np.testing.assert_allclose(accumulate.score(Z, Sum(1)), Z)
    np.testing.assert_allclose(accumulate.score(Z, Sum(50))[0, -1], 2 / np.sqrt(4))


def test_means_by_hand() -> None:
    found = accumulate.score(Z, Ewma(0.5))[0]
    assert np.isnan(found[2])
    np.testing.assert_allclose(found[0], 1.0)
    np.testing.assert_allclose(found[1], 1.25 / np.sqrt(0.25 + 0.0625))
    np.testing.assert_allclose(found[3], 2.125 / np.sqrt(0.25 + 0.3125 / 4))


def test_cumulative_sums_by_hand() -> None:
    told = [[0.5, 2.0, np.nan, 4.5, 0.0]]
    np.testing.assert_allclose(accumulate.score(Z, Cusum(0.5)), told)


@pytest.mark.parametrize("rule", [Sum(1), Sum(2), Sum(7), Ewma(0.2), Cusum(0.5), Cusum(1.25)])
@pytest.mark.parametrize("alpha", [0.01, 0.05])
def test_the_threshold_is_passed_as_often_as_it_says(rule: Rule, alpha: float) -> None:
    z = np.random.default_rng(1).standard_normal((4_000, 160))
    passed = (accumulate.score(z, rule)[:, 60:] > accumulate.threshold(alpha, rule)).mean()
    assert 0.95 < passed / alpha < 1.05


def test_a_rise_spread_over_days_is_seen_in_their_sum_only() -> None:
    z = np.array([[0.0, 0.0, 2.0, 2.0]])
    limit = accumulate.threshold(0.01, Sum(2))
    assert (accumulate.score(z, Sum(1)) > limit).sum() == 0
    assert (accumulate.score(z, Sum(2)) > limit).tolist() == [[False, False, False, True]]


def test_options_out_of_range_are_refused() -> None:
    for rule in (Sum(0), Ewma(0.0), Ewma(1.5), Cusum(0.0)):
        with pytest.raises(BadInput):
            accumulate.score(Z, rule)
    with pytest.raises(BadInput):
        accumulate.threshold(0.5)

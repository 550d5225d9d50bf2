"""What the newer kinds of Rt refuse, and one known number each."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.engines.epidemic import cohort, filter, solve, uncertain
from zhongshu.kernel.errors import BadInput

NEXT_DAY = np.array([0.0, 1.0])


def test_whoever_infects_the_next_day_has_the_ratio_of_the_days_as_rt() -> None:
    found = cohort.case_rt([1, 2, 6, 3, 3, 3, 3, 3, 3], si_weights=NEXT_DAY, window=1)
    np.testing.assert_allclose(found.mean, [3, 0.5, 1, 1, 1, 1, 1, 0])
    np.testing.assert_allclose(found.sd, 0)  # there is only one possible infector's day
    np.testing.assert_allclose(found.seen, [1, 1, 1, 1, 1, 1, 1, 0])


def test_more_imported_than_cases_is_refused() -> None:
    with pytest.raises(BadInput, match="Imported cases"):
        solve.estimate_rt([3.0] * 20, si_mean=4, si_sd=2, imported=[4.0] * 20)
    with pytest.raises(BadInput, match="Imported cases"):
        solve.estimate_rt([3.0] * 20, si_mean=4, si_sd=2, imported=[1.0] * 3)


def test_an_interval_that_is_no_distribution_is_refused() -> None:
    with pytest.raises(BadInput, match="weights by day"):
        uncertain.estimate_rt([3.0] * 20, si_weights=np.array([[0.5, 0.5]]))
    with pytest.raises(BadInput, match="inside its bounds"):
        uncertain.About(mean=5, sd=1, low=6, high=8)
    with pytest.raises(BadInput, match="above 1 day"):
        uncertain.serial_draws(
            uncertain.About(2, 1, 0.5, 4), uncertain.About(1, 1, 0.5, 2),
            draws=3, days=9, chance=np.random.default_rng(1),
        )  # fmt: skip


def test_draws_of_an_interval_stay_inside_their_bounds() -> None:
    drawn = uncertain.About(5, 3, 4, 7).draws(5000, np.random.default_rng(2))
    assert 4 <= drawn.min() < 4.1
    assert 6.9 < drawn.max() <= 7


def test_the_filter_refuses_what_it_cannot_use() -> None:
    days = np.full(20, 5.0)
    with pytest.raises(BadInput, match="14 days"):
        filter.track_rt(days[:10], generation=NEXT_DAY, incubation=NEXT_DAY)
    with pytest.raises(BadInput, match="add up to 1"):
        filter.track_rt(days, generation=NEXT_DAY, incubation=NEXT_DAY / 2)
    with pytest.raises(BadInput, match="day 0 is 0"):
        filter.track_rt(days, generation=NEXT_DAY[::-1], incubation=NEXT_DAY)
    with pytest.raises(BadInput, match="share reported"):
        filter.track_rt(days, generation=NEXT_DAY, incubation=NEXT_DAY, share_seen=np.zeros(20))
    with pytest.raises(BadInput, match="candidates"):
        filter.FilterParams(drift_sd=())


def test_a_day_without_a_report_leaves_rt_as_unsure_as_before() -> None:
    weights = np.array([0, 0.2, 0.5, 0.3])
    whole = np.full(40, 30.0)
    gap = whole.copy()
    gap[30:36] = np.nan
    full = filter.track_rt(whole, generation=weights, incubation=weights)
    holes = filter.track_rt(gap, generation=weights, incubation=weights)
    assert holes.log_sd[31] > full.log_sd[31]
    assert holes.median[31] == pytest.approx(1, abs=0.1)


def test_cohorts_refuse_simulations_without_chance_and_gaps() -> None:
    with pytest.raises(BadInput, match="random generator"):
        cohort.case_rt([1.0] * 20, si_weights=NEXT_DAY, simulations=10)
    with pytest.raises(BadInput, match="without gaps"):
        cohort.case_rt([np.nan] * 20, si_weights=NEXT_DAY)

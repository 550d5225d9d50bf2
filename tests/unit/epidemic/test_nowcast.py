"""What a nowcast says of days that are growing, steady or complete, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.engines.epidemic.model import Floats
from zhongshu.engines.epidemic.nowcasting import solve, triangle
from zhongshu.kernel.errors import BadInput

SHARES = np.array([0.2, 0.3, 0.25, 0.15, 0.1])


def table(level: Floats) -> Floats:
    """A triangle without any noise, the delay always the same."""
    rows: Floats = np.round(np.asarray(level)[:, None] * SHARES)
    rows[triangle.coming(len(rows), 4)] = np.nan
    return rows


def test_steady_days_are_nowcast_at_their_level() -> None:
    found = solve.nowcast(table(np.full(42, 200.0)), first_weekday=0, seed=1)
    np.testing.assert_allclose(found.quantiles((0.5,))[0], 200, rtol=0.05)
    np.testing.assert_allclose(found.share_seen, np.cumsum(SHARES)[-2::-1], atol=0.03)


def test_growth_that_is_under_way_is_carried_to_today() -> None:
    level = np.concatenate([np.full(28, 100.0), 100 * 1.1 ** np.arange(1, 15)])
    found = solve.nowcast(table(level), first_weekday=3, seed=1)
    low, middle, high = found.quantiles((0.025, 0.5, 0.975))
    np.testing.assert_allclose(middle, level[-4:], rtol=0.1)
    assert (low <= level[-4:]).all()
    assert (level[-4:] <= high).all()


def test_intervals_are_wider_the_fewer_reports_are_in() -> None:
    found = solve.nowcast(table(np.full(42, 200.0)), first_weekday=0, seed=1)
    low, high = found.quantiles((0.05, 0.95))
    assert (np.diff(high - low) > 0).all()


def test_a_weekend_without_reports_is_not_taken_for_a_fall() -> None:
    """Reports of Saturday and Sunday come on Monday; today is a Sunday."""
    rows = np.zeros((56, 8))
    for day in range(56):
        for delay, share in enumerate(SHARES):
            wait = {5: 2, 6: 1}.get((day + delay) % 7, 0)
            rows[day, delay + wait] += np.round(150 * share)
    rows[triangle.coming(56, 7)] = np.nan
    found = solve.nowcast(rows, first_weekday=0, seed=1)
    low, high = found.quantiles((0.025, 0.975))
    assert found.reported[-1] == 0
    assert low[-1] < 150 < high[-1]
    assert low[-2] < 150 < high[-2]


def test_unusable_triangles_are_refused() -> None:
    good = table(np.full(42, 200.0))
    with pytest.raises(BadInput, match="a week more days"):
        solve.nowcast(good[-10:], first_weekday=0, seed=1)
    with pytest.raises(BadInput, match="every cell up to today"):
        solve.nowcast(np.nan_to_num(good), first_weekday=0, seed=1)
    with pytest.raises(BadInput, match="negative"):
        solve.nowcast(good - 200, first_weekday=0, seed=1)
    with pytest.raises(BadInput, match="no case"):
        solve.nowcast(good * 0, first_weekday=0, seed=1)
    with pytest.raises(BadInput, match="Weekdays"):
        solve.nowcast(good, first_weekday=7, seed=1)
    with pytest.raises(BadInput, match="onset day or later"):
        solve.build([3], [2], today=9, days=5, max_delay=2)

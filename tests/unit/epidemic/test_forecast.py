"""What a forecast does with units that are silent, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from zhongshu.engines.epidemic import scores
from zhongshu.engines.epidemic.forecasting import solve
from zhongshu.engines.epidemic.forecasting.model import ForecastParams
from zhongshu.kernel.errors import BadInput


def test_a_unit_that_fell_silent_gets_no_forecast_and_harms_no_other() -> None:
    values = np.random.default_rng(1).gamma(20, 1, (3, 80))
    silent = values.copy()
    silent[1, -1] = np.nan
    found = solve.forecast(silent, seed=1).quantiles
    assert np.isnan(found[:, 1]).all()
    assert np.isfinite(found[:, [0, 2]]).all()


def test_steady_weeks_are_forecast_to_stay() -> None:
    values = np.random.default_rng(2).poisson(200, (12, 120)).astype(float)
    found = solve.forecast(values, seed=1).quantiles
    np.testing.assert_allclose(found[11], 200, rtol=0.1)
    assert (found[1] < 200).all()
    assert (found[-2] > 200).all()


def test_unusable_series_and_parameters_are_refused() -> None:
    with pytest.raises(BadInput, match="at least 12 weeks"):
        solve.forecast(np.ones((3, 11)), seed=1)
    with pytest.raises(BadInput, match="negative"):
        solve.forecast(-np.ones((3, 20)), seed=1)
    with pytest.raises(BadInput, match="weights above 0"):
        ForecastParams(weights=(0, 0, 0))
    with pytest.raises(BadInput, match="in pairs"):
        scores.interval_score(np.ones((2, 1)), np.ones(1), (0.1, 0.5))


def test_an_observation_on_the_edge_of_the_interval_is_inside() -> None:
    levels = (0.025, 0.5, 0.975)
    quantiles = np.array([[1.0], [2.0], [3.0]])
    for value, inside in ((1.0, 1), (3.0, 1), (3.1, 0), (0.9, 0)):
        assert scores.covered(quantiles, np.array([value]), levels)[0] == inside

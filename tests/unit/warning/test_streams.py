"""What early warning makes of several streams, neighbours, shocks and a budget."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from zhongshu.engines.warning.joint import budget, calibrate, combine, shocks, space, streams
from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.joint.calibrate import Calibration
from zhongshu.engines.warning.joint.combine import Shape
from zhongshu.engines.warning.joint.shocks import Shared, Shocks
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

UNITS, STREAMS, DAYS = 40, 3, 200


def quiet(seed: int = 1, days: int = DAYS) -> shocks.Floats:
    return stream(seed, "z").normal(0, 1, (UNITS, STREAMS, days))


def alike(units: int = UNITS) -> Shared:
    ones = np.ones((units, STREAMS))
    return Shared(ones, np.full(STREAMS, 0.1), np.full(STREAMS, 2.0), ones)


def test_what_all_units_feel_is_taken_off_each_and_shown_for_all() -> None:
    z = quiet()
    z[:, 0, 100:105] += 3
    cleared = shocks.clear(z, alike())
    assert abs(cleared.z[:, 0, 100:105].mean()) < 0.2
    assert (cleared.shock[0, 100:105] > 0.9).all()
    assert (cleared.shock[1] < 0.5).all()
    assert (shocks.rise_of_all(cleared, alike())[0, 100:105] > 10).all()


def test_an_outbreak_in_one_unit_is_left_to_it() -> None:
    z = quiet()
    calm = shocks.clear(z, alike()).z
    z[7, :, 100:120] += 3
    moved = shocks.clear(z, alike()).z - calm
    assert moved[7, :, 100:120].min() > 2.8
    assert np.nanmax(np.abs(np.delete(moved, 7, axis=0))) < 0.15


def test_few_units_share_less_than_many() -> None:
    z = quiet()
    z[:, 0, 100] += 1.0
    many = shocks.clear(z, alike()).level[0, 100]
    six = shocks.clear(z[:6], alike(6)).level[0, 100]
    raw, _, _ = shocks.location(z[:6], np.ones((6, STREAMS)), Shocks())
    assert six / raw[0, 100] < 0.6
    assert many > six
    assert np.isnan(shocks.location(z[:4], np.ones((4, STREAMS)), Shocks())[0]).all()


def test_a_stream_that_stopped_is_no_evidence_of_health() -> None:
    z = quiet()
    z[3, 1, 50] = -9.0
    cleared = shocks.clear(z, alike())
    assert cleared.silent[3, 1, 50]
    assert np.isnan(cleared.z[3, 1, 50])
    assert cleared.silent.sum() == (z < Shocks().silent_below).sum()
    assert abs(cleared.z[4, 1, 50] - z[4, 1, 50]) < 0.1


def test_a_shock_that_parts_units_widens_their_day() -> None:
    score = stream(2, "score").normal(0, 1, (100, 50))
    score[:, 20] *= 3
    even = shocks.evened(score, shocks.usual_spread(score))
    assert even[:, 20].std() < 1.5
    assert even[:, 21].std() > 0.8


def test_loadings_and_spreads_are_learned() -> None:
    rng = stream(3, "loadings")
    loading = rng.uniform(0.5, 1.5, (UNITS, 1))
    loading /= loading.mean()
    z = rng.normal(0, 0.7, (UNITS, 1, 400))
    z[:, :, ::10] += 4 * loading[:, :, None]
    learned = shocks.learn(z)
    assert np.corrcoef(learned.loading[:, 0], loading[:, 0])[0, 1] > 0.9
    assert np.abs(learned.own_sd - 0.7).max() < 0.12
    assert 3 < learned.shock_sd[0] < 5


def test_a_missing_stream_leaves_a_standard_normal() -> None:
    z = quiet(days=2_000)
    z[:, 1][stream(4, "gaps").random((UNITS, 2_000)) < 0.5] = np.nan
    z[:, 2] = 0.6 * np.nan_to_num(z[:, 1]) + 0.8 * z[:, 2]
    matrix = np.array([[1, 0, 0], [0, 1, 0.6], [0, 0.6, 1]], np.float64)
    z[:, 2] = np.where(np.isnan(z[:, 1]), z[:, 2] / 0.8, z[:, 2])
    shape = Shape(np.array([1.0, 0.5, 0.8]), np.zeros(3, np.int64), matrix)
    assert abs(np.nanstd(combine.stouffer(z, shape)) - 1) < 0.01


def test_lags_and_strengths_are_learned_from_known_outbreaks() -> None:
    rng = stream(5, "lags")
    z = rng.normal(0, 1, (300, 3, 60))
    for n, (lag, size) in enumerate(((4, 2.0), (0, 1.0), (7, 2.0))):
        age = np.arange(60) - 20 - lag
        z[:, n] += size / (1 + np.exp(-(age - 8) / 2))
    shape = combine.learn(z, [(unit, 20) for unit in range(300)])
    assert np.abs(shape.lag_days - [4, 0, 7]).max() <= 1
    assert shape.strength[0] == 1.0
    assert 0.5 < shape.strength[1] < 0.8
    waited = combine.aligned(z, shape.lag_days)
    middle = waited[:, :, 30:55].mean(axis=0)
    raw = z[:, :, 30:55].mean(axis=0)
    assert np.corrcoef(middle).min() > np.corrcoef(raw).min() + 0.03


def test_two_outbreaks_teach_nothing() -> None:
    shape = combine.learn(quiet() + 1, [(0, 50), (1, 60)])
    assert shape.strength.tolist() == [1.0, 1.0, 1.0]
    assert shape.lag_days.tolist() == [0, 0, 0]


def test_the_cluster_beside_an_alert_is_the_neighbours_that_rise() -> None:
    borders = np.zeros((5, 5), np.bool_)
    borders[0, 1:] = borders[1:, 0] = True
    near = space.nearness(borders)
    score = np.array([2.0, 2.5, -1.0, np.nan, 1.8])
    assert space.members(score, near, 0).tolist() == [1, 4]
    assert space.scan(score[:, None], near)[0, 0] == pytest.approx(6.3 / np.sqrt(3))
    assert np.isnan(space.scan(score[:, None], near)[3, 0])


def test_commuters_tie_counties_without_a_border() -> None:
    borders = np.zeros((3, 3), np.bool_)
    borders[0, 1] = borders[1, 0] = True
    flow = np.array([[0, 0, 100], [10, 0, 10], [50, 0, 0]], np.float64)
    near = space.nearness(borders, flow)
    assert near[0, 2] == pytest.approx(1.0)
    assert (near == near.T).all()
    assert 0.3 <= near[0, 1] <= 1
    assert (np.diag(near) == 0).all()


def test_calibrated_p_keep_their_word_where_nominal_ones_do_not() -> None:
    score = stream(6, "heavy").standard_t(4, (60, 800))
    p = calibrate.p_values(score, np.zeros(60, np.int64), first=500)[:, 500:]
    for level in (0.1, 0.01, 0.001):
        assert 0.7 < (p < level).mean() / level < 1.4
    assert (score[:, 500:] > 3.09).mean() / 0.001 > 5


def test_known_outbreaks_are_no_reference() -> None:
    score = stream(7, "known").normal(0, 1, (30, 500))
    known = np.zeros(score.shape, np.bool_)
    known[:6, 100:140] = True
    score[known] += 8
    params = streams.Streams(impossible=1e9)
    found = streams.Scores(score, None, score[:1], score[:1])
    classes = np.zeros(30, np.int64)
    told = streams.p_values(found, classes, params, first=400, excluded=known)[:, 400:]
    untold = streams.p_values(found, classes, params, first=400)[:, 400:]
    guessed = dataclasses.replace(params, impossible=5.0)
    by_itself = streams.p_values(found, classes, guessed, first=400)[:, 400:]
    high = score[:, 400:] > 3
    assert told[high].max() < 0.004
    assert by_itself[high].max() < 0.004
    assert untold[high].min() > 0.008


def test_too_short_a_past_makes_no_p() -> None:
    p = calibrate.p_values(np.zeros((2, 50)), np.zeros(2, np.int64), Calibration(least=500))
    assert np.isnan(p).all()


def test_one_error_is_shared_out_among_tests() -> None:
    p = np.array([[0.004, np.nan, 0.9]])
    scan = np.array([[0.5, 0.001, np.nan]])
    found = calibrate.best_of((p, 0.8), (scan, 0.2))
    assert found[0] == pytest.approx([0.005, 0.005, 1.0])


@pytest.mark.parametrize("a_week", [1.0, 7.0, 30.0])
@pytest.mark.parametrize("too_small", [1.0, 3.0])
def test_a_year_keeps_its_budget_even_where_p_are_too_small(
    a_week: float, too_small: float
) -> None:
    rng = stream(8, "budget", int(a_week), int(too_small))
    p = (1 - rng.random((117, 364))) / too_small
    p[:, 100:110] = np.nan  # nothing was tested: nothing is owed for it afterwards
    params = Budget(alerts_a_week=a_week)
    spent = budget.spend(p, params, level=budget.level_of_chance(117, params))
    assert spent.raised.sum() == pytest.approx(52 * a_week, rel=0.25)
    assert spent.tested.sum() == 117 * 354
    assert not spent.alert[:, 100:110].any()


def test_the_budget_goes_to_the_most_probable_and_a_unit_is_not_raised_twice_a_fortnight() -> None:
    rng = stream(9, "spent")
    p = 1 - rng.random((50, 300))
    p[4, 200:230] = 1e-9
    params = Budget(alerts_a_week=3)
    spent = budget.spend(p, params, level=budget.level_of_chance(50, params))
    days = np.flatnonzero(spent.alert[4, 200:230])
    assert days.tolist() == [0, 15]
    assert spent.posterior[4, 200] > 0.9
    assert spent.posterior.min() < 0.001
    asked = np.broadcast_to(10**spent.level, p.shape)
    odds = spent.posterior / (1 - spent.posterior)
    assert (odds[spent.alert] >= asked[spent.alert] * (1 - 1e-6)).all()
    assert spent.by_chance.sum() == pytest.approx(spent.raised.sum(), rel=0.35)


def test_a_unit_more_at_risk_needs_less_evidence() -> None:
    p = np.full((2, 1), 0.01)
    prior = np.array([[0.05], [0.001]])
    params = Budget(alerts_a_week=7)
    level = float(budget.log_odds(p, params)[0, 0])
    spent = budget.spend(p, params, level=level, prior=prior)
    assert spent.alert[:, 0].tolist() == [True, False]


def test_a_day_may_have_a_limit() -> None:
    p = np.linspace(1e-6, 1e-5, 10)[:, None]
    params = Budget(alerts_a_week=7, most_a_day=2)
    spent = budget.spend(p, params, level=-5.0)
    assert np.flatnonzero(spent.alert[:, 0]).tolist() == [0, 1]


def test_false_discoveries_are_the_smallest_p() -> None:
    p = np.array([0.001, 0.5, np.nan, 0.012, 0.9])
    assert budget.false_discovery(p, 0.05).tolist() == [True, False, False, True, False]


def test_an_outbreak_is_found_through_a_shock() -> None:
    z = stream(10, "whole").normal(0, 1, (60, STREAMS, 700))
    z[:, :, 600:606] += 2.5
    z[5, :, 600:625] += 1.5
    params = streams.Streams()
    learned = streams.learn(z[:, :, :300], params)
    borders = np.eye(60, k=1, dtype=np.bool_) | np.eye(60, k=-1, dtype=np.bool_)
    near = space.nearness(borders)
    found = streams.scores(z, learned, params, near=near)
    p = streams.p_values(found, np.zeros(60, np.int64), params, first=500, near=near)
    assert p[5, 600:625].min() < 1e-4
    assert (np.delete(p, [4, 5, 6], axis=0)[:, 600:606] < 0.001).mean() < 0.02
    assert (found.all_units[:, 600:606] > 5).all()


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("warning.shocks", lambda: Shocks(begins=0)),
        ("warning.shape", lambda: shocks.clear(np.zeros((3, 2, 5)), alike())),
        ("warning.shape", lambda: combine.stouffer(np.zeros((3, 2, 5)), combine.equal(3))),
        ("warning.shape", lambda: Shape(np.ones(2), np.zeros(3, np.int64), np.eye(2))),
        ("warning.strength", lambda: Shape(np.zeros(2), np.zeros(2, np.int64), np.eye(2))),
        ("warning.ewma", lambda: combine.ewma(np.zeros((1, 2)), rate=0)),
        ("warning.borders", lambda: space.nearness(np.array([[False, True], [False, False]]))),
        ("warning.near", lambda: space.scan(np.zeros((3, 1)), np.zeros((2, 2)))),
        ("warning.calibration", lambda: Calibration(least=1)),
        ("warning.classes", lambda: calibrate.p_values(np.zeros((3, 1)), np.zeros(2, np.int64))),
        ("warning.shares", lambda: calibrate.best_of((np.ones((1, 1)), 0.5))),
        ("warning.budget", lambda: Budget(alerts_a_week=0)),
        ("warning.p", lambda: budget.spend(np.zeros((1, 1)), Budget(1), level=0)),
        (
            "warning.prior",
            lambda: budget.spend(np.ones((1, 1)), Budget(1), level=0, prior=np.ones((1, 1))),
        ),
        ("warning.fdr", lambda: budget.false_discovery(np.ones(1), 1.0)),
        ("warning.streams", lambda: streams.Streams(rate=0)),
    ],
)
def test_what_cannot_be_done_is_refused(code: str, make: Callable[[], object]) -> None:
    with pytest.raises(BadInput) as refused:
        make()
    assert refused.value.code == code

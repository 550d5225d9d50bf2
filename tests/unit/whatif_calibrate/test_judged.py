"""A calibration is called one only where new futures of it hold what was seen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from zhongshu.engines.whatif.calibrate import judge, model, solve
from zhongshu.engines.whatif.counties import begun, plan, stages
from zhongshu.engines.whatif.counties import model as counties
from zhongshu.engines.whatif.counties import solve as stepped
from zhongshu.kernel.errors import BadInput

PRIORS = (model.uniform("level", 0.0, 40.0),)
LEAST = judge.Least(days=10, cases=20, inside=0.75)
EFFORT = model.Effort(particles=100, rounds=6, simulations=3000)
COURSE = counties.Course(
    latent_d=2.6, early_d=2.0, ill_d=8.0, early_weight=0.6, ill_weights=(1.0, 0.4),
    silent_share=0.2, silent_factor=0.4, isolated_d=7.0, isolated_weight=0.5,
    to_hospital_d=8.0, in_hospital_d=6.0,
)  # fmt: skip
PROVINCE = counties.Province(
    codes=("A", "B"), people=np.full((2, 2), 40_000), contacts=np.ones((2, 2)),
    commuting=np.array([[0.9, 0.1], [0.1, 0.9]]), susceptibility=np.ones(2), severe=np.zeros(2),
)  # fmt: skip
SETTING = plan.Setting(household=0.3, venues=0.4, care_seeking=0.8, contacts_per_case=12.0)


@dataclasses.dataclass(frozen=True)
class Level:
    """As many cases every day, by Poisson."""

    days: int = 15

    def simulate(self, parameters: model.F64, *, seeds: model.I64) -> model.F64:
        rows = zip(parameters[:, 0], seeds, strict=True)
        made = [np.random.default_rng(int(s)).poisson(x, self.days) for x, s in rows]
        return np.array(made, dtype=np.float64)


def judged(cases: model.F64, priors: tuple[model.Prior, ...] = PRIORS) -> judge.Judged:
    found = solve.fit(Level(cases.size), cases, priors, seed=1, effort=EFFORT, span_d=5)
    return judge.judge(
        found, Level(cases.size), cases, priors, least=LEAST, span_d=3, futures=200, seed=2
    )


def test_cases_the_model_can_make_are_predicted() -> None:
    made = judged(np.random.default_rng(3).poisson(12.0, 15).astype(float))
    assert made.reason == ""
    assert made.pressed == ()
    assert made.predicted.shape == (15, len(judge.LEVELS))
    assert (np.diff(made.predicted, axis=1) >= 0).all()


def test_cases_the_model_cannot_make_are_outside_whatever_was_fitted() -> None:
    """All in one day of three: as many as fitted in all, and never in the model's even days."""
    cases = np.tile([0.0, 0.0, 0.0, 0.0, 0.0, 90.0], 3)[:15]
    made = judged(cases)
    assert made.reason == "outside"
    assert made.inside < LEAST.inside


def test_a_posterior_at_the_border_of_its_prior_is_told() -> None:
    cases = np.random.default_rng(3).poisson(12.0, 15).astype(float)
    assert judged(cases, (model.uniform("level", 0.0, 10.0),)).pressed == ("level",)


@pytest.mark.parametrize(
    ("cases", "reason"),
    [(np.full(9, 50.0), "few_days"), (np.full(12, 1.0), "few_cases"), (np.full(12, 2.0), "")],
)
def test_few_days_or_cases_are_no_calibration(cases: model.F64, reason: str) -> None:
    assert judge.enough(cases, LEAST) == reason


def in_force() -> counties.Plan:
    made = counties.calm(PROVINCE, 18)
    made.found[:] = plan.by_symptoms(COURSE, SETTING)
    return made


def test_a_start_from_registered_cases_adds_up_and_lies_where_they_are() -> None:
    start = begun.start(PROVINCE, COURSE, np.array([5.0, 0.0]), unfound=3.0)
    assert (start.sum(axis=2) == PROVINCE.people).all()
    assert start[:, :, stages.FIRST :].sum(axis=(1, 2)).tolist() == [15, 0]
    with pytest.raises(BadInput):
        begun.start(PROVINCE, COURSE, np.array([5.0]), unfound=3.0)


def test_a_made_outbreak_of_a_province_is_found_again() -> None:
    simulator = begun.ProvinceCases(PROVINCE, COURSE, in_force(), np.array([12.0, 0.0]))
    priors = (model.log_uniform("r0", 0.8, 8.0), model.log_uniform("unfound", 0.2, 10.0))
    truth = np.array([[2.2, 2.0]])
    cases = simulator.simulate(truth, seeds=np.array([7]))[0]
    found = solve.fit(simulator, cases, priors, seed=1, effort=EFFORT, span_d=6)
    for name, true in zip(begun.PARAMETERS, truth[0], strict=True):
        low, high = found.quantile(name, (0.025, 0.975))
        assert low <= true <= high
    low, high = found.quantile("r0", (0.025, 0.975))
    assert high - low < 3.0  # the prior's is 6.5


def test_runs_with_an_r0_each_are_those_with_it_alone() -> None:
    start = begun.start(PROVINCE, COURSE, np.array([12.0, 0.0]), unfound=2.0)
    both = stepped.simulate(
        PROVINCE, COURSE, in_force(), start, run=counties.Run(runs=2, seed=1),
        r0=np.array([1.5, 3.0]),
    )  # fmt: skip
    for at, r0 in enumerate((1.5, 3.0)):
        run = counties.Run(runs=1, seed=1, first_run=at)
        alone = stepped.simulate(PROVINCE, COURSE, in_force(), start, run=run, r0=r0)
        np.testing.assert_array_equal(both.counted[at], alone.counted[0])

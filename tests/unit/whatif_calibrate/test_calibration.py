"""Calibration finds what an outbreak was made with, says how sure it is, and refuses no cases."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from zhongshu.engines.whatif.calibrate import model, solve
from zhongshu.engines.whatif.counties import fitting
from zhongshu.engines.whatif.counties import model as counties
from zhongshu.kernel.errors import BadInput

PRIORS = (model.uniform("r", 0.5, 4.0), model.log_uniform("seeds", 2.0, 200.0))
EFFORT = model.Effort(particles=200, rounds=7, simulations=9000)


@dataclasses.dataclass(frozen=True)
class Renewal:
    """Poisson cases by the renewal equation, all particles at once."""

    days: int = 24
    generation: tuple[float, ...] = (0.0, 0.1, 0.25, 0.3, 0.2, 0.1, 0.05)

    def simulate(self, parameters: model.F64, *, seeds: model.I64) -> model.F64:
        cases = np.zeros((parameters.shape[0], self.days))
        rngs = np.random.default_rng(int(seeds.sum()))
        cases[:, 0] = rngs.poisson(parameters[:, 1])
        for day in range(1, self.days):
            lags = min(day, len(self.generation) - 1)
            force = sum(cases[:, day - lag] * self.generation[lag] for lag in range(1, lags + 1))
            cases[:, day] = rngs.poisson(np.minimum(parameters[:, 0] * force, 1e6))
        return cases


def outbreak(r: float, seeds: float, *, seed: int) -> model.F64:
    made: model.F64 = Renewal().simulate(np.array([[r, seeds]]), seeds=np.array([seed]))[0]
    return made


def test_known_outbreaks_are_recovered_inside_their_intervals() -> None:
    """Of 12 synthetic outbreaks the 90 % intervals hold the truth as often as nine in ten should:
    fewer than 8 of 12 by chance alone less than once in 200 times (binomial)."""
    rng = np.random.default_rng(5)
    held, corrected, widths = {"r": 0, "seeds": 0}, 0, []
    for number in range(12):
        r, seeds = rng.uniform(0.8, 2.2), rng.uniform(10, 80)
        cases = outbreak(r, seeds, seed=100 + number)
        found = solve.fit(Renewal(), cases, PRIORS, seed=number, effort=EFFORT, span_d=3)
        for name, truth in (("r", r), ("seeds", seeds)):
            low, high = found.quantile(name, (0.05, 0.95))
            held[name] += low <= truth <= high
        low, high = found.quantile("r", (0.05, 0.95))
        assert high - low < 1.2  # far narrower than the prior's 3.15
        near = solve.correct(found, cases, PRIORS, span_d=3).quantile("r", (0.05, 0.95))
        corrected += near[0] <= r <= near[1]
        widths.append((near[1] - near[0]) / (high - low))
    assert min(held.values()) >= 8
    assert corrected >= 8
    assert np.mean(widths) < 0.8


def test_tolerances_fall_and_weights_are_weights() -> None:
    found = solve.fit(Renewal(), outbreak(1.5, 30.0, seed=1), PRIORS, seed=2, effort=EFFORT)
    assert (np.diff(found.tolerances) < 0).all()
    assert len(found.tolerances) == len(found.accepted) > 3
    assert found.weights.sum() == pytest.approx(1.0)
    assert (found.weights >= 0).all()
    assert 30 < found.effective <= 200
    assert found.simulations <= EFFORT.simulations + 200
    assert found.days == 24


def test_the_same_seed_gives_the_same_particles() -> None:
    cases = outbreak(1.5, 30.0, seed=1)
    effort = model.Effort(particles=60, rounds=3)
    first, again, other = (
        solve.fit(Renewal(), cases, PRIORS, seed=seed, effort=effort) for seed in (1, 1, 2)
    )
    assert (first.particles == again.particles).all()
    assert (first.particles != other.particles).any()


def test_without_information_the_prior_comes_back() -> None:
    """A simulator that ignores its parameters: weighted particles still follow the prior."""

    class Deaf:
        def simulate(self, parameters: model.F64, *, seeds: model.I64) -> model.F64:
            rng = np.random.default_rng(int(seeds.sum()))
            return rng.poisson(20.0, (parameters.shape[0], 5)).astype(float)

    effort = model.Effort(particles=800, rounds=3)
    found = solve.fit(Deaf(), np.full(5, 20.0), PRIORS, seed=3, effort=effort)
    for name, quantiles in (("r", (1.375, 2.25, 3.125)), ("seeds", (6.3, 20.0, 63.2))):
        assert found.quantile(name, (0.25, 0.5, 0.75)) == pytest.approx(quantiles, rel=0.2)


def test_particles_for_a_forecast_come_by_their_weights() -> None:
    found = solve.fit(Renewal(), outbreak(1.5, 30.0, seed=1), PRIORS, seed=2, effort=EFFORT)
    drawn = found.drawn(2000, rng=np.random.default_rng(1))
    assert drawn[:, 0].mean() == pytest.approx(found.mean("r"), abs=0.02)


def test_a_start_without_cases_is_refused() -> None:
    with pytest.raises(BadInput, match="no case"):
        solve.fit(Renewal(), np.zeros(24), PRIORS, seed=1)
    with pytest.raises(BadInput, match="none below zero"):
        solve.fit(Renewal(), np.array([3.0, -1.0]), PRIORS, seed=1)
    with pytest.raises(BadInput, match="name of its own"):
        solve.fit(Renewal(), np.ones(24), (PRIORS[0], PRIORS[0]), seed=1)
    with pytest.raises(BadInput, match="24 days"):
        solve.fit(Renewal(days=20), np.ones(24), PRIORS, seed=1)


COURSE = counties.Course(
    latent_d=2.5, early_d=2.0, ill_d=5.0, early_weight=0.7, ill_weights=(1.0, 0.4),
    silent_share=0.2, silent_factor=0.4, isolated_d=7.0, isolated_weight=0.5,
    to_hospital_d=7.0, in_hospital_d=5.0,
)  # fmt: skip


def county_cases(**given: object) -> fitting.CountyCases:
    province = counties.Province(
        codes=("A", "B"), people=np.array([[60_000, 20_000], [40_000, 9_000]]),
        contacts=np.array([[5.0, 2.0], [6.0, 4.0]]), commuting=np.array([[0.95, 0.05], [0.1, 0.9]]),
        susceptibility=np.ones(2), severe=np.array([0.01, 0.1]),
    )  # fmt: skip
    setting = {"province": province, "course": COURSE, "plan": counties.calm(province, 28)}
    return fitting.CountyCases(**{**setting, "county": 0, "skipped_d": 7, **given})  # type: ignore[arg-type]


def test_the_county_model_is_recovered_from_its_cases_by_onset() -> None:
    simulator = county_cases(delay=(0.3, 0.4, 0.3))
    cases = simulator.one(np.array([2.2, 40.0, 0.7]), seed=77)
    priors = (
        model.uniform("r0", 0.8, 5.0),
        model.log_uniform("seeds", 5.0, 300.0),
        model.uniform("shown", 0.4, 1.0),
    )
    effort = model.Effort(particles=100, rounds=4, simulations=1200)
    found = solve.fit(simulator, cases, priors, seed=4, effort=effort, span_d=3)
    low, high = found.quantile("r0", (0.025, 0.975))
    assert low <= 2.2 <= high
    assert high - low < 2.7  # the prior's is 4.0; few cases, and who infects much is luck


def test_reports_are_conserved_and_late() -> None:
    prompt, late = county_cases(skipped_d=0), county_cases(skipped_d=0, delay=(0.0, 0.0, 1.0))
    row = np.array([2.5, 60.0, 0.8])
    assert (prompt.one(row, seed=3)[:-2] == late.one(row, seed=3)[2:]).all()


def test_a_simulator_asked_for_what_it_cannot_turn_is_refused() -> None:
    with pytest.raises(BadInput, match="r0, seeds, in this order"):
        county_cases(by="found")
    with pytest.raises(BadInput, match="add up to 1"):
        county_cases(delay=(0.5, 0.4))

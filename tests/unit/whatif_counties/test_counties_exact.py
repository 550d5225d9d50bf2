"""The county model against what is known exactly: growth, final size, extinction, the ODE."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from scipy import integrate, optimize

from zhongshu.engines.whatif.counties import model, solve, stages
from zhongshu.kernel.errors import BadInput

COURSE = model.Course(
    latent_d=3.0,
    early_d=2.0,
    ill_d=6.0,
    early_weight=0.6,
    ill_weights=(1.0, 0.5),
    silent_share=0.2,
    silent_factor=0.4,
    isolated_d=7.0,
    isolated_weight=0.5,
    to_hospital_d=8.0,
    in_hospital_d=6.0,
)


def one_place(people: int, *, ages: int = 1) -> model.Province:
    return model.Province(
        codes=("A",),
        people=np.full((1, ages), people),
        contacts=np.ones((ages, ages)),
        commuting=np.ones((1, 1)),
        susceptibility=np.ones(ages),
        severe=np.full(ages, 0.1),
    )


def seeded(province: model.Province, seeds: int, *, course: model.Course = COURSE) -> model.I64:
    start = solve.empty_start(province, course)
    start[0, 0, stages.FIRST] += seeds
    start[0, 0, 0] -= seeds
    return start


def run(province: model.Province, start: model.I64, days: int, **given: Any) -> model.Futures:
    course, plan = given.get("course", COURSE), model.calm(province, days, **given.get("plan", {}))
    how = model.Run(
        runs=given.get("runs", 1), seed=given.get("seed", 4), steps_per_day=given.get("steps", 2)
    )
    return solve.simulate(
        province, course, plan, start, run=how, r0=given["r0"], keep_last=given.get("last", False)
    )


def test_in_the_large_it_is_the_differential_equation() -> None:
    """A billion people at 48 steps a day lie within 2 % of the equations' solution."""
    people, seeds, r0, days = 10**9, 10**6, 2.5, 60
    province = one_place(people)
    steps = 48
    counted = run(province, seeded(province, seeds), days, r0=r0, steps=steps).daily("infections")
    beta = solve.transmission(province, COURSE, r0=r0)
    shown = [0.6, 1.0, 0.5]

    def slope(_: float, y: Any) -> Any:
        s, e, rest = y[0], y[1], y[2:]
        rates = np.array([1 / 2.0, 2 / 6.0, 2 / 6.0] * 2)
        weights = np.array([*shown, *(0.4 * w for w in shown)])
        caught = beta * s * (weights * rest).sum() / people
        flow = rates * rest
        into = np.array([0.8 * e / 3, flow[0], flow[1], 0.2 * e / 3, flow[3], flow[4]])
        return np.concatenate(([-caught, caught - e / 3], into - flow))

    solved = integrate.solve_ivp(
        slope, (0, days), [people - seeds, seeds, *[0.0] * 6], t_eval=[20, 40, 60], rtol=1e-8
    )
    caught = people - seeds - solved.y[0]
    ours = np.cumsum(counted[0])[[19, 39, 59]]
    assert ours == pytest.approx(caught, rel=0.02)


def test_it_grows_as_euler_and_lotka_say() -> None:
    """Growth a day of a large outbreak without measures, against the root of Euler's equation with
    the generation times of the same chains in steps."""
    r0, steps = 2.0, 2
    laid = stages.lay_out(COURSE, steps_per_day=steps)
    width = laid.removed + 1
    out = -np.expm1(-laid.rate / steps)
    here, mass = np.zeros(width), []
    here[stages.FIRST] = 1.0
    for _ in range(400):
        mass.append(float((laid.weight * here)[: laid.isolated].sum()) / steps)
        moved = here * out
        here = here - moved
        for stage in range(stages.FIRST, laid.removed):
            if stage == laid.early - 1:
                here[laid.silent] += moved[stage] * laid.silent_share
                here[laid.early] += moved[stage] * (1 - laid.silent_share)
            else:
                here[laid.after[stage]] += moved[stage]
    kernel = np.array(mass)
    assert kernel.sum() == pytest.approx(COURSE.infectious_days, rel=1e-6)
    kernel *= r0 / kernel.sum()
    times = np.arange(1, 401) / steps
    growth = optimize.brentq(lambda r: (kernel * np.exp(-r * times)).sum() - 1, 0.0, 1.0)
    province = one_place(2 * 10**9)
    counted = run(province, seeded(province, 20_000), 45, r0=r0).daily("infections")[0]
    assert np.log(counted[40] / counted[25]) / 15 == pytest.approx(growth, rel=0.02)


def test_the_final_size_solves_its_equation() -> None:
    """Kermack and McKendrick 1927: of the susceptible a share z falls ill, z = 1 - exp(-r0 z)."""
    province = one_place(2_000_000)
    start = seeded(province, 200)
    for r0 in (1.4, 2.2):
        share = run(province, start, 400, r0=r0).daily("infections").sum() / 2_000_000
        z = optimize.brentq(lambda z, r=r0: 1 - np.exp(-r * z) - z, 1e-3, 1.0)
        assert share == pytest.approx(z, abs=0.005)


@pytest.mark.parametrize("dispersion", [float("inf"), 0.3])
def test_an_import_dies_out_as_often_as_its_offspring_say(dispersion: float) -> None:
    """Share of outbreaks from one infection that end by themselves, against the root of the
    offspring's generating function, estimated from the chains themselves by simulation."""
    r0, runs = 1.8, 1500
    course = dataclasses.replace(COURSE, dispersion=dispersion)
    province = one_place(400_000)
    counted = run(province, seeded(province, 1), 120, r0=r0, runs=runs, course=course)
    ended = counted.counted[:, -1, 0, model.AT_LARGE] == 0
    small = counted.daily("infections").sum(axis=1) < 2000
    rng = np.random.default_rng(9)
    infectious = np.where(
        rng.random(200_000) < 0.2,
        0.4,
        1.0,
    ) * (0.6 * rng.exponential(2.0, 200_000) + rng.exponential(3.0, 200_000)
         + 0.5 * rng.exponential(3.0, 200_000))  # fmt: skip
    if np.isfinite(dispersion):
        shape = infectious * dispersion / course.infectious_days
        infectious = rng.gamma(shape) * course.infectious_days / dispersion
    beta = solve.transmission(province, course, r0=r0)
    q = 0.3
    for _ in range(200):
        q = float(np.exp(-beta * infectious * (1 - q)).mean())
    assert (ended & small).mean() == pytest.approx(q, abs=4 * np.sqrt(q * (1 - q) / runs) + 0.01)


def test_more_transmission_means_more_infections_on_average() -> None:
    province = one_place(200_000, ages=2)
    start = seeded(province, 30)
    means = [
        run(province, start, 40, r0=r0, runs=40).daily("infections").sum(axis=1).mean()
        for r0 in (0.6, 0.9, 1.2, 1.8, 2.7)
    ]
    assert (np.diff(means) > 0).all()


def test_a_plan_that_changes_nothing_changes_no_bit() -> None:
    """Hazards of zero, rooms nobody fills and open borders: the very same futures."""
    province = one_place(50_000, ages=2)
    start = seeded(province, 40)
    calm = run(province, start, 30, r0=2.0, runs=3)
    same = run(
        province, start, 30, r0=2.0, runs=3,
        plan={"rooms": np.full(1, 5.0), "trace_delay_d": 4, "vaccine_infection": 0.5,
              "home_leak": np.zeros(1)},
    )  # fmt: skip
    assert calm.counted.tobytes() == same.counted.tobytes()


def test_stages_shorter_than_a_step_are_refused() -> None:
    province = one_place(1000)
    short = dataclasses.replace(COURSE, latent_d=0.4)
    with pytest.raises(BadInput, match="more steps or fewer stages"):
        run(province, seeded(province, 1), 5, r0=2.0, course=short)


def test_a_start_that_does_not_add_up_is_refused() -> None:
    province = one_place(1000)
    start = seeded(province, 1)
    start[0, 0, 3] += 1
    with pytest.raises(BadInput, match="add up"):
        run(province, start, 5, r0=2.0)
    with pytest.raises(BadInput, match="below zero"):
        run(province, seeded(province, 1), 5, r0=2.0, plan={"imports": np.full((5, 1), -1.0)})

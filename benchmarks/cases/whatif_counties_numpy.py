"""The county model written for speed in NumPy: vectorised over runs, counties and ages.

`Generator.binomial` on whole arrays, matrix products for commuting and contacts; with `sparse` the
draws are made only where there is anybody, which pays early in an outbreak.  Compared with our
stepper it leaves out beds, imports, vaccination and tracing; same compartments, same steps.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.counties import model, solve, stages

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]


def drawn(rng: np.random.Generator, people: I64, p: Any, *, sparse: bool) -> I64:
    if not sparse:
        return np.asarray(rng.binomial(people, p))
    flat = people.ravel()
    some = np.flatnonzero(flat)
    if some.size > flat.size // 2:
        return np.asarray(rng.binomial(people, p))
    out = np.zeros(flat.size, dtype=np.int64)
    if some.size:
        chance = p if np.isscalar(p) else np.broadcast_to(p, people.shape).ravel()[some]
        out[some] = rng.binomial(flat[some], chance)
    return out.reshape(people.shape)


def infected(
    rng: np.random.Generator, susceptible: I64, force: F64, *, step: float, sparse: bool
) -> I64:
    if not sparse:
        return np.asarray(rng.binomial(susceptible, -np.expm1(-force * step)))
    out = np.zeros(susceptible.size, dtype=np.int64)
    some = np.flatnonzero(force.ravel() > 0)
    chance = -np.expm1(-force.ravel()[some] * step)
    out[some] = rng.binomial(susceptible.ravel()[some], chance)
    return out.reshape(susceptible.shape)


def run(
    province: model.Province,
    course: model.Course,
    plan: model.Plan,
    start: I64,
    *,
    runs: int,
    r0: float,
    seed: int,
    sparse: bool,
    steps_per_day: int = 2,
) -> I64:
    """(runs, days, counties) new infections."""
    rng = np.random.default_rng(seed)
    laid, step = stages.lay_out(course, steps_per_day=steps_per_day), 1.0 / steps_per_day
    beta = solve.transmission(province, course, r0=r0)
    travel = province.commuting
    present = travel.T @ province.people
    people = [
        np.broadcast_to(start[..., k], (runs, *start.shape[:2])).copy()
        for k in range(start.shape[2])
    ]
    find = plan.found[0, 0]  # the same hazards everywhere and always: no table to look up
    out = np.zeros((runs, plan.days, len(province.codes)), dtype=np.int64)
    for day in range(plan.days):
        for _ in range(steps_per_day):
            mass = np.zeros(people[0].shape)
            for stage in range(laid.early, laid.isolated):
                mass += laid.weight[stage] * people[stage]
            met = np.matmul(travel.T, mass) / present
            pressed = (met @ province.contacts.T) * (beta * plan.mixing[day][:, None])
            force = np.matmul(travel, pressed) * province.susceptibility
            for stage in range(laid.removed - 1, stages.FIRST - 1, -1):
                sought = laid.sought[stage]
                hazard = find[sought] if sought >= 0 else 0.0
                total = laid.rate[stage] + hazard
                left = drawn(rng, people[stage], -np.expm1(-total * step), sparse=sparse)
                people[stage] -= left
                if hazard > 0:
                    found = drawn(rng, left, hazard / total, sparse=sparse)
                    people[laid.isolated] += found
                    left -= found
                if stage == laid.early - 1:
                    silent = drawn(rng, left, laid.silent_share, sparse=sparse)
                    people[laid.silent] += silent
                    people[laid.early] += left - silent
                else:
                    people[laid.after[stage]] += left
            new = infected(rng, people[0], force, step=step, sparse=sparse)
            people[0] -= new
            people[stages.FIRST] += new
            out[:, day] += new.sum(axis=2)
    return out

"""How many people one infected person infects where nobody is immune, and how to set it."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.days.epidemic import SETTING_IMPORT
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.state import World
from zhongshu.engines.world.statics import Statics, make
from zhongshu.kernel.errors import BadInput

INDEX_PER_1000 = 8  # so few that they hardly take the susceptible from each other
FEWEST_INDEX = 20
FOLLOWED_D = 24  # nearly all have stopped infecting by then
SCALES = (1 / 64, 64.0)  # least and most factor on the hazards that is looked at
CLOSE = 0.01  # share of R0 within which the factor is good enough
TURNS = 14


def scaled(params: WorldParams, factor: float) -> WorldParams:
    """The same world with all hazards of infection, at home and outside, times `factor`."""
    disease = dataclasses.replace(
        params.disease,
        household_per_day=params.disease.household_per_day * factor,
        hazard_per_h=tuple(hazard * factor for hazard in params.disease.hazard_per_h),
    )
    return dataclasses.replace(params, disease=disease)


def factor_for(r0: float, params: WorldParams, margins: Margins) -> float:
    """The factor on all hazards with which imported cases infect `r0` people on average.

    Bisection; the draws are the same each time, so `reproduction` grows with the factor.
    Refuses (`BadInput`) an R0 that no factor between `SCALES` gives.
    """
    static = make(index_cases(params), margins)
    low, high = SCALES
    for _ in range(TURNS):
        middle = float(np.sqrt(low * high))
        found = reproduction(static, middle)
        if abs(found - r0) <= CLOSE * r0:
            return middle
        low, high = (middle, high) if found < r0 else (low, middle)
    if middle > SCALES[1] / 2 or middle < SCALES[0] * 2:
        raise BadInput(
            "world.no_such_r0", f"In this county nobody can infect {r0:g} people on average.", r0=r0
        )
    return middle


def reproduction(static: Statics, factor: float) -> float:
    """Mean number of people whom the imported infect; whom these infect in turn is left out.

    Nobody is tested, found or held back, and everybody else can be infected.
    """
    params = scaled(static.params, factor)
    world = World(
        dataclasses.replace(static, params=params, hazard_per_h=factor * static.hazard_per_h)
    )
    for _ in range(FOLLOWED_D):
        world.step()
        later = world.course["setting"] != SETTING_IMPORT
        for force in ("force_out", "force_home"):
            world.course[force][later] = 0.0
    index = int((world.course["setting"] == SETTING_IMPORT).sum())
    return (len(world.course) - index) / index


def index_cases(params: WorldParams) -> WorldParams:
    """A world of imported cases and no tests at all."""
    index = max(FEWEST_INDEX, params.people * INDEX_PER_1000 // 1000)
    untested = dataclasses.replace(
        params.testing, care_seeking=0.0, voluntary=0.0, household_tested=0.0, arrival_tested=0.0
    )
    return dataclasses.replace(
        params, imported_seeds=index, seed_days=1, days=FOLLOWED_D, testing=untested
    )

"""The compartments in a row: which there are, how fast each is left, and to where.

The order is S, V, latent, early, ill, silent, isolated, R; hospital beds are counted beside it,
because a bed says nothing about whether somebody is still infectious.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif.counties.model import F64, I64, ILL, LATENT, SILENT, Course
from zhongshu.kernel.errors import BadInput

SUSCEPTIBLE, VACCINATED, FIRST = 0, 1, 2  # FIRST: first latent stage
NOT_SOUGHT = -1
BED_STAGES = 4  # two on the way, two on the ward


@dataclasses.dataclass(frozen=True)
class Stages:
    """A course laid out for the stepper; arrays over the compartments.

    rate: hazard per day of going on; after: where to (the last latent stage parts to the ill and
    the silent); weight: infectiousness; sought: column of the hazards of being found, -1 for
    those who are not sought; bed_rate: (4,) of the beds' stages.
    """

    rate: F64
    after: I64
    weight: F64
    sought: I64
    bed_rate: F64
    early: int
    silent: int
    isolated: int
    ill: int
    silent_share: float
    gamma_per_mass: float

    @property
    def removed(self) -> int:
        return int(self.rate.size) - 1


def _rate(mean_d: float, stages: int, step_d: float) -> float:
    """Hazard of one of `stages` stages, so that in steps too the chain lasts mean_d on average.

    Somebody leaves a stage after a geometric number of steps; its mean is right if the chance of
    leaving is step / stage mean.
    """
    chance = step_d * stages / mean_d
    if chance >= 1:
        raise BadInput(
            "whatif.step_too_long",
            f"A stage of {mean_d / stages:.3g} days needs more than {1 / step_d:.0f} steps a day; "
            "take more steps or fewer stages.",
        )
    return float(-np.log1p(-chance) / step_d)


def lay_out(course: Course, *, steps_per_day: int) -> Stages:
    """The stages of a course for this many steps a day; refuses a stage shorter than a step."""
    step = 1.0 / steps_per_day
    ill_stages = len(course.ill_weights)
    early = FIRST + course.latent_stages
    ill = early + course.early_stages
    silent = ill + ill_stages
    isolated = silent + course.early_stages + ill_stages
    removed = isolated + course.isolated_stages
    latent_rate = _rate(course.latent_d, course.latent_stages, step)
    shown = [_rate(course.early_d, course.early_stages, step)] * course.early_stages
    shown += [_rate(course.ill_d, ill_stages, step)] * ill_stages
    shown_weight = [course.early_weight] * course.early_stages + list(course.ill_weights)
    out_rate = [_rate(course.isolated_d, course.isolated_stages, step)] * course.isolated_stages
    rate = [0.0, 0.0, *([latent_rate] * course.latent_stages), *shown, *shown, *out_rate, 0.0]
    weight = [0.0] * early + shown_weight + [w * course.silent_factor for w in shown_weight]
    weight += [course.isolated_weight] * course.isolated_stages + [0.0]
    after = np.arange(1, removed + 2, dtype=np.int64)
    after[silent - 1] = removed
    after[isolated - 1] = removed
    after[removed] = removed
    sought = np.full(removed + 1, NOT_SOUGHT, dtype=np.int64)
    sought[FIRST:early], sought[early:ill], sought[ill:silent] = LATENT, SILENT, ILL
    sought[silent:isolated] = SILENT
    beds = [_rate(course.to_hospital_d, 2, step)] * 2 + [_rate(course.in_hospital_d, 2, step)] * 2
    spread = course.dispersion / course.infectious_days if np.isfinite(course.dispersion) else 0.0
    return Stages(
        rate=np.array(rate),
        after=after,
        weight=np.array(weight),
        sought=sought,
        bed_rate=np.array(beds),
        early=early,
        silent=silent,
        isolated=isolated,
        ill=ill,
        silent_share=course.silent_share,
        gamma_per_mass=spread * step,
    )

"""The course of the shared disease model as chains of stages."""

from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.counties.model import Course
from zhongshu.kernel.disease import course as shared
from zhongshu.kernel.disease.params import Disease

ILL_STAGES = 3  # the profile after onset in three parts of equal length, each with its mean


def matched(
    disease: Disease, *, isolated_d: float, to_hospital_d: float, in_hospital_d: float
) -> Course:
    """Erlang chains with the disease's means: latent time, days before and after onset, weights.

    The latent chain has as many stages as make its variance nearest to the incubation's, at least
    one: an incubation more scattered than an exponential time keeps its mean and loses variance.
    isolated_d: days from being found to being well; to_hospital_d: from infection to the ward.
    """
    draws = (np.arange(20_000) + 0.5) / 20_000
    incubation = shared.incubation_d(draws, disease)
    before = -shared.PROFILE_FROM_D
    profile = np.array(disease.profile)
    latent = float(incubation.mean()) - before
    stages = max(1, round(latent**2 / float(incubation.var())))
    parts = np.array_split(np.repeat(profile[before:], ILL_STAGES), ILL_STAGES)
    weights = tuple(float(part.mean()) for part in parts)
    return Course(
        latent_d=latent,
        early_d=float(before),
        ill_d=float(profile.size - before),
        early_weight=float(profile[:before].mean()),
        ill_weights=weights,
        silent_share=disease.asymptomatic,
        silent_factor=disease.asymptomatic_factor,
        isolated_d=isolated_d,
        isolated_weight=float(np.mean(weights)),
        to_hospital_d=to_hospital_d,
        in_hospital_d=in_hospital_d,
        latent_stages=stages,
        early_stages=2,
        dispersion=disease.dispersion,
    )

"""The course of an infection as functions of uniform numbers: who draws them decides the luck.

All are vectorised over their first argument, uniform numbers in [0, 1), one for each person.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from zhongshu.kernel.disease.params import BY_AGE, Disease, Severity, Vaccine

F64 = NDArray[np.float64]
Bools = NDArray[np.bool_]

PROFILE_FROM_D = -2  # the first entry of Disease.profile is this many days before onset
INCUBATION_D = (1.0, 21.0)  # least and most

# Chance of a perfect test by days since infection: nothing on the first day, a third on the
# second, all from then to the fourteenth, half on the twenty-first.  A synthetic assumption.
LOAD_DAYS = (1.0, 1.01, 2.0, 2.5, 14.0, 21.0, 28.0)
LOAD = (0.0, 0.3, 0.4, 1.0, 1.0, 0.5, 0.0)

NAMES = ("none", "mild", "moderate", "severe")  # of severity, in the order of its levels


def lognormal(draw: F64, median: float, sigma: float) -> F64:
    """Quantiles of the log-normal distribution."""
    values: F64 = median * np.exp(sigma * special.ndtri(np.clip(draw, 1e-12, 1 - 1e-12)))
    return values


def incubation_d(draw: F64, disease: Disease) -> F64:
    """Days from infection to onset (of those without symptoms: to their highest load)."""
    return np.clip(
        lognormal(draw, disease.incubation_median_d, disease.incubation_sigma), *INCUBATION_D
    )


def symptomatic(draw: F64, disease: Disease) -> Bools:
    has: Bools = draw >= disease.asymptomatic
    return has


def force_home(ill: Bools, disease: Disease) -> F64:
    """Infectiousness in the household, relative to the symptomatic."""
    return np.where(ill, 1.0, disease.asymptomatic_factor)


def force_out(draw: F64, ill: Bools, disease: Disease) -> F64:
    """Personal infectiousness outside the household: gamma of mean 1 and shape `dispersion`."""
    shape = disease.dispersion
    force: F64 = force_home(ill, disease) * special.gammaincinv(shape, draw) / shape
    return force


def severity(draw: F64, ill: Bools, ages: F64, shares: Severity = BY_AGE) -> NDArray[np.int8]:
    """Level in NAMES by age in years; the old are ill more severely."""
    old = ages >= shares.old_from
    severe = np.where(old, shares.severe_old, shares.severe_young)
    moderate = severe + np.where(old, shares.moderate_old, shares.moderate_young)
    level = np.where(draw < severe, 3, np.where(draw < moderate, 2, 1))
    return np.where(ill, level, 0).astype(np.int8)


def load(days: F64) -> F64:
    """Chance of a perfect test to find an infection so many days old."""
    likely: F64 = np.interp(days, LOAD_DAYS, LOAD)
    return likely


def waned(days: F64, vaccine: Vaccine) -> F64:
    """Share of the protection left so many days after full effect; 0 where nan (no dose)."""
    left = np.exp2(-np.maximum(np.nan_to_num(days), 0.0) / vaccine.half_life_d)
    return np.where(np.isnan(days), 0.0, left)

"""What one can turn in a disease; shared by the synthetic world and the what-if engine.

Defaults are those of the synthetic world: *calibrated* ones meet the margins of its real pairs
(docs/explanation/world.md), the others are cited or synthetic assumptions; none is a rule.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True)
class Disease:
    """Course of an infection and how it passes on.

    incubation_median_d, incubation_sigma: log-normal, days; calibrated to the serial interval.
    profile: infectiousness on day -2, -1, 0, ... relative to onset, largest value 1.  It begins
        2 days before onset, where tracing begins to look (WHO-1 of the pack cn-covid-9).
    asymptomatic: share that never has symptoms (He et al. 2021, J Med Virol 93:820: 15.6 %);
        asymptomatic_factor: their infectiousness (Buitrago-Garcia et al. 2022, PLoS Med
        19:e1003987: 0.32).
    dispersion: shape of the gamma-distributed personal infectiousness outside the household.
    household_per_day: hazard per day at full infectiousness for each member; calibrated to the
        household share.
    hazard_per_h: hazard per hour of overlap at full infectiousness, in the order of
        kernel.feeds.PLACE_KINDS; their size is calibrated to the outbreak.
    crowd: how many visitors of a day a person effectively mixes with, same order; in a busier
        place the hazard falls in proportion, because nobody meets a whole market.
    stay_home_when_ill: share of the ill who make no visits from the day after onset.
    """

    incubation_median_d: float = 3.4
    incubation_sigma: float = 0.78
    profile: tuple[float, ...] = (
        0.4, 0.75, 1.0, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.33, 0.27, 0.2, 0.15, 0.1,
    )  # fmt: skip
    asymptomatic: float = 0.156
    asymptomatic_factor: float = 0.32
    dispersion: float = 1.0
    household_per_day: float = 0.33
    hazard_per_h: tuple[float, ...] = (
        0.0026, 0.0072, 0.008, 0.031, 0.018, 0.015, 0.0026, 0.014, 0.018,
    )  # fmt: skip
    crowd: tuple[float, ...] = (30.0, 20.0, 200.0, 60.0, 60.0, 120.0, 100.0, 60.0, 60.0)
    stay_home_when_ill: float = 0.45


@dataclasses.dataclass(frozen=True)
class Severity:
    """Share of the symptomatic who become severely and moderately ill, below and from `old_from`
    years on.  Synthetic assumptions."""

    old_from: int = 65
    severe_young: float = 0.004
    severe_old: float = 0.05
    moderate_young: float = 0.08
    moderate_old: float = 0.25


@dataclasses.dataclass(frozen=True)
class Care:
    """How symptoms alone lead to a confirmation.

    median_d, sigma: onset to confirmation, log-normal, days.
    seeking: share of the symptomatic who seek care at all; with the share without symptoms it is
        the under-ascertainment of what is registered.
    """

    median_d: float = 4.0
    sigma: float = 1.0276  # ln 2 / 0.6745: quartiles 2, 4, 8 days
    seeking: float = 0.85


@dataclasses.dataclass(frozen=True)
class Vaccine:
    """Protection of a dose, waning exponentially.

    infection, onward, severe: share by which susceptibility, infectiousness and severity fall on
        the day of full effect; half_life_d: days in which each falls to half.
    Default: no effect, for the figures belong to a vaccine and a variant.
    """

    infection: float = 0.0
    onward: float = 0.0
    severe: float = 0.0
    half_life_d: float = 180.0


SYNTHETIC = Disease()
"""The disease of the synthetic world."""
BY_AGE = Severity()

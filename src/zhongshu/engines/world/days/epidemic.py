"""The course of an infection, from exposure to recovery, one record for each infected person."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import F64, I64, Bools
from zhongshu.engines.world.days.exposure import NO_PLACE, Hits
from zhongshu.engines.world.params import Testing
from zhongshu.kernel import chance
from zhongshu.kernel.disease import course as infection
from zhongshu.kernel.disease.params import Disease

DAY_S = 86_400
HOUR_S = 3_600
NEVER = np.int64(2**62)
SETTING_PLACE, SETTING_HOUSEHOLD, SETTING_IMPORT = range(3)
FOUND_BY = ("", "fever_clinic", "contact", "screening", "voluntary", "arrival")
SEVERITY = infection.NAMES

# Instants are seconds since 00:00 of the first day, Beijing time; NEVER where it does not happen.
COURSE = np.dtype(
    [
        ("person", np.int32),
        ("source", np.int32),  # person index of the infector, -1 for imported
        ("setting", np.int8),
        ("place", np.int32),
        ("infected_s", np.int64),
        ("symptomatic", np.bool_),
        ("onset_s", np.int64),  # for the asymptomatic: the day their load is highest
        ("force_out", np.float64),  # personal infectiousness outside and at home
        ("force_home", np.float64),
        ("severity", np.int8),
        ("ill_stays", np.bool_),  # makes no visits when ill
        ("passive_s", np.int64),  # confirmation if nothing finds them sooner; NEVER: seeks no care
        ("passive_sample_s", np.int64),
        ("sampled_s", np.int64),  # of the sample that found them
        ("confirmed_s", np.int64),
        ("found_by", np.int8),
    ]
)
Course = NDArray[np.void]


def begin(
    seed: int, hits: Hits, *, day: int, ages: F64, disease: Disease, testing: Testing
) -> Course:
    """Records of new infections; what becomes of them depends only on (seed, person)."""
    rows = np.zeros(len(hits), dtype=COURSE)
    rows["person"], rows["source"], rows["place"] = hits.person, hits.source, hits.place
    rows["setting"] = np.where(hits.place == NO_PLACE, SETTING_HOUSEHOLD, SETTING_PLACE)
    rows["infected_s"] = day * DAY_S + hits.moment
    return progress(seed, rows, ages, disease, testing)


def progress(seed: int, rows: Course, ages: F64, disease: Disease, testing: Testing) -> Course:
    """Fills everything that follows from the moment of infection."""
    who = rows["person"]
    key = chance.key(seed, "course")
    incubation = infection.incubation_d(chance.uniform(key, who, 0), disease)
    rows["onset_s"] = rows["infected_s"] + (incubation * DAY_S).astype(np.int64)
    ill = infection.symptomatic(chance.uniform(key, who, 1), disease)
    rows["symptomatic"] = ill
    rows["force_out"] = infection.force_out(chance.uniform(key, who, 2), ill, disease)
    rows["force_home"] = infection.force_home(ill, disease)
    rows["severity"] = infection.severity(chance.uniform(key, who, 3), ill, ages)
    rows["ill_stays"] = rows["symptomatic"] & (
        chance.uniform(key, who, 4) < disease.stay_home_when_ill
    )
    rows["sampled_s"] = rows["confirmed_s"] = NEVER
    _care(rows, key, testing)
    return rows


def _care(rows: Course, key: np.uint64, testing: Testing) -> None:
    """When the symptoms alone would lead to a confirmation."""
    who = rows["person"]
    delay_d = infection.lognormal(
        chance.uniform(key, who, 5), testing.passive_median_d, testing.passive_sigma
    )
    delay_s = (delay_d * DAY_S).astype(np.int64)
    result_h = testing.result_h[0] + chance.uniform(key, who, 6) * (
        testing.result_h[1] - testing.result_h[0]
    )
    wait_s = np.minimum((result_h * HOUR_S).astype(np.int64), (0.7 * delay_s).astype(np.int64))
    seeks = rows["symptomatic"] & (chance.uniform(key, who, 7) < testing.care_seeking)
    rows["passive_s"] = np.where(seeks, rows["onset_s"] + delay_s, NEVER)
    rows["passive_sample_s"] = np.where(seeks, rows["onset_s"] + delay_s - wait_s, NEVER)


def force_today(course: Course, day: int, disease: Disease) -> tuple[F64, F64]:
    """Infectiousness of each record on `day`: (outside, at home); 0 once confirmed."""
    profile = np.array(disease.profile)
    onset_day = course["onset_s"] // DAY_S
    since = day - onset_day - infection.PROFILE_FROM_D
    infected_before = course["infected_s"] // DAY_S < day
    active = (since >= 0) & (since < len(profile)) & infected_before & ~removed(course, day)
    weight = np.where(active, profile[np.clip(since, 0, len(profile) - 1)], 0.0)
    return weight * course["force_out"], weight * course["force_home"]


def removed(course: Course, day: int) -> Bools:
    """Confirmed before `day` began, and so in hospital."""
    gone: Bools = course["confirmed_s"] < day * DAY_S
    return gone


def held_from(course: Course) -> I64:
    """The moment from which each record makes no more visits; NEVER while not found."""
    at_clinic = course["found_by"] == FOUND_BY.index("fever_clinic")
    return np.where(at_clinic, course["sampled_s"], course["confirmed_s"])


def stays_home_ill(course: Course, day: int) -> Bools:
    """Ill, and of those who then stay at home (from the day after onset, for ten days)."""
    since = day - course["onset_s"] // DAY_S
    ill: Bools = course["ill_stays"] & (since >= 1) & (since <= 10)
    return ill


def load(course: Course, sampled_s: I64) -> F64:
    """Chance of a perfect test to find each record at a moment."""
    return infection.load((sampled_s - course["infected_s"]) / DAY_S)

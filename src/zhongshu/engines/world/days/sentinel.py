"""Counts that sites report: fever clinics, pharmacies, schools.  Background noise plus the ill."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import F64, I32, I64
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S, Course
from zhongshu.engines.world.days.usual import Usual
from zhongshu.engines.world.people import places
from zhongshu.engines.world.people.places import Places
from zhongshu.engines.world.people.population import Population
from zhongshu.engines.world.people.routines import PUPIL, Routines
from zhongshu.kernel import chance
from zhongshu.kernel.random import stream

# Synthetic background levels, per person and day, and the factor of each weekday (Monday first).
CLINIC_RATE, FEVER_SHARE = 0.0022, 0.32
PHARMACY_RATE = 0.005
ABSENCE_RATE = 0.013
CLINIC_WEEK = (1.18, 1.05, 1.0, 1.0, 1.02, 0.88, 0.87)
PHARMACY_WEEK = (0.95, 0.95, 0.97, 1.0, 1.03, 1.08, 1.02)
ABSENCE_WEEK = (1.25, 1.0, 0.95, 0.95, 1.05, 0.0, 0.0)
SITE_SHAPE = 12.0  # of the gamma that varies a site's day beyond Poisson
CLASSES_PER_SCHOOL = 9
BUYS_MEDICINE = 0.45  # share of the ill who buy a remedy on the day of onset
LATE_REPORT = 0.08  # share of site days reported the next morning

STREAMS = ("fever_clinic", "pharmacy_sales", "school_absences")
COUNT = np.dtype(
    [
        ("stream", np.int8),
        ("site", np.int32),
        ("county", np.int32),
        ("day", np.int32),
        ("count", np.int64),  # clinic visits, buyers, absent pupils
        ("part", np.int64),  # of them with fever; for schools: enrolled
        ("reported_s", np.int64),
    ]
)
Counts = NDArray[np.void]


@dataclasses.dataclass(frozen=True)
class Sites:
    """Who reports: for each stream the sites' county and expected size.

    county: (n,) county of each person; places: all places.
    clinics, pharmacies: place indices, one site each; school_of: (n,) school index of a pupil
    under 18, -1 otherwise; school_county, enrolled: (schools,).
    catch_*: (sites,) people who would go there.
    """

    county: NDArray[np.int16]
    places: Places
    clinics: I64
    clinic_catch: F64
    pharmacies: I64
    pharmacy_catch: F64
    school_of: I32
    school_county: I32
    enrolled: I64


def sites(all_places: Places, people: Population, routines: Routines) -> Sites:
    size = np.bincount(people.county, minlength=int(all_places.county.max()) + 1).astype(float)
    clinics = np.flatnonzero(all_places.kind == places.HOSPITAL)
    pharmacies = np.flatnonzero(all_places.kind == places.PHARMACY)
    school_of, school_county = _schools(all_places, people, routines)
    return Sites(
        county=people.county,
        places=all_places,
        clinics=clinics,
        clinic_catch=_catch(all_places, clinics, size),
        pharmacies=pharmacies,
        pharmacy_catch=_catch(all_places, pharmacies, size),
        school_of=school_of,
        school_county=school_county,
        enrolled=np.bincount(school_of[school_of >= 0], minlength=len(school_county)),
    )


def _catch(all_places: Places, chosen: I64, size: F64) -> F64:
    """People of each site: those of its county, shared equally."""
    county = all_places.county[chosen]
    return size[county] / np.bincount(county, minlength=len(size))[county]


def _schools(all_places: Places, people: Population, routines: Routines) -> tuple[I32, I32]:
    """Classes next to each other in a county's list make one school."""
    first = all_places.by_county[places.SCHOOL]
    school_of_class = np.full(len(all_places), -1, dtype=np.int32)
    county_of: list[int] = []
    for county in range(len(first) - 1):
        classes = np.arange(first[county], first[county + 1])
        count = max(1, round(len(classes) / CLASSES_PER_SCHOOL))
        school_of_class[classes] = len(county_of) + np.arange(len(classes)) * count // len(classes)
        county_of += [county] * count
    pupil = (routines.role == PUPIL) & (people.age < 18)
    school_of = np.where(pupil, school_of_class[np.maximum(routines.base, 0)], -1)
    return school_of.astype(np.int32), np.array(county_of, dtype=np.int32)


def counts(*, seed: int, day: int, usual: Usual, site: Sites, course: Course) -> Counts:
    """What all sites count on `day`; schools report on school days."""
    rows = [_clinics(seed, day, usual, site, course), _shops(seed, day, usual, site, course)]
    if usual.school and ABSENCE_WEEK[usual.weekday] > 0:
        rows.append(_absences(seed, day, usual, site, course))
    return _report(seed, day, np.concatenate(rows))


def _clinics(seed: int, day: int, usual: Usual, site: Sites, course: Course) -> Counts:
    tested = course["person"][course["passive_sample_s"] // DAY_S == day].astype(np.int64)
    rate = CLINIC_RATE * CLINIC_WEEK[usual.weekday] * usual.factor[0]
    visits = _background(seed, day, 0, rate * site.clinic_catch)
    fever = stream(seed, "fever", day).binomial(visits, FEVER_SHARE)
    extra = _at_sites(seed, site, tested, places.HOSPITAL)
    county = site.places.county[site.clinics]
    return _rows(0, day, site=site.clinics, county=county, count=visits + extra, part=fever + extra)


def _shops(seed: int, day: int, usual: Usual, site: Sites, course: Course) -> Counts:
    ill = _ill_today(course, day)
    buys = ill[chance.uniform(chance.key(seed, "medicine"), ill) < BUYS_MEDICINE]
    rate = PHARMACY_RATE * PHARMACY_WEEK[usual.weekday] * usual.factor[1]
    buyers = _background(seed, day, 1, rate * site.pharmacy_catch) + _at_sites(
        seed, site, buys, places.PHARMACY
    )
    county = site.places.county[site.pharmacies]
    return _rows(1, day, site=site.pharmacies, county=county, count=buyers, part=buyers)


def _ill_today(course: Course, day: int) -> I64:
    """Persons whose symptoms begin on `day`."""
    begins = course["symptomatic"] & (course["onset_s"] // DAY_S == day)
    who: I64 = course["person"][begins].astype(np.int64)
    return who


def _background(seed: int, day: int, which: int, expected: F64) -> I64:
    rng = stream(seed, "background", day, which)
    level = rng.gamma(SITE_SHAPE, 1.0 / SITE_SHAPE, len(expected))
    return rng.poisson(expected * level).astype(np.int64)


def _at_sites(seed: int, site: Sites, who: I64, kind: int) -> I64:
    """How many of `who` come to each place of `kind`, in the order of the places."""
    draw = chance.uniform(chance.key(seed, "site"), who)
    goes = site.places.draw(kind, site.county[who].astype(np.int64), draw)
    first, last = site.places.by_county[kind, [0, -1]]
    return np.bincount(goes - first, minlength=int(last - first)).astype(np.int64)


def _absences(seed: int, day: int, usual: Usual, site: Sites, course: Course) -> Counts:
    since = day - course["onset_s"] // DAY_S
    ill = course["person"][course["symptomatic"] & (since >= 1) & (since <= 7)]
    school = site.school_of[ill]
    extra = np.bincount(school[school >= 0], minlength=len(site.enrolled))
    rng = stream(seed, "absences", day)
    rate = ABSENCE_RATE * ABSENCE_WEEK[usual.weekday] * usual.factor[2]
    absent = rng.binomial(site.enrolled, rate) + extra
    absent = np.minimum(absent, site.enrolled)
    which = np.arange(len(site.enrolled))
    return _rows(2, day, site=which, county=site.school_county, count=absent, part=site.enrolled)


def _rows(which: int, day: int, *, site: I64, county: I32, count: I64, part: I64) -> Counts:
    rows = np.zeros(len(site), dtype=COUNT)
    rows["stream"], rows["site"], rows["county"], rows["day"] = which, site, county, day
    rows["count"], rows["part"] = count, part
    return rows


def _report(seed: int, day: int, rows: Counts) -> Counts:
    """Reported between 16:00 and 19:00, some of them the next morning."""
    rng = stream(seed, "reports", day)
    hour = np.where(
        rng.random(len(rows)) < LATE_REPORT,
        24 + 8 + 3 * rng.random(len(rows)),
        16 + 3 * rng.random(len(rows)),
    )
    rows["reported_s"] = day * DAY_S + (hour * HOUR_S).astype(np.int64)
    return rows

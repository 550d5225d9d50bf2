"""A made province for early warning: 117 counties x 4 streams a day over four years.

Counties, people and borders are Shanxi's; every count is made.  Counts are negative binomial
around people x season x weekday x Spring Festival (the real dates, so that it moves) x a level that
wanders by county x a day's noise that all counties share.  Shocks, which can be left out: cold
snaps with a north-south slope, price caps on medicine, mass testing, sources that fall silent or
say zero.
Outbreaks grow for about two and a half weeks and show in the streams one after another, in units of
the stream's own standard deviation; some reach a neighbouring county later, at a third of the size.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.random import stream
from zhongshu.reference import census, read

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

STREAMS = ("fever_clinic", "pharmacy", "school_absence", "hotline")
PER_100K = np.array([9.0, 30.0, 12.0, 6.0])
SIZE = np.array([14.0, 20.0, 10.0, 12.0])  # of the negative binomial
LAGS = np.array([3, 0, 2, 5])  # days after people fall ill
SHARE = np.array([1.0, 0.7, 0.8, 0.55])  # of an outbreak's size, in standard deviations
WEEK = np.array(
    [
        [1.35, 1.1, 1.0, 1.0, 1.0, 0.9, 0.65],
        [1.0, 0.95, 0.95, 0.95, 1.05, 1.1, 1.0],
        [1.3, 1.0, 0.95, 0.85, 0.9, np.nan, np.nan],  # no school, no report
        [1.15, 1.05, 1.0, 1.0, 1.0, 0.95, 0.85],
    ]
)  # Monday first
FESTIVAL = np.array(
    [
        [0.6, 0.5, 0.5, 0.55, 0.6, 0.7, 0.8, 1.2, 1.2, 1.1],
        [1.3, 0.4, 0.4, 0.5, 0.6, 0.7, 0.8, 1.1, 1.1, 1.0],
        [np.nan] * 7 + [0.8, 0.9, 0.9],
        [0.8, 0.6, 0.7, 0.7, 0.8, 0.8, 0.9, 1.1, 1.1, 1.0],
    ]
)  # the seven days from New Year's Eve and three after
EVES = tuple(map(dt.date.fromisoformat, ("2019-02-04", "2020-01-24", "2021-02-11", "2022-01-31")))
FIRST, LAST = dt.date(2019, 1, 1), dt.date(2022, 12, 31)
DAYS = (LAST - FIRST).days + 1
YEAR = slice((dt.date(2022, 1, 1) - FIRST).days, DAYS)  # the year that is reported
FOUND_WITHIN = 28
LASTS = 35  # days an outbreak adds to the streams


@functools.cache
def people() -> Floats:
    return np.array(census.counties()["pop"].to_pylist(), np.float64)[_shanxi()]


@functools.cache
def codes() -> tuple[str, ...]:
    return tuple(np.array(census.counties()["code"].to_pylist())[_shanxi()])


@functools.cache
def _shanxi() -> Bools:
    return np.array([code.startswith("14") for code in census.counties()["code"].to_pylist()])


@functools.cache
def neighbours() -> Bools:
    """[county, county]: they share a border."""
    index = {code: n for n, code in enumerate(codes())}
    joined = np.zeros((len(index), len(index)), np.bool_)
    for row in read.table("adjacency").to_pylist():
        if row["code_a"] in index and row["code_b"] in index:
            a, b = index[row["code_a"]], index[row["code_b"]]
            joined[a, b] = joined[b, a] = True
    return joined


@functools.cache
def north() -> Floats:
    """Latitude of each county, centred, at most about one."""
    rows = {row["code"]: row["centroid_lat"] for row in read.table("areas").to_pylist()}
    lat = np.array([rows[code] for code in codes()])
    return np.asarray((lat - lat.mean()) / np.abs(lat - lat.mean()).max())


@dataclasses.dataclass(frozen=True)
class Outbreak:
    """size: of the plateau, in standard deviations of a stream of share 1; begins: day."""

    county: int
    begins: int
    size: float


@dataclasses.dataclass(frozen=True)
class Made:
    """counts [county, stream, day], nan without a report; outbreaks: those to be found (what they
    carried to neighbours is in `touched`); touched [county, day]: an outbreak is there."""

    counts: Floats
    outbreaks: tuple[Outbreak, ...]
    touched: Bools


def weekdays() -> npt.NDArray[np.int64]:
    return (np.arange(DAYS) + FIRST.weekday()) % 7


def festival_day() -> npt.NDArray[np.int64]:
    """Days since New Year's Eve for the ten days of FESTIVAL, -1 for others."""
    day = np.full(DAYS, -1)
    for eve in EVES:
        start = (eve - FIRST).days
        day[start : start + 10] = np.arange(10)
    return day


def make(
    seed: int, *, shocks: bool, outbreaks: int, size: float = 0.0, regional: bool = False
) -> Made:
    """One province; `outbreaks` of median `size` in the reported year, half as many (known ones)
    in each of the two years before.  Other counts are the same whatever `outbreaks` is.

    regional: each begins at once, at the same size, in the county and all its neighbours."""
    mean = _mean(seed, shocks=shocks)
    rng = stream(seed, "counts")
    alpha = SIZE[None, :, None]
    counts = rng.poisson(rng.gamma(alpha, np.nan_to_num(mean) / alpha)).astype(np.float64)
    counts[np.isnan(mean)] = np.nan
    found, touched = _outbreaks(seed, outbreaks, size, counts, mean, regional=regional)
    if shocks:
        _silence(seed, counts)
    counts[stream(seed, "missing").random(counts.shape) < 0.01] = np.nan
    return Made(counts, found, touched)


def _mean(seed: int, *, shocks: bool) -> Floats:
    """[county, stream, day]; nan where nothing is reported."""
    rng = stream(seed, "mean")
    counties, day = len(people()), np.arange(DAYS)
    level = people()[:, None] / 1e5 * PER_100K * rng.lognormal(0, 0.2, (counties, 4))
    season = 0.2 * np.cos(2 * np.pi * (day - 15 - rng.normal(0, 10)) / 365.25)
    shared = _ar(rng, (4, DAYS), 0.5, 0.04)
    own = _ar(rng, (counties, 4, DAYS // 7 + 1), 0.7, 0.04).repeat(7, axis=2)[:, :, :DAYS]
    log = season + shared + own
    if shocks:
        log += _shocks(seed)
    shape = WEEK[:, weekdays()]
    off = festival_day()
    shape = np.where(off >= 0, np.where(np.isnan(shape), np.nan, FESTIVAL[:, off]), shape)
    return np.asarray(level[:, :, None] * np.exp(log) * shape)


def _ar(rng: np.random.Generator, shape: tuple[int, ...], rho: float, sd: float) -> Floats:
    """AR(1) along the last axis with standard deviation `sd`."""
    noise = rng.normal(0, sd * np.sqrt(1 - rho**2), shape)
    noise[..., 0] /= np.sqrt(1 - rho**2)
    for n in range(1, shape[-1]):
        noise[..., n] += rho * noise[..., n - 1]
    return np.asarray(noise)


def _shocks(seed: int) -> Floats:
    """Log factors that counties share, [county, stream, day]."""
    rng = stream(seed, "shocks")
    log = np.zeros((len(people()), 4, DAYS))
    for year in range(2019, 2023):
        for _ in range(4):  # cold snaps, November to March
            day = (dt.date(year, 1, 1) - FIRST).days + int(
                rng.choice([*range(90), *range(305, 360)])
            )
            days = int(rng.integers(4, 9))
            felt = 1 + 0.5 * rng.choice([-1, 1]) * north() + rng.normal(0, 0.3, len(people()))
            log[:, :3, day : day + days] += (
                rng.uniform(0.25, 0.55) * felt[:, None, None] * np.array([1, 0.8, 0.6])[:, None]
            )
        day = (dt.date(year, 1, 1) - FIRST).days + int(rng.integers(30, 300))
        days = int(rng.integers(30, 60))
        log[:, 1, day : day + days] += np.log(rng.uniform(0.6, 0.8))  # price caps
        log[:, 1, day + days : day + days + 5] += np.log(rng.uniform(1.3, 1.7))  # and their end
        for _ in range(2):  # mass testing brings more people to the fever clinics
            day = (dt.date(year, 1, 1) - FIRST).days + int(rng.integers(0, 350))
            tested = rng.random(len(people())) < rng.uniform(0.3, 1)
            log[tested, 0, day : day + 3] += np.log(rng.uniform(1.5, 2.5))
    return log


def _silence(seed: int, counts: Floats) -> None:
    """Sources of a part of the province fall silent for days; every other time they say zero."""
    rng = stream(seed, "silence")
    for n in range(24):
        day, days = int(rng.integers(0, DAYS - 5)), int(rng.integers(1, 5))
        hit = rng.random(counts.shape[0]) < rng.choice([0.1, 0.5, 1.0])
        which = int(rng.integers(0, 4))
        part = counts[hit, which, day : day + days]
        silent = np.isnan(part) | (n % 2 == 0)
        counts[hit, which, day : day + days] = np.where(silent, np.nan, 0.0)


def _outbreaks(
    seed: int, many: int, size: float, counts: Floats, mean: Floats, *, regional: bool
) -> tuple[tuple[Outbreak, ...], Bools]:
    rng = stream(seed, "outbreaks")
    touched = np.zeros((counts.shape[0], DAYS), np.bool_)
    sd = np.sqrt(mean + mean**2 / SIZE[None, :, None])
    found = []
    for n in range(many + 2 * (many // 2)):
        back = 0 if n < many else 1 + (n - many) % 2
        start = YEAR.start - 365 * back
        one = Outbreak(
            int(rng.integers(0, counts.shape[0])),
            int(start + rng.integers(0, 365 - LASTS)),
            float(size * rng.lognormal(0, 0.2)),
        )
        if touched[one.county, max(0, one.begins - LASTS) : one.begins + LASTS].any():
            continue
        spread = [(one, 1.0, 0)]
        around = np.flatnonzero(neighbours()[one.county])
        if regional:
            spread += [(dataclasses.replace(one, county=int(near)), 1.0, 0) for near in around]
        elif rng.random() < 0.5:
            near, later = int(rng.choice(around)), int(rng.integers(7, 15))
            spread.append((dataclasses.replace(one, county=near), 1 / 3, later))
        for part, share, later in spread:
            _add(rng, part, share, later, counts, sd)
            touched[part.county, part.begins + later : part.begins + later + LASTS] = True
        if n < many:
            found.append(one)
    return tuple(found), touched


def _add(
    rng: np.random.Generator, one: Outbreak, share: float, later: int, counts: Floats, sd: Floats
) -> None:
    """Logistic growth, half the plateau after ten days, then a fall from the 28th day."""
    for n in range(4):
        first = one.begins + later + LAGS[n]
        days = np.arange(first, min(first + LASTS, DAYS))
        age = days - first
        shape = 1 / (1 + np.exp(-(age - 10) / 2.5)) * np.exp(-np.maximum(age - 28, 0) / 5)
        more = share * one.size * SHARE[n] * shape * np.nan_to_num(sd[one.county, n, days])
        counts[one.county, n, days] += rng.poisson(more)

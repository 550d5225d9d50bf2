"""What moves the background of the sentinel counts where a world has a past: the season, the
Spring Festival, days off, school holidays, and sites that fall silent for some days.

A world without a past knows none of it: its three weeks are too short to show it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math

import numpy as np

from zhongshu.engines.world.arrays import I64, Bools
from zhongshu.engines.world.params import History
from zhongshu.kernel.random import stream

SUNDAY, WEDNESDAY, SATURDAY = 6, 2, 5
_YEAR_D = 365.25
_WINTER_BEGINS = 7  # July: where the season is lowest, one winter's height hands over to the next


@dataclasses.dataclass(frozen=True)
class Usual:
    """One day of the background.  weekday: 0 = Monday, whose ways the day follows; factor: on the
    expected counts of fever clinics, pharmacies, schools; school: whether schools report."""

    weekday: int
    factor: tuple[float, float, float] = (1.0, 1.0, 1.0)
    school: bool = True


def usual(history: History, *, seed: int, start: dt.date, day: dt.date) -> Usual:
    """The background of `day` in a world whose first day is `start`.

    The season is 1 on `start`, so that the past ends at the level at which the world begins.
    """
    if not history.days:
        return Usual(day.weekday())
    season = zip(_season(history, seed, day), _season(history, seed, start), strict=True)
    factor = [now / then for now, then in season]
    weekday = day.weekday()
    if day in history.off:
        weekday = SUNDAY
    elif day in history.made_up:
        weekday = WEDNESDAY
    if _near(history, day, history.around):
        weekday = SUNDAY
        factor = [one * less for one, less in zip(factor, history.festival, strict=True)]
    first, second, third = factor
    return Usual(weekday, (first, second, third), not _holiday(history, day))


def _season(history: History, seed: int, day: dt.date) -> list[float]:
    """exp of a wave that is 0 in July and highest in January; each winter has its own height."""
    winter = day.year - (day.month < _WINTER_BEGINS)
    height = math.exp(history.winter_sd * stream(seed, "winter", winter).standard_normal())
    turn = 2 * math.pi * (day.timetuple().tm_yday - history.winter_peak_d) / _YEAR_D
    wave = height * (1 + math.cos(turn)) / 2
    return [math.exp(most * wave) for most in history.winter]


def _near(history: History, day: dt.date, around: tuple[int, int]) -> bool:
    return any(-around[0] <= (day - feast).days <= around[1] for feast in history.festivals)


def _holiday(history: History, day: dt.date) -> bool:
    """No school reports: weekends but those worked, days off, and the two long holidays."""
    first, last = history.summer_holiday
    return (
        day in history.off
        or (day.weekday() >= SATURDAY and day not in history.made_up)
        or first <= (day.month, day.day) <= last
        or _near(history, day, history.winter_holiday)
    )


def silent(history: History, *, seed: int, which: int, sites: int) -> Bools:
    """[sites, days of the past]: no report.  Gaps begin anywhere and last geometrically."""
    rng = stream(seed, "silent", which)
    days = history.days
    begins = np.argwhere(rng.random((sites, days)) < history.gap_share / history.gap_days)
    found = np.zeros((sites, days), np.bool_)
    lasts: I64 = rng.geometric(1 / history.gap_days, len(begins))
    for (site, day), length in zip(begins, lasts, strict=True):
        found[site, day : day + length] = True
    return found

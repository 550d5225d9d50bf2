"""The kernel of a day's movement: one person after the other."""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from zhongshu.engines.world.arrays import F64, I8, I32, I64, Bytes
from zhongshu.engines.world.people.places import (
    COMMUNITY,
    HOSPITAL,
    MARKET,
    PHARMACY,
    RESTAURANT,
    SHOP,
)
from zhongshu.engines.world.people.routines import AT_HOME, PUPIL, SHIFT_WORKER
from zhongshu.kernel.chance import person_key, unit
from zhongshu.kernel.compiled import njit

MOST_VISITS = 12
HOUR = 3600
CLOSING = 22 * HOUR  # no errand begins after it
BUS_WAIT_S = 300
ERRANDS = np.array([MARKET, SHOP, PHARMACY, HOSPITAL, COMMUNITY])
ERRAND_STAY_S = np.array([2100.0, 1080.0, 480.0, 4500.0, 1500.0])  # mean stay in seconds
MEAL_STAY_S = 3000.0
LONGEST_STAY_S = 18_000.0
NIGHT_SHARE = 0.02  # of workers
HABITUAL, FAVOURITE = 0.75, 0.56  # three errands in four go to one of two favourite places
# Numbers of the draws under the person's key; gaps leave room for draws that need several.
D_GOES, D_START, D_LENGTH, D_LUNCH, D_LUNCH_LONG, D_FREE = 0, 1, 2, 3, 4, 5
D_RIDE_OUT, D_RIDE_BACK, D_TRIP, D_TRIP_TO = 6, 7, 8, 9
D_LUNCH_PLACE, D_DINNER, D_DINNER_PLACE, D_DINNER_STAY, D_DINNER_TIME = 12, 20, 24, 28, 29
D_ERRANDS = 40
H_NIGHT, H_SHIFT = 900, 901  # under the habit key: the same every day


class Rates(NamedTuple):
    """Probabilities per person and day; see `params.Movement`."""

    weekday: float
    weekend: float
    lunch: float
    dinner: float
    errands: F64  # in the order of ERRANDS
    trip: float
    keep: float


class Ways(NamedTuple):
    """What the itineraries need to know of people (n,) and places (p,).

    The runs of places are those of `places.Places`, the trips those of `routines.gravity`.
    """

    village: I32
    county: I32
    role: I8
    age: Bytes
    base: I32
    base_county: I32
    bus: I32
    upto: F64
    by_county: I64
    by_village: I64
    trip_starts: I64
    trip_upto: F64
    trip_factor: F64
    trip_to: I32
    rates: Rates


@njit(inline="always", cache=True)
def _bisect(values, target, low, high):  # type: ignore[no-untyped-def]
    """First position in [low, high) whose value exceeds target; high - 1 if none does."""
    last = high - 1
    while low < high:
        middle = (low + high) // 2
        if values[middle] > target:
            high = middle
        else:
            low = middle + 1
    return min(low, last)


@njit(cache=True)
def _pick(ways, key, habit, which, kind, keep, county, village):  # type: ignore[no-untyped-def]
    """A place of `kind`: mostly a habitual one; in the village with chance `keep`."""
    low, high = ways.by_county[kind, county], ways.by_county[kind, county + 1]
    habitual = unit(key, which)
    if habitual < HABITUAL:
        which_favourite = 0 if habitual < FAVOURITE else 1
        draw = unit(habit, 10 * kind + which_favourite)
        near = unit(habit, 10 * kind + 5 + which_favourite)
    else:
        draw, near = unit(key, which + 1), unit(key, which + 2)
    if near < keep and village >= 0:
        first, last = ways.by_village[kind, village], ways.by_village[kind, village + 1]
        if last > first:
            low, high = first, last
    under = ways.upto[low - 1] if low > 0 else 0.0
    return _bisect(ways.upto, under + draw * (ways.upto[high - 1] - under), low, high)


@njit(inline="always", cache=True)
def _stay(draw, mean_s):  # type: ignore[no-untyped-def]
    """A stay in seconds: a third of the mean for certain, the rest exponential."""
    return np.int64(min(mean_s * (0.33 - 0.67 * np.log(1.0 - draw)), LONGEST_STAY_S))


@njit(inline="always", cache=True)
def _put(found, row, count, place, time_in, time_out):  # type: ignore[no-untyped-def]
    if count < MOST_VISITS:
        found[0, row, count] = place
        found[1, row, count] = time_in
        found[2, row, count] = time_out
        count += 1
    return count


@njit(inline="always", cache=True)
def _hours(ways, key, habit, person):  # type: ignore[no-untyped-def]
    """(begin, length) in seconds of today's work or school."""
    if ways.role[person] == PUPIL:
        begin = (7.6 + 0.4 * unit(key, D_START)) * HOUR
        length = (8.0 + 0.5 * unit(key, D_LENGTH)) * HOUR
    elif ways.role[person] == SHIFT_WORKER:
        begin = (7.0 + 5.0 * unit(habit, H_SHIFT) + 0.3 * unit(key, D_START)) * HOUR
        length = (7.5 + 1.5 * unit(key, D_LENGTH)) * HOUR
    else:
        begin = (8.0 + unit(key, D_START)) * HOUR
        length = (7.5 + 1.5 * unit(key, D_LENGTH)) * HOUR
    return np.int64(begin), np.int64(length)


@njit(cache=True)
def _work(ways, key, habit, person, found, row):  # type: ignore[no-untyped-def]
    """Rides and work or school of the day; returns (visits so far, clock)."""
    count, base, bus = 0, ways.base[person], ways.bus[person]
    begin, length = _hours(ways, key, habit, person)
    if bus >= 0:
        start = begin - BUS_WAIT_S - 600 - np.int64(unit(key, D_RIDE_OUT) * 2100)
        count = _put(found, row, count, bus, start, begin - BUS_WAIT_S)
    end = begin + length
    if ways.role[person] != PUPIL and unit(key, D_LUNCH) < ways.rates.lunch:
        noon = begin + np.int64((0.4 + 0.1 * unit(key, D_LUNCH_LONG)) * length)
        count = _put(found, row, count, base, begin, noon)
        where = ways.base_county[person]
        eats = _pick(ways, key, habit, D_LUNCH_PLACE, RESTAURANT, 0.0, where, np.int32(-1))
        back = noon + 300 + np.int64(1500 + 1200 * unit(key, D_LUNCH_LONG))
        if eats != base:
            count = _put(found, row, count, eats, noon + 300, back)
        count = _put(found, row, count, base, back + 300, end)
    else:
        count = _put(found, row, count, base, begin, end)
    clock = end + BUS_WAIT_S
    if bus >= 0:
        end = clock + 600 + np.int64(unit(key, D_RIDE_BACK) * 2100)
        count, clock = _put(found, row, count, bus, clock, end), end
    return count, clock


@njit(cache=True)
def _errands(ways, key, habit, person, here, near, clock, found, row, count):  # type: ignore[no-untyped-def]
    """Market, shop, pharmacy, hospital, community, in that order; returns (visits, clock)."""
    share = 0.35 if ways.age[person] < 12 else 1.0
    for errand in range(5):
        draws = D_ERRANDS + 10 * errand
        if unit(key, draws) >= ways.rates.errands[errand] * share:
            continue
        begin = clock + 300 + np.int64(unit(key, draws + 1) * 1500)
        if begin > CLOSING:
            break
        kind = ERRANDS[errand]
        place = _pick(ways, key, habit, draws + 2, kind, ways.rates.keep, here, near)
        clock = begin + _stay(unit(key, draws + 6), ERRAND_STAY_S[errand])
        count = _put(found, row, count, place, begin, clock)
    return count, clock


@njit(cache=True)
def _evening(ways, key, habit, weekend, here, near, clock, found, row, count):  # type: ignore[no-untyped-def]
    """Dinner out, with some chance; returns the visits so far."""
    if unit(key, D_DINNER) >= ways.rates.dinner * (1.6 if weekend else 1.0):
        return count
    begin = max(np.int64((17.5 + 2.0 * unit(key, D_DINNER_TIME)) * HOUR), clock + 300)
    if begin >= CLOSING:
        return count
    place = _pick(ways, key, habit, D_DINNER_PLACE, RESTAURANT, 0.5 * ways.rates.keep, here, near)
    end = begin + _stay(unit(key, D_DINNER_STAY), MEAL_STAY_S)
    return _put(found, row, count, place, begin, end)


@njit(inline="always", cache=True)
def _works_today(ways, key, person, weekend):  # type: ignore[no-untyped-def]
    role = ways.role[person]
    rate = ways.rates.weekend if weekend else ways.rates.weekday
    if role == SHIFT_WORKER:
        rate = 5.0 / 7.0
    elif role == PUPIL and weekend:
        rate = 0.0
    return role != AT_HOME and unit(key, D_GOES) < rate


@njit(cache=True)
def _day(ways, key, habit, weekend, person, found, row):  # type: ignore[no-untyped-def]
    """All visits of one person; returns how many."""
    here, near, count = ways.county[person], ways.village[person], 0
    clock = np.int64((8.5 + 7.0 * unit(key, D_FREE)) * HOUR)
    works = _works_today(ways, key, person, weekend)
    night = works and ways.role[person] != PUPIL and unit(habit, H_NIGHT) < NIGHT_SHARE
    if works and not night:
        count, clock = _work(ways, key, habit, person, found, row)
    elif not works and unit(key, D_TRIP) < ways.rates.trip * ways.trip_factor[here]:
        first, last = ways.trip_starts[here], ways.trip_starts[here + 1]
        if last > first:
            target = here + unit(key, D_TRIP_TO)
            here = ways.trip_to[_bisect(ways.trip_upto, target, first, last)]
            near = np.int32(-1)
    count, clock = _errands(ways, key, habit, person, here, near, clock, found, row, count)
    if not night:
        return _evening(ways, key, habit, weekend, here, near, clock, found, row, count)
    begin = max(np.int64((20.0 + unit(key, D_START)) * HOUR), clock + 600)
    if begin < 23 * HOUR:
        count = _put(found, row, count, ways.base[person], begin, begin + 8 * HOUR)
    return count


@njit(cache=True)
def itineraries(ways, day_key, habit_key, weekend, who, stays, found, counts):  # type: ignore[no-untyped-def]
    """Fills found[(place, time_in, time_out), row, :counts[row]] for who[row], in order of time.

    who: (rows,) person indices; stays: (n,) True for those who stay at home;
    found: (3, rows, MOST_VISITS) int32, times in seconds since 00:00; counts: (rows,) int32.
    """
    for row in range(who.shape[0]):
        person = who[row]
        counts[row] = 0
        if not stays[person]:
            key = person_key(day_key, person)
            habit = person_key(habit_key, person)
            counts[row] = _day(ways, key, habit, weekend, person, found, row)

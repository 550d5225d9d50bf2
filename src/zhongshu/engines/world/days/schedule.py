"""Where everybody goes on a day.

An itinerary is a clock that moves forward: no one is in two places at once.  Each decision has a
draw of its own (its number under the person's key), so leaving out one visit changes no other.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I32, I64, Bools
from zhongshu.engines.world.days.itinerary import MOST_VISITS, Rates, Ways, itineraries
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import Movement, WorldParams
from zhongshu.engines.world.people.places import Places
from zhongshu.engines.world.people.population import Population
from zhongshu.engines.world.people.routines import Routines, gravity
from zhongshu.kernel import chance

CHUNK = 50_000  # people at a time, so that a million of them need no more memory


@dataclasses.dataclass(frozen=True)
class Visits:
    """Visits that begin on one day: person and place indices, seconds since 00:00 of that day.

    time_out may lie after midnight (night shifts).
    """

    person: I32
    place: I32
    time_in: I32
    time_out: I32

    def __len__(self) -> int:
        return len(self.person)

    def take(self, keep: Bools | I64) -> Visits:
        return Visits(self.person[keep], self.place[keep], self.time_in[keep], self.time_out[keep])


def hours(visits: Visits, people: int) -> F64:
    """(people,) hours that each is out."""
    spent = (visits.time_out - visits.time_in) / 3600
    total = np.bincount(visits.person, weights=spent, minlength=people)
    return total.astype(np.float64)


def ways(
    margins: Margins,
    params: WorldParams,
    *,
    people: Population,
    home_village: I32,
    all_places: Places,
    routines: Routines,
) -> Ways:
    """home_village: (n,) settled village of each person."""
    size = np.bincount(people.county, minlength=len(margins.county_codes)).astype(np.float64)
    trips = gravity(margins, size, params.town.commute_decay_km)
    return Ways(
        village=home_village,
        county=people.county.astype(np.int32),
        role=routines.role,
        age=np.minimum(people.age, 120).astype(np.uint8),
        base=routines.base,
        base_county=routines.base_county,
        bus=routines.bus,
        upto=all_places.upto,
        by_county=all_places.by_county,
        by_village=all_places.by_village,
        trip_starts=trips[0],
        trip_upto=trips[1],
        trip_factor=trips[2],
        trip_to=np.ascontiguousarray(margins.neighbours[:, 1]),
        rates=_rates(params.movement),
    )


def _rates(move: Movement) -> Rates:
    errands = [move.market, move.shop, move.pharmacy, move.hospital, move.community]
    return Rates(
        weekday=move.work_on_weekday,
        weekend=move.work_on_weekend,
        lunch=move.lunch_out,
        dinner=move.dinner_out,
        errands=np.array(errands),
        trip=move.trip_to_neighbour,
        keep=move.keep_to_village,
    )


def visits(way: Ways, *, seed: int, day: int, weekend: bool, who: I64, stays: Bools) -> Visits:
    """Visits of `who` (person indices) on `day`; `stays` is (n,): True for those at home.

    In the order of `who`, and of time for each person.
    """
    key, habit = chance.key(seed, "visits", day), chance.key(seed, "habits")
    parts = [
        _of(way, (key, habit), weekend, who[first : first + CHUNK], stays)
        for first in range(0, len(who), CHUNK)
    ]
    if not parts:
        return Visits(*(np.empty(0, dtype=np.int32) for _ in range(4)))
    return Visits(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _of(
    way: Ways, keys: tuple[np.uint64, np.uint64], weekend: bool, who: I64, stays: Bools
) -> tuple[I32, I32, I32, I32]:
    found = np.empty((3, len(who), MOST_VISITS), dtype=np.int32)
    counts = np.zeros(len(who), dtype=np.int32)
    itineraries(way, *keys, weekend, who, stays, found, counts)
    used = np.arange(MOST_VISITS)[None, :] < counts[:, None]
    person = np.repeat(who.astype(np.int32), counts)
    return person, found[0][used], found[1][used], found[2][used]

"""Who is exposed to whom on a day: the kernels over visits and households.

`oracle.exposures` says the same with plain loops over all pairs; the tests compare the two.
"""

# ruff: noqa: PLR0917 - numba calls kernels by position
from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I32, I64, Bools
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.kernel.chance import mix, person_key, unit
from zhongshu.kernel.compiled import njit

NO_PLACE = -1
HOME_FROM_S = 22 * 3600  # household infections are dated to the night
NIGHT_S = 8 * 3600


@dataclasses.dataclass(frozen=True)
class Hits:
    """Infections that would happen: source and person indices, place or NO_PLACE (household),
    second of the day (may be after midnight)."""

    source: I32
    person: I32
    place: I32
    moment: I64

    def __len__(self) -> int:
        return len(self.person)


@njit(cache=True)
def _order_by_place(place, places):  # type: ignore[no-untyped-def]
    """(order, starts): visits of place p are order[starts[p] : starts[p + 1]] (counting sort)."""
    starts = np.zeros(places + 1, dtype=np.int64)
    for visit in range(place.shape[0]):
        starts[place[visit] + 1] += 1
    for index in range(places):
        starts[index + 1] += starts[index]
    fill = starts[:-1].copy()
    order = np.empty(place.shape[0], dtype=np.int64)
    for visit in range(place.shape[0]):
        order[fill[place[visit]]] = visit
        fill[place[visit]] += 1
    return order, starts


@njit(inline="always", cache=True)
def _pair_key(key, source, person):  # type: ignore[no-untyped-def]
    return mix(person_key(person_key(key, source), person))


@njit(cache=True)
def _meet(key, person, place, time_in, time_out, force, open_, hazard, order, starts, found):  # type: ignore[no-untyped-def]
    """Writes (source, person, place, moment) rows into `found`; returns how many.

    force: (n,) infectiousness today, 0 for most; open_: (n,) susceptible; hazard: (p,) per hour.
    """
    count = 0
    for own in range(person.shape[0]):
        source = person[own]
        if force[source] <= 0.0:
            continue
        where = place[own]
        for slot in range(starts[where], starts[where + 1]):
            other = order[slot]
            target = person[other]
            if not open_[target]:
                continue
            begin = max(time_in[own], time_in[other])
            overlap = min(time_out[own], time_out[other]) - begin
            if overlap <= 0:
                continue
            draws = _pair_key(key, source, target)
            chance = 1.0 - np.exp(-force[source] * hazard[where] * overlap / 3600.0)
            if unit(draws, time_in[other]) < chance:
                if count < found.shape[1]:
                    found[0, count] = source
                    found[1, count] = target
                    found[2, count] = where
                    found[3, count] = begin + np.int64(overlap * unit(draws, 1))
                count += 1
    return count


def in_places(
    key: np.uint64, visits: Visits, force: F64, susceptible: Bools, hazard_per_h: F64
) -> Hits:
    """Infections during overlapping visits to the same place.

    force: (n,) infectiousness of each person today; susceptible: (n,);
    hazard_per_h: (places,) per hour of overlap at full infectiousness.
    """
    order, starts = _order_by_place(visits.place, len(hazard_per_h))
    room = 4096
    while True:
        found = np.empty((4, room), dtype=np.int64)
        count = _meet(
            key,
            visits.person,
            visits.place,
            visits.time_in,
            visits.time_out,
            force,
            susceptible,
            hazard_per_h,
            order,
            starts,
            found,
        )
        if count <= room:
            return _hits(found[:, :count])
        room = count


def in_households(
    key: np.uint64,
    *,
    household: I32,
    starts: I64,
    force: F64,
    susceptible: Bools,
    hazard_per_day: float,
) -> Hits:
    """Infections between people who live together; dated to the night that begins at 22:00.

    household: (n,); starts: (households + 1,) first member of each household.
    """
    room = int(np.count_nonzero(force > 0)) * 24 + 64
    found = np.empty((4, room), dtype=np.int64)
    sources = np.flatnonzero(force > 0)
    count = _at_home(key, sources, household, starts, force, susceptible, hazard_per_day, found)
    return _hits(found[:, :count])


@njit(cache=True)
def _at_home(key, sources, household, starts, force, open_, hazard, found):  # type: ignore[no-untyped-def]
    count = 0
    for source in sources:
        chance = 1.0 - np.exp(-force[source] * hazard)
        home = household[source]
        for target in range(starts[home], starts[home + 1]):
            if target == source or not open_[target]:
                continue
            draws = _pair_key(key, source, target)
            if unit(draws, 0) < chance and count < found.shape[1]:
                found[0, count] = source
                found[1, count] = target
                found[2, count] = NO_PLACE
                found[3, count] = HOME_FROM_S + np.int64(NIGHT_S * unit(draws, 1))
                count += 1
    return count


def _hits(found: I64) -> Hits:
    return Hits(
        found[0].astype(np.int32), found[1].astype(np.int32), found[2].astype(np.int32), found[3]
    )


def first_of_each(*several: Hits) -> Hits:
    """The earliest hit of each person over all settings; ties go to the lowest source."""
    source = np.concatenate([hits.source for hits in several])
    person = np.concatenate([hits.person for hits in several])
    place = np.concatenate([hits.place for hits in several])
    moment = np.concatenate([hits.moment for hits in several])
    order = np.lexsort((source, moment, person))
    first = order[np.concatenate(([True], person[order][1:] != person[order][:-1]))[: len(order)]]
    return Hits(source[first], person[first], place[first], moment[first])

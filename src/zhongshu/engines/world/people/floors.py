"""On which floor of a market or shop somebody is.

Drawn apart from everything else, so that the course of the epidemic is the same with floors and
without.  Who was infected at a visit was on the floor of whoever infected him.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import I32, I64, Bools, Ints
from zhongshu.engines.world.days.epidemic import DAY_S, SETTING_PLACE
from zhongshu.engines.world.people import places
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance

HAVE_FLOORS = {places.MARKET: 0.5, places.SHOP: 0.1}  # share of the places of a kind
MOST = 5
TOLD = 0.9  # share of the scans in such a place that say the floor
NOT_TOLD = -1
NIGHT_S = 6 * 3600  # an infection so early was at a visit that began the evening before


@dataclasses.dataclass(frozen=True)
class Floors:
    """count: (places,) floors, 1 where nobody speaks of any.

    For each infection of the course: at which place (-1: none with floors) its person was on the
    floor `floor` from `since_s` on.
    """

    seed: int
    count: I64
    place: I64
    floor: I64
    since_s: I64
    record_of: I32

    def of(self, person: Ints, place: Ints, time_in_s: Ints) -> I64:
        """0-based floor of each visit; time_in_s: seconds since 00:00 of the first day."""
        found = _drawn(self.seed, self.count, person, place)
        record = self.record_of[person]
        moved = record >= 0
        moved[moved] = (self.place[record[moved]] == place[moved]) & (
            time_in_s[moved] >= self.since_s[record[moved]]
        )
        found[moved] = self.floor[record[moved]]
        return found

    def told(self, person: Ints, place: Ints, time_in_s: Ints) -> I64:
        """As `of` for the scans that say it, else NOT_TOLD."""
        has: Bools = self.count[place] > 1
        told = np.full(len(person), NOT_TOLD, dtype=np.int64)
        who, when = person[has], time_in_s[has]
        draw = chance.uniform_pairs(chance.key(self.seed, "floor_told"), who, when)
        told[has] = np.where(draw < TOLD, self.of(who, place[has], when), NOT_TOLD)
        return told

    def in_cellar(self, place: Ints, floor: I64) -> Bools:
        """The last floor of three and more lies below the ground."""
        below: Bools = (self.count[place] > 2) & (floor == self.count[place] - 1)
        return below


def of(world: World) -> Floors:
    """The floors as the course of the epidemic has them so far."""
    static, course = world.statics, world.course
    seed, count = static.params.seed, _count(static.params.seed, static.places.kind)
    place = np.where(course["setting"] == SETTING_PLACE, course["place"], -1).astype(np.int64)
    place[(place >= 0) & (count[place] == 1)] = -1
    source = course["source"].astype(np.int64)
    floor = _drawn(seed, count, np.maximum(source, 0), np.maximum(place, 0))
    # The source may himself have been infected there, on another's floor; records of sources
    # stand before those of whom they infected.
    for record in np.flatnonzero(place >= 0):
        above = world.record_of[source[record]]
        if place[above] == place[record]:
            floor[record] = floor[above]
    since = (course["infected_s"].astype(np.int64) - NIGHT_S) // DAY_S * DAY_S
    return Floors(seed, count, place, floor, since, world.record_of)


def _count(seed: int, kind: Ints) -> I64:
    """(places,)"""
    where, key = np.arange(len(kind)), chance.key(seed, "floors")
    share = np.zeros(len(places.KINDS))
    for of_kind, part in HAVE_FLOORS.items():
        share[of_kind] = part
    has = chance.uniform(key, where, 0) < share[kind]
    drawn = 2 + (chance.uniform(key, where, 1) * (MOST - 1)).astype(np.int64)
    return np.where(has, drawn, 1)


def _drawn(seed: int, count: I64, person: Ints, place: Ints) -> I64:
    """Everybody keeps to one floor of a place."""
    draw = chance.uniform_pairs(chance.key(seed, "floor"), person, place)
    drawn: I64 = (draw * count[place]).astype(np.int64)
    return drawn

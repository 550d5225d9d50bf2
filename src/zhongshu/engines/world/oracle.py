"""The slow twin of the exposure kernels: every pair of visits, every pair of a household.

Same draws, plain loops.  It is the definition; `days.exposure` must give the same set.
"""

from __future__ import annotations

import math

from zhongshu.engines.world.arrays import F64, I32, Bools
from zhongshu.engines.world.days.curbs import Curbs
from zhongshu.engines.world.days.epidemic import DAY_S
from zhongshu.engines.world.days.exposure import HOME_FROM_S, NIGHT_S, NO_PLACE
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.kernel.chance import GOLDEN, MASK, TO_UNIT, WHO, mix_int

Hit = tuple[int, int, int, int]
"""(source, person, place or NO_PLACE, second of the day)"""


def draw(key: int, which: int) -> float:
    """Draw number `which` under `key`, in [0, 1)."""
    return (mix_int((key + (which + 1) * int(GOLDEN)) & MASK) >> 11) * float(TO_UNIT)


def pair_key(key: int, source: int, person: int) -> int:
    """Key of an ordered pair of people."""
    for who in (source, person):
        key = mix_int(key ^ ((who * int(WHO)) & MASK))
    return mix_int(key)


def in_places(
    key: int, visits: Visits, force: F64, susceptible: Bools, hazard_per_h: F64
) -> set[Hit]:
    """A visitor infects another who is in the same place at the same time, with the chance
    1 - exp(-force x hazard x hours together); the moment lies within the time together."""
    rows = list(
        zip(
            visits.person.tolist(),
            visits.place.tolist(),
            visits.time_in.tolist(),
            visits.time_out.tolist(),
            strict=True,
        )
    )
    hits: set[Hit] = set()
    for source, place, begin_a, end_a in rows:
        for person, other, begin_b, end_b in rows:
            begin, overlap = max(begin_a, begin_b), min(end_a, end_b) - max(begin_a, begin_b)
            if place != other or overlap <= 0 or not susceptible[person] or force[source] <= 0:
                continue
            chance = 1 - math.exp(-force[source] * hazard_per_h[place] * overlap / 3600)
            own = pair_key(key, source, person)
            if draw(own, begin_b) < chance:
                hits.add((source, person, place, begin + int(overlap * draw(own, 1))))
    return hits


def in_households(
    key: int, household: I32, force: F64, susceptible: Bools, hazard_per_day: float
) -> set[Hit]:
    """A member infects each other member with the chance 1 - exp(-force x hazard)."""
    hits: set[Hit] = set()
    for source in range(len(household)):
        for person in range(len(household)):
            if person == source or household[person] != household[source]:
                continue
            own = pair_key(key, source, person)
            chance = 1 - math.exp(-force[source] * hazard_per_day)
            if force[source] > 0 and susceptible[person] and draw(own, 0) < chance:
                moment = HOME_FROM_S + int(NIGHT_S * draw(own, 1))
                hits.add((source, person, NO_PLACE, moment))
    return hits


def curbed(
    key: int, curbs: Curbs, visits: list[tuple[int, int, int, int]]
) -> list[tuple[int, int, int, int]]:
    """(person, place, time in, time out) of what takes place of the planned visits: not what a
    closure forbids to who keeps to it, not what begins in isolation; isolation ends the rest."""
    kept = []
    for person, place, begin, end in visits:
        chance = draw(mix_int(key ^ ((person * int(WHO)) & MASK)), begin)
        forbidden = any(
            one.closed[person if one.of_people else place]
            and begin >= one.from_s
            and chance < one.strictness
            for one in curbs.held
        )
        if not forbidden and begin < curbs.apart_s[person]:
            kept.append((person, place, begin, min(end, int(curbs.apart_s[person]))))
    return kept


def restricted(apart_s: int, central_s: int, area_s: int) -> tuple[int, int, int]:
    """Seconds of a day under (area, home, central), counted one by one; the strictest holds."""
    found = [0, 0, 0]
    for second in range(DAY_S):
        if second >= central_s:
            found[2] += 1
        elif second >= apart_s:
            found[1] += 1
        elif second >= area_s:
            found[0] += 1
    return found[0], found[1], found[2]

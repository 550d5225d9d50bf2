"""How measures hold people back on one day: isolation, closed areas, places held less open.

Each decision has a draw of its own, so a stricter measure takes away more of the same visits, never
others.  `curbs_oracle` says the same visit by visit; the tests compare the two.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from zhongshu.engines.world.arrays import F64, I32, I64, Bools
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S
from zhongshu.engines.world.days.exposure import HOME_FROM_S
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

if TYPE_CHECKING:
    from zhongshu.engines.world.statics import Statics

AREA, HOME, CENTRAL, PLACE = range(4)
KINDS = ("area", "home", "central", "place")
FREE = np.int32(2**31 - 1)
"""A second of the day that never comes."""
ABIDES, KEEPS = "abides", "keeps"  # purposes of the draws: once for a person, once for each visit


@dataclasses.dataclass(frozen=True)
class Isolation:
    """People kept apart today from an hour on.

    people: identity numbers; from_hour: 0 to 24, of today; central: in a room of an isolation site,
    where nobody infects them nor they anybody; otherwise at home, with their household.
    """

    people: tuple[str, ...]
    from_hour: float = 0.0
    central: bool = False

    def __post_init__(self) -> None:
        _hour(self.from_hour)


@dataclasses.dataclass(frozen=True)
class Closure:
    """Areas or places closed today from an hour on.

    areas: 12-digit villages, or buildings as `Statics.cells` names them: who lives there stays;
    places: ids: nobody goes there.  strictness: share of the visits that it forbids;
    compliance: share of the people, or of the places, that keep to it, the same ones every day.
    """

    areas: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    from_hour: float = 0.0
    strictness: float = 1.0
    compliance: float = 1.0

    def __post_init__(self) -> None:
        _hour(self.from_hour)
        for name in ("strictness", "compliance"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise BadInput(
                    "world.share",
                    f"The {name} of a closure lies between 0 and 1, not {getattr(self, name)}.",
                )


def _hour(hour: float) -> None:
    if not 0.0 <= hour <= 24.0:
        raise BadInput("world.hour", f"A measure begins between 0 and 24 o'clock, not {hour}.")


@dataclasses.dataclass(frozen=True)
class Held:
    """What one closure means.  closed: (n,) residents, or (places,), that abide by it."""

    closed: Bools
    of_people: bool
    from_s: int
    strictness: float


@dataclasses.dataclass(frozen=True)
class Curbs:
    """The measures of one day by person.

    apart_s, central_s: (n,) second of the day from which somebody is isolated at all, and in a
    room; area_s: (n,) from which his home lies in a closed area, whether he complies or not.
    """

    apart_s: I32
    central_s: I32
    area_s: I32
    held: tuple[Held, ...]

    @property
    def apart(self) -> I64:
        """Person indices of the isolated."""
        return np.flatnonzero(self.apart_s < FREE)

    def apart_by(self, hour: float) -> I64:
        """Of these, who is isolated by an hour of the day."""
        return np.flatnonzero(self.apart_s <= hour * HOUR_S)

    @property
    def away(self) -> Bools:
        """(n,) not at home in the night in which households infect one another."""
        gone: Bools = self.central_s <= HOME_FROM_S
        return gone

    def visits(self, visits: Visits, *, seed: int, day: int) -> Visits:
        """What takes place of the visits planned; one that the isolation cuts ends with it."""
        keep = np.ones(len(visits), dtype=np.bool_)
        if self.held:
            draw = chance.uniform_pairs(chance.key(seed, KEEPS, day), visits.person, visits.time_in)
            for one in self.held:
                where = one.closed[visits.person if one.of_people else visits.place]
                late = visits.time_in >= one.from_s
                keep &= ~(where & late & (draw < one.strictness))
        from_s = self.apart_s[visits.person]
        kept = visits.take(keep & (visits.time_in < from_s))
        cut = np.minimum(kept.time_out, self.apart_s[kept.person])
        return dataclasses.replace(kept, time_out=cut.astype(np.int32))

    def shares(self, but: Bools) -> F64:
        """(3, n) share of the day by the first three KINDS for which each person is restricted, the
        strictest at each moment; nobody counts twice.  but: (n,) people in hospital, who do not
        count."""
        left = np.where(but, 0.0, 1.0)
        central = left * _rest(self.central_s)
        apart = left * _rest(self.apart_s)
        area = left * _rest(self.area_s)
        return np.stack((np.maximum(area - apart, 0.0), apart - central, central))


def _rest(from_s: I32) -> F64:
    """Share of the day that is left at a moment of it."""
    return np.clip(1.0 - from_s.astype(np.float64) / DAY_S, 0.0, 1.0)


def resolve(
    static: Statics,
    *,
    isolations: Sequence[Isolation],
    closures: Sequence[Closure],
    rooms: int | None,
    in_hospital: Bools,
) -> Curbs | None:
    """The measures of a day by person; None where there are none.

    rooms: for so many of the centrally isolated, in the order given; the others stay at home.
    """
    if not isolations and not closures:
        return None
    people = static.people.people
    apart_s, central_s = (np.full(people, FREE, dtype=np.int32) for _ in range(2))
    rooms_left = people if rooms is None else rooms
    for one in isolations:
        who = static.in_order(one.people)
        from_s = np.int32(round(one.from_hour * HOUR_S))
        apart_s[who] = np.minimum(apart_s[who], from_s)
        if one.central:
            fresh = who[(central_s[who] == FREE) & ~in_hospital[who]]
            chosen = fresh[np.sort(np.unique(fresh, return_index=True)[1])][:rooms_left]
            central_s[chosen] = from_s
            rooms_left -= len(chosen)
    area_s, held = _close(static, closures)
    return Curbs(apart_s, central_s, area_s, held)


def _close(static: Statics, closures: Sequence[Closure]) -> tuple[I32, tuple[Held, ...]]:
    area_s = np.full(static.people.people, FREE, dtype=np.int32)
    held = []
    for one in closures:
        from_s = round(one.from_hour * HOUR_S)
        if one.areas:
            inside = static.residents(one.areas)
            area_s[inside] = np.minimum(area_s[inside], from_s)
            abide = _abide(static.params.seed, "people", len(inside), one.compliance)
            held.append(Held(inside & abide, True, from_s, one.strictness))
        if one.places:
            shut = np.zeros(len(static.places), dtype=np.bool_)
            shut[static.place_indices(one.places)] = True
            abide = _abide(static.params.seed, "places", len(shut), one.compliance)
            held.append(Held(shut & abide, False, from_s, one.strictness))
    return area_s, tuple(held)


def _abide(seed: int, what: str, count: int, compliance: float) -> Bools:
    who = np.arange(count)
    abide: Bools = chance.uniform(chance.key(seed, f"{ABIDES}-{what}"), who) < compliance
    return abide


def restricted(curbs: Curbs | None, plain: Sequence[Bools], in_hospital: Bools, lost: F64) -> F64:
    """(4, n) share of the day by KINDS, or (4, 0) when nothing is in force.

    plain: (n,) who is in a village closed for the whole day, and who is isolated for all of it.
    lost: (n,) share of the hours planned outside the home that do not take place; they count as
    such of the day for whoever is not restricted otherwise: some place was closed to him.
    """
    villages, isolated = plain
    if curbs is None and not villages.any() and not isolated.any():
        return np.zeros((len(KINDS), 0))
    people = len(in_hospital)
    apart_s, central_s, area_s = (np.full(people, FREE, dtype=np.int32) for _ in range(3))
    if curbs is not None:
        apart_s, central_s, area_s = curbs.apart_s.copy(), curbs.central_s, curbs.area_s.copy()
    apart_s[isolated] = area_s[villages] = 0
    shares = Curbs(apart_s, central_s, area_s, ()).shares(in_hospital)
    free = (shares.sum(axis=0) == 0) & ~in_hospital
    return np.vstack((shares, np.where(free, lost, 0.0)))

"""What goes in and what comes out; the parts are in `params` and `margins`."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from zhongshu.engines.world.arrays import F64
from zhongshu.engines.world.days.curbs import Closure, Isolation
from zhongshu.engines.world.days.epidemic import Course
from zhongshu.engines.world.days.records import Records
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.engines.world.days.sentinel import Counts
from zhongshu.engines.world.days.testing import Round, Samples
from zhongshu.engines.world.margins import Margins, Targets
from zhongshu.engines.world.params import History, Movement, Testing, Town, WorldParams
from zhongshu.kernel.disease.params import Disease
from zhongshu.kernel.errors import BadInput

__all__ = [
    "Closure",
    "DayResult",
    "Disease",
    "History",
    "Isolation",
    "Margins",
    "Masks",
    "Measures",
    "Movement",
    "Round",
    "Targets",
    "Testing",
    "Town",
    "WorldParams",
    "WorldSummary",
]

VERSION = "2"  # of the generator: another version makes another world from the same parameters


@dataclasses.dataclass(frozen=True)
class Masks:
    """share of people who wear one where others are, but not where people eat; effect: by how much
    the hazard falls for each of the two who wears one."""

    share: float = 0.0
    effect: float = 0.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.share <= 1.0 and 0.0 <= self.effect <= 1.0):
            raise BadInput("world.masks", "Share and effect of masks lie between 0 and 1.")

    @property
    def left(self) -> float:
        """Mean share of the hazard that is left between two people."""
        return (1.0 - self.share * self.effect) ** 2


@dataclasses.dataclass(frozen=True)
class Measures:
    """What is in force on one day; nothing carries over, the next day's measures are given anew.

    isolated: identity numbers of people who make no visits and infect at most their household.
    closed_villages: 12-digit codes; whoever lives there stays at home.
    closed_places: place ids; visits to them do not take place.
    rounds: test rounds held today.
    isolations: people kept apart from an hour on, at home or centrally.
    closures: areas and places closed from an hour on, more or less strictly.
    rooms: of isolation sites, for the centrally isolated in the order given; who finds none stays
        at home.  None: enough.
    masks: worn all day.
    """

    isolated: tuple[str, ...] = ()
    closed_villages: tuple[str, ...] = ()
    closed_places: tuple[str, ...] = ()
    rounds: tuple[Round, ...] = ()
    isolations: tuple[Isolation, ...] = ()
    closures: tuple[Closure, ...] = ()
    rooms: int | None = None
    masks: Masks = Masks()

    def __post_init__(self) -> None:
        if self.rooms is not None and self.rooms < 0:
            raise BadInput("world.rooms", f"There are 0 or more rooms, not {self.rooms}.")


@dataclasses.dataclass(frozen=True)
class DayResult:
    """One day of the world.

    visits: all visits that truly began today; infections: new records of the course table.
    records, samples, swabs, tubes, cases, counts, arrivals: what became known today, whenever it
        happened; samples are results of persons, swabs who is in which tube.
    in_hospital: people in hospital by county at the end of the day, (counties,).
    restricted: (4, people) share of the day for which measures restricted each person, in the
        order of `curbs.KINDS` (area, home, central, place); (4, 0) when none were in force.
    """

    day: int
    date: dt.date
    visits: Visits
    infections: Course
    records: Records
    samples: Samples
    swabs: Any
    tubes: Any
    cases: Any
    counts: Counts
    arrivals: Any
    in_hospital: Any
    restricted: F64


@dataclasses.dataclass(frozen=True)
class WorldSummary:
    """What `solve.run` made.

    world_hash: of the parameters, the margins and the generator's version; truth_hash: of the
    infections, equal for equal worlds.  calibration: (name, unit, target, measured) rows.
    reused: the world was there already and nothing was done.
    """

    world_hash: str
    truth_hash: str
    people: int
    households: int
    places: int
    visits: int
    records: int
    infections: int
    cases: int
    counties_with_cases: int
    calibration: tuple[tuple[str, str, float, float], ...]
    reused: bool = False

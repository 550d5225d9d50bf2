"""What the twin knows of one person, and of one round of tests."""

from __future__ import annotations

import dataclasses
from typing import NamedTuple

from zhongshu.engines.whatif.outbreak.model import DAY_H, NEVER, REGISTERED

ROOM, BED = "room", "bed"


@dataclasses.dataclass
class Person:
    """Hours and days as in the engine; NEVER: not yet.  wants: a ROOM, a BED or nothing; place:
    (ROOM or BED, tier) that was given; tests_on: days on which a contact is to be tested."""

    who: int
    infected_h: int = NEVER
    infector: int = -1
    setting: int = -1
    venue: int = -1  # where, if at work, at school or in a place
    onset_d: int = NEVER
    passive_h: int = NEVER
    result_h: int = NEVER
    found_h: int = NEVER
    kept_from: int = NEVER
    kept_to: int = NEVER
    away_from: int = NEVER
    wants: str = ""
    wants_from: int = NEVER
    place: tuple[str, int] | None = None
    tests_on: list[int] = dataclasses.field(default_factory=list)

    @property
    def infected(self) -> bool:
        return self.infected_h != NEVER

    @property
    def registered(self) -> bool:
        return self.setting == REGISTERED and self.infector < 0

    def kept(self, hour: int) -> str:
        """Where somebody is kept apart: `` (free), `home` or `away` (in a room or a bed)."""
        if not self.kept_from <= hour < self.kept_to:
            return ""
        return "away" if hour >= self.away_from else "home"

    def holds(self, day: int) -> tuple[str, int] | None:
        """The room or bed that somebody has on a day; it is free on the day the time ends."""
        return self.place if self.kept_to // DAY_H > day else None


class Held(NamedTuple):
    """One round: who is called (`people` of `cells`) and when; `number` counts all rounds."""

    number: int
    cells: frozenset[int]
    people: int
    begin_h: float
    hours: float
    coverage: float
    sensitivity: float
    power: float
    pool: int

    def on(self, day: int) -> bool:
        return self.begin_h < (day + 1) * DAY_H and self.begin_h + self.hours > day * DAY_H

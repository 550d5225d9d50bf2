"""The twin's restrictions: what they leave of a transmission, when they end, whom they hold."""

from __future__ import annotations

import numpy as np

from zhongshu.engines.whatif.checks import CONFINED
from zhongshu.engines.whatif.options import Area, Option
from zhongshu.engines.whatif.outbreak.model import DAY_H, GROUP, HOME, NEVER, PLACE
from zhongshu.engines.whatif.outbreak.oracle import Hit, Twin, draws, uniform
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.spread import ILL_AT_HOME_D
from zhongshu.engines.whatif.outbreak.state import COMPLY, COURSE, MASK
from zhongshu.engines.whatif.outbreak.twin.person import Person
from zhongshu.kernel.feeds import PLACE_KINDS

ALWAYS = 40  # draw of who keeps home isolation; those before it belong to areas


class Measures:
    """The areas, closures and masks of an option in one run."""

    def __init__(self, course: Twin, option: Option, population: Population) -> None:
        self.course, self.people, self.run = course, course.people, course.run
        self.option = option
        everywhere = frozenset(range(len(self.people.cell_start) - 1))
        self.cells = [
            frozenset(int(cell) for code in area.units for cell in population.units[code])
            or everywhere
            for area in option.areas
        ]
        self.ends = [NEVER if area.to_hour is None else area.to_hour for area in option.areas]
        self.case_on = [-1] * len(option.areas)  # last day with a case found outside isolation
        self.any_case_on = -1
        self.released = False

    def found_outside(self, who: int, day: int) -> None:
        self.any_case_on = day
        for at, cells in enumerate(self.cells):
            if self.course.cell(who) in cells:
                self.case_on[at] = day

    def left(self, persons: dict[int, Person], source: int, hit: Hit) -> float:
        """How likely a transmission takes place."""
        hour, target, setting, where, _ = hit
        home = self.option.isolation
        kept = [self._kept(persons.get(who), hour) for who in (source, target)]
        if "away" in kept:
            return 0.0
        left = float(self.course.tables.susceptibility[self.people.age[target]])
        left *= 1.0 - self.course.shield(target, hour, 0)
        if setting == HOME:
            return left * (home.home_household if "home" in kept else 1.0) / CONFINED
        if self._ill_at_home(persons[source], hour):
            return 0.0
        for one in kept:
            left *= home.home_outside if one == "home" else 1.0
        left *= self._areas(source, target, hour)
        left *= self._areas(target, source, hour)
        if setting in {GROUP, PLACE}:
            left *= self._open(setting, where, hour)
        return left * self._masks(source, target, hour)

    def _kept(self, one: Person | None, hour: int) -> str:
        """As `Person.kept`, but free where somebody does not keep to his home."""
        where = one.kept(hour) if one is not None else ""
        if one is not None and where == "home":
            keeps = uniform(draws(self.run, COMPLY, one.who), ALWAYS) < self.option.compliance
            return where if keeps else ""
        return where

    def _ill_at_home(self, one: Person, hour: int) -> bool:
        stays = uniform(draws(self.run, COURSE, one.who), 4) < self.course.tables.stays
        since = hour // DAY_H - one.onset_d
        return self.course.ill(one.who) and stays and 1 <= since <= ILL_AT_HOME_D

    def _in_force(self, at: int, hour: int) -> bool:
        return self.option.areas[at].from_hour <= hour < self.ends[at]

    def _areas(self, who: int, other: int, hour: int) -> float:
        """Share of a person's contacts with another that restrictions of his area leave."""
        left, cell, theirs = 1.0, self.course.cell(who), self.course.cell(other)
        for at, area in enumerate(self.option.areas):
            within = area.kind == "static" and theirs in self.cells[at]
            if cell not in self.cells[at] or area.kind == "venues_closed" or within:
                continue
            if self._in_force(at, hour) and self._complies(who, at, area):
                left *= 1.0 - area.strictness
        return left

    def _complies(self, who: int, at: int, area: Area) -> bool:
        share = area.compliance * self.option.compliance
        return uniform(draws(self.run, COMPLY, who), at) < share

    def _open(self, setting: int, where: int, hour: int) -> float:
        """Share of the contacts in a group or place that closures leave."""
        people, left = self.people, 1.0
        kind = PLACE_KINDS[(people.group_kind if setting == GROUP else people.place_kind)[where]]
        for one in self.option.closures:
            last = NEVER if one.to_hour is None else one.to_hour
            if one.kind == kind and one.from_hour <= hour < last:
                left *= 1.0 - one.share
        for at, area in enumerate(self.option.areas):
            inside = setting == PLACE and int(people.place_cell[where]) in self.cells[at]
            if inside and area.kind == "venues_closed" and self._in_force(at, hour):
                left *= 1.0 - area.strictness * (area.compliance * self.option.compliance)
        return left

    def _masks(self, source: int, target: int, hour: int) -> float:
        masks, left = self.option.masks, 1.0
        last = NEVER if masks.to_hour is None else masks.to_hour
        for who in (source, target) if masks.from_hour <= hour < last else ():
            if uniform(draws(self.run, MASK, who), 0) < masks.share:
                left *= 1.0 - masks.effect
        return left

    def release(self, day: int) -> bool:
        """Ends at the end of a day what has been without a case long enough; whether all has."""
        clear_d, now = self.option.clear_d, (day + 1) * DAY_H
        all_clear = clear_d is not None and day - self.any_case_on >= clear_d
        for at, area in enumerate(self.option.areas):
            since = max(self.case_on[at], area.from_hour // DAY_H - 1)
            own = area.release_clear_d is not None and day - since >= area.release_clear_d
            if all_clear or own:
                self.ends[at] = min(self.ends[at], now)
        over = all(end <= now for end in self.ends) if clear_d is None else all_clear
        self.released = self.released or over
        return self.released

    def person_days(self, day: int) -> dict[str, float]:
        """Residents in areas of each kind by the hours of the day; a lockdown goes first."""
        hours = [
            max(0, min(end, (day + 1) * DAY_H) - max(area.from_hour, day * DAY_H)) / DAY_H
            for area, end in zip(self.option.areas, self.ends, strict=True)
        ]
        told = {"person_days_locked": 0.0, "person_days_static": 0.0}
        residents = np.diff(self.people.cell_start).tolist()
        for cell, count in enumerate(residents):
            longest = {"lockdown": 0.0, "static": 0.0, "venues_closed": 0.0}
            for at, area in enumerate(self.option.areas):
                if cell in self.cells[at]:
                    longest[area.kind] = max(longest[area.kind], hours[at])
            locked = longest["lockdown"]
            told["person_days_locked"] += count * locked
            told["person_days_static"] += count * max(0.0, longest["static"] - locked)
        return told

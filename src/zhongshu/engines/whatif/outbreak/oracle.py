"""A slow readable twin of the spread: first passages over all transmissions, without a calendar.

It covers people who infect each other, who stay at home when ill, are found by their symptoms and
kept in hospital, and test rounds with pools and the time the laboratory takes.  It draws as the
compiled engine does and must name the same infections.  `twin.run` covers everything, day by day,
on the courses and transmissions of this one.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from zhongshu.engines.whatif.checks import CONFINED
from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak.infect import BEGINS, LASTS, PROFILE_FROM_D
from zhongshu.engines.whatif.outbreak.model import (
    COMMUNITY,
    DAY_H,
    GROUP,
    HOME,
    LOAD_H,
    NEVER,
    PLACE,
    QUANTILES,
    REGISTERED,
    Start,
    Tables,
)
from zhongshu.engines.whatif.outbreak.population import People, Population
from zhongshu.engines.whatif.outbreak.spread import ILL_AT_HOME_D
from zhongshu.engines.whatif.outbreak.state import (
    COURSE,
    HOURS,
    ROUND,
    ROUND_TEST,
    TO_COMMUNITY,
    TO_GROUP,
    TO_HOME,
    TO_PLACE,
)
from zhongshu.kernel.chance import GOLDEN, MASK, TO_UNIT, WHO, mix_int

Infection = tuple[int, int, int, int]  # person, hour, infector or -1, setting
Hit = tuple[int, int, int, int, float]  # hour, target, setting, place or -1, luck


class Visit(NamedTuple):
    """A place somebody goes to: visits a day, others met on a day of a visit, all who go there."""

    place: int
    kind: int
    often: float
    met: float
    visitors: list[int]

    @property
    def met_a_day(self) -> float:
        return self.often * self.met


class Held(NamedTuple):
    """One round: who is called and when; how likely a full load is found; hours to the result."""

    cells: frozenset[int]
    begin_h: int
    hours: int
    coverage: float
    sensitivity: float
    power: float
    result_h: float


def rounds(option: Option, population: Population, days: int) -> list[Held]:
    """The rounds that begin within `days`, where sampling has no limit; series after series."""
    everywhere = range(len(population.people.cell_start) - 1)
    held = []
    for series in option.rounds:
        inside = [int(cell) for code in series.units for cell in population.units[code]]
        opened = 2 if series.pool_size > 1 else 1  # the members of a positive pool again
        power = 1.0 + series.dilution_loss * math.log2(series.pool_size)
        over = 0
        for number in range(series.count):
            begin = max(over, series.start_hour + number * series.every_d * DAY_H)
            over = begin + series.hours
            if begin < days * DAY_H:
                held.append(Held(frozenset(inside or everywhere), begin, series.hours,
                                 series.coverage, series.sensitivity, power,
                                 opened * option.capacities.lab_hours))  # fmt: skip
    return held


def uniform(key: int, which: int) -> float:
    return (mix_int((key + (which + 1) * int(GOLDEN)) & MASK) >> 11) * TO_UNIT


def draws(run: int, purpose: int, who: int) -> int:
    base = mix_int((run + purpose * int(GOLDEN)) & MASK)
    return mix_int(base ^ ((who * int(WHO)) & MASK))


class Twin:
    """One run of a small population under the baseline and `held` rounds."""

    def __init__(
        self, people: People, tables: Tables, run: int, held: Sequence[Held] = (),
        *, felt: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """felt: who is known to have fallen ill."""
        self.people, self.tables, self.run, self.held = people, tables, run, held
        self.felt = frozenset(felt)

    def latent_d(self, person: int) -> int:
        key = draws(self.run, COURSE, person)
        days = float(self.tables.incubation[int(uniform(key, 0) * QUANTILES)])
        return math.floor(days + uniform(key, 8))

    def ill(self, person: int) -> bool:
        silent = uniform(draws(self.run, COURSE, person), 1) < self.tables.silent
        return person in self.felt or not silent

    def found_h(self, person: int, onset_d: int) -> int:
        key = draws(self.run, COURSE, person)
        if not self.ill(person) or uniform(key, 7) >= self.tables.seeks:
            return NEVER
        delay = float(self.tables.care[int(uniform(key, 5) * QUANTILES)])
        day = onset_d + math.floor(delay + uniform(key, 9))
        return int(day * DAY_H + 8 + 12 * uniform(key, 6))

    def found_in_rounds_h(self, person: int, infected_h: int) -> int:
        """Hour of the first result that finds the infection."""
        cell = self.cell(person)
        key, luck = (draws(self.run, purpose, person) for purpose in (ROUND, ROUND_TEST))
        first = NEVER
        for at, one in enumerate(self.held):
            hour = int(one.begin_h + uniform(key, 2 * at) * one.hours)
            comes = cell in one.cells and uniform(key, 2 * at + 1) < one.coverage
            if not comes or hour // DAY_H <= infected_h // DAY_H:
                continue
            since = hour - infected_h
            load = self.tables.load[since] ** one.power if since < LOAD_H else 0.0
            if uniform(luck, at) < load * one.sensitivity:
                first = min(first, int(hour + one.result_h))
        return first

    def hits(self, person: int, infected_d: int, onset_d: int) -> Iterator[Hit]:
        """All transmissions of one infection that nothing has prevented yet."""
        tables = self.tables
        onward = 1.0 - self.shield(person, infected_d * DAY_H, 1)
        single = np.float32(onward * (1.0 if self.ill(person) else tables.silent_factor))
        key = draws(self.run, COURSE, person)
        outside = float(single * tables.force[int(uniform(key, 2) * QUANTILES)])
        at_home = float(single)
        for kind, whole, meet in self._settings(person, at_home, outside):
            stream = draws(self.run, (TO_HOME, TO_GROUP, TO_PLACE, TO_COMMUNITY)[kind], person)
            hours = draws(self.run, HOURS + 100 * (kind + 1), person)
            number, passed = 0, -math.log1p(-uniform(stream, 0))
            while passed < whole:
                offset = sum(share <= uniform(stream, 4 * number + 1) for share in tables.daily)
                day = onset_d + PROFILE_FROM_D + min(offset, len(tables.daily) - 1)
                hour = day * DAY_H + BEGINS[kind] + int(LASTS[kind] * uniform(hours, number))
                target, where = meet(number, uniform(stream, 4 * number + 2))
                if day > infected_d and target not in {person, -1}:
                    luck = float(np.float32(uniform(stream, 4 * number + 3)))
                    yield hour, target, kind, where, luck
                number += 1
                passed += -math.log1p(-uniform(stream, 4 * number))

    def _settings(self, person: int, at_home: float, outside: float):  # type: ignore[no-untyped-def]
        people, tables = self.people, self.tables
        home = people.household[person]
        mates = [
            other
            for other in range(people.home_start[home], people.home_start[home + 1])
            if other != person
        ]
        yield (
            HOME,
            at_home * tables.home_hazard * len(mates),
            lambda _, draw: (mates[int(draw * len(mates))], -1),
        )
        met = self.colleagues(person)
        if met:
            group = int(people.group[person])
            whole = outside * float(tables.group_hazard[people.group_kind[group]]) * len(met)
            yield GROUP, whole, lambda _, draw: (met[int(draw * len(met))], group)
        yield self._places(person, outside)
        whole = outside * tables.community_hazard * tables.community_contacts
        yield COMMUNITY, whole, lambda number, _: (self._stranger(person, number), -1)

    def colleagues(self, person: int) -> list[int]:
        people = self.people
        group = people.group[person]
        if group < 0:
            return []
        ring = people.group_member[people.group_start[group] : people.group_start[group + 1]]
        at = ring.tolist().index(person)
        count = min(len(ring) - 1, int(self.tables.crowd[people.group_kind[group]]))
        steps = [slot // 2 + 1 if slot % 2 == 0 else -(slot // 2 + 1) for slot in range(count)]
        return [int(ring[(at + step) % len(ring)]) for step in steps]

    def visits(self, person: int) -> list[Visit]:
        people = self.people
        found = []
        for at in range(int(people.visit_start[person]), int(people.visit_start[person + 1])):
            place = int(people.visit_place[at])
            kind, own = int(people.place_kind[place]), len(people.visit_often) > 0
            often = float(people.visit_often[at] if own else people.kind_often[kind])
            most = float(people.place_most[place] if own else people.kind_often[kind])
            start, end = people.place_start[place], people.place_start[place + 1]
            there = people.place_member[start:end].tolist()
            met = min((len(there) - 1) * most, float(self.tables.crowd[kind]))
            found.append(Visit(place, kind, often, met, there))
        return found

    def _present(self, other: int, place: int) -> float:
        """How likely the other visitor is there, relative to the most frequent one."""
        people = self.people
        if not len(people.place_most) or people.place_most[place] == 0.0:
            return 1.0
        start, end = people.visit_start[other], people.visit_start[other + 1]
        at = int(start) + people.visit_place[start:end].tolist().index(place)
        return float(people.visit_often[at] / people.place_most[place])

    def _places(self, person: int, outside: float):  # type: ignore[no-untyped-def]
        tables, mine = self.tables, self.visits(person)
        shares = [tables.place_hazard[one.kind] * one.often * one.met for one in mine]
        draw_of = draws(self.run, TO_PLACE + 100, person)

        def meet(number: int, draw: float) -> tuple[int, int]:
            left, at = draw * sum(shares), 0
            while at < len(mine) - 1 and left >= shares[at]:
                left -= shares[at]
                at += 1
            there = mine[at].visitors
            other = there[int(uniform(draw_of, 2 * number) * len(there))]
            comes = uniform(draw_of, 2 * number + 1) < self._present(other, mine[at].place)
            return (other if comes else -1), mine[at].place

        return PLACE, outside * sum(shares), meet

    def shield(self, person: int, hour: int, which: int) -> float:
        """By how much a vaccine lowers susceptibility, infectiousness or severity then."""
        people, tables, day = self.people, self.tables, hour // DAY_H
        left = [0.0]
        if len(people.shield):
            waned = math.exp2(-max(day, 0) / tables.half_life_d)
            left.append(float(people.shield[person, which]) * waned)
        if len(people.dose_start):
            own = slice(people.dose_start[person], people.dose_start[person + 1])
            for number, given in enumerate(people.dose_day[own].tolist()):
                since = day - given - tables.takes_d
                full = tables.strength[min(number, len(tables.strength) - 1), which]
                if since >= 0:
                    left.append(float(full) * math.exp2(-since / tables.half_life_d))
        return max(left)

    def cell(self, person: int) -> int:
        return int(self.people.home_cell[self.people.household[person]])

    def _stranger(self, person: int, number: int) -> int:
        people, tables = self.people, self.tables
        key = draws(self.run, TO_COMMUNITY + 100, person)
        how, who = uniform(key, 3 * number), uniform(key, 3 * number + 1)
        if how >= 1.0 - tables.far:
            return int(who * len(people.household))
        cell = self.cell(person)
        if how >= tables.near * (1.0 - tables.far):
            away = uniform(key, 3 * number + 2)
            step = 1 + int(-math.log1p(-abs(2.0 * away - 1.0)) * tables.cells)
            last = len(people.cell_start) - 2
            cell = min(max(cell + (step if away < 0.5 else -step), 0), last)
        start, end = people.cell_start[cell], people.cell_start[cell + 1]
        return int(start) + int(who * (end - start))

    def infections(self, start: Start, days: int) -> list[Infection]:
        """All infections before day `days`, registered ones too, by person.

        The start must give onset and infection days.  Dijkstra's way: the earliest hit next.
        """
        self.felt = frozenset(start.person.tolist())
        known: dict[int, Infection] = {}
        onset: dict[int, int] = {}
        removed: dict[int, int] = {}
        waiting: list[tuple[int, int, int, int, float]] = []

        def add(person: int, hour: int, source: int, kind: int, onset_d: int) -> None:
            known[person] = (person, hour, source, kind)
            onset[person] = onset_d
            for then, target, setting, _, luck in self.hits(person, hour // DAY_H, onset_d):
                if then < days * DAY_H:
                    heapq.heappush(waiting, (then, person, target, setting, luck))

        for at, person in enumerate(start.person.tolist()):
            removed[person] = int(start.found_h[at])
            known[person] = (person, int(start.infected_day[at]) * DAY_H, -1, REGISTERED)
        for at, person in enumerate(start.person.tolist()):
            add(person, known[person][1], -1, REGISTERED, int(start.onset_day[at]))
        while waiting:
            hour, source, target, kind, luck = heapq.heappop(waiting)
            if target in known or hour >= removed[source]:
                continue
            if luck >= self._left(source, kind, hour, target, onset[source]):
                continue
            onset_d = hour // DAY_H + self.latent_d(target)
            found = self.found_h(target, onset_d)
            if hour < 0 and found <= 0:
                continue  # would be registered, and is not
            removed[target] = min(found, self.found_in_rounds_h(target, hour))
            add(target, hour, source, kind, onset_d)
        return sorted(known.values())

    def _left(self, source: int, kind: int, hour: int, target: int, onset_d: int) -> float:
        left = float(self.tables.susceptibility[self.people.age[target]])
        left *= 1.0 - self.shield(target, hour, 0)
        if kind == HOME:
            return left / CONFINED
        key = draws(self.run, COURSE, source)
        stays = self.ill(source) and uniform(key, 4) < self.tables.stays
        return 0.0 if stays and 1 <= hour // DAY_H - onset_d <= ILL_AT_HOME_D else left

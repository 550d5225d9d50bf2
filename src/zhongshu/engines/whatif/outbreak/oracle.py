"""The slow readable twin of the spread: first passages over all transmissions, without a calendar.

It covers the baseline: people infect each other, the ill stay at home, are found by their symptoms
and are kept in hospital; and test rounds with pools and the time the laboratory takes.  It draws as
the compiled engine does and must name the same infections.  It does not cover restrictions, tracing
and capacities; those have invariants of their own.
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


def _unit(key: int, which: int) -> float:
    return (mix_int((key + (which + 1) * int(GOLDEN)) & MASK) >> 11) * TO_UNIT


def _draws(run: int, purpose: int, who: int) -> int:
    base = mix_int((run + purpose * int(GOLDEN)) & MASK)
    return mix_int(base ^ ((who * int(WHO)) & MASK))


class Twin:
    """One run of a small population under the baseline and `held` rounds."""

    def __init__(self, people: People, tables: Tables, run: int, held: Sequence[Held] = ()) -> None:
        self.people, self.tables, self.run, self.held = people, tables, run, held

    def latent_d(self, person: int) -> int:
        key = _draws(self.run, COURSE, person)
        days = float(self.tables.incubation[int(_unit(key, 0) * QUANTILES)])
        return math.floor(days + _unit(key, 8))

    def ill(self, person: int) -> bool:
        return _unit(_draws(self.run, COURSE, person), 1) >= self.tables.silent

    def found_h(self, person: int, onset_d: int) -> int:
        key = _draws(self.run, COURSE, person)
        if not self.ill(person) or _unit(key, 7) >= self.tables.seeks:
            return NEVER
        delay = float(self.tables.care[int(_unit(key, 5) * QUANTILES)])
        day = onset_d + math.floor(delay + _unit(key, 9))
        return int(day * DAY_H + 8 + 12 * _unit(key, 6))

    def found_in_rounds_h(self, person: int, infected_h: int) -> int:
        """Hour of the first result that finds the infection."""
        cell = int(self.people.home_cell[self.people.household[person]])
        key, luck = (_draws(self.run, purpose, person) for purpose in (ROUND, ROUND_TEST))
        first = NEVER
        for at, one in enumerate(self.held):
            hour = int(one.begin_h + _unit(key, 2 * at) * one.hours)
            comes = cell in one.cells and _unit(key, 2 * at + 1) < one.coverage
            if not comes or hour // DAY_H <= infected_h // DAY_H:
                continue
            since = hour - infected_h
            load = self.tables.load[since] ** one.power if since < LOAD_H else 0.0
            if _unit(luck, at) < load * one.sensitivity:
                first = min(first, int(hour + one.result_h))
        return first

    def hits(self, person: int, infected_d: int, onset_d: int) -> Iterator[Hit]:
        """All transmissions of one infection that nothing has prevented yet."""
        tables = self.tables
        single = np.float32(1.0 if self.ill(person) else tables.silent_factor)
        key = _draws(self.run, COURSE, person)
        outside = float(single * tables.force[int(_unit(key, 2) * QUANTILES)])
        at_home = float(single)
        for kind, whole, meet in self._settings(person, at_home, outside):
            stream = _draws(self.run, (TO_HOME, TO_GROUP, TO_PLACE, TO_COMMUNITY)[kind], person)
            hours = _draws(self.run, HOURS + 100 * (kind + 1), person)
            number, passed = 0, -math.log1p(-_unit(stream, 0))
            while passed < whole:
                offset = sum(share <= _unit(stream, 4 * number + 1) for share in tables.daily)
                day = onset_d + PROFILE_FROM_D + min(offset, len(tables.daily) - 1)
                hour = day * DAY_H + BEGINS[kind] + int(LASTS[kind] * _unit(hours, number))
                target, where = meet(number, _unit(stream, 4 * number + 2))
                if day > infected_d and target not in {person, -1}:
                    luck = float(np.float32(_unit(stream, 4 * number + 3)))
                    yield hour, target, kind, where, luck
                number += 1
                passed += -math.log1p(-_unit(stream, 4 * number))

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
        met = self._colleagues(person)
        if met:
            group = int(people.group[person])
            whole = outside * float(tables.group_hazard[people.group_kind[group]]) * len(met)
            yield GROUP, whole, lambda _, draw: (met[int(draw * len(met))], group)
        yield self._places(person, outside)
        whole = outside * tables.community_hazard * tables.community_contacts
        yield COMMUNITY, whole, lambda number, _: (self._stranger(person, number), -1)

    def _colleagues(self, person: int) -> list[int]:
        people = self.people
        group = people.group[person]
        if group < 0:
            return []
        ring = people.group_member[people.group_start[group] : people.group_start[group + 1]]
        at = ring.tolist().index(person)
        count = min(len(ring) - 1, int(self.tables.crowd[people.group_kind[group]]))
        steps = [slot // 2 + 1 if slot % 2 == 0 else -(slot // 2 + 1) for slot in range(count)]
        return [int(ring[(at + step) % len(ring)]) for step in steps]

    def _places(self, person: int, outside: float):  # type: ignore[no-untyped-def]
        people, tables = self.people, self.tables
        mine = people.visit_place[people.visit_start[person] : people.visit_start[person + 1]]
        shares = []
        for place in mine:
            kind = people.place_kind[place]
            rate = people.kind_often[kind]
            size = people.place_start[place + 1] - people.place_start[place]
            met = min((size - 1) * rate, tables.crowd[kind])
            shares.append(tables.place_hazard[kind] * rate * met)
        draws = _draws(self.run, TO_PLACE + 100, person)

        def meet(number: int, draw: float) -> tuple[int, int]:
            left, at = draw * sum(shares), 0
            while at < len(mine) - 1 and left >= shares[at]:
                left -= shares[at]
                at += 1
            there = people.place_member[
                people.place_start[mine[at]] : people.place_start[mine[at] + 1]
            ]
            return int(there[int(_unit(draws, 2 * number) * len(there))]), int(mine[at])

        return PLACE, outside * sum(shares), meet

    def _stranger(self, person: int, number: int) -> int:
        people, tables = self.people, self.tables
        key = _draws(self.run, TO_COMMUNITY + 100, person)
        how, who = _unit(key, 3 * number), _unit(key, 3 * number + 1)
        if how >= 1.0 - tables.far:
            return int(who * len(people.household))
        cell = int(people.home_cell[people.household[person]])
        if how >= tables.near * (1.0 - tables.far):
            away = _unit(key, 3 * number + 2)
            step = 1 + int(-math.log1p(-abs(2.0 * away - 1.0)) * tables.cells)
            last = len(people.cell_start) - 2
            cell = min(max(cell + (step if away < 0.5 else -step), 0), last)
        start, end = people.cell_start[cell], people.cell_start[cell + 1]
        return int(start) + int(who * (end - start))

    def infections(self, start: Start, days: int) -> list[Infection]:
        """All infections before day `days`, registered ones too, by person.

        The start must give onset and infection days.  Dijkstra's way: the earliest hit next.
        """
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
            if luck >= self._left(source, kind, hour // DAY_H - onset[source], target):
                continue
            onset_d = hour // DAY_H + self.latent_d(target)
            found = self.found_h(target, onset_d)
            if hour < 0 and found <= 0:
                continue  # would be registered, and is not
            removed[target] = min(found, self.found_in_rounds_h(target, hour))
            add(target, hour, source, kind, onset_d)
        return sorted(known.values())

    def _left(self, source: int, kind: int, since: int, target: int) -> float:
        left = float(self.tables.susceptibility[self.people.age[target]])
        if kind == HOME:
            return left / CONFINED
        key = _draws(self.run, COURSE, source)
        stays = self.ill(source) and _unit(key, 4) < self.tables.stays
        return 0.0 if stays and 1 <= since <= ILL_AT_HOME_D else left

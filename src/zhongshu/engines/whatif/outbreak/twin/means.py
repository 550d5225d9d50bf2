"""The twin's laboratory, rooms, beds and vehicles."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from zhongshu.engines.whatif.options import Option
from zhongshu.engines.whatif.outbreak.model import DAY_H, NEVER
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.twin.person import BED, ROOM, Held, Person

MORNING_H = 8
CLOGGED_H = 1e6


def rounds(option: Option, population: Population, days: int) -> list[Held]:
    """The rounds that begin within `days`, series after series; where the samplers do not
    suffice a round lasts longer, and the next begins when it is over."""
    start = population.people.cell_start
    everywhere = range(len(start) - 1)
    a_day = option.capacities.tests_per_day
    held: list[Held] = []
    for series in option.rounds if a_day != 0 else ():
        named = {int(cell) for code in series.units for cell in population.units[code]}
        cells = frozenset(named or everywhere)
        people = sum(int(start[cell + 1] - start[cell]) for cell in cells)
        needs = people * series.coverage / a_day * DAY_H if a_day else 0.0
        hours, free_from = max(float(series.hours), needs), 0.0
        for number in range(series.count):
            begin = max(free_from, float(series.start_hour + number * series.every_d * DAY_H))
            free_from = begin + hours
            if begin < days * DAY_H:
                held.append(Held(
                    len(held), cells, people, begin, hours, series.coverage, series.sensitivity,
                    1.0 + series.dilution_loss * math.log2(series.pool_size), series.pool_size,
                ))  # fmt: skip
    return held


class Sampled(NamedTuple):
    tests: float
    tubes: float


class Laboratory:
    """One line of tubes: what is not finished in an hour waits, and so does what comes later."""

    def __init__(self, option: Option, held: list[Held]) -> None:
        means = option.capacities
        self.held, self.hours = held, means.lab_hours
        self.tubes_h = math.inf if means.lab_tubes_h is None else means.lab_tubes_h
        self.line, self.retests = 0.0, 0.0
        self.wait_h = [0.0] * DAY_H

    def day(self, day: int, contacts: int) -> Sampled:
        """What is sampled on a day, and by the way how long a tube of each hour waits."""
        singly, self.retests = contacts + self.retests, 0.0
        tests = tubes = singly
        for hour in range(DAY_H):
            now, arriving = day * DAY_H + hour, singly / DAY_H
            for one in self.held:
                last = one.begin_h + one.hours
                share = max(0.0, min(last, now + 1.0) - max(one.begin_h, now)) / one.hours
                come = one.people * one.coverage * share
                tests, tubes = tests + come, tubes + come / one.pool
                arriving += come / one.pool
            self.line = max(0.0, self.line + arriving - self.tubes_h)
            self.wait_h[hour] = self.line / self.tubes_h if self.tubes_h > 0 else CLOGGED_H
        return Sampled(tests, tubes)

    def result_h(self, sampled_h: int, steps: int = 1) -> int:
        return int(sampled_h + steps * (self.hours + self.wait_h[sampled_h % DAY_H]))


class Settled(NamedTuple):
    transfers: int
    waiting: int
    short_of: frozenset[str]  # ROOM, BED, `vehicle`


class Places:
    """Rooms and beds in their tiers, and the journeys there.

    taken: (contacts, cases) who have a place when the simulation begins, beside those counted.
    """

    def __init__(self, option: Option, taken: tuple[int, int]) -> None:
        means, where = option.capacities, option.isolation
        self.most = {
            ROOM: [float(count) for _, count in means.rooms] or [math.inf],
            BED: [float(count) for _, count in means.beds] or [math.inf],
        }
        contacts, cases = taken
        self.most[ROOM][0] += contacts if where.contacts == "central" else 0
        self.most[ROOM][0] += cases if where.cases == "central" else 0
        self.most[BED][0] += cases if where.cases == "hospital" else 0
        journeys = means.transfers_per_day
        self.journeys = math.inf if journeys is None else journeys

    def in_use(self, people: Iterable[Person], day: int) -> dict[tuple[str, int], int]:
        used = {(kind, tier): 0 for kind, most in self.most.items() for tier in range(len(most))}
        for one in people:
            place = one.holds(day)
            if place is not None:
                used[place] += 1
        return used

    def free(self, people: Iterable[Person], kind: str, day: int) -> tuple[str, int] | None:
        used = self.in_use(people, day)
        for tier, most in enumerate(self.most[kind]):
            if used[kind, tier] < most:
                return kind, tier
        return None

    def settle(self, people: list[Person], day: int) -> Settled:
        """Who has waited longest first; a free place is of no use without a vehicle."""
        end = (day + 1) * DAY_H
        asking = [one for one in people if one.wants and not one.place and one.wants_from < end]
        for one in asking:
            if one.kept_to < end:
                one.wants = ""
        asking = sorted(
            (one for one in asking if one.wants), key=lambda one: (one.wants_from, one.who)
        )
        moved, short_of = 0, set()
        for one in asking:
            place = self.free(people, one.wants, day)
            if place is None:
                short_of.add(one.wants)
            elif moved >= self.journeys:
                short_of.add("vehicle")
            else:
                give(one, place, day)
                moved += 1
        return Settled(moved, len(asking) - moved, frozenset(short_of))


def give(one: Person, place: tuple[str, int], day: int) -> None:
    """Somebody is driven there: at once if he asks on the day, else in the morning."""
    asked_today = one.wants_from >= day * DAY_H
    arrives = one.wants_from if asked_today else max(one.wants_from, day * DAY_H + MORNING_H)
    one.place, one.away_from = place, min(one.away_from, arrives)


def tests_planned(option: Option, from_h: int) -> list[int]:
    """The days on which somebody kept apart from an hour on is tested."""
    where = option.isolation
    return [from_h // DAY_H + later for later in where.tests_d if later <= where.days]


def keep_contact(one: Person, option: Option, hour: int) -> bool:
    """Keeps a contact apart from an hour on; False if he is a case, or was kept when named."""
    where = option.isolation
    if where.contacts == "none" or one.found_h != NEVER:
        return False
    if one.kept_from != NEVER and hour - 2 * option.tracing.delay_h < one.kept_to:
        return False
    one.kept_from, one.kept_to = hour, hour + where.days * DAY_H
    one.away_from, one.place = NEVER, None
    one.wants, one.wants_from = (ROOM if where.contacts == "central" else ""), hour
    one.tests_on += tests_planned(option, hour)
    return True


def keep_case(one: Person, option: Option, hour: int, day: int) -> None:
    """A case gives back the room he had as a contact and asks for a bed; he stays away if away."""
    where = option.isolation
    if one.kept_from != NEVER and one.kept_to > hour:
        one.tests_on = [later for later in one.tests_on if later <= day]
    if not one.kept(hour):
        one.kept_from, one.away_from = hour, NEVER
    one.place = None
    one.kept_to = hour + where.case_days * DAY_H if where.case_days else NEVER
    one.wants = {"hospital": BED, "central": ROOM, "home": ""}[where.cases]
    one.wants_from = hour if one.wants else one.wants_from

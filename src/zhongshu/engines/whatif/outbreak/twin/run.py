"""One run of the twin, day by day: what is found, who is kept apart, who infects whom."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np

from zhongshu.engines.whatif.options import Option, Tracing
from zhongshu.engines.whatif.outbreak.model import (
    DAY_H,
    LOAD_H,
    NEVER,
    QUANTILES,
    REGISTERED,
    UNSEEN,
    Start,
    Tables,
)  # fmt: skip
from zhongshu.engines.whatif.outbreak.oracle import Hit, Infection, Twin, draws, uniform
from zhongshu.engines.whatif.outbreak.population import Population
from zhongshu.engines.whatif.outbreak.state import (
    BEFORE,
    CONTACT_TEST,
    COURSE,
    ROUND,
    ROUND_TEST,
    UNKNOWN,
)
from zhongshu.engines.whatif.outbreak.twin import means
from zhongshu.engines.whatif.outbreak.twin.naming import Tracer
from zhongshu.engines.whatif.outbreak.twin.person import BED, ROOM, Person
from zhongshu.engines.whatif.outbreak.twin.rules import Measures
from zhongshu.engines.whatif.outbreak.twin.sift import Register

OLD_D = 28
TESTED_FROM, TESTED_FOR = 8, 10
Day = dict[str, float]


class Run:
    """`simulate` fills it; see there."""

    def __init__(
        self, population: Population, tables: Tables, option: Option, start: Start, *,
        done: Tracing, run: int, days: int, before: int,
    ) -> None:  # fmt: skip
        self.tables, self.option, self.start, self.run = tables, option, start, run
        self.days, self.before = days, before
        felt = start.person[start.onset_day != NEVER].tolist()
        self.course = Twin(population.people, tables, run, felt=felt)
        self.register, self.done = Register(self.course, done), done
        self.measures = Measures(self.course, option, population)
        self.held = means.rounds(option, population, days)
        self.laboratory = means.Laboratory(option, self.held)
        self.places = means.Places(option, start.placed(option.isolation.case_days))
        self.tracer = Tracer(self.course, option)
        self.persons: dict[int, Person] = {}
        self.hits: dict[int, list[tuple[int, Hit]]] = defaultdict(list)
        self.short_of: frozenset[str] = frozenset()

    def person(self, who: int) -> Person:
        return self.persons.setdefault(who, Person(who))

    def simulate(self) -> tuple[list[Infection], list[Day]]:
        self._register()
        self._unseen()
        for day in range(-self.before, 0):
            self._spread(day)
        self._sift()
        self._hand_over()
        told = [self._day(day) for day in range(self.days)]
        infected = [one for one in self.persons.values() if one.infected]
        rows = [(one.who, one.infected_h, one.infector, one.setting) for one in infected]
        return sorted(rows), told

    # Before hour 0

    def _register(self) -> None:
        """The registered cases, with what nobody knows of them drawn; those kept apart already."""
        begun = []
        for at, who in enumerate(self.start.person.tolist()):
            onset, infected = int(self.start.onset_day[at]), int(self.start.infected_day[at])
            found, apart = int(self.start.found_h[at]), int(self.start.apart_h[at])
            latent = self.course.latent_d(who)
            if onset == infected == NEVER:
                draw = uniform(draws(self.run, BEFORE, who), 0)
                delay = float(self.tables.care[int(draw * QUANTILES)])
                if apart < found:
                    since = uniform(draws(self.run, BEFORE, who), 2) * (self.done.since_d + delay)
                    infected = (apart - self.done.delay_h) // DAY_H - int(since)
                else:
                    onset = found // DAY_H - int(delay)
            if infected == NEVER:
                infected = onset - latent
            infected = max(infected, -self.before)
            if int(self.start.onset_day[at]) != NEVER:
                onset = int(self.start.onset_day[at])
            else:
                onset = infected + latent
            one = self.person(who)
            one.infected_h, one.setting = infected * DAY_H, REGISTERED
            begun.append((one, onset, found, apart))
        for one, onset, found, apart in begun:
            self._begin(one, onset)
            one.passive_h = NEVER
            one.found_h, one.kept_from, one.away_from = found, apart, apart
            one.kept_to = NEVER
        for who, since, until in self.start.isolated.tolist():
            one = self.person(who)
            if one.kept_from == NEVER:
                one.kept_from = one.away_from = since
                one.kept_to = until

    def _unseen(self) -> None:
        """Infected whom nobody registered: a Poisson number, each somewhere on a day of chance."""
        key, cells = draws(self.run, UNKNOWN, 0), self.start.unseen_cells.tolist()
        first = self.course.people.cell_start
        pool = [who for cell in cells for who in range(int(first[cell]), int(first[cell + 1]))]
        everybody = range(len(self.course.people.household))
        number, passed = 0, -math.log1p(-uniform(key, 0))
        while passed < self.start.unseen:
            among = pool or ([0] if cells else everybody)
            who = among[int(uniform(key, 4 * number + 1) * len(among))]
            ago = 1 + int(uniform(key, 4 * number + 2) * self.start.unseen_d)
            number += 1
            passed += -math.log1p(-uniform(key, 4 * number))
            one, day = self.person(who), max(-self.before, -ago)
            onset = day + self.course.latent_d(who)
            if not one.infected and self.course.found_h(who, onset) > 0:
                one.infected_h, one.setting = day * DAY_H, UNSEEN
                self._begin(one, onset)

    def _sift(self) -> None:
        """Who would be registered by now was not infected, nor anybody by him."""
        out = self.register.taken_out(self.persons)
        for who in out:
            one = self.persons[who]
            self.persons[who] = Person(
                who, kept_from=one.kept_from, kept_to=one.kept_to, away_from=one.away_from
            )
            self.register.named_h.pop(who, None)
        for day, hits in self.hits.items():
            self.hits[day] = [(source, hit) for source, hit in hits if source not in out]

    def _hand_over(self) -> None:
        """From hour 0 the option says where people are kept; those found last are traced."""
        everybody = self.persons.values()
        for at, who in enumerate(self.start.person.tolist()):
            one, found = self.person(who), int(self.start.found_h[at])
            one.kept_to = found
            means.keep_case(one, self.option, found, -1)
            if found <= self.start.placed_h:
                self._placed(one)
            one.away_from = found
        for who, since, until in self.start.isolated.tolist():
            one = self.person(who)
            if one.found_h == NEVER:
                one.kept_from = one.kept_to = one.away_from = NEVER
            if means.keep_contact(one, self.option, since):
                one.kept_to = until
                if since <= self.start.placed_h:
                    self._placed(one)
                    one.away_from = since
        for who, since in self.register.named_h.items():
            means.keep_contact(self.person(who), self.option, since)
        recent = [one for one in everybody if -self.start.untraced_h <= one.found_h <= 0]
        for one in sorted(recent, key=lambda one: self.start.person.tolist().index(one.who)):
            self._trace(one, one.found_h)

    def _placed(self, one: Person) -> None:
        if one.wants and one.kept_to > 0:
            place = self.places.free(self.persons.values(), one.wants, 0)
            if place is not None:
                means.give(one, place, 0)

    # Each day

    def _day(self, day: int) -> Day:
        planned = sum(one.tests_on.count(day) for one in self.persons.values())
        sampled = self.laboratory.day(day, planned)
        told = self._find(day)
        settled = self.places.settle(list(self.persons.values()), day)
        self.short_of |= settled.short_of
        infections, over = self._spread(day), self.measures.release(day)
        told |= {
            "transfers": settled.transfers,
            "waiting": settled.waiting,
            "infections": infections,
            "tests": sampled.tests + told["sought"],
            "tubes": sampled.tubes + told.pop("sought"),
            "lab_hours": self.laboratory.hours + self.laboratory.wait_h[-1],
            "p_rooms_out": ROOM in self.short_of,
            "p_beds_out": BED in self.short_of,
            "p_transfers_out": "vehicle" in self.short_of,
            "p_released": over if self.option.restricts else math.nan,
        }
        told |= self.measures.person_days(day) | self._confined(day)
        used = self.places.in_use(self.persons.values(), day)
        tiers = {ROOM: self.option.room_tiers, BED: self.option.bed_tiers}
        told |= {f"{kind}s.{tiers[kind][tier]}": count for (kind, tier), count in used.items()}
        return told

    def _confined(self, day: int) -> Day:
        begin, end = day * DAY_H, (day + 1) * DAY_H
        home = central = severe = 0.0
        for one in self.persons.values():
            first, last = max(one.kept_from, begin), min(one.kept_to, end)
            if first < last:
                moved = min(max(one.away_from, first), last)
                home += (moved - first) / DAY_H
                central += (last - moved) / DAY_H
            severe += one.infected and one.onset_d == day and self._severe(one)
        return {"person_days_home": home, "person_days_central": central, "severe": severe}

    def _severe(self, one: Person) -> bool:
        people, key = self.course.people, draws(self.run, COURSE, one.who)
        worse = float(self.tables.severe[people.age[one.who]])
        worse *= 1.0 - self.course.shield(one.who, one.infected_h, 2)
        return self.course.ill(one.who) and uniform(key, 3) < worse

    # Finding

    def _find(self, day: int) -> Day:
        sought, found = 0, []
        for one in self.persons.values():
            infected_d = one.infected_h // DAY_H
            if not one.infected or infected_d >= day or one.found_h != NEVER:
                continue
            if one.passive_h // DAY_H == day:
                sought += 1
                wait = self.laboratory.wait_h[one.passive_h % DAY_H]
                one.result_h = min(one.result_h, one.passive_h + int(wait))
            if day - infected_d <= OLD_D:
                self._tested_as_contact(one, day)
                self._tested_in_rounds(one, day)
            if one.result_h < (day + 1) * DAY_H:
                found.append(one)
        told = {"detected": len(found), "detected_in_quarantine": 0, "contacts": 0}
        for one in sorted(found, key=lambda one: (one.result_h, one.who)):
            one.found_h = one.result_h
            if one.kept(one.found_h):
                told["detected_in_quarantine"] += 1
            else:
                self.measures.found_outside(one.who, day)
            means.keep_case(one, self.option, one.found_h, day)
            told["contacts"] += self._trace(one, one.found_h)
        outside = told["detected"] - told["detected_in_quarantine"]
        return {**told, "detected_community": outside, "p_no_community_case": outside == 0,
                "sought": sought}  # fmt: skip

    def _trace(self, case: Person, hour: int) -> int:
        named = self.tracer.named(case, hour, self.persons)
        return sum(means.keep_contact(self.person(who), self.option, when) for who, when in named)

    def _load(self, one: Person, hour: int, power: float = 1.0) -> float:
        since = hour - one.infected_h
        return float(self.tables.load[since]) ** power if 0 < since < LOAD_H else 0.0

    def _tested_as_contact(self, one: Person, day: int) -> None:
        where, key = self.option.isolation, draws(self.run, CONTACT_TEST, one.who)
        for at, later in enumerate(where.tests_d):
            if one.kept_from == NEVER or one.kept_from // DAY_H + later != day:
                continue
            hour = day * DAY_H + TESTED_FROM + int(TESTED_FOR * uniform(key, 2 * at))
            likely = self._load(one, hour) * where.sensitivity
            if one.kept(hour) and uniform(key, 2 * at + 1) < likely:
                one.result_h = min(one.result_h, self.laboratory.result_h(hour))

    def _tested_in_rounds(self, one: Person, day: int) -> None:
        """A positive pool is opened: its members are sampled singly, a second step."""
        key, luck = (draws(self.run, purpose, one.who) for purpose in (ROUND, ROUND_TEST))
        for held in self.held:
            at = held.number
            hour = int(held.begin_h + uniform(key, 2 * at) * held.hours)
            called = held.on(day) and self.course.cell(one.who) in held.cells
            comes = hour // DAY_H == day and uniform(key, 2 * at + 1) < held.coverage
            if not (called and comes) or one.kept(hour):
                continue
            if uniform(luck, at) < self._load(one, hour, held.power) * held.sensitivity:
                steps = 2 if held.pool > 1 else 1
                one.result_h = min(one.result_h, self.laboratory.result_h(hour, steps))
                self.laboratory.retests += held.pool if held.pool > 1 else 0

    # Infecting

    def _begin(self, one: Person, onset_d: int) -> None:
        one.onset_d = onset_d
        one.passive_h = self.course.found_h(one.who, onset_d)
        for hit in self.course.hits(one.who, one.infected_h // DAY_H, onset_d):
            self.hits[hit[0] // DAY_H].append((one.who, hit))

    def _spread(self, day: int) -> int:
        """The day's transmissions; of several to one person the earliest, then lowest, source."""
        reached: dict[int, tuple[int, int, int, int]] = {}
        for source, hit in self.hits.pop(day, []):
            hour, target, setting, where, luck = hit
            one = self.persons.get(target)
            if one is not None and one.infected:
                continue
            left = self.measures.left(self.persons, source, hit)
            if luck >= left or (day < 0 and self._registered_by_now(source, hit)):
                continue
            reached[target] = min(
                (hour, source, setting, where), reached.get(target, (NEVER, 0, 0, 0))
            )
        for target, (hour, source, setting, where) in reached.items():
            one = self.person(target)
            one.infected_h, one.infector, one.setting = hour, source, setting
            one.venue = where
        for target in reached:
            self._begin(self.person(target), day + self.course.latent_d(target))
        return len(reached)

    def _registered_by_now(self, source: int, hit: Hit) -> bool:
        """By his own course; he had named who infected him."""
        hour, target, setting, _, _ = hit
        found = self.course.found_h(target, hour // DAY_H + self.course.latent_d(target))
        if found <= 0:
            self.register.lead_back(self.persons[source], target, setting, found)
        return found <= 0


def simulate(
    population: Population, tables: Tables, option: Option, start: Start, *,
    done: Tracing, key: np.uint64, days: int, before: int,
) -> tuple[list[Infection], list[Day]]:  # fmt: skip
    """(infections by person: person, hour, infector or -1, setting; of each day from hour 0 the
    measures of the answer but for the cost).  done: `Model.traced`; key: of the run; before: days
    before hour 0."""
    made = Run(population, tables, option, start, done=done, run=int(key), days=days, before=before)
    return made.simulate()

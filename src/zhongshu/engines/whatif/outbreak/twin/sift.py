"""The twin's register: whom tracing would have found before hour 0 is not there unseen."""

from __future__ import annotations

from zhongshu.engines.whatif.options import Option, Tracing
from zhongshu.engines.whatif.outbreak.model import COMMUNITY, DAY_H, GROUP, HOME, NEVER, PLACE
from zhongshu.engines.whatif.outbreak.named import TESTED_AFTER_H, TESTED_FOR_H
from zhongshu.engines.whatif.outbreak.oracle import Twin, draws, uniform
from zhongshu.engines.whatif.outbreak.state import BEFORE
from zhongshu.engines.whatif.outbreak.twin.naming import Tracer
from zhongshu.engines.whatif.outbreak.twin.person import Person

Persons = dict[int, Person]


class Register:
    """The tracing that was done before hour 0, over those whom the registered infected unseen."""

    def __init__(self, course: Twin, done: Tracing) -> None:
        self.course, self.done, self.run = course, done, course.run
        self.tracer = Tracer(course, Option("before", tracing=done))
        self.named_h: dict[int, int] = {}  # person: hour of being named, found by no test
        self.found_h: dict[int, int] = {}

    def lead_back(self, source: Person, target: int, setting: int, found_h: int) -> None:
        """`target`, found at an hour, names who infected him, if they live or work together."""
        recall = {HOME: self.done.recall_home, GROUP: self.done.recall}.get(setting, 0.0)
        if self.done.depth and uniform(draws(self.run, BEFORE, target), 3) < recall:
            self._name(source, found_h + self.done.delay_h)

    def _name(self, one: Person, hour: int) -> None:
        if hour > 0 or not one.infected or one.registered:
            return
        tested = self.course.tables.tested
        hours = min(max(min(0, hour + TESTED_FOR_H) - one.infected_h, 0), len(tested) - 1)
        tested_by_now = hour + TESTED_AFTER_H <= 0
        if tested_by_now and uniform(draws(self.run, BEFORE, one.who), 4) < tested[hours]:
            self.found_h[one.who] = min(hour, self.found_h.get(one.who, NEVER))
        elif one.infected_h < hour:
            self.named_h[one.who] = min(hour, self.named_h.get(one.who, NEVER))

    def taken_out(self, persons: Persons) -> set[int]:
        """Who would be registered, and all whom they infected in turn."""
        infected = sorted(
            (one for one in persons.values() if one.infected), key=lambda one: one.infected_h
        )
        if self.done.depth:
            for one in infected:
                if one.registered:
                    self._look(one, persons)
                elif one.infector >= 0:
                    self._meeting(one, persons[one.infector])
        for one in reversed(infected):
            if one.who in self.found_h and one.infector >= 0:
                source = persons[one.infector]
                self.lead_back(source, one.who, one.setting, self.found_h[one.who])
        out: set[int] = set()
        for one in infected:
            if one.who in self.found_h or one.infector in out:
                out.add(one.who)
        return out

    def _look(self, case: Person, persons: Persons) -> None:
        """Who lives and works with a registered case, and whoever was where he was."""
        hour = case.found_h + self.done.delay_h
        days = case.found_h // DAY_H - self.tracer.looked_for_from(case, case.found_h) + 1
        for who in [
            *self.tracer.living(case.who),
            *self.tracer.working(case.who),
            *self.tracer.recorded(case.who, days),
        ]:
            if who in persons:
                self._name(persons[who], hour)

    def _meeting(self, one: Person, source: Person) -> None:
        """The very meeting with a registered case at which somebody was infected."""
        share = {COMMUNITY: self.done.recall_community}.get(one.setting, 0.0)
        if one.setting == PLACE:
            kind = int(self.course.people.place_kind[one.venue])
            share = self.done.recall_places * self.tracer.makes_contact(kind, passed=True)
        if source.registered and uniform(draws(self.run, BEFORE, one.who), 1) < share:
            self._name(one, source.found_h + self.done.delay_h)

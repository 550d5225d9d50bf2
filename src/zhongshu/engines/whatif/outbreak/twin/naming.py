"""Whom the twin's tracing names for a case.  It does not know who infected whom."""

from __future__ import annotations

import math
from collections.abc import Iterator

from zhongshu.engines.whatif.options import Option, Tracing
from zhongshu.engines.whatif.outbreak.model import COMMUNITY, DAY_H, PLACE, Tables
from zhongshu.engines.whatif.outbreak.oracle import Twin, draws, uniform
from zhongshu.engines.whatif.outbreak.state import (
    TRACE_FALSE,
    TRACE_GROUP,
    TRACE_HOME,
    TRACE_MET,
    TRACE_PLACE,
)
from zhongshu.engines.whatif.outbreak.twin.person import Person
from zhongshu.kernel.feeds import PLACE_KINDS


def makes_contact(how: Tracing, tables: Tables, kind: int, *, passed: bool) -> float:
    """Share of the meetings in a place that are near and long enough.  Hours together are
    exponential; where infection passed, they are weighed by their length."""
    least, near = dict(how.close_min), dict(how.near).get(PLACE_KINDS[kind], 1.0)
    if how.close_min and PLACE_KINDS[kind] not in least:
        return 0.0
    minutes, mean_min = least.get(PLACE_KINDS[kind], 0.0), 60.0 * float(tables.overlap_h[kind])
    if minutes == 0:
        return near
    if mean_min == 0:
        return 0.0
    longer = math.exp(-minutes / mean_min)
    return near * longer * (1.0 + minutes / mean_min if passed else 1.0)


class Tracer:
    """One run's tracing: each meeting is on record or not, by the luck of its case."""

    def __init__(self, course: Twin, option: Option) -> None:
        self.course, self.people, self.run = course, course.people, course.run
        self.how = option.tracing

    def named(self, case: Person, hour: int, known: dict[int, Person]) -> list[tuple[int, int]]:
        """(contact, hour from which he is kept apart), first degree before second."""
        how = self.how
        if how.depth == 0:
            return []
        then = max(hour, 0) + how.delay_h
        from_d = self.looked_for_from(case, hour)
        first = [*self.living(case.who), *self.working(case.who)]
        others = [
            *self.recorded(case.who, hour // DAY_H - from_d + 1),
            *self._infected(case, from_d, hour, known),
            *self._mistaken(case.who),
        ]
        pairs = [(who, then) for who in first + others]
        if how.depth == 2:
            for who in first:
                second = [*self.living(who), *self.working(who)]
                pairs += [(other, then + how.delay_h) for other in second]
        return [(who, when) for who, when in pairs if who != case.who]

    def looked_for_from(self, case: Person, hour: int) -> int:
        felt = self.course.ill(case.who) and case.onset_d * DAY_H <= hour
        return (case.onset_d if felt else hour // DAY_H) - self.how.since_d

    def living(self, who: int) -> Iterator[int]:
        home = self.people.household[who]
        start, end = self.people.home_start[home], self.people.home_start[home + 1]
        for seat, other in enumerate(range(int(start), int(end))):
            on_record = uniform(draws(self.run, TRACE_HOME, who), seat) < self.how.recall_home
            if other != who and on_record:
                yield other

    def working(self, who: int) -> Iterator[int]:
        for slot, other in enumerate(self.course.colleagues(who)):
            if uniform(draws(self.run, TRACE_GROUP, who), slot) < self.how.recall:
                yield other

    def recorded(self, who: int, days: int) -> Iterator[int]:
        """Others on record at the same place at once: a Poisson number for each place visited."""
        if self.how.recall_places == 0:
            return
        key, number = draws(self.run, TRACE_PLACE, who), 0
        for visit in self.course.visits(who):
            rate = visit.met_a_day * self.how.recall_places
            rate *= self.makes_contact(visit.kind, passed=False) * days
            passed = -math.log1p(-uniform(key, 2 * number))
            while passed < rate:
                other = visit.visitors[int(uniform(key, 2 * number + 1) * len(visit.visitors))]
                if other != who:
                    yield other
                number += 1
                passed += -math.log1p(-uniform(key, 2 * number))
            number += 1

    def _infected(
        self, case: Person, from_d: int, hour: int, known: dict[int, Person]
    ) -> Iterator[int]:
        """Meetings in places and with strangers in which infection passed, either way."""
        met = [(case, case.infector)] if case.infector >= 0 else []
        met += [(other, other.who) for other in known.values() if other.infector == case.who]
        for infected, contact in met:
            share = {COMMUNITY: self.how.recall_community}.get(infected.setting, 0.0)
            if infected.setting == PLACE:
                kind = int(self.people.place_kind[infected.venue])
                share = self.how.recall_places * self.makes_contact(kind, passed=True)
            on_record = uniform(draws(self.run, TRACE_MET, infected.who), 0) < share
            if on_record and from_d * DAY_H <= infected.infected_h <= hour:
                yield contact

    def makes_contact(self, kind: int, *, passed: bool) -> float:
        return makes_contact(self.how, self.course.tables, kind, passed=passed)

    def _mistaken(self, who: int) -> Iterator[int]:
        key = draws(self.run, TRACE_FALSE, who)
        cell = self.course.cell(who)
        start, end = self.people.cell_start[cell], self.people.cell_start[cell + 1]
        for number in range(int(self.how.false_per_case + uniform(key, 0))):
            yield int(start) + int(uniform(key, number + 1) * (end - start))

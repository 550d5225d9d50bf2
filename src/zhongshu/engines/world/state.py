"""The world while it runs: what stays the same, what changes, and one step of a day."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import F64, I32, I64, Bools
from zhongshu.engines.world.days import (
    arrivals,
    curbs,
    epidemic,
    exposure,
    records,
    schedule,
    sentinel,
    testing,
    tubes,
)
from zhongshu.engines.world.days.epidemic import DAY_S, HOUR_S, NEVER
from zhongshu.engines.world.days.usual import usual
from zhongshu.engines.world.model import DayResult, Masks, Measures
from zhongshu.engines.world.people.places import RESTAURANT
from zhongshu.engines.world.statics import Statics
from zhongshu.kernel import chance
from zhongshu.kernel.errors import Refused

NOTHING = Measures()

CASE = np.dtype(
    [
        ("record", np.int32),  # row in the course table
        ("symptomatic", np.bool_),  # as known when reported
        ("reported_s", np.int64),
    ]
)


class World:
    """A province that can be taken forward day by day.

    `course` is the truth: one record for each infection so far, in the order of discovery by the
    simulation.  Nothing else in Zhongshu reads it but the truth writer.
    """

    def __init__(self, statics: Statics) -> None:
        self.statics = statics
        self.day = 0
        self.course: epidemic.Course = np.zeros(0, dtype=epidemic.COURSE)
        self.record_of: I32 = np.full(statics.people.people, -1, dtype=np.int32)
        self.stayed: list[NDArray[np.uint8]] = []
        """For each past day, who stayed at home, packed to bits: visits can be made again."""
        self.closed: list[I64] = []
        """For each past day, the places that were closed."""
        self.curbed: list[curbs.Curbs | None] = []
        """For each past day, the other measures that took visits away."""
        self._records = _Outbox(records.RECORD, "recorded")
        self._samples = _Outbox(testing.SAMPLE, "reported_s")
        self._swabs = _Outbox(tubes.SWAB, "entered_s")
        self._tubes = _Outbox(tubes.TUBE, "reported_s")
        self._tube = 1  # number of the next
        self._cases = _Outbox(CASE, "reported_s")
        self._counts = _Outbox(sentinel.COUNT, "reported_s")
        self._case_written: Bools = np.zeros(0, dtype=np.bool_)

    def fork(self) -> World:
        """An independent copy at the same moment, to see what other measures would do."""
        other = copy.copy(self)
        other.course, other.record_of = self.course.copy(), self.record_of.copy()
        for name in ("stayed", "closed", "curbed"):
            setattr(other, name, list(getattr(self, name)))
        other._case_written = self._case_written.copy()
        for name in ("_records", "_samples", "_swabs", "_tubes", "_cases", "_counts"):
            setattr(other, name, copy.copy(getattr(self, name)))
        return other

    @property
    def date(self) -> dt.date:
        """The day that the next step will simulate."""
        return self.statics.params.start + dt.timedelta(days=self.day)

    def step(self, measures: Measures = NOTHING) -> DayResult:
        """Simulates one day under the measures in force.  Refuses after the last day."""
        static, day = self.statics, self.day
        if day >= static.params.days:
            raise Refused("world.over", f"The world ends after {day} days.", day=day)
        isolated = static.persons(measures.isolated)
        in_hospital = self._in_hospital()
        held = curbs.resolve(
            static,
            isolations=measures.isolations,
            closures=measures.closures,
            rooms=measures.rooms,
            in_hospital=in_hospital,
        )
        arrived, seeded = self._arrive()
        stays = self._stays(isolated, measures.closed_villages)
        apart = isolated if held is None else np.union1d(isolated, held.apart_by(testing.FROM_H))
        self._test(measures, arrived, apart)
        closed = static.place_indices(measures.closed_places)
        count = static.people.people
        made = static.visits(day, np.arange(count), stays)
        kept = self._curbed(_but(made, closed), held, day)
        visits = self._not_held(kept)
        new = self._infect(visits, isolated, held, measures.masks)
        plain = (static.residents(measures.closed_villages), self._mask(isolated))
        lost = 1.0 - schedule.hours(kept, count) / np.maximum(schedule.hours(made, count), 1e-9)
        shares = curbs.restricted(held, plain, in_hospital, lost)
        result = self._close(visits, np.concatenate((seeded, new)), arrived, shares)
        self.stayed.append(np.packbits(stays))
        self.closed.append(closed)
        self.curbed.append(held)
        self.day += 1
        return result

    def visits_again(self, day: int, who: I64) -> schedule.Visits:
        """Visits that `who` made on a past day."""
        count = self.statics.people.people
        stays = np.unpackbits(self.stayed[day], count=count).astype(np.bool_)
        made = _but(self.statics.visits(day, who, stays), self.closed[day])
        return self._not_held(self._curbed(made, self.curbed[day], day), day)

    def _curbed(
        self, visits: schedule.Visits, held: curbs.Curbs | None, day: int
    ) -> schedule.Visits:
        if held is None:
            return visits
        return held.visits(visits, seed=self.statics.params.seed, day=day)

    def _in_hospital(self) -> Bools:
        """(n,) confirmed before today began."""
        return self._mask(self.course["person"][epidemic.removed(self.course, self.day)])

    def _mask(self, who: I64 | I32) -> Bools:
        mask = np.zeros(self.statics.people.people, dtype=np.bool_)
        mask[who] = True
        return mask

    def _not_held(self, visits: schedule.Visits, day: int | None = None) -> schedule.Visits:
        """Without what begins after its visitor was found: who is confirmed goes to hospital, and
        a fever clinic does not let its patients go before the result."""
        zero = DAY_S * (self.day if day is None else day)
        record = self.record_of[visits.person]
        held = np.append(epidemic.held_from(self.course), NEVER)[record]  # -1: nobody's, the last
        return visits.take(visits.time_in + zero < held)

    def _arrive(self) -> tuple[arrivals.Arrivals, epidemic.Course]:
        static = self.statics
        seeded = static.seed_person[static.seed_day == self.day]
        arrived = arrivals.arrive(
            static.params, static.margins, self.day, static.people.people, seeded
        )
        rows = arrivals.infections(static.params.seed, arrived, seeded)
        rows = rows[self.record_of[rows["person"]] < 0]
        return arrived, self._add(self._progress(rows))

    def _progress(self, rows: epidemic.Course) -> epidemic.Course:
        params, people = self.statics.params, self.statics.people
        return epidemic.progress(
            params.seed, rows, people.age[rows["person"]], params.disease, params.testing
        )

    def _add(self, rows: epidemic.Course) -> epidemic.Course:
        self.record_of[rows["person"]] = len(self.course) + np.arange(len(rows))
        self.course = np.concatenate((self.course, rows))
        self._case_written = np.concatenate((self._case_written, np.zeros(len(rows), np.bool_)))
        return rows

    def _stays(self, isolated: I64, closed_villages: Sequence[str]) -> Bools:
        """Who makes no visits: isolated, closed in, in hospital, ill at home, not yet here."""
        static = self.statics
        stays = np.zeros(static.people.people, dtype=np.bool_)
        stays[isolated] = True
        stays[self.course["person"][epidemic.removed(self.course, self.day)]] = True
        stays[self.course["person"][epidemic.stays_home_ill(self.course, self.day)]] = True
        stays[static.seed_person[static.seed_day >= self.day]] = True
        if closed_villages:
            stays |= np.isin(static.village_of_person, static.settled(closed_villages))
        return stays

    def _infect(
        self, visits: schedule.Visits, isolated: I64, held: curbs.Curbs | None, masks: Masks
    ) -> epidemic.Course:
        static, people = self.statics, self.statics.people
        disease, seed = static.params.disease, static.params.seed
        out, at_home = epidemic.force_today(self.course, self.day, disease)
        force = np.zeros((2, people.people))
        force[0, self.course["person"]], force[1, self.course["person"]] = out, at_home
        force[0, isolated] = 0.0
        susceptible = self.record_of < 0
        at_risk = susceptible
        if held is not None:
            force[1, held.away] = 0.0
            at_risk = susceptible & ~held.away
        busy = np.bincount(visits.place, minlength=len(static.places))
        hazard = static.hazard_per_h * np.minimum(1.0, static.crowd / np.maximum(busy, 1))
        hazard[static.places.kind != RESTAURANT] *= masks.left
        in_places = exposure.in_places(
            chance.key(seed, "meet", self.day), visits, force[0], susceptible, hazard
        )
        in_households = exposure.in_households(
            chance.key(seed, "household", self.day),
            household=people.household,
            starts=people.household_start,
            force=force[1],
            susceptible=at_risk,
            hazard_per_day=disease.household_per_day,
        )
        hits = exposure.first_of_each(in_places, in_households)
        return self._add(
            epidemic.begin(
                seed,
                hits,
                day=self.day,
                ages=people.age[hits.person],
                disease=disease,
                testing=static.params.testing,
            )
        )

    def _test(self, measures: Measures, arrived: arrivals.Arrivals, isolated: I64) -> None:
        static = self.statics
        params, seed, day = static.params.testing, static.params.seed, self.day
        found = testing.Found(self.record_of, self.course)
        self._samples.push(testing.at_fever_clinic(seed=seed, day=day, found=found, testing=params))
        on_arrival = chance.uniform(chance.key(seed, "on_arrival", day), arrived["person"])
        contacts = testing.household_contacts(
            seed=seed,
            day=day,
            found=found,
            household=static.people.household,
            starts=static.people.household_start,
            testing=params,
        )
        come = testing.volunteers(seed, day, static.people.people, params.voluntary)
        groups = [
            (arrived["person"][on_arrival < params.arrival_tested], testing.ARRIVAL),
            (np.union1d(contacts, self._isolated_tests(isolated)), testing.CONTACT),
            (come, testing.VOLUNTARY),
        ]
        for who, reason in groups:
            rows = testing.sample(
                seed=seed,
                day=day,
                who=who,
                reason=reason,
                found=found,
                testing=params,
                sensitivity=params.sensitivity,
                method=testing.POOL10 if reason == testing.VOLUNTARY else testing.SINGLE,
            )
            if reason == testing.VOLUNTARY:
                rows = self._pooled(rows, static.point_of_county[static.people.county])
            self._samples.push(rows)
        for held in measures.rounds:
            self._samples.push(self._pooled(self._hold(held, found), static.village_of_person))

    def _pooled(self, rows: testing.Samples, village: I32) -> testing.Samples:
        """The samples, after their swabs were put into tubes; village: (people,) where each
        person's point is."""
        most = testing.IN_A_TUBE[testing.POOL10]
        filled = tubes.fill(rows, village[rows["person"]], most=most, first=self._tube)
        self._tube += len(rows)
        self._swabs.push(filled.swabs)
        self._tubes.push(filled.tubes)
        return filled.samples

    def _isolated_tests(self, isolated: I64) -> I64:
        """People in isolation are tested every other day."""
        due: I64 = isolated[(isolated + self.day) % 2 == 0]
        return due

    def _hold(self, held: testing.Round, found: testing.Found) -> testing.Samples:
        static = self.statics
        residents = np.flatnonzero(static.residents(held.villages))
        params = static.params.testing
        if held.result_h is not None:
            params = dataclasses.replace(params, result_h=held.result_h)
        return testing.sample(
            seed=static.params.seed,
            day=self.day,
            who=testing.called(static.params.seed, self.day, residents, held.turnout),
            reason=testing.SCREENING,
            found=found,
            testing=params,
            sensitivity=held.sensitivity,
            method=testing.POOL10,
        )

    def _close(
        self,
        visits: schedule.Visits,
        new: epidemic.Course,
        arrived: arrivals.Arrivals,
        restricted: F64,
    ) -> DayResult:
        """What the headquarters can know when the day ends."""
        static, day, end = self.statics, self.day, (self.day + 1) * DAY_S
        params = static.params
        self._records.push(
            records.make(params.seed, day, visits, static.places.kind, params.movement)
        )
        self._report_cases(end)
        self._counts.push(
            sentinel.counts(
                seed=params.seed,
                day=day,
                usual=usual(params.history, seed=params.seed, start=params.start, day=self.date),
                site=static.sites,
                course=self.course,
            )
        )
        ill = self.course["person"][self.course["confirmed_s"] < end]
        return DayResult(
            day=day,
            date=self.date,
            visits=visits,
            infections=new,
            records=self._records.release(end),
            samples=self._samples.release(end),
            swabs=self._swabs.release(end),
            tubes=self._tubes.release(end),
            cases=self._cases.release(end),
            counts=self._counts.release(end),
            arrivals=arrived,
            in_hospital=np.bincount(
                static.people.county[ill], minlength=len(static.margins.county_codes)
            ),
            restricted=restricted,
        )

    def _report_cases(self, end: int) -> None:
        """A confirmed infection becomes a case; reported within three hours."""
        new = np.flatnonzero((self.course["confirmed_s"] < end) & ~self._case_written)
        rows = np.zeros(len(new), dtype=CASE)
        mine = self.course[new]
        key = chance.key(self.statics.params.seed, "report")
        hours = 0.3 + 2.7 * chance.uniform(key, mine["person"])
        rows["record"] = new
        rows["reported_s"] = mine["confirmed_s"] + (hours * HOUR_S).astype(np.int64)
        rows["symptomatic"] = mine["symptomatic"] & (mine["onset_s"] <= rows["reported_s"])
        self._case_written[new] = True
        self._cases.push(rows)


def _but(visits: schedule.Visits, closed: I64) -> schedule.Visits:
    """The visits that do not go to one of the closed places."""
    return visits.take(~np.isin(visits.place, closed)) if len(closed) else visits


class _Outbox:
    """Facts that happened, held back until they become known."""

    def __init__(self, dtype: np.dtype[np.void], known: str) -> None:
        self._held: NDArray[np.void] = np.zeros(0, dtype=dtype)
        self._known = known

    def push(self, rows: NDArray[np.void]) -> None:
        self._held = np.concatenate((self._held, rows))

    def release(self, until_s: int) -> NDArray[np.void]:
        """Takes out what became known before `until_s`."""
        ready: Bools = self._held[self._known] < until_s
        rows, self._held = self._held[ready], self._held[~ready]
        return rows

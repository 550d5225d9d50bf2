"""One drill: the world steps, its feeds come in, the engines propose, a policy decides.

Nothing but `score` reads the truth.  The only thing the loop takes from it is when to stop: once
nobody can infect anybody any more and nothing is in force, the days that are left change nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator
from typing import cast

import pyarrow as pa

from zhongshu.engines.world import feeds, mess
from zhongshu.engines.world.days.epidemic import removed
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.model import Closure, DayResult, Isolation, Masks, Measures, Round
from zhongshu.engines.world.state import World
from zhongshu.kernel.disease.course import PROFILE_FROM_D
from zhongshu.service.drills import county, figures, score
from zhongshu.service.drills.county import Register
from zhongshu.service.drills.figures import Figures
from zhongshu.service.drills.known import Known
from zhongshu.service.drills.model import (
    DAY_S,
    Contact,
    Decision,
    Policy,
    Proposals,
    Scenario,
    Score,
)
from zhongshu.service.drills.propose import Aims, Cycle, stay

NOTHING = Measures()
HOURS = (4.0, 8.0, 12.0, 16.0, 20.0)  # of the day, at which new cases are traced besides evenings
FETCHED_H = 2.0
"""Hours after a case is read of until his household is fetched with him; an assumption."""
FETCH_FROM_H = 9.0  # of the day: nobody is fetched in the early morning
ROOM_FADES = 0.8
"""By how much a day since the last exposure weighs less in the line for rooms; an assumption."""
LOOK_BACK_D = 8  # a window before onset, and the days until a late case is found


@dataclasses.dataclass(frozen=True)
class Room:
    """What a drill is held in; made once for a seed and used by every policy."""

    scenario: Scenario
    figures: Figures
    world: World
    register: Register
    rooms: int


def prepare(scenario: Scenario, margins: Margins, *, seed: int) -> Room:
    """The county of a seed.  Refuses (BadInput, NotFound) a scenario that cannot be had."""
    read = figures.read(scenario)
    world = county.world(
        scenario, county.hashed(margins), seed=seed, rooms_per_10000=read.rooms_per_10000
    )
    rooms = round(read.rooms_per_10000 * scenario.people / 10_000)
    return Room(scenario, read, world, county.register(world, unit=read.unit), rooms)


@dataclasses.dataclass(frozen=True)
class Evening:
    """A moment at which something is to be decided: what the headquarters knows and what the
    engines propose.  known and tally go on changing: read them before the decision is given."""

    proposals: Proposals
    known: Known
    tally: score.Tally


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The opened truth of one drill.  infected: true new infections by day; restricted: person-days
    restricted by day; both (days simulated,)."""

    score: Score
    infected: tuple[int, ...]
    restricted: tuple[float, ...]


def run(room: Room, policy: Policy, *, aims: Aims = Aims()) -> Score:  # noqa: B008 - frozen
    """All days of the drill under one policy.  Equal rooms and policies give equal scores."""
    return outcome(room, policy, aims=aims).score


def outcome(room: Room, policy: Policy, *, aims: Aims = Aims()) -> Outcome:  # noqa: B008 - frozen
    """The same, with what was on each day."""
    steps = evenings(room, name=policy.name, asks=policy.asks, aims=aims)
    try:
        evening = next(steps)
        while True:
            evening = steps.send(policy.decide(evening.proposals))
    except StopIteration as ended:
        return cast(Outcome, ended.value)


def evenings(
    room: Room,
    *,
    name: str,
    asks: frozenset[str],
    aims: Aims = Aims(),  # noqa: B008 - frozen
) -> Generator[Evening, Decision, Outcome]:
    """The drill held open: yields from the first known case on, takes a decision for each, and
    gives the outcome as its return value."""
    world, scenario = room.world.fork(), room.scenario
    known = Known(room.register, world.statics.params.start, keep_days=LOOK_BACK_D)
    cycle = Cycle(known, room.figures, aims, asked=asks)
    orders = Orders(room)
    tally = score.Tally(world)
    measures = NOTHING
    for day in range(scenario.days):
        if measures.rounds:
            cycle.held_round(day)
        if orders.standing:
            measures = as_named(day, world, known, cycle, orders)
        result = world.step(measures)
        known.take(day, sent(world, result))
        tally.add(result, world)
        decision = Decision()
        if known.cases:
            tally.started(day)
            decision = yield Evening(cycle.propose(day), known, tally)
        measures = orders.of(decision, day=day + 1)
        known.isolated_s = dict(orders.since_s)
        if measures == NOTHING and over(world):
            break
    told = tally.score(world, policy=name, known=known, contacts=cycle.ever)
    return Outcome(told, score.infected_by_day(world), tuple(tally.restricted_by_day))


def as_named(day: int, world: World, known: Known, cycle: Cycle, orders: Orders) -> Measures:
    """The measures of `day` with those whom its own cases name isolated within the pack's hours.

    The day is looked at ahead for the cases as they come in.  When they do does not depend on who
    is isolated on that day, for the newly isolated are tested from the next one on.
    """
    ahead = world.fork().step(orders.measures(day))
    known_s = ahead.cases["reported_s"] - day * DAY_S
    began = 0.0
    for hour in HOURS:
        now = dataclasses.replace(
            ahead, cases=ahead.cases[(known_s >= began * 3600) & (known_s < hour * 3600)]
        )
        began = hour
        if len(now.cases):
            fresh = known.take_cases(day, sent(world, now)["cases"])
            homes = known.register.homes([case.person for case in fresh])
            named = cycle.named(fresh, day=day)
            with_case = [one for one in named if known.register.home[one.person] in homes]
            fetched_h = max(hour + FETCHED_H, FETCH_FROM_H)
            orders.add(with_case, since_s=day * DAY_S + round(fetched_h * 3600))
            orders.add(named, since_s=day * DAY_S + round((hour + cycle.figures.isolated_h) * 3600))
            known.isolated_s = dict(orders.since_s)
    return orders.measures(day)


def sent(world: World, result: DayResult) -> dict[str, pa.Table]:
    """The day's files as the departments send them: late, doubled, mistyped, with gaps."""
    params = world.statics.params
    clean = {"visits": feeds.visits(world, result), "cases": feeds.cases(world, result)}
    return mess.dirty(
        clean,
        seed=params.seed,
        day=result.day,
        retired_codes=world.statics.margins.retired_codes,
    )


def over(world: World) -> bool:
    """Whether nobody can infect anybody from now on."""
    course = world.course
    profile = len(world.statics.params.disease.profile)
    last_d = course["onset_s"] // DAY_S + PROFILE_FROM_D + profile - 1
    arrived = world.statics.seed_day.max() < world.day
    return bool(arrived and (removed(course, world.day) | (last_d < world.day)).all())


class Orders:
    """Turns decisions into measures: what is new begins at the hour, what goes on holds all day."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.since_s: dict[int, int] = {}
        """By person, since when he has been ordered into isolation; only of those who are."""
        self.standing: frozenset[int] = frozenset()
        """Degrees of contacts who are isolated as soon as a case names them."""
        self._isolated: list[Contact] = []
        self._areas: frozenset[str] = frozenset()
        self._closed: frozenset[str] = frozenset()
        self._round = self._protect = self._protected = False
        self._shut: frozenset[str] = frozenset()
        self._places: tuple[str, ...] = ()

    def of(self, decision: Decision, *, day: int) -> Measures:
        """The measures of `day` by what was decided on the evening before."""
        register = self._room.register
        begin_s = day * DAY_S + round(self._room.scenario.from_hour * 3600)
        before, self.since_s = self.since_s, {}
        for one in decision.isolate:
            self.since_s[one.person] = before.get(one.person, begin_s)
        self.standing = frozenset(decision.standing)
        self._isolated = list(decision.isolate)
        self._closed = self._areas
        self._areas = frozenset(register.county_areas if decision.lock else decision.areas)
        self._protected, self._shut = self._protect, frozenset(self._places)
        self._round, self._protect = decision.round_, decision.protect
        self._places = decision.places
        return self.measures(day)

    def add(self, named: list[Contact], *, since_s: int) -> None:
        """Isolates contacts of the standing degrees from a moment on."""
        for one in named:
            if one.degree in self.standing and one.person not in self.since_s:
                self.since_s[one.person] = since_s
                self._isolated.append(one)

    def measures(self, day: int) -> Measures:
        return Measures(
            isolations=self._isolations(day),
            closures=(
                *self._closures(self._areas & self._closed, 0.0),
                *self._closures(self._areas - self._closed, self._room.scenario.from_hour),
                *self._tables(),
            ),
            rounds=self._rounds() if self._round else (),
            rooms=self._room.rooms if self._isolated else None,
            masks=self._masks(),
        )

    def _isolations(self, day: int) -> tuple[Isolation, ...]:
        """The rooms go day by day to those who would endanger most at home."""
        found = []
        line = sorted(self._isolated, key=lambda one: self._room_rank(one, day=day))
        for central in (True, False):
            hours: dict[float, list[int]] = {}
            for one in line:
                hour = max(0.0, (self.since_s[one.person] - day * DAY_S) / 3600)
                here = stay(one, self._room.figures, day=day) == "central"
                if hour < 24 and here == central:
                    hours.setdefault(hour, []).append(one.person)
            for hour, who in hours.items():
                ids = self._room.register.id_no.take(pa.array(who)).to_pylist()
                found.append(Isolation(tuple(ids), from_hour=hour, central=central))
        return tuple(found)

    def _room_rank(self, one: Contact, *, day: int) -> tuple[bool, float, float]:
        """Whoever lives alone endangers nobody at home; of the others, the likeliest to have been
        infected of late comes first."""
        register = self._room.register
        alone = register.home_size[register.home[one.person]] == 1
        fresh = one.score * ROOM_FADES ** max(0, day - one.last_day)
        return bool(alone), -fresh, self.since_s[one.person]

    def _closures(self, areas: frozenset[str], hour: float) -> tuple[Closure, ...]:
        if not areas:
            return ()
        scenario = self._room.scenario
        closure = Closure(
            areas=tuple(sorted(areas)),
            from_hour=hour,
            strictness=scenario.strictness,
            compliance=scenario.compliance,
        )
        return (closure,)

    def _tables(self) -> tuple[Closure, ...]:
        """Nobody eats out while people avoid gatherings, and what a case made crowded is shut."""
        room, begin = self._room, self._room.scenario.from_hour
        if not self._protect:
            return ()
        eating = Closure(
            places=room.register.restaurants,
            from_hour=0.0 if self._protected else begin,
            compliance=room.scenario.compliance,
        )
        shut = [
            Closure(places=tuple(sorted(some)), from_hour=hour)
            for some, hour in (
                ({*self._places} & self._shut, 0.0), ({*self._places} - self._shut, begin),
            ) if some
        ]  # fmt: skip
        return (eating, *shut)

    def _masks(self) -> Masks:
        scenario = self._room.scenario
        return Masks(scenario.masked, scenario.mask_effect) if self._protect else Masks()

    def _rounds(self) -> tuple[Round, ...]:
        scenario = self._room.scenario
        held = Round(
            villages=self._room.register.county_areas,
            turnout=scenario.turnout,
            sensitivity=scenario.sensitivity,
        )
        return (held,)

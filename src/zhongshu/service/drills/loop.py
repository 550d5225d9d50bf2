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
from zhongshu.engines.world.model import Closure, DayResult, Isolation, Measures, Round
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
        self._closed: frozenset[str] = frozenset()

    def of(self, decision: Decision, *, day: int) -> Measures:
        scenario, register = self._room.scenario, self._room.register
        begin_s = day * DAY_S + round(scenario.from_hour * 3600)
        before, self.since_s = self.since_s, {}
        for one in decision.isolate:
            self.since_s[one.person] = before.get(one.person, begin_s)
        areas = frozenset(register.county_areas if decision.lock else decision.areas)
        measures = Measures(
            isolations=self._isolations(decision.isolate, before, day=day),
            closures=(
                *self._closures(areas & self._closed, 0.0),
                *self._closures(areas - self._closed, scenario.from_hour),
            ),
            rounds=self._rounds() if decision.round_ else (),
            rooms=self._room.rooms if decision.isolate else None,
        )
        self._closed = areas
        return measures

    def _isolations(
        self, wanted: tuple[Contact, ...], before: dict[int, int], *, day: int
    ) -> tuple[Isolation, ...]:
        """Who was in isolation yesterday stands first in line for the rooms."""
        found = []
        for central in (True, False):
            for new in (False, True):
                who = [
                    one.person
                    for one in wanted
                    if (one.person not in before) == new
                    and (stay(one, self._room.figures, day=day) == "central") == central
                ]
                who.sort(key=lambda person: before.get(person, 0)) if not new else None
                if who:
                    hour = self._room.scenario.from_hour if new else 0.0
                    ids = self._room.register.id_no.take(pa.array(who)).to_pylist()
                    found.append(Isolation(tuple(ids), from_hour=hour, central=central))
        return tuple(found)

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

    def _rounds(self) -> tuple[Round, ...]:
        scenario = self._room.scenario
        held = Round(
            villages=self._room.register.county_areas,
            turnout=scenario.turnout,
            sensitivity=scenario.sensitivity,
        )
        return (held,)

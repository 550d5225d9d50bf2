"""What came of a drill.  This module reads the truth, and no decision is taken after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from zhongshu.engines.world.days.curbs import AREA, CENTRAL, HOME, PLACE
from zhongshu.engines.world.days.epidemic import NEVER, held_from
from zhongshu.engines.world.days.testing import SCREENING
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.state import World
from zhongshu.service.drills.known import Known
from zhongshu.service.drills.model import DAY_S, Score

CLEAR_D = 7  # a drill that ends within so many days of a community case has not come to zero
FIGURES = (
    "infections",
    "later",
    "person_days",
    "area_pd",
    "home_pd",
    "central_pd",
    "place_pd",
    "tests",
    "rounds",
    "peak_rooms",
    "zero_day",
    "missed",
    "isolation_h",
    "never_isolated",
)


@dataclasses.dataclass(frozen=True)
class SoFar:
    """person_days: restricted so far, of all kinds; tests: results so far; rounds: held so far;
    rooms: of isolation sites taken on the last day."""

    person_days: float
    tests: int
    rounds: int
    rooms: int


class Tally:
    """Adds up the days of one drill."""

    def __init__(self, world: World) -> None:
        self._person_days = np.zeros(4)
        self._since_s = np.full(world.statics.people.people, NEVER)
        self._tests = self._rounds = self._peak = self._rooms = 0
        self._started: int | None = None
        self.restricted_by_day: list[float] = []

    def started(self, day: int) -> None:
        """The first case is known; only the first call counts."""
        self._started = day if self._started is None else self._started

    def add(self, day: DayResult, world: World) -> None:
        self._rooms = 0
        restricted = day.restricted.sum(axis=1)
        self._person_days += restricted
        if day.restricted.shape[1]:
            self._rooms = int((day.restricted[CENTRAL] > 0).sum())
            self._peak = max(self._peak, self._rooms)
        self.restricted_by_day.append(float(restricted[:PLACE].sum()))
        self._tests += len(day.samples)
        self._rounds += bool((day.samples["reason"] == SCREENING).any())
        held = world.curbed[-1]
        if held is not None:
            apart = held.apart
            from_s = day.day * DAY_S + held.apart_s[apart].astype(np.int64)
            self._since_s[apart] = np.minimum(self._since_s[apart], from_s)

    def so_far(self) -> SoFar:
        """What the headquarters itself knows of its measures, without the truth."""
        days = float(self._person_days[:PLACE].sum())
        return SoFar(person_days=days, tests=self._tests, rounds=self._rounds, rooms=self._rooms)

    def score(self, world: World, *, policy: str, known: Known, contacts: Iterable[int]) -> Score:
        course, started = world.course, self._started
        first_s = NEVER if started is None else (started + 1) * DAY_S
        apart_s = np.minimum(held_from(course), self._since_s[course["person"]])
        kept = apart_s < NEVER
        hours = (apart_s - course["infected_s"])[kept] / 3600
        return Score(
            policy=policy,
            seed=world.statics.params.seed,
            infections=len(course),
            later=int((course["infected_s"] >= first_s).sum()),
            area_pd=float(self._person_days[AREA]),
            home_pd=float(self._person_days[HOME]),
            central_pd=float(self._person_days[CENTRAL]),
            place_pd=float(self._person_days[PLACE]),
            tests=self._tests,
            rounds=self._rounds,
            peak_rooms=self._peak,
            zero_day=self._zero_day(world, apart_s),
            missed=_missed(world, contacts),
            isolation_h=float(np.median(hours)) if len(hours) else None,
            never_isolated=int((~kept).sum()),
            started_day=started,
            rejected=known.rejected,
        )

    def _zero_day(self, world: World, apart_s: NDArray[np.int64]) -> int | None:
        """Days from the first measures until no case is found at large any more."""
        course = world.course
        found = course["sampled_s"] < NEVER
        at_large = found & (self._since_s[course["person"]] > course["sampled_s"])
        if self._started is None:
            return None
        last = int(course["sampled_s"][at_large].max(initial=0)) // DAY_S + 1
        days = world.statics.params.days
        return None if last > days - CLEAR_D else max(0, last - self._started - 1)


def infected_by_day(world: World) -> tuple[int, ...]:
    """New infections of each day simulated so far; those of a visit that goes on past the last
    midnight are counted with the last day."""
    days = (world.course["infected_s"] // DAY_S).clip(0, max(0, world.day - 1))
    return tuple(np.bincount(days, minlength=world.day).tolist())


def _missed(world: World, contacts: Iterable[int]) -> int:
    """Infected by somebody who became a case, and nobody's contact at any time."""
    course = world.course
    source = course["source"]
    of_case = np.zeros(len(course), dtype=np.bool_)
    has = source >= 0
    of_case[has] = course["confirmed_s"][world.record_of[source[has]]] < NEVER
    named = np.isin(course["person"], np.fromiter(contacts, dtype=np.int64))
    return int((of_case & ~named).sum())


@dataclasses.dataclass(frozen=True)
class Interval:
    """A mean over seeds with its 95 % interval (Student's t); count: seeds that have the figure."""

    mean: float
    low: float
    high: float
    count: int


def interval(values: Sequence[float]) -> Interval | None:
    """None without values; with one there is no spread to tell, and the interval is that value."""
    if not values:
        return None
    mean = float(np.mean(values))
    if len(values) == 1:
        return Interval(mean, mean, mean, 1)
    half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))
    return Interval(mean, mean - half, mean + half, len(values))


def summary(scores: Sequence[Score]) -> dict[str, Interval | None]:
    """By figure, over the seeds of one policy."""
    return {
        name: interval(
            [float(value) for one in scores if (value := getattr(one, name)) is not None]
        )
        for name in FIGURES
    }


def paired(ours: Sequence[Score], theirs: Sequence[Score], name: str) -> Interval | None:
    """Ours less theirs, seed by seed: luck that both had is taken out."""
    other = {one.seed: getattr(one, name) for one in theirs}
    return interval([float(getattr(one, name) - other[one.seed]) for one in ours])


def ratio(ours: Sequence[Score], theirs: Sequence[Score], name: str) -> float | None:
    """Sum of ours over sum of theirs; None where theirs is nothing."""
    below = sum(getattr(one, name) for one in theirs)
    return sum(getattr(one, name) for one in ours) / below if below else None

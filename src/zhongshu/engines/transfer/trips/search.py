"""The search for trips: `improve` run in rounds, on parts of a large day at a time.

A day is divided by space, anew each round and along another direction: each part takes the
vehicles that work there and an even share of the idle ones, so vehicles are where the work is and
idle ones are lent in the next round.  Parts are searched in threads (the kernels hold no lock).
"""

from __future__ import annotations

import concurrent.futures
import dataclasses
import itertools
import time

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.trips import improve, lines, parts, repair
from zhongshu.engines.transfer.trips.timetable import FREE, Roads, Route
from zhongshu.kernel import chance
from zhongshu.kernel.errors import BadInput

# Worth of serving one person: this many times the longest road, so that being left out is a
# matter of feasibility, never of distance.
PRIZE_ROADS = 4
HOT_M, COLD_M = 20_000.0, 300.0  # metres a change for the worse may cost, at first and at last
NEAR = 120  # homes beside each, half of them of its own class
ROUND_S, ROUND = 0.5, 500  # seconds, or changes, between two divisions
WHOLE = 150  # homes: below, a day is never divided
PART = 400  # homes of a part, about
MOST = 96  # homes on a vehicle's day at most


@dataclasses.dataclass(frozen=True)
class Wish:
    """Least change while a day is under way: the vehicle each stop should stay with (an index, or
    -1), and the metres it is worth."""

    vehicle: NDArray[np.int32]
    metres: float


def search(
    roads: Roads,
    *,
    limit: model.Limit,
    seed: int,
    routes: list[Route] | None = None,
    wish: Wish | None = None,
    heat_m: tuple[float, float] = (HOT_M, COLD_M),
) -> tuple[list[Route], int]:
    """Routes that can be driven, and the changes tried.  routes: to begin with.  heat_m: metres a
    change for the worse may cost, at first and at last."""
    if limit.iterations is None and limit.seconds is None:
        raise BadInput("transfer.no_limit", "Give the search iterations or seconds to stop at.")
    if not len(roads.stops) or not roads.fleet.vehicles:
        return [], 0
    run = _Run(roads, seed, max(1, limit.processes), wish)
    run.begin(routes or [])
    run.go(limit, heat_m)
    return repair.insert(run.routes(), roads), run.tried


class _Run:
    """One search: the task, where it stands, and the best it has seen."""

    def __init__(self, roads: Roads, seed: int, threads: int, wish: Wish | None) -> None:
        self.roads, self.seed, self.threads = roads, seed, threads
        self.task = task(roads, wish)
        most = min(MOST, len(roads.stops))
        self.state, self.best = (lines.empty(self.task, most) for _ in range(2))
        self.tried, self.least = 0, np.iinfo(np.int64).max
        self.kept: list[Route] = []

    def begin(self, routes: list[Route]) -> None:
        spare = [np.flatnonzero(self.task.kind == g).tolist() for g in range(self._groups)]
        for route in routes:
            r = spare[route.group].pop(0)
            line = [stop for trip in route.trips for stop in trip]
            first = {trip[0] for trip in route.trips}
            self.state.filled[r] = len(line)
            self.state.line[r, : len(line)] = line
            self.state.broken[r, : len(line)] = [stop in first for stop in line]
            self.state.where[line] = r
            if not lines.update(self.task, self.state, r):
                raise RuntimeError("The search was given a route that cannot be driven.")
        every = np.ones(len(self.task.depot), bool)
        improve.copy(self.state, self.best, every)

    @property
    def _groups(self) -> int:
        return len(self.roads.fleet.vehicles)

    def go(self, limit: model.Limit, heat_m: tuple[float, float]) -> None:
        began, spent, number = time.perf_counter(), 0.0, 0
        most = limit.iterations
        while spent < 1:
            chosen = self._parts(number)
            size = ROUND if limit.seconds is None else self._pace(limit.seconds, began, len(chosen))
            if most is not None:
                size = max(1, min(size, (most - self.tried) // len(chosen) or 1))
            heat = heat_m[0] * (heat_m[1] / heat_m[0]) ** spent
            self._round(chosen, size, heat, number)
            number += 1
            self.tried += size * len(chosen)
            done = [] if most is None else [self.tried / most]
            if limit.seconds is not None:
                done.append((time.perf_counter() - began) / limit.seconds)
            spent = max(done)

    def _pace(self, seconds: float, began: float, parts: int) -> int:
        """Changes per part that take about ROUND_S, from the pace so far."""
        passed = time.perf_counter() - began
        if not self.tried:
            return 20
        turns = -(-parts // self.threads)
        left = min(ROUND_S, max(0.02, seconds / 20), max(0.01, (seconds - passed) / turns))
        return max(10, int(self.tried / passed * left / min(parts, self.threads)))

    def _round(self, chosen: list[NDArray[np.bool_]], size: int, heat: float, number: int) -> None:
        homes = [np.flatnonzero(mine) for mine in self._homes(chosen)]
        cars = [np.flatnonzero(mine) for mine in chosen]

        def work(part: int) -> int:
            if not len(homes[part]):
                return 0
            key = np.uint64(chance.mix_int(self.seed * 1_000_003 + number * 1_009 + part))
            small = parts.task_of(self.task, homes[part], cars[part])
            state = parts.state_of(small, self.state, homes[part], cars[part])
            trial, best = (lines.empty(small, state.line.shape[1]) for _ in range(2))
            every = np.ones(len(cars[part]), bool)
            own = np.arange(len(homes[part]), dtype=np.int32)
            least = int(
                improve.improve(
                    small, state, trial, best, every, own, key, size, np.array([heat, heat])
                )
            )
            parts.write_back(state, self.state, homes[part], cars[part])
            parts.write_back(best, self.best, homes[part], cars[part])
            return least

        if len(chosen) == 1:
            costs = [work(0)]
        else:
            with concurrent.futures.ThreadPoolExecutor(self.threads) as pool:
                costs = list(pool.map(work, range(len(chosen))))
        if sum(costs) < self.least:
            self.least = sum(costs)
            self.kept = self._read(self.best)

    def _homes(self, chosen: list[NDArray[np.bool_]]) -> list[NDArray[np.bool_]]:
        """The homes of each part: on its vehicles, or left out and nearest to them."""
        where = self.state.where
        served = [np.where(where >= 0, mine[np.maximum(where, 0)], False) for mine in chosen]
        out = np.flatnonzero(where < 0)
        for home in out:
            beside = where[self.task.near[home]]
            beside = beside[beside >= 0]
            part = next((p for r in beside for p, mine in enumerate(chosen) if mine[r]), 0)
            served[part][home] = True
        return served

    def _parts(self, number: int) -> list[NDArray[np.bool_]]:
        """Vehicles of each part: those at work by where they work, the idle ones by turns."""
        vehicles, stops = len(self.task.depot), self.roads.stops
        if self.threads == 1 or len(stops) < WHOLE or number == 0:
            return [np.ones(vehicles, bool)]
        count = self.threads * max(1, round(len(stops) / (self.threads * PART)))
        middle = np.full((vehicles, 2), np.nan)
        for r in np.flatnonzero(self.state.filled):
            homes = self.state.line[r, : self.state.filled[r]]
            middle[r] = stops.lon[homes].mean(), stops.lat[homes].mean()
        part = np.arange(vehicles) % count  # of the idle ones
        angle = np.pi * ((number * 0.382) % 1)  # golden section: never the same line twice
        busy = np.flatnonzero(np.isfinite(middle[:, 0]))
        for n, cars in enumerate(_cut(middle, busy, count, angle)):
            part[cars] = n
        return [part == p for p in range(count)]

    def _read(self, state: lines.State) -> list[Route]:
        found = []
        for r in np.flatnonzero(state.filled):
            trips: list[list[int]] = []
            for i in range(state.filled[r]):
                if state.broken[r, i]:
                    trips.append([])
                trips[-1].append(int(state.line[r, i]))
            found.append(Route(int(self.task.kind[r]), trips))
        return found

    def routes(self) -> list[Route]:
        return self.kept


def _cut(
    middle: NDArray[np.float64], cars: NDArray[np.int64], count: int, angle: float
) -> list[NDArray[np.int64]]:
    """The vehicles in `count` parts alike in number, cut across and across again."""
    if count == 1:
        return [cars]
    across = middle[cars] @ np.array([np.cos(angle), np.sin(angle)])
    order = cars[np.argsort(across, kind="stable")]
    half = count // 2
    at = len(order) * half // count
    first = _cut(middle, order[:at], half, angle + np.pi / 2)
    return first + _cut(middle, order[at:], count - half, angle + np.pi / 2)


def task(roads: Roads, wish: Wish | None = None) -> lines.Task:
    """The day as the kernels want it."""
    stops, fleet = roads.stops, roads.fleet
    first, many = roads.depots + roads.sites, len(stops)
    kind = np.repeat(np.arange(len(fleet.vehicles)), [len(v) for v in fleet.vehicles])
    held = [roads.held.get(int(g), FREE) for g in kind]
    metres, seconds = (_narrow(m) for m in (roads.matrices.metres, roads.matrices.seconds))
    prize = PRIZE_ROADS * max(1000, int(metres.max()))
    worth = np.ceil(prize * stops.persons * stops.weight)
    return lines.Task(
        metres=metres,
        seconds=seconds,
        first=first,
        site=_narrow(roads.depots + stops.site),
        klass=_narrow(stops.klass),
        ready=_narrow(np.maximum(0, stops.ready_s)),
        due=_narrow(np.minimum(stops.due_s, int(fleet.until_s.max()))),
        board=_narrow(stops.board_s),
        load=_narrow(np.stack([stops.persons, stops.assisted, stops.stretchers], axis=1)),
        weight=worth.astype(np.int64),
        near=_near(metres[first:, first:], stops.klass, min(many, NEAR)),
        wants=np.full(many, -1, np.int32) if wish is None else wish.vehicle,
        moved=np.full(many, 0 if wish is None else int(wish.metres), np.int64),
        turn=roads.turn_s,
        depot=_narrow(fleet.depot[kind]),
        room=_narrow(np.stack([fleet.seats, fleet.places, fleet.beds], axis=1)[kind]),
        begins=_narrow(fleet.from_s[kind]),
        until=_narrow(fleet.until_s[kind]),
        kind=_narrow(kind),
        carries=np.ascontiguousarray(roads.carries),
        held=np.array([one.homes for one in held], np.int32),
        at_site=np.array([one.at_site for one in held], bool),
        now=np.array([one.now_s for one in held], np.int32),
    )


def _narrow(values: NDArray[np.int64]) -> NDArray[np.int32]:
    return np.ascontiguousarray(values, dtype=np.int32)


def _near(metres: NDArray[np.int32], klass: NDArray[np.int64], count: int) -> NDArray[np.int32]:
    """For each home, itself first, by turns the nearest of its class, whose trips it can join, and
    the nearest of all, whose vehicles are there (after 40,000 changes on 500 homes 1 % shorter than
    300 nearest of all, in a third of the time)."""
    nearest = _nearest(metres, count)
    near = nearest.astype(np.int32)
    for one in np.unique(klass):
        members = np.flatnonzero(klass == one)
        own = members[_nearest(metres[np.ix_(members, members)], (count + 1) // 2)]
        for row, home in enumerate(members):
            turns = itertools.zip_longest(own[row].tolist(), nearest[home].tolist())
            merged = dict.fromkeys(itertools.chain.from_iterable(turns))
            near[home] = [n for n in merged if n is not None][:count]
    return near


def _nearest(metres: NDArray[np.int32], count: int) -> NDArray[np.int64]:
    """Indices of the nearest homes in order, itself first, shape (homes, at most count)."""
    own = metres.copy()
    np.fill_diagonal(own, -1)
    if count < len(own):
        few = np.argpartition(own, count - 1, axis=1)[:, :count]
    else:
        few = np.tile(np.arange(len(own)), (len(own), 1))
    order = np.argsort(np.take_along_axis(own, few, axis=1), axis=1, kind="stable")
    return np.take_along_axis(few, order, axis=1)

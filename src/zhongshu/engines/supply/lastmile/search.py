"""Which vehicle brings what: the cheapest place for each drop, the most urgent first.

A drop goes where it adds least yuan, in a run that goes out anyway or in a new one, and is divided
where no run takes it whole or several small ones are cheaper (drones).  Afterwards whole runs,
single stops, and places with their neighbours are taken out and put back where that is cheaper;
nobody served is left out for it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import numpy as np

from zhongshu.engines.supply.lastmile import clock
from zhongshu.engines.supply.lastmile.clock import Run
from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle
from zhongshu.engines.supply.lastmile.reasons import usable

GAIN = 1e-6
AROUND = 10
"""Places taken out at once: as many as Christiaens and Vanden Berghe (2020) take on average."""


@dataclasses.dataclass(frozen=True, eq=False)
class _Trip:
    """A run with its load and cost, reckoned once."""

    stops: Run
    kg: float
    m3: float
    yuan: float


@dataclasses.dataclass(frozen=True, eq=False)
class _Duty:
    """The runs of one vehicle; ready: from when on it can go out for each, and for one more."""

    trips: tuple[_Trip, ...]
    ready: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class _Option:
    """`count` parcels at `stop` of run `run`, or as a new run there; score: yuan that adds, were
    all parcels brought at that rate."""

    score: float
    vehicle: Vehicle
    run: int
    stop: int
    count: int
    new: bool


class Search:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.duty = {one.id: _Duty((), (one.begins,)) for one in ground.vehicles}
        self.fleet = {one.id: one for one in ground.vehicles}
        self.can = {
            drop.id: [one for one in ground.vehicles if usable(ground, one, drop)]
            for drop in ground.drops
        }
        self.left = {drop.id: drop.parcels for drop in ground.drops}
        self._alike = {one.id: dataclasses.replace(one, id="") for one in ground.vehicles}

    def solve(self) -> None:
        order = sorted(self.ground.drops, key=lambda d: (d.rank, -d.waited, d.ends, d.id))
        for drop in order:
            self._bring(drop, self.left[drop.id])
        for _ in range(self.ground.rules.rounds):
            before = self.yuan()
            self._whole_runs()
            self._single_stops()
            self._places()
            for drop in order:
                self._bring(drop, self.left[drop.id])
            if self.yuan() > before - GAIN:
                break

    def yuan(self) -> float:
        return sum(trip.yuan for duty in self.duty.values() for trip in duty.trips)

    def _bring(self, drop: Drop, count: int) -> int:
        """Puts up to `count` parcels on runs; what is left of them."""
        while count:
            found = self._cheapest(drop, count)
            if found is None:
                break
            option, self.duty[option.vehicle.id] = found
            count -= option.count
            self.left[drop.id] -= option.count
        return count

    def _cheapest(self, drop: Drop, count: int) -> tuple[_Option, _Duty] | None:
        limit = count
        while limit:
            options = sorted(self._options(drop, limit), key=lambda o: (o.score, -o.count))
            if any(one.count == limit for one in options):
                options = [one for one in options if one.new or one.count == limit]
            for option in options:
                duty = self._with(drop, option)
                if duty is not None:
                    return option, duty
            limit //= 2  # fewer take less time
        return None

    def _options(self, drop: Drop, count: int) -> Iterator[_Option]:
        idle = set()
        for vehicle in self.can[drop.id]:
            trips = self.duty[vehicle.id].trips
            if not trips:  # of several that stand still the first does for all
                if self._alike[vehicle.id] in idle:
                    continue
                idle.add(self._alike[vehicle.id])
            for n, trip in enumerate(trips):
                yield from self._into(drop, count, vehicle, n, trip)
            most = min(count, vehicle.holds(drop))
            yuan = clock.yuan(self.ground, vehicle, [(drop, most)])
            for n in range(len(trips) + 1):
                yield _Option(yuan * count / most, vehicle, n, 0, most, new=True)

    def _into(
        self, drop: Drop, count: int, vehicle: Vehicle, n: int, trip: _Trip
    ) -> Iterator[_Option]:
        most, run = count, trip.stops
        for room, each in ((vehicle.kg - trip.kg, drop.kg), (vehicle.m3 - trip.m3, drop.m3)):
            if each > 0:
                most = min(most, int((room + clock.CLOSE) / each))
        if most < 1:
            return
        there = next((at for at, (one, _) in enumerate(run) if one.id == drop.id), None)
        if there is not None:
            yield _Option(0.0, vehicle, n, there, most, new=False)
        elif len(run) < vehicle.stops_most:
            passed = [None, *(one for one, _ in run), None]
            km = self.ground.km
            for at, (a, b) in enumerate(itertools.pairwise(passed)):
                more = km(vehicle, a, drop) + km(vehicle, drop, b) - km(vehicle, a, b)
                score = more * vehicle.yuan_km * count / most
                yield _Option(score, vehicle, n, at, most, new=False)

    def _with(self, drop: Drop, option: _Option) -> _Duty | None:
        """The vehicle's day with the option taken; None when it cannot be driven."""
        trips, n = self.duty[option.vehicle.id].trips, option.run
        if option.new:
            return self._timed(option.vehicle, n, [(drop, option.count)], trips[n:])
        return self._timed(option.vehicle, n, _put(trips[n].stops, drop, option), trips[n + 1 :])

    def _timed(
        self, vehicle: Vehicle, first: int, run: Run, after: tuple[_Trip, ...]
    ) -> _Duty | None:
        """The day with `run` (none: left out) in place `first`; None when it cannot be driven."""
        duty = self.duty[vehicle.id]
        trips, ready = list(duty.trips[:first]), list(duty.ready[: first + 1])
        for stops, known in [(run, None)] * bool(run) + [(one.stops, one) for one in after]:
            timed = clock.once(self.ground, vehicle, stops, ready[-1])
            if timed is None:
                return None
            trips.append(known or _trip(vehicle, stops, timed.km))
            ready.append(timed.back + vehicle.turn)
        return _Duty(tuple(trips), tuple(ready))

    def _whole_runs(self) -> None:
        """Takes out each run, the emptiest first; it stays out if all of it travels cheaper."""
        listed = [
            (sum(k for _, k in trip.stops), name, trip)
            for name, duty in self.duty.items()
            for trip in duty.trips
        ]
        for _, name, trip in sorted(listed, key=lambda one: one[:2]):
            if trip in self.duty[name].trips:
                self._try(name, trip, list(trip.stops))

    def _single_stops(self) -> None:
        for name in self.fleet:
            for trip in self.duty[name].trips:
                for stop in trip.stops:
                    now = self.duty[name].trips
                    at = next((one for one in now if stop in one.stops), None)
                    if at is not None and len(at.stops) > 1:
                        self._try(name, at, [stop])

    def _places(self) -> None:
        """Takes out each place with those around it, and brings them anew, the farthest first
        (the ruin and recreate of Christiaens and Vanden Berghe 2020, without its chance)."""
        straight, drops = self.ground.straight, self.ground.drops
        points = np.array([drop.point for drop in drops], dtype=np.int64)
        for drop in drops:
            near = np.argsort(straight[drop.point, points], kind="stable")[:AROUND]
            out = [drops[n] for n in near if drops[n].store == drop.store]
            self._anew(sorted(out, key=lambda d: -straight[d.store, d.point]))

    def _anew(self, out: list[Drop]) -> None:
        """Takes these drops out of all runs and brings them anew; undone unless cheaper."""
        before, left, yuan = dict(self.duty), dict(self.left), self.yuan()
        gone = {drop.id for drop in out}
        for name, duty in before.items():
            for n in reversed(range(len(duty.trips))):
                rest = [stop for stop in duty.trips[n].stops if stop[0].id not in gone]
                if len(rest) == len(duty.trips[n].stops):
                    continue
                without = self._timed(self.fleet[name], n, rest, self.duty[name].trips[n + 1 :])
                if without is None:
                    self.duty = before
                    return
                self.duty[name] = without
        self.left |= {drop.id: drop.parcels for drop in out}
        lost = any(self._bring(drop, drop.parcels - left[drop.id]) for drop in out)
        if lost or self.yuan() > yuan - GAIN:
            self.duty, self.left = before, left

    def _try(self, name: str, trip: _Trip, out: Run) -> None:
        """Takes the stops `out` out of a run and brings them anew; undone unless cheaper."""
        before, left, yuan = dict(self.duty), dict(self.left), self.yuan()
        at = self.duty[name].trips.index(trip)
        rest = [stop for stop in trip.stops if stop not in out]
        without = self._timed(self.fleet[name], at, rest, self.duty[name].trips[at + 1 :])
        if without is None:  # what is cold would be out too long
            return
        self.duty[name] = without
        for drop, count in out:
            self.left[drop.id] += count
        lost = any(self._bring(drop, count) for drop, count in out)
        if lost or self.yuan() > yuan - GAIN:
            self.duty, self.left = before, left


def _trip(vehicle: Vehicle, run: Run, km: float) -> _Trip:
    kg, m3 = sum(d.kg * k for d, k in run), sum(d.m3 * k for d, k in run)
    return _Trip(run, kg, m3, vehicle.yuan_run + vehicle.yuan_km * km)


def _put(run: Run, drop: Drop, option: _Option) -> Run:
    """A new run: those kept for undoing stay as they are."""
    if option.stop < len(run) and run[option.stop][0].id == drop.id:
        return [
            (one, count + option.count if n == option.stop else count)
            for n, (one, count) in enumerate(run)
        ]
    return [*run[: option.stop], (drop, option.count), *run[option.stop :]]

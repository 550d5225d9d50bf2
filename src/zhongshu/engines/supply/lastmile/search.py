"""Which vehicle brings what: the cheapest place for each drop, the most urgent first.

A drop goes where it adds least yuan, in a run that goes out anyway or in a new one, and is divided
where no run takes it whole or several small ones are cheaper (drones).  Afterwards whole runs, and
single stops, are taken out and put back where that is cheaper; nobody served is left out for it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

from zhongshu.engines.supply.lastmile import clock
from zhongshu.engines.supply.lastmile.clock import Run
from zhongshu.engines.supply.lastmile.ground import Drop, Ground, Vehicle
from zhongshu.engines.supply.lastmile.reasons import usable

Day = dict[str, list[Run]]  # by vehicle
GAIN = 1e-6


@dataclasses.dataclass(frozen=True)
class _Option:
    """`count` parcels at `stop` of run `run`, or as a new run there; yuan: what that adds."""

    score: float
    yuan: float
    vehicle: Vehicle
    run: int
    stop: int
    count: int
    new: bool


class Search:
    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.day: Day = {one.id: [] for one in ground.vehicles}
        self.fleet = {one.id: one for one in ground.vehicles}
        self.can = {
            drop.id: [one for one in ground.vehicles if usable(ground, one, drop)]
            for drop in ground.drops
        }
        self.left = {drop.id: drop.parcels for drop in ground.drops}

    def solve(self) -> None:
        order = sorted(self.ground.drops, key=lambda d: (d.rank, -d.waited, d.ends, d.id))
        for drop in order:
            self._bring(drop, self.left[drop.id])
        for _ in range(self.ground.rules.rounds):
            before = self.yuan()
            self._whole_runs()
            self._single_stops()
            for drop in order:
                self._bring(drop, self.left[drop.id])
            if self.yuan() > before - GAIN:
                break

    def yuan(self) -> float:
        return sum(
            clock.yuan(self.ground, self.fleet[name], run)
            for name, runs in self.day.items()
            for run in runs
        )

    def _bring(self, drop: Drop, count: int) -> int:
        """Puts up to `count` parcels on runs; what is left of them."""
        while count:
            option = self._cheapest(drop, count)
            if option is None:
                break
            runs = self.day[option.vehicle.id]
            if option.new:
                runs.insert(option.run, [(drop, option.count)])
            else:
                runs[option.run] = _with(runs[option.run], drop, option)
            count -= option.count
            self.left[drop.id] -= option.count
        return count

    def _cheapest(self, drop: Drop, count: int) -> _Option | None:
        limit = count
        while limit:
            options = sorted(self._options(drop, limit), key=lambda o: (o.score, -o.count))
            if any(one.count == limit for one in options):
                options = [one for one in options if one.new or one.count == limit]
            found = next((one for one in options if self._drivable(drop, one)), None)
            if found is not None:
                return found
            limit //= 2  # fewer take less time
        return None

    def _options(self, drop: Drop, count: int) -> Iterator[_Option]:
        for vehicle in self.can[drop.id]:
            runs = self.day[vehicle.id]
            for n, run in enumerate(runs):
                yield from self._into(drop, count, vehicle, n, run)
            most = min(count, vehicle.holds(drop))
            yuan = clock.yuan(self.ground, vehicle, [(drop, most)])
            for n in range(len(runs) + 1):
                yield _Option(yuan * count / most, yuan, vehicle, n, 0, most, new=True)

    def _into(
        self, drop: Drop, count: int, vehicle: Vehicle, n: int, run: Run
    ) -> Iterator[_Option]:
        kg = vehicle.kg - sum(d.kg * k for d, k in run) + clock.CLOSE
        m3 = vehicle.m3 - sum(d.m3 * k for d, k in run) + clock.CLOSE
        most = count
        for room, each in ((kg, drop.kg), (m3, drop.m3)):
            if each > 0:
                most = min(most, int(room / each))
        if most < 1:
            return
        there = next((at for at, (one, _) in enumerate(run) if one.id == drop.id), None)
        if there is not None:
            yield _Option(0.0, 0.0, vehicle, n, there, most, new=False)
        elif len(run) < vehicle.stops_most:
            passed = [None, *(one for one, _ in run), None]
            km = self.ground.km
            for at, (a, b) in enumerate(itertools.pairwise(passed)):
                more = km(vehicle, a, drop) + km(vehicle, drop, b) - km(vehicle, a, b)
                yuan = more * vehicle.yuan_km
                yield _Option(yuan * count / most, yuan, vehicle, n, at, most, new=False)

    def _drivable(self, drop: Drop, option: _Option) -> bool:
        runs = list(self.day[option.vehicle.id])
        if option.new:
            runs.insert(option.run, [(drop, option.count)])
        else:
            runs[option.run] = _with(runs[option.run], drop, option)
        return clock.day(self.ground, option.vehicle, runs) is not None

    def _whole_runs(self) -> None:
        """Takes out each run, the emptiest first; it stays out if all of it travels cheaper."""
        listed = [(sum(k for _, k in run), name, run) for name, runs in self.day.items()
                  for run in runs]  # fmt: skip
        for _, name, run in sorted(listed, key=lambda one: (one[0], one[1])):
            if any(one is run for one in self.day[name]):
                self._try(name, run, list(run))

    def _single_stops(self) -> None:
        for name in list(self.day):
            for run in list(self.day[name]):
                for stop in list(run):
                    at = next((one for one in self.day[name] if stop in one), None)
                    if at is not None and len(at) > 1:
                        self._try(name, at, [stop])

    def _try(self, name: str, run: Run, out: Run) -> None:
        """Takes the stops `out` out of a run and brings them anew; undone unless cheaper."""
        days, left, before = {n: list(r) for n, r in self.day.items()}, dict(self.left), self.yuan()
        runs = self.day[name]
        at = next(n for n, one in enumerate(runs) if one is run)
        rest = [stop for stop in run if stop not in out]
        runs[at : at + 1] = [rest] if rest else []
        for drop, count in out:
            self.left[drop.id] += count
        lost = any(self._bring(drop, count) for drop, count in out)
        if lost or self.yuan() > before - GAIN:
            self.day, self.left = days, left


def _with(run: Run, drop: Drop, option: _Option) -> Run:
    """A new run: those kept for undoing stay as they are."""
    if option.stop < len(run) and run[option.stop][0].id == drop.id:
        return [
            (one, count + option.count if n == option.stop else count)
            for n, (one, count) in enumerate(run)
        ]
    return [*run[: option.stop], (drop, option.count), *run[option.stop :]]

"""Slow readable twins: try everything.  For a handful of parties or stops only.

They say in a few lines what the plans are to achieve, and the property tests hold the fast plans
against them.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model

Row = dict[str, Any]
Score = tuple[int, int, int, float]


def best_rooms(people: pa.Table, rooms: pa.Table, rules: model.RoomRules) -> Score:
    """The least (unserved of degree 1, unserved of degree 2, persons on mixed floors, person-km)
    over every way of giving rooms.  Homes must have coordinates; special needs are not judged."""
    parties: dict[tuple[int, int], list[Row]] = {}
    for row in people.to_pylist():
        parties.setdefault((row["household"], row["degree"]), []).append(row)
    rows = rooms.to_pylist()
    options = [[None, *_room_sets(rows, len(members))] for members in parties.values()]
    every = itertools.product(*options)
    return min(
        _score(list(parties.values()), list(chosen), rules)
        for chosen in every
        if _allowed(list(chosen), rows, rules)
    )


def best_trips(
    stops: pa.Table, vehicles: pa.Table, sites: pa.Table, rules: model.TripRules
) -> tuple[int, float]:
    """The most persons served and the least kilometres for them, over every division of the stops
    among the vehicles, every order, and every cut into trips."""
    asked, cars = stops.to_pylist(), vehicles.to_pylist()
    where = {row["site_id"]: row for row in sites.to_pylist()}
    best = (0, 0.0)
    for owner in itertools.product(range(len(cars) + 1), repeat=len(asked)):
        total = 0.0
        for index, car in enumerate(cars):
            mine = [row for row, whose in zip(asked, owner, strict=True) if whose == index]
            lengths = (_route_km(order, car, where, rules) for order in _plans(mine))
            total += min(lengths, default=math.inf)
        served = sum(r["persons"] for r, o in zip(asked, owner, strict=True) if o < len(cars))
        if math.isfinite(total):
            best = min(best, (-served, total))
    return -best[0], best[1]


def _room_sets(rooms: list[Row], size: int) -> Iterator[tuple[Row, ...]]:
    """Sets of free rooms of one floor that hold `size`, none of them superfluous."""
    free = [room for room in rooms if room["state"] == "free"]
    for count in range(1, size + 1):
        for chosen in itertools.combinations(free, count):
            beds = [room["capacity"] for room in chosen]
            one_floor = len({(room["site_id"], room["floor"]) for room in chosen}) == 1
            if one_floor and sum(beds) >= size and sum(beds) - min(beds) < size:
                yield chosen


def _allowed(
    chosen: list[tuple[Row, ...] | None], rooms: list[Row], rules: model.RoomRules
) -> bool:
    taken = [(r["site_id"], r["room_no"]) for party in chosen if party for r in party]
    if len(set(taken)) < len(taken):
        return False
    for site in {site for site, _ in taken}:
        total = sum(room["site_id"] == site for room in rooms)
        free = sum(room["site_id"] == site and room["state"] == "free" for room in rooms)
        left = free - sum(one == site for one, _ in taken)
        if left < math.ceil(rules.reserve_share * total - 1e-9):
            return False
    return True


def _score(
    parties: list[list[Row]], chosen: list[tuple[Row, ...] | None], rules: model.RoomRules
) -> Score:
    left = [0, 0, 0]
    km = 0.0
    floors: dict[tuple[str, int], set[int]] = {}
    for members, rooms in zip(parties, chosen, strict=True):
        if rooms is None:
            left[members[0]["degree"]] += len(members)
        else:
            floor = rooms[0]["site_id"], rooms[0]["floor"]
            floors.setdefault(floor, set()).add(members[0]["degree"])
            km += len(members) * _km(members[0], rooms[0], rules.detour_factor)
    mixed = sum(
        len(members)
        for members, rooms in zip(parties, chosen, strict=True)
        if rooms and len(floors[rooms[0]["site_id"], rooms[0]["floor"]]) > 1
    )
    return left[1], left[2], mixed, km


def _plans(stops: list[Row]) -> Iterator[list[list[Row]]]:
    """Every order of the stops, cut into consecutive trips in every way."""
    if not stops:
        yield []
    for order in itertools.permutations(stops):
        for cuts in itertools.product((False, True), repeat=max(0, len(stops) - 1)):
            trips = [[order[0]]] if order else []
            for stop, cut in zip(order[1:], cuts, strict=True):
                if cut:
                    trips.append([stop])
                else:
                    trips[-1].append(stop)
            if trips:
                yield trips


def _route_km(trips: list[list[Row]], car: Row, sites: dict[str, Row], rules: Any) -> float:
    """Kilometres of one vehicle's day, or infinity when a rule is broken."""
    seats = int(car["seats"] * rules.seat_share.get(car["kind"], 1.0) + 1e-9)
    walk = _Clock(rules, car)
    for trip in trips:
        if len({(s["site_id"], s["cohort"]) for s in trip}) > 1:
            return math.inf
        if sum(stop["persons"] for stop in trip) > seats:
            return math.inf
        for stop in trip:
            walk.go(stop)
            if not walk.board(stop):
                return math.inf
        walk.go(sites[trip[0]["site_id"]])
        walk.second += 60 * (rules.handover_min + rules.disinfect_min)
    walk.go(car)
    return walk.km if walk.second <= rules.shift_h * 3600 else math.inf


@dataclasses.dataclass
class _Clock:
    rules: model.TripRules
    at: Row
    second: float = 0.0
    km: float = 0.0

    def go(self, to: Row) -> None:
        km = _km(self.at, to, self.rules.detour_factor)
        self.km += km
        self.second += math.ceil(km / self.rules.speed_kmh * 3600)
        self.at = to

    def board(self, stop: Row) -> bool:
        start = self.rules.start
        if stop["ready_at"]:
            self.second = max(self.second, (stop["ready_at"] - start).total_seconds())
        in_time = not stop["due_at"] or self.second <= (stop["due_at"] - start).total_seconds()
        each, person = self.rules.board_min_per_stop, self.rules.board_min_per_person
        self.second += math.ceil(60 * (each + person * stop["persons"]))
        return in_time


def _km(a: Row, b: Row, detour: float) -> float:
    """Great-circle kilometres from the chord through the globe."""
    ends = []
    for point in (a, b):
        lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
        ends.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(*ends) / 2)) * detour

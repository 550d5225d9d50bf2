"""A day under way is planned again: the driven part is fixed, the rest changed least.

Stops an event touches are put where they cost least, while all others keep their vehicle and, give
or take a quarter of an hour, their time; where some find no place so, a short search at no heat
moves the touched ones about, with a price on every other that changes its vehicle.  Only if people
are still left out may others be late or early, too.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.engines.transfer.trips import events, planning, repair, search, timetable
from zhongshu.engines.transfer.trips.distances import Finder
from zhongshu.engines.transfer.trips.fleet import FAR_S
from zhongshu.engines.transfer.trips.timetable import Held, Roads, Route
from zhongshu.kernel.runcard import RunCard, table_hash

CHANGE_M = 100_000.0  # metres of detour a stop takes rather than change its vehicle
SEARCHED = 1_500  # changes tried for stops without a place


def plan(
    before: model.Day,
    tables: tuple[pa.Table, pa.Table, pa.Table],
    rules: model.TripRules,
    happened: Sequence[model.Event],
    *,
    now: dt.datetime,
    seed: int,
    roads: Finder | None = None,
) -> model.Replan:
    """tables: stops, vehicles and sites the plan was made from."""
    began = time.perf_counter()
    stops, vehicles, sites = tables
    day = events.standing(before, stops.to_pylist(), now)
    for event in happened:
        events.apply(day, event, set(sites["site_id"].to_pylist()))
    asked = pa.Table.from_pylist(list(day.stops.values()), schema=stops.schema)
    routes, read = _routes(day, (asked, vehicles, sites), rules, roads)
    routes, ways = _settle(routes, read.roads, _then(before, day, rules), seed)
    read = dataclasses.replace(read, roads=ways)
    card = RunCard(
        engine="transfer.replan",
        version=model.VERSION,
        parameters={"now": now.isoformat(), "events": [_said(event) for event in happened]},
        inputs={"stops": table_hash(asked), "plan": table_hash(before.stops)},
        seed=seed,
    )
    made = planning.written(
        read, routes, iterations=0, seconds=time.perf_counter() - began, card=card
    )
    made = _with_down(_noted(made, read.roads), before, day)
    changed, open_ = _changed(before, made, day)
    return model.Replan(
        plan=dataclasses.replace(made, seconds=time.perf_counter() - began),
        stops=asked,
        touched=frozenset(day.touched),
        changed=frozenset(changed),
        share_changed=len(changed) / max(1, open_),
    )


def _said(event: model.Event) -> dict[str, Any]:
    return {
        "event": type(event).__name__,
        **{k: str(v) for k, v in dataclasses.asdict(event).items()},
    }


def _routes(
    day: events.Now,
    tables: tuple[pa.Table, pa.Table, pa.Table],
    rules: model.TripRules,
    roads: Finder | None,
) -> tuple[list[Route], planning.Day]:
    """The routes as they stand, whether they can be driven or not."""
    asked, vehicles, sites = tables
    down = {name for name, car in day.vehicles.items() if car.down}
    gone = set(day.gone) | {
        stop for name in down for trip in day.vehicles[name].trips for stop in trip
    }
    left = pa.array([stop not in gone for stop in asked["stop"].to_pylist()])
    ready = pa.array([name not in down for name in vehicles["vehicle_id"].to_pylist()])
    held = {
        stop
        for name, car in day.vehicles.items()
        for stop in [s for trip in car.trips for s in trip][: car.held]
        if name not in down
    }
    now_s = int((day.at - rules.start).total_seconds())
    read = planning.read(
        asked.filter(left), vehicles.filter(ready), sites, rules, roads,
        under_way=planning.UnderWay(now_s, frozenset(held)),
    )  # fmt: skip
    group = {names[0]: g for g, names in enumerate(read.roads.fleet.vehicles)}
    index = {int(stop): n for n, stop in enumerate(read.roads.stops.stop)}
    fixed, routes = {}, []
    for name, g in group.items():
        car = day.vehicles.get(name)
        busy = day.at if car is None else car.busy_until
        late = int((busy - rules.start).total_seconds())
        fixed[g] = Held(car.held if car else 0, at_site=bool(car and car.at_site), now_s=late)
        trips = [[index[s] for s in trip if s in index] for trip in (car.trips if car else [])]
        if any(trips):
            routes.append(Route(g, [trip for trip in trips if trip]))
    whole = dataclasses.replace(read.roads, held=fixed)
    whole = _overtime([_fitting(route, whole) for route in routes], whole)
    return routes, _named(dataclasses.replace(read, roads=whole), day)


def _overtime(routes: list[Route], roads: Roads) -> Roads:
    """Vehicles with people aboard whom an event sends farther than the shift allows drive on."""
    until = roads.fleet.until_s.copy()
    until[[route.group for route in routes if timetable.run(route, roads) is None]] = FAR_S
    return dataclasses.replace(roads, fleet=dataclasses.replace(roads.fleet, until_s=until))


def _named(read: planning.Day, day: events.Now) -> planning.Day:
    """The day with the stops that were given up, so that they are listed with their reason."""
    if not day.gone:
        return read
    return dataclasses.replace(read, given_up=tuple(
        (stop, int(day.stops[stop]["household"] or 0), int(day.stops[stop]["persons"]), why)
        for stop, why in sorted(day.gone.items())
    ))  # fmt: skip


def _fitting(route: Route, roads: Roads) -> Route:
    """The route less stops from its end until it can be driven; what is held stays."""
    held = roads.held[route.group].homes
    while timetable.run(route, roads) is None and sum(map(len, route.trips)) > held:
        trips = [*route.trips[:-1], route.trips[-1][:-1]]
        route = Route(route.group, [trip for trip in trips if trip])
    return route


def _then(before: model.Day, day: events.Now, rules: model.TripRules) -> dict[int, int]:
    """Stop number to the second it was to be fetched at, of those no event touches."""
    return {
        row["stop"]: int((row["arrives_at"] - rules.start).total_seconds())
        for row in before.stops.to_pylist()
        if row["stop"] not in day.touched
    }


def _settle(
    routes: list[Route], roads: Roads, then: Mapping[int, int], seed: int
) -> tuple[list[Route], Roads]:
    """The routes with all stops that find a place, and the windows they are driven by."""
    others = [n for n, stop in enumerate(roads.stops.stop.tolist()) if stop in then]
    mine, owner = set(others), np.full(len(roads.stops), -1, np.int32)
    for route in routes:
        owner[[stop for trip in route.trips for stop in trip if stop in mine]] = route.group

    def people(found: list[Route]) -> int:
        return int(roads.stops.persons[_served(found)].sum())

    best: tuple[list[Route], Roads] | None = None
    for ways, start in _beginnings(routes, roads, others, then):
        placed = repair.insert(start, ways)
        if len(_served(placed)) < len(roads.stops):
            tried = _searched(placed, ways, owner, seed)
            placed = max(placed, tried, key=people)
        if best is None or people(placed) > people(best[0]):
            best = placed, ways
        if len(_served(placed)) == len(roads.stops):
            break
    assert best is not None
    return best


def _beginnings(
    routes: list[Route], roads: Roads, others: list[int], then: Mapping[int, int]
) -> Iterator[tuple[Roads, list[Route]]]:
    """Windows to drive by and trips to begin with: the others in time, then as it stood."""
    steady = _steady(roads, others, then)
    lifted = [_lifted(route, steady, set(others)) for route in routes]
    forced = {
        stop
        for route in lifted
        if timetable.run(route, steady) is None  # because of people aboard
        for trip in route.trips
        for stop in trip
    }
    loose = _steady(roads, [one for one in others if one not in forced], then)
    yield loose, _whole(lifted, loose)
    yield roads, _whole(routes, roads)


def _whole(routes: list[Route], roads: Roads) -> list[Route]:
    return [one for route in routes if (one := _fitting(route, roads)).trips]


def _steady(roads: Roads, others: list[int], then: Mapping[int, int]) -> Roads:
    """Windows of the others narrowed to a quarter of an hour around their time."""
    stops, most = roads.stops, 60 * model.CHANGED_MIN
    ready, due = stops.ready_s.copy(), stops.due_s.copy()
    at = np.array([then[int(stops.stop[one])] for one in others], ready.dtype)
    ready[others] = np.maximum(ready[others], at - most)
    due[others] = np.minimum(due[others], at + most)
    return dataclasses.replace(roads, stops=dataclasses.replace(stops, ready_s=ready, due_s=due))


def _lifted(route: Route, roads: Roads, others: Set[int]) -> Route:
    """The route less whole trips of touched stops, from its end, until the others are in time."""
    held = roads.held[route.group].homes
    for n in reversed(range(len(route.trips))):
        if timetable.run(route, roads) is not None:
            break
        passed = sum(map(len, route.trips[:n]))
        trip = [s for i, s in enumerate(route.trips[n]) if s in others or passed + i < held]
        route = Route(route.group, [*route.trips[:n], trip, *route.trips[n + 1 :]])
        route = Route(route.group, [one for one in route.trips if one])
    return route


def _searched(
    routes: list[Route], roads: Roads, owner: NDArray[np.int32], seed: int
) -> list[Route]:
    tried, _ = search.search(
        roads, limit=model.Limit(iterations=SEARCHED), seed=seed, routes=routes,
        wish=search.Wish(owner, CHANGE_M), heat_m=(1.0, 1.0),
    )  # fmt: skip
    return tried


def _served(routes: list[Route]) -> list[int]:
    return sorted({stop for route in routes for trip in route.trips for stop in trip})


def _noted(made: model.TripPlan, roads: Roads) -> model.TripPlan:
    names = zip(roads.fleet.vehicles, roads.fleet.until_s.tolist(), strict=True)
    notes = tuple(f"overtime:{one[0]}" for one, until in names if until == FAR_S)
    return dataclasses.replace(made, answer=dataclasses.replace(made.answer, notes=notes))


def _with_down(made: model.TripPlan, before: model.Day, day: events.Now) -> model.TripPlan:
    """The plan with the completed trips of vehicles that are down."""
    down = {name: car.done for name, car in day.vehicles.items() if car.down}
    if not down:
        return made

    def done(table: pa.Table) -> pa.Table:
        keep = [
            row["trip"] <= down.get(row["vehicle_id"], 0)
            for row in table.select(["vehicle_id", "trip"]).to_pylist()
        ]
        return table.filter(pa.array(keep, pa.bool_()))

    trips = pa.concat_tables([made.trips, done(before.trips)])
    stops = pa.concat_tables([made.stops, done(before.stops)])
    km = sum(trips["km"].to_pylist())
    served = int(sum(stops["persons"].to_pylist()))
    answer = dataclasses.replace(made.answer, value=km)
    return dataclasses.replace(
        made, trips=trips, stops=stops, km=km, served_persons=served, answer=answer
    )


def _changed(before: model.Day, after: model.TripPlan, day: events.Now) -> tuple[set[int], int]:
    """Other stops that were still open and are served otherwise now, and how many were open."""
    then = {row["stop"]: row for row in before.stops.to_pylist()}
    now = {row["stop"]: row for row in after.stops.to_pylist()}
    most = dt.timedelta(minutes=model.CHANGED_MIN)
    open_ = [s for s, row in then.items() if row["arrives_at"] > day.at and s not in day.touched]
    changed = {
        stop
        for stop in open_
        if stop not in now
        or now[stop]["vehicle_id"] != then[stop]["vehicle_id"]
        or abs(now[stop]["arrives_at"] - then[stop]["arrives_at"]) > most
    }
    return changed, len(open_)

"""Where a further home fits into a route, all places judged at once.

For every leg of a route the earliest departure and the latest arrival that keeps the rest in time
are known (forward and backward pass; Savelsbergh, ORSA J. Comput. 4 (1992) 146-154), so a place is
judged without running the route again.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.transfer.trips import timetable
from zhongshu.engines.transfer.trips.timetable import Roads, Route

Ints = NDArray[np.int64]
NEVER = np.iinfo(np.int64).max


@dataclasses.dataclass(frozen=True)
class Legs:
    """One entry per leg of a route, from point `a` to point `b`.

    leave_s: earliest departure from a; latest_s: latest arrival at b.
    trip, position: where a home put on this leg joins that trip; trip is -1 on the way home.
    fresh: index of a new trip that could begin on this leg, -1 inside a trip.
    seats, places, beds: left on that trip.  open: not yet driven.
    """

    route: Route
    a: Ints
    b: Ints
    leave_s: Ints
    latest_s: Ints
    trip: Ints
    position: Ints
    fresh: Ints
    seats: Ints
    places: Ints
    beds: Ints
    klass: Ints
    open: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Slot:
    extra_m: int
    route: Route


def legs(route: Route, roads: Roads) -> Legs:
    """The legs of a route that can be driven."""
    run = timetable.run(route, roads)
    if run is None:
        raise ValueError("Only a route that can be driven has legs to put homes on.")
    depot, fleet = int(roads.fleet.depot[route.group]), roads.fleet
    held = roads.held.get(route.group, timetable.FREE)
    still: list[bool] = []
    homes = 0
    points, leave, rows = [depot], [int(fleet.from_s[route.group])], []
    for number, (trip, leg) in enumerate(zip(route.trips, run, strict=True)):
        left = fleet.seats[route.group] - roads.stops.persons[trip].sum()
        spare = fleet.places[route.group] - roads.stops.assisted[trip].sum()
        beds = fleet.beds[route.group] - roads.stops.stretchers[trip].sum()
        klass = int(roads.stops.klass[trip[0]])
        for position, stop in enumerate(trip):
            still.append(_still(held, homes, site=position == 0))
            homes += 1
            opens = number if position == 0 else -1
            rows.append((number, position, opens, left, spare, beds, klass))
            points.append(roads.home(stop))
            leave.append(leg.end_s[position])
        still.append(_still(held, homes, site=False))
        rows.append((number, len(trip), -1, left, spare, beds, klass))
        points.append(roads.site(trip[-1]))
        leave.append(leg.clean_s)
    still.append(_still(held, homes, site=True))
    rows.append((-1, -1, len(route.trips), 0, 0, 0, -1))
    points.append(depot)
    trip, position, fresh, seats, places, beds_left, klasses = np.array(rows, np.int64).T
    later = np.maximum(leave, held.now_s)
    return Legs(
        route=route,
        a=np.array(points[:-1]),
        b=np.array(points[1:]),
        leave_s=np.where(still, later, leave),
        latest_s=_latest(points, route.group, roads),
        trip=trip,
        position=position,
        fresh=fresh,
        seats=seats,
        places=places,
        beds=beds_left,
        klass=klasses,
        open=np.array(still),
    )


def _still(held: timetable.Held, homes: int, *, site: bool) -> bool:
    """Whether the vehicle has not left yet for the leg after so many homes, from a site or not."""
    if homes != held.homes:
        return homes > held.homes
    return site or not held.at_site


def best(stop: int, on: Legs, roads: Roads) -> Slot | None:
    """The shortest way to serve the stop on this route: on a trip of its class, or on a new one."""
    joined, added = _join(stop, on, roads), _open(stop, on, roads)
    if min(joined.min(), added.min()) == NEVER:
        return None
    trips = on.route.trips
    if joined.min() <= added.min():
        leg = int(np.argmin(joined))
        number, position = int(on.trip[leg]), int(on.position[leg])
        longer = [*trips[number][:position], stop, *trips[number][position:]]
        changed = [*trips[:number], longer, *trips[number + 1 :]]
        return Slot(int(joined[leg]), Route(on.route.group, changed))
    leg = int(np.argmin(added))
    number = int(on.fresh[leg])
    return Slot(int(added[leg]), Route(on.route.group, [*trips[:number], [stop], *trips[number:]]))


def _join(stop: int, on: Legs, roads: Roads) -> Ints:
    """Extra metres of joining a trip on each leg, NEVER where it cannot."""
    home, seconds, metres = roads.home(stop), roads.matrices.seconds, roads.matrices.metres
    begin = np.maximum(on.leave_s + seconds[on.a, home], roads.stops.ready_s[stop])
    back = begin + roads.stops.board_s[stop] + seconds[home, on.b]
    fits = on.open & (on.trip >= 0) & (on.klass == roads.stops.klass[stop])
    fits &= bool(roads.carries[stop, on.route.group])
    fits &= (on.seats >= roads.stops.persons[stop]) & (on.places >= roads.stops.assisted[stop])
    fits &= on.beds >= roads.stops.stretchers[stop]
    fits &= (begin <= roads.stops.due_s[stop]) & (back <= on.latest_s)
    extra = metres[on.a, home] + metres[home, on.b] - metres[on.a, on.b]
    return np.where(fits, extra, NEVER)


def _open(stop: int, on: Legs, roads: Roads) -> Ints:
    """Extra metres of a trip of its own on each leg, NEVER where it cannot."""
    home, site = roads.home(stop), roads.site(stop)
    seconds, metres = roads.matrices.seconds, roads.matrices.metres
    group = on.route.group
    begin = np.maximum(on.leave_s + seconds[on.a, home], roads.stops.ready_s[stop])
    clean = begin + roads.stops.board_s[stop] + seconds[home, site] + roads.turn_s
    fits = on.open & (on.fresh >= 0) & (begin <= roads.stops.due_s[stop])
    fits &= clean + seconds[site, on.b] <= on.latest_s
    fits &= bool(roads.carries[stop, group])
    extra = metres[on.a, home] + metres[home, site] + metres[site, on.b] - metres[on.a, on.b]
    return np.where(fits, extra, NEVER)


def _latest(points: list[int], group: int, roads: Roads) -> Ints:
    """Latest arrival at each point but the first, going backwards from the end of the shift."""
    latest = [int(roads.fleet.until_s[group])]
    homes = roads.depots + roads.sites
    for point, after in zip(points[-2:0:-1], points[:1:-1], strict=True):
        drive = int(roads.matrices.seconds[point, after])
        if point >= homes:
            stop = point - homes
            bound = latest[-1] - drive - int(roads.stops.board_s[stop])
            latest.append(min(bound, int(roads.stops.due_s[stop])))
        else:
            latest.append(latest[-1] - drive - roads.turn_s)
    return np.array(latest[::-1], np.int64)

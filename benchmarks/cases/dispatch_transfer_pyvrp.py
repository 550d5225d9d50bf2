"""PyVRP (0.14) on the same day, as a peer of the transfer engine.

A trip collects homes of one class (site, cohort) and ends at that site, where the vehicle is
emptied and disinfected; then it may start another.  PyVRP sees two kinds of site visit:

- explicit, a reload depot, which empties the vehicle: needed when the seats run out;
- implicit, *inside an arc*: home -> depot, home -> home of another class and home -> foreign site
  have the length and time of passing through one's own site, handing over and disinfecting
  included.  No arc is forbidden, so every single move of the search leads to a drivable route.

Forbidding arcs by a duration just past the horizon was measured beside it (500 homes, 56 vehicles,
10 s): 6,143 km against 5,973 km, and one vehicle with two cohorts never found its second trip.
Its settings are the best of a dozen tried on the instance of 500 homes: a history of 20 instead of
300 (7,159 km against 8,122 km after 4,000 iterations), penalties updated every 50 solutions.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pyvrp
from pyvrp import stop as stopping
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearchParams

from zhongshu.engines.transfer.trips.fleet import seated
from zhongshu.engines.transfer.trips.timetable import Roads, Route

PRIZE_ROADS = 4  # as the engine's
PENALTY_PRIZES = 0.1  # ceiling of the penalties, in prizes of one person


def search(roads: Roads, *, seconds: float, seed: int) -> list[Route]:
    """Routes after `seconds`; none when nothing drivable was found."""
    data = _data(roads)
    params = pyvrp.SolveParams(
        penalty=pyvrp.PenaltyParams(
            max_penalty=float(PENALTY_PRIZES * _prize(roads)), solutions_between_updates=50
        ),
        ils=IteratedLocalSearchParams(history_length=20),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        result = pyvrp.solve(
            data, stopping.MaxRuntime(seconds), seed=seed, collect_stats=False, params=params
        )
    if not result.best.is_feasible():
        return []
    return [_read(route, roads) for route in result.best.routes() if route.num_clients()]


def _prize(roads: Roads) -> int:
    return PRIZE_ROADS * max(1000, int(roads.matrices.metres.max()))


def _read(route: pyvrp.Route, roads: Roads) -> Route:
    """The trips of a route.  A site passed with nobody aboard is left out: driving on directly is
    never longer."""
    trips: list[list[int]] = []
    fresh = True
    for step in route:
        if step.is_client():
            other = not fresh and roads.stops.klass[trips[-1][-1]] != roads.stops.klass[step.idx]
            if fresh or other:
                trips.append([])
            trips[-1].append(int(step.idx))
        fresh = not step.is_client()
    return Route(int(route.vehicle_type()), trips)


def _data(roads: Roads) -> pyvrp.ProblemData:
    stops, fleet, depots, sites = roads.stops, roads.fleet, roads.depots, roads.sites
    first = depots + sites
    metres, seconds = _arcs(roads)
    prize = _prize(roads)
    loads, capacities = _loads(roads)
    latest = int(fleet.until_s.max())
    clients = [
        pyvrp.Client(
            location=first + i,
            pickup=loads[i],
            service_duration=int(stops.board_s[i]),
            tw_early=int(max(0, stops.ready_s[i])),
            tw_late=int(min(latest, stops.due_s[i])),
            prize=round(prize * stops.persons[i] * stops.weight[i]),
            required=False,
        )
        for i in range(len(stops))
    ]
    ends = [pyvrp.Depot(location=d) for d in range(depots)]
    reloads = [
        pyvrp.Depot(location=depots + s, service_duration=roads.turn_s) for s in range(sites)
    ]
    kinds = [
        pyvrp.VehicleType(
            num_available=len(fleet.vehicles[g]),
            capacity=capacities[g],
            start_depot=int(fleet.depot[g]),
            end_depot=int(fleet.depot[g]),
            tw_early=int(fleet.from_s[g]),
            tw_late=int(fleet.until_s[g]),
            reload_depots=list(range(depots, first)),
        )
        for g in range(len(fleet.vehicles))
    ]
    places = [pyvrp.Location(x=0, y=0) for _ in range(first + len(stops))]
    return pyvrp.ProblemData(places, clients, [*ends, *reloads], kinds, [metres], [seconds])


def _loads(roads: Roads) -> tuple[list[list[int]], list[list[int]]]:
    """Loads of the stops and capacities of the groups: seats, then what anybody needs at all.

    Who may not ride with some groups at all (crew, kind of vehicle) is a load those groups have no
    room for: a soft bound to the search as the others are, so that every move can be judged.
    """
    stops, fleet = roads.stops, roads.fleet
    able = roads.carries | ~seated(stops, fleet)  # crew and kind alone
    columns = [(stops.persons, fleet.seats)]
    for load, room in ((stops.assisted, fleet.places), (stops.stretchers, fleet.beds)):
        if load.any():
            columns.append((load, room))
    for who in np.unique(able[~able.all(axis=1)], axis=0):
        mine = (able == who).all(axis=1)
        columns.append((mine.astype(np.int64), np.where(who, len(stops), 0)))
    loads = np.stack([load for load, _ in columns], axis=1)
    rooms = np.stack([room for _, room in columns], axis=1)
    return loads.tolist(), rooms.tolist()


def _arcs(roads: Roads) -> tuple[Any, Any]:
    """The matrices with the implicit site visits put into the arcs."""
    stops, turn_s = roads.stops, roads.turn_s
    metres, seconds = roads.matrices.metres.copy(), roads.matrices.seconds.copy()
    points = len(metres)
    homes = np.arange(roads.depots + roads.sites, points)
    own = roads.depots + stops.site
    direct = np.zeros((len(stops), points), bool)
    direct[:, homes] = stops.klass[:, None] == stops.klass[None, :]
    direct[np.arange(len(stops)), own] = True
    via_m = metres[homes, own][:, None] + metres[own]
    via_s = seconds[homes, own][:, None] + turn_s + seconds[own]
    metres[homes] = np.where(direct, metres[homes], via_m)
    seconds[homes] = np.where(direct, seconds[homes], via_s)
    return metres, seconds

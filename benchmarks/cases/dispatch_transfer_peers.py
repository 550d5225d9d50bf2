"""Peers on the day of 500 homes, in the same run: PyVRP, VROOM and OR-Tools, one core each.

VROOM and OR-Tools know no vehicle that is emptied and cleaned on the way: for them every home is a
shipment to a place of its own class at its site, arcs that would mix classes take longer than the
shift, and leaving a site costs the disinfecting.  They run in environments of their own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.cases import dispatch_transfer as transfer
from benchmarks.cases import dispatch_transfer_pyvrp as pyvrp
from benchmarks.cases import whatif_environment as environment
from benchmarks.cases.dispatch_lines import Line, seen
from zhongshu.engines.transfer.trips import planning, timetable
from zhongshu.engines.transfer.trips.timetable import Roads

SECONDS = 10.0
PACKAGES = {"vroom": ("pyvroom", "1.15.2"), "ortools": ("ortools", "9.15.6755")}


def rows() -> list[Line]:
    roads = planning.read(**transfer.instance(500), rules=transfer.RULES, find=None).roads
    routes = pyvrp.search(roads, seconds=SECONDS, seed=1)
    persons = sum(roads.stops.persons[t].sum() for r in routes for t in r.trips)
    km = sum(timetable.metres(route, roads) or 0 for route in routes) / 1000
    found = _rows("PyVRP 0.14.1", int(persons), km, "native reloads, best settings of a dozen")
    for name, (package, version) in PACKAGES.items():
        script = Path(__file__).parent / f"dispatch_transfer_{name}.py"
        told = environment.ask(environment.python_of(package, version), script, _question(roads))
        served = int(roads.stops.persons[told["served"]].sum())
        note = f"{told['mixed']} homes rode with another cohort" if told["mixed"] else ""
        found += _rows(f"{package} {version}", served, told["metres"] / 1000, note)
    return found


def _rows(peer: str, persons: int, km: float, note: str) -> list[Line]:
    name = f"transfer-500-homes in {SECONDS:g} s {peer}"
    return [
        seen(f"{name} served", persons, "persons", note=note),
        seen(f"{name} km", km, "km", note=note),
    ]


def _question(roads: Roads) -> dict[str, Any]:
    """Places: depots, homes, then one per class at its site."""
    stops, fleet = roads.stops, roads.fleet
    depots, many = roads.depots, len(stops)
    classes = {int(k): int(roads.depots + s) for k, s in zip(stops.klass, stops.site, strict=True)}
    points = [*range(depots), *(depots + roads.sites + np.arange(many)), *classes.values()]
    cut = np.ix_(points, points)
    metres, seconds = roads.matrices.metres[cut].copy(), roads.matrices.seconds[cut].copy()
    never = int(fleet.until_s.max()) + 1
    kind = np.array([-1] * depots + stops.klass.tolist() + list(classes))
    is_home = np.arange(len(points)) // 1
    home = (is_home >= depots) & (is_home < depots + many)
    place = is_home >= depots + many
    other = kind[:, None] != kind[None, :]
    bad = (home[:, None] & (other | (kind < 0)[None, :])) | (place[:, None] & place & other)
    bad |= (kind < 0)[:, None] & place
    seconds[place[:, None] & ~place] += roads.turn_s
    seconds[bad] = never
    index = {klass: depots + many + n for n, klass in enumerate(classes)}
    vehicles = [
        {"depot": int(fleet.depot[g]), "seats": int(fleet.seats[g]),
         "begin": int(fleet.from_s[g]), "end": int(fleet.until_s[g])}
        for g, names in enumerate(fleet.vehicles) for _ in names
    ]  # fmt: skip
    return {
        "metres": metres.tolist(),
        "seconds": seconds.tolist(),
        "depots": depots,
        "to": [index[int(k)] for k in stops.klass],
        "persons": stops.persons.tolist(),
        "board": stops.board_s.tolist(),
        "ready": stops.ready_s.tolist(),
        "due": stops.due_s.tolist(),
        "never": never,
        "vehicles": vehicles,
        "limit_s": SECONDS,
    }

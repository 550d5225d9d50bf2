"""Rooms: seeded instances and their rows.  Synthetic, shaped like one city of 5 million."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from benchmarks.cases.dispatch import CENTRE, HOUSEHOLD, SEED
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.transfer import model, solve, validate
from zhongshu.kernel.random import stream

RULES = model.RoomRules(
    reserve_share=0.1, low_floor_needs=frozenset({"wheelchair"}), low_floor_max=2, detour_factor=1.3
)


def contacts(persons: int, seed: int = SEED) -> pa.Table:
    """People of whole households, two fifths of them degree 1, about the city's centre."""
    rng = stream(seed, "contacts")
    rows: list[dict[str, Any]] = []
    household = 0
    while len(rows) < persons:
        household += 1
        size = min(int(rng.choice(6, p=HOUSEHOLD)) + 1, persons - len(rows))
        lon, lat = CENTRE + rng.normal(0, (0.12, 0.10))
        degree = 1 if rng.random() < 0.4 else 2
        rows += [
            {
                "person": len(rows) + n + 1,
                "household": household,
                "degree": degree,
                "lon": lon,
                "lat": lat,
                "special_need": "wheelchair" if rng.random() < 0.02 else None,
            }
            for n in range(size)
        ]
    return pa.Table.from_pylist(rows, schema=model.PEOPLE)


def rooms(sites: int, per_site: int, seed: int = SEED) -> pa.Table:
    """Hotels of 20 rooms a floor, seven in ten free."""
    rng = stream(seed, "rooms")
    rows: list[dict[str, Any]] = []
    for site in range(sites):
        lon, lat = CENTRE + rng.uniform(-0.2, 0.2, 2)
        for n in range(per_site):
            rows.append(
                {
                    "site_id": f"S{site:02d}",
                    "room_no": f"{n // 20 + 1}{n % 20:02d}",
                    "floor": n // 20 + 1,
                    "capacity": int(rng.choice([1, 2, 3], p=[0.3, 0.5, 0.2])),
                    "state": str(rng.choice(["free", "occupied", "cleaning"], p=[0.7, 0.2, 0.1])),
                    "lon": lon,
                    "lat": lat,
                    "degree": None,
                }
            )
    return pa.Table.from_pylist(rows, schema=model.ROOMS)


def rows() -> list[Line]:
    return [one for per_site in (200, 140) for one in _rows(per_site)]


def _rows(per_site: int) -> list[Line]:
    people, places = contacts(1159), rooms(8, per_site)
    plan = solve.rooms(people, places, RULES)
    checked(validate.check_rooms(plan, people=people, rooms=places, rules=RULES))
    name = f"rooms-1159-people-8-sites-of-{per_site}"
    return [
        line(f"{name} served against bound", plan.served, "persons", peer=plan.served_bound,
             goal=1.0, most=False),
        line(f"{name} person-km against bound", plan.person_km, "person-km",
             peer=plan.person_km_bound, goal=1.03),
        line(f"{name} time", plan.seconds, "s", peer=None, goal=3.0),
    ]  # fmt: skip

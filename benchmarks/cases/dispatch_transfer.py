"""Trips: seeded instances, their best known lengths, and their rows."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases.dispatch import CENTRE, HOUSEHOLD, SEED, START
from benchmarks.cases.dispatch_lines import Line, checked, line, seen
from zhongshu.engines.transfer import model, solve, validate
from zhongshu.kernel.random import stream

RULES = model.TripRules(
    start=START,
    shift_h=8,
    speed_kmh=30,
    detour_factor=1.3,
    board_min_per_stop=3,
    board_min_per_person=0.5,
    handover_min=0,
    disinfect_min=20,
)
# Of 500 homes the first seed from 1 that draws 1,159 people; of 3,000 that of all instances.
SEEDS = {500: 58, 3000: SEED}
# The shortest long plan that serves everybody, and what found it; a better one found here is to be
# written down here.  Of 500 homes ten minutes of PyVRP came to 6,508.0 km.
BEST_KM = {500: 6406.2, 3000: 26077.1}
BEST_BY = {
    500: "ours, 120 s of two cores, seed 2",
    3000: "PyVRP 0.14.1, 600 s of one core, seed 2; ours was not run longer than 60 s",
}


def trips(homes: int, seed: int = SEED, *, scale: float = 1.0) -> dict[str, pa.Table]:
    """Homes of 12 classes (3 cohorts x 4 sites), 3 depots, 3 vehicle sizes, windows of 2-4 h."""
    rng = stream(seed, "trips")
    sites = CENTRE + rng.uniform(-0.2, 0.2, (4, 2))
    depots = CENTRE + rng.uniform(-0.15, 0.15, (3, 2))
    stops = [_stop(number, sites, rng) for number in range(1, homes + 1)]
    vehicles = [
        {
            "vehicle_id": f"{kind}-{depot}-{n}",
            "kind": kind,
            "lon": depots[depot][0],
            "lat": depots[depot][1],
            "seats": seats,
            "state": "ready",
        }
        for depot in range(3)
        for kind, seats, count in (("ambulance", 5, 6), ("van", 8, 10), ("bus", 20, 4))
        for n in range(max(1, round(count * scale)))
    ]
    places = [{"site_id": f"S{n}", "lon": x, "lat": y} for n, (x, y) in enumerate(sites)]
    return {
        "stops": pa.Table.from_pylist(stops, schema=model.STOPS),
        "vehicles": pa.Table.from_pylist(vehicles, schema=model.VEHICLES),
        "sites": pa.Table.from_pylist(places, schema=model.SITES),
    }


def _stop(number: int, sites: np.ndarray, rng: np.random.Generator) -> dict[str, Any]:
    lon, lat = CENTRE + rng.normal(0, (0.12, 0.10))
    # Mostly the nearest site, as the room plan would give it.
    away = np.hypot(sites[:, 0] - lon, sites[:, 1] - lat) + rng.uniform(0, 0.08, len(sites))
    ready = START + dt.timedelta(hours=int(rng.integers(0, 5)))
    return {
        "stop": number,
        "household": number,
        "lon": lon,
        "lat": lat,
        "site_id": f"S{int(np.argmin(away))}",
        "cohort": str(rng.choice(["degree-1", "degree-2", "case"])),
        "persons": int(rng.choice(6, p=HOUSEHOLD)) + 1,
        "assisted": 0,
        "ready_at": ready,
        "due_at": ready + dt.timedelta(hours=int(rng.integers(2, 5))),
    }


def instance(homes: int) -> dict[str, pa.Table]:
    return trips(homes, SEEDS[homes], scale=homes / 500)


def solved(homes: int, seconds: float, seed: int = 1) -> model.TripPlan:
    case = instance(homes)
    limit = model.Limit(seconds=seconds, processes=os.cpu_count() or 1)
    plan = solve.trips(**case, rules=RULES, limit=limit, seed=seed)
    checked(validate.check_trips(plan, **case, rules=RULES))
    return plan


def rows() -> list[Line]:
    """500 homes in 3 and 10 s, 3,000 in 30 and 60 s; the kernels are compiled before."""
    _warm()
    return [
        *_rows(500, 3.0, served=1.0, over=None),
        *_rows(500, 10.0, served=1.0, over=1.03),
        *_rows(3000, 30.0, served=0.99, over=None),
        *_rows(3000, 60.0, served=0.99, over=1.05),
    ]


def _warm() -> None:
    solve.trips(
        **trips(20, scale=0.1), rules=RULES, limit=model.Limit(iterations=50, processes=2), seed=1
    )


def _rows(homes: int, seconds: float, *, served: float, over: float | None) -> list[Line]:
    plan, people = solved(homes, seconds), sum(instance(homes)["stops"]["persons"].to_pylist())
    name = f"transfer-{homes}-homes in {seconds:g} s"
    rows = [
        line(f"{name} served", plan.served_persons, "persons", peer=float(people), goal=served,
             most=False),
        line(f"{name} time", plan.seconds, "s", peer=None, goal=seconds * 1.1 + homes / 1000),
    ]  # fmt: skip
    if over is None:
        rows.append(seen(f"{name} km", plan.km, "km", note=f"best known {BEST_KM[homes]}"))
    else:
        rows.append(
            line(f"{name} km against the best known", plan.km, "km", peer=BEST_KM[homes],
                 goal=over, note=BEST_BY[homes])
        )  # fmt: skip
    return rows


def replans() -> list[Line]:
    """One event of each kind at 10:30 on the day of 500 homes: seconds, and what changed."""
    _warm()
    case, before = instance(500), solved(500, 10.0)
    now = START + dt.timedelta(hours=2.5)
    later = [row for row in before.stops.to_pylist() if row["arrives_at"] > now]
    busiest = max(
        later, key=lambda row: sum(one["vehicle_id"] == row["vehicle_id"] for one in later)
    )
    events: dict[str, model.Event] = {
        "vehicle-down": model.VehicleDown(busiest["vehicle_id"]),
        "not-home": model.NotHome(later[0]["stop"]),
        "site-full": model.SiteFull("S0", instead="S1"),
    }
    tables = (case["stops"], case["vehicles"], case["sites"])
    rows: list[Line] = []
    for kind, event in events.items():
        made = solve.replan(before, tables, RULES, [event], now=now, seed=1)
        checked(
            validate.check_replan(
                made, before, now=now, vehicles=tables[1], sites=tables[2], rules=RULES
            )
        )
        left = made.plan.unserved.num_rows - before.unserved.num_rows
        note = f"{len(made.touched)} stops touched by the event, {left} more left out"
        name = f"replan-500-homes {kind}"
        rows += [
            line(f"{name} time", made.plan.seconds, "s", peer=None, goal=2.0, note=note),
            line(f"{name} other stops changed", made.share_changed, "share", peer=None, goal=0.05),
        ]
    return rows

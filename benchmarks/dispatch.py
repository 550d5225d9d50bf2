"""Rooms, trips and a testing round on named instances: `python -m benchmarks.dispatch`.

Each line of benchmarks/results/dispatch.json: name, value, unit, peer (what it is held against),
ratio (value / peer), goal (of that ratio, or of the value where there is no peer), met.
Every plan goes through the independent validator first; a fault stops the run.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.cases import dispatch as instances
from zhongshu.engines.testing import solve as testing
from zhongshu.engines.testing import validate as testing_check
from zhongshu.engines.transfer import model
from zhongshu.engines.transfer import solve as transfer
from zhongshu.engines.transfer import validate as transfer_check

RESULTS = Path(__file__).parent / "results" / "dispatch.json"
Line = dict[str, Any]


def line(
    name: str, value: float, unit: str, *, peer: float | None, goal: float, most: bool = True
) -> Line:
    """most: the goal is a ceiling, else a floor."""
    measured = value if peer is None else value / peer
    met = measured <= goal if most else measured >= goal
    ratio = None if peer is None else round(measured, 4)
    base = {"name": name, "value": round(value, 3), "unit": unit}
    return {**base, "peer": peer and round(peer, 3), "ratio": ratio, "goal": goal, "met": met}


def checked(faults: list[str]) -> None:
    if faults:
        raise SystemExit("The validator found: " + "; ".join(faults[:5]))


def rooms(per_site: int) -> list[Line]:
    people, places = instances.contacts(1159), instances.rooms(8, per_site)
    plan = transfer.rooms(people, places, instances.ROOM_RULES)
    checked(
        transfer_check.check_rooms(plan, people=people, rooms=places, rules=instances.ROOM_RULES)
    )
    name = f"rooms-1159-people-8-sites-of-{per_site}"
    return [
        line(f"{name} served against bound", plan.served, "persons", peer=plan.served_bound,
             goal=1.0, most=False),
        line(f"{name} person-km against bound", plan.person_km, "person-km",
             peer=plan.person_km_bound, goal=1.03),
        line(f"{name} time", plan.seconds, "s", peer=None, goal=3.0),
    ]  # fmt: skip


def trips(homes: int, seconds: float, long_s: float) -> list[Line]:
    """The plan after `seconds` against the best of `long_s`, same instance."""
    case = instances.trips(homes, scale=homes / 500)
    name = f"trips-{homes}-homes"

    def solve(limit_s: float, seed: int) -> model.TripPlan:
        plan = transfer.trips(
            **case, rules=instances.TRIP_RULES, limit=model.Limit(seconds=limit_s), seed=seed
        )
        checked(transfer_check.check_trips(plan, **case, rules=instances.TRIP_RULES))
        return plan

    quick, plan, best = solve(seconds / 4, 1), solve(seconds, 1), solve(long_s, 2)
    total = case["stops"]["persons"].to_pylist()
    rows = [
        line(f"{name} served in {seconds / 4:g} s", quick.served_persons, "persons",
             peer=float(sum(total)), goal=0.99, most=False),
        line(f"{name} served in {seconds:g} s", plan.served_persons, "persons",
             peer=float(sum(total)), goal=1.0, most=False),
    ]  # fmt: skip
    if best.served_persons == plan.served_persons:
        rows.append(
            line(f"{name} km in {seconds:g} s against {long_s:g} s", plan.km, "km", peer=best.km,
                 goal=1.03),
        )  # fmt: skip
    return rows


def round_of_testing() -> list[Line]:
    area = instances.sampling_round(1000, 1500)
    began = time.perf_counter()
    plan = testing.plan_round(**area, rules=instances.ROUND_RULES, start=instances.START)
    spent = time.perf_counter() - began
    checked(testing_check.check(plan, **area, rules=instances.ROUND_RULES))
    name = "testing-1000-villages-1500-candidates"
    total = float(sum(area["villages"]["people"].to_pylist()))
    in_reach = total - plan.reasons.get("no_point_in_reach", 0)
    return [
        line(f"{name} people with a point, of those in reach", plan.people, "persons",
             peer=in_reach, goal=0.99, most=False),
        line(f"{name} cost against bound", plan.value, "person-km", peer=plan.bound, goal=1.05),
        line(f"{name} time", spent, "s", peer=None, goal=20.0),
    ]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=float, default=40.0, help="seconds of the long search")
    long_s = parser.parse_args().long
    jobs: list[Callable[[], list[Line]]] = [
        lambda: rooms(200),
        lambda: rooms(140),
        lambda: trips(500, 10.0, long_s),
        round_of_testing,
    ]
    lines: list[Line] = []
    for job in jobs:
        for row in job():
            print("met " if row["met"] else "MISS", row["name"], row["value"], row["unit"],
                  "" if row["ratio"] is None else f"ratio {row['ratio']}", flush=True)  # fmt: skip
            lines.append(row)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(lines, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

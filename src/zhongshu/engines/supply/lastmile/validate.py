"""Re-checks a day of the last mile from its tables alone.  Shares no code with the solver.

Every run is driven again, minute by minute.  One sentence per fault.
"""

from __future__ import annotations

import collections
import itertools
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply.lastmile import model

Row = dict[str, Any]
CLOSE = 1e-3
RADIUS_KM = 6371.0088


def check(
    plan: model.MilePlan,
    *,
    depots: pa.Table,
    drops: pa.Table,
    vehicles: pa.Table,
    rules: model.MileRules,
) -> list[str]:
    fleet = {row["vehicle_id"]: row for row in vehicles.to_pylist()}
    asked = {row["drop_id"]: row for row in drops.to_pylist()}
    stores = {row["store_id"]: row for row in depots.to_pylist()}
    stops: dict[str, list[Row]] = collections.defaultdict(list)
    for row in plan.stops.to_pylist():
        stops[row["run_id"]].append(row)
    faults = []
    for run in plan.runs.to_pylist():
        vehicle, its = fleet[run["vehicle_id"]], stops.pop(run["run_id"], [])
        its.sort(key=lambda row: row["no"])
        faults += _allowed(run, vehicle, its, asked, rules)
        faults += _driven(run, vehicle, its, asked, store=stores[vehicle["store_id"]], rules=rules)
    faults += [f"stops of {run}, which does not run" for run in stops]
    return [*faults, *_turns(plan.runs.to_pylist(), fleet), *_counted(plan, asked)]


def _allowed(
    run: Row, vehicle: Row, stops: list[Row], asked: dict[str, Row], rules: model.MileRules
) -> list[str]:
    said = run["run_id"]
    faults = []
    if not 1 <= len(stops) <= vehicle["stops_most"] or run["stops"] != len(stops):
        faults.append(f"{said} has {len(stops)} stops")
    if vehicle["needs_fair_weather"] and not rules.fair_weather:
        faults.append(f"{said} goes out in this weather")
    load = {"kg": 0.0, "m3": 0.0}
    for stop in stops:
        drop = asked[stop["drop_id"]]
        if drop["store_id"] != vehicle["store_id"]:
            faults.append(f"{said} brings {drop['drop_id']} from another store")
        if vehicle["sells"] != (drop["way"] == "shop"):
            faults.append(f"{said} is not made for {drop['way']}")
        if vehicle["needs_road"] and not drop["road"]:
            faults.append(f"{said} has no road to {drop['drop_id']}")
        for what in load:
            load[what] += drop[what] * stop["parcels"] / drop["parcels"]
    for what, total in load.items():
        if total > vehicle[what] + CLOSE or abs(total - run[what]) > CLOSE:
            faults.append(f"{said} carries {total:.2f} {what}, it holds {vehicle[what]}")
    if sum(stop["parcels"] for stop in stops) != run["parcels"]:
        faults.append(f"{said} counts its parcels wrong")
    return faults


def _driven(
    run: Row,
    vehicle: Row,
    stops: list[Row],
    asked: dict[str, Row],
    *,
    store: Row,
    rules: model.MileRules,
) -> list[str]:
    said, faults = run["run_id"], []
    clock, here, total = run["leaves_min"], {**store, "road_factor": 1.0}, 0.0
    for stop in stops:
        drop = asked[stop["drop_id"]]
        leg = _km(here, drop, vehicle)
        total += leg
        clock += leg / vehicle["km_h"] * 60
        if stop["arrives_min"] < clock - CLOSE or abs(stop["km"] - leg) > CLOSE:
            faults.append(f"{said} is sooner at {drop['drop_id']} than it can be")
        if stop["begins_min"] < max(stop["arrives_min"], drop["from_min"]) - CLOSE:
            faults.append(f"{said} hands over at {drop['drop_id']} too early")
        stays = rules.stop_min + drop["stay_min"] * stop["parcels"] / drop["parcels"]
        if stop["leaves_min"] < stop["begins_min"] + stays - CLOSE:
            faults.append(f"{said} stays too short at {drop['drop_id']}")
        if stop["leaves_min"] > drop["to_min"] + CLOSE:
            faults.append(f"{said} is too late at {drop['drop_id']}")
        outside = stop["leaves_min"] - run["leaves_min"]
        if drop["cold"] and not vehicle["cold"] and outside > drop["out_min"] + CLOSE:
            faults.append(f"{said} keeps {drop['drop_id']} {outside:.0f} minutes out of the cold")
        clock, here = stop["leaves_min"], drop
    leg = _km(here, {**store, "road_factor": 1.0}, vehicle)
    total, clock = total + leg, clock + leg / vehicle["km_h"] * 60
    if run["back_min"] < clock - CLOSE:
        faults.append(f"{said} is back sooner than it can be")
    if (
        run["leaves_min"] < vehicle["from_min"] - CLOSE
        or run["back_min"] > vehicle["to_min"] + CLOSE
    ):
        faults.append(f"{said} lies outside its shift")
    if vehicle["range_km"] is not None and total > vehicle["range_km"] + CLOSE:
        faults.append(f"{said} goes {total:.1f} km, farther than it reaches")
    yuan = vehicle["yuan_run"] + vehicle["yuan_km"] * total
    if abs(total - run["km"]) > CLOSE or abs(yuan - run["yuan"]) > CLOSE:
        faults.append(f"{said} tells other kilometres or yuan")
    return faults


def _km(a: Row, b: Row, vehicle: Row) -> float:
    """Law of cosines on the sphere, by way of the chord for short ways."""
    points = []
    for one in (a, b):
        lon, lat = math.radians(one["lon"]), math.radians(one["lat"])
        points.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    chord = math.dist(points[0], points[1])
    road = 2 * RADIUS_KM * math.asin(min(1.0, chord / 2)) * vehicle["detour"]
    hill = max(1.0, a["road_factor"], b["road_factor"]) if vehicle["needs_road"] else 1.0
    return float(road * hill)


def _turns(runs: list[Row], fleet: dict[str, Row]) -> list[str]:
    by: dict[str, list[Row]] = collections.defaultdict(list)
    for run in runs:
        by[run["vehicle_id"]].append(run)
    faults = []
    for name, its in by.items():
        its.sort(key=lambda row: row["leaves_min"])
        for one, after in itertools.pairwise(its):
            if after["leaves_min"] < one["back_min"] + fleet[name]["turn_min"] - CLOSE:
                faults.append(f"{after['run_id']} leaves before {name} is ready")
    return faults


def _counted(plan: model.MilePlan, asked: dict[str, Row]) -> list[str]:
    """Every parcel is on a run or among those left behind, once."""
    on_runs: dict[str, int] = collections.Counter()
    for stop in plan.stops.to_pylist():
        on_runs[stop["drop_id"]] += stop["parcels"]
    behind: dict[str, float] = collections.defaultdict(float)
    for row in plan.answer.unserved.to_pylist():
        behind[row["id"]] += row["amount"]
    faults = [
        f"of {name} {on_runs[name]} parcels run and {behind[name]:.0f} stay, {row['parcels']} asked"
        for name, row in asked.items()
        if on_runs[name] + behind[name] != row["parcels"]
    ]
    if plan.brought != sum(on_runs.values()):
        faults.append("the parcels brought are counted wrong")
    yuan = sum(row["yuan"] for row in plan.runs.to_pylist())
    if abs(yuan - plan.answer.value) > CLOSE:
        faults.append(f"the runs cost {yuan:.2f} yuan, not {plan.answer.value:.2f}")
    if plan.answer.bound is not None and plan.answer.bound > plan.answer.value + CLOSE:
        faults.append("the bound lies above the plan")
    return faults

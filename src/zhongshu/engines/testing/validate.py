"""Re-checks a round from its tables alone.  Shares no code with the solver; distances by chord.

One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing import model, validatebound, validateruns
from zhongshu.engines.testing.labs.model import LabRules

Row = dict[str, Any]
SECOND_H = 2 / 3600  # times are rounded to seconds


def check(
    plan: model.RoundPlan,
    *,
    villages: pa.Table,
    candidates: pa.Table,
    labs: pa.Table,
    rules: model.RoundRules,
    machines: LabRules | None = None,
) -> list[str]:
    """Tables and rules as `solve.plan_round` had them."""
    homes = {row["unit_code"]: row for row in villages.to_pylist()}
    places = {row["point_id"]: row for row in candidates.to_pylist()}
    points = plan.points.to_pylist()
    return [
        *_everybody(plan, homes),
        *_walks(plan.walks.to_pylist(), homes, places, rules),
        *_points(points, plan.walks.to_pylist(), places, rules),
        *(
            _labs(plan, points, {row["lab_id"]: row for row in labs.to_pylist()}, rules)
            if machines is None
            else validateruns.check(plan, places, labs, rules, machines)
        ),
        *_bound(plan, points, rules),
        *_floors(plan, points, places, rules),
        *validatebound.check(plan, homes, places, rules),
    ]


def _everybody(plan: model.RoundPlan, homes: dict[str, Row]) -> list[str]:
    people: collections.Counter[str] = collections.Counter()
    for row in [*plan.walks.to_pylist(), *plan.unserved.to_pylist()]:
        people[row["unit_code"]] += row["people"]
    return [
        f"{code}: {people[code]} of {row['people']} people are planned or listed"
        for code, row in homes.items()
        if people[code] != row["people"]
    ]


def _walks(
    walks: list[Row], homes: dict[str, Row], places: dict[str, Row], rules: model.RoundRules
) -> list[str]:
    faults = []
    for row in walks:
        km = _km(homes[row["unit_code"]], places[row["point_id"]]) * rules.detour_factor
        if abs(km - row["walk_km"]) > 1e-6 or km > rules.walk_max_km + 1e-6:
            faults.append(f"{row['unit_code']} walks {km:.3f} km to {row['point_id']}")
        if row["people"] <= 0:
            faults.append(f"{row['unit_code']} sends nobody to {row['point_id']}")
    return faults


def _points(
    points: list[Row], walks: list[Row], places: dict[str, Row], rules: model.RoundRules
) -> list[str]:
    load: collections.Counter[str] = collections.Counter()
    for row in walks:
        load[row["point_id"]] += row["people"]
    faults = [] if set(load) <= {row["point_id"] for row in points} else ["points and walks differ"]
    for row in points:
        name, people, own = row["point_id"], row["people"], places[row["point_id"]]
        early, late = own.get("from_at"), own.get("until_at")
        if own.get("word") == "forbid":
            faults.append(f"{name} is open and must not be")
        if (early and row["opens_at"] < early) or (
            late and (row["closes_at"] - late).total_seconds() > 1
        ):
            faults.append(f"{name} is open outside its own hours")
        hours = (row["closes_at"] - row["opens_at"]).total_seconds() / 3600
        if people != load[name]:
            faults.append(f"{name} counts {people} people, {load[name]} walk there")
        if people > rules.people_per_point_max:
            faults.append(f"{name} has more people than a point may have")
        if not 1 <= row["desks"] <= places[name]["desks_max"]:
            faults.append(f"{name} has {row['desks']} desks")
        if hours > rules.sampling_h + SECOND_H:
            faults.append(f"{name} is open for {hours:.2f} h")
        if people > row["desks"] * rules.per_desk_h * (hours + SECOND_H) + 1e-6:
            faults.append(f"{name} cannot sample {people} people in {hours:.2f} h")
        if not people <= row["tubes"] * rules.pool_size < people + rules.pool_size:
            faults.append(f"{name} needs other than {row['tubes']} tubes")
    return faults


def _floors(
    plan: model.RoundPlan, points: list[Row], places: dict[str, Row], rules: model.RoundRules
) -> list[str]:
    """Every township has the points it is owed, and no point stands empty for another reason."""
    start = dt.datetime.fromisoformat(plan.card.parameters["start"])
    usable = {
        name: row
        for name, row in places.items()
        if row.get("word") != "forbid"
        and row["desks_max"] * rules.per_desk_h * validatebound.hours_of(row, rules, start)
        >= 1 - 1e-9
    }
    owed = collections.Counter(row["township"] for row in usable.values() if row.get("township"))
    opened = collections.Counter(places[row["point_id"]].get("township") for row in points)
    faults = [
        f"{town} has {opened[town]} points, fewer than it is owed"
        for town, most in owed.items()
        if opened[town] < min(most, rules.points_per_township)
    ]
    names = {row["point_id"] for row in points}
    faults += [
        f"{name} must be open and is not"
        for name, row in places.items()
        if row.get("word") == "pin" and name not in names
    ]
    for row in points:
        town = places[row["point_id"]].get("township")
        pinned = places[row["point_id"]].get("word") == "pin"
        if (
            not row["people"]
            and not pinned
            and (town is None or opened[town] > rules.points_per_township)
        ):
            faults.append(f"{row['point_id']} is open for nobody")
    return faults


def _labs(
    plan: model.RoundPlan, points: list[Row], labs: dict[str, Row], rules: model.RoundRules
) -> list[str]:
    faults = []
    for row in plan.labs.to_pylist():
        mine = [point for point in points if point["lab_id"] == row["lab_id"]]
        tubes = sum(point["tubes"] for point in mine)
        if tubes != row["tubes"]:
            faults.append(f"{row['lab_id']} counts {row['tubes']} tubes, {tubes} are sent")
        if not mine:
            continue
        rate = labs[row["lab_id"]]["tubes_per_day"] / 24
        last = max(point["tubes_at_lab"] for point in mine)
        least_h = rules.lab_turnaround_h + tubes / rate
        from_first = (row["last_result_at"] - row["first_tubes_at"]).total_seconds() / 3600
        from_last = (row["last_result_at"] - last).total_seconds() / 3600
        if from_first < least_h - SECOND_H or from_last < rules.lab_turnaround_h - SECOND_H:
            faults.append(f"{row['lab_id']} is done sooner than it can be")
    done = [row["last_result_at"] for row in plan.labs.to_pylist() if row["last_result_at"]]
    if plan.finish_at is not None and plan.finish_at != max(done):
        faults.append("the round does not finish with its last laboratory")
    if plan.finish_at is None and points and any(row["tubes_per_day"] for row in labs.values()):
        faults.append("the finish is unknown although there are laboratories")
    return faults


def _bound(plan: model.RoundPlan, points: list[Row], rules: model.RoundRules) -> list[str]:
    walking = sum(row["walk_km"] * row["people"] for row in plan.walks.to_pylist())
    value = walking + rules.point_cost_km * len(points)
    faults = []
    if not math.isclose(value, plan.value, rel_tol=1e-6, abs_tol=1e-3):
        faults.append(f"the value is {value}, not {plan.value}")
    if plan.bound > plan.value * (1 + 1e-6) + 1e-3:
        faults.append("the value is below its bound")
    return faults


def _km(a: Row, b: Row) -> float:
    ends = []
    for point in (a, b):
        lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
        ends.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(*ends) / 2))

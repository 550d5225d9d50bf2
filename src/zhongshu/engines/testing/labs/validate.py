"""Re-checks a plan from its tables alone.  Shares no code with the solver; distances by chord.

One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.labs import model, validatebound

Row = dict[str, Any]
SECOND_H = 2 / 3600  # moments are rounded to seconds


def check(
    plan: model.LabPlan,
    *,
    loads: pa.Table,
    labs: pa.Table,
    rules: model.LabRules,
    start: dt.datetime,
) -> list[str]:
    asked = {row["load"]: row for row in loads.to_pylist()}
    places = {row["lab_id"]: row for row in labs.to_pylist()}
    runs = {(row["lab_id"], row["run"]): row for row in plan.runs.to_pylist()}
    given = {row["load"]: row for row in plan.assigned.to_pylist()}
    contents = plan.contents.to_pylist()
    return [
        *_everybody(plan, asked, given, contents),
        *_roads(asked, places, given, rules),
        *_runs(runs, contents, given, places),
        *_machines(runs, places),
        *_hours(runs, places, rules, start),
        *_results(plan, runs, contents, given, rules=rules, start=start),
        *_value(plan, runs, contents, asked, rules=rules, start=start),
        *validatebound.check(plan, loads=loads, labs=labs, rules=rules, start=start),
    ]


def _everybody(
    plan: model.LabPlan, asked: dict[str, Row], given: dict[str, Row], contents: list[Row]
) -> list[str]:
    inside: collections.Counter[str] = collections.Counter()
    for row in contents:
        inside[row["load"]] += row["tubes"]
    left: collections.Counter[str] = collections.Counter()
    for row in plan.answer.unserved.to_pylist():
        left[row["id"]] += row["amount"]
    faults = [
        f"load {name}: {inside[name]} tubes run and {left[name]} left of {row['tubes']}"
        for name, row in asked.items()
        if inside[name] + left[name] != row["tubes"]
    ]
    faults += [
        f"load {name}: {inside[name]} tubes run, {row['tubes']} assigned"
        for name, row in given.items()
        if inside[name] != row["tubes"]
    ]
    if len(given) != plan.assigned.num_rows:
        faults.append("a load goes to two laboratories")
    if sum(inside.values()) != plan.tubes or set(inside) != set(given):
        faults.append("the tubes assigned, run and told differ")
    return faults


def _roads(
    asked: dict[str, Row], places: dict[str, Row], given: dict[str, Row], rules: model.LabRules
) -> list[str]:
    faults = []
    for name, row in given.items():
        km = _km(asked[name], places[row["lab_id"]]) * rules.detour_factor
        road = (row["arrives_at"] - asked[name]["ready_at"]).total_seconds() / 3600
        if abs(km - row["km"]) > 1e-6 or abs(road - km / rules.courier_kmh) > SECOND_H:
            faults.append(f"load {name} is {km:.3f} km and {road:.3f} h from {row['lab_id']}")
        if road > rules.carry_max_h + SECOND_H:
            faults.append(f"load {name} is on the road for {road:.2f} h")
    return faults


def _runs(
    runs: dict[tuple[str, int], Row],
    contents: list[Row],
    given: dict[str, Row],
    places: dict[str, Row],
) -> list[str]:
    filled: collections.Counter[tuple[str, int]] = collections.Counter()
    faults = []
    for row in contents:
        key = (row["lab_id"], row["run"])
        filled[key] += row["tubes"]
        load = given.get(row["load"])
        if key not in runs or load is None or load["lab_id"] != row["lab_id"]:
            faults.append(f"load {row['load']} is in a run it cannot be in: {key}")
        elif _hours_between(runs[key]["starts_at"], load["arrives_at"]) < -SECOND_H:
            faults.append(f"run {key} starts before load {row['load']} is there")
    for key, run in runs.items():
        place = places[key[0]]
        if not 0 < run["tubes"] == filled[key] <= place["batch"]:
            faults.append(f"run {key} holds {filled[key]} tubes, told {run['tubes']}")
        lasts = _hours_between(run["ends_at"], run["starts_at"])
        if abs(lasts - place["run_h"]) > SECOND_H:
            faults.append(f"run {key} lasts {lasts:.2f} h")
    return faults


def _machines(runs: dict[tuple[str, int], Row], places: dict[str, Row]) -> list[str]:
    held = collections.defaultdict(list)
    for (name, _), run in runs.items():
        held[name, run["machine"]].append(run)
    faults = [
        f"{name} has no machine {number}"
        for name, number in held
        if not 1 <= number <= places[name]["machines"]
    ]
    for key, mine in held.items():
        mine.sort(key=lambda run: run["starts_at"])
        faults += [
            f"machine {key} has two runs at {b['starts_at']}"
            for a, b in itertools.pairwise(mine)
            if _hours_between(b["starts_at"], a["ends_at"]) < -SECOND_H
        ]
    return faults


def _hours(
    runs: dict[tuple[str, int], Row],
    places: dict[str, Row],
    rules: model.LabRules,
    start: dt.datetime,
) -> list[str]:
    faults = []
    for (name, number), run in runs.items():
        opens, closes = places[name].get("opens_h"), places[name].get("closes_h")
        if _hours_between(run["ends_at"], start) > rules.horizon_h + SECOND_H:
            faults.append(f"run {number} of {name} ends after the horizon")
        if opens is None or (closes - opens) % 24 == 0:
            continue
        local = run["starts_at"].astimezone(start.tzinfo)
        day = local.hour + local.minute / 60 + local.second / 3600
        since = (day - opens + SECOND_H) % 24
        if since + places[name]["run_h"] > (closes - opens) % 24 + 2 * SECOND_H:
            faults.append(f"run {number} of {name} is outside the opening hours")
    return faults


def _results(
    plan: model.LabPlan,
    runs: dict[tuple[str, int], Row],
    contents: list[Row],
    given: dict[str, Row],
    *,
    rules: model.LabRules,
    start: dt.datetime,
) -> list[str]:
    known = collections.defaultdict(list)
    late = 0
    for row in contents:
        ends = runs[row["lab_id"], row["run"]]["ends_at"]
        known[row["load"]].append(ends + dt.timedelta(hours=rules.report_h))
        after = _hours_between(known[row["load"]][-1], start)
        late += row["tubes"] if after > rules.due_h + SECOND_H else 0
    faults = [
        f"load {name} has its results at other times"
        for name, row in given.items()
        if abs(_hours_between(min(known[name]), row["first_result_at"])) > SECOND_H
        or abs(_hours_between(max(known[name]), row["last_result_at"])) > SECOND_H
    ]
    told = sum(row["late_tubes"] for row in given.values())
    if told != plan.late_tubes or late > told:
        faults.append(f"{late} tubes are late, {plan.late_tubes} and {told} are told")
    if known:
        last = max(max(hours) for hours in known.values())
        if plan.last_at is None or abs(_hours_between(last, plan.last_at)) > SECOND_H:
            faults.append("the last result is at another time")
        elif plan.last_bound_at is None or plan.last_bound_at > plan.last_at:
            faults.append("the last result is before its bound")
    return faults


def _value(
    plan: model.LabPlan,
    runs: dict[tuple[str, int], Row],
    contents: list[Row],
    asked: dict[str, Row],
    *,
    rules: model.LabRules,
    start: dt.datetime,
) -> list[str]:
    hours = value = 0.0
    for row in contents:
        ends = _hours_between(runs[row["lab_id"], row["run"]]["ends_at"], start) + rules.report_h
        lasts = ends - _hours_between(asked[row["load"]]["ready_at"], start)
        hours += row["tubes"] * lasts
        value += row["tubes"] * (lasts + rules.late_weight * max(0.0, ends - rules.due_h))
    close = SECOND_H * (1 + rules.late_weight) * (plan.tubes + 1)
    faults = []
    if abs(value - plan.answer.value) > close or abs(hours - plan.mean_h * plan.tubes) > close:
        faults.append(f"the value is {value:.2f} and {hours:.2f} h, told {plan.answer.value:.2f}")
    if plan.answer.bound is None or plan.answer.bound > plan.answer.value + 1e-6:
        faults.append("the value is below its bound")
    return faults


def _hours_between(later: dt.datetime, earlier: dt.datetime) -> float:
    return (later - earlier).total_seconds() / 3600


def _km(a: Row, b: Row) -> float:
    ends = []
    for point in (a, b):
        lon, lat = math.radians(point["lon"]), math.radians(point["lat"])
        ends.append((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)))
    return 2 * 6371.0088 * math.asin(min(1.0, math.dist(*ends) / 2))

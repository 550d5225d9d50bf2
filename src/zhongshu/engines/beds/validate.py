"""Re-checks a bed plan from its tables alone.  Shares no code with the solver.

The hospitals are run day by day from the assignments, the forecast's places, the expected moves
and the course of the severities.  One sentence per violation; an empty list is a valid plan.
"""

from __future__ import annotations

import collections
import datetime as dt
import math
from typing import Any

import pyarrow as pa

from zhongshu.engines.beds import model

CLOSE = 1e-3
Row = dict[str, Any]
Inside = dict[tuple[str, int, str], float]  # hospital, day, severity: persons


def check(
    plan: model.BedPlan,
    *,
    groups: pa.Table,
    hospitals: pa.Table,
    pools: pa.Table,
    rules: model.BedRules,
    on: dt.date,
    forecast: pa.Table | None = None,
    words: pa.Table | None = None,
) -> list[str]:
    """The tables the plan was made from; nothing here depends on how."""
    asked = {row["group"]: row for row in groups.to_pylist()}
    places = {row["hospital_id"]: row for row in hospitals.to_pylist()}
    beds = _beds(pools.to_pylist(), rules, on)
    said = words.to_pylist() if words is not None else []
    expected = forecast.to_pylist() if forecast is not None else []
    given = plan.assignments.to_pylist()
    inside, faults = _run(plan, rules, on)
    return [
        *_everybody(plan, given, asked),
        *_suited(given, asked, places, beds, rules),
        *_words(given, said),
        *_slots(given, asked, pools.to_pylist(), rules, on),
        *faults,
        *_load(plan, inside, beds, asked, rules=rules, on=on),
        *_unsuited(plan, inside, places, beds, rules=rules, on=on),
        *_forecast(plan, expected, rules),
        *_value(plan, asked, places, beds, said, rules=rules),
    ]


def _everybody(plan: model.BedPlan, given: list[Row], asked: dict[str, Row]) -> list[str]:
    """Each person of a group has a bed or is told to have none; who stays together does."""
    faults = []
    placed: collections.Counter[str] = collections.Counter()
    where: dict[str, set[str]] = collections.defaultdict(set)
    waits: collections.Counter[str] = collections.Counter()
    for row in given:
        if row["group"] not in asked:
            faults.append(f"group {row['group']} was not asked for")
            continue
        counted = waits if row["move"] == "waits" else placed
        counted[row["group"]] += row["persons"]
        where[row["group"]].add(row["hospital_id"])
    left: dict[str, float] = collections.defaultdict(float)
    for row in plan.answer.unserved.to_pylist():
        if row["what"] == "group":
            left[row["id"]] += row["amount"]
    for name, row in asked.items():
        if abs(placed[name] + left[name] - row["persons"]) > CLOSE or waits[name] > left[name]:
            faults.append(f"group {name}: {placed[name]} placed, {left[name]} not, {row}")
        if not row.get("divisible") and (len(where[name]) > 1 or 0 < placed[name] < row["persons"]):
            faults.append(f"group {name} is divided")
    if sum(placed.values()) != plan.served:
        faults.append(f"{sum(placed.values())} persons are placed, {plan.served} are told")
    return faults


def _suited(
    given: list[Row],
    asked: dict[str, Row],
    places: dict[str, Row],
    beds: dict[tuple[str, str, int], int],
    rules: model.BedRules,
) -> list[str]:
    faults = []
    for row in given:
        group, place = asked.get(row["group"]), places.get(row["hospital_id"])
        if group is None or place is None:
            faults.append(f"{row['group']} or {row['hospital_id']} is unknown")
            continue
        if row["move"] == "waits":
            if group.get("at_hospital") != row["hospital_id"]:
                faults.append(f"group {row['group']} waits where it does not lie")
            continue
        needs = _codes(group.get("needs"))
        tiers = [rules.tiers[row["severity"]], *(rules.need_tiers.get(n, ()) for n in needs)]
        if any(place["tier"] not in one for one in tiers if one):
            faults.append(f"{row['hospital_id']} is no tier for group {row['group']}")
        if not _has(beds, row["hospital_id"], rules.pools[row["severity"]], rules):
            faults.append(f"{row['hospital_id']} has no {rules.pools[row['severity']]}")
        if (needs & rules.offered_needs) - _codes(place.get("offers")):
            faults.append(f"{row['hospital_id']} does not offer what group {row['group']} needs")
        km = _km(group, place, rules)
        stays = group.get("at_hospital") == row["hospital_id"]
        if not stays and rules.max_km is not None and km is not None and km > rules.max_km + CLOSE:
            faults.append(f"group {row['group']} is brought {km:.1f} km")
        if not stays and km is not None and abs(km - row["km"]) > CLOSE:
            faults.append(f"group {row['group']} is brought {km:.3f} km, told {row['km']}")
    return faults


def _words(given: list[Row], said: list[Row]) -> list[str]:
    lies = collections.defaultdict(set)
    for row in given:
        if row["move"] != "waits":
            lies[row["group"]].add(row["hospital_id"])
    faults = []
    for row in said:
        mine = lies[row["group"]]
        if row["word"] == "declined" and row["hospital_id"] in mine:
            faults.append(f"{row['hospital_id']} declined group {row['group']} and has it")
        kept = {
            one["hospital_id"]
            for one in said
            if one["group"] == row["group"] and one["word"] in ("accepted", "pinned")
        }
        if kept and mine - kept:
            faults.append(f"group {row['group']} is not where it was pinned")
    return faults


def _slots(
    given: list[Row], asked: dict[str, Row], pools: list[Row], rules: model.BedRules, on: dt.date
) -> list[str]:
    """Pools called like a need: no more who have it than places, without the reserve."""
    most: dict[tuple[str, str], int] = collections.defaultdict(int)
    for row in pools:
        first = row.get("from_on") or on
        if row["pool"] not in rules.pools.values() and (first - on).days < rules.days:
            most[row["pool"], row["hospital_id"]] += row["beds"]
    needs = {name for name, _ in most}
    taken: dict[tuple[str, str], int] = collections.Counter()
    for row in given:
        if row["move"] != "waits":
            for need in _codes(asked[row["group"]].get("needs")) & needs:
                taken[need, row["hospital_id"]] += row["persons"]
    return [
        f"{hospital} takes {number} with {need}"
        for (need, hospital), number in taken.items()
        if number > _kept(most[need, hospital], rules)
    ]


def _run(plan: model.BedPlan, rules: model.BedRules, on: dt.date) -> tuple[Inside, list[str]]:
    """Persons in each hospital by day and severity; expected moves of people who are not there."""
    inside: Inside = collections.defaultdict(float)
    for row in plan.assignments.to_pylist():
        day = (row["arrives_on"] - on).days
        inside[row["hospital_id"], day, row["severity"]] += row["persons"]
    for row in plan.expected.to_pylist():
        day = (row["date"] - on).days
        inside[row["hospital_id"], day, row["severity"]] += row["persons"]
    moves = collections.defaultdict(list)
    for row in plan.later.to_pylist():
        moves[(row["date"] - on).days].append(row)
    faults = []
    for day in range(1, rules.days):
        for (hospital, when, severity), persons in list(inside.items()):
            if when == day - 1:
                course = rules.course.get(severity, {})
                for to, share in course.items():
                    if to != model.HOME:
                        inside[hospital, day, to] += persons * share
                inside[hospital, day, severity] += persons * (1 - sum(course.values()))
        for row in moves[day]:
            inside[row["from_hospital"], day, row["severity"]] -= row["persons"]
            inside[row["to_hospital"], day, row["severity"]] += row["persons"]
        for (hospital, when, severity), persons in inside.items():
            if when == day and persons < -CLOSE:
                faults.append(f"{hospital} moves {severity} on day {day} whom it does not have")
    return inside, faults


def _load(
    plan: model.BedPlan,
    inside: Inside,
    beds: dict[tuple[str, str, int], int],
    asked: dict[str, Row],
    *,
    rules: model.BedRules,
    on: dt.date,
) -> list[str]:
    load: dict[tuple[str, str, int], float] = collections.defaultdict(float)
    for (hospital, day, severity), persons in inside.items():
        load[hospital, _held(beds, hospital, rules.pools[severity], rules), day] += persons
    spilled = {
        (row["hospital_id"], row["code"], (row["date"] - on).days): row["persons"]
        for row in plan.short.to_pylist()
        if row["what"] == "beds"
    }
    lying: dict[tuple[str, str], int] = collections.Counter()
    for row in asked.values():
        if row.get("at_hospital"):
            lying[row["at_hospital"], rules.pools[row["severity"]]] += row["persons"]
    faults = []
    told = {(r["hospital_id"], r["pool"], (r["date"] - on).days): r for r in plan.load.to_pylist()}
    for (hospital, pool, day), persons in load.items():
        key = (hospital, pool, day)
        there = beds.get(key, 0)
        usable = max(_kept(there, rules), min(there, lying[hospital, pool]))
        if persons > usable + spilled.get(key, 0.0) + CLOSE:
            faults.append(f"{hospital} {pool} holds {persons:.3f} of {usable} on day {day}")
        if day == 0 and key in spilled:
            faults.append(f"{hospital} {pool} is too full on the first day")
        said = told.get(key)
        if said is None or abs(said["persons"] - persons) > CLOSE or said["usable"] != usable:
            faults.append(
                f"the load of {hospital} {pool} on day {day} is told wrong: {persons:.3f}"
            )
    return faults


def _unsuited(
    plan: model.BedPlan,
    inside: Inside,
    places: dict[str, Row],
    beds: dict[tuple[str, str, int], int],
    *,
    rules: model.BedRules,
    on: dt.date,
) -> list[str]:
    """Whoever lies where the severity cannot be treated is told."""
    told = {
        (row["hospital_id"], (row["date"] - on).days, row["code"]): row["persons"]
        for row in plan.short.to_pylist()
        if row["what"] == "unsuited"
    }
    faults = []
    for (hospital, day, severity), persons in inside.items():
        suits = places[hospital]["tier"] in rules.tiers[severity] and _has(
            beds, hospital, rules.pools[severity], rules
        )
        if not suits and abs(persons - told.get((hospital, day, severity), 0.0)) > CLOSE:
            faults.append(f"{persons:.3f} {severity} lie in {hospital} on day {day}, untold")
    return faults


def _forecast(plan: model.BedPlan, expected: list[Row], rules: model.BedRules) -> list[str]:
    """All who are expected are put somewhere, where they may lie, or told as short."""
    wanted: dict[tuple[dt.date, str], float] = collections.defaultdict(float)
    for row in expected:
        wanted[row["date"], row["severity"]] += row["persons"]
    for row in plan.expected.to_pylist():
        wanted[row["date"], row["severity"]] -= row["persons"]
        source = expected[row["row"]]
        if (source["date"], source["severity"]) != (row["date"], row["severity"]):
            return [f"row {row['row']} of the forecast is told wrong"]
    for row in plan.short.to_pylist():
        if row["what"] == "forecast":
            wanted[row["date"], row["code"]] -= row["persons"]
    return [
        f"{number:.3f} {severity} expected on {day} are lost"
        for (day, severity), number in wanted.items()
        if abs(number) > CLOSE * max(len(expected), 1)
    ]


def _value(
    plan: model.BedPlan,
    asked: dict[str, Row],
    places: dict[str, Row],
    beds: dict[tuple[str, str, int], int],
    said: list[Row],
    *,
    rules: model.BedRules,
) -> list[str]:
    before = collections.defaultdict(set)
    for row in said:
        if row["word"] == "before":
            before[row["group"]].add(row["hospital_id"])
    total = sum(
        row["persons"] * _each(row, asked, places, before[row["group"]], rules)
        for row in plan.assignments.to_pylist()
        if row["move"] != "waits"
    )
    for row in plan.expected.to_pylist():
        step = _step(row, places, rules)
        total += row["persons"] * ((row["km"] or 0.0) + rules.tier_km * step)
    for row in plan.later.to_pylist():
        total += row["persons"] * (row["km"] + rules.move_km)
    centres = {
        row["hospital_id"]
        for rows in (plan.assignments, plan.expected)
        for row in rows.to_pylist()
        if row["severity"] in rules.concentrated
        and places[row["hospital_id"]]["tier"] in rules.tiers[row["severity"]]
        and _has(beds, row["hospital_id"], rules.pools[row["severity"]], rules)
    }
    least = total + rules.centre_km * len(centres)
    faults = []
    if plan.answer.value < least - 1e-3 * max(1.0, least):
        faults.append(f"the plan costs at least {least:.1f}, told {plan.answer.value:.1f}")
    most = total + rules.centre_km * len(places)
    if plan.answer.value > most + 1e-3 * max(1.0, most):
        faults.append(f"the plan costs at most {most:.1f}, told {plan.answer.value:.1f}")
    if (
        plan.answer.bound or 0
    ) > plan.answer.value + CLOSE or plan.total_bound > plan.total + CLOSE:
        faults.append("the bound is above the value")
    return faults


def _step(row: Row, places: dict[str, Row], rules: model.BedRules) -> int:
    """How far down the list of tiers; 0 where the tier is none of them, a fault of its own."""
    order, tier = rules.tiers[row["severity"]], places[row["hospital_id"]]["tier"]
    return order.index(tier) if tier in order else 0


def _each(
    row: Row, asked: dict[str, Row], places: dict[str, Row], before: set[str], rules: model.BedRules
) -> float:
    """Kilometres that a person of this row counts for."""
    each = (row["km"] or 0.0) + rules.tier_km * _step(row, places, rules)
    if asked[row["group"]].get("at_hospital") not in (None, row["hospital_id"]):
        each += rules.move_km
    if before and row["hospital_id"] not in before:
        each += rules.change_km
    return float(each)


def _beds(pools: list[Row], rules: model.BedRules, on: dt.date) -> dict[tuple[str, str, int], int]:
    beds: dict[tuple[str, str, int], int] = collections.Counter()
    for row in pools:
        first = max(((row.get("from_on") or on) - on).days, 0)
        for day in range(first, rules.days):
            beds[row["hospital_id"], row["pool"], day] += row["beds"]
    return beds


def _has(
    beds: dict[tuple[str, str, int], int], hospital: str, pool: str, rules: model.BedRules
) -> bool:
    return beds.get((hospital, pool, rules.days - 1), 0) > 0


def _held(
    beds: dict[tuple[str, str, int], int], hospital: str, pool: str, rules: model.BedRules
) -> str:
    """The pool somebody takes: the one for the severity, else the first there is."""
    if _has(beds, hospital, pool, rules):
        return pool
    others = [one for one in sorted(set(rules.pools.values())) if _has(beds, hospital, one, rules)]
    return others[0] if others else pool


def _kept(beds: int, rules: model.BedRules) -> int:
    return beds - math.ceil(beds * rules.reserve_share - 1e-9)


def _codes(text: str | None) -> set[str]:
    return {code.strip() for code in (text or "").split(";") if code.strip()}


def _km(a: Row, b: Row, rules: model.BedRules) -> float | None:
    """Road kilometres by the haversine formula; None without coordinates."""
    if a["lon"] is None or a["lat"] is None:
        return None
    one, two = math.radians(a["lat"]), math.radians(b["lat"])
    across = math.radians(b["lon"] - a["lon"])
    half = math.sin((two - one) / 2) ** 2
    half += math.cos(one) * math.cos(two) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half)) * rules.detour_factor

"""Beds: a seeded city of 5 million with 5,000 groups of patients on one day.  Synthetic."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases.dispatch import CENTRE, SEED
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.beds import model, solve, validate
from zhongshu.kernel.random import stream

ON = dt.date(2022, 11, 8)
SEVERITIES = ("critical", "severe", "moderate", "mild", "asymptomatic", "yellow")
SHARES = (0.006, 0.024, 0.09, 0.40, 0.43, 0.05)
RULES = model.BedRules(
    days=7,
    severities=SEVERITIES,
    tiers={
        "critical": ("designated",),
        "severe": ("designated",),
        "moderate": ("sub_designated", "designated"),
        "mild": ("fangcang", "sub_designated"),
        "asymptomatic": ("fangcang", "sub_designated"),
        "yellow": ("yellow_code",),
    },
    pools={"critical": "icu"} | dict.fromkeys(SEVERITIES[1:], "ward"),
    worth={
        "critical": 20000, "severe": 10000, "moderate": 2000, "mild": 1000,
        "asymptomatic": 500, "yellow": 500,
    },
    course={
        "critical": {"severe": 0.08, "home": 0.03},
        "severe": {"critical": 0.05, "moderate": 0.12},
        "moderate": {"severe": 0.03, "mild": 0.15},
        "mild": {"moderate": 0.01, "home": 0.12},
        "asymptomatic": {"mild": 0.03, "home": 0.12},
        "yellow": {"home": 0.4},
    },
    need_tiers=dict.fromkeys(
        ("dialysis", "pregnancy", "psychiatric"), ("designated", "sub_designated")
    ),
    offered_needs=frozenset({"dialysis", "pregnancy", "child", "psychiatric"}),
    concentrated=frozenset({"critical", "severe"}),
    centre_km=200.0, tier_km=10.0, move_km=20.0, change_km=30.0,
    reserve_share=0.05, detour_factor=1.3,
)  # fmt: skip
NEEDS = {"dialysis": 0.006, "pregnancy": 0.01, "child": 0.05, "psychiatric": 0.004}
# tier, how many, ward beds, ICU beds, share that offers each need
HOSPITALS = (
    ("designated", 6, 500, 40, 1.0),
    ("sub_designated", 12, 300, 6, 0.5),
    ("fangcang", 8, 1400, 0, 0.5),
    ("yellow_code", 6, 120, 4, 0.8),
    ("fever_clinic", 8, 20, 0, 0.5),
)
Tables = dict[str, pa.Table]


def city(groups: int = 5000, *, beds: float = 1.0, seed: int = SEED) -> Tables:
    """beds: multiplies all beds: 1 is enough for nearly everybody, 0.6 is not."""
    rng = stream(seed, "beds")
    hospitals, pools = [], []
    for tier, many, ward, icu, share in HOSPITALS:
        for n in range(many):
            name = f"{tier}-{n}"
            lon, lat = CENTRE + rng.normal(0, (0.15, 0.12))
            offers = ";".join(need for need in NEEDS if rng.random() < share)
            hospitals.append(
                {"hospital_id": name, "tier": tier, "lon": lon, "lat": lat, "offers": offers}
            )
            free = int(ward * beds * rng.uniform(0.6, 1.2))
            pools.append({"hospital_id": name, "pool": "ward", "beds": free})
            if icu:
                free = max(int(icu * beds * rng.uniform(0.5, 1.2)), 1)
                pools.append({"hospital_id": name, "pool": "icu", "beds": free})
    return {
        "groups": _groups(groups, hospitals, rng),
        "hospitals": pa.Table.from_pylist(
            hospitals, schema=pa.schema([*model.HOSPITALS, *model.HOSPITAL_EXTRAS])
        ),
        "pools": pa.Table.from_pylist(pools, schema=model.POOLS),
        "forecast": _forecast(groups, rng),
    }


def _groups(groups: int, hospitals: list[dict[str, Any]], rng: np.random.Generator) -> pa.Table:
    rows = []
    for number in range(groups):
        severity = str(rng.choice(SEVERITIES, p=SHARES))
        grave = severity in ("critical", "severe")
        lon, lat = CENTRE + rng.normal(0, (0.18, 0.14))
        needs = [need for need, share in NEEDS.items() if rng.random() < share]
        inside = [h for h in hospitals if h["tier"] in ("sub_designated", "designated", "fangcang")]
        at = inside[int(rng.integers(len(inside)))]["hospital_id"] if rng.random() < 0.1 else None
        rows.append(
            {
                "group": f"G{number:05d}",
                "persons": 1 if grave or at else int(rng.choice(4, p=[0.5, 0.25, 0.15, 0.1])) + 1,
                "severity": severity,
                "lon": lon,
                "lat": lat,
                "needs": ";".join(needs) or None,
                "at_hospital": at,
                "arrives_on": None,
                "divisible": False,
            }
        )
    return pa.Table.from_pylist(rows, schema=pa.schema([*model.GROUPS, *model.GROUP_EXTRAS]))


def _forecast(groups: int, rng: np.random.Generator) -> pa.Table:
    """A third as many again on each of the following days, from twelve places."""
    places = CENTRE + rng.normal(0, (0.18, 0.14), (12, 2))
    rows = [
        {
            "date": ON + dt.timedelta(days=day),
            "severity": severity,
            "lon": lon,
            "lat": lat,
            "persons": groups * 0.15 / len(places) * share * float(rng.uniform(0.5, 1.5)),
        }
        for day in range(1, RULES.days)
        for lon, lat in places
        for severity, share in zip(SEVERITIES, SHARES, strict=True)
    ]
    return pa.Table.from_pylist(rows, schema=model.FORECAST)


def rows() -> list[Line]:
    """Enough beds, too few, half; few beds in a small outbreak; and one refusal."""
    sizes = ((5000, 1.0), (5000, 0.7), (5000, 0.5), (250, 0.005))
    return [*(one for groups, beds in sizes for one in _rows(groups, beds)), *_declined()]


def _rows(groups: int, beds: float) -> list[Line]:
    tables = city(groups, beds=beds)
    began = time.process_time()
    plan = solve.plan(**tables, rules=RULES, on=ON)
    busy = time.process_time() - began
    checked(validate.check(plan, **tables, rules=RULES, on=ON))
    name = f"beds-{groups}-groups-{beds:g}-of-the-beds"
    told = f"{plan.served} of {plan.persons} persons have a bed"
    return [
        line(f"{name} worth left out and km against bound", plan.total, "person-km",
             peer=plan.total_bound, goal=1.01, note=told),
        line(f"{name} km against bound, the same left out", plan.answer.value, "person-km",
             peer=plan.answer.bound, goal=1.01),
        line(f"{name} processor time", busy, "s", peer=None, goal=10.0,
             note=f"{plan.answer.seconds:.1f} s of wall clock, load {os.getloadavg()[0]:.1f}"),
    ]  # fmt: skip


def _declined() -> list[Line]:
    """One hospital declines one group; everybody else should stay."""
    tables = city()
    first = solve.plan(**tables, rules=RULES, on=ON)
    lying = [row for row in first.assignments.to_pylist() if row["move"] != "waits"]
    said = [
        {"group": row["group"], "hospital_id": row["hospital_id"], "word": "before"}
        for row in lying
    ]
    words = pa.Table.from_pylist([*said, {**said[0], "word": "declined"}], schema=model.WORDS)
    began = time.process_time()
    again = solve.plan(**tables, rules=RULES, on=ON, words=words)
    busy = time.process_time() - began
    checked(validate.check(again, **tables, rules=RULES, on=ON, words=words))
    moved = sum(row["changed"] for row in again.assignments.to_pylist())
    return [
        line("beds-5000-groups one declined, groups planned elsewhere", moved, "groups",
             peer=len(lying), goal=0.05),
        line("beds-5000-groups one declined, processor time", busy, "s", peer=None, goal=2.0,
             note=f"{again.answer.seconds:.1f} s of wall clock, load {os.getloadavg()[0]:.1f}"),
    ]  # fmt: skip

"""Teams: a seeded city's week of sampling, tracing, couriers and care.  Synthetic."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks.cases.dispatch import CENTRE, SEED
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.teams import model, solve, validate
from zhongshu.kernel.random import stream
from zhongshu.kernel.time import BEIJING

START = dt.datetime(2022, 11, 7, tzinfo=BEIJING)
RULES = model.TeamRules(
    start=START,
    days=7,
    patterns={"early": (6, 8), "day": (8, 10), "late": (13, 8), "night": (20, 12)},
    nights=frozenset({"night"}),
    rest_h=11,
    rest_after_night_h=24,
    hours_most=48,
    days_in_row=5,
    nights_most=3,
    speed_kmh=30,
    detour_factor=1.3,
    changeover_min=15,
    travel_most_h=1.5,
    worth_km=(500, 300, 200),
    fair_km=5,
    change_km=10,
)
# skill: places, people at a place in (begin hour, end hour, rank), share of who has it second
WORK = {
    "sampler": (0.5, [(7, 13, 2, 2), (14, 20, 2, 2)]),
    "courier": (0.2, [(8, 12, 1, 2), (14, 18, 1, 2)]),
    "tracer": (0.15, [(8, 17, 3, 1), (20, 32, 1, 1)]),
    "doctor": (0.25, [(8, 17, 1, 1), (13, 21, 1, 1), (20, 32, 1, 1)]),
    "volunteer": (0.4, [(8, 16, 2, 3)]),
}


def week(people: int = 300, places: int = 30, *, seed: int = SEED) -> dict[str, pa.Table]:
    rng = stream(seed, "teams")
    needs = _needs(rng, places)
    hours = {
        skill: sum(
            row["persons"] * (row["ends_at"] - row["starts_at"]).total_seconds() / 3600
            for row in needs
            if row["skill"] == skill
        )
        for skill in WORK
    }
    names = list(WORK)
    shares = np.array([hours[one] for one in names]) / sum(hours.values())
    staff = []
    for number in range(people):
        skills = {str(rng.choice(names, p=shares))}
        if rng.random() < 0.2:
            skills.add(str(rng.choice(names, p=shares)))
        lon, lat = CENTRE + rng.normal(0, (0.14, 0.11))
        off = START.date() + dt.timedelta(days=int(rng.integers(RULES.days)))
        staff.append(
            {
                "staff": f"P{number:04d}",
                "skills": ";".join(sorted(skills)),
                "lon": lon,
                "lat": lat,
                "off_on": off.isoformat() if rng.random() < 0.3 else None,
                "worked_until": None,
                "hours": 0.0,
            }
        )
    return {
        "staff": pa.Table.from_pylist(staff, schema=pa.schema([*model.STAFF, *model.STAFF_EXTRAS])),
        "needs": pa.Table.from_pylist(needs, schema=pa.schema([*model.NEEDS, *model.NEED_EXTRAS])),
    }


def _needs(rng: np.random.Generator, places: int) -> list[dict[str, Any]]:
    rows = []
    for place in range(places):
        lon, lat = CENTRE + rng.normal(0, (0.12, 0.10))
        for skill, (share, shifts) in WORK.items():
            if rng.random() > share:
                continue
            for day in range(RULES.days):
                for begin, end, persons, rank in shifts:
                    rows.append(
                        {
                            "need": f"{skill}-{place}-{day}-{begin}",
                            "place": f"place-{place}",
                            "lon": lon,
                            "lat": lat,
                            "skill": skill,
                            "starts_at": START + dt.timedelta(days=day, hours=begin),
                            "ends_at": START + dt.timedelta(days=day, hours=end),
                            "persons": persons,
                            "rank": rank,
                        }
                    )
    return rows


def rows() -> list[Line]:
    return [*_rows(40, 6, work=9.0), *_rows(200, 20, work=12.0)]


def _rows(people: int, places: int, *, work: float) -> list[Line]:
    tables = week(people, places)
    began = time.process_time()
    plan = solve.plan(**tables, rules=RULES, limit=model.Limit(work=work))
    busy = time.process_time() - began
    checked(validate.check(plan, **tables, rules=RULES))
    name = f"teams-{people}-people-{tables['needs'].num_rows}-needs"
    told = f"{plan.given} of {plan.wanted} places are filled"
    return [
        line(f"{name} worth unmet and km against bound", plan.total, "km", peer=plan.total_bound,
             goal=1.05, note=told),
        line(f"{name} processor time", busy, "s", peer=None, goal=60.0,
             note=f"{plan.answer.seconds:.1f} s of wall clock, load {os.getloadavg()[0]:.1f}"),
    ]  # fmt: skip

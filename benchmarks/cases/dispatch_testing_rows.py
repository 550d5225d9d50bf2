"""A testing round: its rows."""

from __future__ import annotations

import dataclasses
import os
import time

import pyarrow as pa

from benchmarks.cases import dispatch as instances
from benchmarks.cases.dispatch_lines import Line, checked, line
from zhongshu.engines.testing import model, sites, siting
from zhongshu.engines.testing import solve as testing
from zhongshu.engines.testing import validate as testing_check

FLOOR = dataclasses.replace(instances.ROUND_RULES, points_per_township=2)


def rows() -> list[Line]:
    return [*_villages(), *_city()]


def _villages() -> list[Line]:
    area = instances.sampling_round(1000, 1500)
    plan, spent = _planned(area, instances.ROUND_RULES)
    name = "testing-1000-villages-1500-candidates"
    total = float(sum(area["villages"]["people"].to_pylist()))
    in_reach = total - plan.reasons.get("no_point_in_reach", 0)
    return [
        line(f"{name} people with a point, of those in reach", plan.people, "persons",
             peer=in_reach, goal=0.99, most=False),
        line(f"{name} cost against bound", plan.value, "person-km", peer=plan.bound, goal=1.05),
        line(f"{name} time", spent, "s", peer=None, goal=20.0),
    ]  # fmt: skip


def _city() -> list[Line]:
    """5 million people; the points alone, and with everything else a round's plan says."""
    area = instances.sampling_round(5000, 3000, persons=5_000_000)
    plan, spent = _planned(area, FLOOR)
    began, worked = time.perf_counter(), time.process_time()
    read = sites.read(**area, rules=FLOOR, start=instances.START)
    siting.solve(sites.task(read, FLOOR), rounds=testing.ROUNDS)
    alone, worked = time.perf_counter() - began, time.process_time() - worked
    name = "testing-3000-candidates-5000-cells-5M"
    told = (
        f"{alone:.1f} s of wall clock; the whole plan with desks, couriers and "
        f"alternatives {spent:.1f} s; two points a township at least; {plan.points.num_rows} points"
    )
    return [
        line(f"{name} cost against bound, of 20 s", plan.value, "person-km", peer=plan.bound,
             goal=1.05, note=told),
        line(f"{name} cost against bound, of 60 s", plan.value, "person-km", peer=plan.bound,
             goal=1.03, note="the same plan"),
        line(f"{name} processor time of the points", worked, "s", peer=None, goal=20.0),
        line(f"{name} wall clock of the points", alone, "s", peer=None, goal=20.0,
             note=f"load of {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores in that minute"),
    ]  # fmt: skip


def _planned(area: dict[str, pa.Table], rules: model.RoundRules) -> tuple[model.RoundPlan, float]:
    """Compiled before it is timed."""
    testing.plan_round(**instances.sampling_round(20, 30), rules=rules, start=instances.START)
    began = time.perf_counter()
    plan = testing.plan_round(**area, rules=rules, start=instances.START)
    spent = time.perf_counter() - began
    checked(testing_check.check(plan, **area, rules=rules))
    return plan, spent

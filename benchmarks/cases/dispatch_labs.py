"""Laboratories: 3,000 loads of a city's round on 40 laboratories with machines.  Synthetic."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from benchmarks.cases.dispatch import CENTRE, SEED, START
from benchmarks.cases.dispatch_lines import Line, checked, line, seen
from zhongshu.engines.testing.labs import model, solve, validate
from zhongshu.kernel.random import stream

RULES = model.LabRules(
    due_h=24, late_weight=4, horizon_h=48, report_h=1, carry_max_h=4, courier_kmh=40,
    detour_factor=1.3,
)  # fmt: skip
BUSY = {"quiet": 0.3, "half": 0.6, "full": 0.9, "too-much": 1.2}
"""Tubes of the twelve hours of sampling, as a share of what all machines can run in that time."""
SAMPLING_H = 12.0
LONG = model.Limit(moves=1_000_000, steps=200)


def city(
    busy: float, *, loads: int = 3000, labs: int = 40, seed: int = SEED
) -> dict[str, pa.Table]:
    """Runs of 2 to 3 hours of 94 or 46 tubes on 2 to 24 machines, and a day's loads."""
    rng = stream(seed, "labs")
    place = CENTRE + rng.normal(0, (0.25, 0.2), (labs, 2))
    machines = rng.integers(2, 25, labs)
    batch = rng.choice([94, 94, 46], labs)
    run_h = rng.choice([2.0, 2.5, 3.0], labs)
    point = CENTRE + rng.normal(0, (0.2, 0.16), (loads, 2))
    wanted = busy * float((machines * batch / run_h).sum()) * SAMPLING_H / loads
    minutes = 60 * (6 + SAMPLING_H * rng.random(loads))
    ready = [START + dt.timedelta(minutes=int(m)) for m in minutes]
    return {
        "loads": pa.table(
            {
                "load": [f"B{n:04d}" for n in range(loads)],
                "lon": point[:, 0],
                "lat": point[:, 1],
                "tubes": np.maximum(1, rng.gamma(3, wanted / 3, loads)).astype(np.int64),
                "ready_at": pa.array(ready, model.SECONDS),
            }
        ),
        "labs": pa.table(
            {
                "lab_id": [f"L{n:02d}" for n in range(labs)],
                "lon": place[:, 0],
                "lat": place[:, 1],
                "machines": machines,
                "batch": batch,
                "run_h": run_h,
            }
        ),
    }


def rows() -> list[Line]:
    solve.plan(**city(0.6, loads=20, labs=3), rules=RULES, start=START)  # compiles
    found = []
    for word, busy in BUSY.items():
        area = city(busy)
        plan, longer = (
            solve.plan(**area, rules=RULES, start=START, limit=limit)
            for limit in (solve.SOME, LONG)
        )
        for one in (plan, longer):
            checked(validate.check(one, **area, rules=RULES, start=START))
        name = f"labs-3000-loads-40-laboratories-{word}"
        assert longer.answer.gap is not None
        found += [
            line(f"{name} tube-hours against bound", plan.answer.value, "tube-h",
                 peer=plan.answer.bound, goal=1.05,
                 note=f"{plan.tubes} tubes, {plan.mean_h:.2f} h on average"),
            line(f"{name} time", plan.answer.seconds, "s", peer=None, goal=1.0),
            seen(f"{name} five times the changes, against bound", 1 + longer.answer.gap, "ratio",
                 note=f"{longer.answer.seconds:.1f} s"),
        ]  # fmt: skip
    return found

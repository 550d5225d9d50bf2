"""Tubes to laboratories and runs: who analyses what when, and how much sooner it could be."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing.labs import answer, bound, fluid, ground, model, search, yard
from zhongshu.engines.testing.labs.ground import Ground
from zhongshu.engines.testing.labs.yard import Yard
from zhongshu.kernel import plan as plans
from zhongshu.kernel.random import stream
from zhongshu.kernel.runcard import RunCard, table_hash

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
SOME = model.Limit()
NEAR = 15  # laboratories tried for a load: those that could have its result soonest
HOT = 0.7  # first threshold of the search, of what a load waits in the list
PATIENCE = 0.6  # of all laboratories at first, hours


def plan(
    *,
    loads: pa.Table,
    labs: pa.Table,
    rules: model.LabRules,
    start: dt.datetime,
    limit: model.Limit = SOME,
    seed: int = 1,
) -> model.LabPlan:
    """A laboratory and runs for each load; tables of `model`, `start` aware.

    Aim: as many tubes as can be run before the horizon, then the fewest hours from a point to the
    result, summed over tubes, with what is later than `due_h` weighted.  The answer's bound holds
    for every plan of the same tubes, also one that divides loads over laboratories.
    The same limit and seed give the same plan.
    Refuses (BadInput) what `ground.read` refuses; a shortage of machines is told, not refused.
    Does not: know failed runs, staff, reagents or positive tubes; loads come as the couriers bring
    them.
    """
    began = time.perf_counter()
    read = ground.read(loads, labs, rules, start)
    there = yard.of(read, rules)
    lab, patience, least, price = _solve(read, there, rules, limit, seed)
    made = answer.made(read, there, lab, patience, rules=rules, start=start)
    value, best = _value(made, there, least)
    return model.LabPlan(
        **made.tables,
        prices=pa.table([read.loads, price], schema=model.PRICES),
        tubes=made.tubes,
        mean_h=made.hours / made.tubes if made.tubes else 0.0,
        late_tubes=made.late,
        last_at=answer.moment(start, made.last) if made.tubes else None,
        last_bound_at=answer.moment(start, answer.last_bound(there, made)) if made.tubes else None,
        answer=plans.Answer(
            planner="laboratories",
            value=value,
            unit="tube-h",
            bound=best,
            seconds=time.perf_counter() - began,
            seed=seed,
            unserved=answer.unserved(read, there, made),
            card=RunCard(
                engine="testing.labs",
                version=model.VERSION,
                parameters={
                    **dataclasses.asdict(rules), **dataclasses.asdict(limit),
                    "seed": seed, "start": start.isoformat(),
                },
                inputs={"loads": table_hash(loads), "labs": table_hash(labs)},
            ),
        ),
    )  # fmt: skip


def _solve(
    read: Ground, there: Yard, rules: model.LabRules, limit: model.Limit, seed: int
) -> tuple[Ints, Floats, float, Floats]:
    """(laboratory of each load, patience of each laboratory, bound on the cost, its prices)."""
    lab = search.by_list(np.argsort(read.ready, kind="stable"), there)
    patience = np.full(len(there.machines), PATIENCE)
    if not len(there.tubes) or not len(there.machines):
        price = np.full(len(there.tubes), there.cost[3])
        return lab, patience, float(there.tubes.sum() * there.cost[3]), price
    near, chance = _near(there), stream(seed, "labs", 1)
    with ThreadPoolExecutor(2) as pool:
        climbing = pool.submit(_bound, there, rules.horizon_h, limit.steps)
        hot = HOT * _waiting(search.improve(chance, 0, lab, patience, near, there, 0.0), there)
        pool.submit(search.improve, chance, limit.moves, lab, patience, near, there, hot).result()
        return lab, patience, *climbing.result()


def _waiting(cost: float, there: Yard) -> float:
    """Tube-hours that a load costs above a run begun as it comes, on average."""
    soonest = (there.arrive + there.run_h[:, None]).min(axis=0) + there.cost[2]
    carried = np.isfinite(soonest)
    least = float((there.tubes * np.where(carried, soonest, there.cost[3])).sum())
    return max(0.0, cost - least) / len(there.tubes)


def _bound(there: Yard, horizon_h: float, steps: int) -> tuple[float, Floats]:
    """(bound, the prices that prove it); 0 where a run is shorter than a slot of the proof."""
    slots = bound.slots(there, horizon_h)
    if slots.run.min() < 1:
        return 0.0, np.zeros(len(there.tubes))
    prices = fluid.prices(there, horizon_h)
    return bound.climb(prices, steps, there, slots), prices


def _near(there: Yard) -> Ints:
    done = (there.arrive + there.run_h[:, None]).T
    near = np.argsort(done, axis=1, kind="stable")[:, :NEAR]
    near = np.where(np.isfinite(np.take_along_axis(done, near, 1)), near, -1)
    return np.ascontiguousarray(near)  # one layout, one compilation


def _value(made: answer.Made, there: Yard, least: float) -> tuple[float, float]:
    """Weighted tube-hours of the tubes that are run, and the least they can come to.

    Loads no laboratory may have are in both sums at the cost of a tube left.
    """
    left = float(there.tubes.sum() - made.tubes)
    value = float(made.cost - made.ready)
    return value, min(max(0.0, float(least - left * there.cost[3] - made.ready)), value)

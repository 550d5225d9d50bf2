"""The runs of the plan tube by tube, as tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.testing.labs import model
from zhongshu.engines.testing.labs.ground import Ground
from zhongshu.engines.testing.labs.queue import ends_at_once, next_open, serve, tube_cost
from zhongshu.engines.testing.labs.yard import Yard
from zhongshu.kernel import plan as plans

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Row = dict[str, Any]
Parts = tuple[Floats, Ints, Ints, Ints, Floats]  # start, load, tubes, run, result
CLOSE = 1e-9


@dataclasses.dataclass(frozen=True)
class Made:
    """tubes: that are run; served: of each load.  hours: from ready to result, over them;
    ready: their hours ready, summed; cost: their results, lateness weighted; last: hour of the
    last result."""

    tables: dict[str, pa.Table]
    tubes: int
    served: Ints
    hours: float
    ready: float
    cost: float
    late: int
    last: float


@dataclasses.dataclass
class _Lists:
    assigned: list[Row] = dataclasses.field(default_factory=list)
    runs: list[Row] = dataclasses.field(default_factory=list)
    contents: list[Row] = dataclasses.field(default_factory=list)
    use: list[Row] = dataclasses.field(default_factory=list)


def made(
    ground: Ground,
    yard: Yard,
    lab: Ints,
    patience: Floats,
    *,
    rules: model.LabRules,
    start: dt.datetime,
) -> Made:
    lists, served = _Lists(), np.zeros(len(lab), np.int64)
    hours = cost = ready = 0.0
    late, last = 0, 0.0
    for n in range(len(ground.labs)):
        mine = np.flatnonzero((lab == n) & (ground.tubes > 0))
        mine = mine[np.argsort(yard.arrive[n, mine], kind="stable")]
        starts, load, tubes, run = _parts(n, mine, yard, patience[n])
        result = starts + ground.run_h[n] + rules.report_h
        parts = (starts, load, tubes, run, result)
        _rows(lists, n, ground, parts, rules=rules, start=start)
        np.add.at(served, load, tubes)
        hours += float(((result - ground.ready[load]) * tubes).sum())
        ready += float((ground.ready[load] * tubes).sum())
        cost += sum(
            tube_cost(hour, ground.run_h[n], yard.cost) * many
            for hour, many in zip(starts.tolist(), tubes.tolist(), strict=True)
        )
        late += int(tubes[result > rules.due_h + CLOSE].sum())
        last = max(last, float(result.max(initial=0.0)))
    schemas = {name: getattr(model, name.upper()) for name in vars(lists)}
    tables = {
        name: pa.Table.from_pylist(rows, schema=schemas[name]) for name, rows in vars(lists).items()
    }
    return Made(tables, int(served.sum()), served, hours, ready, cost, late, last)


def _parts(n: int, mine: Ints, yard: Yard, patience: float) -> tuple[Floats, Ints, Ints, Ints]:
    """(start, load, tubes, run) of each part of a load in a run of laboratory `n`."""
    starts = np.empty(int(yard.tubes[mine].sum()) + 1)
    filled = np.empty(len(starts), np.int64)
    _, runs = serve(n, yard.arrive[n, mine], yard.tubes[mine], yard, patience, starts, filled)
    until_load, until_run = np.cumsum(yard.tubes[mine]), np.cumsum(filled[:runs])
    done = int(until_run[-1]) if runs else 0
    ends = np.unique(np.minimum(np.concatenate((until_load, until_run)), done))
    ends = ends[ends > 0]
    tubes = np.diff(ends, prepend=0)
    run = np.searchsorted(until_run, ends)
    return starts[run], mine[np.searchsorted(until_load, ends)], tubes, run


def _rows(
    lists: _Lists,
    n: int,
    ground: Ground,
    parts: Parts,
    *,
    rules: model.LabRules,
    start: dt.datetime,
) -> None:
    starts, load, tubes, run, result = parts
    name = ground.labs[n]
    runs = int(run.max(initial=-1)) + 1
    for k in range(runs):
        begins = float(starts[np.searchsorted(run, k)])
        lists.runs.append(
            {
                "lab_id": name,
                "machine": k % int(ground.machines[n]) + 1,  # runs of one length end in turn
                "run": k + 1,
                "starts_at": moment(start, begins),
                "ends_at": moment(start, begins + ground.run_h[n]),
                "tubes": int(tubes[run == k].sum()),
            }
        )
    lists.contents += [
        {"lab_id": name, "run": k + 1, "load": ground.loads[i], "tubes": many}
        for k, i, many in zip(run.tolist(), load.tolist(), tubes.tolist(), strict=True)
    ]
    for i in dict.fromkeys(load.tolist()):
        held = np.equal(load, i)
        lists.assigned.append(
            {
                "load": ground.loads[i],
                "lab_id": name,
                "tubes": int(tubes[held].sum()),
                "km": float(ground.km[i, n]),
                "arrives_at": moment(start, ground.arrive[i, n]),
                "first_result_at": moment(start, result[held].min()),
                "last_result_at": moment(start, result[held].max()),
                "late_tubes": int(tubes[held & (result > rules.due_h + CLOSE)].sum()),
            }
        )
    lists.use.append(_use(n, ground, parts, runs, start))


def _use(n: int, ground: Ground, parts: Parts, runs: int, start: dt.datetime) -> Row:
    starts, load, tubes, _, result = parts
    total = int(tubes.sum())
    arrive = ground.arrive[load, n]
    waits = ((starts - arrive) * tubes).sum()
    return {
        "lab_id": ground.labs[n],
        "loads": len(set(load.tolist())),
        "tubes": total,
        "runs": runs,
        "filled": total / (runs * int(ground.batch[n])) if runs else None,
        "waits_mean_h": float(waits) / total if total else None,
        "first_tubes_at": moment(start, arrive.min()) if total else None,
        "last_result_at": moment(start, result.max()) if total else None,
    }


def unserved(ground: Ground, yard: Yard, made: Made) -> pa.Table:
    """Tubes left out, by what binds."""
    reached = set(np.flatnonzero(np.isfinite(yard.arrive).any(axis=0)).tolist())
    rows = []
    located = ground.located.tolist()
    for i, left in enumerate((ground.tubes - made.served).tolist()):
        if not left:
            continue
        if not located[i]:
            why = "no_coordinates"
        else:
            why = "no_run_before_horizon" if i in reached else "no_laboratory_in_reach"
        rows.append((ground.loads[i], float(left), why))
    return plans.unserved("tubes", rows)


def last_bound(yard: Yard, made: Made) -> float:
    """No plan of as many tubes has its last result sooner: arrivals alone, and machines alone."""
    full = np.equal(made.served, yard.tubes)
    there = full & (yard.tubes > 0)
    soonest = np.full(len(there), np.inf)
    ends: list[float] = []
    places: list[int] = []
    for n in np.flatnonzero(yard.machines).tolist():
        hours = ends_at_once(yard.arrive[n], yard.run_h[n], yard.opens[n], yard.closes[n])
        soonest = np.minimum(soonest, hours)
        hour = float(yard.arrive[n].min(initial=np.inf))
        while len(ends) < 10**6:
            hour = next_open(hour, yard.run_h[n], yard.opens[n], yard.closes[n]) + yard.run_h[n]
            if hour == np.inf or hour > made.last:
                break
            ends.append(hour)
            places.append(int(yard.machines[n] * yard.batch[n]))
    order = np.argsort(ends, kind="stable")
    enough = np.searchsorted(np.cumsum(np.array(places)[order]), made.tubes)
    by_machines = float(np.array(ends)[order][enough]) if enough < len(ends) else 0.0
    by_arrival = float(soonest[there].max(initial=0.0))
    return max(by_machines, by_arrival) + float(yard.cost[2])


def moment(start: dt.datetime, hours: float) -> dt.datetime:
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=round(float(hours) * 3600))

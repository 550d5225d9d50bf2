"""One round of mass sampling: where, with how many desks, which laboratory, and when it is over."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing import chain, compare, model, sites, siting, spread
from zhongshu.engines.testing import machines as halls_of
from zhongshu.engines.testing.labs.model import LabPlan, LabRules
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard, table_hash

ROUNDS = 3  # slope-scaling passes after the prices


def plan_round(
    *,
    villages: pa.Table,
    candidates: pa.Table,
    labs: pa.Table,
    rules: model.RoundRules,
    start: dt.datetime,
    machines: LabRules | None = None,
    varies: model.Spread | None = None,
    seed: int = 1,
) -> model.RoundPlan:
    """Plans one round that is ordered at `start` (aware).

    Tables: model.VILLAGES, CANDIDATES, LABS; with `machines` labs are `labs.model.LABS`, and every
    tube gets a run.  A village may be shared between points.  Whoever has no point within walking
    distance, or no room there, is in `unserved`.  Without laboratories the sampling is planned and
    the finish is unknown (None), never assumed.  varies: asks for the interval of the last result.
    Refuses: negative numbers, a pool above the pack's maximum, rates of zero, a naive start, hours
    that are over, a pinned point that cannot open.
    Does not: model people's arrival pattern.  Mobile teams, couriers' tours and sampling again are
    planned by `tours` and `recollect`.
    """
    began = time.perf_counter()
    _check(rules, start)
    rated = labs if machines is None else halls_of.rated(labs)
    halls = None if machines is None else halls_of.Halls(labs, machines, start, seed)
    area = sites.read(villages, candidates, rated, rules, start)
    found = siting.solve(sites.task(area, rules), rounds=ROUNDS)
    opened = sites.opened(area, found, rules)
    run, runs = _tested(area, opened, rules, halls)
    walks = _walks(area, found)
    unserved = sites.unserved(area, found)
    mean, p95 = _walking(walks)
    points = _points(area, opened, run, start)
    used = _labs(area, run, start)
    if runs is not None:
        points, used = halls_of.point_rows(points, runs), halls_of.use_rows(runs, rated)
    plan = model.RoundPlan(
        points=pa.Table.from_pylist(points, schema=model.POINTS),
        walks=walks,
        labs=pa.Table.from_pylist(used, schema=model.LAB_USE),
        unserved=unserved,
        alternatives=compare.alternatives(area, opened, run, rules, halls),
        people=int(opened.people.sum()),
        tubes=int(run.tubes.sum()),
        walk_mean_km=mean,
        walk_p95_km=p95,
        value=found.value,
        bound=found.bound,
        prices=pa.table([area.units, found.price], schema=model.PRICES),
        finish_at=None if run.finish_h is None else _moment(start, run.finish_h),
        binding=run.binding,
        reasons=_counts(unserved),
        seconds=time.perf_counter() - began,
        card=_card(villages, candidates, labs, rules, machines, start=start, seed=seed),
        laboratories=runs,
    )
    if varies is None:
        return plan
    expected = spread.last_result(plan, rules, varies, start=start, seed=seed, machines=machines)
    return dataclasses.replace(plan, expected=expected)


def _tested(
    area: sites.Area, opened: sites.Opened, rules: model.RoundRules, halls: halls_of.Halls | None
) -> tuple[chain.Chain, LabPlan | None]:
    """From the swabs to the last result; with machines also the runs of every tube."""
    run = chain.run(
        opened.people,
        opened.desks_max,
        opened.labs,
        rules,
        opened.hours,
        pool_size=rules.pool_size,
    )
    if halls is None:
        return run, None
    runs = halls.plan(area, opened, run, rules)
    finish, binding = halls_of.waits(runs, run, rules, halls)
    return dataclasses.replace(run, finish_h=finish, binding=binding), runs


def _card(
    villages: pa.Table,
    candidates: pa.Table,
    labs: pa.Table,
    rules: model.RoundRules,
    machines: LabRules | None,
    *,
    start: dt.datetime,
    seed: int,
) -> RunCard:
    more = {} if machines is None else {"machines": dataclasses.asdict(machines), "seed": seed}
    return RunCard(
        engine="testing.plan_round",
        version=model.VERSION,
        parameters={**dataclasses.asdict(rules), "start": start.isoformat(), **more},
        inputs={
            "villages": table_hash(villages),
            "candidates": table_hash(candidates),
            "labs": table_hash(labs),
        },
    )


def _check(rules: model.RoundRules, start: dt.datetime) -> None:
    if start.tzinfo is None:
        raise BadInput("testing.naive_start", "The start has no time zone; add one, e.g. +08:00.")
    pools = {rules.pool_size, *rules.pool_options}
    if min(pools) < 1 or max(pools) > rules.pool_max:
        raise BadInput(
            "testing.pool_size",
            f"A tube takes 1 to {rules.pool_max} swabs; asked for {sorted(pools)}.",
            pool_max=rules.pool_max,
        )
    rates = (rules.per_desk_h, rules.sampling_h, rules.courier_every_h, rules.courier_kmh)
    if min(rates) <= 0 or rules.people_per_point_max < 1 or rules.setup_h < 0:
        raise BadInput(
            "testing.bad_rates",
            "Desk rate, sampling hours, courier interval and speed, and people per point must be "
            "above 0, and the set-up time not below 0.",
        )


def _walks(area: sites.Area, found: siting.Siting) -> pa.Table:
    used = np.flatnonzero(found.flow)
    reach = area.reach
    rows = [
        {
            "unit_code": area.units[reach.village[n]],
            "point_id": area.points[reach.point[n]],
            "people": int(found.flow[n]),
            "walk_km": float(reach.km[n]),
        }
        for n in used
    ]
    return pa.Table.from_pylist(rows, schema=model.WALKS)


def _walking(walks: pa.Table) -> tuple[float, float]:
    """Mean and 95th percentile of the walk, over people; 0 when nobody walks."""
    if not walks.num_rows:
        return 0.0, 0.0
    km, people = walks["walk_km"].to_numpy(), walks["people"].to_numpy()
    order = np.argsort(km)
    share = np.cumsum(people[order]) / people.sum()
    return float(np.average(km, weights=people)), float(km[order][np.searchsorted(share, 0.95)])


def _points(
    area: sites.Area, opened: sites.Opened, run: chain.Chain, start: dt.datetime
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for n, point in enumerate(opened.index):
        lab = int(run.lab[n])
        rows.append(
            {
                "point_id": area.points[point],
                "people": int(opened.people[n]),
                "desks": int(run.desks[n]),
                "tubes": int(run.tubes[n]),
                "opens_at": _moment(start, float(run.opens_h[n])),
                "closes_at": _moment(start, float(run.closes_h[n])),
                "lab_id": area.lab_ids[lab] if lab >= 0 else None,
                "lab_km": float(opened.labs.km[n, lab]) if lab >= 0 else None,
                "tubes_at_lab": _moment(start, float(run.arrives_h[n])) if lab >= 0 else None,
            }
        )
    return rows


def _labs(area: sites.Area, run: chain.Chain, start: dt.datetime) -> list[dict[str, Any]]:
    return [
        {
            "lab_id": lab_id,
            "tubes": int(run.tubes[run.lab == n].sum()),
            "tubes_per_hour": float(area.per_hour[n]),
            "first_tubes_at": _moment(start, float(run.lab_first_h[n])),
            "last_tubes_at": _moment(start, float(run.lab_last_h[n])),
            "last_result_at": _moment(start, float(run.lab_done_h[n])),
        }
        for n, lab_id in enumerate(area.lab_ids)
    ]


def _counts(unserved: pa.Table) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in unserved.to_pylist():
        counts[row["reason"]] = counts.get(row["reason"], 0) + row["people"]
    return counts


def _moment(start: dt.datetime, hours: float) -> dt.datetime | None:
    if np.isnan(hours):
        return None
    return start.astimezone(dt.UTC) + dt.timedelta(seconds=round(hours * 3600))

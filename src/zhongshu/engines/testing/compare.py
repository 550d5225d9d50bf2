"""The same round with other pool sizes and other opening hours."""

from __future__ import annotations

import dataclasses

import pyarrow as pa

from zhongshu.engines.testing import chain, model, sites, siting
from zhongshu.engines.testing.machines import Halls

QUICK_ROUNDS = 1  # of slope scaling: enough to compare hours


def alternatives(
    area: sites.Area,
    opened: sites.Opened,
    run: chain.Chain,
    rules: model.RoundRules,
    halls: Halls | None = None,
) -> pa.Table:
    """run: as chosen.  halls: laboratories with machines; others than chosen are tried quickly."""

    def ran(points: sites.Opened, by: model.RoundRules, pool: int) -> chain.Chain:
        found = chain.run(
            points.people, points.desks_max, points.labs, by, points.hours, pool_size=pool
        )
        if halls is None:
            return found
        finish, binding = halls.finish(area, points, found, by)
        return dataclasses.replace(found, finish_h=finish, binding=binding)

    missed = int(area.people.sum() - opened.people.sum())
    rows = [_row("chosen", run, missed, rules, pool_size=rules.pool_size)]
    for pool in sorted(set(rules.pool_options) - {rules.pool_size}):
        other = ran(opened, rules, pool)
        rows.append(_row(f"pool-{pool}", other, missed, rules, pool_size=pool))
    for hours in sorted(set(rules.sampling_options) - {rules.sampling_h}):
        changed = dataclasses.replace(rules, sampling_h=hours)
        found = siting.solve(sites.task(area, changed), rounds=QUICK_ROUNDS)
        points = sites.opened(area, found, changed)
        other = ran(points, changed, rules.pool_size)
        left = int(found.left.sum())
        rows.append(_row(f"hours-{hours:g}", other, left, changed, pool_size=rules.pool_size))
    return pa.Table.from_pylist(rows, schema=model.ALTERNATIVES)


def _row(
    key: str, run: chain.Chain, missed: int, rules: model.RoundRules, *, pool_size: int
) -> dict[str, object]:
    return {
        "key": key,
        "pool_size": pool_size,
        "sampling_h": rules.sampling_h,
        "points": len(run.desks),
        "desks": int(run.desks.sum()),
        "tubes": int(run.tubes.sum()),
        "unserved": missed,
        "finish_h": run.finish_h,
        "in_time": None if run.finish_h is None else run.finish_h <= rules.round_h,
        "binding": run.binding,
        "chosen": key == "chosen",
    }

"""Re-checks the laboratories of a round that have machines.  Shares no code with the solver."""

from __future__ import annotations

import collections
import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing import model
from zhongshu.engines.testing.labs import model as labmodel
from zhongshu.engines.testing.labs import validate

Row = dict[str, Any]


def check(
    plan: model.RoundPlan,
    places: dict[str, Row],
    labs: pa.Table,
    rules: model.RoundRules,
    machines: labmodel.LabRules,
) -> list[str]:
    """The loads are put together again from the points' hours and tubes."""
    runs = plan.laboratories
    if runs is None:
        return ["no tube has a run"]
    start = dt.datetime.fromisoformat(plan.card.parameters["start"])
    points = plan.points.to_pylist()
    loads = [load for row in points for load in _loads(row, places[row["point_id"]], rules)]
    table = pa.Table.from_pylist(loads, schema=labmodel.LOADS)
    faults = validate.check(runs, loads=table, labs=labs, rules=machines, start=start)
    tubes: collections.Counter[str] = collections.Counter()
    for row in runs.contents.to_pylist():
        tubes[row["lab_id"]] += row["tubes"]
    faults += [
        f"{row['lab_id']} counts {row['tubes']} tubes, {tubes[row['lab_id']]} are run"
        for row in plan.labs.to_pylist()
        if row["tubes"] != tubes[row["lab_id"]]
    ]
    whole = not runs.answer.unserved.num_rows
    if plan.finish_at != (runs.last_at if whole else None):
        faults.append("the round does not finish with its last run")
    return faults


def _loads(row: Row, place: Row, rules: model.RoundRules) -> list[Row]:
    opened = int((row["closes_at"] - row["opens_at"]).total_seconds())
    each = round(rules.courier_every_h * 3600)
    found, had, number = [], 0, 0
    while had < row["tubes"]:
        number += 1
        passed = min(opened, number * each)
        until = row["tubes"] * passed // opened if opened else row["tubes"]
        if until > had:
            found.append(
                {
                    "load": f"{row['point_id']}#{number}",
                    "lon": place["lon"],
                    "lat": place["lat"],
                    "tubes": until - had,
                    "ready_at": row["opens_at"] + dt.timedelta(seconds=passed),
                }
            )
        had = until
    return found

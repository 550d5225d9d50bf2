"""A round whose laboratories have machines: each courier's load gets a laboratory and its runs."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from zhongshu.engines.testing import chain, model, sites
from zhongshu.engines.testing.labs import model as labmodel
from zhongshu.engines.testing.labs import solve as labs
from zhongshu.kernel import tables

Row = dict[str, Any]
SOME = labmodel.Limit()
QUICK = labmodel.Limit(moves=5_000, steps=1)  # for alternatives


@dataclasses.dataclass(frozen=True)
class Halls:
    """The laboratories' planner's tables and rules."""

    labs: pa.Table
    rules: labmodel.LabRules
    start: dt.datetime
    seed: int

    def plan(
        self,
        area: sites.Area,
        opened: sites.Opened,
        run: chain.Chain,
        rules: model.RoundRules,
        limit: labmodel.Limit = SOME,
    ) -> labmodel.LabPlan:
        """Runs of the tubes that a round brings."""
        given = loads(area, opened, run, rules, self.start)
        return labs.plan(
            loads=given, labs=self.labs, rules=self.rules, start=self.start, limit=limit,
            seed=self.seed,
        )  # fmt: skip

    def finish(
        self, area: sites.Area, opened: sites.Opened, run: chain.Chain, rules: model.RoundRules
    ) -> tuple[float | None, str]:
        """(hours after the order to the last result, what it waits for), about."""
        plan = self.plan(area, opened, run, rules, QUICK)
        return waits(plan, run, rules, self)


def rated(machines: pa.Table) -> pa.Table:
    """`model.LABS` with what the machines run in a day when they never stand."""
    tables.require(machines, "labs", labmodel.LABS.names)
    rows = [
        {
            **row,
            "tubes_per_day": int(row["machines"] * row["batch"] * 24 / row["run_h"])
            if row["run_h"]
            else 0,
        }
        for row in machines.to_pylist()
    ]
    names = model.LABS.names
    return pa.Table.from_pylist(
        [{key: row[key] for key in names} for row in rows], schema=model.LABS
    )


def loads(
    area: sites.Area,
    opened: sites.Opened,
    run: chain.Chain,
    rules: model.RoundRules,
    start: dt.datetime,
) -> pa.Table:
    """What each courier brings, as `labs.model.LOADS`; a load is called point#number."""
    rows: list[Row] = []
    each = round(rules.courier_every_h * 3600)
    for n, point in enumerate(opened.index):
        tubes, opens = int(run.tubes[n]), round(float(run.opens_h[n]) * 3600)
        length = round(float(run.closes_h[n]) * 3600) - opens
        had = 0
        for k, passed in enumerate([*range(each, length, each), length], 1):
            # Tubes are whole: one that is being filled waits for the next courier.
            until = tubes if passed == length else tubes * passed // length
            if until > had:
                rows.append(
                    {
                        "load": f"{area.points[point]}#{k}",
                        "lon": float(area.spot[point, 0]),
                        "lat": float(area.spot[point, 1]),
                        "tubes": until - had,
                        "ready_at": start.astimezone(dt.UTC) + dt.timedelta(seconds=opens + passed),
                    }
                )
            had = until
    return pa.Table.from_pylist(rows, schema=labmodel.LOADS)


def waits(
    plan: labmodel.LabPlan, run: chain.Chain, rules: model.RoundRules, halls: Halls
) -> tuple[float | None, str]:
    """(hour of the last result, None when tubes are left; what it waits for)."""
    if plan.answer.unserved.num_rows or plan.last_at is None:
        return None, "laboratory" if plan.answer.unserved.num_rows else "laboratories_missing"
    finish = (plan.last_at - halls.start).total_seconds() / 3600
    arrives = np.array(
        [(at - halls.start).total_seconds() / 3600 for at in
         plan.assigned["arrives_at"].to_pylist()], np.float64
    )  # fmt: skip
    shortest = min(row["run_h"] for row in halls.labs.to_pylist() if row["machines"])
    latest = np.array([arrives.max()])
    after = shortest + halls.rules.report_h
    closes = np.array([run.closes_h.max()])
    road = float(latest[0] - closes[0]) > rules.courier_every_h / 2
    found = chain.binding(finish, closes, latest, rules, after_h=after)
    return finish, "courier" if found == "sampling" and road else found


def point_rows(rows: list[Row], plan: labmodel.LabPlan) -> list[Row]:
    """The points with the laboratory that most of their tubes go to, and their last arrival."""
    by: dict[str, list[Row]] = {}
    for load in plan.assigned.to_pylist():
        by.setdefault(load["load"].rsplit("#", 1)[0], []).append(load)
    for row in rows:
        row |= {"lab_id": None, "lab_km": None, "tubes_at_lab": None}
        mine = by.get(row["point_id"])
        if mine:
            tubes: dict[str, int] = {}
            for load in mine:
                tubes[load["lab_id"]] = tubes.get(load["lab_id"], 0) + load["tubes"]
            lab = max(sorted(tubes), key=lambda one: tubes[one])
            row["lab_id"] = lab
            row["lab_km"] = next(load["km"] for load in mine if load["lab_id"] == lab)
            row["tubes_at_lab"] = max(load["arrives_at"] for load in mine)
    return rows


def use_rows(plan: labmodel.LabPlan, rated_labs: pa.Table) -> list[Row]:
    """`model.LAB_USE` of every laboratory."""
    none = {"tubes": 0, "first_tubes_at": None, "last_tubes_at": None, "last_result_at": None}
    used = {row["lab_id"]: {**none, **row} for row in plan.use.to_pylist()}
    for load in plan.assigned.to_pylist():
        own = used[load["lab_id"]]
        own["last_tubes_at"] = max(load["arrives_at"], own["last_tubes_at"] or load["arrives_at"])
    rows = []
    for row in rated_labs.to_pylist():
        own = used.get(row["lab_id"], none)
        rows.append(
            {
                "lab_id": row["lab_id"],
                "tubes_per_hour": row["tubes_per_day"] / 24,
                **{key: own[key] for key in none},
            }
        )
    return rows

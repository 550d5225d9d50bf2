"""Which parcels come on which day, by which runs, and what comes late why."""

from __future__ import annotations

import dataclasses
import datetime as dt
import time
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply.lastmile import model as mile
from zhongshu.engines.supply.lastmile import solve as lastmile
from zhongshu.engines.supply.parcels import level, model
from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plan import Answer, unserved
from zhongshu.kernel.runcard import RunCard, table_hash

Row = dict[str, Any]
Told = dict[str, list[Row]]


@dataclasses.dataclass
class _State:
    """By drop: when its next parcels are needed, and how many of them are still to come."""

    due: dict[str, dt.date]
    left: dict[str, int]


def plan(
    *,
    depots: pa.Table,
    rounds: pa.Table,
    vehicles: pa.Table,
    rules: model.ParcelRules,
    on: dt.date,
) -> model.ParcelPlan:
    """Day by day from `on`; tables of `model`.

    A day asks for all that is due and for as much of what may come early as keeps the days level
    (`level`, exact for what is known that day); the last mile decides by rank, days waited and
    yuan what of it goes.  What stays behind is asked for the next day, and told.
    Refuses (BadInput) what the last mile refuses, and rounds without a date or of no days.
    Does not: look ahead to a day with fewer vehicles; every day has the same.
    """
    began = time.perf_counter()
    _checked(rounds, rules)
    rows = {row["drop_id"]: row for row in rounds.to_pylist()}
    state = _State(
        {name: row["due_on"] for name, row in rows.items()},
        {name: row["parcels"] for name, row in rows.items()},
    )
    told: Told = {"days": [], "runs": [], "stops": [], "late": []}
    for ahead in range(rules.horizon_days):
        date = on + dt.timedelta(days=ahead)
        asked = _asked(rows, state, rules, date=date, days=rules.horizon_days - ahead)
        table = pa.Table.from_pylist(asked, schema=mile.DROPS)
        made = lastmile.plan(depots=depots, drops=table, vehicles=vehicles, rules=rules.mile)
        _tell(told, made, state, date)
        _brought(state, made, rows, date)
    late = [row for row in told["late"] if row["date"] == on + dt.timedelta(rules.horizon_days - 1)]
    given = {"depots": depots, "rounds": rounds, "vehicles": vehicles}
    return model.ParcelPlan(
        **{
            name: pa.Table.from_pylist(its, schema=getattr(model, name.upper()))
            for name, its in told.items()
        },
        answer=Answer(
            planner="parcels",
            value=sum(row["yuan"] for row in told["runs"]),
            unit="yuan",
            bound=None,
            seconds=time.perf_counter() - began,
            seed=None,
            unserved=unserved("drop", ((r["drop_id"], r["parcels"], r["reason"]) for r in late)),
            card=RunCard(
                engine="supply.parcels",
                version=model.VERSION,
                parameters={**dataclasses.asdict(rules), "on": on.isoformat()},
                inputs={name: table_hash(table) for name, table in given.items()},
            ),
        ),
    )


def _checked(rounds: pa.Table, rules: model.ParcelRules) -> None:
    tables.require(rounds, "rounds", model.ROUNDS.names)
    lasts = [days or 0 for days in rounds["every_days"].to_pylist()]
    if rounds["due_on"].null_count or min(lasts, default=1 + rules.early_days) <= rules.early_days:
        raise BadInput(
            "supply.round_without_days",
            "A row of 'rounds' has no due_on, or its every_days are not above early_days "
            f"({rules.early_days}); give both.",
        )


def _asked(
    rows: dict[str, Row], state: _State, rules: model.ParcelRules, *, date: dt.date, days: int
) -> list[Row]:
    """Drops of the day: of what is due within the plan, what `level` takes today."""
    jobs = []
    for name, row in rows.items():
        ahead = (state.due[name] - date).days
        if ahead < days and state.left[name]:
            first = ahead - rules.early_days
            jobs.append(level.Job(name, row["rank"], state.left[name], first, max(ahead, 0)))
    asked = []
    for job in level.today(jobs):
        row, share = rows[job.drop], job.parcels / max(1, rows[job.drop]["parcels"])
        load = {column: row[column] * share for column in ("kg", "m3", "stay_min")}
        waited = max((date - state.due[job.drop]).days, 0)
        asked.append({**row, **load, "parcels": job.parcels, "waited_days": waited})
    return [{name: row[name] for name in mile.DROPS.names} for row in asked]


def _tell(told: Told, made: mile.MilePlan, state: _State, date: dt.date) -> None:
    told["days"].append(
        {
            "date": date,
            "needed": sum(state.left[one] for one, due in state.due.items() if due <= date),
            "asked": made.parcels,
            "brought": made.brought,
            "runs": made.runs.num_rows,
            "yuan": made.answer.value,
        }
    )
    for name, table in (("runs", made.runs), ("stops", made.stops)):
        told[name] += [{"date": date, **row} for row in table.to_pylist()]
    told["late"] += [
        {
            "date": date,
            "drop_id": row["id"],
            "due_on": state.due[row["id"]],
            "parcels": int(row["amount"]),
            "reason": row["constraint"],
        }
        for row in made.answer.unserved.to_pylist()
        if state.due[row["id"]] <= date
    ]


def _brought(state: _State, made: mile.MilePlan, rows: dict[str, Row], date: dt.date) -> None:
    """What came lasts from the day on which the last of it came."""
    for stop in made.stops.to_pylist():
        state.left[stop["drop_id"]] -= stop["parcels"]
    for name in {stop["drop_id"] for stop in made.stops.to_pylist()}:
        if not state.left[name]:
            state.left[name] = rows[name]["parcels"]
            state.due[name] = date + dt.timedelta(days=rows[name]["every_days"])

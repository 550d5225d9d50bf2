"""Re-checks parcels over days from the tables alone.  Shares no code with the solver.

Each day's runs go through the last mile's own validator; then every household is followed through
the days.  One sentence per fault.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from typing import Any

import pyarrow as pa

from zhongshu.engines.supply.lastmile import model as mile
from zhongshu.engines.supply.lastmile import validate as milecheck
from zhongshu.engines.supply.parcels import model
from zhongshu.kernel.plan import unserved

Row = dict[str, Any]


def check(
    plan: model.ParcelPlan,
    *,
    depots: pa.Table,
    rounds: pa.Table,
    vehicles: pa.Table,
    rules: model.ParcelRules,
    on: dt.date,
) -> list[str]:
    rows = rounds.to_pylist()
    dates = [on + dt.timedelta(days=n) for n in range(rules.horizon_days)]
    told = plan.days.to_pylist()
    if [row["date"] for row in told] != dates:
        return ["the days told are not those planned"]
    faults = []
    for day in told:
        made = _day(plan, rows, day)
        drops = [{**row, "waited_days": 0} for row in rows]
        table = pa.Table.from_pylist(
            [{name: row[name] for name in mile.DROPS.names} for row in drops], schema=mile.DROPS
        )
        found = milecheck.check(
            made, depots=depots, drops=table, vehicles=vehicles, rules=rules.mile
        )
        faults += [f"{day['date']}: {one}" for one in found]
    if abs(sum(row["yuan"] for row in told) - plan.answer.value) > 1e-3:
        faults.append("the days cost other yuan than the plan")
    return [*faults, *_followed(plan, rows, dates, rules)]


def _day(plan: model.ParcelPlan, rows: list[Row], day: Row) -> mile.MilePlan:
    """The plan of one day as the last mile would tell it; what did not come stays behind."""
    its = {
        name: [row for row in getattr(plan, name).to_pylist() if row["date"] == day["date"]]
        for name in ("runs", "stops")
    }
    came: dict[str, int] = collections.Counter()
    for stop in its["stops"]:
        came[stop["drop_id"]] += stop["parcels"]
    behind = ((row["drop_id"], row["parcels"] - came[row["drop_id"]], "later") for row in rows)
    answer = dataclasses.replace(
        plan.answer, value=day["yuan"], bound=None, unserved=unserved("drop", behind)
    )
    runs, stops = (
        pa.Table.from_pylist([{k: v for k, v in row.items() if k != "date"} for row in its[name]],
                             schema=schema)
        for name, schema in (("runs", mile.RUNS), ("stops", mile.STOPS))
    )  # fmt: skip
    asked = sum(row["parcels"] for row in rows)
    return mile.MilePlan(
        answer=answer, runs=runs, stops=stops, parcels=asked, brought=day["brought"]
    )


def _followed(
    plan: model.ParcelPlan, rows: list[Row], dates: list[dt.date], rules: model.ParcelRules
) -> list[str]:
    came: dict[tuple[str, dt.date], int] = collections.Counter()
    for stop in plan.stops.to_pylist():
        came[stop["drop_id"], stop["date"]] += stop["parcels"]
    late = {(r["drop_id"], r["date"]): (r["parcels"], r["due_on"]) for r in plan.late.to_pylist()}
    needed: dict[dt.date, int] = collections.Counter()
    faults = []
    for row in rows:
        name, due, left = row["drop_id"], row["due_on"], row["parcels"]
        for date in dates:
            needed[date] += left if due <= date else 0
            got = came[name, date]
            if got > left:
                faults.append(f"{name} gets {got} parcels on {date}, {left} are asked for")
            if got and date < due - dt.timedelta(days=rules.early_days):
                faults.append(f"{name} gets parcels on {date}, due on {due}")
            left -= got
            if due <= date and left > 0 and late.pop((name, date), None) != (left, due):
                faults.append(f"{name} lacks {left} parcels on {date}, which is told otherwise")
            if got and left <= 0:
                left, due = row["parcels"], date + dt.timedelta(days=row["every_days"])
    faults += [f"{name} is told late on {date}, and is not" for name, date in late]
    faults += [
        f"on {day['date']} {needed[day['date']]} parcels are due, not {day['needed']}"
        for day in plan.days.to_pylist()
        if day["needed"] != needed[day["date"]]
    ]
    return faults

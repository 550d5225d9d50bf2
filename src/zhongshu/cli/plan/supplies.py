"""`zhongshu plan supplies` and what belongs to it: prices, orders, parcels and their last mile."""

from __future__ import annotations

import collections
import datetime as dt
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.csv as pc
import typer

from zhongshu.cli.output import out
from zhongshu.cli.plan import files
from zhongshu.cli.plan.commands import NONE, File, Json, On, Rules, To, app, checked, day, say
from zhongshu.connectors import tablefiles
from zhongshu.engines.supply.lastmile import model as milemodel
from zhongshu.engines.supply.lastmile import solve as lastmile
from zhongshu.engines.supply.lastmile import validate as milecheck
from zhongshu.engines.supply.network import model, solve, validate
from zhongshu.engines.supply.parcels import model as parcelmodel
from zhongshu.engines.supply.parcels import solve as parcels
from zhongshu.engines.supply.parcels import validate as parcelcheck
from zhongshu.engines.supply.prices import model as pricemodel
from zhongshu.engines.supply.prices import solve as prices
from zhongshu.engines.supply.prices import validate as pricecheck


@app.command("supplies")
def supplies(
    stores: File,
    goods: File,
    lots: File,
    needs: File,
    suppliers: File,
    rules: Rules,
    on: On,
    to: To = None,
    as_json: Json = False,
) -> None:
    """What moves between the stores of a table over several days, what is ordered, who lacks."""
    by = files.rules(rules, model.NetworkRules)
    given = {
        "stores": tablefiles.read(stores, model.STORES, NONE),
        "goods": tablefiles.read(goods, model.GOODS, NONE),
        "lots": tablefiles.read(lots, model.LOTS, NONE),
        "needs": tablefiles.read(needs, model.NEEDS, NONE),
        "suppliers": tablefiles.read(suppliers, model.SUPPLIERS, NONE),
    }
    first = day(on)
    plan = solve.plan(**given, rules=by, on=first)
    checked(validate.check(plan, **given, rules=by, on=first))
    names = ("moves", "orders", "unmet", "shares", "waste", "reserve")
    if to is not None:
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    needed, unmet = (sum(plan.shares[name].to_pylist()) for name in ("need", "unmet"))
    met = 1.0 - unmet / needed if needed else 1.0
    say(
        plan.answer,
        f"{plan.moves.num_rows} moves, {plan.orders.num_rows} orders meet {met:.1%} of the needs",
        as_json=as_json,
    )


@app.command("prices")
def prices_(watched: File, reports: File, rules: Rules, on: On, to: To = None) -> None:
    """What price points reported, and did not, that calls for a look."""
    by = files.rules(rules, pricemodel.PriceRules)
    given = {
        "watched": tablefiles.read(watched, pricemodel.WATCHED, NONE),
        "reports": tablefiles.read(reports, pricemodel.REPORTS, NONE),
    }
    first = day(on)
    made = prices.watch(**given, rules=by, on=first)
    checked(pricecheck.check(made, **given, rules=by, on=first))
    if to is not None:
        to.mkdir(parents=True, exist_ok=True)
        pc.write_csv(made.findings, to / "findings.csv")
    out.print(
        f"{made.reported} of {made.watched} prices reported, {made.findings.num_rows} findings"
    )
    for why, count in collections.Counter(made.findings["why"].to_pylist()).most_common():
        out.print(f"{why}: {count}")


@app.command("last-mile")
def last_mile(
    depots: File,
    drops: File,
    vehicles: File,
    rules: Rules,
    on: Annotated[str, typer.Option(help="First of several days, YYYY-MM-DD.")] = "",
    days: Annotated[int, typer.Option(min=1, help="Days planned; with --on.")] = 1,
    early_days: Annotated[int, typer.Option(min=0, help="So long before it is due.")] = 1,
    to: To = None,
    as_json: Json = False,
) -> None:
    """Parcels, stays of mobile supermarkets and drone flights of one day, or of several."""
    by = files.rules(rules, milemodel.MileRules)
    given = {
        "depots": tablefiles.read(depots, milemodel.DEPOTS, NONE),
        "vehicles": tablefiles.read(vehicles, milemodel.VEHICLES, NONE),
    }
    if on:
        given["rounds"] = tablefiles.read(drops, parcelmodel.ROUNDS, NONE)
        over = parcelmodel.ParcelRules(mile=by, horizon_days=days, early_days=early_days)
        _over_days(given, over, day(on), to=to, as_json=as_json)
        return
    given["drops"] = tablefiles.read(drops, milemodel.DROPS, NONE)
    plan = lastmile.plan(**given, rules=by)
    checked(milecheck.check(plan, **given, rules=by))
    if to is not None:
        files.write(to, {"runs": plan.runs, "stops": plan.stops}, plan.answer)
    said = f"{plan.brought} of {plan.parcels} parcels are brought, {plan.runs.num_rows} runs"
    say(plan.answer, said, as_json=as_json)


def _over_days(
    given: dict[str, pa.Table],
    by: parcelmodel.ParcelRules,
    first: dt.date,
    *,
    to: Path | None,
    as_json: bool,
) -> None:
    plan = parcels.plan(**given, rules=by, on=first)
    checked(parcelcheck.check(plan, **given, rules=by, on=first))
    if to is not None:
        names = ("days", "runs", "stops", "late")
        files.write(to, {name: getattr(plan, name) for name in names}, plan.answer)
    brought = sum(plan.days["brought"].to_pylist())
    late = len(set(plan.late["drop_id"].to_pylist()))
    said = (
        f"{brought} parcels in {by.horizon_days} days, {plan.runs.num_rows} runs, {late} drops late"
    )
    say(plan.answer, said, as_json=as_json)

"""How long stocks last under today's plans, and what should move before they run out."""

from __future__ import annotations

from typing import Any

import polars as pl
import pyarrow as pa

from zhongshu.engines.supply import model, solve
from zhongshu.kernel import tables
from zhongshu.kernel.time import DAY
from zhongshu.reference import read
from zhongshu.service.dispatch import facade as dispatch
from zhongshu.service.periods.cycle import rulebook
from zhongshu.service.periods.cycle.frame import Frame, Outcome
from zhongshu.service.periods.cycle.words import column, cost, reason, say
from zhongshu.service.periods.proposals import Draft
from zhongshu.service.resources import facade as resources
from zhongshu.service.zones import facade as zones

KIND = "supply"
_ROWS = 200


def run(frame: Frame) -> Outcome:
    """Days of cover of every item, shortages with their dates, and moves that mend them."""
    stocks = _stocks(frame)
    if stocks.num_rows == 0:
        return Outcome({"stores": 0}, (), (KIND,))
    rules = rulebook.supply_rules(frame.pack)
    plan = solve.cover(
        stocks=stocks,
        demand=_demand(frame, set(stocks["county_code"].to_pylist())),
        counties=_points(frame),
        rules=rules,
        on=frame.today,
    )
    short = plan.shortages.to_pylist()
    summary = {
        "stores": len(set(stocks["store_id"].to_pylist())),
        "counties_short": len({row["county_code"] for row in short}),
        "moves": plan.moves.num_rows,
        "unmet": plan.unmet.num_rows,
        "expiring": plan.expiring.num_rows,
        "unit_km": round(plan.unit_km, 1),
        "card": plan.card.as_json(),
    }
    drafts = (_draft(frame, plan),) if plan.moves.num_rows or plan.unmet.num_rows else ()
    return Outcome(summary, drafts, (KIND,))


def _stocks(frame: Frame) -> pa.Table:
    """Lots of stores that lie in a known county."""
    lots = tables.frame(resources.stocks(frame.as_of))
    counties = pl.Series(
        "county_code", [frame.county(code) for code in lots["county_code"]], pl.String
    )
    known = lots.with_columns(counties).drop_nulls("county_code")
    return known.select(model.STOCKS.names).to_arrow().cast(model.STOCKS)


def _demand(frame: Frame, counties: set[str]) -> pa.Table:
    """What today's plans use on top of the stores' daily use: a test round tomorrow, and daily
    packs for the residents of high-risk areas over the days of their restriction."""
    pack = frame.pack
    rows: list[dict[str, Any]] = []
    round_ = dispatch.risk_villages(frame).drop_nulls("county")
    tested = round_.group_by("county").agg(pl.col("people").sum()).sort("county")
    per_person = {
        "swab_kit": pack.number("supply.use.swab_kit_per_test"),
        "pcr_reagent": pack.number("supply.use.pcr_reagent_per_tube")
        / pack.number("test.pool_size"),
    }
    tomorrow = frame.today + DAY
    for county, people in tested.iter_rows():
        rows += [
            {"county_code": county, "item": item, "date": tomorrow, "quantity": people * each}
            for item, each in per_person.items()
        ]
    days = int(pack.number("zone.high.release_clean_days"))
    packs = pack.number("supply.use.food_pack_per_person_day")
    for county, people in _restricted(frame).iter_rows():
        rows += [
            {
                "county_code": county,
                "item": "food_pack",
                "date": frame.today + ahead * DAY,
                "quantity": people * packs,
            }
            for ahead in range(1, days + 1)
        ]
    held = [row for row in rows if row["county_code"] in counties]
    return pa.Table.from_pylist(held, schema=model.DEMAND)


def _restricted(frame: Frame) -> pl.DataFrame:
    """(county, residents of its high-risk areas)"""
    residents = dispatch.risk_villages(frame)
    standing = tables.frame(zones.current(frame.as_of))
    high = standing.filter((pl.col("kind") == "risk_area") & (pl.col("level") == "high"))
    return (
        residents.filter(pl.col("unit_code").is_in(high["unit"].implode()))
        .drop_nulls("county")
        .group_by("county")
        .agg(pl.col("people").sum())
        .sort("county")
    )


def _points(frame: Frame) -> pa.Table:
    rows = [
        {"county_code": row["code"], "lon": row["centroid_lon"], "lat": row["centroid_lat"]}
        for row in read.table("areas").to_pylist()
        if row["code"] in frame.tree
    ]
    return pa.Table.from_pylist(rows, schema=model.COUNTIES)


def _rows(
    frame: Frame, moves: list[dict[str, Any]], unmet: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Moves between stores, then what has to be bought."""
    return [
        {
            "item": say(f"item.{row['item']}"),
            "from": frame.name(row["from_county"]),
            "to": frame.name(row["to_county"]),
            "quantity": round(row["quantity"]),
            "km": round(row["km"], 1),
            "arrives": row["arrives_on"].isoformat(),
        }
        for row in moves
    ] + [
        {
            "item": say(f"item.{row['item']}"),
            "from": say("supply.buy"),
            "to": frame.name(row["county_code"]),
            "quantity": round(row["quantity"]),
            "km": None,
            "arrives": "",
        }
        for row in unmet
    ]


def _draft(frame: Frame, plan: model.SupplyPlan) -> Draft:
    pack = frame.pack
    moves = sorted(plan.moves.to_pylist(), key=lambda row: (row["item"], -row["quantity"]))
    unmet = plan.unmet.to_pylist()
    facts = {
        "moves": len(moves),
        "counties": len({row["county_code"] for row in plan.shortages.to_pylist()}),
        "unmet": len({row["item"] for row in unmet}),
        "expiring": plan.expiring.num_rows,
    }
    reasons = [reason("supply.why", pack=pack, figure="supply.days_of_cover.n95", **facts)]
    if unmet:
        reasons.append(reason("supply.unmet", pack=pack, rule="SUP-D", **facts))
    if facts["expiring"]:
        reasons.append(reason("supply.expiring", pack=pack, figure="supply.expiring_days", **facts))
    rows = _rows(frame, moves, unmet)
    keys = ("item", "from_store", "to_store", "quantity", "km", "arrives")
    renamed = {"from_store": "from", "to_store": "to"}
    recipients = sorted(
        {row["from_county"] for row in moves} | {row["to_county"] for row in moves}
        | {row["county_code"] for row in unmet}
    )  # fmt: skip
    return Draft(
        kind=KIND,
        key=f"{KIND}:{frame.today.isoformat()}",
        unit=frame.scope_unit,
        title=say("supply.title", **facts),
        reasons=reasons,
        cost=[
            cost("moves", len(moves), "trips"),
            cost("unit_km", round(plan.unit_km), "unit-km"),
            cost("unmet", facts["unmet"], "items"),
        ],
        directive=say("supply.directive", **facts),
        **frame.terms("supply"),
        priority=30,
        if_nothing=say("supply.if_nothing", **facts),
        recipients=recipients,
        detail={
            "columns": [column(key) | {"key": renamed.get(key, key)} for key in keys],
            "rows": rows[:_ROWS],
            "total": len(rows),
        },
    )

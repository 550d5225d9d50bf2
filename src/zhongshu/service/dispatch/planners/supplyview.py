"""A plan of supplies as its pages, jobs and map tell it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.supply.network import model
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Column,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.text import Text, text
from zhongshu.service.resources import facade as resources

STORE, LOT = "store", "lot"
FOOD, MEDICINE = "food_pack", "medicine"
GOODS: Mapping[str, Text] = {
    "n95": text("N95 口罩", "N95 respirators"),
    "gown": text("防护服", "protective gowns"),
    "swab_kit": text("采样管", "swab kits"),
    "pcr_reagent": text("核酸试剂", "PCR reagents"),
    FOOD: text("生活物资包", "food packs"),
    MEDICINE: text("冷藏药品", "medicines kept cold"),
}


@dataclasses.dataclass(frozen=True)
class Place:
    """A store with what stands in for missing coordinates: the middle of its county."""

    thing: resources.Thing
    level: str
    lon: float
    lat: float


@dataclasses.dataclass(frozen=True)
class Given:
    tables: Mapping[str, pa.Table]
    places: Mapping[str, Place]
    lots: Mapping[tuple[str, str], int]  # free now, by store and item
    enterprises: Mapping[str, resources.Thing]
    rules: model.NetworkRules
    leaves_h: float  # of the day, when goods leave

    def leaves(self, day: dt.date) -> dt.datetime:
        return start_of_day(day) + dt.timedelta(hours=self.leaves_h)


_MOVES = (
    Column("move", "id"),
    Column("item", "code"),
    Column("from", "text"),
    Column("from_store", "code"),
    Column("to", "text"),
    Column("to_store", "code"),
    Column("leaves", "date"),
    Column("arrives", "date"),
    Column("quantity", "number"),
    Column("km", "km", "km"),
    Column("m3", "number"),
)
_ORDERS = (
    Column("supplier_id", "id"),
    Column("supplier", "text"),
    Column("item", "code"),
    Column("to", "text"),
    Column("ordered", "date"),
    Column("arrives", "date"),
    Column("quantity", "number"),
    Column("yuan", "number", "yuan"),
)
_SHARES = (
    Column("store_id", "id"),
    Column("store", "text"),
    Column("item", "code"),
    Column("need", "number"),
    Column("unmet", "number"),
)
_RESERVE = (
    Column("store_id", "id"),
    Column("store", "text"),
    Column("item", "code"),
    Column("quantity", "number"),
)


def told(ask: Ask, given: Given, plan: model.NetworkPlan) -> Made:
    moves = sorted(plan.moves.to_pylist(), key=lambda row: (row["leaves_on"], row["from_store"]))
    orders = sorted(plan.orders.to_pylist(), key=lambda row: (row["ordered_on"], row["item"]))
    below = plan.reserve.to_pylist()
    need, unmet = (sum(plan.shares[name].to_pylist()) for name in ("need", "unmet"))
    until = ask.ground.today + int(ask.form["issue_days"]) * DAY
    now = [row for row in moves if row["leaves_on"] < until]
    bought = [row for row in orders if row["ordered_on"] < until]
    return Made(
        answer=plan.answer,
        figures=(
            Figure("met", round(100 * (1 - unmet / need), 1) if need else 100.0, "%"),
            Figure("moves", len(moves), "moves"),
            Figure("orders", len(orders), "orders"),
            Figure("yuan", round(plan.answer.value), "yuan"),
            Figure("issued_now", len(now) + len(bought), "moves"),
            Figure("below_cover", len({row["store_id"] for row in below}), "stores"),
        ),
        tables={
            "moves": Rows(_MOVES, [_move(n, row, given) for n, row in enumerate(moves, 1)]),
            "orders": Rows(_ORDERS, [_order(row, given) for row in orders]),
            "shares": Rows(_SHARES, _lacks(plan, given)),
            "reserve": Rows(_RESERVE, [_below(row, given) for row in below]),
        },
        jobs=(*_loads(now, given), *_purchases(bought, given)),
        takings=_takings(ask, now, given),
        features=_features(now, given),
    )


def _lacks(plan: model.NetworkPlan, given: Given) -> list[Row]:
    return [
        {
            **row,
            "store": given.places[row["store_id"]].thing.name,
            "need": round(row["need"], 1),
            "unmet": round(row["unmet"], 1),
        }
        for row in plan.shares.to_pylist()
        if row["unmet"] > 0
    ]


def _below(row: Row, given: Given) -> Row:
    """What a store lacks to its days of cover on the last evening."""
    name = given.places[row["store_id"]].thing.name
    return {**row, "store": name, "quantity": round(row["quantity"], 1)}


def _move(number: int, row: Row, given: Given) -> Row:
    return {
        "move": str(number),
        "item": row["item"],
        "from": given.places[row["from_store"]].thing.name,
        "from_store": row["from_store"],
        "to": given.places[row["to_store"]].thing.name,
        "to_store": row["to_store"],
        "leaves": row["leaves_on"].isoformat(),
        "arrives": row["arrives_on"].isoformat(),
        "quantity": round(row["quantity"], 1),
        "km": round(row["km"], 1),
        "m3": round(row["m3"], 2),
    }


def _order(row: Row, given: Given) -> Row:
    return {
        "supplier_id": row["supplier_id"],
        "supplier": given.enterprises[row["supplier_id"]].name,
        "item": row["item"],
        "to": given.places[row["store_id"]].thing.name,
        "ordered": row["ordered_on"].isoformat(),
        "arrives": row["arrives_on"].isoformat(),
        "quantity": round(row["quantity"], 1),
        "yuan": round(row["yuan"], 1),
    }


def _loads(moves: Sequence[Row], given: Given) -> list[JobDraft]:
    """One for each store that sends: a step for each line it loads."""
    by: dict[str, list[Row]] = {}
    for row in moves:
        by.setdefault(row["from_store"], []).append(row)
    jobs = []
    for code, rows in sorted(by.items()):
        one = given.places[code].thing
        steps = []
        for row in rows:
            to = given.places[row["to_store"]]
            good, amount = GOODS[row["item"]], f"{row['quantity']:,.0f}"
            steps.append(
                Step(
                    kind="goods",
                    at=given.leaves(row["leaves_on"]),
                    ends=given.leaves(row["arrives_on"]),
                    label=text(
                        f"{good['zh']} {amount} 发往 {to.thing.name}",
                        f"{amount} {good['en']} to {to.thing.name}",
                    ),
                    place=to.thing.name,
                    lon=to.lon,
                    lat=to.lat,
                    thing=f"{row['item']}@{row['to_store']}@{row['leaves_on'].isoformat()}",
                    count=round(row["quantity"]),
                    facts={"item": row["item"], "m3": round(row["m3"], 2),
                           "expires_on": str(row["expires_on"] or "")},
                )
            )  # fmt: skip
        title = text(f"{one.name}：调出 {len(rows)} 项", f"{one.name}: {len(rows)} loads to send")
        jobs.append(JobDraft(STORE, code, one.unit_id, title, tuple(steps)))
    return jobs


def _purchases(orders: Sequence[Row], given: Given) -> list[JobDraft]:
    """One for each enterprise: a step for each delivery."""
    by: dict[str, list[Row]] = {}
    for row in orders:
        by.setdefault(row["supplier_id"], []).append(row)
    jobs = []
    for code, rows in sorted(by.items()):
        one = given.enterprises[code]
        steps = []
        for row in rows:
            to, good = given.places[row["store_id"]], GOODS[row["item"]]
            amount = f"{row['quantity']:,.0f}"
            steps.append(
                Step(
                    kind="goods",
                    at=given.leaves(row["ordered_on"]),
                    ends=given.leaves(row["arrives_on"]),
                    label=text(
                        f"采购 {good['zh']} {amount}，送 {to.thing.name}",
                        f"Order {amount} {good['en']} for {to.thing.name}",
                    ),
                    place=to.thing.name,
                    lon=to.lon,
                    lat=to.lat,
                    thing=f"{row['item']}@{row['store_id']}@{row['ordered_on'].isoformat()}",
                    count=round(row["quantity"]),
                    facts={
                        "item": row["item"],
                        "store_id": row["store_id"],
                        "yuan": round(row["yuan"]),
                    },
                )
            )
        title = text(f"{one.name}：订货 {len(rows)} 项", f"{one.name}: {len(rows)} orders")
        jobs.append(JobDraft("supplier", code, one.unit_id, title, tuple(steps)))
    return jobs


def _takings(ask: Ask, moves: Sequence[Row], given: Given) -> tuple[Taking, ...]:
    """What leaves of what is there now, until the store reports without it."""
    sums: dict[tuple[str, str], float] = {}
    for row in moves:
        key = row["from_store"], row["item"]
        sums[key] = sums.get(key, 0.0) + row["quantity"]
    begins = common.next_hour(ask.ground.as_of)
    ends = begins + int(ask.form["issue_days"]) * DAY
    found = []
    for (store, item), amount in sorted(sums.items()):
        whole = min(int(amount), given.lots.get((store, item), 0))
        if whole > 0:
            found.append(Taking(LOT, f"{store}/{item}", "units", whole, begins, ends))
    return tuple(found)


def _features(moves: Sequence[Row], given: Given) -> list[Row]:
    """What is issued now: stores and the ways between them."""
    ways: dict[tuple[str, str], float] = {}
    for row in moves:
        key = row["from_store"], row["to_store"]
        ways[key] = ways.get(key, 0.0) + row["m3"]
    found: list[Row | None] = []
    for (a, b), m3 in sorted(ways.items()):
        one, other = given.places[a], given.places[b]
        found.append(
            common.line(
                [(one.lon, one.lat), (other.lon, other.lat)],
                role="move", id=a, label=other.thing.name, value=round(m3, 2),
            )
        )  # fmt: skip
    for code in sorted({code for pair in ways for code in pair}):
        place = given.places[code]
        label = place.thing.name
        found.append(common.spot(place.lon, place.lat, role="store", id=code, label=label, value=0))
    return [one for one in found if one is not None]

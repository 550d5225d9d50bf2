"""Goods between the stores of a unit over several days, and what is ordered."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.supply.network import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.geo import haversine_km
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.reference import read as reference
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Column,
    Field,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.dispatchrules import network_rules
from zhongshu.service.kit.text import Text, text
from zhongshu.service.resources import facade as resources

NAME = "supplies"
FIELDS = (
    Field("testing_plan", "plan", planner="testing"),
    Field("issue_days", "number", default=2, least=1, most=7),
)
WORDS = frozenset({"forbid"})
EVENTS = frozenset({"store_closed"})
STORE, LOT, ENTERPRISE = "store", "lot", "enterprise"
LEVELS = ("province", "city", "county", "township", "site")
LEAVES_H = 8  # goods leave in the morning
NEAR = 3  # stores that an enterprise delivers to
GOODS: Mapping[str, Text] = {
    "n95": text("N95 口罩", "N95 respirators"),
    "gown": text("防护服", "protective gowns"),
    "swab_kit": text("采样管", "swab kits"),
    "pcr_reagent": text("核酸试剂", "PCR reagents"),
    "food_pack": text("生活物资包", "food packs"),
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


def counts(ask: Ask) -> Mapping[str, int]:
    places = _places(ask)
    return {
        "stores": len(places),
        "lots": sum(one.part_of in places for one in common.things(ask, LOT)),
        "enterprises": len(common.usable(common.things(ask, ENTERPRISE))),
    }


def make(ask: Ask) -> Made:
    """Refuses (BadInput) a unit without stores, or in whose stores nothing is used."""
    given = _given(ask)
    if not given.tables["needs"].num_rows:
        raise BadInput(
            "dispatch.no_needs", "No store of this unit tells what is used a day; enter it first."
        )
    plan = solve.plan(**given.tables, rules=given.rules, on=ask.ground.today)
    common.sound(validate.check(plan, **given.tables, rules=given.rules, on=ask.ground.today))
    return _told(ask, given, plan)


def _given(ask: Ask) -> Given:
    care = ask.ground.other("dispatch")
    places = _places(ask)
    if not places:
        raise BadInput("dispatch.no_stores", "The registry has no store in this unit.")
    rules = network_rules(ask.ground.pack, care)
    kept = [one for one in common.usable(common.things(ask, LOT)) if one.part_of in places]
    left = resources.registry.frees(kept, ask.ground.as_of)
    free = {
        (one.part_of, str(one.facts.get("goods", ""))): left[one.pk].get("units", 0)
        + ask.own.get((LOT, one.code, "units"), 0)
        for one in kept
    }
    enterprises = _enterprises(ask)
    return Given(
        tables={
            "stores": _stores(places),
            "goods": _goods(care),
            "lots": _lots(kept, free),
            "needs": _needs(ask, kept, places, rules),
            "suppliers": _suppliers(enterprises, places, care),
        },
        places=places,
        lots=free,
        enterprises=enterprises,
        rules=rules,
    )


def _places(ask: Ask) -> dict[str, Place]:
    """Stores of the unit's own business: counties and above for a city or a province, below for a
    county."""
    level = ask.unit.level
    levels = LEVELS[:3] if level < 3 else LEVELS[2:]
    closed = {one.thing for one in ask.events if one.kind == "store_closed"}
    closed |= {one.thing for one in ask.words if one.word == "forbid"}
    middles = {
        row["code"]: (row["centroid_lon"], row["centroid_lat"])
        for row in reference.table("areas").to_pylist()
    }
    found = {}
    for one in common.usable(common.things(ask, STORE)):
        own = str(one.facts.get("level", "county"))
        near = middles.get(ask.ground.county(one.unit_id) or "", (None, None))
        lon, lat = (one.lon, one.lat) if one.lon is not None else near
        if own in levels and one.code not in closed and lon is not None and lat is not None:
            found[one.code] = Place(one, own, lon, lat)
    return found


def _stores(places: Mapping[str, Place]) -> pa.Table:
    rows = [
        {
            "store_id": code,
            "level": one.level,
            "parent": _parent(one, places),
            "lon": one.lon,
            "lat": one.lat,
            "cold": bool(one.thing.facts.get("cold", True)),
            "out_m3_per_day": one.thing.facts.get("out_m3_per_day"),
            "in_m3_per_day": one.thing.facts.get("in_m3_per_day"),
        }
        for code, one in sorted(places.items())
    ]
    return pa.Table.from_pylist(rows, schema=model.STORES)


def _parent(one: Place, places: Mapping[str, Place]) -> str | None:
    """The store of the nearest unit above it."""
    above = [
        (len(other.thing.unit_path), code)
        for code, other in places.items()
        if LEVELS.index(other.level) < LEVELS.index(one.level)
        and one.thing.unit_path.startswith(other.thing.unit_path)
    ]
    return max(above)[1] if above else None


def _goods(care: Pack) -> pa.Table:
    ranks, m3, yuan = (care.group(f"supplies.{name}") for name in ("rank", "m3", "yuan"))
    cold = set(care.value("supplies.cold"))
    rows = [
        {"item": item, "unit": "", "rank": int(rank), "m3": float(m3[item]),
         "yuan": float(yuan[item]), "cold": item in cold}
        for item, rank in ranks.items()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=model.GOODS)


def _lots(kept: Sequence[resources.Thing], free: Mapping[tuple[str, str], int]) -> pa.Table:
    rows = []
    for one in kept:
        item, expires = str(one.facts.get("goods", "")), one.facts.get("expires_on")
        if item in GOODS and free[one.part_of, item] > 0:
            day = dt.date.fromisoformat(expires) if expires else None
            rows.append(
                {"store_id": one.part_of, "item": item, "quantity": free[one.part_of, item],
                 "expires_on": day}
            )  # fmt: skip
    return pa.Table.from_pylist(rows, schema=model.LOTS)


def _needs(
    ask: Ask,
    kept: Sequence[resources.Thing],
    places: Mapping[str, Place],
    rules: model.NetworkRules,
) -> pa.Table:
    """What stores say is used a day, and what a round of testing takes of its county's store."""
    rows: dict[tuple[str, str, dt.date], float] = {}
    days = [ask.ground.today + n * DAY for n in range(rules.horizon_days)]
    for one in kept:
        used, item = float(one.facts.get("used_per_day") or 0.0), str(one.facts.get("goods", ""))
        if used > 0 and item in GOODS:
            for day in days:
                key = one.part_of, item, day
                rows[key] = rows.get(key, 0.0) + used
    for point in ask.plans.get("testing_plan", {}).get("points", ()):
        store = _nearest(places, point["lon"], point["lat"])
        day = min(max(dt.datetime.fromisoformat(point["opens"]).date(), days[0]), days[-1])
        for item, amount in _round_uses(ask, point):
            rows[store, item, day] = rows.get((store, item, day), 0.0) + amount
    told = [
        {"store_id": store, "item": item, "date": day, "quantity": amount}
        for (store, item, day), amount in sorted(rows.items())
    ]
    return pa.Table.from_pylist(told, schema=model.NEEDS)


def _round_uses(ask: Ask, point: Row) -> list[tuple[str, float]]:
    pack = ask.ground.pack
    return [
        ("swab_kit", point["people"] * pack.number("supply.use.swab_kit_per_test")),
        ("pcr_reagent", point["tubes"] * pack.number("supply.use.pcr_reagent_per_tube")),
    ]


def _nearest(places: Mapping[str, Place], lon: float, lat: float) -> str:
    low = max(LEVELS.index(one.level) for one in places.values() if one.level != "site")
    near = [
        (float(haversine_km(lon, lat, one.lon, one.lat)), code)
        for code, one in places.items()
        if LEVELS.index(one.level) <= low
    ]
    return min(near)[1]


def _enterprises(ask: Ask) -> dict[str, resources.Thing]:
    stopped = {one.thing for one in ask.words if one.word == "forbid"}
    return {
        one.code: one
        for one in common.usable(common.things(ask, ENTERPRISE))
        if one.code not in stopped and one.facts.get("goods") in GOODS
    }


def _suppliers(
    enterprises: Mapping[str, resources.Thing], places: Mapping[str, Place], care: Pack
) -> pa.Table:
    """Each delivers to the stores near it."""
    yuan, lead = care.group("supplies.yuan"), int(care.number("supplies.lead_days"))
    rows = []
    for code, one in sorted(enterprises.items()):
        item = str(one.facts["goods"])
        for store in _near(one, places):
            rows.append(
                {
                    "supplier_id": code,
                    "item": item,
                    "store_id": store,
                    "per_day": float(one.capacity.get("units_per_day", 0)),
                    "lead_days": int(one.facts.get("lead_days", lead)),
                    "yuan": float(yuan[item]),
                }
            )
    return pa.Table.from_pylist(rows, schema=model.SUPPLIERS)


def _near(one: resources.Thing, places: Mapping[str, Place]) -> list[str]:
    if one.lon is None or one.lat is None:
        own = [code for code, place in places.items() if place.thing.unit_id == one.unit_id]
        return sorted(own)[:NEAR]
    far = sorted(
        (float(haversine_km(one.lon, one.lat, place.lon, place.lat)), code)
        for code, place in places.items()
    )
    return [code for _, code in far[:NEAR]]


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


def _told(ask: Ask, given: Given, plan: model.NetworkPlan) -> Made:
    moves = sorted(plan.moves.to_pylist(), key=lambda row: (row["leaves_on"], row["from_store"]))
    orders = sorted(plan.orders.to_pylist(), key=lambda row: (row["ordered_on"], row["item"]))
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
        ),
        tables={
            "moves": Rows(_MOVES, [_move(n, row, given) for n, row in enumerate(moves, 1)]),
            "orders": Rows(_ORDERS, [_order(row, given) for row in orders]),
            "shares": Rows(
                _SHARES,
                [
                    {
                        **row,
                        "store": given.places[row["store_id"]].thing.name,
                        "need": round(row["need"], 1),
                        "unmet": round(row["unmet"], 1),
                    }
                    for row in plan.shares.to_pylist()
                    if row["unmet"] > 0
                ],
            ),
        },
        jobs=(*_loads(now, given), *_purchases(bought, given)),
        takings=_takings(ask, now, given),
        features=_features(now, given),
    )


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


def _morning(day: dt.date) -> dt.datetime:
    return start_of_day(day) + dt.timedelta(hours=LEAVES_H)


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
                    at=_morning(row["leaves_on"]),
                    ends=_morning(row["arrives_on"]),
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
                    at=_morning(row["ordered_on"]),
                    ends=_morning(row["arrives_on"]),
                    label=text(
                        f"采购 {good['zh']} {amount}，送 {to.thing.name}",
                        f"Order {amount} {good['en']} for {to.thing.name}",
                    ),
                    place=to.thing.name,
                    lon=to.lon,
                    lat=to.lat,
                    thing=f"{row['item']}@{row['store_id']}@{row['ordered_on'].isoformat()}",
                    count=round(row["quantity"]),
                    facts={"item": row["item"], "yuan": round(row["yuan"])},
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

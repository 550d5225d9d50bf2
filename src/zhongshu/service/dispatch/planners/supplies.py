"""Goods between the stores of a unit over several days, and what is ordered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.supply.network import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.geo import haversine_km
from zhongshu.kernel.time import DAY
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch import areas
from zhongshu.service.dispatch.planners import common, supplyview
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Field,
    Made,
    Row,
)
from zhongshu.service.dispatch.planners.supplyview import FOOD, GOODS, LOT, STORE, Given, Place
from zhongshu.service.kit.dispatchrules import network_rules
from zhongshu.service.resources import facade as resources

NAME = "supplies"
FIELDS = (
    Field("testing_plan", "plan", planner="testing"),
    Field("issue_days", "number", default=2, least=1, most=7),
)
WORDS = frozenset({"forbid"})
EVENTS = frozenset({"store_closed"})
ENTERPRISE = "enterprise"
LEVELS = ("province", "city", "county", "township", "site")


def counts(ask: Ask) -> Mapping[str, int]:
    places = _places(ask)
    return {
        "stores": len(places),
        "lots": sum(one.part_of in places for one in common.things(ask, LOT)),
        "enterprises": len(common.usable(common.things(ask, ENTERPRISE))),
    }


def make(ask: Ask) -> Made:
    """Refuses as `given`."""
    known = given(ask)
    plan = solve.plan(**known.tables, rules=known.rules, on=ask.ground.today)
    common.sound(validate.check(plan, **known.tables, rules=known.rules, on=ask.ground.today))
    return supplyview.told(ask, known, plan)


def given(ask: Ask) -> Given:
    """Stores, lots, needs and enterprises.  Refuses (BadInput) a unit without stores, or in whose
    stores nothing is used."""
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
    needs = _needs(ask, kept, places, rules)
    if not needs.num_rows:
        raise BadInput(
            "dispatch.no_needs", "No store of this unit tells what is used a day; enter it first."
        )
    return Given(
        tables={
            "stores": _stores(places),
            "goods": _goods(care),
            "lots": _lots(kept, free),
            "needs": needs,
            "suppliers": _suppliers(enterprises, places, care),
        },
        places=places,
        lots=free,
        enterprises=enterprises,
        rules=rules,
        leaves_h=care.number("supplies.leaves_h"),
    )


def _places(ask: Ask) -> dict[str, Place]:
    """Stores of the unit's own business: counties and above for a city or a province, below for a
    county."""
    level = ask.unit.level
    levels = LEVELS[:3] if level < 3 else LEVELS[2:]
    closed = {one.thing for one in ask.events if one.kind == "store_closed"}
    closed |= {one.thing for one in ask.words if one.word == "forbid"}
    found = {}
    for one, lon, lat in common.placed(ask, common.usable(common.things(ask, STORE))):
        own = str(one.facts.get("level", "county"))
        if own in levels and one.code not in closed:
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
            "cold": one.thing.facts.get("cold") != "no",
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
    """What stores say is used a day, what a round of testing takes of its county's store, and what
    closed areas eat."""
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
    for village in (
        areas.villages_at(ask.ground, areas.CLOSED).drop_nulls(["lon", "lat"]).to_dicts()
    ):
        if ask.inside(ask.ground.tree.get(village["village_code"]).path):
            store = _nearest(places, village["lon"], village["lat"])
            for day in _closed_days(ask, days):
                key = store, FOOD, day
                rows[key] = rows.get(key, 0.0) + village["residents"] * _packs(ask)
    _on_their_way(ask, rows)
    told = [
        {"store_id": store, "item": item, "date": day, "quantity": amount}
        for (store, item, day), amount in sorted(rows.items())
    ]
    return pa.Table.from_pylist(told, schema=model.NEEDS)


def _on_their_way(ask: Ask, rows: dict[tuple[str, str, dt.date], float]) -> None:
    """What was ordered before serves the needs of its store from the day on which it arrives, the
    first of them first; what is overdue is not counted on."""
    for (to, goods, arrives), amount in sorted(ask.coming.items()):
        rest = amount if arrives >= ask.ground.today else 0.0
        for key in sorted(rows):
            if key[:2] == (to, goods) and key[2] >= arrives:
                rows[key], rest = max(0.0, rows[key] - rest), max(0.0, rest - rows[key])


def _closed_days(ask: Ask, days: Sequence[dt.date]) -> Sequence[dt.date]:
    """Days an area at high risk stays closed at least."""
    return days[1 : 1 + int(ask.ground.pack.number("zone.high.release_clean_days"))]


def _packs(ask: Ask) -> float:
    return ask.ground.pack.number("supply.use.food_pack_per_person_day")


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
    near = int(care.number("supplies.near_stores"))
    rows = []
    for code, one in sorted(enterprises.items()):
        item = str(one.facts["goods"])
        for store in _near(one, places, near):
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


def _near(one: resources.Thing, places: Mapping[str, Place], most: int) -> list[str]:
    if one.lon is None or one.lat is None:
        own = [code for code, place in places.items() if place.thing.unit_id == one.unit_id]
        return sorted(own)[:most]
    far = sorted(
        (float(haversine_km(one.lon, one.lat, place.lon, place.lat)), code)
        for code, place in places.items()
    )
    return [code for _, code in far[:most]]

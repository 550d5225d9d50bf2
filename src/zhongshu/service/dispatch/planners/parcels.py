"""Food packs and medicines to the gates of closed areas, supermarkets to those that may shop."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from zhongshu.engines.supply.lastmile import model as mile
from zhongshu.engines.supply.parcels import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.geo import haversine_km
from zhongshu.kernel.time import DAY, beijing, beijing_day, start_of_day
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch.planners import common, parcelneeds, parcelstock, parcelview
from zhongshu.service.dispatch.planners.parcelneeds import SHOP, Drop
from zhongshu.service.dispatch.planners.parcelstock import Store
from zhongshu.service.dispatch.planners.parcelview import DELIVERY, Given
from zhongshu.service.dispatch.planners.shapes import Ask, Event, Field, Made, Row, Word
from zhongshu.service.dispatch.planners.supplyview import FOOD, STORE
from zhongshu.service.kit.dispatchrules import parcel_rules
from zhongshu.service.resources import facade as resources

NAME = "parcels"
FIELDS = (Field("start", "moment"), Field("fair_weather", "flag", default=True))
WORDS = frozenset({"forbid"})
EVENTS = frozenset({"vehicle_down", "road_closed", "store_closed"})
_STEP_MIN = 10  # a plan made during its day begins at the next full ten minutes
_IN_A_RUN = 1  # rounds of search: a run asks every day, and a dispatcher can ask again


def counts(ask: Ask) -> Mapping[str, int]:
    drops = parcelneeds.wanted(ask)
    return {
        "closed_households": sum(one.parcels for one in drops if one.item == FOOD),
        "shopping_households": sum(one.parcels for one in drops if one.item == SHOP),
        "deliveries": len(_fleet(ask)),
    }


def make(ask: Ask) -> Made:
    """Runs of the day that begins, and what is to be expected of the days after.  Refuses
    (BadInput) where nobody is closed in or nothing is due, and a unit without stores or delivery
    vehicles."""
    given = _given(ask)
    plan = solve.plan(**given.tables, rules=given.rules, on=given.day)
    common.sound(validate.check(plan, **given.tables, rules=given.rules, on=given.day))
    stops = parcelview.stops_of_day(plan, given.day)
    loads = parcelstock.loaded(given.shared, stops)
    asked = [*given.drops.values()]
    common.sound(parcelstock.check(given.shared, asked, [*zip(stops, loads, strict=True)]))
    return parcelview.told(given, plan, stops, loads)


def _given(ask: Ask) -> Given:
    care = ask.ground.other("dispatch")
    wanted = parcelneeds.wanted(ask)
    if not wanted:
        raise BadInput("dispatch.nobody_closed", "No area of this unit is closed now.")
    begins = _begins(ask, care)
    day = beijing_day(begins)
    rules = _rules(ask, care, begins)
    due = [one for one in wanted if one.due_on < day + rules.horizon_days * DAY]
    if not due:
        raise BadInput("dispatch.nothing_due", "Nothing is due in the days of the plan.")
    stores, cars = _stores(ask), _fleet(ask)
    if not cars:
        raise BadInput(
            "dispatch.no_delivery", "The registry has no delivery vehicle ready in this unit."
        )
    vehicles = [_vehicle(ask, care, one, _base(one, stores), begins) for one in cars.values()]
    depots = {code: stores[code] for code in sorted({row["store_id"] for row in vehicles})}
    out = {one.thing for one in ask.words}
    drops = {one.id: one for one in due if one.id not in out}
    roadless = {one.thing.split("/")[0] for one in ask.events if one.kind == "road_closed"}
    shared = parcelstock.share(
        [*drops.values()],
        stores=depots,
        serves={one.id: _serving(one, vehicles, road=one.village not in roadless) for one in due},
        there=parcelstock.lots(ask, depots),
    )
    factor = _factors(ask, [*shared.packed.values()], depots)
    rounds = [
        _row(care, one, begins)
        | {"road": one.drop.village not in roadless, "road_factor": factor[one.drop.id]}
        for one in shared.packed.values()
    ]
    places = [{"store_id": code, "lon": one.lon, "lat": one.lat} for code, one in depots.items()]
    return Given(
        tables={
            "depots": pa.Table.from_pylist(places, schema=mile.DEPOTS),
            "rounds": pa.Table.from_pylist(rounds, schema=model.ROUNDS),
            "vehicles": pa.Table.from_pylist(vehicles, schema=mile.VEHICLES),
        },
        rules=rules,
        day=day,
        drops=drops,
        forbidden=[one for one in due if one.id in out],
        shared=shared,
        stores=depots,
        cars=cars,
        names={one.village: ask.ground.name(one.village) for one in due},
    )


def _rules(ask: Ask, care: Pack, begins: dt.datetime) -> model.ParcelRules:
    """A day that has begun already says nothing of the days after: its vehicles are late."""
    rounds = _IN_A_RUN if ask.iterations else mile.MileRules.rounds
    fair = bool(ask.form["fair_weather"])
    rules = parcel_rules(care, fair_weather=fair, rounds=rounds)
    late = _minute(begins) > care.number("parcels.from_h") * 60
    return dataclasses.replace(rules, horizon_days=1) if late else rules


def _begins(ask: Ask, care: Pack) -> dt.datetime:
    """The next morning; what is planned again during its day, from now on."""
    if given := ask.form.get("start"):
        return dt.datetime.fromisoformat(given)
    opens = start_of_day(ask.ground.today) + dt.timedelta(hours=care.number("parcels.from_h"))
    if ask.ground.as_of <= opens:
        return opens
    if ask.before and ask.before.get("day") == ask.ground.today.isoformat():
        now = beijing(ask.ground.as_of).replace(second=0, microsecond=0)
        return now + dt.timedelta(minutes=-now.minute % _STEP_MIN)
    return opens + DAY


def _minute(moment: dt.datetime) -> float:
    return (moment - start_of_day(beijing_day(moment))).total_seconds() / 60


def _fleet(ask: Ask) -> dict[str, resources.Thing]:
    """Delivery vehicles that are free, or taken by the plan this one would replace."""
    said: list[Word | Event] = [*ask.words, *ask.events]
    out = {one.thing for one in said}
    known = [one for one in common.usable(common.things(ask, DELIVERY)) if one.code not in out]
    left = resources.registry.frees(known, ask.ground.as_of)
    return {
        one.code: one
        for one in known
        if left[one.pk].get("vehicle", 0) > 0 or (DELIVERY, one.code, "vehicle") in ask.own
    }


def _stores(ask: Ask) -> dict[str, Store]:
    closed = {one.thing for one in ask.events if one.kind == "store_closed"}
    known = common.placed(ask, common.usable(common.things(ask, STORE)))
    found = {one.code: Store(one, lon, lat) for one, lon, lat in known if one.code not in closed}
    if not found:
        raise BadInput("dispatch.no_stores", "The registry has no store in this unit.")
    return found


def _base(one: resources.Thing, stores: Mapping[str, Store]) -> str:
    """The store it goes out from: its own, or the nearest."""
    own = str(one.facts.get("store", ""))
    return own if own in stores else parcelstock.by_distance(stores, stores, one.lon, one.lat)[0]


def _vehicle(ask: Ask, care: Pack, one: resources.Thing, base: str, begins: dt.datetime) -> Row:
    type_ = str(one.facts.get("type", "van"))

    def figure(name: str) -> float:
        known = care.group(f"parcels.vehicle.{name}")
        return float(known.get(type_, known["van"]))

    def among(name: str) -> bool:
        return type_ in care.value(f"parcels.vehicle.{name}")

    flies = among("flies")
    return {
        "vehicle_id": one.code,
        "kind": type_,
        "store_id": base,
        "kg": figure("kg"),
        "m3": figure("m3"),
        "cold": among("cold"),
        "sells": among("sells"),
        "km_h": figure("km_h"),
        "detour": 1.0 if flies else ask.ground.pack.number("transfer.detour_factor"),
        "range_km": care.group("parcels.vehicle.range_km").get(type_),
        "stops_most": int(figure("stops")),
        "turn_min": figure("turn_min"),
        "from_min": max(_minute(begins), care.number("parcels.from_h") * 60),
        "to_min": care.number("parcels.to_h") * 60,
        "needs_road": not (flies or among("walks")),
        "needs_fair_weather": flies,
        "yuan_run": figure("yuan_run"),
        "yuan_km": figure("yuan_km"),
    }


def _serving(drop: Drop, vehicles: Sequence[Row], *, road: bool) -> list[str]:
    """Stores with a vehicle that sells what is sold, and gets there."""
    return sorted(
        {
            row["store_id"]
            for row in vehicles
            if row["sells"] == (drop.item == SHOP) and (road or not row["needs_road"])
        }
    )


def _row(care: Pack, one: parcelstock.Packed, begins: dt.datetime) -> Row:
    drop = one.drop
    from_h, to_h = care.number("parcels.from_h"), care.number("parcels.to_h")
    return {
        "drop_id": drop.id,
        "store_id": one.store,
        "lon": drop.lon,
        "lat": drop.lat,
        "way": SHOP if drop.item == SHOP else "parcel",
        "parcels": one.parcels,
        "kg": one.units * float(care.group("parcels.kg")[drop.good]),
        "m3": one.units * float(care.group("supplies.m3")[drop.good]),
        "stay_min": one.parcels * float(care.group("parcels.each_min")[drop.item]),
        "cold": drop.good in care.value("supplies.cold"),
        "out_min": care.number("parcels.out_min"),
        "from_min": max(_minute(begins), from_h * 60),
        "to_min": to_h * 60,
        "rank": drop.rank,
        "due_on": drop.due_on,
        "every_days": int(care.group("parcels.every_days")[drop.item]),
    }


def _factors(
    ask: Ask, packed: Sequence[parcelstock.Packed], stores: Mapping[str, Store]
) -> Mapping[str, float]:
    """How much longer than usual the road from its store to each drop is: 1 where no roads are
    known."""
    factors = {one.drop.id: 1.0 for one in packed}
    placed = [one for one in packed if one.drop.lon is not None and one.drop.lat is not None]
    if ask.roads is None or not placed:
        return factors
    codes = list(stores)
    names = [*codes, *(one.drop.id for one in placed)]
    lon = np.array([*(stores[c].lon for c in codes), *(one.drop.lon for one in placed)], float)
    lat = np.array([*(stores[c].lat for c in codes), *(one.drop.lat for one in placed)], float)
    metres, _ = ask.roads(names, lon, lat)
    usual = ask.ground.pack.number("transfer.detour_factor")
    for row, one in enumerate(placed, len(codes)):
        store = stores[one.store]
        straight = float(haversine_km(store.lon, store.lat, lon[row], lat[row])) * usual
        if straight > 0:
            road = float(metres[codes.index(one.store), row]) / 1000
            factors[one.drop.id] = max(1.0, road / straight)
    return factors

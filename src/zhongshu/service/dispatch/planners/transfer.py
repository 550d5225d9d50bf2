"""Trips that bring those with a room to their sites, and cases to hospitals, in one shift."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.transfer import model, solve, validate
from zhongshu.engines.transfer.trips.distances import Remembered
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.plan import Answer
from zhongshu.service.dispatch.planners import common, parties, trips
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Event,
    Field,
    Figure,
    Made,
    Row,
    Taking,
)
from zhongshu.service.kit.dispatchrules import trip_rules
from zhongshu.service.resources import facade as resources

NAME = "transfer"
FIELDS = (
    Field("rooms_plan", "plan", planner="rooms"),
    Field("beds_plan", "plan", planner="beds"),
    Field("start", "moment"),
    Field("seconds", "number", default=8, least=1, most=120),
)
WORDS = frozenset({"pin", "forbid"})
EVENTS = frozenset({"vehicle_down", "not_home", "site_full"})
VEHICLE = "vehicle"
_ONLY, _NOT = "car:", "not-car:"  # a word becomes an escort that only the vehicles meant carry


@dataclasses.dataclass(frozen=True)
class Given:
    """Engine tables, the vehicles as the registry knows them, and who rides from which stop."""

    stops: pa.Table
    vehicles: pa.Table
    sites: pa.Table
    rules: model.TripRules
    riders: Mapping[int, parties.Riders]
    cars: Mapping[str, resources.Thing]
    places: Mapping[str, resources.Thing]


def counts(ask: Ask) -> Mapping[str, int]:
    known = common.things(ask, VEHICLE)
    return {
        "vehicles": len(common.usable(known)),
        "seats": sum(one.capacity.get("seats", 0) for one in common.usable(known)),
    }


def make(ask: Ask) -> Made:
    """Refuses plans that place nobody, no vehicle, and events about what is unknown."""
    given = _given(ask)
    if ask.events:
        return _again(ask, given)
    limit = (
        model.Limit(iterations=ask.iterations)
        if ask.iterations
        else model.Limit(seconds=float(ask.form["seconds"]), processes=2)
    )
    roads = Remembered(ask.roads) if ask.roads else None
    plan = solve.trips(
        given.stops,
        given.vehicles,
        given.sites,
        given.rules,
        limit=limit,
        seed=ask.seed,
        roads=roads,
    )
    common.sound(
        validate.check_trips(
            plan,
            stops=given.stops,
            vehicles=given.vehicles,
            sites=given.sites,
            rules=given.rules,
            drive_s=roads.drive_s if roads else None,
        )
    )
    before = _day(ask)
    return _told(ask, given, plan, given.stops, _changed(plan, before) if before else None)


@dataclasses.dataclass(frozen=True)
class Day:
    """What was planned before, as `engines.transfer.model.Day`."""

    trips: pa.Table
    stops: pa.Table


def _day(ask: Ask) -> Day | None:
    if not ask.before:
        return None
    return Day(*(common.thawed(ask.before[name]) for name in ("trips", "stops")))


def _given(ask: Ask) -> Given:
    start = _start(ask)
    rules = trip_rules(ask.ground.pack, start=start)
    kinds = frozenset(ask.ground.other("dispatch").value("transfer.case_kinds"))
    rules = dataclasses.replace(rules, cohort_kinds={parties.CASE: kinds})
    who = parties.gather(ask, rules)
    stops = who.stops
    if ask.before and ask.events:  # as they were asked, with what earlier events changed
        stops = common.thawed(ask.before["asked"])
    sites = _sites(stops, who.places)
    cars = {one.code: one for one in _cars(ask, start)}
    if not cars:
        raise BadInput("dispatch.no_vehicles", "No vehicle of this unit is ready for that shift.")
    stops, vehicles = _worded(ask, stops, _vehicles(cars))
    return Given(stops, vehicles, sites, rules, who.riders, cars, who.places)


def _start(ask: Ask) -> dt.datetime:
    """A day that is planned again keeps its beginning."""
    if ask.before:
        return dt.datetime.fromisoformat(ask.before["start"])
    return common.start(ask)


def _sites(stops: pa.Table, places: Mapping[str, resources.Thing]) -> pa.Table:
    """Sites of the plan, and all others that could stand in for one that fills up."""
    named = set(stops["site_id"].to_pylist())
    rows = [
        {"site_id": code, "lon": one.lon, "lat": one.lat}
        for code, one in sorted(places.items())
        if one.lon is not None and one.lat is not None
    ]
    if missing := sorted(named - {row["site_id"] for row in rows}):
        raise BadInput(
            "dispatch.site_unplaced",
            f"The site {missing[0]} has no coordinates in the registry; enter them first.",
            site=missing[0],
        )
    return pa.Table.from_pylist(rows, schema=model.SITES)


def _cars(ask: Ask, begins: dt.datetime) -> list[resources.Thing]:
    """Vehicles that are ready and that nobody else has when the shift begins."""
    known = [one for one in common.things(ask, VEHICLE) if one.lon is not None]
    ready = {one.pk for one in common.usable(known)}
    free = resources.registry.frees(known, begins)
    return [
        one
        for one in known
        if (VEHICLE, one.code, "vehicle") in ask.own
        or (one.pk in ready and free[one.pk].get("vehicle", 0) > 0)
    ]


def _vehicles(cars: Mapping[str, resources.Thing]) -> pa.Table:
    rows = [
        {
            "vehicle_id": code,
            "kind": one.facts.get("type", "bus"),
            "lon": one.lon,
            "lat": one.lat,
            "seats": one.capacity.get("seats", 0),
            "state": "ready",
            "wheelchairs": one.capacity.get("wheelchairs"),
            "stretchers": one.capacity.get("stretchers"),
            "crew": ";".join(one.facts.get("crew", ())) or None,
            "from_at": None,
            "until_at": None,
        }
        for code, one in cars.items()
        if one.capacity.get("seats", 0) > 0
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*model.VEHICLES, *model.VEHICLE_EXTRAS]))


def _worded(ask: Ask, stops: pa.Table, vehicles: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Words as escorts of stops and crews of vehicles."""
    rows, cars = stops.to_pylist(), vehicles.to_pylist()
    at = {str(row["stop"]): row for row in rows}
    known = {car["vehicle_id"] for car in cars}
    for word in ask.words:
        if word.thing not in at or word.to not in known:
            raise BadInput(
                "dispatch.unknown_word",
                f"The plan knows no stop '{word.thing}' or no vehicle '{word.to}'.",
                thing=word.thing,
                to=word.to,
            )
        name = f"{_ONLY if word.word == 'pin' else _NOT}{word.to}"
        at[word.thing]["escort"] = _with(at[word.thing]["escort"], name)
        for car in cars:
            if (car["vehicle_id"] == word.to) == (word.word == "pin"):
                car["crew"] = _with(car["crew"], name)
    return (
        pa.Table.from_pylist(rows, schema=stops.schema),
        pa.Table.from_pylist(cars, schema=vehicles.schema),
    )


def _with(codes: str | None, one: str) -> str:
    return ";".join(sorted({*filter(None, (codes or "").split(";")), one}))


def _changed(plan: model.TripPlan, before: Day) -> dict[str, float]:
    """Stops that another vehicle fetches now, of all there were."""
    then = {row["stop"]: row["vehicle_id"] for row in before.stops.to_pylist()}
    now = {row["stop"]: row["vehicle_id"] for row in plan.stops.to_pylist()}
    moved = sum(now.get(stop) != car for stop, car in then.items())
    return {"share": moved / max(1, len(then)), "count": moved}


def _again(ask: Ask, given: Given) -> Made:
    """The day goes on from now: what is driven stays, the rest changes least."""
    before = _day(ask)
    if before is None:
        raise BadInput("dispatch.no_day", "Only a plan under way can be planned again by events.")
    tables = given.stops, given.vehicles, given.sites
    happened = [_event(ask, one, given) for one in ask.events]
    roads = Remembered(ask.roads) if ask.roads else None
    again = solve.replan(
        before, tables, given.rules, happened, now=ask.now, seed=ask.seed, roads=roads
    )
    common.sound(
        validate.check_replan(
            again,
            before,
            now=ask.now,
            vehicles=given.vehicles,
            sites=given.sites,
            rules=given.rules,
            drive_s=roads.drive_s if roads else None,
        )
    )
    changed = {"share": again.share_changed, "count": float(len(again.changed))}
    return _told(ask, given, again.plan, again.stops, changed)


def _event(ask: Ask, one: Event, given: Given) -> model.Event:
    if one.kind == "vehicle_down":
        _known(one.thing, set(given.cars), "vehicle")
        return model.VehicleDown(one.thing)
    if one.kind == "not_home":
        _known(one.thing, {str(stop) for stop in given.riders}, "stop")
        wait = dt.timedelta(hours=ask.ground.other("dispatch").number("transfer.again_h"))
        again = dt.datetime.fromisoformat(one.to) if one.to else one.at + wait
        return model.NotHome(int(one.thing), again)
    for site in (one.thing, one.to):
        _known(site, set(given.places), "site")
    return model.SiteFull(one.thing, one.to)


def _known(thing: str, known: set[str], kind: str) -> None:
    if thing not in known:
        raise BadInput(
            "dispatch.unknown_thing", f"The plan knows no {kind} '{thing}'.", thing=thing, kind=kind
        )


def _told(
    ask: Ask,
    given: Given,
    plan: model.TripPlan,
    asked: pa.Table,
    changed: Mapping[str, float] | None,
) -> Made:
    view = trips.View(ask, plan, asked, given.riders, given.cars, given.places, given.rules)
    rows = plan.trips.to_pylist()
    return Made(
        answer=_by_roads(ask, plan.answer),
        figures=(
            Figure("served", plan.served_persons, "persons"),
            Figure("unserved", sum(plan.unserved["persons"].to_pylist()), "persons"),
            Figure("trips", len(rows), "trips"),
            Figure("vehicles", len({row["vehicle_id"] for row in rows}), "vehicles"),
            Figure("km", round(plan.km, 1), "km"),
        ),
        tables=view.tables(),
        jobs=view.jobs(),
        takings=tuple(_takings(given, rows)),
        features=view.features(),
        bars=view.bars(),
        changed=changed,
        again={
            "start": given.rules.start.isoformat(),
            "trips": common.frozen(plan.trips),
            "stops": common.frozen(plan.stops),
            "asked": common.frozen(asked),
        },
    )


def _by_roads(ask: Ask, answer: Answer) -> Answer:
    """The answer, saying that its distances are those of roads."""
    if ask.roads is None:
        return answer
    return dataclasses.replace(answer, notes=(*answer.notes, "by_roads"))


def _takings(given: Given, rows: Sequence[Row]) -> list[Taking]:
    """Each vehicle from the beginning of the shift until it is clean again."""
    until: dict[str, Any] = {}
    for row in rows:
        until[row["vehicle_id"]] = max(
            row["clean_at"], until.get(row["vehicle_id"], row["clean_at"])
        )
    return [
        Taking(VEHICLE, code, "vehicle", 1, given.rules.start, ends)
        for code, ends in sorted(until.items())
    ]

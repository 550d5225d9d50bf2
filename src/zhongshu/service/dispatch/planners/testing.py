"""A round of testing for everybody who lives in a unit: points, desks, tubes, laboratories."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Set

import pyarrow as pa

from zhongshu.engines.testing import model, solve, validate
from zhongshu.engines.testing.labs import model as labmodel
from zhongshu.engines.testing.tours import model as tours
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing
from zhongshu.service.dispatch import areas
from zhongshu.service.dispatch.planners import common, couriers, homes, roundview
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Field,
    Made,
)
from zhongshu.service.kit.dispatchrules import lab_rules, round_rules
from zhongshu.service.kit.scope import Scope
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources

NAME = "testing"
FIELDS = (
    Field("area", "choice", default="all", choices=("all", "high")),
    Field("start", "moment"),
    Field("pool_size", "choice", choices=("1", "5", "10", "20")),
    Field("sampling_h", "number", least=2, most=24),
    Field("couriers", "number", default=0, least=0, most=200),
    Field("homes", "flag", default=True),
)
WORDS = frozenset({"pin", "forbid"})
EVENTS = frozenset({"point_closed", "vehicle_down"})
POINT, LABORATORY, MACHINE = roundview.POINT, "laboratory", "machine"


def counts(ask: Ask) -> Mapping[str, int]:
    given = _given(ask)
    return {
        "people": sum(given.tables["villages"]["people"].to_pylist()),
        "at_home": sum(len(one.persons) for one in given.homes),
        "points": len(given.points),
        "couriers": len(couriers.ready(ask, city(ask), given.start)),
        "desks": sum(given.tables["candidates"]["desks_max"].to_pylist()),
        "laboratories": len(given.labs),
        "machines": sum(given.tables["labs"]["machines"].to_pylist()),
        "tubes_per_day": sum(one.capacity.get("tubes_per_day", 0) for one in given.labs.values()),
    }


def make(ask: Ask) -> Made:
    """Refuses (BadInput) a unit without residents or without points."""
    given = _given(ask)
    if not given.tables["villages"].num_rows and not given.homes:
        raise BadInput("dispatch.no_residents", "Nobody is registered as living in this area.")
    if not given.points:
        raise BadInput("dispatch.no_points", "The registry has no sampling point in this unit.")
    plan, given = _best(ask, given)
    common.sound(validate.check(plan, **given.tables, rules=given.rules, machines=given.machines))
    fetched = _fetched(ask, given, plan)
    visits = homes.plan(ask, given.homes, labs=given.labs, by=_home_rules(ask, given, plan))
    return roundview.told(ask, given, plan, fetched, visits)


def _fetched(ask: Ask, given: roundview.Given, plan: model.RoundPlan) -> couriers.Tours | None:
    """None: nobody is asked to fetch the tubes, or there are none."""
    number = int(ask.form.get("couriers") or 0)
    if not number or not plan.tubes:
        return None
    by = couriers.rules(ask.ground.pack, given.start)
    ready = couriers.ready(ask, city(ask), given.start)
    return couriers.plan(
        cars=couriers.nearest(ready, plan, given.labs, number),
        found=plan,
        points=given.points,
        labs=given.labs,
        by=by,
        seed=ask.seed,
    )


def _home_rules(ask: Ask, given: roundview.Given, plan: model.RoundPlan) -> tours.TourRules:
    """Teams go out when the points open, and may hand over after these are closed."""
    setup = dt.timedelta(hours=given.rules.setup_h)
    start = min(plan.points["opens_at"].to_pylist(), default=given.start + setup)
    usual = couriers.rules(ask.ground.pack, start)
    return homes.rules(
        ask.ground.other("dispatch"),
        usual,
        hours=given.rules.sampling_h + usual.handover_h,
        pool_size=given.rules.pool_size,
    )


def _best(ask: Ask, given: roundview.Given) -> tuple[model.RoundPlan, roundview.Given]:
    """With the pool the form names; else with the smallest, from the pack's usual one up, whose
    round is over in time; when none is, with the one that is over first."""
    rules = given.rules
    more = {one for one in rules.pool_options if one > rules.pool_size}
    pools = [rules.pool_size] if ask.form["pool_size"] else sorted({rules.pool_size, *more})
    found = []
    for pool in pools:
        chosen = dataclasses.replace(rules, pool_size=pool)
        plan = solve.plan_round(
            **given.tables,
            rules=chosen,
            start=given.start,
            machines=given.machines,
            varies=given.varies,
            seed=ask.seed,
        )
        hours = roundview.hours(plan, given)
        found.append((math.inf if hours is None else hours, pool, plan))
        if hours is None or hours <= rules.round_h:
            break
    else:
        found.sort(key=lambda one: one[:2], reverse=True)
    _, pool, plan = found[-1]
    return plan, dataclasses.replace(given, rules=dataclasses.replace(rules, pool_size=pool))


def _given(ask: Ask) -> roundview.Given:
    closed = {one.thing for one in ask.words if one.word == "forbid"}
    closed |= {one.thing for one in ask.events if one.kind == "point_closed"}
    points = {one.code: one for one in common.things(ask, POINT) if one.state != "closed"}
    pinned = {one.thing for one in ask.words if one.word == "pin"} - closed
    if unknown := sorted((closed | pinned) - set(points)):
        raise BadInput(
            "dispatch.unknown_thing",
            f"The plan knows no point '{unknown[0]}'.",
            thing=unknown[0],
            kind=POINT,
        )
    points = {code: one for code, one in points.items() if code not in closed}
    start = _start(ask)
    labs = {one.code: one for one in common.usable(laboratories(ask))}
    left = resources.registry.frees(list(points.values()), start)
    usual = round_rules(ask.ground.pack)
    rules = dataclasses.replace(
        usual,
        pool_size=int(ask.form["pool_size"] or usual.pool_size),
        sampling_h=float(ask.form["sampling_h"] or usual.sampling_h),
    )
    known = _villages(ask)
    staying = _staying(ask, known)
    tables = {
        "villages": _walking(known, staying),
        "candidates": _candidates(ask, points, left, pinned),
        "labs": _labs(ask, labs),
    }
    care = ask.ground.other("dispatch")
    return roundview.Given(
        tables=tables,
        points=points,
        labs=labs,
        rules=rules,
        machines=lab_rules(ask.ground.pack, care),
        varies=model.Spread(**care.group("testing.varies")),
        start=start,
        homes=staying.homes,
    )


def laboratories(ask: Ask) -> list[resources.Thing]:
    return _things(ask, LABORATORY)


def _things(ask: Ask, kind: str) -> list[resources.Thing]:
    """Of the city."""
    scope = Scope((city(ask),))
    return list(resources.things(scope=scope, as_of=ask.ground.as_of, kind=kind).order_by("code"))


def city(ask: Ask) -> str:
    """Path of the city that the unit lies in, or of the unit itself above cities: whose
    laboratories and couriers serve it."""
    tree = ask.ground.tree
    city = tree.ancestor(ask.unit.code, Level.CITY) if ask.unit.code in tree else None
    return city.path if city else ask.unit.path


def _start(ask: Ask) -> dt.datetime:
    """When the order goes out, so that points open at the pack's hour of the next day that is far
    enough away to set them up."""
    given = ask.form.get("start")
    if given:
        return dt.datetime.fromisoformat(given)
    pack = ask.ground.pack
    setup = dt.timedelta(hours=pack.number("test.setup_h"))
    hour = int(pack.number("test.opens_at_hour"))
    opens = beijing(ask.ground.as_of).replace(hour=hour, minute=0, second=0, microsecond=0)
    while opens - setup < ask.ground.as_of:
        opens += dt.timedelta(days=1)
    return opens - setup


def _villages(ask: Ask) -> pa.Table:
    """Of the whole unit, or of its townships with a high-risk area."""
    tree = ask.ground.tree
    known = people.villages().to_pylist()
    if ask.form.get("area") == "high":
        risky = set(areas.risk_villages(ask.ground)["unit_code"])
        known = [row for row in known if row["village_code"] in risky]
    rows = [
        {"unit_code": row["village_code"], "people": row["residents"], "lon": row["lon"],
         "lat": row["lat"]}
        for row in known
        if row["village_code"] in tree and ask.inside(tree.get(row["village_code"]).path)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=model.VILLAGES)


def _staying(ask: Ask, known: pa.Table) -> homes.Staying:
    """Nobody when the form says that all walk."""
    if not ask.form["homes"]:
        return homes.Staying((), {})
    inside = set(known["unit_code"].to_pylist())
    found = homes.staying(ask)
    return homes.Staying(
        tuple(one for one in found.homes if one.village in inside),
        {code: number for code, number in found.isolated.items() if code in inside},
    )


def _walking(known: pa.Table, staying: homes.Staying) -> pa.Table:
    less = staying.not_walking
    rows = [row | {"people": row["people"] - less.get(row["unit_code"], 0)}
            for row in known.to_pylist()]  # fmt: skip
    return pa.Table.from_pylist([row for row in rows if row["people"]], schema=known.schema)


def _candidates(
    ask: Ask,
    points: Mapping[str, resources.Thing],
    left: Mapping[int, Mapping[str, int]],
    pinned: Set[str],
) -> pa.Table:
    """Refuses (BadInput) a pinned point whose desks are all taken."""
    rows = []
    for code, one in sorted(points.items()):
        desks = left[one.pk].get("desks", 0) + ask.own.get((POINT, code, "desks"), 0)
        word = "pin" if code in pinned else None
        if one.lon is not None and (desks > 0 or word):
            rows.append(
                {"point_id": code, "lon": one.lon, "lat": one.lat, "desks_max": desks,
                 "word": word}
            )  # fmt: skip
    schema = pa.schema([*model.CANDIDATES, model.CANDIDATE_EXTRAS.field("word")])
    return pa.Table.from_pylist(rows, schema=schema)


def _hour(one: resources.Thing, fact: str) -> float | None:
    told = one.facts.get(fact)
    return None if told in (None, "") else float(told)


def _labs(ask: Ask, labs: Mapping[str, resources.Thing]) -> pa.Table:
    """With the machines that are ready; one that the registry counts no machines of is taken as a
    single one that runs as many tubes a day as it reports."""
    batch = int(ask.ground.other("dispatch").number("testing.lab_batch"))
    ready: dict[str, list[int]] = collections.defaultdict(list)
    known: set[str] = set()
    for one in _things(ask, MACHINE):
        known.add(one.part_of)
        if one.state in resources.registry.LIVES[MACHINE].usable:
            ready[one.part_of].append(one.capacity.get("tubes_per_day", 0))
    rows = []
    for code, one in sorted(labs.items()):
        rates = ready[code] if code in known else [one.capacity.get("tubes_per_day", 0)]
        rates = [rate for rate in rates if rate > 0]
        own = int(float(one.facts.get("batch") or batch))
        rows.append(
            {"lab_id": code, "lon": one.lon, "lat": one.lat, "machines": len(rates), "batch": own,
             "run_h": own * 24 * len(rates) / sum(rates) if rates else 24.0,
             "opens_h": _hour(one, "opens_h"), "closes_h": _hour(one, "closes_h")}
        )  # fmt: skip
    schema = pa.schema([*labmodel.LABS, *labmodel.LAB_EXTRAS])
    return pa.Table.from_pylist([row for row in rows if row["lon"] is not None], schema=schema)

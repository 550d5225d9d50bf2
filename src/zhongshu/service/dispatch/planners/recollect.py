"""Everybody of a positive tube is sampled again, singly, within the hours of the rule."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.testing.recollect import model, solve, validate
from zhongshu.engines.testing.tours import validate as tourcheck
from zhongshu.engines.testing.tours.model import TourRules
from zhongshu.kernel.errors import BadInput
from zhongshu.service.dispatch.planners import common, couriers, homes, recollectview, testing
from zhongshu.service.dispatch.planners.shapes import Ask, Field, Made, Row
from zhongshu.service.kit.dispatchrules import again_rules
from zhongshu.service.people import facade as people
from zhongshu.service.rounds import facade as rounds

NAME = "recollect"
FIELDS = (Field("start", "moment"), Field("points", "flag", default=True))
WORDS = frozenset({"forbid"})
EVENTS = frozenset({"not_home", "refused", "vehicle_down"})
_STEP_MIN = 10  # teams set out at the next full ten minutes: hours are few


def counts(ask: Ask) -> Mapping[str, int]:
    waiting = _waiting(ask)
    return {
        "positive_tubes": len({one.tube_id for one in waiting}),
        "members": len({one.person for one in waiting}),
        "samplers": sum(
            one.capacity.get("persons", 0)
            for one in common.usable(common.things(ask, homes.SAMPLER))
        ),
        "laboratories": len(common.usable(testing.laboratories(ask))),
    }


def make(ask: Ask) -> Made:
    """By laboratories that found none of the tubes where that leaves nobody out and makes nobody
    late, else by all.  Refuses (BadInput) when nobody of the unit waits."""
    waiting = _waiting(ask)
    if not waiting:
        raise BadInput(
            "dispatch.no_tubes", "Nobody of a positive tube waits here to be sampled again."
        )
    given = _given(ask, waiting)
    made = _planned(ask, given)
    elsewhere = _elsewhere(given)
    if elsewhere is not None:
        other = _planned(ask, elsewhere)
        if _short(other) <= _short(made):
            given, made = elsewhere, other
    return recollectview.told(ask, given, made)


def _elsewhere(given: recollectview.Given) -> recollectview.Given | None:
    """With the laboratories alone that found none of the tubes (T-13); None where there is none."""
    found = {one.tube.laboratory for one in given.swabs}
    labs = {code: one for code, one in given.labs.items() if code not in found}
    if not labs or len(labs) == len(given.labs):
        return None
    tables = {**given.tables, "labs": homes.where(labs)}
    return dataclasses.replace(given, tables=tables, labs=labs)


def _short(made: model.AgainPlan) -> tuple[float, int]:
    """Persons nobody reaches, and those reached too late."""
    left = sum(made.answer.unserved["amount"].to_pylist())
    return left, sum(made.sampled["late"].to_pylist())


def _planned(ask: Ask, given: recollectview.Given) -> model.AgainPlan:
    made = solve.plan(**given.tables, rules=given.rules, limit=homes.effort(ask), seed=ask.seed)
    asked = {name: given.tables[name] for name in ("members", "points")}
    driven = {name: given.tables[name] for name in ("teams", "labs")}
    owed = validate.visits(given.tables["members"], given.rules)
    common.sound(validate.check(made, **asked, rules=given.rules))
    common.sound(
        tourcheck.check_visits(made.visits, visits=owed, **driven, rules=given.rules.tours)
    )
    return made


def _waiting(ask: Ask) -> list[rounds.TubeMember]:
    """Members nobody has sampled again, and whom no other approved plan sees to."""
    waiting = rounds.pending(ask.unit.path, ask.ground.as_of)
    return [one for one in waiting if recollectview.swab(one) not in ask.placed]


def _given(ask: Ask, waiting: Sequence[rounds.TubeMember]) -> recollectview.Given:
    """Each person once, by the tube told first."""
    first = {one.person: one for one in reversed(waiting)}
    found = _homes(ask, first)
    left = {one.thing: "forbidden" for one in ask.words}
    left |= {one.thing: "refused" for one in ask.events if one.kind == "refused"}
    out = {code: home for code, home in found.items() if code in left}
    asked = {code: home for code, home in found.items() if code not in left}
    labs = {one.code: one for one in common.usable(testing.laboratories(ask))}
    rules = _rules(ask)
    down = {one.thing for one in ask.events if one.kind == "vehicle_down"}
    every, each = homes.crews(ask, list(asked.values()), _hurried(rules))
    crews = {one.code: one for one in every if one.code not in down}
    open_ = _points(ask, rules) if ask.form["points"] else []
    tables = {
        "members": _members(asked, first),
        "teams": homes.vehicles(crews.values()),
        "labs": homes.where(labs),
        "points": pa.Table.from_pylist(
            [{"point_id": one.code, "lon": one.lon, "lat": one.lat,
              "opens_at": max(one.opens_at, rules.tours.start),
              "places": _places(ask, one)} for one in open_],
            schema=model.OPEN_POINTS,
        ),
    }  # fmt: skip
    return recollectview.Given(
        tables=tables,
        rules=rules,
        asked=asked,
        members=first,
        crews=crews,
        each=each,
        labs=labs,
        points={one.code: one for one in open_},
        left=[(home, left[code]) for code, home in out.items()],
        swabs=waiting,
    )


def _rules(ask: Ask) -> model.AgainRules:
    pack, care = ask.ground.pack, ask.ground.other("dispatch")
    usual = couriers.rules(pack, _start(ask))
    return again_rules(pack, homes.rules(care, usual, hours=usual.shift_h, pool_size=1))


def _hurried(rules: model.AgainRules) -> TourRules:
    """By which teams are counted: all homes within the hours of the rule."""
    return dataclasses.replace(rules.tours, shift_h=rules.recollect_h)


def _start(ask: Ask) -> dt.datetime:
    if given := ask.form.get("start"):
        return dt.datetime.fromisoformat(given)
    now = ask.ground.as_of.replace(second=0, microsecond=0)
    return now.replace(minute=0) + dt.timedelta(
        minutes=_STEP_MIN * math.ceil(now.minute / _STEP_MIN)
    )


def _homes(ask: Ask, members: Mapping[int, rounds.TubeMember]) -> dict[str, homes.Home]:
    """Where they live, by household; whoever has none is a home of his own, without a point."""
    rows = people.cared_for(path=ask.unit.path, born_by=dt.date.min, needs=(), named=members)
    together: dict[str, list[Row]] = {}
    for row in rows.to_pylist():
        together.setdefault(str(row["household"]), []).append(row)
    found = {
        number: homes.Home(
            number=number,
            village=str(own[0]["village_code"]),
            lon=own[0]["lon"],
            lat=own[0]["lat"],
            persons=tuple(row["person"] for row in own),
            single=True,
        )
        for number, own in together.items()
    }
    known = {person for home in found.values() for person in home.persons}
    for person, one in members.items():
        if person not in known:
            number = f"S{one.pk}"
            found[number] = homes.Home(number, one.unit_id, None, None, (person,), single=True)
    return found


def _members(found: Mapping[str, homes.Home], members: Mapping[int, rounds.TubeMember]) -> pa.Table:
    rows = [
        {"person": str(person), "tube": members[person].tube.code, "home": number,
         "lon": home.lon, "lat": home.lat, "reported_at": members[person].tube.reported_at}
        for number, home in sorted(found.items())
        for person in home.persons
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=model.MEMBERS)


def _points(ask: Ask, rules: model.AgainRules) -> list[rounds.RoundPoint]:
    """Of rounds that go on, those still open when the teams set out."""
    start = rules.tours.start
    return [
        one
        for one in rounds.open_points(ask.unit.path, ask.ground.as_of)
        if one.closes_at > start and one.lon is not None and one.lat is not None
    ]


def _places(ask: Ask, point: rounds.RoundPoint) -> int:
    """Singles that its desks take besides its round."""
    hours = ask.ground.other("dispatch").number("testing.again_point_h")
    return int(point.desks * ask.ground.pack.number("test.per_desk_hour") * hours)

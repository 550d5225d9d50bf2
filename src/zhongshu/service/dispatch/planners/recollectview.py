"""Sampling again as its pages, jobs and map tell it; who somebody is only the sheet says."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.testing.recollect import model
from zhongshu.kernel import plan as plans
from zhongshu.service.dispatch.planners import common, homes
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Column,
    Figure,
    JobDraft,
    Made,
    Row,
    Rows,
    Step,
)
from zhongshu.service.kit.text import text
from zhongshu.service.resources import facade as resources
from zhongshu.service.rounds import facade as rounds

POINT = "point"
_AGAIN = (
    Column("visit", "id"),
    Column("unit", "text"),
    Column("tubes_of", "text"),
    Column("persons", "persons"),
    Column("team", "text"),
    Column("arrives", "moment"),
    Column("due", "moment"),
    Column("late", "flag"),
    Column("result_due", "moment"),
)
_TUBES = (
    Column("tube", "text"),
    Column("unit", "text"),
    Column("laboratory", "text"),
    Column("reported", "moment"),
    Column("due", "moment"),
    Column("swabs", "persons"),
    Column("waiting", "persons"),
    Column("again_by", "code"),
)


@dataclasses.dataclass(frozen=True)
class Given:
    """asked: homes, by number; left: those nobody is sent to, and why.  members: by person,
    with the tube told first; swabs: all that wait, also the second tube of a person."""

    tables: Mapping[str, pa.Table]
    rules: model.AgainRules
    asked: Mapping[str, homes.Home]
    members: Mapping[int, rounds.TubeMember]
    crews: Mapping[str, homes.Crew]
    each: int
    labs: Mapping[str, resources.Thing]
    points: Mapping[str, rounds.RoundPoint]
    left: Sequence[tuple[homes.Home, str]]
    swabs: Sequence[rounds.TubeMember]

    def home_of(self, person: str) -> homes.Home:
        return self._lives[int(person)]

    @property
    def _lives(self) -> Mapping[int, homes.Home]:
        return {person: home for home in self.asked.values() for person in home.persons}


def swab(one: rounds.TubeMember) -> str:
    """A swab as plans say that they look after it."""
    return str(one.pk)


def told(ask: Ask, given: Given, plan: model.AgainPlan) -> Made:
    names = {home.village: ask.ground.name(home.village) for home in given.asked.values()}
    out = {row["vehicle_id"] for row in plan.visits.trips.to_pylist()}
    crews = {code: one for code, one in given.crews.items() if code in out}
    visits = homes.Visits(given.asked, [plan.visits], crews, given.labs, names, given.each)
    rows = _grouped(given, plan, names)
    served = plan.sampled.num_rows
    left = len(given.members) - served
    by_person = {int(one): plan_row for one, plan_row in _by_person(plan).items()}
    late = sum(row["late"] for row in by_person.values())
    results = [row["result_due_at"] for row in by_person.values()]
    hours = (max(results) - given.rules.tours.start).total_seconds() / 3600 if results else None
    return Made(
        answer=_answer(given, plan),
        figures=(
            Figure("served", served, "persons"),
            Figure("unserved", left, "persons"),
            Figure("positive_tubes", len({one.tube_id for one in given.swabs}), "tubes"),
            Figure("late", late, "persons"),
            Figure("at_home", plan.at_home, "persons"),
            Figure("at_points", plan.at_points, "persons"),
            Figure("mobile_teams", visits.teams, "teams"),
            *((Figure("finish_h", round(hours, 1), "h"),) if hours is not None else ()),
        ),
        tables={
            "again": Rows(_AGAIN, rows),
            "tubes": Rows(_TUBES, _tubes(ask, given, plan)),
            **visits.tables(),
        },
        jobs=(*visits.jobs(), *_at_points(given, plan)),
        takings=tuple(visits.takings()),
        features=[*visits.features(), *_features(given, plan)],
        bars=list(visits.bars()),
        again={
            "looked_after": _looked_after(given, by_person),
            "tubes": _codes(given, by_person),
        },
    )


def _by_person(plan: model.AgainPlan) -> Mapping[str, Row]:
    return {row["person"]: row for row in plan.sampled.to_pylist()}


def _looked_after(given: Given, sampled: Mapping[int, Row]) -> list[str]:
    return [swab(one) for one in given.swabs if one.person in sampled]


def _codes(given: Given, sampled: Mapping[int, Row]) -> dict[str, list[str]]:
    """Of each person the tubes that the receipt of the visit is about."""
    found: dict[str, list[str]] = collections.defaultdict(list)
    for one in given.swabs:
        if one.person in sampled:
            found[str(one.person)].append(one.tube.code)
    return dict(found)


def _grouped(given: Given, plan: model.AgainPlan, names: Mapping[str, str]) -> list[Row]:
    """A row for each home and each place and moment at which somebody of it is sampled."""
    together: dict[tuple[str, str, Any], list[Row]] = collections.defaultdict(list)
    for row in plan.sampled.to_pylist():
        together[given.home_of(row["person"]).number, row["place"], row["at"]].append(row)
    found = []
    for (number, place, at), own in sorted(together.items(), key=lambda one: (one[0][2], one[0])):
        there = own[0]["where"] == "home"
        found.append(
            {
                "visit": number,
                "unit": names[given.asked[number].village],
                "tubes_of": ", ".join(sorted({row["tube"] for row in own})),
                "persons": len(own),
                "team": own[0]["vehicle_id"] if there else given.points[place].name,
                "arrives": at.isoformat(),
                "due": min(row["due_at"] for row in own).isoformat(),
                "late": any(row["late"] for row in own),
                "result_due": max(row["result_due_at"] for row in own).isoformat(),
            }
        )
    return found


def _other_laboratory(given: Given, plan: model.AgainPlan) -> frozenset[int]:
    """Tubes all of whose members are sampled at home and tested by a laboratory that did not find
    the tube; the others' need two reagents (T-13)."""
    lab_of = {
        (row["vehicle_id"], row["trip"]): row["lab_id"] for row in plan.visits.trips.to_pylist()
    }
    goes_to: dict[str, set[str]] = collections.defaultdict(set)
    for row in plan.visits.stops.to_pylist():
        goes_to[row["place"]].add(lab_of[row["vehicle_id"], row["trip"]])
    at_home = {row["person"] for row in plan.sampled.to_pylist() if row["where"] == "home"}
    same = {
        one.tube_id
        for one in given.swabs
        if str(one.person) not in at_home
        or one.tube.laboratory in goes_to[given.home_of(str(one.person)).number]
    }
    return frozenset(one.tube_id for one in given.swabs) - same


def _tubes(ask: Ask, given: Given, plan: model.AgainPlan) -> list[Row]:
    elsewhere = _other_laboratory(given, plan)
    waiting = collections.Counter(one.tube_id for one in given.swabs)
    tubes = {one.tube_id: one.tube for one in given.swabs}
    hours = dt.timedelta(hours=given.rules.recollect_h)
    due = {pk: one.reported_at + hours for pk, one in tubes.items()}
    return [
        {
            "tube": one.code,
            "unit": ask.ground.name(one.unit_id),
            "laboratory": one.laboratory,
            "reported": one.reported_at.isoformat(),
            "due": due[pk].isoformat(),
            "swabs": one.swabs,
            "waiting": waiting[pk],
            "again_by": "other_laboratory" if pk in elsewhere else "two_reagents",
        }
        for pk, one in sorted(tubes.items(), key=lambda pair: (due[pair[0]], pair[0]))
    ]


def _answer(given: Given, plan: model.AgainPlan) -> plans.Answer:
    """What is unserved, by home: persons are nobody's business on a screen."""
    short = collections.Counter(
        (given.home_of(row["id"]).number, homes.why(row["constraint"]))
        for row in plan.answer.unserved.to_pylist()
    )
    rows = [(number, float(count), why) for (number, why), count in sorted(short.items())]
    rows += [(home.number, float(len(home.persons)), why) for home, why in given.left]
    return dataclasses.replace(plan.answer, unserved=plans.unserved("home", rows))


def _at_points(given: Given, plan: model.AgainPlan) -> Iterator[JobDraft]:
    """Whom no team reaches in time, at the point that takes him singly."""
    sent: dict[str, list[Row]] = collections.defaultdict(list)
    for row in plan.sampled.to_pylist():
        if row["where"] == "point":
            sent[row["place"]].append(row)
    for code, rows in sorted(sent.items()):
        point = given.points[code]
        steps = []
        together: dict[str, list[Row]] = collections.defaultdict(list)
        for row in rows:
            together[given.home_of(row["person"]).number].append(row)
        for number, own in sorted(together.items()):
            steps.append(
                Step(
                    kind="visit",
                    at=own[0]["at"],
                    label=text(
                        f"第 {number} 户到点复采 {len(own)} 人，单采",
                        f"Home {number}: sample {len(own)} again, a tube each",
                    ),
                    place=point.name,
                    lon=point.lon,
                    lat=point.lat,
                    thing=number,
                    count=len(own),
                    persons=tuple(int(row["person"]) for row in own),
                    facts={"tubes": len(own)},
                )
            )
        title = text(
            f"{point.name}：混阳复采 {len(rows)} 人", f"{point.name}: {len(rows)} to sample again"
        )
        yield JobDraft(POINT, code, point.unit_id, title, tuple(steps))


def _features(given: Given, plan: model.AgainPlan) -> Iterator[Row]:
    sent = collections.Counter(
        row["place"] for row in plan.sampled.to_pylist() if row["where"] == "point"
    )
    for code, count in sorted(sent.items()):
        one = given.points[code]
        found = common.spot(one.lon, one.lat, role="point", id=code, label=one.name, value=count)
        if found is not None:
            yield found

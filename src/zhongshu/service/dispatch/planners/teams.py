"""Who of the teams goes where: samplers to points, tracers to townships with cases, medical teams
and its own staff to a hospital, grid staff and volunteers to closed areas."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from zhongshu.engines.teams import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.geo import haversine_km
from zhongshu.kernel.time import beijing_day, start_of_day
from zhongshu.service.dispatch.planners import common, duties
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
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
from zhongshu.service.kit.dispatchrules import team_rules
from zhongshu.service.kit.text import text
from zhongshu.service.resources import facade as resources

NAME = "teams"
FIELDS = (
    Field("testing_plan", "plan", planner="testing"),
    Field("beds_plan", "plan", planner="beds"),
    Field("tracing", "flag", default=False),
    Field("areas", "flag", default=False),
    Field("work", "number", default=15, least=1, most=120),
)
WORDS = frozenset({"pin", "forbid"})
EVENTS = frozenset({"absent"})
SAMPLER, TEAM, HOSPITAL = "sampler", "team", "hospital"
_BY_SKILL = {duties.TRACING: "tracers", duties.GRID: "grid", duties.VOLUNTEER: "volunteers"}
MOST_PEOPLE = 400  # whom one roster looks at; more points are planned unit by unit


@dataclasses.dataclass(frozen=True)
class Given:
    """members: who belongs to which thing of the registry.  points: where somebody is needed."""

    staff: pa.Table
    needs: pa.Table
    rules: model.TeamRules
    members: Mapping[str, resources.Thing]
    points: Mapping[str, Row]
    skills: Mapping[str, str]  # of needs


def counts(ask: Ask) -> Mapping[str, int]:
    known = common.usable([*common.things(ask, SAMPLER), *common.things(ask, TEAM)])
    medical = _medical(ask)
    persons = dict.fromkeys(("samplers", "medical", "hospital_staff", *_BY_SKILL.values()), 0)
    for one in known:
        skill = one.facts.get("skill")
        if one.kind == SAMPLER:
            group = "samplers"
        elif skill in medical:
            group = "hospital_staff" if one.facts.get(HOSPITAL) else "medical"
        else:
            group = _BY_SKILL.get(str(skill), "")
        if group:
            persons[group] += one.capacity.get("persons", 0)
    return {"teams": len(known), **persons}


def make(ask: Ask) -> Made:
    """Refuses (BadInput) a question that names no plan, a unit where nobody has the skills, and
    words about what is unknown."""
    given = _given(ask)
    words = _words(ask, given)
    tables: dict[str, Any] = {"staff": given.staff, "needs": given.needs, "words": words}
    limit = model.Limit(work=float(ask.form["work"]))
    plan = solve.plan(**tables, rules=given.rules, limit=limit, seed=ask.seed)
    common.sound(validate.check(plan, **tables, rules=given.rules))
    return _told(ask, given, plan)


def _given(ask: Ask) -> Given:
    care = ask.ground.other("dispatch")
    wanted = duties.wanted(ask)
    needs = wanted.needs
    first = beijing_day(min(one["starts_at"] for one in needs))
    days = (beijing_day(max(one["ends_at"] for one in needs)) - first).days + 1
    rules = team_rules(
        care,
        start=start_of_day(first),
        days=days,
        speed_kmh=ask.ground.pack.number("transfer.speed_kmh"),
        detour_factor=ask.ground.pack.number("transfer.detour_factor"),
    )
    members: dict[str, resources.Thing] = {}
    staff = []
    away = {one.thing for one in ask.events if one.kind == "absent"}
    for skill in sorted({one["skill"] for one in needs}):
        own = [one for one in needs if one["skill"] == skill]
        most = math.ceil(2 * _at_once(own) * (1 + care.number("teams.spare_share")))
        spots = [(one["lon"], one["lat"]) for one in own if None not in (one["lon"], one["lat"])]
        found = _members(ask, skill, spots, min(MOST_PEOPLE - len(members), most))
        members |= found
        staff += [
            {"staff": name, "skills": skill, "lon": one.lon, "lat": one.lat}
            for name, one in found.items()
            if name not in away
        ]
    if not members:
        raise BadInput(
            "dispatch.no_samplers", "The registry has nobody ready in this unit for these needs."
        )
    return Given(
        staff=pa.Table.from_pylist(staff, schema=model.STAFF),
        needs=pa.Table.from_pylist(
            needs, schema=pa.schema([*model.NEEDS, model.NEED_EXTRAS.field("rank")])
        ),
        rules=rules,
        members=members,
        points=wanted.places,
        skills={one["need"]: one["skill"] for one in needs},
    )


def _at_once(needs: Sequence[Row]) -> int:
    """The most persons needed at one moment."""
    starts = {one["starts_at"] for one in needs}
    counts: list[int] = [
        sum(one["persons"] for one in needs if one["starts_at"] <= at < one["ends_at"])
        for at in starts
    ]
    return max(counts)


def _medical(ask: Ask) -> set[str]:
    """Skills that beds need."""
    care = ask.ground.other("dispatch")
    pools = set(care.group("beds.pools").values())
    return {skill for pool in pools for skill in care.group(f"beds.staff.{pool}")}


def _members(
    ask: Ask, skill: str, spots: Sequence[tuple[float, float]], most: int
) -> dict[str, resources.Thing]:
    """Single people with the skill of the teams nearest to where they are needed,
    `code#number`."""
    things = _skilled(ask, skill)
    known = [one for one in common.usable(things) if one.lon is not None]
    left = resources.registry.frees(known, common.next_hour(ask.ground.as_of))

    def near(one: resources.Thing) -> float:
        lon, lat = one.lon or 0.0, one.lat or 0.0
        return min((float(haversine_km(lon, lat, *spot)) for spot in spots), default=0.0)

    found: dict[str, resources.Thing] = {}
    for one in sorted(known, key=lambda one: (near(one), one.code)):
        free = left[one.pk].get("persons", 0) + ask.own.get((one.kind, one.code, "persons"), 0)
        for number in range(1, free + 1):
            if len(found) == most:
                return found
            found[f"{one.code}#{number}"] = one
    return found


def _skilled(ask: Ask, skill: str) -> list[resources.Thing]:
    """Teams with the skill; those of a hospital's own staff for that hospital alone."""
    if skill == duties.SAMPLER:
        return common.things(ask, SAMPLER)
    _, _, hospital = skill.partition(duties.OWN)
    return [
        one
        for one in common.things(ask, TEAM)
        if one.facts.get("skill") == duties.skill_of(skill)
        and one.facts.get(HOSPITAL, "") == hospital
    ]


def _words(ask: Ask, given: Given) -> pa.Table | None:
    needs = set(given.needs["need"].to_pylist())
    people = set(given.staff["staff"].to_pylist())
    before = ask.before["tasks"] if ask.before else ()
    rows = [
        {"staff": staff, "need": need, "word": "before"}
        for staff, need in before
        if staff in people and need in needs
    ]
    for one in ask.words:
        if one.thing not in people or one.to not in needs:
            raise BadInput(
                "dispatch.unknown_word",
                f"The roster knows no sampler '{one.thing}' or no need '{one.to}'.",
                thing=one.thing,
                to=one.to,
            )
        word = "pinned" if one.word == "pin" else "forbidden"
        rows.append({"staff": one.thing, "need": one.to, "word": word})
    return pa.Table.from_pylist(rows, schema=model.WORDS) if rows else None


_TASKS = (
    Column("staff", "id"),
    Column("team", "text"),
    Column("skill", "code"),
    Column("need", "code"),
    Column("place", "text"),
    Column("starts", "moment"),
    Column("ends", "moment"),
    Column("km", "km", "km"),
    Column("changed", "flag"),
)
_COVER = (
    Column("need", "id"),
    Column("place", "text"),
    Column("wanted", "number"),
    Column("given", "number"),
    Column("lacks", "number"),
    Column("why", "code"),
)
_HOURS = (
    Column("staff", "id"),
    Column("duties", "number"),
    Column("nights", "number"),
    Column("hours", "number"),
)


def _told(ask: Ask, given: Given, plan: model.TeamPlan) -> Made:
    tasks = plan.tasks.to_pylist()
    changed = [row for row in tasks if row["changed"]]
    working = {row["staff"] for row in tasks}
    return Made(
        answer=plan.answer,
        figures=(
            Figure("served", plan.given, "persons"),
            Figure("unserved", plan.wanted - plan.given, "persons"),
            Figure("on_duty", len(working), "persons"),
            Figure("km", round(sum(row["km"] or 0.0 for row in tasks), 1), "km"),
        ),
        tables={
            "tasks": Rows(_TASKS, [_task(row, given) for row in tasks]),
            "cover": Rows(_COVER, [_cover(row, given) for row in plan.cover.to_pylist()]),
            "hours": Rows(
                _HOURS, [row for row in plan.hours.to_pylist() if row["staff"] in working]
            ),
        },
        jobs=_jobs(given, tasks),
        takings=_takings(given, plan),
        features=_features(given, tasks),
        bars=[
            Bar(row["staff"], "duty", row["starts_at"], row["ends_at"], row["pattern"],
                row["staff"])
            for row in plan.duties.to_pylist()
        ],
        changed={"share": len(changed) / max(1, len(tasks)), "count": len(changed)}
        if ask.before
        else None,
        again={"tasks": [[row["staff"], row["need"]] for row in tasks]},
    )  # fmt: skip


def _task(row: Row, given: Given) -> Row:
    return {
        "staff": row["staff"],
        "team": given.members[row["staff"]].name,
        "skill": duties.skill_of(given.skills[row["need"]]),
        "need": row["need"],
        "place": given.points[row["place"]]["name"],
        "starts": row["starts_at"].isoformat(),
        "ends": row["ends_at"].isoformat(),
        "km": None if row["km"] is None else round(row["km"], 1),
        "changed": bool(row["changed"]),
    }


def _cover(row: Row, given: Given) -> Row:
    return {
        **row,
        "place": given.points[row["need"].split("#")[0]]["name"],
        "why": row["why"] or "",
    }


def _jobs(given: Given, tasks: Sequence[Row]) -> tuple[JobDraft, ...]:
    """One for each team of the registry: who of it stands where and when."""
    by: dict[str, dict[tuple[str, Any, Any], list[str]]] = {}
    for row in tasks:
        team = given.members[row["staff"]].code
        key = row["place"], row["starts_at"], row["ends_at"]
        by.setdefault(team, {}).setdefault(key, []).append(row["staff"])
    teams = {one.code: one for one in given.members.values()}
    jobs = []
    for code, pieces in sorted(by.items()):
        one = teams[code]
        steps = tuple(
            Step(
                kind="duty",
                at=begins,
                ends=ends,
                label=text(
                    f"{given.points[place]['name']}：{len(staff)} 人上岗",
                    f"{given.points[place]['name']}: {len(staff)} on duty",
                ),
                place=given.points[place]["name"],
                lon=given.points[place]["lon"],
                lat=given.points[place]["lat"],
                thing=staff[0],
                count=len(staff),
                facts={"staff": sorted(staff)},
            )
            for (place, begins, ends), staff in sorted(pieces.items(), key=lambda item: item[0][1])
        )
        people = len({name for staff in pieces.values() for name in staff})
        title = text(f"{one.name}：{people} 人排班", f"{one.name}: roster of {people}")
        jobs.append(JobDraft(TEAM, code, one.unit_id, title, steps))
    return tuple(jobs)


def _takings(given: Given, plan: model.TeamPlan) -> tuple[Taking, ...]:
    """Of each team those with a duty, from the first duty's beginning to the last one's end."""
    spans: dict[tuple[str, str], list[Row]] = {}
    for row in plan.duties.to_pylist():
        one = given.members[row["staff"]]
        spans.setdefault((one.kind, one.code), []).append(row)
    return tuple(
        Taking(
            kind,
            code,
            "persons",
            len({row["staff"] for row in rows}),
            min(row["starts_at"] for row in rows),
            max(row["ends_at"] for row in rows),
        )
        for (kind, code), rows in sorted(spans.items())
    )


def _features(given: Given, tasks: Sequence[Row]) -> list[Row]:
    persons: dict[str, int] = {}
    ways: dict[tuple[str, str], int] = {}
    teams = {one.code: one for one in given.members.values()}
    for row in tasks:
        persons[row["place"]] = persons.get(row["place"], 0) + 1
        key = given.members[row["staff"]].code, row["place"]
        ways[key] = ways.get(key, 0) + 1
    found: list[Row | None] = []
    for (code, place), number in sorted(ways.items()):
        team, point = teams[code], given.points[place]
        if None not in (team.lon, team.lat, point["lon"], point["lat"]):
            ends = [(team.lon or 0.0, team.lat or 0.0), (point["lon"], point["lat"])]
            found.append(common.line(ends, role="move", id=code, label=point["name"], value=number))
    for place, number in sorted(persons.items()):
        point = given.points[place]
        found.append(
            common.spot(point["lon"], point["lat"], role="post", id=place, label=point["name"],
                        value=number)
        )  # fmt: skip
    return [one for one in found if one is not None]

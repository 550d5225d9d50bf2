"""Rooms for the contacts of a unit who have to go to a central site."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

import polars as pl
import pyarrow as pa

from zhongshu.engines.transfer import model, solve, validate
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import DAY, start_of_day
from zhongshu.service.dispatch import people
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
from zhongshu.service.kit.dispatchrules import room_rules
from zhongshu.service.kit.text import text
from zhongshu.service.resources import facade as resources
from zhongshu.service.units import facade as units

NAME = "rooms"
FIELDS = (
    Field("who", "choice", default="all", choices=("all", "confirmed")),
    Field("degree_2", "flag", default=True),
)
WORDS = frozenset({"pin", "forbid"})
EVENTS = frozenset({"site_full"})
SITE, ROOM = "site", "room"
PLACES = "places"
# A word becomes a need that only the rooms meant, or all but them, answer.
_ONLY, _NOT = "only:", "not:"


@dataclasses.dataclass(frozen=True)
class Given:
    """wanted: as `people.to_isolate`, those to be roomed.  contact: person to contact number, as
    the tables call it.  homes: person to (village, ends_on)."""

    wanted: pl.DataFrame
    travellers: pa.Table
    rooms: pa.Table
    sites: Mapping[str, resources.Thing]

    @property
    def contact(self) -> Mapping[int, str]:
        return {row["person"]: str(row["contact_ids"][0]) for row in self.wanted.to_dicts()}


def counts(ask: Ask) -> Mapping[str, int]:
    given = _given(ask)
    free = [row for row in given.rooms.to_pylist() if row["state"] == "free"]
    return {
        "persons": given.travellers.num_rows,
        "sites": len({row["site_id"] for row in free}),
        "rooms_free": len(free),
        "places_free": sum(row["capacity"] for row in free),
    }


def make(ask: Ask) -> Made:
    """Refuses (BadInput) when nobody is to be roomed, and a word about somebody unknown."""
    given = _given(ask)
    if given.travellers.num_rows == 0:
        raise BadInput(
            "dispatch.nobody", "Nobody of this unit has to be brought to a central site now."
        )
    if given.rooms.num_rows == 0:
        raise BadInput("dispatch.no_rooms", "The registry has no isolation room in this unit.")
    before = _before(ask)
    plan, asked, rooms, rules = _best(ask, given, before)
    common.sound(validate.check_rooms(plan, people=asked, rooms=rooms, rules=rules))
    return _told(ask, given, plan, before)


def _given(ask: Ask) -> Given:
    ground = ask.ground
    wanted = people.to_isolate(ground)
    homes = units.refs(wanted["unit"].unique().to_list())
    inside = sorted(code for code, one in homes.items() if ask.inside(one["path"]))
    wanted = wanted.filter(pl.col("unit").is_in(inside))
    if ask.form["who"] == "confirmed":
        wanted = wanted.filter(pl.col("state") != "proposed")
    if not ask.form["degree_2"]:
        wanted = wanted.filter(pl.col("degree") == 1)
    others = pl.col("contact_ids").list.eval(pl.element().cast(pl.String))
    wanted = wanted.filter(others.list.set_intersection(sorted(ask.placed)).list.len() == 0)
    travellers = people.travellers(ground, wanted)
    sites = {one.code: one for one in common.things(ask, SITE)}
    return Given(wanted, travellers, _rooms(ask, sites), sites)


def _rooms(ask: Ask, sites: Mapping[str, resources.Thing]) -> pa.Table:
    """`model.ROOMS` with extras; what the ledger has given out is taken."""
    begins = common.next_hour(ask.ground.as_of)
    known = [one for one in common.things(ask, ROOM) if one.part_of in sites]
    left = resources.registry.frees(known, begins)
    open_ = {one.code for one in common.usable(sites.values())}
    rows = []
    for one in known:
        site = sites[one.part_of]
        places = one.capacity.get(PLACES, 0)
        free = left[one.pk].get(PLACES, 0) >= places > 0 or (ROOM, one.code, PLACES) in ask.own
        there = (ROOM, one.code, PLACES) in ask.own or one in common.usable([one])
        rows.append(
            {
                "site_id": site.code,
                "room_no": one.code.removeprefix(f"{site.code}/"),
                "floor": one.facts.get("floor", 1),
                "capacity": max(1, places),
                "state": "free" if free and there and site.code in open_ else "taken",
                "lon": one.lon if one.lon is not None else site.lon,
                "lat": one.lat if one.lat is not None else site.lat,
                "kind": site.facts.get("type", ""),
                "zone": one.facts.get("zone", ""),
                "tags": ";".join([*site.facts.get("tags", ()), *one.facts.get("tags", ())]),
            }
        )
    schema = pa.schema([*list(model.ROOMS)[:-1], *list(model.ROOM_EXTRAS)[:-1]])
    return pa.Table.from_pylist(rows, schema=schema)


def _before(ask: Ask) -> dict[int, str]:
    """Person to site by the plan this one follows."""
    if not ask.before:
        return {}
    rows = common.thawed(ask.before["assignments"]).to_pylist()
    return {row["person"]: row["site_id"] for row in rows}


def _best(
    ask: Ask, given: Given, before: Mapping[int, str]
) -> tuple[model.RoomPlan, pa.Table, pa.Table, model.RoomRules]:
    """With everybody else where the former plan had him, if that rooms as many as without."""
    said = _said(ask, given)
    free = _solved(ask, given, said)
    moved = {person for person, needs in said.items() if needs}
    held = {
        person: [*said.get(person, []), f"{_ONLY}{site}"]
        for person, site in before.items()
        if person not in moved and not _closed(ask, site)
    }
    if not held:
        return free
    still = _solved(ask, given, {**said, **held})
    return still if still[0].served >= free[0].served else free


def _closed(ask: Ask, site: str) -> bool:
    return any(one.kind == "site_full" and one.thing == site for one in ask.events)


def _said(ask: Ask, given: Given) -> dict[int, list[str]]:
    """Person to the needs that words and events make of him; a word counts for his household."""
    person_of = {contact: person for person, contact in given.contact.items()}
    homes = {row["person"]: (row["household"], row["degree"]) for row in
             given.travellers.to_pylist()}  # fmt: skip
    said: dict[int, list[str]] = {}
    for word in ask.words:
        who = person_of.get(word.thing)
        if who not in homes or word.to not in given.sites:
            raise BadInput(
                "dispatch.unknown_word",
                f"The plan knows no contact '{word.thing}' or no site '{word.to}'.",
                thing=word.thing,
                to=word.to,
            )
        need = f"{_ONLY if word.word == 'pin' else _NOT}{word.to}"
        for person, home in homes.items():
            if home == homes[who]:
                said.setdefault(person, []).append(need)
    return said


def _solved(
    ask: Ask, given: Given, needs: Mapping[int, Iterable[str]]
) -> tuple[model.RoomPlan, pa.Table, pa.Table, model.RoomRules]:
    rows = given.travellers.to_pylist()
    for row in rows:
        own = [row["special_need"]] if row["special_need"] else []
        row["special_need"] = ";".join([*own, *needs.get(row["person"], ())]) or None
    asked = pa.Table.from_pylist(rows, schema=given.travellers.schema)
    full = {one.thing for one in ask.events if one.kind == "site_full"}
    sites = sorted(given.sites)
    rooms = given.rooms.to_pylist()
    for room in rooms:
        others = [f"{_NOT}{site}" for site in sites if site != room["site_id"]]
        room["tags"] = ";".join([*filter(None, [room["tags"]]), f"{_ONLY}{room['site_id']}",
                                 *others])  # fmt: skip
        if room["site_id"] in full:
            room["state"] = "taken"
    words = {need for said in needs.values() for need in said}
    rules = room_rules(ask.ground.pack)
    rules = dataclasses.replace(
        rules, need_tags={**rules.need_tags, **{word: frozenset({word}) for word in words}}
    )
    table = pa.Table.from_pylist(rooms, schema=given.rooms.schema)
    return solve.rooms(asked, table, rules), asked, table, rules


def _told(ask: Ask, given: Given, plan: model.RoomPlan, before: Mapping[int, str]) -> Made:
    rows = plan.assignments.to_pylist()
    facts = {row["person"]: row for row in given.wanted.to_dicts()}
    moved = sum(row["site_id"] != before[row["person"]] for row in rows if row["person"] in before)
    used = {(row["site_id"], row["room_no"]) for row in rows}
    contact = given.contact
    left = plan.unserved.to_pylist()
    answer = dataclasses.replace(plan.answer, unserved=_by_contact(plan.answer.unserved, contact))
    return Made(
        answer=answer,
        figures=(
            Figure("served", plan.served, "persons"),
            Figure("unserved", len(left), "persons"),
            Figure("rooms", len(used), "rooms"),
            Figure("sites", len({site for site, _ in used}), "sites"),
            Figure("person_km", round(plan.person_km, 1), "km"),
        ),
        tables={
            "rooms": Rows(_COLUMNS, [_row(ask, given, row, facts) for row in rows]),
            "sites": Rows(_SITES, [_site(given, row) for row in plan.sites.to_pylist()]),
        },
        jobs=_jobs(ask, given, rows, facts),
        takings=tuple(_takings(ask, given, rows, facts)),
        features=_features(ask, given, rows, facts),
        changed={"share": moved / len(before), "count": moved} if before else None,
        again={
            "assignments": common.frozen(plan.assignments),
            "people": common.frozen(given.travellers),
            "contacts": {str(one): contact[one] for one in facts},
            "contact_ids": {str(one): list(row["contact_ids"]) for one, row in facts.items()},
            "looked_after": [
                str(one) for row in rows for one in facts[row["person"]]["contact_ids"]
            ],
        },
    )


_COLUMNS = (
    Column("contact", "id"),
    Column("degree", "number"),
    Column("unit", "text"),
    Column("site", "text"),
    Column("site_id", "code"),
    Column("room", "text"),
    Column("floor", "number"),
    Column("distance", "km", "km"),
    Column("flags", "flags"),
)
_SITES = (
    Column("site_id", "id"),
    Column("site", "text"),
    Column("rooms_total", "number"),
    Column("rooms_free", "number"),
    Column("rooms_reserved", "number"),
    Column("rooms_used", "number"),
    Column("persons", "persons"),
)


def _row(ask: Ask, given: Given, row: Row, facts: Mapping[int, Row]) -> Row:
    own = facts[row["person"]]
    km = row["distance_km"]
    return {
        "contact": given.contact[row["person"]],
        "degree": row["degree"],
        "unit": ask.ground.name(own["unit"]),
        "site": given.sites[row["site_id"]].name,
        "site_id": row["site_id"],
        "room": row["room_no"],
        "floor": row["floor"],
        "distance": None if km is None else round(km, 1),
        "flags": list(row["flags"] or ()),
    }


def _site(given: Given, row: Row) -> Row:
    return {**row, "site": given.sites[row["site_id"]].name}


def _by_contact(unserved: pa.Table, contact: Mapping[int, str]) -> pa.Table:
    """People are called by their contact, as everywhere outside the engines."""
    rows = [row | {"id": contact[int(row["id"])]} for row in unserved.to_pylist()]
    return pa.Table.from_pylist(rows, schema=unserved.schema)


def _jobs(
    ask: Ask, given: Given, rows: list[Row], facts: Mapping[int, Row]
) -> tuple[JobDraft, ...]:
    begins = common.next_hour(ask.ground.as_of)
    due = begins + dt.timedelta(hours=ask.ground.pack.number("report.contact_isolated_h"))
    rooms: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        rooms.setdefault(row["site_id"], {}).setdefault(row["room_no"], []).append(row)
    jobs = []
    for code, inside in sorted(rooms.items()):
        site = given.sites[code]
        persons = sum(len(one) for one in inside.values())
        steps = tuple(
            Step(
                kind="room",
                at=due,
                label=text(f"{room} 室 {len(one)} 人", f"Room {room}: {len(one)} persons"),
                place=site.name,
                lon=site.lon,
                lat=site.lat,
                thing=given.contact[one[0]["person"]],
                count=len(one),
                persons=tuple(row["person"] for row in one),
                facts={"room": room, "floor": one[0]["floor"], "degree": one[0]["degree"]},
            )
            for room, one in sorted(inside.items())
        )
        title = text(
            f"{site.name}：{len(inside)} 间接收 {persons} 人",
            f"{site.name}: {persons} to receive, rooms: {len(inside)}",
        )
        jobs.append(JobDraft(SITE, code, site.unit_id, title, steps))
    return tuple(jobs)


def _takings(ask: Ask, given: Given, rows: list[Row], facts: Mapping[int, Row]) -> Iterable[Taking]:
    """The whole room, whoever lives in it, until the day after the last of them may leave."""
    begins = common.next_hour(ask.ground.as_of)
    size = {(row["site_id"], row["room_no"]): row["capacity"] for row in given.rooms.to_pylist()}
    until: dict[tuple[str, str], dt.date] = {}
    for row in rows:
        key = row["site_id"], row["room_no"]
        until[key] = max(facts[row["person"]]["ends_on"], until.get(key, dt.date.min))
    for (site, room), day in sorted(until.items()):
        yield Taking(
            ROOM, f"{site}/{room}", PLACES, size[site, room], begins, start_of_day(day + DAY)
        )


def _features(ask: Ask, given: Given, rows: list[Row], facts: Mapping[int, Row]) -> list[Row]:
    """Sites with who comes, villages with who leaves, and a line for each pair of them."""
    homes = {row["person"]: row for row in given.travellers.to_pylist()}
    pairs: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        pairs.setdefault((facts[row["person"]]["unit"], row["site_id"]), []).append(row)
    found: list[Row | None] = []
    arrivals: dict[str, int] = {}
    for (unit, code), inside in sorted(pairs.items()):
        site = given.sites[code]
        arrivals[code] = arrivals.get(code, 0) + len(inside)
        points = [homes[row["person"]] for row in inside]
        points = [one for one in points if None not in (one["lon"], one["lat"])]
        if not points or site.lon is None or site.lat is None:
            continue
        lon, lat = (sum(one[key] for one in points) / len(points) for key in ("lon", "lat"))
        near = common.coarse(lon, lat)
        label = ask.ground.name(unit)
        found.append(common.spot(*near, role="home", id=unit, label=label, value=len(inside)))
        if near[0] is not None and near[1] is not None:
            ends = [(near[0], near[1]), (site.lon, site.lat)]
            found.append(common.line(ends, role="move", id=code, label=label, value=len(inside)))
    for code, persons in sorted(arrivals.items()):
        site = given.sites[code]
        found.append(
            common.spot(site.lon, site.lat, role="site", id=code, label=site.name, value=persons)
        )
    return [one for one in found if one is not None]

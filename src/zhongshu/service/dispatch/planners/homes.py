"""Who of a round cannot walk to a point, and the mobile teams that sample them at home."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from zhongshu.engines.testing.tours import model, validate, visits
from zhongshu.kernel import plan as plans
from zhongshu.kernel.divisions import Level
from zhongshu.kernel.geo import haversine_km
from zhongshu.rules.model import Pack
from zhongshu.service.dispatch.people import to_isolate
from zhongshu.service.dispatch.planners import common
from zhongshu.service.dispatch.planners.shapes import (
    Ask,
    Bar,
    Column,
    JobDraft,
    Row,
    Rows,
    Step,
    Taking,
)
from zhongshu.service.kit.text import text
from zhongshu.service.people import facade as people
from zhongshu.service.resources import facade as resources

SAMPLER, TEAM = "sampler", "team"
_LIMIT = model.Limit(iterations=1_000)  # for each township
_IN_A_RUN = model.Limit(iterations=300)  # 3 % longer, a third of the time
_TEAMS = {"no_vehicle": "no_team", "vehicles_busy": "teams_busy"}  # the tours' words -> ours
_VISITS = (
    Column("visit", "id"),
    Column("team", "code"),
    Column("trip", "number"),
    Column("order", "number"),
    Column("unit", "text"),
    Column("persons", "persons"),
    Column("tubes", "number"),
    Column("single", "flag"),
    Column("arrives", "moment"),
    Column("leaves", "moment"),
)


@dataclasses.dataclass(frozen=True)
class Home:
    """A household with somebody who cannot walk.  single: somebody of it is a contact, who is
    never pooled; then nobody of it is."""

    number: str
    village: str
    lon: float | None
    lat: float | None
    persons: tuple[int, ...]
    single: bool


@dataclasses.dataclass(frozen=True)
class Staying:
    """homes: to be visited.  isolated: contacts in isolation elsewhere, whom their site samples,
    by village; they neither walk nor are visited."""

    homes: tuple[Home, ...]
    isolated: Mapping[str, int]

    @property
    def not_walking(self) -> Mapping[str, int]:
        """Persons by village who are taken out of those that walk."""
        count = collections.Counter(self.isolated)
        for home in self.homes:
            count[home.village] += len(home.persons)
        return count


def staying(ask: Ask) -> Staying:
    """Of the asked unit: by age and special need of the pack, and contacts who are apart."""
    care, today = ask.ground.other("dispatch"), ask.ground.today
    age = int(care.number("testing.home_age"))
    contacts = {row["person"]: row for row in to_isolate(ask.ground).to_dicts()}
    day = min(today.day, 28) if today.month == 2 else today.day
    rows = people.cared_for(
        path=ask.unit.path,
        born_by=today.replace(year=today.year - age, day=day),
        needs=care.value("testing.home_needs"),
        named=contacts,
    ).to_pylist()
    away = {
        person
        for person, row in contacts.items()
        if row["state"] == "isolating" and row["central_until"] and row["central_until"] >= today
    }
    isolated = collections.Counter(row["village_code"] for row in rows if row["person"] in away)
    found = []
    at_home = [row for row in rows if row["person"] not in away]
    for number, group in itertools.groupby(at_home, key=lambda row: row["household"]):
        own = list(group)
        found.append(
            Home(
                number=str(number),
                village=own[0]["village_code"],
                lon=own[0]["lon"],
                lat=own[0]["lat"],
                persons=tuple(row["person"] for row in own),
                single=any(row["named"] for row in own),
            )
        )
    return Staying(tuple(found), isolated)


@dataclasses.dataclass(frozen=True)
class Crew:
    """A mobile team of the samplers of one thing of the registry."""

    code: str
    of: resources.Thing


@dataclasses.dataclass(frozen=True)
class Visits:
    """parts: one day of tours for each township.  each: samplers of a team."""

    homes: Mapping[str, Home]
    parts: Sequence[model.TourPlan]
    crews: Mapping[str, Crew]
    labs: Mapping[str, resources.Thing]
    names: Mapping[str, str]  # of villages
    each: int

    @property
    def served(self) -> int:
        return sum(row["persons"] for row in self._stops)

    @property
    def teams(self) -> int:
        return len({row["vehicle_id"] for row in self._trips})

    def unserved(self) -> pa.Table:
        left = [row for part in self.parts for row in part.answer.unserved.to_pylist()]
        return plans.unserved(
            "home",
            [(row["id"], row["amount"], why(row["constraint"])) for row in left],
        )

    def tables(self) -> dict[str, Rows]:
        rows = [
            {
                "visit": _named(row),
                "team": row["vehicle_id"],
                "trip": row["trip"],
                "order": row["order"],
                "unit": self.names[self.homes[row["place"]].village],
                "persons": row["persons"],
                "tubes": row["tubes"],
                "single": self.homes[row["place"]].single,
                "arrives": row["begins_at"].isoformat(),
                "leaves": row["ends_at"].isoformat(),
            }
            for row in self._stops
        ]
        return {"visits": Rows(_VISITS, rows)}

    def jobs(self) -> Iterator[JobDraft]:
        """One for each team that goes out: its homes, then the laboratory, trip by trip."""
        steps: dict[str, list[Step]] = {}
        for row in self._stops:
            steps.setdefault(row["vehicle_id"], []).append(self._visit(row))
        for trip in self._trips:
            steps[trip["vehicle_id"]].append(self._arrival(trip))
        for name, own in steps.items():
            crew = self.crews[name]
            count = sum(one.count for one in own if one.kind == "visit")
            title = text(
                f"{crew.of.name}：上门采样 {count} 人", f"{crew.of.name}: {count} to sample at home"
            )
            yield JobDraft(TEAM, name, crew.of.unit_id, title, tuple(own))

    def takings(self) -> Iterator[Taking]:
        """Of each thing the samplers of its teams, while the first to the last is out."""
        spans: dict[str, list[Row]] = {}
        for trip in self._trips:
            spans.setdefault(self.crews[trip["vehicle_id"]].of.code, []).append(trip)
        for code, trips in sorted(spans.items()):
            teams = len({trip["vehicle_id"] for trip in trips})
            begins = min(trip["leaves_at"] for trip in trips)
            ends = max(trip["ends_at"] for trip in trips)
            yield Taking(SAMPLER, code, "persons", self.each * teams, begins, ends)

    def bars(self) -> Iterator[Bar]:
        for trip in self._trips:
            yield Bar(trip["vehicle_id"], "duty", trip["leaves_at"], trip["ends_at"],
                      str(trip["persons"]), trip["vehicle_id"])  # fmt: skip

    def features(self) -> Iterator[Row]:
        """Homes, to a hundredth of a degree."""
        for row in self._stops:
            home = self.homes[row["place"]]
            found = common.spot(
                *common.coarse(home.lon, home.lat),
                role="home",
                id=_named(row),
                label=row["vehicle_id"],
                value=row["persons"],
            )
            if found is not None:
                yield found

    @property
    def _stops(self) -> list[Row]:
        rows = [row for part in self.parts for row in part.stops.to_pylist()]
        return sorted(rows, key=lambda row: (row["vehicle_id"], row["trip"], row["order"]))

    @property
    def _trips(self) -> list[Row]:
        return [row for part in self.parts for row in part.trips.to_pylist()]

    def _visit(self, row: Row) -> Step:
        home, count = self.homes[row["place"]], row["persons"]
        singly = text("，单采", ", a tube each") if home.single else text("", "")
        return Step(
            kind="visit",
            at=row["begins_at"],
            ends=row["ends_at"],
            label=text(
                f"第 {home.number} 户，采样 {count} 人{singly['zh']}",
                f"Home {home.number}: sample {count}{singly['en']}",
            ),
            lon=home.lon,
            lat=home.lat,
            thing=_named(row),
            count=count,
            persons=home.persons,
            facts={"trip": row["trip"], "tubes": row["tubes"]},
        )

    def _arrival(self, trip: Row) -> Step:
        lab = self.labs[trip["lab_id"]]
        return Step(
            kind="tubes",
            at=trip["arrives_at"],
            ends=trip["ends_at"],
            label=text(
                f"送达 {lab.name}，交接 {trip['tubes']} 管",
                f"Hand over {trip['tubes']} tubes at {lab.name}",
            ),
            place=lab.name,
            lon=lab.lon,
            lat=lab.lat,
            thing=f"{trip['vehicle_id']}-{trip['trip']}",
            count=trip["tubes"],
            facts={"trip": trip["trip"], "km": round(trip["km"], 1)},
        )


@dataclasses.dataclass
class _Staff:
    """Samplers of the registry who are still free, by code of the thing; sent: teams of each."""

    samplers: Sequence[resources.Thing]
    free: dict[str, int]
    each: int
    sent: collections.Counter[str] = dataclasses.field(default_factory=collections.Counter)

    def crews(self, town: str, homes: Sequence[Home], wanted: int) -> Iterator[Crew]:
        """Up to `wanted` teams, the township's own first, then the nearest."""
        spots = [(one.lon, one.lat) for one in homes if one.lon is not None and one.lat is not None]
        lon = sum(one[0] for one in spots) / max(1, len(spots))
        lat = sum(one[1] for one in spots) / max(1, len(spots))

        def near(one: resources.Thing) -> tuple[bool, float, str]:
            km = float(haversine_km(one.lon or 0.0, one.lat or 0.0, lon, lat))
            return not one.unit_path.startswith(town), km, one.code

        for one in sorted(self.samplers, key=near):
            while wanted and self.free[one.code] >= self.each:
                self.free[one.code] -= self.each
                self.sent[one.code] += 1
                wanted -= 1
                yield Crew(f"{one.code}/M{self.sent[one.code]}", one)

    def stay(self, idle: Iterable[Crew]) -> None:
        for one in idle:
            self.free[one.of.code] += self.each


def rules(care: Pack, usual: model.TourRules, *, hours: float, pool_size: int) -> model.TourRules:
    """usual: those of couriers; hours: a team's day."""
    return dataclasses.replace(
        usual,
        shift_h=hours,
        vehicle_km=care.number("testing.team_km"),
        home_min=care.number("testing.home_min"),
        person_min=care.number("testing.home_person_min"),
        pool_size=pool_size,
    )


def plan(
    ask: Ask,
    homes: Sequence[Home],
    *,
    labs: Mapping[str, resources.Thing],
    by: model.TourRules,
) -> Visits | None:
    """Tours of teams of each township's own samplers, the nearest others' where it has too few;
    None: nobody is to be visited."""
    if not homes:
        return None
    staff = _staff(ask, by.start)
    places = where(labs)
    limit = effort(ask)
    crews: dict[str, Crew] = {}
    parts = []
    for town, own in sorted(_by_township(ask, homes).items()):
        teams = list(staff.crews(town, own, _wanted(own, by)))
        given = {"visits": _visits(own), "teams": vehicles(teams), "labs": places}
        made = visits.plan(**given, rules=by, limit=limit, seed=ask.seed)
        common.sound(validate.check_visits(made, **given, rules=by))
        parts.append(made)
        out = {row["vehicle_id"] for row in made.trips.to_pylist()}
        crews |= {one.code: one for one in teams if one.code in out}
        staff.stay([one for one in teams if one.code not in out])
    names = {home.village: ask.ground.name(home.village) for home in homes}
    found = Visits({one.number: one for one in homes}, parts, crews, labs, names, staff.each)
    common.sound(check(found, free=staff.free))
    return found


def why(constraint: str) -> str:
    """The tours' word for what keeps somebody out, in ours."""
    return _TEAMS.get(constraint, constraint)


def effort(ask: Ask) -> model.Limit:
    return _IN_A_RUN if ask.iterations else _LIMIT


def where(labs: Mapping[str, resources.Thing]) -> pa.Table:
    """The laboratories that teams hand tubes over to."""
    rows = [
        {"lab_id": code, "lon": one.lon, "lat": one.lat}
        for code, one in sorted(labs.items())
        if one.lon is not None
    ]
    return pa.Table.from_pylist(rows, schema=model.PLACES)


def crews(ask: Ask, homes: Sequence[Home], by: model.TourRules) -> tuple[list[Crew], int]:
    """Teams enough for the homes of each township within the hours of `by`, its own first; and the
    samplers of a team."""
    staff = _staff(ask, by.start)
    found = [
        one
        for town, own in sorted(_by_township(ask, homes).items())
        for one in staff.crews(town, own, _wanted(own, by))
    ]
    return found, staff.each


def check(found: Visits, *, free: Mapping[str, int]) -> list[str]:
    """Everybody is visited once or told, each township's tours apart from the others', and no
    sampler goes with two teams.  free: of each thing, those who stay."""
    told: collections.Counter[str] = collections.Counter()
    for draft in found.jobs():
        for step in draft.steps:
            told[step.thing.split("/")[0]] += step.count if step.kind == "visit" else 0
    for row in found.unserved().to_pylist():
        told[row["id"]] += round(row["amount"])
    faults = [
        f"home {number}: {told[number]} of {len(home.persons)} persons are visited or told"
        for number, home in found.homes.items()
        if told[number] != len(home.persons)
    ]
    trips: dict[str, int] = {}
    for number, part in enumerate(found.parts):
        for row in part.trips.to_pylist():
            if trips.setdefault(row["vehicle_id"], number) != number:
                faults.append(f"team {row['vehicle_id']} is in two townships")
    return faults + [f"{code} sends {-n} samplers too many" for code, n in free.items() if n < 0]


def _staff(ask: Ask, at: dt.datetime) -> _Staff:
    known = [one for one in common.usable(common.things(ask, SAMPLER)) if one.lon is not None]
    left = resources.registry.frees(known, at)
    free = {
        one.code: left[one.pk].get("persons", 0) + ask.own.get((SAMPLER, one.code, "persons"), 0)
        for one in known
    }
    return _Staff(known, free, int(ask.ground.other("dispatch").number("testing.team_persons")))


def _by_township(ask: Ask, homes: Iterable[Home]) -> dict[str, list[Home]]:
    found: dict[str, list[Home]] = {}
    for home in homes:
        town = ask.ground.tree.ancestor(home.village, Level.TOWNSHIP)
        found.setdefault(town.path if town else "", []).append(home)
    return found


def _wanted(homes: Sequence[Home], by: model.TourRules) -> int:
    """Teams that have hours enough for the homes, and half as many again for the way."""
    persons = sum(len(one.persons) for one in homes)
    minutes = len(homes) * (by.stop_min + by.home_min) + persons * by.person_min
    return math.ceil(1.5 * minutes / (60 * by.shift_h))


def _visits(homes: Iterable[Home]) -> pa.Table:
    rows = [
        {"visit": one.number, "lon": one.lon, "lat": one.lat, "persons": len(one.persons),
         "single": one.single}
        for one in homes
    ]  # fmt: skip
    schema = pa.schema([*model.VISITS, model.VISIT_EXTRAS.field("single")])
    return pa.Table.from_pylist(rows, schema=schema)


def vehicles(crews: Iterable[Crew]) -> pa.Table:
    rows = [{"vehicle_id": one.code, "lon": one.of.lon, "lat": one.of.lat} for one in crews]
    return pa.Table.from_pylist(rows, schema=model.VEHICLES)


def _named(row: Row) -> str:
    """A visit as words and receipts call it: the home, and which part where it is divided."""
    return row["place"] if row["part"] == 1 else f"{row['place']}/{row['part']}"

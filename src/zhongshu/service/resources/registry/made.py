"""What no feed brings, made up for a synthetic headquarters: never for a real one.

The kinds are those a province counts; where the published plan of Shanxi names how many there were
(136 laboratories, 58,000 samplers, 280 supply enterprises, 215 price points), so many there are,
those of the feeds counted in, spread by residents.  Everything else follows the things the feeds
reported, or the units.  Every thing says ``made`` as its origin and bears the mark in its name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import numpy as np

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream
from zhongshu.service.incidents import facade as incidents
from zhongshu.service.kit.actor import Actor
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.models import Thing
from zhongshu.service.resources.registry import spread
from zhongshu.service.resources.registry.keeping import Draft, enter
from zhongshu.service.resources.registry.spread import Land, draft

LABORATORIES, SAMPLERS = 136, 58_000
ENTERPRISES, PRICE_POINTS = 280, 215
# Synthetic assumptions.
TUBES_PER_MACHINE_DAY = 700
MACHINES = (1, 1, 2, 3, 6, 10)  # of a laboratory, by chance
SAMPLERS_PER_DESK, DRIVERS_PER_VEHICLE, COURIERS_PER_LABORATORY = 2, 2, 2
TEAM = 10
# Of a county's medical teams: skill as the pack for beds calls it, name, persons.
MEDICAL = (
    ("expert", "专家组", 3),
    ("doctor", "医疗队", 10),
    ("nurse", "护理队", 30),
    ("icu_nurse", "重症护理队", 12),
)
# Of a township's teams: skill, name, residents for each person.
NEIGHBOURHOOD = (("grid", "网格员队", 1_000), ("volunteer", "志愿者队", 500))
# Of a hospital's own staff: skill, name, persons for each bed of a pool.
HOSPITAL_STAFF = (
    ("doctor", "医生", {"beds": 0.04, "icu": 0.6}),
    ("nurse", "护士", {"beds": 0.15}),
    ("icu_nurse", "重症护士", {"icu": 2.0}),
)
# What goes out from a county's store: type as the pack for dispatch calls it, name, residents for
# each, and at least so many.
DELIVERIES = (
    ("van", "配送车", 20_000, 2),
    ("cold_van", "冷藏车", 100_000, 1),
    ("market", "流动超市车", 60_000, 1),
    ("drone", "无人机", 200_000, 1),
)
LEAD_DAYS = (1, 2, 3)  # from an order to its delivery
SPARE_H = (12, 24, 24, 48, 72)  # hours until a hall in reserve could open


def fill(*, seed: int, scope: Scope, actor: Actor, now: dt.datetime) -> int:
    """Enter what is made up for the current incident's units within `scope`; how many are new.

    The same seed, units and feeds again enter nothing.  Refuses (BadInput) an incident that is not
    synthetic: a real registry holds what somebody has seen.
    """
    incident = incidents.current()
    if not incident.synthetic:
        raise BadInput(
            "resources.not_synthetic", "Resources are made up for synthetic incidents only."
        )
    rng = stream(seed, "registry")
    land = spread.land(scope)
    things = list(scope.filter(Thing.objects.filter(origin="feed")).order_by("kind", "code"))
    drafts: list[Draft] = []
    if land.counties:
        drafts += [*_supply(rng, land), *_county_by_county(land)]
        drafts += spread.stores(
            land, day=now.date(), fed={one.unit_id for one in things if one.kind == "store"}
        )
        drafts += _laboratories(rng, land, sum(one.kind == "laboratory" for one in things))
        drafts += _samplers(land, sum(_at_point(one) for one in things))
        drafts += _neighbourhood(land)
        drafts += _deliveries(land)
    drafts += _following(things)
    return len(enter(drafts=drafts, scope=scope, actor=actor, now=now, origin="made"))


def _supply(rng: np.random.Generator, land: Land) -> Iterator[Draft]:
    for kind, word, count in (
        ("enterprise", "保供企业", ENTERPRISES),
        ("price_point", "价格监测点", PRICE_POINTS),
    ):
        for number, at in enumerate(land.drawn(rng, count), start=1):
            county = land.counties[at]
            facts: dict[str, object] = {"goods": list(spread.GOODS)[number % len(spread.GOODS)]}
            capacity = {}
            if kind == "enterprise":
                capacity = {"units_per_day": int(rng.integers(200, 5_000))}
                facts["lead_days"] = LEAD_DAYS[number % len(LEAD_DAYS)]
            yield draft(
                kind,
                f"{kind}-{number:04d}",
                f"{county.name}{word}{number}",
                county.code,
                capacity,
                facts=facts,
                **land.spot(county.code),
            )


def _county_by_county(land: Land) -> Iterator[Draft]:
    """In each county a hall that could open, two checkpoints, a team of tracers, medical teams."""
    for number, county in enumerate(land.counties):
        spot = land.spot(county.code)
        yield draft(
            "site",
            f"hall-{county.code}",
            f"{county.name}体育馆",
            county.code,
            {},
            state="reserve",
            emergency={"places": 100 + 50 * (number % 7)},
            opens_in_h=SPARE_H[number % len(SPARE_H)],
            **spot,
        )
        for serial in (1, 2):
            yield draft(
                "checkpoint",
                f"checkpoint-{county.code}-{serial}",
                f"{county.name}第{serial}检查点",
                county.code,
                {"lanes": 2 * serial},
                opens_in_h=2 * serial,
            )
        yield draft(
            "team",
            f"team-{county.code}",
            f"{county.name}流调队",
            county.code,
            {"persons": TEAM},
            facts={"skill": "tracing"},
            **spot,
        )
        for skill, word, persons in MEDICAL:
            yield draft(
                "team",
                f"team-{county.code}-{skill}",
                f"{county.name}{word}",
                county.code,
                {"persons": persons},
                facts={"skill": skill},
                **spot,
            )


def _laboratories(rng: np.random.Generator, land: Land, there: int) -> Iterator[Draft]:
    """Those missing to `LABORATORIES`, with their machines."""
    for number, at in enumerate(land.drawn(rng, max(0, LABORATORIES - there)), start=1):
        county, spot = land.counties[at], land.spot(land.counties[at].code)
        code, name = f"lab-{number:03d}", f"{county.name}核酸检测实验室{number}"
        machines = int(rng.choice(MACHINES))
        tubes = machines * TUBES_PER_MACHINE_DAY
        yield draft("laboratory", code, name, county.code, {"tubes_per_day": tubes}, **spot)
        for serial in range(1, machines + 1):
            yield _machine(code, name, county.code, serial, spot)
        yield from _couriers(code, name, county.code, spot)


def _machine(code: str, name: str, unit: str, serial: int, spot: dict[str, float | None]) -> Draft:
    return draft(
        "machine",
        f"{code}/machine{serial}",
        f"{name} 扩增仪{serial}",
        unit,
        {"tubes_per_day": TUBES_PER_MACHINE_DAY},
        part_of=code,
        **spot,
    )


def _couriers(lab: str, name: str, unit: str, spot: dict[str, float | None]) -> Iterator[Draft]:
    """Cars with their drivers that start from a laboratory."""
    for serial in range(1, COURIERS_PER_LABORATORY + 1):
        yield draft(
            "courier",
            f"{lab}/courier{serial}",
            f"{name} 收样车{serial}",
            unit,
            {"vehicle": 1},
            part_of=lab,
            **spot,
        )


def _samplers(land: Land, there: int) -> Iterator[Draft]:
    """A team in each township: all whom the points' own teams leave of `SAMPLERS`."""
    teams = land.townships or land.counties
    persons = spread.shares(max(0, SAMPLERS - there), land.residents(teams))
    for unit, count in zip(teams, persons, strict=True):
        if count:
            yield draft(
                "sampler",
                f"samplers-{unit.code}",
                f"{unit.name}采样队",
                unit.code,
                {"persons": count},
                **land.spot(unit.code),
            )


def _neighbourhood(land: Land) -> Iterator[Draft]:
    """Grid staff and volunteers of each township."""
    teams = land.townships or land.counties
    for unit, residents in zip(teams, land.residents(teams), strict=True):
        for skill, word, each in NEIGHBOURHOOD:
            yield draft(
                "team",
                f"{skill}-{unit.code}",
                f"{unit.name}{word}",
                unit.code,
                {"persons": max(1, round(residents / each))},
                facts={"skill": skill},
                **land.spot(unit.code),
            )


def _deliveries(land: Land) -> Iterator[Draft]:
    """Vans, mobile supermarkets and drones of each county's store."""
    for county, residents in zip(land.counties, land.residents(land.counties), strict=True):
        for type_, word, each, least in DELIVERIES:
            for serial in range(1, max(least, round(residents / each)) + 1):
                yield draft(
                    "delivery",
                    f"{type_}-{county.code}-{serial}",
                    f"{county.name}{word}{serial}",
                    county.code,
                    {"vehicle": 1},
                    facts={"type": type_, "store": f"store-{county.code}"},
                    **land.spot(county.code),
                )


def _own_staff(one: Thing) -> Iterator[Draft]:
    for skill, word, each in HOSPITAL_STAFF:
        persons = round(sum(one.capacity.get(pool, 0) * share for pool, share in each.items()))
        if persons:
            yield draft(
                "team",
                f"{one.code}/{skill}",
                f"{one.name} 本院{word}",
                one.unit_id,
                {"persons": persons},
                facts={"skill": skill, "hospital": one.code},
                lon=one.lon,
                lat=one.lat,
            )


def _at_point(one: Thing) -> int:
    return SAMPLERS_PER_DESK * one.capacity.get("desks", 1) if one.kind == "point" else 0


def _following(things: Sequence[Thing]) -> Iterator[Draft]:
    """What goes with things of the feeds."""
    for one in things:
        if one.kind == "laboratory":
            tubes = one.capacity.get("tubes_per_day", 0)
            spot = {"lon": one.lon, "lat": one.lat}
            for serial in range(1, max(1, -(-tubes // TUBES_PER_MACHINE_DAY)) + 1):
                yield _machine(one.code, one.name, one.unit_id, serial, spot)
            yield from _couriers(one.code, one.name, one.unit_id, spot)
        elif one.kind == "hospital":
            yield from _own_staff(one)
        elif one.kind == "point":
            yield _crew(one, "sampler", "采样组", _at_point(one))
        elif one.kind == "vehicle":
            yield _crew(one, "driver", "司机组", DRIVERS_PER_VEHICLE)


def _crew(one: Thing, kind: str, word: str, persons: int) -> Draft:
    return draft(
        kind,
        f"{one.code}/{kind}1",
        f"{one.name} {word}1",
        one.unit_id,
        {"persons": persons},
        part_of=one.code,
        lon=one.lon,
        lat=one.lat,
    )

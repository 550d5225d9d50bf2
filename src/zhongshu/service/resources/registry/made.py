"""What no feed brings, made up for a synthetic headquarters: never for a real one.

The kinds are those a province counts; where a published plan names how many there were (280 supply
enterprises and 215 price points in Shanxi), so many are made, spread by residents.  Everything else
follows the things the feeds reported: machines their laboratories, drivers their vehicles,
samplers their points.  Every thing says ``made`` as its origin and bears the mark in its name.
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
from zhongshu.service.resources.registry.keeping import Draft, enter
from zhongshu.service.units import facade as units

ENTERPRISES, PRICE_POINTS = 280, 215
COUNTY = 3
MARK = "（合成）"
# Synthetic assumptions.
TUBES_PER_MACHINE_DAY = 700
SAMPLERS_PER_DESK, DRIVERS_PER_VEHICLE = 2, 2
TEAM = 10
GOODS = ("n95", "gown", "swab_kit", "pcr_reagent", "food_pack")
SPARE_H = (12, 24, 24, 48, 72)  # hours until a hall in reserve could open


def fill(*, seed: int, scope: Scope, actor: Actor, now: dt.datetime) -> int:
    """Enter what is made up for the current incident's units within `scope`; how many are new.

    The same seed and units again enter nothing.  Refuses (BadInput) an incident that is not
    synthetic: a real registry holds what somebody has seen.
    """
    incident = incidents.current()
    if not incident.synthetic:
        raise BadInput(
            "resources.not_synthetic", "Resources are made up for synthetic incidents only."
        )
    rng = stream(seed, "registry")
    counties = list(scope.filter(units.Unit.objects.filter(level=COUNTY), "path").order_by("code"))
    things = list(scope.filter(Thing.objects.filter(origin="feed")).order_by("kind", "code"))
    drafts = [*_spread(rng, counties), *_following(things)]
    return len(enter(drafts=drafts, scope=scope, actor=actor, now=now, origin="made"))


def _spread(rng: np.random.Generator, counties: Sequence[units.Unit]) -> Iterator[Draft]:
    """By residents: enterprises and price points; in each county a hall and two checkpoints."""
    if not counties:
        return
    people = np.array([max(1, one.population or 0) for one in counties], dtype=np.float64)
    for kind, word, count in (
        ("enterprise", "保供企业", ENTERPRISES),
        ("price_point", "价格监测点", PRICE_POINTS),
    ):
        where = np.sort(rng.choice(len(counties), size=count, p=people / people.sum()))
        for number, at in enumerate(where.tolist(), start=1):
            goods = GOODS[number % len(GOODS)]
            yield _draft(
                kind,
                f"{kind}-{number:04d}",
                f"{counties[at].name}{word}{number}",
                counties[at].code,
                {"units_per_day": int(rng.integers(200, 5_000))} if kind == "enterprise" else {},
                facts={"goods": goods},
            )
    for number, county in enumerate(counties):
        yield _draft(
            "site",
            f"hall-{county.code}",
            f"{county.name}体育馆",
            county.code,
            {},
            state="reserve",
            emergency={"places": int(rng.integers(10, 40)) * 10},
            opens_in_h=SPARE_H[number % len(SPARE_H)],
        )
        for serial in (1, 2):
            yield _draft(
                "checkpoint",
                f"checkpoint-{county.code}-{serial}",
                f"{county.name}第{serial}检查点",
                county.code,
                {"lanes": 2 * serial},
                opens_in_h=2 * serial,
            )
        yield _draft(
            "team",
            f"team-{county.code}",
            f"{county.name}流调队",
            county.code,
            {"persons": TEAM},
            facts={"skill": "tracing"},
        )


def _following(things: Sequence[Thing]) -> Iterator[Draft]:
    """What goes with things of the feeds."""
    for one in things:
        if one.kind == "laboratory":
            tubes = one.capacity.get("tubes_per_day", 0)
            for serial in range(1, max(1, -(-tubes // TUBES_PER_MACHINE_DAY)) + 1):
                yield _part(
                    one, "machine", serial, "扩增仪", {"tubes_per_day": TUBES_PER_MACHINE_DAY}
                )
        elif one.kind == "point":
            persons = SAMPLERS_PER_DESK * one.capacity.get("desks", 1)
            yield _part(one, "sampler", 1, "采样组", {"persons": persons})
        elif one.kind == "vehicle":
            yield _part(one, "driver", 1, "司机组", {"persons": DRIVERS_PER_VEHICLE})


def _part(one: Thing, kind: str, serial: int, word: str, capacity: dict[str, int]) -> Draft:
    return _draft(
        kind,
        f"{one.code}/{kind}{serial}",
        f"{one.name} {word}{serial}",
        one.unit_id,
        capacity,
        part_of=one.code,
        lon=one.lon,
        lat=one.lat,
    )


def _draft(
    kind: str, code: str, name: str, unit: str, capacity: dict[str, int], **more: object
) -> Draft:
    return Draft(kind, code, name + MARK, unit, capacity, **more)  # type: ignore[arg-type]

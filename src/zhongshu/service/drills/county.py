"""The synthetic county of a drill, and what the headquarters has of it before the first case."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.world import reproduction, solve
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.model import Movement, Testing, Town, WorldParams
from zhongshu.engines.world.people.places import RESTAURANT
from zhongshu.engines.world.state import World
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.feeds import PLACE_KINDS
from zhongshu.service.drills.model import Scenario

BEYOND = (
    200  # people of a neighbour, whom the generator wants; nobody goes there or comes from there
)
NEVER_TRAVELS = 1e-9
CALIBRATION_SEED = 1  # one factor for all seeds: R0 is a property of the disease


@dataclasses.dataclass(frozen=True)
class Register:
    """What is on file: no infection, no visit.  Rows of the tables are person and place indices.

    id_no, place_id: texts by index; index: of each identity number; area_id: codes of the areas
    of the kind that the pack closes; area: (n,) that of each person; county_areas: all villages;
    restaurants: ids of the places where people eat out; home, home_size: household of each person
    and people of each household.
    """

    id_no: pa.Array
    index: dict[str, int]
    place_id: pa.Array
    households: pa.Table
    places: pa.Table
    area_id: pa.Array
    area: NDArray[np.int32]
    county_areas: tuple[str, ...]
    restaurants: tuple[str, ...]
    home: NDArray[np.int32]
    home_size: NDArray[np.int64]

    def homes(self, who: list[int]) -> frozenset[int]:
        return frozenset(self.home[who].tolist())


@functools.lru_cache(maxsize=4)
def alone(code: str, margins: _Hashed) -> Margins:
    """The county and one neighbour, for the generator wants two."""
    whole = margins.margins
    if code not in whole.county_codes:
        raise BadInput("drill.county", f"There is no county {code} to drill in.", county=code)
    own = whole.county_codes.index(code)
    near = whole.neighbours[whole.neighbours[:, 0] == own, 1]
    return whole.alone([code, whole.county_codes[int(near[0])]])


@dataclasses.dataclass(frozen=True)
class _Hashed:
    """Margins by what they say, so that they can be remembered."""

    digest: str
    margins: Margins = dataclasses.field(compare=False)


def hashed(margins: Margins) -> _Hashed:
    return _Hashed(margins.digest(), margins)


def params(scenario: Scenario, *, seed: int, rooms_per_10000: float) -> WorldParams:
    """A closed county: nobody commutes or travels, so all infections are of its own making."""
    return WorldParams(
        people=scenario.people,
        days=scenario.days,
        seed=seed,
        start=dt.date.fromisoformat(scenario.on),
        focus=scenario.county,
        focus_share=1 - BEYOND / scenario.people,
        imported_seeds=scenario.imported,
        seed_days=1,
        rooms_per_10000=rooms_per_10000,
        town=Town(commute_share=NEVER_TRAVELS),
        movement=Movement(scan_coverage=scenario.coverage, trip_to_neighbour=0.0),
        testing=Testing(sensitivity=scenario.sensitivity),
    )


@functools.lru_cache(maxsize=64)
def factor(r0: float, people: int, code: str, margins: _Hashed) -> float:
    """The factor on the hazards that gives this R0 in this county."""
    plain = Scenario(people=people, county=code)
    like = params(plain, seed=CALIBRATION_SEED, rooms_per_10000=0.0)
    return reproduction.factor_for(r0, like, alone(code, margins))


def world(scenario: Scenario, margins: _Hashed, *, seed: int, rooms_per_10000: float) -> World:
    """The county of a seed before its first day."""
    hazard = factor(scenario.r0, scenario.people, scenario.county, margins)
    wanted = params(scenario, seed=seed, rooms_per_10000=rooms_per_10000)
    return solve.build(reproduction.scaled(wanted, hazard), alone(scenario.county, margins))


def register(world: World, *, unit: str) -> Register:
    """unit: ``building``, or ``village`` for anything larger that the pack names."""
    static = world.statics
    count = static.people.people
    if unit == "building":
        area_id, area = static.cells
    else:
        area_id, area = static.village_codes(), static.village_of_person
    focus = static.margins.county_codes.index(static.params.focus)
    inside = np.unique(static.village_of_person[static.people.county == focus])
    kinds = pa.array(PLACE_KINDS).take(pa.array(static.places.kind.astype(np.int64)))
    return Register(
        id_no=static.id_no,
        index={text: at for at, text in enumerate(static.id_no.to_pylist())},
        place_id=static.place_id,
        households=pa.table(
            {"person": np.arange(count), "household": static.people.household.astype(np.int64)}
        ),
        places=pa.table({"place": np.arange(len(kinds), dtype=np.int32), "kind": kinds}),
        area_id=area_id,
        area=area,
        restaurants=tuple(
            static.place_id.filter(pa.array(static.places.kind == RESTAURANT)).to_pylist()
        ),
        county_areas=tuple(static.village_codes().take(pa.array(inside)).to_pylist()),
        home=static.people.household,
        home_size=np.bincount(static.people.household),
    )

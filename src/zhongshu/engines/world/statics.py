"""What of a world never changes: people, places, sites, and the registers' texts."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import F64, I32, I64, Bools
from zhongshu.engines.world.days import arrivals, schedule, sentinel
from zhongshu.engines.world.days.itinerary import Ways
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people import (
    identity,
    places,
    population,
    resources,
    routines,
    settle,
)
from zhongshu.kernel.errors import BadInput

SATURDAY = 5
MOST_BUILDINGS = 100_000  # of a village


@dataclasses.dataclass(frozen=True)
class Statics:
    """Built once by `make`; every array is read only by convention.

    id_no, name, place_id: texts by index; village_of_person: (n,) settled village;
    hazard_per_h, crowd: (places,); seed_person, seed_day: the imported infections.
    """

    params: WorldParams
    margins: Margins
    people: population.Population
    settlement: settle.Settlement
    places: places.Places
    routines: routines.Routines
    ways: Ways
    sites: sentinel.Sites
    resources: resources.Resources
    born: I64
    id_no: pa.Array
    name: pa.Array
    place_id: pa.Array
    village_of_person: I32
    hazard_per_h: F64
    crowd: F64
    seed_person: I64
    seed_day: I64

    def visits(self, day: int, who: I64, stays: Bools) -> schedule.Visits:
        weekend = (self.params.start.weekday() + day) % 7 >= SATURDAY
        return schedule.visits(
            self.ways, seed=self.params.seed, day=day, weekend=weekend, who=who, stays=stays
        )

    def village_codes(self) -> pa.Array:
        """(settled,) 12-digit codes of the settled villages."""
        return pa.array(self.margins.village_codes).take(pa.array(self.settlement.village))

    @cached_property
    def point_of_county(self) -> I32:
        """(counties,) settled village of the sampling point for whoever comes of his own will: the
        largest; 0 where nobody is settled."""
        live = self.settlement
        found = np.zeros(len(self.margins.county_codes), dtype=np.int32)
        order = np.argsort(live.weight, kind="stable")
        found[live.county[order]] = order
        return found

    @cached_property
    def cells(self) -> tuple[pa.Array, I32]:
        """(buildings,) ids, the village's code, a dash and the number; (n,) building of each
        person: the smallest areas that can be closed."""
        live, people = self.settlement, self.people
        whole = live.home.astype(np.int64) * MOST_BUILDINGS + live.building
        each, which = np.unique(whole, return_inverse=True)
        codes = self.village_codes().take(pa.array(each // MOST_BUILDINGS))
        numbers = pa.array(each % MOST_BUILDINGS).cast(pa.string())
        ids = pc.binary_join_element_wise(codes, numbers, "-")
        return ids, which[people.household].astype(np.int32)

    def residents(self, areas: Sequence[str]) -> Bools:
        """(n,) who lives in any of these villages or buildings; refuses an unknown one."""
        ids, cell_of_person = self.cells
        villages = [area for area in areas if "-" not in area]
        inside: Bools = np.isin(self.village_of_person, self.settled(villages))
        small = _lookup(ids, [area for area in areas if "-" in area], "building")
        return inside | np.isin(cell_of_person, small) if len(small) else inside

    def in_order(self, id_nos: Sequence[str]) -> I64:
        """Person indices of identity numbers in the order given; refuses one nobody has."""
        return _find(self.id_no, id_nos, "person")

    def persons(self, id_nos: Sequence[str]) -> I64:
        """Person indices of identity numbers; refuses one that nobody has."""
        return _lookup(self.id_no, id_nos, "person")

    def place_indices(self, place_ids: Sequence[str]) -> I64:
        return _lookup(self.place_id, place_ids, "place")

    def settled(self, village_codes: Sequence[str]) -> I64:
        """Settled villages among `village_codes`; villages without people are left out, codes
        that no village of the province has are refused."""
        known = _lookup(pa.array(self.margins.village_codes), village_codes, "village")
        return np.flatnonzero(np.isin(self.settlement.village, known))


def _lookup(options: pa.Array, values: Sequence[str], what: str) -> I64:
    return np.unique(_find(options, values, what))


def _find(options: pa.Array, values: Sequence[str], what: str) -> I64:
    if not values:
        return np.empty(0, dtype=np.int64)
    found = pc.index_in(pa.array(values, pa.string()), value_set=options)
    if found.null_count:
        unknown = values[found.is_null().to_pylist().index(True)]
        raise BadInput(
            f"world.unknown_{what}", f"This world has no {what} {unknown}.", value=unknown
        )
    positions: I64 = found.to_numpy().astype(np.int64)
    return positions


def make(params: WorldParams, margins: Margins) -> Statics:
    people = population.make(margins, params)
    settlement = settle.settle(margins, params, people)
    all_places = places.make(margins, params, settlement)
    bound = routines.make(margins, params, people, all_places)
    home = settlement.home[people.household]
    born = identity.birth_days(people.age, params.start)
    seed_person, seed_day = arrivals.seeds(params, margins, people)
    return Statics(
        params=params,
        margins=margins,
        people=people,
        settlement=settlement,
        places=all_places,
        routines=bound,
        ways=schedule.ways(
            margins,
            params,
            people=people,
            home_village=home,
            all_places=all_places,
            routines=bound,
        ),
        sites=sentinel.sites(all_places, people, bound),
        resources=resources.make(margins, params, settlement),
        born=born,
        id_no=identity.numbers(people.county, people.male, born),
        name=identity.person_names(params.seed, people.male),
        place_id=_numbered("P", len(all_places)),
        village_of_person=home,
        hazard_per_h=np.array(params.disease.hazard_per_h)[all_places.kind],
        crowd=np.array(params.disease.crowd)[all_places.kind],
        seed_person=seed_person,
        seed_day=seed_day,
    )


def _numbered(letter: str, count: int) -> pa.Array:
    """P0000001, P0000002, ..."""
    digits = pc.utf8_lpad(pa.array(np.arange(1, count + 1)).cast(pa.string()), 7, "0")
    return pc.binary_join_element_wise(pa.scalar(letter), digits, "")


def household_ids(count: int) -> pa.Array:
    return _numbered("H", count)

"""Beds, rooms, vehicles, stocks, sampling points and laboratories for the synthetic people."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.world.arrays import F64, I8, I32, I64, largest_remainder
from zhongshu.engines.world.margins import Margins
from zhongshu.engines.world.params import WorldParams
from zhongshu.engines.world.people.settle import Settlement
from zhongshu.kernel.random import stream

# Synthetic assumptions per 10,000 people, except the rooms, which are a parameter.
BEDS_PER_10000 = {"designated": 8.0, "sub_designated": 8.0, "fangcang": 20.0}
ICU_SHARE = {"designated": 0.10, "sub_designated": 0.04, "fangcang": 0.0}
PEOPLE_PER_VEHICLE = {"ambulance": 12_000, "van": 9_000, "bus": 15_000}
SEATS = {"ambulance": 2, "van": 6, "bus": 20}
PEOPLE_PER_LAB = 25_000
TUBES_PER_PERSON_DAY = 0.11  # a pooled round of everybody in about a day
ITEMS = {  # unit, stock and daily use per 10,000 people, days until it expires (0: never)
    "swab_kit": ("支", 9_000.0, 700.0, 540),
    "pcr_reagent": ("人份", 6_000.0, 500.0, 270),
    "n95": ("只", 1_500.0, 60.0, 900),
    "gown": ("件", 900.0, 40.0, 720),
    "food_pack": ("份", 1_200.0, 90.0, 30),
}
ROOMS_PER_SITE = 60
ROOMS_PER_FLOOR = 12
FAMILY_ROOMS = 0.15  # share of rooms for more than one person


@dataclasses.dataclass(frozen=True)
class Site:
    """One hospital, isolation site, depot, store or laboratory.

    size: beds, rooms, vehicles' seats, people served or tubes, by what it is; kind: tier, vehicle
    kind, or empty.
    """

    site_id: str
    name: str
    kind: str
    county: int
    lon: float
    lat: float
    size: int


@dataclasses.dataclass(frozen=True)
class Points:
    """Candidate sampling points: one in each settled village, a second one in large ones."""

    village: I32
    point: F64
    desks: I8


@dataclasses.dataclass(frozen=True)
class Resources:
    hospitals: tuple[Site, ...]
    isolation: tuple[Site, ...]
    vehicles: tuple[Site, ...]
    stores: tuple[Site, ...]
    labs: tuple[Site, ...]
    points: Points


def make(margins: Margins, params: WorldParams, settlement: Settlement) -> Resources:
    """Sized to the synthetic people; every city has some of everything."""
    counties = len(margins.county_codes)
    size = np.bincount(settlement.county, weights=settlement.weight, minlength=counties).astype(
        np.float64
    )
    cities = sorted(set(margins.city_codes))
    maker = _Maker(margins, params, settlement, size)
    by_city = [
        np.array([index for index, code in enumerate(margins.city_codes) if code == city])
        for city in cities
    ]
    people = np.array([size[members].sum() for members in by_city])
    rooms = largest_remainder(people, round(params.people / 10_000 * params.rooms_per_10000))
    return Resources(
        hospitals=tuple(s for members in by_city for s in maker.hospitals(members)),
        isolation=tuple(
            s
            for members, n in zip(by_city, rooms, strict=True)
            for s in maker.sites(members, int(n))
        ),
        vehicles=tuple(s for members in by_city for s in maker.vehicles(members)),
        stores=tuple(maker.stores(by_city)),
        labs=tuple(s for members in by_city for s in maker.labs(members)),
        points=_points(params, settlement),
    )


class _Maker:
    """Puts sites into counties of a city by their people; running numbers make the ids."""

    def __init__(
        self, margins: Margins, params: WorldParams, settlement: Settlement, size: F64
    ) -> None:
        self.margins, self.settlement, self.size = margins, settlement, size
        self.rng = stream(params.seed, "resources")
        self.numbers: dict[str, int] = {}

    def _site(self, prefix: str, suffix: str, kind: str, county: int, size: int) -> Site:
        self.numbers[prefix] = number = self.numbers.get(prefix, 0) + 1
        village = self.rng.choice(np.flatnonzero(self.settlement.county == county))
        lon, lat = (float(round(x, 6)) for x in self.settlement.point[village])
        name = f"{self.margins.county_names[county]}{suffix}"
        return Site(f"{prefix}{number:04d}", name, kind, county, lon, lat, size)

    def _county(self, members: I64) -> int:
        """A county of the city, by people."""
        return int(self.rng.choice(members, p=self.size[members] / self.size[members].sum()))

    def _people(self, members: I64) -> float:
        return float(self.size[members].sum())

    def hospitals(self, members: I64) -> list[Site]:
        found = []
        for (tier, rate), word in zip(
            BEDS_PER_10000.items(), ("定点医院", "亚定点医院", "方舱医院"), strict=True
        ):
            beds = max(4, round(self._people(members) / 10_000 * rate))
            found.append(self._site("H", word, tier, self._county(members), beds))
        return found

    def sites(self, members: I64, rooms: int) -> list[Site]:
        count = max(1, round(rooms / ROOMS_PER_SITE))
        shares = largest_remainder(np.ones(count), max(rooms, 1))
        return [
            self._site("G", f"第{n + 1}隔离点", "", self._county(members), int(share))
            for n, share in enumerate(shares)
        ]

    def vehicles(self, members: I64) -> list[Site]:
        found = []
        for kind, per in PEOPLE_PER_VEHICLE.items():
            for _ in range(max(1, round(self._people(members) / per))):
                found.append(self._site("V", "车场", kind, self._county(members), SEATS[kind]))
        return found

    def stores(self, by_city: list[I64]) -> list[Site]:
        """One for each county of the largest city, one for each other city."""
        focus = max(by_city, key=self._people)
        found = []
        for members in by_city:
            for county in members if members is focus else [self._county(members)]:
                served = self.size[county] if members is focus else self._people(members)
                found.append(self._site("S", "应急物资库", "", int(county), round(float(served))))
        return found

    def labs(self, members: I64) -> list[Site]:
        people = self._people(members)
        count = max(1, round(people / PEOPLE_PER_LAB))
        tubes = max(40, round(people * TUBES_PER_PERSON_DAY / count))
        return [
            self._site("L", "核酸检测实验室", "", self._county(members), tubes)
            for _ in range(count)
        ]


def _points(params: WorldParams, settlement: Settlement) -> Points:
    second = np.flatnonzero(settlement.weight > 2.0 * params.town.village_people)
    village = np.sort(np.concatenate((np.arange(len(settlement.village)), second)))
    rng = stream(params.seed, "points")
    point = settlement.point[village] + rng.normal(0, 0.0008, (len(village), 2))
    desks = np.clip(np.ceil(settlement.weight[village] / 250), 1, 6)
    return Points(village.astype(np.int32), np.round(point, 6), desks.astype(np.int8))


def room_layout(rooms: int) -> tuple[I64, I64, I64]:
    """(floor, number, capacity) of each room of a site."""
    index = np.arange(rooms)
    floor = 2 + index // ROOMS_PER_FLOOR
    number = floor * 100 + index % ROOMS_PER_FLOOR + 1
    family = index % round(1 / FAMILY_ROOMS) == 0
    return floor, number, np.where(family, 3, 1)

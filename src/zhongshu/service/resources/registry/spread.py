"""Where made-up things stand: units by residents, and the stores of five levels."""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from zhongshu.reference import read
from zhongshu.service.kit.scope import Scope
from zhongshu.service.resources.registry.keeping import Draft
from zhongshu.service.units import facade as units

MARK = "（合成）"
PROVINCE, CITY, COUNTY, TOWNSHIP, VILLAGE = 1, 2, 3, 4, 5
# Synthetic assumptions.  A good: what it is counted in, its use a day by 10,000 residents, days
# from now until a lot of it expires.
GOODS: Mapping[str, tuple[str, float, int]] = {
    "n95": ("只", 60.0, 700),
    "gown": ("件", 40.0, 540),
    "swab_kit": ("支", 700.0, 360),
    "pcr_reagent": ("人份", 500.0, 180),
    "food_pack": ("份", 90.0, 25),
    "medicine": ("份", 6.0, 120),
}
# A unit's level: the store's level as the planner of supplies names it, its name, its goods, and
# how many days of its residents' use it keeps.
STORES: Mapping[int, tuple[str, str, tuple[str, ...], float]] = {
    PROVINCE: ("province", "省级储备库", tuple(GOODS), 5.0),
    CITY: ("city", "市级储备库", tuple(GOODS), 5.0),
    COUNTY: ("county", "县级储备库", tuple(GOODS), 4.0),
    TOWNSHIP: ("township", "乡镇储备点", ("n95", "food_pack"), 2.0),
    VILLAGE: ("site", "村级储备点", ("food_pack",), 1.0),
}


@dataclasses.dataclass(frozen=True)
class Land:
    """Units within a scope by code.  villages: the first of each township."""

    above: Sequence[units.Unit]
    counties: Sequence[units.Unit]
    townships: Sequence[units.Unit]
    villages: Sequence[units.Unit]

    def drawn(self, rng: np.random.Generator, count: int) -> list[int]:
        """Places of `count` things among the counties, by residents, in order."""
        people = self.residents(self.counties)
        chance = people / people.sum()
        found: list[int] = np.sort(rng.choice(len(people), size=count, p=chance)).tolist()
        return found

    def residents(self, of: Sequence[units.Unit]) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Of each unit; those of a county are spread evenly over its townships."""
        return np.array([self._people[one.code] for one in of], dtype=np.float64)

    def spot(self, code: str) -> dict[str, float | None]:
        """The middle of the unit's county, of a city or province its first county's."""
        county = next((one for one in (code[:6], code[:4], code[:2]) if one in self._spots), "")
        lon, lat = self._spots.get(county, (None, None))
        return {"lon": lon, "lat": lat}

    @functools.cached_property
    def _people(self) -> Mapping[str, float]:
        found = {one.code: float(max(1, one.population or 0)) for one in self.counties}
        below: dict[str, int] = {}
        for one in self.townships:
            below[one.parent_id or ""] = below.get(one.parent_id or "", 0) + 1
        for one in self.townships:
            parent = one.parent_id or ""
            found[one.code] = found.get(parent, 1.0) / below[parent]
        for one in self.villages:
            found[one.code] = found.get(one.parent_id or "", 1.0)
        for one in self.above:
            found[one.code] = sum(
                found[county.code] for county in self.counties if county.path.startswith(one.path)
            )
        return found

    @functools.cached_property
    def _spots(self) -> Mapping[str, tuple[float, float]]:
        """By the digits of a county's, its city's and its province's code."""
        codes = {one.code for one in self.counties}
        found: dict[str, tuple[float, float]] = {}
        for row in read.table("areas").sort_by("code").to_pylist():
            if row["code"] in codes:
                for digits in (6, 4, 2):
                    found.setdefault(
                        row["code"][:digits], (row["centroid_lon"], row["centroid_lat"])
                    )
        return found


def land(scope: Scope) -> Land:
    rows = scope.filter(units.Unit.objects.exclude(level=VILLAGE), "path").order_by("code")
    by_level: dict[int, list[units.Unit]] = {}
    for one in rows:
        by_level.setdefault(one.level, []).append(one)
    villages = scope.filter(units.Unit.objects.filter(level=VILLAGE), "path")
    return Land(
        above=[*by_level.get(PROVINCE, ()), *by_level.get(CITY, ())],
        counties=by_level.get(COUNTY, ()),
        townships=by_level.get(TOWNSHIP, ()),
        villages=list(villages.order_by("parent_id", "code").distinct("parent_id")),
    )


def shares(total: int, weights: np.ndarray[Any, np.dtype[np.float64]]) -> Collection[int]:
    """`total` divided by `weights` into whole numbers that add up to it (largest remainders)."""
    exact = total * weights / weights.sum()
    parts = np.floor(exact).astype(np.int64)
    order = np.argsort(parts - exact, kind="stable")
    parts[order[: total - int(parts.sum())]] += 1
    found: list[int] = parts.tolist()
    return found


def stores(land: Land, *, day: dt.date, fed: Collection[str]) -> Iterator[Draft]:
    """A store in every unit of the land, with a lot of each of its goods.  What residents use is
    told at their county's store, unless a feed tells it there (`fed`: codes of those counties)."""
    for unit in (*land.above, *land.counties, *land.townships, *land.villages):
        level, word, goods, days = STORES[unit.level]
        code, name = f"store-{unit.code}", f"{unit.name}{word}"
        spot = land.spot(unit.code)
        yield draft("store", code, name, unit.code, {}, facts={"level": level}, **spot)
        (people,) = land.residents([unit]).tolist()
        tells = unit.level == COUNTY and unit.code not in fed
        for good in goods:
            measure, daily, lasts = GOODS[good]
            used = daily * people / 10_000
            yield draft(
                "lot",
                f"{code}/{good}",
                f"{name} {good}",
                unit.code,
                {"units": max(1, round(days * used))},
                part_of=code,
                facts={
                    "goods": good,
                    "measure": measure,
                    "used_per_day": round(used, 2) if tells else 0.0,
                    "expires_on": (day + dt.timedelta(days=lasts)).isoformat(),
                },
                **spot,
            )


def draft(
    kind: str, code: str, name: str, unit: str, capacity: dict[str, int], **more: Any
) -> Draft:
    return Draft(kind, code, name + MARK, unit, capacity, **more)

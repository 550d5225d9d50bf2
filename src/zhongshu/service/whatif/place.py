"""The unit a question is about: its areas and who lives there."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import TypedDict

from zhongshu.kernel.divisions import Division, DivisionTree, Level
from zhongshu.kernel.errors import BadInput
from zhongshu.reference import census, read
from zhongshu.service.people import facade as people
from zhongshu.service.units import facade as units


class Area(TypedDict):
    """kind: county, township or village."""

    code: str
    name: str
    kind: str
    people: int


@dataclasses.dataclass(frozen=True)
class Place:
    """counties: those of the census in the unit.  below: townships and villages of a unit that
    is one county.  residents: registered people by village; empty where the headquarters holds
    nobody there, and the census counts."""

    unit: units.UnitRef
    counties: tuple[Division, ...]
    below: tuple[Division, ...]
    residents: Mapping[str, int]

    @property
    def whole(self) -> bool:
        """One county: the outbreak model answers; else that of the counties."""
        return len(self.counties) == 1

    @property
    def villages(self) -> tuple[Division, ...]:
        return tuple(one for one in self.below if one.level == Level.VILLAGE)

    @property
    def codes(self) -> frozenset[str]:
        """What options may name."""
        return frozenset(one.code for one in (*self.counties, *self.below))

    def people(self, one: Division) -> int:
        """Registered, or by the census; below the county the census is shared evenly by village."""
        if self.residents:
            inside = [code for code, path in self._paths.items() if path.startswith(one.path)]
            return sum(self.residents.get(code, 0) for code in inside)
        if one.level == Level.COUNTY:
            return _census()[one.code]
        share = sum(village.path.startswith(one.path) for village in self.villages)
        return round(_census()[self.counties[0].code] * share / len(self.villages))

    @functools.cached_property
    def _paths(self) -> dict[str, str]:
        tree = _tree(self.unit["path"].split("/")[0])
        return {code: tree.get(code).path for code in self.residents}

    def areas(self) -> list[Area]:
        """What options may name: counties; of one county its townships and villages too."""
        return [
            {
                "code": one.code,
                "name": one.name,
                "kind": one.level.name.lower(),
                "people": self.people(one),
            }
            for one in (*self.counties, *self.below)
        ]


def place(unit: units.Unit) -> Place:
    """Refuses (BadInput) a unit below the county, because whoever lives in it meets the whole
    county, and one without people in the census."""
    if unit.level > Level.COUNTY:
        raise BadInput(
            "whatif.unit",
            f"{unit.name} is smaller than a county; ask about its county and name it as an area.",
            unit=unit.code,
        )
    tree = _tree(unit.path.split("/")[0])
    inside = tree.under(unit.code) if unit.code in tree else []
    counties = tuple(one for one in inside if one.level == Level.COUNTY and one.code in _census())
    if not counties:
        raise BadInput(
            "whatif.no_census",
            f"The census has no people for {unit.name}; ask about the unit above.",
            unit=unit.code,
        )
    below: list[Division] = []
    if len(counties) == 1:
        below = [one for one in inside if one.path.startswith(counties[0].path)][1:]
    codes = {one.code for one in inside}
    residents = {
        row["village_code"]: row["residents"]
        for row in people.villages().to_pylist()
        if row["village_code"] in codes
    }
    ordered = sorted(below, key=lambda one: one.path)
    return Place(units.ref(unit), counties, tuple(ordered), residents)


@functools.cache
def _tree(province: str) -> DivisionTree:
    return read.divisions(province)


@functools.cache
def _census() -> Mapping[str, int]:
    """Residents of each county, with the development zones it answers for."""
    rows = census.counties().select(["code", "pop"]).to_pylist()
    return {row["code"]: row["pop"] for row in rows}

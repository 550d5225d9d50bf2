"""Parties: the members of one household of one degree, who travel and live together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Requires = frozenset[frozenset[str]]  # a room needs one tag of each


@dataclasses.dataclass(frozen=True)
class Parties:
    """Arrays of equal length, one entry per party, sorted by (household, degree).

    low: wants a low floor.  requires: what every room of theirs must offer.
    kept: those of degree 2 who stay with somebody of degree 1 because one of them may not be left
    alone.  lone: somebody who may not be left alone and has nobody here.
    rows: indices into the people table.  lon, lat: NaN when unknown.
    """

    household: NDArray[np.int64]
    degree: NDArray[np.int64]
    size: NDArray[np.int64]
    low: NDArray[np.bool_]
    requires: list[Requires]
    kept: NDArray[np.bool_]
    lone: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    rows: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.size)

    @property
    def located(self) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = np.isfinite(self.lon) & np.isfinite(self.lat)
        return known


def needs_of(text: str) -> frozenset[str]:
    """The needs of one person: codes separated by semicolons."""
    return frozenset(part.strip() for part in text.split(";") if part.strip())


def gather(people: pa.Table, rules: model.RoomRules) -> Parties:
    """Groups the people; a party's point is that of its first member who has one."""
    tables.require(people, "people", model.PEOPLE.names)
    household, degree = tables.ints(people, "household"), tables.ints(people, "degree")
    _check_people(tables.ints(people, "person"), degree)
    needs = [needs_of(text) for text in tables.texts(people, "special_need")]
    helpless = np.array([bool(own & rules.companion_needs) for own in needs], bool)
    together = _with_company(household, degree, helpless)
    lon, lat = tables.floats(people, "lon"), tables.floats(people, "lat")
    order = np.lexsort((together, household))
    change = (np.diff(household[order]) != 0) | (np.diff(together[order]) != 0)
    groups = np.split(order, np.flatnonzero(change) + 1) if len(order) else []
    points = [_first_point(lon[rows], lat[rows]) for rows in groups]
    wanted = [frozenset[str]().union(*(needs[row] for row in rows)) for rows in groups]
    closest = [int(together[rows[0]]) for rows in groups]
    return Parties(
        household=np.array([household[rows[0]] for rows in groups], np.int64),
        degree=np.array(closest, np.int64),
        size=np.array([len(rows) for rows in groups], np.int64),
        low=np.array([bool(need & rules.low_floor_needs) for need in wanted], bool),
        requires=[_requires(need, d, rules) for need, d in zip(wanted, closest, strict=True)],
        kept=np.array([(degree[rows] != together[rows]).any() for rows in groups], bool),
        lone=np.array([helpless[rows].all() for rows in groups], bool),
        lon=np.array([point[0] for point in points], np.float64),
        lat=np.array([point[1] for point in points], np.float64),
        rows=[np.sort(rows) for rows in groups],
    )


def distances(parties: Parties, lon: object, lat: object, *, detour: float) -> NDArray[np.float64]:
    """Party-site kilometres, shape (parties, sites); NaN where a home has no coordinates."""
    return geo.matrix_km(parties.lon, parties.lat, lon, lat) * detour


def _with_company(
    household: NDArray[np.int64], degree: NDArray[np.int64], helpless: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """The degree each person lives with.  Where the members of one degree may none of them be left
    alone, the whole household stays together and counts as degree 1, the stricter one."""
    lives = degree.copy()
    for home in np.unique(household[helpless]):
        members = np.flatnonzero(household == home)
        apart = [members[degree[members] == d] for d in (1, 2)]
        if all(len(group) for group in apart) and any(helpless[group].all() for group in apart):
            lives[members] = 1
    return lives


def _requires(needs: frozenset[str], degree: int, rules: model.RoomRules) -> Requires:
    asked = [rules.need_tags[need] for need in needs if need in rules.need_tags]
    if degree in rules.degree_tags:
        asked.append(rules.degree_tags[degree])
    return frozenset(frozenset(tags) for tags in asked)


def _check_people(person: NDArray[np.int64], degree: NDArray[np.int64]) -> None:
    twice = len(person) - len(np.unique(person))
    if twice:
        raise BadInput(
            "transfer.person_twice", f"{twice} person(s) are listed twice; list each once.", n=twice
        )
    if not np.isin(degree, (1, 2)).all():
        raise BadInput("transfer.bad_degree", "A contact's degree must be 1 or 2.")


def _first_point(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> tuple[float, float]:
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    return (float(lon[known[0]]), float(lat[known[0]])) if len(known) else (np.nan, np.nan)

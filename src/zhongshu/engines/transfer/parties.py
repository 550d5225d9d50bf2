"""Parties: the members of one household of one degree, who travel and live together."""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.transfer import model
from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True)
class Parties:
    """Arrays of equal length, one entry per (household, degree), sorted by those two.

    low: wants a low floor.  rows: indices into the people table.  lon, lat: NaN when unknown.
    """

    household: NDArray[np.int64]
    degree: NDArray[np.int64]
    size: NDArray[np.int64]
    low: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    rows: list[NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.size)

    @property
    def located(self) -> NDArray[np.bool_]:
        known: NDArray[np.bool_] = np.isfinite(self.lon) & np.isfinite(self.lat)
        return known


def gather(people: pa.Table, *, low_needs: frozenset[str]) -> Parties:
    """Groups the people; a party's point is that of its first member who has one."""
    tables.require(people, "people", model.PEOPLE.names)
    household, degree = tables.ints(people, "household"), tables.ints(people, "degree")
    _check_people(tables.ints(people, "person"), degree)
    lon, lat = tables.floats(people, "lon"), tables.floats(people, "lat")
    wants_low = np.array([need in low_needs for need in tables.texts(people, "special_need")], bool)
    order = np.lexsort((degree, household))
    change = (np.diff(household[order]) != 0) | (np.diff(degree[order]) != 0)
    groups = np.split(order, np.flatnonzero(change) + 1) if len(order) else []
    points = [_first_point(lon[rows], lat[rows]) for rows in groups]
    return Parties(
        household=np.array([household[rows[0]] for rows in groups], np.int64),
        degree=np.array([degree[rows[0]] for rows in groups], np.int64),
        size=np.array([len(rows) for rows in groups], np.int64),
        low=np.array([wants_low[rows].any() for rows in groups], bool),
        lon=np.array([point[0] for point in points], np.float64),
        lat=np.array([point[1] for point in points], np.float64),
        rows=[np.sort(rows) for rows in groups],
    )


def distances(parties: Parties, lon: object, lat: object, *, detour: float) -> NDArray[np.float64]:
    """Party-site kilometres, shape (parties, sites); NaN where a home has no coordinates."""
    return geo.matrix_km(parties.lon, parties.lat, lon, lat) * detour


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

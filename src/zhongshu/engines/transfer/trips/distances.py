"""Metres and seconds between points: straight lines, a matrix file, or a road service.

A `Finder` takes the names, longitudes and latitudes of all points of a plan and gives two square
matrices.  The engine asks once per plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.kernel import geo, tables
from zhongshu.kernel.errors import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Finder = Callable[[Sequence[str], Floats, Floats], tuple[Ints, Ints]]

POINTS = pa.schema([("point", pa.string()), ("lon", pa.float64()), ("lat", pa.float64())])
LEGS = pa.schema(
    [
        ("from", pa.string()),
        ("to", pa.string()),
        ("metres", pa.float64()),
        ("seconds", pa.float64()),
    ]
)
DECIMALS = 5  # about a metre: points of a file are found by their coordinates
SHOWN = 5  # gaps named in a refusal


def straight(*, detour_factor: float, speed_kmh: float) -> Finder:
    """Great-circle distances times a detour factor, at one speed."""

    def find(names: Sequence[str], lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        km = geo.matrix_km(lon, lat, lon, lat) * detour_factor
        return _whole(km * 1000, km / speed_kmh * 3600)

    return find


def from_file(points: pa.Table, legs: pa.Table) -> Finder:
    """A matrix as two tables, POINTS and LEGS; both directions of a leg are rows of their own.

    Refuses a plan with a point the file does not know, or a pair of points without a leg.
    """
    tables.require(points, "points", POINTS.names)
    tables.require(legs, "legs", LEGS.names)
    tables.not_negative(legs, "legs", ["metres", "seconds"])
    row = {name: n for n, name in enumerate(tables.texts(points, "point"))}
    at = _by_place(tables.floats(points, "lon"), tables.floats(points, "lat"))
    length, time = _square(legs, row)

    def find(names: Sequence[str], lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        places = [_place(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
        unknown = [name for name, place in zip(names, places, strict=True) if place not in at]
        if unknown:
            raise BadInput(
                "transfer.point_not_in_matrix",
                f"The distance matrix lacks {len(unknown)} point(s) of the plan, e.g. "
                f"{', '.join(unknown[:SHOWN])}; add them or plan without the matrix.",
                points=unknown[:SHOWN],
            )
        index = np.array([at[place] for place in places], np.int64)
        return complete(names, length[np.ix_(index, index)], time[np.ix_(index, index)])

    return find


class Remembered:
    """A finder that keeps what it was told, so that whoever checks a plan need not ask again."""

    def __init__(self, find: Finder) -> None:
        self._find = find
        self._told: list[tuple[dict[tuple[float, float], int], Ints]] = []

    def __call__(self, names: Sequence[str], lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        metres, seconds = self._find(names, lon, lat)
        self._told.append((_by_place(lon, lat), seconds))
        return metres, seconds

    def drive_s(self, a: Mapping[str, Any], b: Mapping[str, Any]) -> float:
        """Seconds from one row's `lon` and `lat` to another's; asks for what it was not told."""
        start, end = (_place(one["lon"], one["lat"]) for one in (a, b))
        for at, seconds in self._told:
            if start in at and end in at:
                return float(seconds[at[start], at[end]])
        lon, lat = (np.array([a[key], b[key]], np.float64) for key in ("lon", "lat"))
        return float(self(["from", "to"], lon, lat)[1][0, 1])


def complete(names: Sequence[str], metres: Floats, seconds: Floats) -> tuple[Ints, Ints]:
    """The matrices in whole numbers; refuses gaps (NaN), naming them."""
    gaps = np.argwhere(~(np.isfinite(metres) & np.isfinite(seconds)))
    if len(gaps):
        shown = [f"{names[a]} -> {names[b]}" for a, b in gaps[:SHOWN]]
        raise BadInput(
            "transfer.matrix_gap",
            f"The distance matrix has no way for {len(gaps)} pair(s) of points, e.g. "
            f"{'; '.join(shown)}; fill them in.",
            pairs=shown,
            count=len(gaps),
        )
    return _whole(metres, seconds)


def _whole(metres: Floats, seconds: Floats) -> tuple[Ints, Ints]:
    return np.rint(metres).astype(np.int64), np.ceil(seconds).astype(np.int64)


def _place(lon: float, lat: float) -> tuple[float, float]:
    return round(lon, DECIMALS), round(lat, DECIMALS)


def _by_place(lon: Floats, lat: Floats) -> dict[tuple[float, float], int]:
    pairs = zip(lon.tolist(), lat.tolist(), strict=True)
    return {_place(x, y): n for n, (x, y) in enumerate(pairs)}


def _square(legs: pa.Table, row: dict[str, int]) -> tuple[Floats, Floats]:
    """NaN where no leg is given, 0 from a point to itself."""
    a = np.array([row.get(name, -1) for name in tables.texts(legs, "from")], np.int64)
    b = np.array([row.get(name, -1) for name in tables.texts(legs, "to")], np.int64)
    known = (a >= 0) & (b >= 0)
    length, time = np.full((2, len(row), len(row)), np.nan)
    length[a[known], b[known]] = tables.floats(legs, "metres")[known]
    time[a[known], b[known]] = tables.floats(legs, "seconds")[known]
    for matrix in (length, time):
        np.fill_diagonal(matrix, 0.0)
    return length, time

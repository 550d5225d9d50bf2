"""Distances on the sphere, WGS-84 degrees in, kilometres out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of WGS-84 (Moritz 2000, J. Geod. 74:128)


def haversine_km(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> Floats:
    """Great-circle distance in km; arguments broadcast.  NaN in, NaN out."""
    lon_a, lat_a, lon_b, lat_b = (
        np.radians(np.asarray(value, dtype=np.float64)) for value in (lon_a, lat_a, lon_b, lat_b)
    )
    half_chord = (
        np.sin((lat_b - lat_a) / 2) ** 2
        + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    )
    distance: Floats = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half_chord, 1.0)))
    return distance


def matrix_km(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> Floats:
    """All pairs: shape (len(a), len(b))."""
    rows = (
        np.asarray(lon_a, dtype=np.float64)[:, None],
        np.asarray(lat_a, dtype=np.float64)[:, None],
    )
    return haversine_km(rows[0], rows[1], np.asarray(lon_b)[None, :], np.asarray(lat_b)[None, :])


def cell_of(lon: Any, lat: Any, cell_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(column, row) of the square cell each point lies in; sides of `cell_m` metres.

    Rows count from the equator, columns within a row from Greenwich, along the parallel through
    the row's middle: every cell of the world is a square of that size to within a part in 10,000,
    and a point's cell never depends on where the grid was begun.
    """
    metres_per_degree = np.pi / 180 * EARTH_RADIUS_KM * 1000
    row = np.floor(np.asarray(lat, dtype=np.float64) * metres_per_degree / cell_m)
    across = metres_per_degree * _shrink(row, cell_m)
    column = np.floor(np.asarray(lon, dtype=np.float64) * across / cell_m)
    return column.astype(np.int64), row.astype(np.int64)


def cell_middle(column: Any, row: Any, cell_m: float) -> tuple[Floats, Floats]:
    """(lon, lat) of the middle of each cell of `cell_of`."""
    metres_per_degree = np.pi / 180 * EARTH_RADIUS_KM * 1000
    rows = np.asarray(row, dtype=np.float64)
    lat: Floats = (rows + 0.5) * cell_m / metres_per_degree
    across = metres_per_degree * _shrink(rows, cell_m)
    lon: Floats = (np.asarray(column, dtype=np.float64) + 0.5) * cell_m / across
    return lon, lat


def _shrink(row: Floats, cell_m: float) -> Floats:
    """How much shorter a degree of longitude is in the middle of a row than on the equator."""
    angle = (row + 0.5) * cell_m / (EARTH_RADIUS_KM * 1000)
    shrunk: Floats = np.cos(np.clip(angle, -np.pi / 2, np.pi / 2))
    return shrunk

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

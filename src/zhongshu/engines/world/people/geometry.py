"""Points inside county polygons."""

from __future__ import annotations

import numpy as np

from zhongshu.engines.world.arrays import F64, Bools
from zhongshu.kernel.compiled import njit

KM_PER_DEGREE = 111.32  # of latitude, on the sphere of 6371 km


@njit(cache=True)
def _crossings(lon, lat, ring, odd):  # type: ignore[no-untyped-def]
    """Flips `odd` for every point whose ray to the east crosses `ring` an odd number of times."""
    for point in range(lon.shape[0]):
        x, y = lon[point], lat[point]
        for corner in range(ring.shape[0] - 1):
            x0, y0 = ring[corner, 0], ring[corner, 1]
            x1, y1 = ring[corner + 1, 0], ring[corner + 1, 1]
            if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
                odd[point] = not odd[point]


def inside(lon: F64, lat: F64, rings: tuple[F64, ...]) -> Bools:
    """Whether each point lies inside the rings, by the even-odd rule."""
    odd = np.zeros(lon.shape[0], dtype=np.bool_)
    for ring in rings:
        _crossings(lon, lat, ring, odd)
    return odd


def scatter(rng: np.random.Generator, rings: tuple[F64, ...], count: int) -> F64:
    """(count, 2) points, uniform over the polygon."""
    corners = np.concatenate(rings)
    low, high = corners.min(axis=0), corners.max(axis=0)
    found: list[F64] = []
    have = 0
    while have < count:
        trial = low + (high - low) * rng.random((4 * count + 16, 2))
        hits = trial[inside(trial[:, 0].copy(), trial[:, 1].copy(), rings)]
        found.append(hits)
        have += len(hits)
    return np.concatenate(found)[:count]


def around(rng: np.random.Generator, centres: F64, spread_km: float) -> F64:
    """One point near each centre: normal with `spread_km` in each direction, not clipped."""
    shift = rng.normal(0.0, spread_km, centres.shape) / KM_PER_DEGREE
    shift[:, 0] /= np.cos(np.radians(centres[:, 1]))
    points: F64 = centres + shift
    return points


def near(rng: np.random.Generator, centres: F64, spread_km: float, rings: tuple[F64, ...]) -> F64:
    """Like `around`; a point that falls outside the polygon is put on its centre instead."""
    points = around(rng, centres, spread_km)
    out = ~inside(points[:, 0].copy(), points[:, 1].copy(), rings)
    points[out] = centres[out]
    return points

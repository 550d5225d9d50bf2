"""The outline of an area: the convex hull of its homes, widened by a buffer.

Drawn for the map only.  An outline may overlap a neighbour's; residents are counted by unit, never
by polygon.
"""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhongshu.engines.zoning import model
from zhongshu.kernel import tables
from zhongshu.kernel.geo import EARTH_RADIUS_KM

Points = NDArray[np.float64]
CORNERS = 24  # of the circle that rounds the hull


def outlines(homes: pa.Table, codes: set[str], *, buffer_m: float) -> pa.Table:
    """GeoJSON polygons (WGS-84) of the units in `codes` that have homes with coordinates."""
    tables.require(homes, "homes", model.HOMES.names)
    wanted = sorted(codes)
    unit = pc.index_in(homes["unit_code"], value_set=pa.array(wanted, pa.string()))
    number = np.asarray(unit.fill_null(-1).to_numpy())
    lon, lat = tables.floats(homes, "lon"), tables.floats(homes, "lat")
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat) & (number >= 0))
    known = known[np.argsort(number[known], kind="stable")]
    ends = np.searchsorted(number[known], np.arange(len(wanted) + 1))
    rows = []
    for code, first, last in zip(wanted, ends, ends[1:], strict=False):
        inside = known[first:last]
        if len(inside):
            ring = outline(np.column_stack([lon[inside], lat[inside]]), buffer_m=buffer_m)
            shape = {"type": "Polygon", "coordinates": [ring.round(6).tolist()]}
            rows.append({"unit_code": code, "geojson": json.dumps(shape)})
    return pa.Table.from_pylist(rows, schema=model.SHAPES)


def outline(points: Points, *, buffer_m: float) -> Points:
    """Closed ring around `points`, shape (n, 2) lon/lat, counter-clockwise.

    The buffer is the hull of circles about the points (the Minkowski sum with a polygon of
    `CORNERS` corners), laid in a plane about their middle; good to metres over a township.
    """
    middle = points.mean(axis=0)
    metre = np.degrees(1 / (EARTH_RADIUS_KM * 1000))
    scale = np.array([metre / np.cos(np.radians(middle[1])), metre])
    plane = (points - middle) / scale
    angle = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    circle = buffer_m * np.column_stack([np.cos(angle), np.sin(angle)])
    corners = hull(plane)
    ring = hull((corners[:, None, :] + circle[None, :, :]).reshape(-1, 2))
    closed: Points = np.vstack([ring, ring[:1]]) * scale + middle
    return closed


def hull(points: Points) -> Points:
    """Convex hull, counter-clockwise (Andrew's monotone chain, Inf. Process. Lett. 9 (1979))."""
    ordered = np.unique(points, axis=0)
    if len(ordered) <= 2:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return np.array(lower[:-1] + upper[:-1])


def _chain(points: Points) -> list[Points]:
    chain: list[Points] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Points, b: Points, c: Points) -> float:
    return float((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))

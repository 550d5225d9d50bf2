"""Towns to draw zones in: homes scattered round centres, cells by nearest home, clustered risk.

Synthetic.  Tuning used seeds below 100; results are reported on seeds from 100 on.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pyarrow as pa
from scipy import spatial

from zhongshu.engines.zoning.planning import model
from zhongshu.kernel.random import stream

SIDE_M = 6000.0


def town(
    seed: int, *, cells: int = 1500, hotspots: int = 14, blocks: int = 120, units: int = 0
) -> tuple[pa.Table, pa.Table]:
    """CELLS and ADJACENT of a town; hotspots: clusters of risk; blocks: road-bounded, named.

    units: units of the largest kind a zone may be (0: no such limit).
    """
    rng = stream(seed, "zoning-plan", cells)
    points = _homes(rng, cells)
    people = np.maximum(1, rng.lognormal(5.0, 0.6, cells)).astype(np.int64)
    centres = points[rng.choice(cells, hotspots, replace=False)]
    weight, reach = rng.lognormal(0, 0.8, hotspots), rng.uniform(100, 350, hotspots)
    distance = spatial.distance.cdist(points, centres)
    risk = people * ((weight * np.exp(-((distance / reach) ** 2))).sum(1) + 0.004)
    risk *= rng.gamma(2.0, 0.5, cells)
    rows = {
        "cell_id": [f"c{n}" for n in range(cells)],
        "risk": risk,
        "strictness": np.ones(cells),
        "days": np.where(risk / people > np.median(risk / people), 7.0, 5.0),
        "named": [f"b{n}" for n in _nearest(points, rng, blocks)],
        "largest": [f"u{n}" for n in _nearest(points, rng, units)] if units else [None] * cells,
        "present": np.zeros(cells, dtype=bool),
        "people": people,
        "households": people // 3,
        "special_needs": rng.binomial(people, 0.03),
        "shops": rng.poisson(1.0, cells),
        "clinics": rng.poisson(0.05, cells),
        "schools": rng.poisson(0.03, cells),
    }
    arrays = [pa.array(rows[field.name], field.type) for field in model.CELLS]
    return pa.Table.from_arrays(arrays, schema=model.CELLS), _adjacent(points)


def aims(*, zones: int, share: float = 0.8, borders: bool = True) -> model.Aims:
    """A zone costs what closing some three cells for a week costs; borders have a price or none."""
    aims = model.Aims(share=share, zones=zones, zone_cost=3_000.0)
    return dataclasses.replace(aims, inside_per_m=1.0, named_per_m=0.1) if borders else aims


def _homes(rng: np.random.Generator, cells: int) -> np.ndarray:
    """Half of them round a dozen centres, half anywhere."""
    centres = rng.uniform(0, SIDE_M, (12, 2))
    near = centres[rng.integers(0, 12, cells // 2)] + rng.normal(0, 500, (cells // 2, 2))
    return np.vstack([near, rng.uniform(0, SIDE_M, (cells - len(near), 2))])


def _nearest(points: np.ndarray, rng: np.random.Generator, count: int) -> np.ndarray:
    seeds = points[rng.choice(len(points), count, replace=False)]
    return spatial.distance.cdist(points, seeds).argmin(1)


def _adjacent(points: np.ndarray) -> pa.Table:
    """Pairs whose Voronoi cells share a side, and its length (at most 400 m, at the edge)."""
    diagram = spatial.Voronoi(points)
    corners = np.array(diagram.ridge_vertices)
    inner = (corners >= 0).all(1)
    ends = diagram.vertices[corners]
    length = np.where(inner, np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1), 400.0)
    a, b = diagram.ridge_points.T
    names = [[f"c{n}" for n in side] for side in (a, b)]
    return pa.table([*names, np.minimum(length, 400.0)], schema=model.ADJACENT)

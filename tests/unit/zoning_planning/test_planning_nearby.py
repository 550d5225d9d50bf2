"""Neighbours by middles, against the definition in three loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhongshu.engines.zoning.planning import nearby
from zhongshu.kernel.errors import BadInput


def slow(points: list[tuple[float, float]]) -> set[tuple[int, int]]:
    """All pairs with no third point inside the circle on their diameter."""
    lon, lat = np.array(points, float).T
    x = (lon - lon.mean()) * np.cos(np.radians(lat.mean()))

    def apart(i: int, j: int) -> float:
        return float((x[i] - x[j]) ** 2 + (lat[i] - lat[j]) ** 2)

    n = len(points)
    return {
        (i, j)
        for i in range(n)
        for j in range(i + 1, n)
        if not any(apart(i, k) + apart(k, j) < apart(i, j) for k in range(n) if k not in (i, j))
    }


# Whole steps of a grid far from ties by rounding: every corner is shaken by its own odd share.
POINT = st.tuples(st.integers(0, 40), st.integers(0, 40))


@given(st.lists(POINT, min_size=1, max_size=9, unique=True))
def test_neighbours_are_those_of_the_definition(grid: list[tuple[int, int]]) -> None:
    points = [
        (112 + x / 100 + n * n * 1.7e-5, 37 + y / 100 + n**3 * 1.3e-6)
        for n, (x, y) in enumerate(grid)
    ]
    ids = [f"v{n}" for n in range(len(points))]
    found = nearby.neighbours(ids, *np.array(points, float).T).to_pylist()
    pairs = {(int(row["a"][1:]), int(row["b"][1:])) for row in found}
    assert pairs == slow(points)
    reached = {0}
    for _ in points:
        reached |= {j for pair in pairs if reached & set(pair) for j in pair}
    assert len(reached) == len(points)


def test_a_middle_between_two_keeps_them_apart_and_an_unknown_one_has_no_neighbour() -> None:
    lon = np.array([112.0, 112.1, 112.2, np.nan])
    lat = np.array([37.0, 37.0001, 37.0, 37.0])
    found = nearby.neighbours(["a", "b", "c", "d"], lon, lat).to_pylist()
    assert [(row["a"], row["b"]) for row in found] == [("a", "b"), ("b", "c")]
    assert nearby.neighbours([], lon[:0], lat[:0]).num_rows == 0


def test_a_column_too_short_is_refused() -> None:
    with pytest.raises(BadInput, match="both coordinates"):
        nearby.neighbours(["a"], np.array([]), np.array([1.0]))

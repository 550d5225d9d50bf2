"""Slow readable twin: every way to send a few people to points."""

from __future__ import annotations

import collections
import itertools
from collections.abc import Sequence


def best_points(km: Sequence[Sequence[float | None]], places: Sequence[int]) -> tuple[int, float]:
    """(people without a point, km walked): the least, in this order.  None: not allowed."""
    best = (len(km), 0.0)
    for choice in itertools.product(range(-1, len(places)), repeat=len(km)):
        walks = [km[n][p] for n, p in enumerate(choice) if p >= 0]
        used = collections.Counter(p for p in choice if p >= 0)
        if None not in walks and all(n <= places[p] for p, n in used.items()):
            total = sum(one for one in walks if one is not None)
            best = min(best, (len(km) - len(walks), total))
    return best

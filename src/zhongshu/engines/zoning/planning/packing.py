"""Disjoint sets of least sum; few sets, so plain recursion over what is left."""

from __future__ import annotations

from zhongshu.engines.zoning.planning.kinds import Floats, Ints


def least(masks: Ints, values: Floats) -> tuple[float, list[int]]:
    """(sum, places of the sets chosen): disjoint sets, each a mask, of least total value <= 0."""
    sets = [(int(m), float(v), n) for n, (m, v) in enumerate(zip(masks, values, strict=True))]
    sets = [one for one in sets if one[1] < 0]
    total = 0.0
    chosen: list[int] = []
    for part in _parts([one[0] for one in sets]):
        by_low: dict[int, list[tuple[int, float, int]]] = {}
        for one in sets:
            if one[0] & part:
                by_low.setdefault(one[0] & -one[0], []).append(one)
        value, places = _best(part, by_low, {0: (0.0, ())})
        total += value
        chosen += places
    return total, chosen


def _parts(masks: list[int]) -> list[int]:
    """Unions of the sets that share members, directly or by way of others."""
    parts: list[int] = []
    for mask in masks:
        touched = [part for part in parts if part & mask]
        union = mask
        for part in touched:
            union |= part
        parts = [part for part in parts if not part & mask] + [union]
    return parts


def _best(
    free: int,
    by_low: dict[int, list[tuple[int, float, int]]],
    known: dict[int, tuple[float, tuple[int, ...]]],
) -> tuple[float, tuple[int, ...]]:
    if free in known:
        return known[free]
    low = free & -free
    best = _best(free ^ low, by_low, known)
    for mask, value, place in by_low.get(low, []):
        if mask & free == mask:
            rest = _best(free ^ mask, by_low, known)
            if value + rest[0] < best[0]:
                best = value + rest[0], (place, *rest[1])
    known[free] = best
    return best

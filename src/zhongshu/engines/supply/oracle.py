"""Slow readable twins: a shelf emptied piece by piece; every way of moving whole units."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence


def shelf(
    lots: Sequence[tuple[int, dt.date | None]], need: Sequence[int], *, on: dt.date
) -> tuple[list[int], list[int]]:
    """(short per day, left per lot); each piece is taken from the good lot that expires first."""
    left = [quantity for quantity, _ in lots]
    short = []
    for day, wanted in enumerate(need):
        today = on + dt.timedelta(days=day)
        missing = 0
        for _piece in range(wanted):
            good = [
                (expires or dt.date.max, n)
                for n, (_, expires) in enumerate(lots)
                if left[n] > 0 and (expires is None or today <= expires)
            ]
            if good:
                left[min(good)[1]] -= 1
            else:
                missing += 1
        short.append(missing)
    return short, left


def best_moves(
    surplus: Sequence[int], deficit: Sequence[int], km: Sequence[Sequence[float]]
) -> tuple[int, float]:
    """(least unmet, least quantity x km for it) over every way of sending whole units."""
    pairs = list(itertools.product(range(len(surplus)), range(len(deficit))))
    best = (sum(deficit), 0.0)
    for sent in itertools.product(*(range(min(surplus[g], deficit[t]) + 1) for g, t in pairs)):
        out = [
            sum(n for (g, _), n in zip(pairs, sent, strict=True) if g == i) for i in _of(surplus)
        ]
        into = [
            sum(n for (_, t), n in zip(pairs, sent, strict=True) if t == i) for i in _of(deficit)
        ]
        fits = all(map(int.__le__, out, surplus)) and all(map(int.__le__, into, deficit))
        if fits:
            cost = sum(km[g][t] * n for (g, t), n in zip(pairs, sent, strict=True))
            best = min(best, (sum(deficit) - sum(into), cost))
    return best


def _of(values: Sequence[int]) -> range:
    return range(len(values))

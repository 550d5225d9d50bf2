"""The readable twin of the forecast: one unit, one week and one quantile after the other."""

from __future__ import annotations

import itertools
import math

YEAR_WEEKS = 52.1775


def baseline_spread(series: list[float]) -> list[float]:
    """What one step of the baseline is drawn from: the past changes and their mirror images."""
    changes = [
        later - now
        for now, later in itertools.pairwise(series)
        if not math.isnan(now) and not math.isnan(later)
    ]
    return sorted([*changes, *(-change for change in changes)])


def log_rt(series: list[float], serial: tuple[float, ...]) -> list[float]:
    """Log of Rt by week of one unit, nan while the weeks before are not known."""
    known = [x for x in series if not math.isnan(x)]
    added = max(0.02 * sum(known) / max(len(known), 1), 1e-6)
    found = []
    for week, value in enumerate(series):
        if week < len(serial):
            found.append(math.nan)
            continue
        pressure = sum(
            share * (series[week - lag] + added) for lag, share in enumerate(serial, start=1)
        )
        found.append(math.log((value + added) / pressure))
    return found


def earlier(series: list[float], week: int, ahead: int) -> float:
    """Mean of the values of week + `ahead` in earlier years; nan without any."""
    found = []
    for year in range(1, 100):
        at = week + ahead - round(YEAR_WEEKS * year)
        if 0 <= at <= week and not math.isnan(series[at]):
            found.append(series[at])
    return sum(found) / len(found) if found else math.nan


def features(y: list[list[float]], unit: int, week: int, ahead: int) -> list[float]:
    """What the regression knows of a unit in a week; y: logs, (units, weeks)."""

    def at(u: int, n: int) -> float:
        return y[u][week - n] if week >= n else math.nan

    def level(u: int) -> float:
        recent = [at(u, n) for n in range(8) if not math.isnan(at(u, n))]
        return at(u, 0) - sum(recent) / len(recent) if recent else math.nan

    def everyone(values: list[float]) -> float:
        known = [x for x in values if not math.isnan(x)]
        return sum(known) / len(known) if known else math.nan

    units = range(len(y))
    change = [at(u, 0) - at(u, 1) for u in units]
    then = [earlier(y[u], week, 0) for u in units]
    later = [earlier(y[u], week, ahead) for u in units]
    shifted = [earlier([math.nan, *y[u]], week, 0) for u in units]
    turn = everyone([b - a for a, b in zip(then, later, strict=True)])
    off = everyone([at(u, 0) - then[u] for u in units])
    return [
        1.0,
        *(at(unit, n) - at(unit, n + 1) for n in range(3)),
        level(unit),
        everyone(change),
        everyone([level(u) for u in units]),
        later[unit] - then[unit],
        turn,
        at(unit, 0) - then[unit],
        off,
        then[unit] - shifted[unit],
        turn * math.tanh(off),
    ]

"""The readable twin of shocks, combination, space, calibration and budget: one thing at a time."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.engines.warning.joint.budget import Budget
from zhongshu.engines.warning.joint.calibrate import Calibration
from zhongshu.engines.warning.joint.shocks import HUBER, MAD, STEPS, Shocks

Floats = npt.NDArray[np.float64]
Value = float | None


def shared_level(
    z: Sequence[Value], loading: Sequence[float], params: Shocks
) -> tuple[float, float, float] | None:
    """(level, its error, spread of the units) of one stream on one day."""
    told = [(x, lam) for x, lam in zip(z, loading, strict=True) if x is not None]
    told = [(x, lam) for x, lam in told if x >= params.silent_below]
    if len(told) < params.least_units:
        return None
    c = statistics.median(x / lam for x, lam in told)
    for _ in range(STEPS):
        top = base = 0.0
        for x, lam in told:
            away = abs(x - lam * c)
            weight = lam * (1.0 if away <= HUBER else HUBER / away)
            top += weight * x
            base += weight * lam
        c = top / base
    spread = MAD * statistics.median(abs(x - lam * c) for x, lam in told)
    return c, max(spread, 1.0) / math.sqrt(sum(lam**2 for _, lam in told)), spread


def shock_states(
    days: Sequence[tuple[float, float] | None], quiet_sd: float, shock_sd: float, params: Shocks
) -> list[tuple[float, float, float]]:
    """(posterior mean, sd, chance of a shock) of each day's (level, error)."""
    told = []
    shock = params.begins / (params.begins + 1 - params.stays)
    for day in days:
        shock = shock * params.stays + (1 - shock) * params.begins
        if day is None:
            told.append((0.0, math.sqrt((1 - shock) * quiet_sd**2 + shock * shock_sd**2), shock))
            continue
        level, error = day
        quiet = (1 - shock) * stats.norm.pdf(level, 0, math.hypot(quiet_sd, error))
        wide = shock * stats.norm.pdf(level, 0, math.hypot(shock_sd, error))
        shock = wide / (quiet + wide)
        means, squares = [], []
        for sd in (quiet_sd, shock_sd):
            pull = sd**2 / (sd**2 + error**2)
            means.append(pull * level)
            squares.append(pull * error**2 + (pull * level) ** 2)
        mean = (1 - shock) * means[0] + shock * means[1]
        square = (1 - shock) * squares[0] + shock * squares[1]
        told.append((mean, math.sqrt(max(square - mean**2, 0.0)), shock))
    return told


def stouffer(z: Sequence[Value], strength: Floats, correlation: Floats) -> Value:
    """The best linear test of the streams that spoke."""
    spoke = [n for n, x in enumerate(z) if x is not None]
    if not spoke:
        return None
    matrix = np.array([[correlation[a, b] for b in spoke] for a in spoke])
    wanted = np.array([strength[n] for n in spoke])
    weight = np.linalg.solve(matrix, wanted)
    value = sum(float(w) * float(z[n] or 0.0) for w, n in zip(weight, spoke, strict=True))
    sd = math.sqrt(float(weight @ matrix @ weight))
    return value / sd if sd > 0 else None


def fisher(z: Sequence[Value]) -> Value:
    """z of Fisher's combined p."""
    p = [float(stats.norm.sf(x)) for x in z if x is not None]
    if not p:
        return None
    return float(stats.norm.isf(stats.chi2.sf(-2 * sum(map(math.log, p)), 2 * len(p))))


def ewma(values: Sequence[Value], rate: float) -> list[Value]:
    """From its definition: each day all weights anew."""
    told: list[Value] = []
    for day in range(len(values)):
        parts = [
            ((1 - rate) ** (day - n), x) for n, x in enumerate(values[: day + 1]) if x is not None
        ]
        size = math.sqrt(sum(w * w for w, _ in parts))
        told.append(sum(w * x for w, x in parts) / size if size > 0 else None)
    return told


def cusum(values: Sequence[Value], drift: float) -> list[float]:
    """The largest sum of value - drift over the last days, none of them or all."""
    told = []
    for day in range(len(values)):
        tails = [
            sum(x - drift for x in values[n : day + 1] if x is not None) for n in range(day + 2)
        ]
        told.append(max(tails))
    return told


def scan(score: Sequence[Value], near: Floats, unit: int) -> tuple[float, frozenset[int]] | None:
    """(best value, the other members) over every subset of the neighbours."""
    own = score[unit]
    if own is None:
        return None
    around = [n for n in range(len(score)) if near[unit, n] > 0 and score[n] is not None]
    best, who = own, frozenset[int]()
    for size in range(1, len(around) + 1):
        for subset in itertools.combinations(around, size):
            top = own + sum(near[unit, n] * float(score[n] or 0.0) for n in subset)
            value = top / math.sqrt(1 + sum(near[unit, n] ** 2 for n in subset))
            if value > best + 1e-12:
                best, who = value, frozenset(subset)
    return best, who


def p_value(x: float, past: Sequence[float], params: Calibration) -> Value:
    """One value among the past of its class."""
    if len(past) < params.least:
        return None
    start = float(np.quantile(past, params.tail_from))
    over = sorted(v - start for v in past if v > start)
    above = (1 + len(over)) / (len(past) + 1)
    if x <= start:
        return max((1 + sum(v >= x for v in past)) / (len(past) + 1), above)
    scale, shape = 1e-9, 0.0
    if over:
        scale = statistics.fmean(over)
    if len(over) >= 10:
        mean, n = scale, len(over)
        second = sum((1 - (i + 1 - 0.35) / n) * v for i, v in enumerate(over)) / n
        shape = 2 - mean / max(mean - 2 * second, 1e-12)
        shape = min(max(shape, params.tail_shape[0]), params.tail_shape[1])
        scale = mean * (1 - shape)
    law = stats.expon(scale=scale) if abs(shape) < 1e-9 else stats.genpareto(shape, scale=scale)
    return max(above * float(law.sf(x - start)), 1e-300)


def spend(
    p: Sequence[Sequence[Value]], params: Budget, level: float
) -> list[list[tuple[int, float]]]:
    """Of each day (rows of p [day][unit]) the units raised, with their probability."""
    last: dict[int, int] = {}
    told = []
    for day, row in enumerate(p):
        able = {
            unit: one
            for unit, one in enumerate(row)
            if one is not None and day - last.get(unit, -10_000) > params.quiet_days
        }
        raised = []
        for unit, one in able.items():
            odds = params.prior / (1 - params.prior) * params.power * one ** (params.power - 1)
            if math.log10(odds) >= level:
                raised.append((unit, odds / (1 + odds)))
        raised.sort(key=lambda pair: (-pair[1], pair[0]))
        raised = raised[: params.most_a_day]
        last |= {unit: day for unit, _ in raised}
        told.append(sorted(raised))
        if able:
            level += params.gain * (len(raised) - params.alerts_a_week / 7)
    return told


def false_discovery(p: Sequence[Value], share: float) -> list[bool]:
    """Raised: at or below the largest p that is at most its rank's part of `share`."""
    known = sorted(one for one in p if one is not None)
    passed = [
        one for rank, one in enumerate(known, start=1) if one <= share * rank / max(len(known), 1)
    ]
    return [one is not None and bool(passed) and one <= max(passed) for one in p]

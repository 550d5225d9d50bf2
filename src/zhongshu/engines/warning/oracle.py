"""The readable twin of early warning: one series, one day, plain numbers."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from scipy import integrate, special

from zhongshu.engines.warning.model import (
    C3_DAYS,
    C3_FREE,
    C3_THRESHOLD,
    EarsParams,
    Method,
)

Counts = Sequence[int | None]  # by day, None without a report


def _baseline(counts: Counts, day: int, method: Method, params: EarsParams) -> list[int]:
    end = day - (0 if method is Method.C1 else params.lag_days)
    window = counts[max(0, end - params.baseline_days) : max(0, end)]
    return [count for count in window if count is not None]


def z_of(
    counts: Counts, day: int, method: Method, params: EarsParams
) -> tuple[float, float, float] | None:
    """(mean, sd, z) of the day, or None without a test."""
    base, today = _baseline(counts, day, method, params), counts[day]
    if today is None or len(base) < params.baseline_min_days:
        return None
    mean = statistics.fmean(base)
    sd = math.sqrt(max(statistics.variance(base), mean, params.variance_floor))
    z = (today - mean) / sd
    if method is Method.C3:
        z = 0.0
        for earlier in range(max(0, day - C3_DAYS + 1), day + 1):
            found = z_of(counts, earlier, Method.C2, params)
            z += max(0.0, found[2] - C3_FREE) if found else 0.0
    return mean, sd, z


def signal(counts: Counts, params: EarsParams) -> tuple[str, str, float] | None:
    """(method, grade, z) of the last day by the first method that fires, or None."""
    day, today = len(counts) - 1, counts[-1]
    for method in params.methods:
        found = z_of(counts, day, method, params)
        if found is None or today is None or today < params.min_observed or today <= found[0]:
            continue
        third = method is Method.C3
        if found[2] > C3_THRESHOLD if third else found[2] >= params.threshold_z:
            reached = [name for name, least in params.grades if found[2] >= least]
            grade = params.grades[0][0] if third else reached[-1]
            return method.value, grade, found[2]
    return None


def p_of(z: float, days: int) -> float:
    """Upper tail of Student's t with days - 1 degrees of freedom beyond z / sqrt(1 + 1/days),
    by integrating its density."""
    nu = days - 1
    constant = math.exp(special.gammaln((nu + 1) / 2) - special.gammaln(nu / 2)) / math.sqrt(
        nu * math.pi
    )
    tail, _ = integrate.quad(
        lambda t: constant * (1 + t * t / nu) ** (-(nu + 1) / 2),
        z / math.sqrt(1 + 1 / days),
        math.inf,
    )
    return float(tail)

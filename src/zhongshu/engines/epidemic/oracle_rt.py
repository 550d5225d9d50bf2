"""The readable twin of Rt with an uncertain interval, by cohort, and up to today."""

from __future__ import annotations

import itertools
import math

from scipy import optimize, stats

from zhongshu.engines.epidemic import oracle


def mixed_window(
    incidence: list[float],
    serials: list[list[float]],
    *,
    t_end: int,
    window: int,
    level: float,
    prior_mean: float = 5.0,
    prior_sd: float = 5.0,
) -> tuple[float, float, float]:
    """Mean, sd and the quantile `level` of Rt, every serial interval as likely."""
    parts = []
    for si in serials:
        shape, rate = (prior_mean / prior_sd) ** 2, prior_mean / prior_sd**2
        for day in range(t_end - window + 1, t_end + 1):
            shape += incidence[day]
            rate += oracle.infectivity(incidence, si, day)
        parts.append(stats.gamma(shape, scale=1 / rate))
    mean = sum(part.mean() for part in parts) / len(parts)
    square = sum(part.var() + part.mean() ** 2 for part in parts) / len(parts)

    def off(x: float) -> float:
        return float(sum(part.cdf(x) for part in parts) / len(parts)) - level

    ends = [float(part.ppf(level)) for part in parts]
    found = optimize.brentq(off, min(ends) * 0.99, max(ends) * 1.01, xtol=1e-14, rtol=1e-14)
    return float(mean), math.sqrt(square - mean**2), float(found)


def cohort_window(
    incidence: list[float], si: list[float], *, t_end: int, window: int
) -> tuple[float, float]:
    """Mean number infected by a case with onset in the window, and its sd: case by case."""
    inside = range(t_end - window + 1, t_end + 1)
    mean = variance = 0.0
    for day in range(1, len(incidence)):
        everyone = oracle.infectivity(incidence, si, day)
        if everyone == 0:
            continue
        theirs = sum(
            incidence[parent] * si[day - parent] for parent in inside if 0 < day - parent < len(si)
        )
        mean += incidence[day] * theirs / everyone
        variance += incidence[day] * theirs / everyone * (1 - theirs / everyone)
    cases = sum(incidence[day] for day in inside)
    return mean / cases, math.sqrt(max(variance, 0.0)) / cases


def expected_onsets(
    log_rt: list[float],
    *,
    before: float,
    generation: list[float],
    incubation: list[float],
    seen: list[float],
) -> list[float]:
    """Onsets seen by day: infections by the renewal equation, later by the incubation period.

    before: infections on the day the series begins; earlier ones follow the first Rt's pace.
    """
    mean_time = sum(lag * share for lag, share in enumerate(generation))
    back = max(len(generation), len(incubation))
    infected = [before * math.exp(log_rt[0] * -n / mean_time) for n in range(back, 0, -1)]
    for value in log_rt:
        pressure = sum(infected[-lag] * generation[lag] for lag in range(1, len(generation)))
        infected.append(math.exp(value) * pressure)
    return [
        seen[day] * sum(infected[back + day - lag] * x for lag, x in enumerate(incubation))
        for day in range(len(log_rt))
    ]


def log_posterior(
    path: list[float],
    counts: list[float],
    *,
    level: float,
    level_sd: float,
    drift_sd: float,
    start_sd: float,
    k: float,
    generation: list[float],
    incubation: list[float],
    seen: list[float],
) -> float:
    """Of (log of the level before the series over `level`, log Rt by day), but for a constant."""
    means = expected_onsets(
        path[1:],
        before=level * math.exp(path[0]),
        generation=generation,
        incubation=incubation,
        seen=seen,
    )
    total = -((path[0] / level_sd) ** 2 + (path[1] / start_sd) ** 2) / 2
    total -= sum(((b - a) / drift_sd) ** 2 for a, b in itertools.pairwise(path[1:])) / 2
    for count, mean in zip(counts, means, strict=True):
        if not math.isnan(count):
            total += float(stats.nbinom(k, k / (k + mean)).logpmf(count))
    return total

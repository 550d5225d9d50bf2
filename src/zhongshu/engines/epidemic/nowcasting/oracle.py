"""The readable twin of the nowcast: one case, one cell and one day after the other."""

from __future__ import annotations

import math

from scipy import stats


def triangle(
    cases: list[tuple[int, int]], *, today: int, days: int, max_delay: int
) -> list[list[float]]:
    """Cases (onset day, report day) by day and delay; nan where the report is still to come."""
    first = today - days + 1
    table = [
        [math.nan if first + day + delay > today else 0.0 for delay in range(max_delay + 1)]
        for day in range(days)
    ]
    for onset, report in cases:
        if first <= onset and report <= today:
            table[onset - first][min(report - onset, max_delay)] += 1
    return table


def _odds(
    beta: list[float], day: int, delay: int, *, days: int, max_delay: int, first_weekday: int
) -> float:
    level, drift = beta[delay - 1], beta[max_delay + day]
    return level + drift + beta[max_delay + days + (first_weekday + day + delay) % 7]


def reverse_hazard(
    beta: list[float], day: int, delay: int, *, days: int, max_delay: int, first_weekday: int
) -> float:
    odds = _odds(
        beta, day, delay, days=days, max_delay=max_delay, first_weekday=first_weekday
    )  # fmt: skip
    return 1 / (1 + math.exp(-odds))


def delay_log_posterior(
    beta: list[float],
    table: list[list[float]],
    *,
    first_weekday: int,
    drift: float,
    rho: float,
    sds: tuple[float, float, float],
) -> float:
    """But for a constant; sds: of the first level, of the levels' steps, of the weekdays."""
    days, max_delay = len(table), len(table[0]) - 1
    where = {"days": days, "max_delay": max_delay, "first_weekday": first_weekday}
    total = 0.0
    for day, row in enumerate(table):
        for delay in range(1, max_delay + 1):
            within = sum(row[: delay + 1])
            if math.isnan(within) or within == 0:
                continue
            share = reverse_hazard(beta, day, delay, **where)
            chance = row[delay] * math.log(share) + (within - row[delay]) * math.log(1 - share)
            total += chance / (1 + (within - 1) * rho)
    levels, walk = beta[:max_delay], beta[max_delay : max_delay + days]
    total -= (levels[0] / sds[0]) ** 2 / 2 + (walk[-1] / drift) ** 2 / 2
    total -= sum(((levels[n + 1] - levels[n]) / sds[1]) ** 2 for n in range(max_delay - 1)) / 2
    total -= sum(((walk[n + 1] - walk[n]) / drift) ** 2 for n in range(days - 1)) / 2
    return total - sum((x / sds[2]) ** 2 for x in beta[max_delay + days :]) / 2


def share_seen(
    beta: list[float], lag: int, *, days: int, max_delay: int, first_weekday: int
) -> float:
    """Share reported of the cases with onset `lag` days ago: no later delay brings any of them."""
    share = 1.0
    for delay in range(lag + 1, max_delay + 1):
        share *= 1 - reverse_hazard(
            beta, days - 1 - lag, delay,
            days=days, max_delay=max_delay, first_weekday=first_weekday,
        )  # fmt: skip
    return share


def level_log_posterior(
    beta: list[float],
    counts: list[float],
    share: list[float],
    *,
    centre: float,
    first_weekday: int,
    turn: float,
    size: float,
    sds: tuple[float, float, float],
) -> float:
    """But for a constant; sds: of the first day's log, of the first growth, of the weekdays."""
    days = len(counts)
    path, week = beta[:days], beta[days:]
    total = -((path[0] / sds[0]) ** 2) / 2 - ((path[1] - path[0]) / sds[1]) ** 2 / 2
    for n in range(days - 2):
        total -= ((path[n + 2] - 2 * path[n + 1] + path[n]) / turn) ** 2 / 2
    total -= sum((x / sds[2]) ** 2 for x in week) / 2
    for day, count in enumerate(counts):
        mean = share[day] * math.exp(centre + path[day] + week[(first_weekday + day) % 7])
        total += float(stats.nbinom(size, size / (size + mean)).logpmf(count))
    return total


def expected_coming(*, so_far: float, mean: float, size: float, share: float) -> float:
    """Cases still to come of a day, given its mean, noise and share seen: what is reported tells
    how the day stands to its mean."""
    return mean * (1 - share) * (size + so_far) / (size + mean * share)

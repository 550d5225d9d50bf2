"""The readable twin of the epidemic engine: loops, numeric integrals, expectations."""

from __future__ import annotations

import math

from scipy import integrate, stats


def serial_weight(day: int, *, mean: float, sd: float) -> float:
    """Probability of a serial interval of `day` days: the gamma density of the interval less one
    day, averaged with a triangle of half width one day around it (Cori et al. 2013, appendix 11).
    """
    shape, scale = ((mean - 1) / sd) ** 2, sd**2 / (mean - 1)
    density = stats.gamma(shape, scale=scale).pdf
    centre = day - 1

    def part(u: float) -> float:
        return float((1 - abs(u - centre)) * density(u))

    pieces = [(max(centre - 1, 0), max(centre, 0)), (max(centre, 0), max(centre + 1, 0))]
    return float(sum(integrate.quad(part, low, high, epsabs=1e-12)[0] for low, high in pieces))


def infectivity(incidence: list[float], si: list[float], day: int) -> float:
    return sum(incidence[day - s] * si[s] for s in range(1, min(day, len(si) - 1) + 1))


def rt_window(
    incidence: list[float],
    si: list[float],
    *,
    t_end: int,
    window: int,
    prior_mean: float,
    prior_sd: float,
) -> dict[str, float]:
    """Posterior of Rt on the window that ends on day `t_end` (0-based)."""
    shape, rate = (prior_mean / prior_sd) ** 2, prior_mean / prior_sd**2
    for day in range(t_end - window + 1, t_end + 1):
        shape += incidence[day]
        rate += infectivity(incidence, si, day)
    posterior = stats.gamma(shape, scale=1 / rate)
    return {
        "mean": shape / rate,
        "sd": math.sqrt(shape) / rate,
        "q025": float(posterior.ppf(0.025)),
        "median": float(posterior.ppf(0.5)),
        "q975": float(posterior.ppf(0.975)),
    }


def expected_demand(
    incidence: list[float],
    *,
    rt: float,
    si: list[float],
    horizon: int,
    contacts_per_case: float,
    isolation_days: int,
    stay_days: list[int],
) -> list[tuple[float, float, float]]:
    """Expected (cases, rooms, beds) of each day for a known Rt, one contact to a room, everybody
    admitted, nobody there before."""
    path = list(incidence)
    rows = []
    first = len(incidence)
    for day in range(first, first + horizon):
        path.append(rt * infectivity([*path, 0.0], si, day))
        rooms = sum(
            path[d] * contacts_per_case for d in range(first, day + 1) if day - d < isolation_days
        )
        beds = sum(
            path[d] * sum(stay > day - d for stay in stay_days) / len(stay_days)
            for d in range(first, day + 1)
        )
        rows.append((path[day], rooms, beds))
    return rows

"""The case reproduction number of Wallinga and Teunis 2004 (doi:10.1093/aje/kwh255).

How many a case of each day went on to infect, as far as its successors are known: the chance that
a case was infected by one of day t is the serial interval's weight beside that of all others.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.engines.epidemic import solve
from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True)
class CohortRt:
    """By window of days of onset, (windows,); nan where the window has no case.

    sd: exact, from who infected whom alone.  q025, q975: of the simulations, nan without any.
    seen: share of the serial interval that has passed since the cases of the window, by cases;
        mean / seen corrects for successors still to come (Cauchemez et al. 2006,
        doi:10.3201/eid1201.050593), sensible from about 0.5.
    """

    t_end: npt.NDArray[np.int64]
    mean: Floats
    sd: Floats
    q025: Floats
    q975: Floats
    seen: Floats


def case_rt(
    incidence: npt.ArrayLike,
    *,
    si_weights: Floats,
    window: int = 7,
    simulations: int = 0,
    chance: np.random.Generator | None = None,
) -> CohortRt:
    """Mean number infected by the cases of each window of `window` days of onset.

    incidence: whole cases by day, (days,); si_weights: by day from 0.  The first window ends on
    day `window` (0-based), as in `solve.estimate_rt`.  Cases without any possible infector, such
    as those of the first day, are nobody's.  The last windows fall towards 0 because successors
    are still to come: see `seen`.
    Refuses series of several units, days without a report, and simulations without chance.
    """
    counts = solve.checked(incidence, window)
    if counts.ndim != 1 or not np.isfinite(counts).all():
        raise BadInput("epidemic.incidence", "Incidence must be days without gaps, not negative.")
    if simulations and chance is None:
        raise BadInput("epidemic.no_chance", "Simulations need a random generator.")
    from_day = attribution(counts, np.asarray(si_weights, dtype=np.float64))
    cases = solve.window_sums(counts[None], window)[0]
    cases = np.where(cases > 0, cases, np.nan)
    inside = np.lib.stride_tricks.sliding_window_view(from_day[:, 1:], window, axis=1).sum(axis=-1)
    mean = counts @ inside / cases
    spread = counts @ (inside * np.maximum(1 - inside, 0.0))
    low = high = np.full(len(cases), np.nan)
    if simulations and chance is not None:
        low, high = _simulated(counts, from_day, window, simulations, chance) / cases
    seen = _seen(counts, si_weights, window) / cases
    ends = np.arange(window, len(counts))
    return CohortRt(ends, mean, np.sqrt(spread) / cases, low, high, seen)


def attribution(counts: Floats, si: Floats) -> Floats:
    """Chance that a case of day i (row) was infected by one of day j, (days, days)."""
    days = len(counts)
    since = np.arange(days)[:, None] - np.arange(days)
    weight = np.where((since > 0) & (since < len(si)), si[np.clip(since, 0, len(si) - 1)], 0.0)
    weight = weight * counts
    whole = weight.sum(axis=1, keepdims=True)
    return np.asarray(weight / np.where(whole > 0, whole, 1.0))


def _simulated(
    counts: Floats, from_day: Floats, window: int, simulations: int, chance: np.random.Generator
) -> Floats:
    """2.5 and 97.5 % of the number infected by each window, (2, windows)."""
    offspring = np.zeros((simulations, len(counts)))
    for day in np.flatnonzero(counts * from_day.sum(axis=1)):
        parents = np.flatnonzero(from_day[day])
        shares = from_day[day, parents] / from_day[day, parents].sum()
        offspring[:, parents] += chance.multinomial(int(counts[day]), shares, simulations)
    return np.asarray(
        np.quantile(solve.window_sums(offspring, window), (0.025, 0.975), axis=0, method="linear")
    )


def _seen(counts: Floats, si: Floats, window: int) -> Floats:
    passed = np.cumsum(si)[np.minimum(np.arange(len(counts))[::-1], len(si) - 1)]
    return np.asarray(solve.window_sums((counts * passed)[None], window)[0])

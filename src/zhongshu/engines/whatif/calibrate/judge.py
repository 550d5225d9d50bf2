"""Whether a calibration may be called one: does it predict what was seen?

A posterior fits the cases it was chosen by, however wrong the model is.  So its parameters are
drawn again and simulated under new luck (posterior predictive check, Gelman, Meng and Stern 1996,
Statistica Sinica 6:733), and what was seen has to lie among those futures.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.whatif.calibrate.model import F64, Calibrated, Prior, Simulator
from zhongshu.engines.whatif.calibrate.solve import MOST_SEED, spans
from zhongshu.kernel.random import stream

LEVELS = (0.025, 0.1, 0.5, 0.9, 0.975)
EDGE = 0.05  # of a prior's range, at either end
PRESSED = 0.25  # weight in the outer `EDGE` that says the prior holds the posterior back


@dataclasses.dataclass(frozen=True)
class Least:
    """What a calibration needs: days, cases in all of them, and the share of the spans of days
    whose cases lie within the 95 % interval of the prediction."""

    days: int
    cases: int
    inside: float


@dataclasses.dataclass(frozen=True)
class Judged:
    """reason: `few_days`, `few_cases`, `outside` (what was seen was not predicted) or "" where it
    may be called calibrated.  predicted: (days, LEVELS) quantiles of new futures of the posterior;
    inside: share of the spans seen within 95 % of them.
    pressed: parameters that lie at the border of their prior."""

    reason: str
    predicted: F64
    inside: float
    pressed: tuple[str, ...]


def enough(cases: F64, least: Least) -> str:
    """`few_days`, `few_cases` or "": worth a fit at all?"""
    if cases.size < least.days:
        return "few_days"
    return "few_cases" if cases.sum() < least.cases else ""


def judge(
    found: Calibrated,
    simulator: Simulator,
    cases: F64,
    priors: tuple[Prior, ...],
    *,
    least: Least,
    span_d: int,
    futures: int,
    seed: int,
) -> Judged:
    """futures: simulated anew.  cases, span_d: as they were fitted."""
    rng = stream(seed, "calibration-judged")
    drawn = found.drawn(futures, rng=rng)
    seeds = rng.integers(0, MOST_SEED, size=futures, dtype=np.int64)
    made = simulator.simulate(drawn, seeds=seeds)
    low, high = np.quantile(spans(made, span_d=span_d), (LEVELS[0], LEVELS[-1]), axis=0)
    seen = spans(cases, span_d=span_d)
    inside = float(((low <= seen) & (seen <= high)).mean())
    few = enough(cases, least)
    return Judged(
        reason=few or ("" if inside >= least.inside else "outside"),
        predicted=np.quantile(made, LEVELS, axis=0).T,
        inside=inside,
        pressed=tuple(prior.name for prior in priors if _pressed(found, prior)),
    )


def _pressed(found: Calibrated, prior: Prior) -> bool:
    """Whether much of the posterior lies where the prior ends."""
    column = found.particles[:, found.names.index(prior.name)]
    place = np.asarray(prior.law.cdf(column))
    ends = found.weights[place < EDGE].sum(), found.weights[place > 1.0 - EDGE].sum()
    return bool(max(ends) > PRESSED)

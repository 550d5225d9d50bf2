"""Fit a simulator to the recent daily cases: `fit(simulator, cases, priors, ...)`.

Approximate Bayesian computation by sequential Monte Carlo (Toni et al. 2009, J. R. Soc. Interface
6:187) with tolerances lowered adaptively, steps of twice the weighted covariance of the last round
(Beaumont et al. 2009, Biometrika 96:983).  `correct` is the local-linear correction of Beaumont,
Zhang and Balding 2002, Genetics 162:2025.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy import special

from zhongshu.engines.whatif.calibrate.model import F64, I64, Calibrated, Effort, Prior, Simulator
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.random import stream

MOST_SEED = 2**31
USUAL = Effort()


def spans(cases: F64, *, span_d: int) -> F64:
    """(..., spans) cases of each span of days; the last span ends with the last day."""
    days = cases.shape[-1]
    starts = np.arange(days % span_d if days >= span_d else 0, days, span_d)
    if starts.size == 0 or starts[0] > 0:
        starts = np.concatenate(([0], starts))
    return np.asarray(np.add.reduceat(cases, starts, axis=-1), dtype=np.float64)


def summary(cases: F64, *, span_d: int) -> F64:
    """(..., spans) square roots of the cases of each span of days: their scatter is then nearly
    the same for few and for many cases (Anscombe 1948)."""
    roots: F64 = np.sqrt(np.maximum(spans(cases, span_d=span_d), 0.0) + 0.375)
    return roots


def check(cases: F64, priors: Sequence[Prior], effort: Effort) -> None:
    """Refuses an outbreak without cases, and priors or an effort that cannot be used."""
    if cases.ndim != 1 or cases.size == 0 or not np.isfinite(cases).all() or (cases < 0).any():
        raise BadInput(
            "whatif.cases_unusable",
            "The recent daily cases must be one number for each day, none below zero.",
        )
    if cases.sum() == 0:
        raise BadInput(
            "whatif.no_cases",
            "There is no case in the days given: nothing to calibrate to; give more days.",
        )
    if not priors or len({prior.name for prior in priors}) < len(priors):
        raise BadInput("whatif.priors", "Give at least one prior, each with a name of its own.")
    if effort.particles < 10 or effort.rounds < 1 or not 0 < effort.keep < 1:
        raise BadInput(
            "whatif.effort", "At least 10 particles, one round, and a share kept inside 0-1."
        )


@dataclasses.dataclass
class _Search:
    """The tries of one calibration: what they cost and what they gave."""

    simulator: Simulator
    wanted: F64
    days: int
    span_d: int
    rng: np.random.Generator
    simulations: int = 0

    def tried(self, particles: F64) -> tuple[F64, F64]:
        """(distances, cases) of particles, each with a seed of its own."""
        seeds: I64 = self.rng.integers(0, MOST_SEED, size=(particles.shape[0],), dtype=np.int64)
        cases = np.asarray(self.simulator.simulate(particles, seeds=seeds), dtype=np.float64)
        if cases.shape != (particles.shape[0], self.days):
            raise BadInput(
                "whatif.simulator_shape",
                f"The simulator gave {cases.shape} cases for {particles.shape[0]} particles and "
                f"{self.days} days.",
            )
        self.simulations += particles.shape[0]
        apart = summary(cases, span_d=self.span_d) - self.wanted
        return np.sqrt(np.square(apart).sum(axis=1)), cases


def fit(
    simulator: Simulator,
    cases: F64,
    priors: Sequence[Prior],
    *,
    seed: int,
    effort: Effort = USUAL,
    span_d: int = 1,
) -> Calibrated:
    """Weighted particles that give cases like those seen.

    cases: (days,) by onset or by report, whatever the simulator gives; the last days must be
    complete or the simulator must delay likewise.  span_d: days whose cases are compared together;
    longer for few cases.  Intervals are rather too wide than too narrow, the more so the larger
    the last tolerance; `correct` narrows them.  Refuses a start without cases.
    """
    cases = np.asarray(cases, dtype=np.float64)
    check(cases, priors, effort)
    rng = stream(seed, "calibrate")
    search = _Search(
        simulator=simulator, wanted=summary(cases, span_d=span_d), days=cases.size, span_d=span_d,
        rng=rng,
    )  # fmt: skip
    drawn = np.column_stack([p.law.rvs(effort.particles, random_state=rng) for p in priors])
    distances, fitted = search.tried(drawn)
    found = Calibrated(
        names=tuple(prior.name for prior in priors),
        particles=drawn,
        weights=np.full(effort.particles, 1.0 / effort.particles),
        distances=distances,
        fitted=fitted,
        tolerances=(float(distances.max()),),
        accepted=(1.0,),
        simulations=search.simulations,
    )
    for _ in range(effort.rounds - 1):
        closer = _round(found, search, priors, effort)
        if closer is None:
            break
        found = closer
    return found


def _steps(particles: F64, priors: Sequence[Prior]) -> F64:
    """On the scale of steps: the logarithm where the prior says so."""
    return np.column_stack(
        [np.log(c) if p.log else c for c, p in zip(particles.T, priors, strict=True)]
    )


def _back(steps: F64, priors: Sequence[Prior]) -> F64:
    return np.column_stack(
        [np.exp(c) if p.log else c for c, p in zip(steps.T, priors, strict=True)]
    )


def _density(particles: F64, priors: Sequence[Prior]) -> F64:
    """(n,) joint prior density on the scale of steps."""
    columns = zip(particles.T, priors, strict=True)
    return np.asarray(np.prod([prior.density(column) for column, prior in columns], axis=0))


def _round(
    found: Calibrated, search: _Search, priors: Sequence[Prior], effort: Effort
) -> Calibrated | None:
    """One round closer, or None if it would take too many tries."""
    tolerance = float(np.quantile(found.distances, effort.keep))
    if not tolerance < found.tolerances[-1]:
        return None
    here = _steps(found.particles, priors)
    near = found.distances <= tolerance
    weights = np.where(near, found.weights, 0.0)
    weights /= weights.sum()
    spread = 2.0 * np.atleast_2d(np.cov(here.T, aweights=weights, ddof=0))
    root = np.asarray(np.linalg.cholesky(spread + 1e-12 * np.eye(here.shape[1])), np.float64)
    kept: list[tuple[F64, F64, F64]] = []
    accepted = tried = 0
    while accepted < effort.particles:
        over = tried and accepted < effort.least_accepted * tried
        if over or search.simulations >= effort.simulations:
            return None
        chosen = search.rng.choice(here.shape[0], effort.particles, p=weights)
        steps = here[chosen] + search.rng.standard_normal(here[chosen].shape) @ root.T
        proposed = _back(steps, priors)
        allowed = _density(proposed, priors) > 0
        if not allowed.any():
            continue
        distances, cases = search.tried(proposed[allowed])
        close = distances <= tolerance
        kept.append((proposed[allowed][close], distances[close], cases[close]))
        accepted += int(close.sum())
        tried += proposed.shape[0]
    particles, distances, cases = (
        np.concatenate(parts)[: effort.particles] for parts in zip(*kept, strict=True)
    )
    return Calibrated(
        names=found.names,
        particles=particles,
        weights=_weighted(particles, priors, here=here, weights=weights, root=root),
        distances=distances,
        fitted=cases,
        tolerances=(*found.tolerances, tolerance),
        accepted=(*found.accepted, accepted / tried),
        simulations=search.simulations,
    )


def _weighted(
    particles: F64, priors: Sequence[Prior], *, here: F64, weights: F64, root: F64
) -> F64:
    """Prior over the density of having been proposed, up to a factor; sums to 1."""
    steps = _steps(particles, priors)
    far = np.linalg.solve(root, (steps[:, None, :] - here[None, :, :]).reshape(-1, here.shape[1]).T)
    log_kernel = -0.5 * np.square(far).sum(axis=0).reshape(steps.shape[0], here.shape[0])
    with np.errstate(divide="ignore"):  # particles beyond the tolerance have weight 0
        mixture = special.logsumexp(log_kernel + np.log(weights), axis=1)
        log_weight = np.log(_density(particles, priors)) - mixture
    made = np.exp(log_weight - log_weight.max())
    return np.asarray(made / made.sum(), dtype=np.float64)


def correct(
    found: Calibrated, cases: F64, priors: Sequence[Prior], *, span_d: int = 1
) -> Calibrated:
    """Move each particle along the regression of parameters on cases to the cases seen.

    Epanechnikov weights by distance.  Particles that would leave the prior stay where they are,
    and with fewer than four particles for each coefficient all do.  Narrower, and no longer safe
    where the simulator's scatter changes with its parameters: score it on made outbreaks before
    use (`benchmarks.whatif --only calibration`).
    """
    widest = found.distances.max()
    apart = summary(found.fitted, span_d=span_d) - summary(
        np.asarray(cases, dtype=np.float64), span_d=span_d
    )
    design = np.column_stack([np.ones(apart.shape[0]), apart])
    if widest <= 0 or design.shape[0] < 4 * design.shape[1]:
        return found
    near = found.weights * np.maximum(1.0 - np.square(found.distances / widest), 0.0)
    root = np.sqrt(near)[:, None]
    steps = _steps(found.particles, priors)
    slope = np.linalg.lstsq(design * root, steps * root, rcond=1e-8)[0][1:]
    moved = _back(steps - apart @ slope, priors)
    inside = _density(moved, priors) > 0
    particles = np.where(inside[:, None], moved, found.particles)
    return dataclasses.replace(found, particles=particles, weights=near / near.sum())

"""The 42 scenarios by which improved methods for weekly reports are compared, made again.

Noufaily et al. 2013, Statistics in Medicine 32:1206 (doi:10.1002/sim.5595), section 4: 624 weeks
of negative binomial counts with mean mu(t) = exp(theta + beta t + sum_{j<=m} gamma1 cos(2 pi j t /
52) + gamma2 sin(2 pi j t / 52)) and variance phi mu(t); seven groups of parameters, each with and
without the trend and with m = 0, 1, 2.  Four past outbreaks begin in weeks 313-575 and one, which
is to be found, in weeks 576-624; its size is Poisson around k standard deviations of the baseline
in its first week, k from 1 to 10, and its cases fall whole weeks after it by a lognormal (0, 0.5).

The numbers of GROUPS are recalled from the paper's table and agree with a second, public
reconstruction of the study; the paper itself was not at hand.  The four past outbreaks, and k times
the standard deviation in the week of the start, are recalled too.  Ours, where it leaves things
open: every outbreak draws its own k, with equal chances; the current one is drawn again where it
has no case at all or does not end within week 624, so that each can be found.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.random import stream

Floats = npt.NDArray[np.float64]
WEEKS, SEASON = 624, 52
PAST, CURRENT = (312, 575), (575, 624)  # counted from 0, the end not within
PAST_OUTBREAKS, SIZES, LONGEST = 4, range(1, 11), 40
TUNING: Sequence[int] = range(100, 300)  # everything we chose was chosen on these
REPORTED: Sequence[int] = range(900, 1100)  # and is reported on these


@dataclasses.dataclass(frozen=True, slots=True)
class Group:
    """theta: log of the level; beta: slope a week; gamma: season; phi: variance over mean."""

    theta: float
    beta: float
    gamma: tuple[float, float]
    phi: float


GROUPS = (
    Group(0.1, 0.0025, (0.6, 0.6), 1.5),
    Group(-2.0, 0.005, (0.1, 0.3), 2.0),
    Group(1.5, 0.003, (0.2, -0.4), 1.0),
    Group(0.5, 0.002, (0.5, 0.5), 5.0),
    Group(2.5, 0.001, (1.0, 0.1), 3.0),
    Group(3.75, 0.001, (0.1, -0.1), 1.1),
    Group(5.0, 0.0001, (0.05, 0.01), 1.2),
)
SCENARIOS = tuple(itertools.product(GROUPS, (False, True), range(3)))  # group, trend, harmonics


@dataclasses.dataclass(frozen=True, slots=True)
class Series:
    """[series, weeks]: the same weeks with and without the current outbreak.

    quiet: counts with past outbreaks only; extra: cases of the current outbreak; during: its
    weeks, from the first to the last with a case; mean: of the baseline; phi [series, 1]; group
    [series]: which of GROUPS; k [series]: size of the current outbreak.
    """

    quiet: Floats
    extra: Floats
    during: npt.NDArray[np.bool_]
    mean: Floats
    phi: Floats
    group: npt.NDArray[np.int64]
    k: npt.NDArray[np.int64]

    @property
    def counts(self) -> Floats:
        return self.quiet + self.extra


def mean(group: Group, trend: bool, harmonics: int) -> Floats:
    """[weeks], the first week is 1."""
    week = np.arange(1, WEEKS + 1, dtype=np.float64)
    log = group.theta + (group.beta * week if trend else 0 * week)
    for j in range(1, harmonics + 1):
        angle = 2 * np.pi * j * week / SEASON
        log += group.gamma[0] * np.cos(angle) + group.gamma[1] * np.sin(angle)
    return np.exp(log)


def outbreak(
    rng: np.random.Generator, level: Floats, phi: float, start: int
) -> tuple[Floats, int, float]:
    """([weeks] cases, k, cases after the last week)."""
    k = int(rng.choice(SIZES))
    size = 0
    while size == 0:
        size = int(rng.poisson(k * np.sqrt(phi * level[start])))
    after = np.floor(rng.lognormal(0.0, 0.5, size)).astype(np.int64)
    cases = np.bincount(start + np.minimum(after, LONGEST), minlength=WEEKS + LONGEST + 1)
    return cases[:WEEKS].astype(np.float64), k, float(cases[WEEKS:].sum())


def _one(rng: np.random.Generator, level: Floats, phi: float) -> tuple[Floats, Floats, int]:
    """(quiet, extra, k)."""
    rate = level if phi == 1 else rng.gamma(level / (phi - 1), phi - 1)
    quiet = rng.poisson(rate).astype(np.float64)
    for start in rng.integers(*PAST, PAST_OUTBREAKS):
        quiet += outbreak(rng, level, phi, int(start))[0]
    extra, k, lost = quiet, 0, 1.0
    while lost:
        extra, k, lost = outbreak(rng, level, phi, int(rng.integers(*CURRENT)))
    return quiet, extra, k


def made(seeds: Sequence[int]) -> Series:
    """A series of each scenario for every seed."""
    parts = []
    for seed, (number, (group, trend, harmonics)) in itertools.product(seeds, enumerate(SCENARIOS)):
        level = mean(group, trend, harmonics)
        quiet, extra, k = _one(stream(seed, "warning scenario", number), level, group.phi)
        parts.append((quiet, extra, level, group.phi, GROUPS.index(group), k))
    quiet, extra, level, phi, at, sizes = (np.array(part) for part in zip(*parts, strict=True))
    return Series(quiet, extra, _during(extra), level, phi[:, None], at, sizes)


def _during(extra: Floats) -> npt.NDArray[np.bool_]:
    """From the first to the last case."""
    some = extra > 0
    begun = np.maximum.accumulate(some, axis=1)
    to_come = np.maximum.accumulate(some[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(begun & to_come)

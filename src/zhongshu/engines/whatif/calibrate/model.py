"""What a calibration is given and gives back."""

from __future__ import annotations

import dataclasses
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import stats

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]


class Simulator(Protocol):
    """Any model of an outbreak: the county model, the outbreak model, a line in a notebook."""

    def simulate(self, parameters: F64, *, seeds: I64) -> F64:
        """(particles, days) daily cases for (particles, parameters) parameters, one seed each;
        the same parameters and seed always give the same cases."""
        ...


@dataclasses.dataclass(frozen=True)
class Prior:
    """What is held of one parameter before the outbreak is looked at.

    law: a frozen distribution of scipy.stats.  log: whether steps are taken on its logarithm, as
    suits a positive parameter whose size is uncertain.
    """

    name: str
    law: Any
    log: bool = False

    def density(self, values: F64) -> F64:
        """On the scale on which steps are taken; zero where the prior excludes the value."""
        scale = np.abs(values) if self.log else 1.0
        return np.asarray(self.law.pdf(values) * scale, dtype=np.float64)


def uniform(name: str, low: float, high: float) -> Prior:
    return Prior(name=name, law=stats.uniform(low, high - low))


def log_uniform(name: str, low: float, high: float) -> Prior:
    return Prior(name=name, law=stats.loguniform(low, high), log=True)


@dataclasses.dataclass(frozen=True)
class Effort:
    """How hard to look.

    particles: kept in each round.  keep: quantile of the distances that becomes the next
    tolerance (Del Moral, Doucet and Jasra 2012, Stat. Comput. 22:1009, lower it adaptively).
    rounds: at most; simulations: at most, over all rounds; least_accepted: rounds end when fewer
    of the proposals than this are accepted.
    """

    particles: int = 400
    keep: float = 0.5
    rounds: int = 12
    simulations: int = 40_000
    least_accepted: float = 0.02


@dataclasses.dataclass(frozen=True)
class Calibrated:
    """names: of the parameters.  particles: (n, parameters); weights: (n,), they sum to 1;
    distances: (n,) from the cases; fitted: (n, days) the cases each particle gave.
    tolerances, accepted: of each round; effective: 1 / sum of squared weights; simulations: all.
    """

    names: tuple[str, ...]
    particles: F64
    weights: F64
    distances: F64
    fitted: F64
    tolerances: tuple[float, ...]
    accepted: tuple[float, ...]
    simulations: int

    @property
    def effective(self) -> float:
        return float(1.0 / np.square(self.weights).sum())

    @property
    def days(self) -> int:
        """Of the outbreak that were fitted; questions far beyond say so."""
        return int(self.fitted.shape[1])

    def quantile(self, name: str, at: tuple[float, ...]) -> tuple[float, ...]:
        """Weighted quantiles of one parameter."""
        column = self.particles[:, self.names.index(name)]
        order = np.argsort(column, kind="stable")
        steps = np.cumsum(self.weights[order])
        places = np.searchsorted(steps, np.asarray(at) * steps[-1])
        return tuple(float(column[order][min(place, column.size - 1)]) for place in places)

    def mean(self, name: str) -> float:
        return float(self.weights @ self.particles[:, self.names.index(name)])

    def drawn(self, count: int, *, rng: np.random.Generator) -> F64:
        """(count, parameters) particles drawn by weight, for the runs of a forecast."""
        # Systematic: each particle comes as often as its weight says, but for one.
        points = (rng.random() + np.arange(count)) / count
        order = np.searchsorted(np.cumsum(self.weights), points)
        chosen = np.minimum(order, self.weights.size - 1)
        return np.asarray(self.particles[rng.permutation(chosen)])

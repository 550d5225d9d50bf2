"""Shares with their intervals, and what was said against what came true."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

_Z95 = 1.959963984540054  # of the normal distribution, two-sided 95 %
_BINS = 5  # of equal width: a headquarters decides tens of signals in four weeks, not thousands


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """hits of `of`."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % score interval (Wilson 1927, doi:10.1080/01621459.1927.10502953)."""
        if not self.of:
            return None
        n, share, squared = self.of, self.hits / self.of, _Z95**2
        middle = (share + squared / (2 * n)) / (1 + squared / n)
        half = _Z95 / (1 + squared / n) * math.sqrt(share * (1 - share) / n + squared / (4 * n * n))
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclasses.dataclass(frozen=True, slots=True)
class Bin:
    """said: the probability, on average.  real: the share that came true.  tests: of how many."""

    said: float
    real: float
    tests: int


def calibration(told: Iterable[tuple[float, bool]]) -> list[Bin]:
    """told: (said probability, whether it came true).  Empty bins are left out."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for said, true in told:
        bins.setdefault(min(int(said * _BINS), _BINS - 1), []).append((said, true))
    return [
        Bin(
            said=sum(said for said, _ in group) / len(group),
            real=sum(true for _, true in group) / len(group),
            tests=len(group),
        )
        for _, group in sorted(bins.items())
    ]

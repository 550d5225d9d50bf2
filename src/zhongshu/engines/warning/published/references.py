"""Past reports around the same time of the year, the references of several methods."""

from __future__ import annotations

import dataclasses

import numpy as np

from zhongshu.engines.warning.tested import Columns, Floats
from zhongshu.kernel.errors import BadInput


@dataclasses.dataclass(frozen=True, slots=True)
class Around:
    """Which reports: of each of `years` back the same one and `half_window` on either side; with
    `this_year` also the `half_window` just before the one tested.

    year: reports a year (52 weeks, 365 days, 12 months).
    least: share of these that must have been reported; below it there is no test.  Half of them is
        our choice: the published methods do not say.
    """

    years: int
    half_window: int
    this_year: bool
    year: int = 52
    least: float = 0.5

    def __post_init__(self) -> None:
        wrong = (
            self.years < 0
            or self.half_window < 0
            or self.year < 1
            or 2 * self.half_window >= self.year
            or not 0 < self.least <= 1
            or not self.lags
        )
        if wrong:
            raise BadInput(
                "warning.references",
                "Reference years or windows are out of range: at least one past report is needed, "
                "and a window shorter than a year.",
            )

    @property
    def lags(self) -> tuple[int, ...]:
        """How many reports each reference lies before the one tested, nearest first."""
        half = self.half_window
        recent = tuple(range(1, half + 1)) if self.this_year else ()
        past = tuple(
            year * self.year + shift
            for year in range(1, self.years + 1)
            for shift in range(-half, half + 1)
        )
        return recent + past

    @property
    def needs(self) -> int:
        """Reports from the first reference to the one tested, both included."""
        return 1 + max(self.lags)


def values(counts: Floats, at: Columns, around: Around) -> Floats:
    """[series, asked, references]: nan without a report, and nan everywhere for a report that
    itself is missing, whose history is too short, or with too few references."""
    lags = np.array(around.lags)
    where = at[:, None] - lags[None, :]
    found = counts[:, np.maximum(where, 0)]
    few = (~np.isnan(found)).mean(axis=-1) < around.least
    untested = few | (where.min(axis=1, initial=0) < 0)[None, :] | np.isnan(counts[:, at])
    return np.where(untested[..., None], np.nan, found)

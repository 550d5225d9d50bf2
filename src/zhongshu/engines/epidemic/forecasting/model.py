"""What a forecast is asked and what it answers."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.engines.epidemic.model import Floats
from zhongshu.engines.epidemic.scores import HUB_LEVELS
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

MEMBERS = ("renewal", "autoregressive", "baseline")
YEAR_WEEKS = 52.1775
LEAST_WEEKS = 12


@dataclasses.dataclass(frozen=True)
class ForecastParams:
    """horizon_weeks: how far.  levels: of the quantiles, in pairs around the median.

    weights: of the members' quantiles in their average, in the order of MEMBERS.  The default was
        chosen on the seasons 2013/14 to 2015/16 of outpatient influenza-like illness in the US.
    serial_weeks: weights of the serial interval by week from 1.  The default puts all on the next
        week: influenza's is around three days, and most of a week's cases were infected by the last
        week's or their own.
    draws: simulated futures of the renewal and the baseline.
    """

    horizon_weeks: int = 4
    levels: tuple[float, ...] = HUB_LEVELS
    weights: tuple[float, float, float] = (0.1, 0.9, 0.0)
    serial_weeks: tuple[float, ...] = (1.0,)
    draws: int = 1000

    def __post_init__(self) -> None:
        total = sum(self.weights)
        if self.horizon_weeks < 1 or self.draws < 100 or min(self.weights) < 0 or total <= 0:
            raise BadInput(
                "epidemic.forecast_params",
                "A forecast needs a week or more, 100 draws or more, and weights above 0.",
            )


@dataclasses.dataclass(frozen=True)
class Forecast:
    """quantiles: (levels, units, horizon); nan for units without the last week.
    members: the same of each member by name."""

    levels: tuple[float, ...]
    quantiles: Floats
    members: dict[str, Floats]
    card: RunCard


def checked(series: npt.ArrayLike) -> Floats:
    """(units, weeks) as floats; nan where a week has no report."""
    values = np.asarray(series, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] < LEAST_WEEKS:
        raise BadInput(
            "epidemic.weeks_short",
            f"A forecast needs series of units by weeks, at least {LEAST_WEEKS} weeks long.",
        )
    if np.nanmin(values, initial=0.0) < 0:
        raise BadInput("epidemic.negative", "Incidence cannot be negative.")
    return values

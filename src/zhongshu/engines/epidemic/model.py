"""What the epidemic engine is asked and what it answers."""

from __future__ import annotations

import dataclasses
import enum
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy import special

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.runcard import RunCard

VERSION = "1"
Floats = npt.NDArray[np.float64]

RT_TABLE = pa.schema(
    [
        ("unit", pa.string()),
        ("date", pa.date32()),  # last day of the window
        ("mean", pa.float64()),  # null where `reason` is not empty
        ("sd", pa.float64()),
        ("q025", pa.float64()),
        ("median", pa.float64()),
        ("q975", pa.float64()),
        ("cases", pa.int64()),  # in the window
        ("reason", pa.string()),
    ]
)
DEMAND_TABLE = pa.schema(
    [
        ("date", pa.date32()),
        ("measure", pa.string()),  # cases (new that day) | rooms | beds (in use at its end)
        ("mean", pa.float64()),
        ("q025", pa.float64()),
        ("q10", pa.float64()),
        ("median", pa.float64()),
        ("q90", pa.float64()),
        ("q975", pa.float64()),
    ]
)


def gamma_quantiles(shape: Floats, scale: Floats, levels: Sequence[float]) -> Floats:
    """(levels, ...) of gamma distributions; each shape is inverted once, for counts repeat."""
    shapes, at = np.unique(shape, return_inverse=True)
    marks = special.gammaincinv(shapes, np.asarray(levels)[:, None])
    return np.asarray(marks[:, at.reshape(shape.shape)] * scale)


class NoRt(enum.StrEnum):
    """Why a window has no estimate."""

    TOO_EARLY = "too_early"  # not longer since the first day than one mean serial interval
    FEW_CASES = "few_cases"  # fewer in the window than asked for
    GAP = "gap"  # a day without a report, or too much of the past unreported


@dataclasses.dataclass(frozen=True)
class RtParams:
    """si_mean, si_sd: of the serial interval, days.  window: days.

    prior_mean, prior_sd: of the gamma prior on Rt; 5 and 5 as in Cori et al. 2013, wide so that
        an epidemic is not ruled out before there is data.
    min_cases: windows with fewer get no estimate.  Cori et al. ask for a posterior coefficient of
        variation of 0.3, which with this prior needs 11 cases; 0 gives every window.
    """

    si_mean: float
    si_sd: float
    window: int = 7
    prior_mean: float = 5.0
    prior_sd: float = 5.0
    min_cases: int = 11

    def __post_init__(self) -> None:
        if not (1 < self.si_mean < math.inf and 0 < self.si_sd < math.inf):
            raise BadInput(
                "epidemic.serial_interval",
                "The serial interval needs a mean above 1 day and a positive sd.",
                si_mean=self.si_mean,
                si_sd=self.si_sd,
            )
        if self.window < 1 or self.prior_mean <= 0 or self.prior_sd <= 0:
            raise BadInput(
                "epidemic.rt_params", "Window, prior mean and prior sd must be positive."
            )


@dataclasses.dataclass(frozen=True)
class RtResult:
    """Posterior of Rt by window, arrays (windows,) or (units, windows); nan where `reason` says
    why.  t_end: 0-based index of each window's last day, (windows,).  shape, scale: of the gamma
    posterior."""

    t_end: npt.NDArray[np.int64]
    mean: Floats
    sd: Floats
    q025: Floats
    median: Floats
    q975: Floats
    shape: Floats
    scale: Floats
    reason: npt.NDArray[np.str_]

    def quantiles(self, levels: Sequence[float]) -> Floats:
        """Of the posterior, (levels, windows) or (levels, units, windows)."""
        return gamma_quantiles(self.shape, self.scale, levels)


@dataclasses.dataclass(frozen=True)
class RtUnits:
    """Rt of every unit: RT_TABLE, one row per unit and window end; the arrays behind it."""

    table: pa.Table
    units: tuple[str, ...]
    arrays: RtResult
    card: RunCard


@dataclasses.dataclass(frozen=True)
class DemandParams:
    """How cases become rooms and beds.

    dispersion_k: of the number infected by one case (negative binomial, Lloyd-Smith et al. 2005,
        doi:10.1038/nature04153); small is clustered.
    contacts_per_case: a sample of how many *new* contacts a case brought into isolation lately.
    isolation_days: a contact's room is in use for so many days, from the day of the case.
    persons_per_room: contacts sharing a room, on average (households together).
    admission_share: share of cases that get a bed.
    stay_days: a sample of lengths of stay, whole days, at least 1.
    horizon_days, draws: how far, and with how many simulated futures.
    """

    dispersion_k: float
    contacts_per_case: npt.NDArray[np.int64]
    isolation_days: int
    stay_days: npt.NDArray[np.int64]
    admission_share: float = 1.0
    persons_per_room: float = 1.0
    horizon_days: int = 7
    draws: int = 2000

    def __post_init__(self) -> None:
        for name in ("contacts_per_case", "stay_days"):
            sample = np.asarray(getattr(self, name))
            if sample.size == 0 or sample.min() < (name == "stay_days"):
                raise BadInput(
                    "epidemic.sample",
                    f"{name} must be a sample of at least one value, none negative"
                    " and no stay under one day.",
                    name=name,
                )
        positive = (self.dispersion_k, self.persons_per_room, self.horizon_days, self.draws)
        if min(positive) <= 0 or not 0 <= self.admission_share <= 1 or self.isolation_days < 1:
            raise BadInput("epidemic.demand_params", "A demand parameter is out of its range.")


@dataclasses.dataclass(frozen=True)
class Held:
    """What is in use by those already there: rooms and beds still held at the end of each day of
    the horizon, (horizon,).  From planned release days where known, else `solve.still_held`."""

    rooms: Floats
    beds: Floats


@dataclasses.dataclass(frozen=True)
class DemandResult:
    """table: DEMAND_TABLE; draws: (measure, draws, horizon) for cases, rooms, beds in this order,
    so that units can be added up draw by draw."""

    table: pa.Table
    draws: Floats
    card: RunCard

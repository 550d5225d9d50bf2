"""What is expected of the days to come, and who says so."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Level:
    """median: of simulated futures; upper: upper end of their 80 % interval."""

    median: float
    upper: float


@dataclasses.dataclass(frozen=True, slots=True)
class Option:
    """Beds in use at the end of each day, by tier, under an option of a what-if comparison.

    decided: approved; else it waits for a decision.  unit_path: of whom it tells.  found: cases
    found on each day (median).  ran_out: share of the runs in which somebody had waited for a bed
    by then: those who wait are in no bed.
    """

    comparison: int
    name: str
    unit_path: str
    as_of: dt.datetime
    computed_at: dt.datetime
    decided: bool
    calibrated: bool
    synthetic: bool
    beds: Mapping[str, Mapping[dt.date, Level]]
    found: Mapping[dt.date, float]
    ran_out: Mapping[dt.date, float]

    @property
    def days(self) -> list[dt.date]:
        return sorted({day for tier in self.beds.values() for day in tier})


@dataclasses.dataclass(frozen=True, slots=True)
class Outlook:
    """options: what-ifs, the one to be believed first.  cases: new ones of the whole incident by
    day, as the daily run of `as_of` expects them, estimated from the cases counted."""

    options: tuple[Option, ...] = ()
    as_of: dt.datetime | None = None
    cases: Mapping[dt.date, Level] = dataclasses.field(default_factory=dict)

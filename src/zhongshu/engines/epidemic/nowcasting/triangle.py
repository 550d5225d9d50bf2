"""The reporting triangle: cases by day of onset and days until the report."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput


def build(
    onset: npt.ArrayLike, report: npt.ArrayLike, *, today: int, days: int, max_delay: int
) -> Floats:
    """(days, max_delay + 1): cases with onset on each of the last `days` by delay in days.

    onset, report: day numbers of each case; `today` is the last day.  Reports after today are left
    out, later than `max_delay` counted on it.  Cells still to come are nan.
    Refuses reports before their onset.
    """
    first, late = np.asarray(onset, dtype=np.int64), np.asarray(report, dtype=np.int64)
    if first.shape != late.shape or (late < first).any():
        raise BadInput("epidemic.triangle", "Every case needs a report on its onset day or later.")
    table = np.zeros((days, max_delay + 1))
    row = first - (today - days + 1)
    kept = (late <= today) & (row >= 0) & (row < days)
    np.add.at(table, (row[kept], np.minimum(late - first, max_delay)[kept]), 1)
    table[coming(days, max_delay)] = np.nan
    return table


def coming(days: int, max_delay: int) -> npt.NDArray[np.bool_]:
    """Which cells' day of report lies after the last day."""
    return np.arange(days)[:, None] + np.arange(max_delay + 1) >= days


def checked(table: npt.ArrayLike) -> Floats:
    """A triangle as `build` gives it; refuses negative counts, wrong gaps and too few days."""
    counts = np.asarray(table, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[1] < 2 or counts.shape[0] < counts.shape[1] + 7:
        raise BadInput(
            "epidemic.triangle_short",
            "The reporting triangle needs a week more days of onset than days of delay.",
        )
    if (np.isnan(counts) != coming(counts.shape[0], counts.shape[1] - 1)).any():
        raise BadInput(
            "epidemic.triangle",
            "The reporting triangle must have every cell up to today, and none after it.",
        )
    if np.nanmin(counts) < 0:
        raise BadInput("epidemic.negative", "Incidence cannot be negative.")
    return counts

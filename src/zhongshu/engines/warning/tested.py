"""The answer every single-stream detector of this package gives."""

from __future__ import annotations

import dataclasses

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Columns = npt.NDArray[np.int64]


@dataclasses.dataclass(frozen=True, slots=True)
class Tested:
    """Of each series and report asked for, [series, asked].

    expected: mean count without an outbreak, nan where the method has none.
    statistic: what the method compares, in its own unit (its docstring says which).
    upper: the count around which it alarms (`Way` says whether reaching or passing it does).
    alarm: whether it does.  A report that cannot be tested has nan everywhere and no alarm.
    """

    expected: Floats
    statistic: Floats
    upper: Floats
    alarm: npt.NDArray[np.bool_]


def nothing(counts: Floats, at: Columns) -> Tested:
    """No report tested."""
    shape = (len(counts), len(at))
    return Tested(
        np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan),
        np.zeros(shape, np.bool_),
    )  # fmt: skip


def check_columns(counts: Floats, at: Columns) -> None:
    """Refuses columns that are not there, and counts that are no [series, time] array."""
    if counts.ndim != 2:
        raise BadInput("warning.shape", "Give counts as [series, time].")
    if len(at) and not 0 <= at.min() <= at.max() < counts.shape[1]:
        raise BadInput("warning.week", f"Ask for columns 0 to {counts.shape[1] - 1}.")

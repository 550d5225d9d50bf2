"""The state of a day that a count depends on: its weekday, or what moves from year to year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

OFF, MADE_UP, FESTIVAL = 7, 8, 9


def states(
    days: Sequence[dt.date],
    *,
    off: Collection[dt.date] = (),
    made_up: Collection[dt.date] = (),
    festivals: Collection[dt.date] = (),
    around: tuple[int, int] = (2, 10),
) -> npt.NDArray[np.int64]:
    """[days]: 0-6 Monday to Sunday, 7 a day off by the calendar, 8 a weekend day that is worked to
    make up for one, 9 the Spring Festival.

    festivals: first days of the lunar year; around: days before and after one that are its own
    state, off or not, for it moves by up to 29 days and empties towns for two weeks.
    """
    before, after = around
    feast = {day + dt.timedelta(n) for day in festivals for n in range(-before, after + 1)}
    out = np.empty(len(days), np.int64)
    for n, day in enumerate(days):
        if day in feast:
            out[n] = FESTIVAL
        elif day in made_up:
            out[n] = MADE_UP
        else:
            out[n] = OFF if day in off else day.weekday()
    return out

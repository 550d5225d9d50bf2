"""One shelf (an item in a store or a pooled county) run day by day, first expiring used first."""

from __future__ import annotations

import dataclasses
import datetime as dt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Lot:
    """from_on: usable from this day (an arrival); expires_on: None for never."""

    quantity: float
    expires_on: dt.date | None
    from_on: dt.date


@dataclasses.dataclass(frozen=True)
class Run:
    """short: per day.  left: of each lot after the last day, in the order given; expired lots keep
    what was left of them."""

    short: Floats
    left: list[float]

    def days(self, need: Floats) -> tuple[float, bool]:
        """Days of cover: days met in full plus the met part of the first one that is not; and
        whether none was short (then the cover is at least that long)."""
        gaps = np.flatnonzero(self.short > 1e-9)
        if not len(gaps):
            return float(len(need)), True
        first = int(gaps[0])
        return first + 1.0 - float(self.short[first] / need[first]), False


def run(lots: list[Lot], need: Floats, *, on: dt.date) -> Run:
    """Serves `need` (one figure per day from `on`) out of the lots."""
    left = [lot.quantity for lot in lots]
    order = sorted(range(len(lots)), key=lambda n: (lots[n].expires_on or dt.date.max, n))
    short = np.zeros(len(need))
    for day, wanted in enumerate(need):
        today, missing = on + day * DAY, float(wanted)
        for n in order:
            lot = lots[n]
            usable = lot.from_on <= today and (lot.expires_on is None or today <= lot.expires_on)
            if usable and missing > 0:
                taken = min(left[n], missing)
                left[n] -= taken
                missing -= taken
        short[day] = max(0.0, missing)
    return Run(short, left)


def usable(lots: list[Lot], *, on: dt.date) -> float:
    """What can be used today."""
    return sum(lot.quantity for lot in lots if lot.expires_on is None or lot.expires_on >= on)


def surplus(lots: list[Lot], need: Floats, *, on: dt.date) -> float:
    """What is left, and still good, after serving `need`."""
    last = on + len(need) * DAY
    left = run(lots, need, on=on).left
    good = [n for n, lot in enumerate(lots) if lot.expires_on is None or lot.expires_on >= last]
    return sum(left[n] for n in good)


def give(lots: list[Lot], quantity: float, *, arrives_on: dt.date) -> tuple[list[Lot], list[Lot]]:
    """Takes `quantity` from the lots that expire last; (lots that stay, lots that travel)."""
    stay = list(lots)
    gone: list[Lot] = []
    for n in sorted(range(len(lots)), key=lambda n: (lots[n].expires_on or dt.date.max, n))[::-1]:
        part = min(stay[n].quantity, quantity)
        if part > 0:
            quantity -= part
            stay[n] = dataclasses.replace(stay[n], quantity=stay[n].quantity - part)
            gone.append(Lot(part, lots[n].expires_on, arrives_on))
    return stay, gone

"""The laboratories and their loads as the compiled parts read them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.testing.labs import model
from zhongshu.engines.testing.labs.ground import Ground

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Yard(NamedTuple):
    """arrive: hour a load is there, (labs, loads), inf where it may not go.

    opens, closes: (labs, periods).  cost: hour due, weight of lateness, hours from a run's end to
    the result, cost of a tube that no run takes.
    """

    tubes: Ints
    arrive: Floats
    machines: Ints
    batch: Ints
    run_h: Floats
    opens: Floats
    closes: Floats
    cost: Floats


def of(ground: Ground, rules: model.LabRules) -> Yard:
    """A tube left out costs more than the latest result within the horizon."""
    left = (1 + rules.late_weight) * (rules.horizon_h + rules.report_h) + 1
    return Yard(
        tubes=ground.tubes,
        arrive=np.ascontiguousarray(ground.arrive.T),
        machines=ground.machines,
        batch=ground.batch,
        run_h=ground.run_h,
        opens=ground.opens,
        closes=ground.closes,
        cost=np.array([rules.due_h, rules.late_weight, rules.report_h, left], np.float64),
    )

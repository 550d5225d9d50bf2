"""Which meetings in places make a contact: near enough, and long enough together.

The hours that two visitors of a day spend together are exponential, with the mean of
`model.Mixing.overlap_h`: an assumption.  Infection passes in proportion to them, so that meetings
in which it passed were longer than others, and more of them count.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.options import Tracing
from zhongshu.kernel.compiled import njit
from zhongshu.kernel.feeds import PLACE_KINDS

F64 = NDArray[np.float64]


def close(tracing: Tracing) -> F64:
    """(kinds, 2): share of the meetings that are near enough, least hours together."""
    made = np.zeros((len(PLACE_KINDS), 2))
    made[:, 0] = 0.0 if tracing.close_min else 1.0
    for kind, minutes in tracing.close_min:
        made[PLACE_KINDS.index(kind)] = (1.0, minutes / 60.0)
    for kind, share in tracing.near:
        made[PLACE_KINDS.index(kind), 0] *= share
    return made


@njit(cache=True)
def counted(near, least_h, mean_h, passed):  # type: ignore[no-untyped-def]
    """Share of the meetings that make a contact; passed: of those in which infection passed."""
    if near == 0.0 or least_h == 0.0:
        return near
    if mean_h == 0.0:
        return 0.0
    times = least_h / mean_h
    return near * np.exp(-times) * (1.0 + times if passed else 1.0)

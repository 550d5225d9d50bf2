"""How good an interval forecast was: the weighted interval score and coverage.

Bracher et al. 2021 (doi:10.1371/journal.pcbi.1008618): for levels that lie in pairs around the
median the score is twice the mean quantile loss, in the unit of the target; for a single number it
is the absolute error.
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.epidemic.model import Floats
from zhongshu.kernel.errors import BadInput

# the quantiles asked for by the forecast hubs of the US (Cramer et al. 2022)
HUB_LEVELS = (0.01, 0.025, *(n / 20 for n in range(1, 20)), 0.975, 0.99)


def interval_score(quantiles: Floats, observed: Floats, levels: tuple[float, ...]) -> Floats:
    """Weighted interval score, shape of `observed`; quantiles: (levels, ...).

    Refuses levels that do not lie in pairs around the median.
    """
    asked = np.asarray(levels)
    if not np.allclose(asked, 1 - asked[::-1], atol=1e-9) or len(asked) % 2 == 0:
        raise BadInput("epidemic.levels", "Quantile levels must lie in pairs around the median.")
    share = asked.reshape(-1, *([1] * np.ndim(observed)))
    off = np.asarray(observed) - quantiles
    return np.asarray(2 * np.maximum(share * off, (share - 1) * off).mean(axis=0))


def covered(
    quantiles: Floats, observed: Floats, levels: tuple[float, ...], share: float = 0.95
) -> Floats:
    """1 where the central interval of `share` holds the observed number, else 0."""
    asked = np.asarray(levels)
    low, high = (
        int(np.argmin(np.abs(asked - edge))) for edge in ((1 - share) / 2, (1 + share) / 2)
    )
    inside = (quantiles[low] <= observed) & (observed <= quantiles[high])
    return np.asarray(inside, dtype=np.float64)

"""The hubs' baseline: tomorrow as today, as unsure as the past weeks' changes were large.

Cramer et al. 2022 (doi:10.1073/pnas.2113561119), supplement: the median is the last value at every
horizon; the changes from week to week and their mirror images are summed up at random; nothing
falls below 0.
"""

from __future__ import annotations

import numpy as np

from zhongshu.engines.epidemic.forecasting.model import ForecastParams
from zhongshu.engines.epidemic.model import Floats


def quantiles(values: Floats, params: ForecastParams, chance: np.random.Generator) -> Floats:
    """(levels, units, horizon), from (units, weeks)."""
    units, ahead = len(values), params.horizon_weeks
    told = np.full((len(params.levels), units, ahead), np.nan)
    for unit, series in enumerate(values):
        changes = np.diff(series)
        changes = changes[~np.isnan(changes)]
        if np.isnan(series[-1]) or len(changes) == 0:
            continue
        mirrored = np.concatenate([changes, -changes])
        # drawn by evenly spread quantiles at every step, in random order: less noise than chance
        marks = np.quantile(mirrored, (np.arange(params.draws) + 0.5) / params.draws)
        steps = np.stack([chance.permutation(marks) for _ in range(ahead)])
        paths = np.cumsum(steps, axis=0)
        spread = np.quantile(paths, params.levels, axis=1)
        spread -= np.median(paths, axis=1)  # the median is flat
        told[:, unit] = np.maximum(series[-1] + spread, 0)
    return told

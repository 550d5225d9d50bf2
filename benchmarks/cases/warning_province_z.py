"""A plain single-stream model for the made province: level x kind of day, negative binomial.

The level of a county's stream is its last 42 days up to 15 days ago over the kinds of days they
were (weekdays, days of Spring Festival; factors from all earlier years, all counties together).  It
is quick (a second for three years of a province), which many seeds need, and knows neither season
nor shocks.  The product's own model is `engines/warning/history/baseline.py`.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from benchmarks.cases.warning_province import Floats, festival_day, weekdays
from zhongshu.kernel.random import stream

GAP, WINDOW, LEAST = 14, 42, 14


def z_scores(counts: Floats, seed: int, starts: tuple[int, ...]) -> Floats:
    """Randomised mid-p z [county, stream, day] of the days from starts[0] on; factors and
    dispersion are those of the days before the last start that has passed."""
    kind = np.where(festival_day() >= 0, 7 + festival_day(), weekdays())
    chance = stream(seed, "mid-p").random(counts.shape)
    ends = (*starts[1:], counts.shape[2])
    parts = [
        _period(counts[:, :, :end], kind[:end], chance, start)
        for start, end in zip(starts, ends, strict=True)
    ]
    return np.concatenate(parts, axis=2)


def _window(values: Floats) -> Floats:
    """Sum over the window that ends GAP days before each day."""
    total = np.concatenate([np.zeros((*values.shape[:2], 1)), values.cumsum(axis=2)], axis=2)
    end = np.clip(np.arange(values.shape[2]) - GAP, 0, None)
    return np.asarray(total[:, :, end] - total[:, :, np.clip(end - WINDOW, 0, None)])


def _level(counts: Floats, factor: Floats) -> Floats:
    known = ~np.isnan(counts)
    base = _window(np.where(known, factor, 0.0))
    enough = (_window(known.astype(np.float64)) >= LEAST) & (base > 0)
    return np.where(enough, _window(np.nan_to_num(counts)) / np.where(enough, base, 1.0), np.nan)


def _period(
    counts: Floats, kind: np.ndarray[tuple[int], np.dtype[np.int64]], chance: Floats, start: int
) -> Floats:
    factor = np.ones(counts.shape[1:])
    for _ in range(3):
        level = _level(counts, factor)
        both = ~np.isnan(counts) & ~np.isnan(level)
        both[:, :, start:] = False
        seen, said = np.where(both, counts, 0.0), np.where(both, level, 0.0)
        for one in np.unique(kind):
            here = kind == one
            top, base = seen[:, :, here].sum(axis=(0, 2)), said[:, :, here].sum(axis=(0, 2))
            new = np.where(base > 0, top / np.where(base > 0, base, 1.0), 1.0)
            factor[:, here] = new[:, None]
    mean = _level(counts, factor) * factor
    over = np.where(both, (counts - mean) ** 2 - mean, np.nan)
    over = np.clip(over, None, 9 * (0.16 * mean**2) + 3 * mean)
    alpha = np.nansum(over, axis=(0, 2)) / np.nansum(np.where(both, mean, np.nan) ** 2, axis=(0, 2))
    size = 1 / np.maximum(alpha, 0.01)
    return _z(
        counts[:, :, start:],
        mean[:, :, start:],
        size[None, :, None],
        chance[:, :, start : counts.shape[2]],
    )


def _z(counts: Floats, mean: Floats, size: Floats, chance: Floats) -> Floats:
    known = ~np.isnan(counts) & ~np.isnan(mean)
    k, mu = np.where(known, counts, 0.0), np.where(known, mean, 1.0)
    q = mu / (size + mu)
    above = special.betainc(k + 1, size, q)
    reached = np.where(k > 0, special.betainc(np.maximum(k, 1), size, q), 1.0)
    p = np.clip(above + chance * (reached - above), 1e-15, 1 - 1e-15)
    return np.where(known, -special.ndtri(p), np.nan)

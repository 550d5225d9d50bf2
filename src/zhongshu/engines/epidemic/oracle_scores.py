"""The readable twin of the scores, as the paper writes them: interval by interval."""

from __future__ import annotations

from collections.abc import Sequence


def weighted_interval_score(
    quantiles: Sequence[float], observed: float, levels: Sequence[float]
) -> float:
    """Bracher et al. 2021, equation 2: weight 1/2 for the median, alpha/2 for each interval."""
    pairs = len(levels) // 2
    total = abs(observed - quantiles[pairs]) / 2
    for n in range(pairs):
        low, high, alpha = quantiles[n], quantiles[-1 - n], 2 * levels[n]
        score = high - low
        score += 2 / alpha * max(low - observed, 0) + 2 / alpha * max(observed - high, 0)
        total += alpha / 2 * score
    return total / (pairs + 0.5)

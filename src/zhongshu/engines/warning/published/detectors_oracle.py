"""The readable twins of the single-stream detectors: one series, one report, plain numbers.

Each takes a series (None: no report) and the place of the report tested, and answers
(expected, statistic, upper, alarm), or None where it cannot be tested.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats

from zhongshu.engines.warning.model import Method
from zhongshu.engines.warning.published.bayes import Bayes
from zhongshu.engines.warning.published.cusum import Cusum, Transform
from zhongshu.engines.warning.published.ears_plain import Plain
from zhongshu.engines.warning.published.glr import Change, Glr
from zhongshu.engines.warning.published.percentile import Percentile
from zhongshu.engines.warning.published.references import Around
from zhongshu.engines.warning.published.rki import POISSON_UPPER, Rki

Series = Sequence[float | None]
Answer = tuple[float, float, float, bool] | None
Seen = tuple[float, float, float | None]  # count, in-control mean, report before


def past(series: Series, at: int, around: Around) -> list[float] | None:
    """The reported references, or None where they are too few."""
    places = list(range(at - around.half_window, at)) if around.this_year else []
    for year in range(1, around.years + 1):
        same = at - year * around.year
        places += range(same - around.half_window, same + around.half_window + 1)
    if min(places) < 0 or series[at] is None:
        return None
    found = [float(x) for x in (series[n] for n in places) if x is not None]
    return found if len(found) >= around.least * len(places) and found else None


def bayes(series: Series, at: int, params: Bayes) -> Answer:
    found, now = past(series, at, params.around), series[at]
    if found is None or now is None:
        return None
    size, n = 0.5 + sum(found), len(found)
    upper = float(stats.nbinom.ppf(1 - params.alpha, size, n / (n + 1)))
    return size / n, now, upper, now > upper


def rki(series: Series, at: int, params: Rki) -> Answer:
    found, now = past(series, at, params.around), series[at]
    if found is None or now is None or len(found) < 2:
        return None
    mean = sum(found) / len(found)
    if mean > 20:
        upper = mean + 2 * math.sqrt(sum((x - mean) ** 2 for x in found) / (len(found) - 1))
    else:
        upper = float(POISSON_UPPER[math.floor(mean)])
    return mean, now, upper, now > upper


def percentile(series: Series, at: int, params: Percentile) -> Answer:
    def block(end: int) -> float | None:
        first = end - params.period + 1
        inside = series[first : end + 1] if first >= 0 else [None]
        return None if any(x is None for x in inside) else sum(x for x in inside if x is not None)

    half = range(-params.half_window, params.half_window + 1)
    ends = [
        at - back * params.year + shift * params.period
        for back in range(1, params.years + 1)
        for shift in half
    ]
    blocks = [block(end) for end in ends]
    found, now = [x for x in blocks if x is not None], block(at)
    too_early = min(ends) - params.period + 1 < 0
    if now is None or too_early or len(found) < params.least * len(ends):
        return None
    upper = float(np.percentile(found, params.percent))
    above = now >= upper if params.reaching else now > upper
    return statistics.median(found), now, upper, above and now >= params.least_count


def _baseline(series: Series, at: int, params: Plain) -> tuple[float, float, float] | None:
    """(mean, sd, z)."""
    end = at - (0 if params.method is Method.C1 else params.lag)
    base = [float(x) for x in series[max(0, end - params.baseline) : max(0, end)] if x is not None]
    now = series[at]
    if now is None or len(base) < (params.least or params.baseline):
        return None
    mean, sd = statistics.fmean(base), max(statistics.stdev(base), params.min_sigma)
    if sd == 0:
        return mean, sd, 0.0 if now == mean else math.copysign(math.inf, now - mean)
    return mean, sd, (now - mean) / sd


def ears(series: Series, at: int, params: Plain) -> Answer:
    found, now = _baseline(series, at, params), series[at]
    if found is None or now is None:
        return None
    mean, sd, z = found
    if params.method is not Method.C3:
        upper = mean + params.reach * sd
        return mean, z, upper, now > upper
    earlier = [_baseline(series, n, params) for n in range(max(0, at - 2), at)]
    before = sum(max(0.0, one[2] - 1) for one in earlier if one is not None)
    total = before + max(0.0, z - 1)
    upper = 0.0 if before >= params.reach else mean + sd * (1 + params.reach - before)
    return mean, total, upper, total > params.reach


def cusum(series: Series, mean: Sequence[float], start: int, params: Cusum) -> list[Answer]:
    """The whole chart from `start`; mean: of each of its reports."""
    total, answers = 0.0, list[Answer]()
    for x, m in zip(series[start:], mean, strict=True):
        if x is None or not m > 0:
            answers.append(None)
            continue

        def z(count: float, m: float = m) -> float:
            if params.transform is Transform.STANDARD:
                return (count - m) / math.sqrt(m)
            return (count - 3 * m + 2 * math.sqrt(count * m)) / (2 * math.sqrt(m))

        before = total
        total = max(0.0, before + z(x) - params.k)
        upper = _least(lambda count, old=before: old + z(count) - params.k - params.h)  # type: ignore[misc]
        answers.append((m, total, upper, total >= params.h))
    return answers


def _least(excess: Callable[[float], float]) -> float:
    """Where a rising function of the count passes zero, by halving; 0 where it already has."""
    low, high = 0.0, 1.0
    if excess(0.0) >= 0:
        return 0.0
    while excess(high) < 0:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) >= 0 else (middle, high)
    return high


def glr(
    series: Series, mean: Sequence[float], start: int, params: Glr, *, alpha: float
) -> list[float | None]:
    """The statistic of the whole chart from `start`; every change is tried, and every size
    of a grid that is refined four times around its best."""
    chart = list[float | None]()
    since = start
    for now in range(start, len(series)):
        if series[now] is None:
            chart.append(None)
            continue
        first = since if params.window is None else max(since, now - params.window)
        last = now if params.size is not None else now - params.delay + 1
        best = 0.0
        for k in range(first if params.size is None else since, last + 1):
            if params.size is None and series[k] is None:
                continue  # a change begins with a report
            seen = [
                (float(y), mean[n - start], series[n - 1] if n else None)
                for n in range(k, now + 1)
                if (y := series[n]) is not None
            ]
            best = max(best, _ratio(seen, params, alpha))
        chart.append(best)
        if best >= params.threshold:
            since = now + 1
    return chart


def _ratio(seen: Sequence[Seen], params: Glr, alpha: float) -> float:
    """The largest log likelihood ratio of a change over these reports."""

    def total(size: float) -> float:
        found = 0.0
        for y, m0, before in seen:
            if params.change is Change.INTERCEPT:
                m1 = m0 * math.exp(size)
            else:
                m1 = m0 + size * (before or 0.0)
            found += _log_chance(y, m1, alpha) - _log_chance(y, m0, alpha)
        return found

    if params.size is not None:
        return total(params.size)
    top = 8.0 if params.change is Change.INTERCEPT else max((y for y, *_ in seen), default=0) + 1
    grid = [top * (n / 200) ** 2 for n in range(201)]
    tops = [total(size) for size in grid]
    for _ in range(4):  # look closer around the best
        best = int(np.argmax(tops))
        low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        grid = [low + (high - low) * n / 40 for n in range(41)]
        tops = [total(size) for size in grid]
    return max(*tops, 0.0)


def _log_chance(y: float, mean: float, alpha: float) -> float:
    """Of a Poisson or negative binomial count, up to a term of y alone."""
    if alpha == 0:
        return y * math.log(mean) - mean
    return y * math.log(mean) - (y + 1 / alpha) * math.log(1 + alpha * mean)

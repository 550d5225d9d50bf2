"""The charts of `glr.py`, a series at a time.

For a change since report k the log likelihood ratio is the sum over reports of
y log(m1 / m0) - (y + 1/a) log((1 + a m1) / (1 + a m0)), or y log(m1 / m0) - (m1 - m0) for a = 0,
with m1 = m0 exp(size) or m0 + size * report before.  A report before that is missing says nothing
about an epidemic, and adds nothing.
"""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import math

import numpy as np

from zhongshu.kernel.compiled import njit

_STEPS, _CLOSE = 200, 1e-13
_GRID = 12  # an epidemic of negative binomial counts may have several peaks of the likelihood
MOST = 2**24  # a count beyond it is no count


@njit(cache=True, nogil=True, error_model="numpy")
def _gain(y, m0, previous, alpha, change, size):
    """What one report adds to the log likelihood ratio."""
    if size == 0:
        return 0.0
    if change == 0:
        m1, logged = m0 * math.exp(size), size
    else:
        if not previous > 0:
            return 0.0
        m1 = m0 + size * previous
        logged = math.log(m1 / m0)
    if alpha == 0:
        return y * logged - (m1 - m0)
    return y * logged - (y + 1 / alpha) * (math.log1p(alpha * m1) - math.log1p(alpha * m0))


@njit(cache=True, nogil=True, error_model="numpy")
def _sum(y, mean, previous, alpha, change, size, first, last):
    total = 0.0
    for n in range(first, last + 1):
        if not math.isnan(y[n]):
            total += _gain(y[n], mean[n], previous[n], alpha, change, size)
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _slope(y, mean, previous, alpha, change, size, first, last):
    """Derivative of the sum by size, and the derivative of that."""
    one, two = 0.0, 0.0
    for n in range(first, last + 1):
        if math.isnan(y[n]):
            continue
        if change == 0:
            m1 = mean[n] * math.exp(size)
            rest = 1 + alpha * m1
            one += (y[n] - m1) / rest
            two -= m1 * (1 + alpha * y[n]) / (rest * rest)
        elif previous[n] > 0:
            m1 = mean[n] + size * previous[n]
            rest = 1 + alpha * m1
            one += previous[n] * (y[n] - m1) / (m1 * rest)
            two += previous[n] ** 2 * (
                alpha**2 * (y[n] + 1 / alpha) / rest**2 - y[n] / m1**2 if alpha > 0
                else -y[n] / m1**2
            )  # fmt: skip
    return one, two


@njit(cache=True, nogil=True, error_model="numpy")
def _top(y, mean, previous, change, first, last):
    """No size beyond the largest of any single report can be the likeliest."""
    top = 0.0
    for n in range(first, last + 1):
        if math.isnan(y[n]):
            continue
        if change == 0:
            if y[n] > mean[n]:
                top = max(top, math.log(y[n] / mean[n]))
        elif previous[n] > 0:
            top = max(top, (y[n] - mean[n]) / previous[n])
    return top


@njit(cache=True, nogil=True, error_model="numpy")
def _likeliest(y, mean, previous, alpha, change, first, last, near):
    """The size of at least zero with the largest sum; near: where to look first."""
    low, high = 0.0, _top(y, mean, previous, change, first, last)
    if high <= 0:
        return 0.0
    if change == 1 and alpha > 0:
        best, most = 0, 0.0
        for n in range(1, _GRID + 1):
            tried = high * (n / _GRID) ** 2
            total = _sum(y, mean, previous, alpha, change, tried, first, last)
            if total > most:
                best, most = n, total
        low = high * (max(best - 1, 0) / _GRID) ** 2
        high *= (min(best + 1, _GRID) / _GRID) ** 2
    at_low, _ = _slope(y, mean, previous, alpha, change, low, first, last)
    if at_low <= 0:
        return low
    size = near if low < near < high else low + 0.5 * (high - low)
    for _ in range(_STEPS):
        one, two = _slope(y, mean, previous, alpha, change, size, first, last)
        if one > 0:
            low = size
        else:
            high = size
        new = size - one / two if two < 0 else low
        if not low < new < high:
            new = low + 0.5 * (high - low)
        if abs(new - size) <= _CLOSE * (1 + size):
            return new
        size = new
    return size


@njit(cache=True, nogil=True, error_model="numpy")
def _statistic(y, mean, previous, alpha, change, given, since, now, window, delay, before):
    """The chart at `now`, started at `since`; before: the likelihood ratio chart's last value."""
    if not math.isnan(given):
        return max(0.0, before + _gain(y[now], mean[now], previous[now], alpha, change, given))
    first = since if window < 0 else max(since, now - window)
    most, counted, meant, size = 0.0, 0.0, 0.0, 0.0
    for k in range(now, first - 1, -1):
        if math.isnan(y[k]):
            continue
        if change == 0 and alpha == 0:  # the likeliest is known (Hohle and Paul 2008, 3.1)
            counted += y[k]
            meant += mean[k]
            if k <= now - delay + 1 and counted > meant:
                most = max(most, counted * math.log(counted / meant) - (counted - meant))
        elif k <= now - delay + 1:
            size = _likeliest(y, mean, previous, alpha, change, k, now, size)
            most = max(most, _sum(y, mean, previous, alpha, change, size, k, now))
    return most


@njit(cache=True, nogil=True, error_model="numpy")
def _upper(y, mean, previous, alpha, change, given, since, now, window, delay, before, threshold):
    """The least count of this report that reaches the threshold; infinite where none does."""
    seen = y[now]
    low, high = -1.0, 1.0
    y[now] = 0.0
    if (
        _statistic(y, mean, previous, alpha, change, given, since, now, window, delay, before)
        >= threshold
    ):
        high = 0.0
    else:
        low = 0.0
        while high <= MOST:
            y[now] = high
            if (
                _statistic(
                    y, mean, previous, alpha, change, given, since, now, window, delay, before
                )
                >= threshold
            ):
                break
            low, high = high, high * 2
    while high - low > 1 and high <= MOST:
        y[now] = math.floor((low + high) / 2)
        reached = (
            _statistic(y, mean, previous, alpha, change, given, since, now, window, delay, before)
            >= threshold
        )
        if reached:
            high = y[now]
        else:
            low = y[now]
    y[now] = seen
    return high if high <= MOST else np.inf


@njit(cache=True, nogil=True, error_model="numpy")
def charts(counts, previous, mean, alpha, change, given, threshold, window, delay, bound):
    """[series, time, (statistic, upper)]; nan where nothing was reported or there is no model, and
    for every upper without `bound`."""
    series, length = counts.shape
    out = np.full((series, length, 2), np.nan)
    y = np.empty(length)
    for one in range(series):
        y[:] = counts[one]
        for n in range(length):
            if not mean[one, n] > 0:
                y[n] = np.nan
        since, total = 0, 0.0
        for now in range(length):
            if math.isnan(y[now]):
                continue
            if bound:
                out[one, now, 1] = _upper(
                    y, mean[one], previous[one], alpha[one], change, given, since, now, window,
                    delay, total, threshold,
                )  # fmt: skip
            total = _statistic(
                y, mean[one], previous[one], alpha[one], change, given, since, now, window, delay,
                total,
            )  # fmt: skip
            out[one, now, 0] = total
            if total >= threshold:
                since, total = now + 1, 0.0
    return out

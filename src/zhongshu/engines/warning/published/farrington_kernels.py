"""The fits of `farrington.py`, a series and a week at a time.

A model with one level for each seasonal period and one slope has normal equations in the shape of
an arrow: iteratively reweighted least squares (McCullagh and Nelder 1989, 2.5) needs only sums by
period.  Starting values and the end of the iteration are those of R's glm, so that numbers can be
compared to many digits; the weights behind errors are those of the last step, as there.
"""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import math

import numpy as np

from zhongshu.kernel.compiled import njit

_STEPS, _CLOSE = 25, 1e-8
LARGE = 1e7  # a mean or a bound beyond it comes from a fit that says nothing
_FUZZ = 64 * 2.220446049250313e-16  # a quantile is passed where only rounding is missing


@njit(cache=True, nogil=True, error_model="numpy")
def _past(counts, offset, week, shape, y, base, time, period):
    """The past weeks of one week into y, base (offset), time, period; their number."""
    years, half, periods, left_out, year = shape
    first = week - years * year - half
    last = week - year + half if periods == 1 else week - left_out - 1
    rest = year - (2 * half + 1)
    count = 0
    for n in range(first, last + 1):
        if math.isnan(counts[n]):
            continue
        since = (n - (week - half)) % year
        if since <= 2 * half:
            level = 0
        elif periods == 1:
            continue
        else:
            level = 1 + (since - (2 * half + 1)) * (periods - 1) // rest
        y[count], base[count], time[count], period[count] = counts[n], offset[n], n - week, level
        count += 1
    return count


@njit(cache=True, nogil=True, error_model="numpy")
def _deviance(y, mu, weight, count):
    total = 0.0
    for n in range(count):
        whole = y[n] * math.log(y[n] / mu[n]) if y[n] > 0 else 0.0
        total += weight[n] * (whole - (y[n] - mu[n]))
    return 2 * total


@njit(cache=True, nogil=True, error_model="numpy")
def _fit(y, base, time, period, weight, count, sloped, mu, work, sums):
    """Quasi-Poisson regression; `mu` and the last working weights into `work`.

    sums[level] = (weight, weight*time, level's intercept); (slope, arrow's tip, dispersion not
    bounded, degrees of freedom).  tip: the information about the slope, 0 without one.
    """
    for n in range(count):
        mu[n] = y[n] + 0.1
    before, slope, tip = _deviance(y, mu, weight, count), 0.0, 0.0
    levels = 0
    for _ in range(_STEPS):
        sums[:] = 0.0
        cross, square = 0.0, 0.0
        for n in range(count):
            w = weight[n] * mu[n]
            z = math.log(mu[n]) - base[n] + (y[n] - mu[n]) / mu[n]
            work[n] = w
            one = sums[period[n]]
            one[0] += w
            one[1] += w * time[n]
            one[2] += w * z
            cross += w * time[n] * z
            square += w * time[n] * time[n]
        levels = 0
        tip, pull = square, cross
        for level in range(len(sums)):
            w, wt, wz = sums[level, 0], sums[level, 1], sums[level, 2]
            if w > 0:
                levels += 1
                tip -= wt * wt / w
                pull -= wt * wz / w
        slope = pull / tip if sloped else 0.0
        for level in range(len(sums)):
            if sums[level, 0] > 0:
                sums[level, 2] = (sums[level, 2] - slope * sums[level, 1]) / sums[level, 0]
        for n in range(count):
            mu[n] = math.exp(sums[period[n], 2] + slope * time[n] + base[n])
        now = _deviance(y, mu, weight, count)
        if abs(now - before) / (abs(now) + 0.1) < _CLOSE:
            break
        before = now
    free = count - levels - (1 if sloped else 0)
    spread = 0.0
    for n in range(count):
        spread += work[n] * ((y[n] - mu[n]) / mu[n]) ** 2
    return slope, tip, spread / max(free, 1), free


@njit(cache=True, nogil=True, error_model="numpy")
def _reweigh(y, time, period, count, sloped, mu, work, sums, tip, phi, limit, weight):
    """Past outbreaks weigh less: by their Anscombe residuals (Noufaily et al. 2013, 3.2)."""
    total = 0.0
    for n in range(count):
        w, wt = sums[period[n], 0], sums[period[n], 1]
        hat = 1 / w
        if sloped:
            hat += (time[n] - wt / w) ** 2 / tip
        hat *= work[n]
        residual = 1.5 * (y[n] ** (2 / 3) * mu[n] ** (-1 / 6) - math.sqrt(mu[n]))
        residual /= math.sqrt(phi * (1 - hat))
        weight[n] = residual**-2.0 if residual > limit else 1.0
        total += weight[n]
    for n in range(count):
        weight[n] *= count / total


@njit(cache=True, nogil=True, error_model="numpy")
def _model(y, base, time, period, count, sloped, limit, as_surveillance, rooms, sums):
    """Both fits; (level now, slope, error of the level, error of the slope, phi, free)."""
    mu, work, weight = rooms
    weight[:count] = 1.0
    slope, tip, spread, free = _fit(y, base, time, period, weight, count, sloped, mu, work, sums)
    scale = spread
    if limit < np.inf:
        phi = max(spread, 1.0)
        _reweigh(y, time, period, count, sloped, mu, work, sums, tip, phi, limit, weight)
        slope, tip, spread, free = _fit(
            y, base, time, period, weight, count, sloped, mu, work, sums
        )
        scale = spread
        if as_surveillance:
            scale = 0.0
            for n in range(count):
                scale += weight[n] * ((y[n] - mu[n]) / mu[n]) ** 2
            scale /= max(free, 1)
    w, wt = sums[0, 0], sums[0, 1]
    variance = 1 / w
    if sloped:
        variance += (wt / w) ** 2 / tip  # the week asked is at time 0
    error = math.sqrt(max(variance * scale, 0.0))
    slope_error = math.sqrt(scale / tip) if sloped else np.inf
    return sums[0, 2], slope, error, slope_error, max(spread, 1.0), free


@njit(cache=True, nogil=True, error_model="numpy")
def _mass(k, mean, phi):
    """Log of the chance of k: Poisson, or negative binomial with variance phi*mean."""
    if phi <= 1:
        return k * math.log(mean) - mean - math.lgamma(k + 1)
    size = mean / (phi - 1)
    chance = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1)
    return chance - size * math.log(phi) + k * math.log((phi - 1) / phi)


@njit(cache=True, nogil=True, error_model="numpy")
def _step(k, mean, phi):
    """Chance of k over the chance of k-1."""
    if phi <= 1:
        return mean / k
    return (k - 1 + mean / (phi - 1)) / k * (phi - 1) / phi


@njit(cache=True, nogil=True, error_model="numpy")
def quantile(level, mean, phi):
    """Least k with a chance of at least `level` to stay at or below it; infinite beyond LARGE."""
    if not mean > 0:
        return 0.0 if mean == 0 else np.nan
    if mean > LARGE:
        return np.inf
    k = math.floor(mean)
    mass = math.exp(_mass(k, mean, phi))
    total, part, down = mass, mass, k
    while down > 0 and part > total * 1e-18:
        part /= _step(down, mean, phi)
        down -= 1
        total += part
    wanted = level * (1 - _FUZZ)
    while k > 0 and total - mass >= wanted:  # the quantile may lie below the mean
        total -= mass
        mass /= _step(k, mean, phi)
        k -= 1
    while total < wanted and mass > 0:
        k += 1
        mass *= _step(k, mean, phi)
        total += mass
        if k > LARGE:
            return np.inf
    return float(k)


@njit(cache=True, nogil=True, error_model="numpy")
def _upper(mean, error, phi, how):
    """The bound; error: of the log of the mean."""
    normal, alpha, bound, power = how
    if bound == 0:
        spread = phi + error * error * mean
        return mean * (1 + power * normal * math.sqrt(spread / mean)) ** (1 / power)
    if bound == 2:
        mean = math.exp(math.log(mean) + normal * error)
    return quantile(1 - alpha, mean, phi)


@njit(cache=True, nogil=True, error_model="numpy")
def _one(
    counts, offset, week, shape, limit, trend_p, reach, how, as_surveillance, rooms, sums, out
):
    y, base, time, mu, work, weight, period = rooms
    count = _past(counts, offset, week, shape, y, base, time, period)
    tallest = 0.0
    for n in range(count):
        tallest = max(tallest, y[n])
    own = (mu, work, weight)
    for sloped in (True, False):
        if sloped and trend_p <= 0:
            continue
        level, slope, error, slope_error, phi, free = _model(
            y, base, time, period, count, sloped, limit, as_surveillance, own, sums
        )
        mean = math.exp(level + offset[week])
        if free < 1:
            continue
        if sloped and not (abs(slope) / slope_error > reach[free] and mean <= tallest):
            continue
        out[0], out[1], out[2] = mean, _upper(mean, error, phi, how), phi
        out[3] = slope if sloped else np.nan
        return


@njit(cache=True, nogil=True, error_model="numpy")
def weeks(counts, offset, at, shape, limit, trend_p, reach, how, enough, as_surveillance):
    """[series, weeks asked, (expected, upper, phi, slope, enough seen)]; nan: not tested."""
    series = len(counts)
    out = np.full((series, len(at), 5), np.nan)
    years, half, periods, _, year = shape
    most = years * year + 2 * half + 2
    rooms = (
        np.empty(most), np.empty(most), np.empty(most), np.empty(most), np.empty(most),
        np.empty(most), np.empty(most, np.int64),
    )  # fmt: skip
    sums = np.empty((periods, 3))
    for one in range(series):
        for n in range(len(at)):
            week = at[n]
            if week - years * year - half < 0 or math.isnan(counts[one, week]):
                continue
            seen = 0.0
            for k in range(max(0, week - enough[1] + 1), week + 1):
                if not math.isnan(counts[one, k]):
                    seen += counts[one, k]
            _one(
                counts[one], offset[one], week, shape, limit, trend_p, reach, how,
                as_surveillance, rooms, sums, out[one, n],
            )  # fmt: skip
            out[one, n, 4] = 1.0 if seen >= enough[0] else 0.0
    return out

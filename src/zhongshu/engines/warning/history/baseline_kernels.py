"""The fits of `baseline.py`, a series and a day at a time.

Newton's method for quasi-Poisson regression (McCullagh and Nelder 1989, 2.5).  One factor (the
state of the day) makes the information an arrow: a diagonal for its levels beside a small dense
block, so a pass over the past costs the square of the block, not of all coefficients.  The fit
of a day begins at the coefficients of the day before, where one or two passes are enough.
"""
# ruff: noqa: PLR0917 - numba calls kernels by position
# mypy: disable-error-code="no-untyped-def"

from __future__ import annotations

import math

import numpy as np

from zhongshu.engines.warning.history.baseline_tails import SOME, anscombe, kept, tail
from zhongshu.engines.warning.published.farrington_kernels import LARGE
from zhongshu.kernel.compiled import njit

STEPS, CLOSE = 60, 1e-8  # of twice the log likelihood: a ten-thousandth of a standard error
_HALF = 0.5  # a case: a silent series expects a little, not nought
_FURTHEST = 2.0  # the longest step on the log scale


@njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"})
def _dot(a, b):
    total = 0.0
    for n in range(len(a)):
        total += a[n] * b[n]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _means(base, x, first, level, beta, effect, mu):
    """x [columns, rows]: those from `first` on."""
    mu[:] = base
    for i in range(len(beta)):
        now, column = beta[i], x[i][first : first + len(mu)]
        for n in range(len(mu)):
            mu[n] += now * column[n]
    if len(effect):
        for n in range(len(mu)):
            mu[n] += effect[level[n]]
    for n in range(len(mu)):
        mu[n] = math.exp(mu[n])


@njit(cache=True, nogil=True, error_model="numpy")
def _gather(y, x, first, level, weight, ridge, beta, effect, mu, work, equations):
    """The normal equations at (beta, effect) with means mu.

    dense, right: the block of the columns and its score; arm[level]: their products with the
    level; tip[level] = (information, score).
    """
    dense, right, arm, tip = equations
    info, score, part = work
    for n in range(len(y)):
        info[n] = weight[n] * mu[n]
        score[n] = weight[n] * y[n] - info[n]
    for i in range(len(beta)):
        column = x[i][first : first + len(y)]
        right[i] = _dot(column, score)
        for n in range(len(y)):
            part[n] = info[n] * column[n]
        for j in range(i + 1):
            dense[i, j] = _dot(x[j][first : first + len(y)], part)
        if len(effect):
            arm[:, i] = 0.0
            for n in range(len(y)):
                arm[level[n], i] += part[n]
        if i:
            dense[i, i] += ridge
            right[i] -= ridge * beta[i]
    right[0] += _HALF
    if len(effect):
        tip[:, 0], tip[:, 1] = ridge, -ridge * effect
        for n in range(len(y)):
            tip[level[n], 0] += info[n]
            tip[level[n], 1] += score[n]


@njit(cache=True, nogil=True, error_model="numpy")
def _solve(dense, right):
    """Cholesky in place of `dense`; the solution into `right`; right' dense^-1 right."""
    size, total = len(right), 0.0
    for i in range(size):
        for j in range(i + 1):
            rest = dense[i, j]
            for k in range(j):
                rest -= dense[i, k] * dense[j, k]
            dense[i, j] = math.sqrt(rest) if i == j else rest / dense[j, j]
    for i in range(size):
        for k in range(i):
            right[i] -= dense[i, k] * right[k]
        right[i] /= dense[i, i]
        total += right[i] * right[i]
    for i in range(size - 1, -1, -1):
        for k in range(i + 1, size):
            right[i] -= dense[k, i] * right[k]
        right[i] /= dense[i, i]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _step(beta, effect, equations):
    """One step of Newton's method; what it promises for twice the log likelihood."""
    dense, right, arm, tip = equations
    size, promised = len(beta), 0.0
    for one in range(len(effect)):
        promised += tip[one, 1] ** 2 / tip[one, 0]
        for i in range(size):
            share = arm[one, i] / tip[one, 0]
            right[i] -= share * tip[one, 1]
            for j in range(i + 1):
                dense[i, j] -= share * arm[one, j]
    promised += _solve(dense, right)
    furthest = _FURTHEST
    for i in range(size):
        furthest = max(furthest, abs(right[i]))
    for one in range(len(effect)):
        for i in range(size):
            tip[one, 1] -= arm[one, i] * right[i]
        tip[one, 1] /= tip[one, 0]
        furthest = max(furthest, abs(tip[one, 1]))
    for i in range(size):
        beta[i] += right[i] * _FURTHEST / furthest
    for one in range(len(effect)):
        effect[one] += tip[one, 1] * _FURTHEST / furthest
    return promised


@njit(cache=True, nogil=True, error_model="numpy")
def _fit(y, base, x, first, level, weight, ridge, beta, effect, mu, work, equations):
    """Newton's method until a step promises less than CLOSE.

    mu and the information are those of the last pass, before the last step.
    """
    for _ in range(STEPS):
        _means(base, x, first, level, beta, effect, mu)
        _gather(y, x, first, level, weight, ridge, beta, effect, mu, work, equations)
        if not _step(beta, effect, equations) > CLOSE:
            break


@njit(cache=True, nogil=True, error_model="numpy")
def _leverage(x, at, level, equations):
    """Of one row: x' (information)^-1 x, from what _step has left."""
    dense, right, arm, tip = equations
    total = 1 / tip[level, 0] if len(tip) else 0.0
    for i in range(len(right)):
        own = x[i, at]
        if len(tip):
            own -= arm[level, i] / tip[level, 0]
        for k in range(i):
            own -= dense[i, k] * right[k]
        right[i] = own / dense[i, i]
        total += right[i] * right[i]
    return total


@njit(cache=True, nogil=True, error_model="numpy")
def _reweigh(y, x, first, level, mu, phi, limit, equations, weight):
    """Past outbreaks weigh less, by their Anscombe residuals (Noufaily et al. 2013, 3.2)."""
    total = 0.0
    for n in range(len(y)):
        old, weight[n] = weight[n], 1.0
        over = y[n] - mu[n]  # over the root of mu it is at least the residual: few need a power
        if y[n] >= SOME and over > 0.0 and over * over > 0.5 * phi * limit * limit * mu[n]:
            hat = min(old * mu[n] * _leverage(x, first + n, level[n], equations), 0.5)
            residual = anscombe(y[n], mu[n]) / math.sqrt(phi * (1 - hat))
            if residual > limit:
                weight[n] = residual**-2.0
        total += weight[n]
    for n in range(len(y)):
        weight[n] *= len(y) / total


@njit(cache=True, nogil=True, error_model="numpy")
def _spread(y, mu, weight, free, limit):
    """Dispersion, at least 1, and the share of the mean that the weights left.

    Weights cut off tails that are no outbreaks; what that takes is given back, for counts like the
    average one.  Once, not until both agree: outbreaks that stayed in would be taken for tails.
    """
    total, whole = 0.0, 0.0
    for n in range(len(y)):
        total += weight[n] * (y[n] - mu[n]) * (y[n] - mu[n]) / mu[n]
        whole += mu[n]
    phi, mean = max(total / free, 1.0), whole / len(y)
    if limit == np.inf or not mean < LARGE:
        return phi, 1.0
    first, second = kept(mean, phi, limit)
    return phi / second, first


@njit(cache=True, nogil=True, error_model="numpy")
def _past(counts, base, x, level, rooms):
    """Days with a report, close together; their number in all before each day."""
    y, off, columns, own = rooms
    before = np.empty(len(counts) + 1, np.int64)
    count = 0
    for n in range(len(counts)):
        before[n] = count
        if not (math.isnan(counts[n]) or math.isnan(base[n])):
            y[count], off[count], own[count] = counts[n], base[n], level[n]
            columns[:, count] = x[:, n]
            count += 1
    before[len(counts)] = count
    return before


@njit(cache=True, nogil=True, error_model="numpy")
def _model(y, base, x, first, level, ridge, limit, warm, beta, effect, mu, weight, work, equations):
    """All fits of one day; (dispersion, what the weights left of the mean)."""
    rounds = len(beta) - 1
    if not warm:
        beta[:], effect[:] = 0.0, 0.0
        whole = 0.0
        for n in range(len(y)):
            whole += math.exp(base[n])
        beta[0, 0] = math.log((y.sum() + _HALF) / whole)
    weight[:] = 1.0
    free = max(len(y) - len(x) - max(effect.shape[1] - 1, 0), 1)
    phi, left = 1.0, 1.0
    for turn in range(rounds + 1):
        if turn and not warm:
            beta[turn], effect[turn] = beta[turn - 1], effect[turn - 1]
        _fit(y, base, x, first, level, weight, ridge, beta[turn], effect[turn], mu, work, equations)
        phi, left = _spread(y, mu, weight, free, limit if turn else np.inf)
        if turn < rounds:
            _reweigh(y, x, first, level, mu, phi, limit, equations, weight)
    return phi, left


@njit(cache=True, nogil=True, error_model="numpy")
def _series(counts, base, x, level, levels, at, again, reach, ridge, limit, rounds, out):
    """One series; see `days`."""
    longest, left_out, needed = reach
    length, size = len(counts), len(x)
    y, off, columns = np.empty(length), np.empty(length), np.empty((size, length))
    own, mu, weight = np.empty(length, np.int64), np.empty(length), np.empty(length)
    before = _past(counts, base, x, level, (y, off, columns, own))
    work = (np.empty(length), np.empty(length), np.empty(length))
    equations = (
        np.empty((size, size)), np.empty(size), np.empty((levels, size)), np.empty((levels, 2)),
    )  # fmt: skip
    beta, effect = np.zeros((rounds + 1, size)), np.zeros((rounds + 1, levels))
    warm, stale = False, True
    phi, left = 1.0, 1.0
    for n in range(len(at)):
        day = at[n]
        first, last = before[max(0, day - left_out - longest)], before[max(0, day - left_out)]
        count = last - first
        stale = stale or again[n]
        if count < needed or math.isnan(counts[day]) or math.isnan(base[day]):
            continue
        if stale:
            phi, left = _model(
                y[first:last], off[first:last], columns, first, own[first:last], ridge, limit,
                warm, beta, effect, mu[:count], weight[:count], work, equations,
            )  # fmt: skip
        eta = base[day] - math.log(left)
        for i in range(size):
            eta += x[i, day] * beta[rounds, i]
        if levels:
            eta += effect[rounds, level[day]]
        mean = math.exp(eta)
        warm = mean < LARGE
        stale = not warm
        if warm:
            error = math.sqrt(phi * _leverage(x, day, level[day], equations))
            out[n, 0], out[n, 1], out[n, 2] = mean, error, phi
            out[n, 3], out[n, 4] = tail(counts[day], mean, phi + mean * error * error)


@njit(cache=True, nogil=True, error_model="numpy")
def days(counts, base, x, level, levels, at, again, reach, ridge, limit, rounds):
    """[series, days asked, (expected, error of its log, phi, chance of more, chance of it)].

    x [columns, days]; reach: (days used at most, last days left out, days needed); nan: not tested.
    again [days asked]: fit anew; else the last fit is asked once more.
    """
    out = np.full((len(counts), len(at), 5), np.nan)
    for one in range(len(counts)):
        _series(
            counts[one],
            base[one],
            x,
            level,
            levels,
            at,
            again,
            reach,
            ridge,
            limit,
            rounds,
            out[one],
        )
    return out

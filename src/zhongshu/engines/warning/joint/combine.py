"""One number a unit and day from the z of several streams.

Stouffer's sum weighted by how far each stream is expected to move and by the inverse of the
streams' correlation (the best linear test; Strube 1985, doi:10.1037/0033-2909.97.2.334), Fisher's
sum of logarithms as an option, and their accumulation over days: EWMA (Roberts 1959) or CUSUM (Page
1954).  A stream without a value counts for nothing and the variance is that of those that spoke,
exactly.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import stats

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How an outbreak shows.  strength [stream]: relative size in z; lag_days [stream], least 0;
    correlation [stream, stream] of z without outbreaks."""

    strength: Floats
    lag_days: Ints
    correlation: Floats

    def __post_init__(self) -> None:
        n = len(self.strength)
        if self.lag_days.shape != (n,) or self.correlation.shape != (n, n):
            raise BadInput("warning.shape", "Strengths, lags and correlation speak of one list.")
        if (self.strength < 0).any() or not (self.strength > 0).any() or (self.lag_days < 0).any():
            raise BadInput("warning.strength", "Strengths and lags are not negative, nor all zero.")


def equal(streams: int) -> Shape:
    """Nothing known: all the same, at once, independent."""
    return Shape(np.ones(streams), np.zeros(streams, np.int64), np.eye(streams))


def _patterns(known: Bools) -> list[tuple[Bools, Bools]]:
    """(streams that spoke, [unit, day] where just these did) of known [unit, stream, day]."""
    streams = known.shape[1]
    code = np.tensordot(2 ** np.arange(streams), known.astype(np.int64), axes=(0, 1))
    return [
        ((present >> np.arange(streams)) % 2 == 1, code == present) for present in np.unique(code)
    ]


def inverse(correlation: Floats, spoke: Bools) -> Floats:
    """[stream, stream]: inverse among those that spoke, zero elsewhere."""
    out = np.zeros_like(correlation)
    pair = np.ix_(spoke, spoke)
    out[pair] = np.linalg.inv(correlation[pair])
    return out


def stouffer(z: Floats, shape: Shape) -> Floats:
    """[unit, day], standard normal without an outbreak where the z are; nan where none spoke.

    The day's values as they are: use `aligned` first to take the lags out.
    """
    _check(z, shape)
    value = np.nan_to_num(z)
    out = np.full((z.shape[0], z.shape[2]), np.nan)
    for spoke, where in _patterns(~np.isnan(z)):
        weight = inverse(shape.correlation, spoke) @ shape.strength
        size = float(shape.strength @ weight)
        if size > 0:
            out[where] = np.tensordot(weight, value, axes=(0, 1))[where] / np.sqrt(size)
    return out


def fisher(z: Floats) -> Floats:
    """[unit, day]: z of Fisher's combined p-value, streams taken as independent; nan where none
    spoke.  Strong where one stream alone moves; correlation makes it optimistic."""
    known = ~np.isnan(z)
    many = known.sum(axis=1)
    twice = np.where(known, -2 * stats.norm.logsf(np.nan_to_num(z)), 0.0).sum(axis=1)
    log_p = stats.chi2.logsf(twice, 2 * np.maximum(many, 1))
    p = np.exp(np.clip(log_p, -700, np.log1p(-1e-16)))
    return np.where(many > 0, stats.norm.isf(p), np.nan)


def aligned(z: Floats, lag_days: Ints) -> Floats:
    """Early streams wait for the latest: day d holds a stream's day d - (latest lag - its own)."""
    out = np.full_like(z, np.nan)
    for n, wait in enumerate(int(lag_days.max()) - lag_days):
        out[:, n, wait:] = z[:, n, : z.shape[2] - wait]
    return out


def ewma(values: Floats, *, rate: float) -> Floats:
    """Weighted mean of [unit, day], weight (1 - rate)^age, over its exact sd for independent
    standard normal days; a missing day has no weight.  nan until a first day spoke."""
    if not 0 < rate <= 1:
        raise BadInput("warning.ewma", "The rate of an EWMA lies above 0 and at most at 1.")
    total, square = np.zeros(len(values)), np.zeros(len(values))
    out = np.full_like(values, np.nan)
    for day in range(values.shape[1]):
        known = ~np.isnan(values[:, day])
        total = (1 - rate) * total + np.nan_to_num(values[:, day])
        square = (1 - rate) ** 2 * square + known
        out[:, day] = np.where(square > 0, total / np.sqrt(np.maximum(square, 1e-300)), np.nan)
    return out


def cusum(values: Floats, *, drift: float) -> Floats:
    """max(0, before + value - drift) of [unit, day]; a missing day changes nothing."""
    total = np.zeros(len(values))
    out = np.zeros_like(values)
    for day in range(values.shape[1]):
        moved = np.maximum(0.0, total + np.nan_to_num(values[:, day]) - drift)
        total = np.where(np.isnan(values[:, day]), total, moved)
        out[:, day] = total
    return out


def correlation(z: Floats, *, cut: float = 3.0, prior_days: float = 200.0) -> Floats:
    """[stream, stream] of z [unit, stream, day]; values are cut, so that an outbreak, which moves
    all streams, does not look like noise they share, and drawn to independence."""
    _, streams, _ = z.shape
    known = ~np.isnan(z)
    value = np.clip(np.nan_to_num(z), -cut, cut)
    both = np.einsum("usd,utd->st", known, known, dtype=np.float64)
    top = np.einsum("usd,utd->st", value, value)
    square = np.einsum("usd,utd->st", value**2, known)
    size = np.sqrt(np.maximum(square * square.T, 1e-12))
    found = top / size * both / (both + prior_days)
    return np.where(np.eye(streams) > 0, 1.0, np.clip(found, -0.9, 0.9))


def learn(
    z: Floats,
    events: Sequence[tuple[int, int]],
    *,
    before_days: int = 7,
    after_days: int = 28,
    most_lag: int = 10,
    prior_events: float = 8.0,
) -> Shape:
    """How past outbreaks showed: events (unit, day near the beginning) in z [unit, stream, day].

    A stream's lag is the shift that brings its mean course nearest to that of the other streams,
    least 0; its strength the mean of its z while they last, drawn to that of all streams by
    `prior_events`.  Fewer than three events teach nothing: all alike and at once.
    """
    streams = z.shape[1]
    matrix = correlation(z)
    inside = [(u, d) for u, d in events if before_days <= d < z.shape[2] - after_days]
    plain = dataclasses.replace(equal(streams), correlation=matrix)
    if len(inside) < 3:
        return plain
    cut = np.stack([z[u, :, d - before_days : d + after_days] for u, d in inside])
    known = ~np.isnan(cut)
    course = np.where(known, cut, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    raw = np.maximum(course[:, before_days:].mean(axis=1), 0.0)
    strength = (len(inside) * raw + prior_events * raw.mean()) / (len(inside) + prior_events)
    if not strength.any():
        return plain
    return Shape(strength / strength.max(), lags(course, most_lag=most_lag), matrix)


def lags(course: Floats, *, most_lag: int) -> Ints:
    """Days each row of course [stream, day] trails the earliest, by repeated alignment of each to
    the mean of the others (Woody 1967, doi:10.1007/BF02474247): the shift of highest correlation
    over the days both have."""
    days, streams = course.shape[1], len(course)
    shift = np.zeros(streams, np.int64)
    if streams < 2 or days < 3 * most_lag:
        return shift
    for _ in range(4):
        for n in range(streams):
            start = int(shift.max())
            others = [k for k in range(streams) if k != n]
            length = days - most_lag - start
            mean = np.mean([course[k, shift[k] : shift[k] + length] for k in others], axis=0)
            # only shifts at which every row still has `length` days
            tried = [
                (_likeness(course[n, lag : lag + length], mean), -lag, lag)
                for lag in range(most_lag + 1)
            ]
            shift[n] = max(tried)[2]
            shift -= shift.min()
    return shift


def _likeness(one: Floats, other: Floats) -> float:
    """Correlation, rounded so that ties go to the shorter lag; 0 where one does not move."""
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return round(float((a * b).sum()) / size, 9) if size > 1e-12 else 0.0


def _check(z: Floats, shape: Shape) -> None:
    if z.ndim != 3 or z.shape[1] != len(shape.strength):
        raise BadInput("warning.shape", "z must be [unit, stream, day] with the shape's streams.")

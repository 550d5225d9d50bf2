"""Evidence of neighbours: an outbreak that lies across borders, too thin in each county alone.

The expectation-based scan (Neill 2009, doi:10.1016/j.ijforecast.2008.12.002) of Gaussian scores:
for each unit, the subset of its neighbours that with it lies furthest above what is expected.
The best of all 2^k subsets is found by looking at k + 1 of them (linear-time subset scanning, Neill
2012, doi:10.1111/j.1467-9868.2011.01014.x).  How near a neighbour is, a border or a share of the
commuters, is its weight.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from zhongshu.kernel.errors import BadInput

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def nearness(borders: npt.NDArray[np.bool_], commuters: Floats | None = None) -> Floats:
    """[unit, unit] weights from 0 to 1: 1 at the strongest tie of each unit.

    Without commuters (persons a day, from row to column) every border weighs 1; with them a tie is
    the square root of the larger share of the two directions, borders at least 0.3.
    """
    if borders.shape != (len(borders),) * 2 or (borders != borders.T).any():
        raise BadInput("warning.borders", "Borders are one square table, the same both ways.")
    tie = borders.astype(np.float64)
    if commuters is not None:
        flow = np.where(np.eye(len(borders)) > 0, 0.0, commuters)
        share = flow / np.maximum(flow.sum(axis=1, keepdims=True), 1e-12)
        both = np.sqrt(np.maximum(share, share.T))
        strongest = np.maximum(both.max(axis=1), 1e-12)
        tie = np.maximum(both / np.maximum.outer(strongest, strongest), 0.3 * tie)
    np.fill_diagonal(tie, 0.0)
    return np.asarray(tie)


def scan(score: Floats, near: Floats, *, most: int = 8) -> Floats:
    """[unit, day]: the best subset around each unit, itself always in it.

    score: [unit, day], about standard normal without an outbreak; a neighbour without a score is
        never chosen, a unit without one has none.  A subset's value is
        (own + sum w x) / sqrt(1 + sum w^2), the likelihood ratio of a rise by w in each member.
    near: [unit, unit] weights; the `most` nearest are looked at.
    """
    _check(score, near)
    out = score.copy()
    for unit in range(len(score)):
        who = _around(near, unit, most)
        if len(who):
            top, size, _ = _sorted(score[who], near[unit, who])
            best = (score[unit] + top) / np.sqrt(1 + size)
            out[unit] = np.fmax(score[unit], np.max(best, axis=0))
    return np.where(np.isnan(score), np.nan, out)


def members(score: Floats, near: Floats, unit: int, *, most: int = 8) -> Ints:
    """The other units of the best subset around `unit` on one day, score [unit]; the reason shown
    beside an alert."""
    _check(score[:, None], near)
    who = _around(near, unit, most)
    if not len(who) or np.isnan(score[unit]):
        return np.zeros(0, np.int64)
    top, size, order = _sorted(score[who, None], near[unit, who])
    value = np.concatenate([[score[unit]], ((score[unit] + top) / np.sqrt(1 + size))[:, 0]])
    return np.sort(who[order[: int(np.argmax(value)), 0]])


def _around(near: Floats, unit: int, most: int) -> Ints:
    """Its nearest, the first of equals."""
    order = np.argsort(-near[unit], kind="stable")[:most]
    return np.asarray(order[near[unit, order] > 0], np.int64)


def _sorted(score: Floats, weight: Floats) -> tuple[Floats, Floats, Ints]:
    """(sums of w x, sums of w^2) of the first 1, 2, ... by score over weight, and that order; a
    missing score makes a sum -inf."""
    x = np.where(np.isnan(score), -np.inf, score)
    order = np.argsort(-x / weight[:, None], axis=0, kind="stable")
    w = weight[order]
    return (
        np.cumsum(w * np.take_along_axis(x, order, axis=0), axis=0),
        np.cumsum(w**2, axis=0),
        order,
    )


def _check(score: Floats, near: Floats) -> None:
    if near.shape != (len(score), len(score)) or (near < 0).any():
        raise BadInput("warning.near", "Every two units need a weight that is not negative.")

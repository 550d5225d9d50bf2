"""First prices of tubes: what one more would cost if tubes flowed and roads were one.

Laboratories that are alike are one, a tube goes to any of them, time comes in bins and runs may be
broken up: a small linear program, whose shadow prices say what a tube costs by the hour it comes.
Where everybody waits prices hang together over the whole day, and climbing from elsewhere takes
hundreds of steps.  Any prices give a bound; these only begin near the best.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from zhongshu.engines.testing.labs.queue import next_open, tube_cost
from zhongshu.engines.testing.labs.yard import Yard

Floats = NDArray[np.float64]
BIN_H = 0.25
MOST = 2400  # kinds of laboratories times bins; with more, the bins are longer


class Flow(NamedTuple):
    """kinds: (batch, hours of a run, machines) of laboratories that are alike.

    charge: what a tube costs whose run starts in a bin, (kinds, bins), inf where none may start.
    come: tubes that have arrived by the end of a bin.
    """

    kinds: Floats
    charge: Floats
    come: Floats
    bin_h: float


def prices(yard: Yard, horizon_h: float) -> Floats:
    """Of each load; where no laboratory may have it, the cost of a tube left."""
    price = np.full(len(yard.tubes), yard.cost[3])
    if not len(yard.machines):
        return price
    near = yard.arrive.min(axis=0)
    there = np.isfinite(near)
    flow = _flow(near[there], yard.tubes[there], yard, horizon_h)
    bins = np.arange(len(flow.come)) * flow.bin_h
    price[there] = np.interp(near[there], bins, _shadow(flow, float(yard.cost[3])))
    clipped: Floats = np.clip(price, 0.0, yard.cost[3])
    return clipped


def _flow(near: Floats, tubes: NDArray[np.int64], yard: Yard, horizon_h: float) -> Flow:
    alike = np.column_stack([yard.batch, yard.run_h, yard.opens, yard.closes])
    _, first, kind = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    bin_h = max(BIN_H, horizon_h * len(first) / MOST)
    count = math.ceil(horizon_h / bin_h)
    charge = np.full((len(first), count), np.inf)
    for k, n in enumerate(first.tolist()):
        for t in range(count):
            begins = next_open(t * bin_h, yard.run_h[n], yard.opens[n], yard.closes[n])
            if begins < (t + 1) * bin_h:
                charge[k, t] = tube_cost(begins, yard.run_h[n], yard.cost)
    machines = np.bincount(kind.ravel(), weights=yard.machines)
    at = np.minimum((near / bin_h).astype(np.int64), count - 1)
    return Flow(
        kinds=np.column_stack([yard.batch[first], yard.run_h[first], machines]),
        charge=charge,
        come=np.cumsum(np.bincount(at, weights=tubes, minlength=count)),
        bin_h=bin_h,
    )


def _shadow(flow: Flow, left: float) -> Floats:
    """What one more tube costs that comes in each bin.

    Variables: tubes and runs started, by kind and bin; tubes started until each bin; tubes left.
    """
    kinds, bins = flow.charge.shape
    size = kinds * bins
    may = np.isfinite(flow.charge).ravel()
    each, whole = sparse.identity(bins), sparse.identity(size)
    fill = sparse.hstack([whole, sparse.kron(sparse.diags(-flow.kinds[:, 0]), each)])
    hold = sparse.block_diag([_held(bins, run_h / flow.bin_h) for run_h in flow.kinds[:, 1]])
    start = sparse.hstack([each] * kinds + [sparse.csr_matrix((bins, size))])
    until = sparse.diags([-np.ones(bins), np.ones(bins - 1)], [0, -1])
    everybody = np.zeros((1, 2 * size + bins + 1))
    everybody[0, -2:] = 1
    nobody = sparse.csr_matrix((size, bins + 1))
    most = np.concatenate(
        [np.where(may, np.inf, 0.0), np.full(size, np.inf), flow.come, np.array([np.inf])]
    )
    found: Any = optimize.linprog(
        np.concatenate([np.where(may, flow.charge.ravel(), 0.0), np.zeros(size + bins), [left]]),
        A_ub=sparse.bmat([[fill, None], [sparse.hstack([0 * whole, hold]), nobody]]),
        b_ub=np.concatenate([np.zeros(size), np.repeat(flow.kinds[:, 2], bins)]),
        A_eq=sparse.vstack([sparse.hstack([start, until, np.zeros((bins, 1))]), everybody]),
        b_eq=np.append(np.zeros(bins), flow.come[-1]),
        bounds=np.column_stack([np.zeros(len(most)), most]),
        method="highs-ds",
    )
    if not found.success:
        return np.full(bins, left)
    sooner = found.upper.marginals[2 * size : 2 * size + bins]  # of one more by that bin
    price: Floats = found.eqlin.marginals[-1] + np.cumsum(sooner[::-1])[::-1]
    return price


def _held(bins: int, run: float) -> Any:
    """Which starts hold a machine in each bin."""
    lasts = range(min(bins, max(1, math.floor(run + 1e-9))))
    return sparse.diags([np.ones(bins - k) for k in lasts], [-k for k in lasts])

"""The linear relaxation of the room problem: guides the plan and bounds it.

Relaxed: parties may be divided between sites; a site is its usable rooms without floors.  For
every k, a party of n people needs rooms worth ceil(n / k), a room of c beds being worth
ceil(c / k): sums of beds that suffice still suffice when each is rounded up, so each k is a valid
constraint.  k = 1 counts beds, the largest k counts rooms.
Solved by HiGHS through SciPy (highspy and ortools cannot be loaded in one process).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from zhongshu.engines.transfer.sites import Site

Floats = NDArray[np.float64]


def solve(
    cost: Floats, size: NDArray[np.int64], sites: list[Site], *, everyone: bool
) -> tuple[Floats, float]:
    """Minimises sum(cost * x) over x in [0, 1], shape (parties, sites).

    everyone: each party is placed exactly once (else at most once).  Entries of `cost` that are
    +inf may not be used.  Returns (x, value).
    """
    parties, places = cost.shape
    allowed = np.isfinite(cost)
    p, s = np.nonzero(allowed)
    if not len(p):
        return np.zeros((parties, places)), 0.0
    columns = np.arange(len(p))
    per_party = sparse.csr_matrix((np.ones(len(p)), (p, columns)), shape=(parties, len(p)))
    units = range(1, max(1, *(site.largest for site in sites)) + 1)
    per_site = sparse.vstack(
        [
            sparse.csr_matrix((np.ceil(size[p] / k), (s, columns)), shape=(places, len(p)))
            for k in units
        ]
    )
    room = [float(site.worth(k)) for k in units for site in sites]
    answer = optimize.linprog(
        cost[p, s],
        A_ub=per_site if everyone else sparse.vstack([per_site, per_party]),
        b_ub=room if everyone else [*room, *np.ones(parties)],
        A_eq=per_party if everyone else None,
        b_eq=np.ones(parties) if everyone else None,
        bounds=(0, 1),
        method="highs",
    )
    if answer.x is None:
        raise RuntimeError(f"The room relaxation has no answer: {answer.message}")
    x = np.zeros((parties, places))
    x[p, s] = answer.x
    return x, float(answer.fun)

"""The linear relaxation of the room problem: guides the plan and bounds it.

Relaxed: parties may be divided between sites; a site is its usable rooms and their beds, without
floors.  Solved by HiGHS through SciPy (highspy and ortools cannot be loaded in one process).
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
    largest = np.array([max(1, site.largest) for site in sites])
    rooms_needed = np.ceil(size[p] / largest[s])
    columns = np.arange(len(p))
    per_party = sparse.csr_matrix((np.ones(len(p)), (p, columns)), shape=(parties, len(p)))
    per_site = sparse.vstack(
        [
            sparse.csr_matrix((rooms_needed, (s, columns)), shape=(places, len(p))),
            sparse.csr_matrix((size[p].astype(float), (s, columns)), shape=(places, len(p))),
        ]
    )
    room = [float(site.usable) for site in sites] + [float(site.most_persons()) for site in sites]
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

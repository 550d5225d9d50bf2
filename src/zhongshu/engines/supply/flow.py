"""Moves between stores: the transport problem of one item, to proven optimality.

HiGHS through SciPy (highspy and ortools cannot be loaded in one process).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

Floats = NDArray[np.float64]


def moves(surplus: Floats, deficit: Floats, km: Floats) -> tuple[Floats, Floats]:
    """(quantities of shape (givers, takers), unmet per taker).

    As much deficit as possible is met, and that at least quantity x km.  Whole quantities in,
    whole quantities out: the matrix is totally unimodular and the answer a vertex.
    """
    givers, takers = km.shape
    if not givers or not takers:
        return np.zeros((givers, takers)), deficit.copy()
    count = givers * takers
    unmet_cost = 10 * float(km.max()) + 1  # more than any road: unmet only when nothing is left
    cost = np.concatenate([km.ravel(), np.full(takers, unmet_cost)])
    columns = np.arange(count)
    ones = np.ones(count)
    out = sparse.csr_matrix((ones, (columns // takers, columns)), shape=(givers, count + takers))
    into = sparse.csr_matrix((ones, (columns % takers, columns)), shape=(takers, count))
    answer = optimize.linprog(
        cost,
        A_ub=out,
        b_ub=surplus,
        A_eq=sparse.hstack([into, sparse.identity(takers)]).tocsr(),
        b_eq=deficit,
        bounds=(0, None),
        method="highs-ds",
    )
    if answer.x is None:
        raise RuntimeError(f"The transport problem has no answer: {answer.message}")
    x = np.rint(answer.x)
    return x[:count].reshape(givers, takers), x[count:]

"""Types of the arrays that the compiled parts pass to each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.uint8]
Labels = NDArray[np.int32]
Graph = tuple[Labels, Labels, Flags, Floats]  # indptr, indices, joined, cut
Numbers = tuple[Floats, Floats, Floats, Floats]  # cost, risk, people, person-days
Limits = tuple[float, float, float, float, float, float]
Sets = tuple[Flags, Labels, Labels, Labels]  # inside, label, members, place among the members
Ways = tuple[Labels, Labels, Flags]  # indptr, indices, joined
Chance = np.random.Generator
Case = tuple[Numbers, Graph, Limits, Floats, Chance]  # the fourth: prices of what is missed

"""Which small areas are neighbours, where only their middles are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from zhongshu.engines.zoning.planning.model import ADJACENT, Floats
from zhongshu.kernel.errors import BadInput


def neighbours(ids: Sequence[str], lon: Floats, lat: Floats) -> pa.Table:
    """ADJACENT by the Gabriel graph of the middles (degrees; NaN: no neighbours).

    Two areas are neighbours when no third middle lies inside the circle whose diameter joins theirs
    (Gabriel and Sokal, Syst. Zool. 18 (1969) 259-278); the graph is connected.  Distances are taken
    in a plane about the mean, good to metres over a county.  length_m is zero: how long the common
    border is cannot be known from middles.  Refuses columns of different lengths.
    """
    if not len(ids) == len(lon) == len(lat):
        raise BadInput("zoning.bad_middles", "Each area needs its id and both coordinates.")
    known = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
    if not len(known):
        return ADJACENT.empty_table()
    east = (lon[known] - lon[known].mean()) * np.cos(np.radians(lat[known].mean()))
    north = lat[known]
    apart = (east[:, None] - east[None, :]) ** 2 + (north[:, None] - north[None, :]) ** 2
    rows = []
    for n in range(len(known)):
        # Inside the circle about n and m: nearer to both together than they are to each other.
        between = (apart[n][None, :] + apart[n + 1 :] < apart[n, n + 1 :, None]).any(axis=1)
        rows += [
            {"a": ids[known[n]], "b": ids[known[m]], "length_m": 0.0}
            for m in n + 1 + np.flatnonzero(~between)
        ]
    return pa.Table.from_pylist(rows, schema=ADJACENT)

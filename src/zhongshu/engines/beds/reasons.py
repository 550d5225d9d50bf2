"""Who has no bed, and the constraint that binds."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhongshu.engines.beds import answer
from zhongshu.engines.beds.answer import LEAST, Lying
from zhongshu.engines.beds.program import Program
from zhongshu.kernel.plan import UNSERVED
from zhongshu.kernel.plan import unserved as listed

Floats = NDArray[np.float64]


def unserved(made: Program, x: Floats, placed: Lying) -> pa.Table:
    """Groups (persons) and the forecast (expected persons) without a bed."""
    ground = made.ground
    missing = ground.persons.copy()
    np.subtract.at(missing, placed.group, placed.persons)
    lost = x[made.lost : made.inside]
    groups = [
        (ground.groups[g], float(missing[g]), _why(made, x, g))
        for g in np.flatnonzero(missing).tolist()
    ]
    forecast = [
        (f"{made.rules.severities[s]}/{ground.on.isoformat()}+{day}", float(n), "no_bed")
        for (day, s, _, _), n in zip(ground.arrivals, lost, strict=True)
        if n > LEAST
    ]
    both = [listed("group", groups), listed("expected", forecast)]
    return pa.concat_tables(both).cast(UNSERVED)


def _why(made: Program, x: Floats, g: int) -> str:
    """The first rule after which no hospital is left, else what the beds of those left say."""
    left = np.ones(len(made.ground.hospitals), bool)
    for code, mask in made.options.steps:
        left &= mask[g]
        if not left.any():
            return code
    return _beds(made, x, g, np.flatnonzero(np.isfinite(made.options.cost[g])))


def _beds(made: Program, x: Floats, g: int, where: NDArray[np.int64]) -> str:
    ground = made.ground
    s, day, persons = int(ground.severity[g]), int(ground.day[g]), int(ground.persons[g])
    need = persons if ground.whole[g] else 1
    pool = int(ground.pool[s])
    load = answer.in_pools(made, x)[where, pool, day]
    if (ground.beds[where, pool, day] - load > need - LEAST).any():
        free = ground.usable[where, pool, day] - load
        if not (free > need - LEAST).any():
            return "reserve_kept"
        full = [name for name in sorted(ground.slots) if name in ground.needs[g]]
        return "no_place_for_need" if full else "beds_of_later_days"
    return (
        "too_large"
        if need > 1 and (ground.usable[where, pool, day] - load >= 1).any()
        else (f"no_{made.ground.pools[pool]}_bed")
    )

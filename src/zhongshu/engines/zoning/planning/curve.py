"""The price of each further per cent of the risk."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from zhongshu.engines.zoning.planning import figures
from zhongshu.engines.zoning.planning import task as tasks
from zhongshu.engines.zoning.planning.model import Aims, Effort, Mask
from zhongshu.engines.zoning.planning.prepare import Ground
from zhongshu.engines.zoning.planning.search import WARM, Search
from zhongshu.kernel.random import stream

CURVE = pa.schema(
    [
        ("share", pa.float64()),  # asked for
        ("covered", pa.float64()),
        ("zones", pa.int64()),
        ("people", pa.int64()),
        ("person_days", pa.float64()),
        ("cost", pa.float64()),
        ("per_cent_price", pa.float64()),  # of each further per cent since the row before
    ]
)


def curve(ground: Ground, aims: Aims, shares: Sequence[float], effort: Effort) -> pa.Table:
    """CURVE, one row per share that was reached, rising.

    Costs are those of the best zonings found and never fall as the share rises: a zoning that
    covers more is also offered to every smaller share.
    """
    rising = sorted(set(shares))
    best: dict[float, tuple[float, Mask]] = {}
    known: Mask | None = None
    for share in reversed(rising):
        task = tasks.build(ground, dataclasses.replace(aims, share=share))
        seed = int(stream(effort.seed, "curve", round(share * 10_000)).integers(2**31))
        search = Search(
            task,
            dataclasses.replace(effort, seed=seed, restarts=1, seconds=None),
            lambda: 0.0,
            np.zeros(ground.blocks, dtype=bool),
        )
        search.run()
        if known is not None:
            search.offer(known, kept=search.judge(known)[1])
            search.polish(known, effort.moves, WARM)
        if np.isfinite(search.cost):
            known = search.best
            best[share] = search.cost, known
    return _rows(ground, aims, best)


def _rows(ground: Ground, aims: Aims, best: dict[float, tuple[float, Mask]]) -> pa.Table:
    rows: list[dict[str, float | int | None]] = []
    for share in sorted(best):
        cost, closed = best[share]
        told = figures.of(ground, aims, closed)
        step = None
        if rows:
            before = rows[-1]
            assert before["cost"] is not None
            assert before["share"] is not None
            step = (cost - before["cost"]) / (100 * (share - before["share"]))
        rows.append(
            {
                "share": share,
                "covered": told.share,
                "zones": len(told.zones),
                "people": sum(zone["people"] for zone in told.inside),
                "person_days": told.cost.person_days,
                "cost": cost,
                "per_cent_price": step,
            }
        )
    return pa.Table.from_pylist(rows, schema=CURVE)

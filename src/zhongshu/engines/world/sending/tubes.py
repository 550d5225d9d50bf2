"""Who gave a swab to which tube, and what laboratories found in the tubes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from zhongshu.engines.world.arrays import I64
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.sending.tables import moments, option, table
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance


def tubes(world: World, day: DayResult) -> pa.Table:
    static, rows = world.statics, day.swabs
    return table(
        "tubes",
        tube_code=_codes(rows["tube"]),
        id_no=static.id_no.take(pa.array(rows["person"])),
        village_code=static.village_codes().take(pa.array(rows["village"])),
        sampled_at=moments(static.params.start, rows["swabbed_s"]),
        recorded_at=moments(static.params.start, rows["entered_s"]),
    )


def tube_results(world: World, day: DayResult) -> pa.Table:
    static, rows = world.statics, day.tubes[np.argsort(day.tubes["reported_s"], kind="stable")]
    start = static.params.start
    return table(
        "tube_results",
        tube_code=_codes(rows["tube"]),
        village_code=static.village_codes().take(pa.array(rows["village"])),
        swabs=pa.array(rows["swabs"]),
        sampled_at=moments(start, rows["swabbed_s"]),
        received_at=moments(start, rows["received_s"]),
        reported_at=moments(start, rows["reported_s"]),
        lab_id=_labs(world, rows["village"].astype(np.int64), rows["tube"]),
        result=option(("negative", "positive"), rows["positive"].astype(np.int64)),
    )


def _codes(number: I64) -> pa.Array:
    digits = pc.utf8_lpad(pa.array(number).cast(pa.string()), 9, "0")
    return pc.binary_join_element_wise(pa.scalar("T"), digits, "")


def _labs(world: World, village: I64, tube: I64) -> pa.Array:
    """One of the laboratories of the point's city."""
    static = world.statics
    city = np.array(static.margins.city_codes)
    labs = static.resources.labs
    of_city = {
        name: np.flatnonzero([city[lab.county] == name for lab in labs]) for name in np.unique(city)
    }
    draw = chance.uniform(chance.key(static.params.seed, "tube_lab"), tube)
    own = city[static.settlement.county[village]]
    chosen = [of_city[name][int(d * len(of_city[name]))] for name, d in zip(own, draw, strict=True)]
    return pa.array([labs[n].site_id for n in chosen], pa.string())

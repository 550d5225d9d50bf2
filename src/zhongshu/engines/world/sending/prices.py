"""What price points report each day at 18:00: three points beside each store, a basket of goods.

Levels are synthetic.  Few goods of few points rise from some day on, few are sold out now and then,
and now and then a point does not report.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhongshu.engines.world.days.epidemic import DAY_S
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.sending.tables import moments, numbers, option, table
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance
from zhongshu.kernel.feeds import BASKET

POINTS = 3  # beside a store
YUAN = dict(zip(BASKET, (6.0, 5.0, 75.0, 26.0, 11.0, 3.0, 4.5), strict=True))
RISING, SOLD_OUT, SILENT = 0.03, 0.01, 0.04  # shares of pairs, of pairs, of reports
SPREAD, JITTER = 0.08, 0.02  # of points around the level, of days around a point's price
RISE, FIRST_DAYS = (0.12, 0.45), 20  # how much, and from one of the first so many days
AT_S = 18 * 3600


def prices(world: World, day: DayResult) -> pa.Table:
    static = world.statics
    stores, names = static.resources.stores, tuple(YUAN)
    pairs = np.arange(len(stores) * POINTS * len(names))
    point, item = pairs // len(names), pairs % len(names)
    store, number = point // POINTS, point % POINTS
    seed = static.params.seed

    def draw(what: str, period: int = 0) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return chance.uniform(chance.key(seed, f"prices.{what}", period), pairs)

    kind, since = draw("kind"), draw("since") * FIRST_DAYS
    rise = RISE[0] + (RISE[1] - RISE[0]) * draw("rise")
    level = np.array(list(YUAN.values()))[item] * (1 + SPREAD * (2 * draw("point") - 1))
    level *= 1 + JITTER * (2 * draw("day", day.day) - 1)
    level *= np.where((kind < RISING) & (day.day >= since), 1 + rise, 1.0)
    empty = (kind >= RISING) & (kind < RISING + SOLD_OUT) & ((day.day + since) % 7 < 3)
    told = np.flatnonzero(draw("silent", day.day) >= SILENT)
    at = store[told]
    ids = [f"{one.site_id}-P{n + 1}" for one in stores for n in range(POINTS)]
    words = [f"{one.name}价格监测点{n + 1}" for one in stores for n in range(POINTS)]
    county = np.array([one.county for one in stores])
    beside = 0.004 * number[told]
    return table(
        "prices",
        point_id=option(ids, point[told]),
        point_name=option(words, point[told]),
        county_code=option(static.margins.county_codes, county[at]),
        item=option(names, item[told]),
        yuan=pa.array(np.round(level, 2)[told], mask=empty[told]),
        lon=numbers(np.array([one.lon for one in stores])[at] + beside),
        lat=numbers(np.array([one.lat for one in stores])[at]),
        as_of=moments(static.params.start, np.full(len(told), day.day * DAY_S + AT_S)),
    )

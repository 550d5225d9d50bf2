"""Where the phones of a few people were: at the places they visited, and at home afterwards."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from zhongshu.engines.world.days.epidemic import DAY_S
from zhongshu.engines.world.model import DayResult
from zhongshu.engines.world.people.places import BUS
from zhongshu.engines.world.sending.tables import moments, numbers, table
from zhongshu.engines.world.state import World
from zhongshu.kernel import chance

SHARE = 0.02  # of people, whose operator sends
NO_END = 0.05  # share of records without an end
WAY_HOME_S = 900
CUT_S, SENT_S = DAY_S - 600, DAY_S - 60  # a day's records are cut, then sent


def cells(world: World, day: DayResult) -> pa.Table:
    """One row for each stay; those in isolation or hospital send nothing."""
    static, visits = world.statics, day.visits
    count, zero = static.people.people, day.day * DAY_S
    chosen = chance.uniform(chance.key(static.params.seed, "phone"), np.arange(count)) < SHARE
    chosen &= ~np.unpackbits(world.stayed[day.day], count=count).astype(np.bool_)
    seen = chosen[visits.person] & (static.places.kind[visits.place] != BUS)
    seen &= visits.time_in < CUT_S
    last_out = np.zeros(count, dtype=np.int64)
    np.maximum.at(last_out, visits.person[chosen[visits.person]],
                  visits.time_out[chosen[visits.person]])  # fmt: skip
    home_from = np.where(last_out > 0, last_out + WAY_HOME_S, 0)
    home = np.flatnonzero(chosen & (home_from < CUT_S))
    person = np.concatenate([visits.person[seen], home]).astype(np.int64)
    time_in = np.concatenate([visits.time_in[seen], home_from[home]]).astype(np.int64)
    time_out = np.concatenate([visits.time_out[seen], np.full(len(home), CUT_S)]).astype(np.int64)
    point = np.concatenate(
        [
            static.places.point[visits.place[seen]],
            static.settlement.household_point[static.people.household[home]],
        ]
    )
    key = chance.key(static.params.seed, "phone_end", day.day)
    open_end = chance.uniform_pairs(key, person, time_in) < NO_END
    start = static.params.start
    return table(
        "cells",
        id_no=static.id_no.take(pa.array(person)),
        lon=numbers(point[:, 0]),
        lat=numbers(point[:, 1]),
        time_in=moments(start, time_in + zero),
        time_out=moments(start, np.minimum(time_out, CUT_S) + zero, open_end),
        recorded_at=moments(start, np.full(len(person), zero + SENT_S)),
    )

"""Dormitories of a few schools and workplaces: who sleeps in one room besides his household."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from zhongshu.engines.world.people import places
from zhongshu.engines.world.sending.tables import table
from zhongshu.engines.world.statics import Statics
from zhongshu.kernel import chance

HAVE_ONE = {places.WORKPLACE: 0.02, places.SCHOOL: 0.1}  # share of the places of a kind
BEDS = {places.WORKPLACE: 4, places.SCHOOL: 6}
SLEEP_IN = 0.6  # share of their adults
ADULT_Y = 18.0
TERM_BEGAN = dt.timedelta(days=48)  # before the first day of the world


def dormitories(static: Statics) -> pa.Table:
    base = static.routines.base
    share, beds = np.zeros(len(places.KINDS)), np.ones(len(places.KINDS), dtype=np.int64)
    for kind, part in HAVE_ONE.items():
        share[kind], beds[kind] = part, BEDS[kind]
    seed, kind_of = static.params.seed, static.places.kind
    where = np.arange(len(static.places))
    has = chance.uniform(chance.key(seed, "dormitories"), where) < share[kind_of]
    grown = (base >= 0) & (static.people.age >= ADULT_Y)
    who = np.flatnonzero(grown)[has[base[grown]]]
    who = who[chance.uniform(chance.key(seed, "sleeps_in"), who) < SLEEP_IN]
    who = who[np.argsort(base[who], kind="stable")]
    place = base[who]
    first = np.searchsorted(place, place, side="left")
    room = (np.arange(len(who)) - first) // beds[kind_of[place]] + 1
    ids = [f"{name}-S{number:03}" for name, number in
           zip(static.place_id.take(pa.array(place)).to_pylist(), room, strict=True)]  # fmt: skip
    return table(
        "dormitories",
        id_no=static.id_no.take(pa.array(who)),
        dormitory_id=pa.array(ids, pa.string()),
        village_code=static.village_codes().take(pa.array(static.places.village[place])),
        moved_in=pa.array([static.params.start - TERM_BEGAN] * len(who), pa.date32()),
        moved_out=pa.nulls(len(who), pa.date32()),
    )

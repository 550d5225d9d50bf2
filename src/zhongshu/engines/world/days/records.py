"""What of the visits leaves a record, and when the headquarters can know of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.world.arrays import I8, Bools
from zhongshu.engines.world.days.epidemic import DAY_S
from zhongshu.engines.world.days.schedule import Visits
from zhongshu.engines.world.params import Movement
from zhongshu.engines.world.people.places import BUS
from zhongshu.kernel import chance

SOURCES = ("venue_scan", "ticket", "checkpoint", "test")
VENUE_SCAN, TICKET = 0, 1
NO_TIME = np.int32(-1)

# Seconds since 00:00 of the first day; time_out is NO_TIME where it was not recorded.
RECORD = np.dtype(
    [
        ("person", np.int32),
        ("place", np.int32),
        ("time_in", np.int32),
        ("time_out", np.int32),
        ("recorded", np.int32),
        ("source", np.int8),
    ]
)
Records = NDArray[np.void]


def recorded(seed: int, day: int, visits: Visits, coverage: float) -> Bools:
    """(visits,) whether the visit was scanned."""
    key = chance.key(seed, "scan", day)
    scanned: Bools = chance.uniform_pairs(key, visits.person, visits.time_in) < coverage
    return scanned


def make(seed: int, day: int, visits: Visits, kind: I8, movement: Movement) -> Records:
    """Records of the scanned visits of `day`; kind: (places,).

    A record is complete when the visit is over, or at its beginning when no end is recorded; most
    arrive within minutes, some after hours, a few after one to three days.
    """
    scanned = visits.take(recorded(seed, day, visits, movement.scan_coverage))
    rows = np.empty(len(scanned), dtype=RECORD)
    rows["person"], rows["place"] = scanned.person, scanned.place
    rows["time_in"] = scanned.time_in + day * DAY_S
    key = chance.key(seed, "record", day)
    ends = chance.uniform_pairs(key, scanned.person, scanned.time_in) >= movement.time_out_missing
    rows["time_out"] = np.where(ends, scanned.time_out + day * DAY_S, NO_TIME)
    last = np.where(ends, rows["time_out"], rows["time_in"])
    rows["recorded"] = last + _delay_s(seed, day, scanned, movement.late_share)
    rows["source"] = np.where(kind[scanned.place] == BUS, TICKET, VENUE_SCAN)
    return rows


def _delay_s(seed: int, day: int, visits: Visits, late_share: float) -> NDArray[np.int32]:
    draw = chance.uniform_pairs(chance.key(seed, "delay", day), visits.person, visits.time_in)
    prompt = 20.0 - 240.0 * np.log1p(-np.clip((draw - late_share) / (1 - late_share), 0, 1 - 1e-9))
    share = draw / max(late_share, 1e-9)
    hours = np.where(share < 0.2, 24.0 + 48.0 * share / 0.2, 1.0 + 11.0 * (share - 0.2) / 0.8)
    return np.where(draw < late_share, hours * 3600.0, prompt).astype(np.int32)

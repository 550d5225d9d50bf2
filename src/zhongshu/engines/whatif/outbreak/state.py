"""One run's memory: rows for touched people only, wiped by the list of them.

A buffer serves all runs of a thread.  Only `record` has the size of the population; wiping it
costs as much as was touched.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zhongshu.engines.whatif.outbreak.inner import INNER, inner
from zhongshu.engines.whatif.outbreak.model import DAY_H, NEVER
from zhongshu.kernel.chance import GOLDEN, mix, person_key
from zhongshu.kernel.chance import unit as _unit
from zhongshu.kernel.compiled import njit

I32 = NDArray[np.int32]

# Columns of a record: one touched person.
(
    PERSON, INFECTED_D, INFECTED_H, SOURCE, LAYER, ONSET_D, ILL, STAYS, SEVERE, PASSIVE_H,
    RESULT_H, FOUND_H, ISO_FROM, ISO_TO, MOVED_H, WANT, WANT_H, TIER, CHILD, SIBLING, VENUE,
    COLUMNS,
) = range(22)  # fmt: skip
NOTHING, BED, ROOM = range(3)  # what somebody wants

# Columns of a hit: a transmission that happens unless a measure or the target prevents it.
NEXT, FROM, TARGET, HOUR, KIND, WHERE, HIT_COLUMNS = range(7)

(
    RECORDS, HITS, FREE, FULL, NO_ROOM, NO_BED, NO_VEHICLE, RELEASED, LAST_COMMUNITY, COUNTS,
) = range(10)  # fmt: skip

# Purposes of draws.
(
    COURSE, TO_HOME, TO_GROUP, TO_PLACE, TO_COMMUNITY, HOURS, COMPLY, MASK, ROUND, ROUND_TEST,
    CONTACT_TEST, TRACE_HOME, TRACE_GROUP, TRACE_PLACE, TRACE_MET, TRACE_FALSE, BEFORE, UNKNOWN,
) = range(1, 19)  # fmt: skip


class State(NamedTuple):
    """record (n,): row of a person or -1.  rec (rows, COLUMNS); force (rows, 2) home, outside.
    hit (rows, HIT_COLUMNS), luck (rows,).  first_hit (days,): of each day's list.
    release (days, tiers), in_use (tiers,): rooms, then beds.  contact_tests (days,).
    area_end, area_found (areas,); area_hours (areas,): restricted hours of the day.
    wait_h (24,): of a tube sampled in each hour of the day.
    flow (2,): tubes that wait, retests to come.  due: rows to be put in order.
    """

    record: I32
    tally: NDArray[np.int64]
    rec: I32
    force: NDArray[np.float32]
    hit: I32
    luck: NDArray[np.float32]
    first_hit: I32
    release: I32
    in_use: I32
    contact_tests: I32
    area_end: I32
    area_found: I32
    area_hours: NDArray[np.float64]
    wait_h: NDArray[np.float64]
    flow: NDArray[np.float64]
    order: NDArray[np.int64]


def make(record: I32, *, rows: int, days: int, tiers: int, areas: int) -> State:
    """A buffer; `record` is taken over (all -1).  days: of the simulation and what lies before."""
    return State(
        record=record,
        tally=np.zeros(COUNTS, dtype=np.int64),
        rec=np.empty((rows, COLUMNS), dtype=np.int32),
        force=np.empty((rows, 2), dtype=np.float32),
        hit=np.empty((2 * rows, HIT_COLUMNS), dtype=np.int32),
        luck=np.empty(2 * rows, dtype=np.float32),
        first_hit=np.empty(days + 1, dtype=np.int32),
        release=np.empty((days + 1, tiers), dtype=np.int32),
        in_use=np.empty(tiers, dtype=np.int32),
        contact_tests=np.empty(days + 1, dtype=np.int32),
        area_end=np.empty(areas, dtype=np.int32),
        area_found=np.empty(areas, dtype=np.int32),
        area_hours=np.zeros(areas),
        wait_h=np.empty(DAY_H, dtype=np.float64),
        flow=np.zeros(2),
        order=np.empty(rows, dtype=np.int64),
    )


@inner
def wipe(state):  # type: ignore[no-untyped-def]
    for row in range(state.tally[RECORDS]):
        state.record[state.rec[row, PERSON]] = -1
    state.tally[:] = 0
    state.tally[FREE] = -1
    state.tally[LAST_COMMUNITY] = -1
    state.first_hit[:] = -1
    state.release[:] = 0
    state.in_use[:] = 0
    state.contact_tests[:] = 0
    state.area_found[:] = -1
    state.flow[:] = 0.0


@njit("uint64(uint64, int64, int64)", cache=True, **INNER)  # type: ignore[call-overload]
def draws(run, purpose, who):  # type: ignore[no-untyped-def]
    """Key of a person's draws for a purpose in a run."""
    return person_key(mix(run + np.uint64(purpose) * GOLDEN), who)


@inner
def touch(state, person):  # type: ignore[no-untyped-def]
    """The person's row, made if there is none.  When full, sets FULL and gives the last row: the
    run is thrown away and made again with more rows."""
    row = state.record[person]
    if row >= 0:
        return row
    row = state.tally[RECORDS]
    if row >= state.rec.shape[0]:
        state.tally[FULL] = 1
        return row - 1
    state.tally[RECORDS] += 1
    state.record[person] = row
    one = state.rec[row]
    one[:] = NEVER
    one[PERSON] = person
    one[SOURCE] = one[LAYER] = one[TIER] = one[CHILD] = one[SIBLING] = one[VENUE] = -1
    one[ILL] = one[STAYS] = one[SEVERE] = one[WANT] = 0
    return row


@inner
def isolated(one, hour):  # type: ignore[no-untyped-def]
    """0 free, 1 at home, 2 in a room or a bed."""
    if hour < one[ISO_FROM] or hour >= one[ISO_TO]:
        return 0
    return 2 if hour >= one[MOVED_H] else 1


@njit("float64(uint64, int64)", cache=True, **INNER)  # type: ignore[call-overload]
def unit(key, which):  # type: ignore[no-untyped-def]
    """`chance.unit`, compiled once instead of at each of its many calls."""
    return _unit(key, which)

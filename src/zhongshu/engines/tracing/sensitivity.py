"""How much the list of close contacts depends on the clocks of the devices.

Every device's clock may be off by up to a tolerance, either way; so two clocks differ by up to
twice of it.  A stay moves as a whole by what its device's clock is off, the case's window does not
move.  Over all such moves, a meeting of a case and somebody else lasts between a least and a
greatest time, both exact.  Of a case's contacts of degree 1

- *sure* are those with a meeting that even at its least is as long as the rules ask, and all who
  live with him;
- *listed* are those that tracing lists, with the clocks as they are;
- *possible* are those with a meeting, perhaps now a gap, that at its greatest is long enough.

sure <= listed <= possible.  Meetings are judged one by one: a contact whom every move leaves with
some meeting, but not always the same one, is not counted as sure.  Stays that one device recorded
move together, which makes the truth no wider than this.  Places that became venue notices, with
the clocks as they are, are left out of all three.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from zhongshu.engines.tracing import fast
from zhongshu.engines.tracing import kernels_sensitivity as kernels
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import Array

SENSITIVITY = pa.schema(
    [
        ("case_id", pa.int64()),
        ("tolerance_min", pa.float64()),
        ("sure", pa.int64()),
        ("listed", pa.int64()),
        ("possible", pa.int64()),
    ]
)


def of(
    tracer: fast.Tracer, cases: pa.Table, *, until: dt.datetime, tolerance_min: float
) -> pa.Table:
    """`SENSITIVITY` of each of `cases` (model.CASES), by case id.

    tolerance_min: by how much a clock may be off, minutes.  Refuses what `Tracer.trace` refuses,
    and a tolerance below 0.
    """
    if not tolerance_min >= 0:
        raise BadInput("tracing.tolerance", "A clock cannot be off by less than 0 minutes.")
    asked = tracer.asked(cases, until)
    names = tracer.names()
    off = round(tolerance_min * 60)

    def work(room: fast.Room, part: Array) -> Array:
        return kernels.doubts(
            tracer.index.table,
            tracer.table.figures,
            part,
            asked.begin_s - 2 * off,
            asked.until_s,
            tracer.rules.heavy_place_persons,
            off,
            room.own,
            room.other,
            room.marks,
        )

    rows = np.concatenate(tracer.spread(work, asked.sources(names)))
    case, person = tracer.with_whom(asked.persons)
    some = asked.w1[case] > asked.w0[case]
    always = np.full(int(some.sum()), kernels.LISTED | kernels.SURE | kernels.POSSIBLE)
    home = np.stack([case[some], names.ids(person[some]), always], axis=1)
    return _counted(np.concatenate([rows, home]), asked.case_ids, tolerance_min)


def _counted(rows: Array, case_ids: Array, tolerance_min: float) -> pa.Table:
    """Distinct persons of each case by flag."""
    cases = len(case_ids)
    columns = []
    for flag in (kernels.SURE, kernels.LISTED, kernels.POSSIBLE):
        pairs = np.unique(rows[rows[:, kernels.FLAGS] & flag > 0][:, :2], axis=0)
        columns.append(np.bincount(pairs[:, 0], minlength=cases).astype(np.int64))
    return pa.table([case_ids, np.full(cases, float(tolerance_min)), *columns], schema=SENSITIVITY)

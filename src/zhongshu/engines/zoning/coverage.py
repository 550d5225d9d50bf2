"""From single test results to 'everyone inside was negative on that day'."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa

from zhongshu.engines.zoning import model
from zhongshu.kernel import tables

TESTS = pa.schema([("person", pa.int64()), ("date", pa.date32()), ("positive", pa.bool_())])
MEMBERS = pa.schema([("person", pa.int64()), ("unit_code", pa.string())])
EPOCH = dt.date(1970, 1, 1)


def rounds(tests: pa.Table, members: pa.Table, *, window_days: int) -> pa.Table:
    """COVERAGE rows for each unit and each day on which somebody of it was tested.

    A person counts as tested on a day when sampled within the `window_days` that end with it, and
    as positive when one of these samples was.  tests: TESTS; members: MEMBERS, those to be tested.
    """
    tables.require(tests, "tests", TESTS.names)
    tables.require(members, "members", MEMBERS.names)
    person, date = tables.ints(tests, "person"), tables.ints(_as_int(tests), "date")
    positive = np.asarray(tests["positive"].combine_chunks().to_numpy(zero_copy_only=False), bool)
    codes, unit_of = np.unique(
        np.array(tables.texts(members, "unit_code"), str), return_inverse=True
    )
    insiders = tables.ints(members, "person")
    order = np.argsort(insiders, kind="stable")
    found = np.searchsorted(insiders[order], person)
    hit = found < len(order)
    hit[hit] = insiders[order][found[hit]] == person[hit]
    person, date, positive = person[hit], date[hit], positive[hit]
    unit = unit_of[order][found[hit]]
    inside = np.bincount(unit_of, minlength=len(codes))
    rows = []
    for u, day in np.unique(np.column_stack([unit, date]), axis=0):
        taken = (unit == u) & (date <= day) & (date > day - window_days)
        ill = np.unique(person[taken & positive])
        rows.append(
            {
                "unit_code": str(codes[u]),
                "date": EPOCH + dt.timedelta(days=int(day)),
                "inside": int(inside[u]),
                "tested": len(np.unique(person[taken])),
                "positive": len(ill),
            }
        )
    return pa.Table.from_pylist(rows, schema=model.COVERAGE)


def _as_int(tests: pa.Table) -> pa.Table:
    """Dates as days since 1970."""
    index = tests.schema.get_field_index("date")
    return tests.set_column(index, "date", tests["date"].cast(pa.int32()))

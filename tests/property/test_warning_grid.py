"""No report is lost or made on the way from rows to counts."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pyarrow as pa
from hypothesis import assume, given
from hypothesis import strategies as st

from zhongshu.engines.warning import inputs, model
from zhongshu.engines.warning.inputs import EVERY, Calendar

LAST = dt.date(2022, 11, 6)
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.sampled_from(["flu", "cough"]),
        st.integers(-5, 40),
        st.none() | st.integers(-3, 20),
    ),
    min_size=1,
    max_size=40,
    unique_by=lambda row: row[:3],
)


@given(ROWS, st.sampled_from([1, 7]), st.none() | st.integers(0, 30), st.randoms())
def test_every_row_is_a_count_an_empty_report_or_left_out_for_a_reason(
    given_rows: list[tuple[str, str, int, int | None]],
    step: int,
    broken: int | None,
    shuffle: random.Random,
) -> None:
    if step == 7:  # one report a week, on any day of it
        weeks = {
            (unit, stream, ago // 7): row for row in given_rows for unit, stream, ago, _ in [row]
        }
        given_rows = list(weeks.values())
    shuffle.shuffle(given_rows)
    fields = [
        {"unit": unit, "stream": stream, "date": LAST - dt.timedelta(days=ago), "count": count}
        for unit, stream, ago, count in given_rows
    ]
    since = None if broken is None else LAST - dt.timedelta(days=broken)
    good = [
        row for row in given_rows
        if row[3] is not None and row[3] >= 0 and row[2] >= 0 and row[2] // step < 4
        and (broken is None or row[2] <= broken)
    ]  # fmt: skip
    assume(good)
    found = inputs.grid(
        pa.Table.from_pylist(fields, schema=model.SERIES),
        Calendar(LAST, 4, step_days=step),
        breaks={} if since is None else {(EVERY, EVERY): since},
    )
    seen = ~np.isnan(found.counts)
    empty = [row for row in given_rows if row[3] is None]
    judged = [row for row in found.dropped.to_pylist() if row["count"] is not None]
    assert seen.sum() == len(good)
    assert np.nansum(found.counts) == sum(row[3] or 0 for row in good)
    assert len(judged) == len(given_rows) - len(good) - len(empty)
    for unit, stream, ago, count in good:
        assert found.counts[found.keys.index((unit, stream)), 3 - ago // step] == count

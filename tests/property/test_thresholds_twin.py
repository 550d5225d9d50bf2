"""Clusters found with tables are those found by counting one row at a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.packs_made import pack as made

from zhongshu.rules import judge, thresholds, thresholds_oracle

FIRST = dt.date(2024, 2, 25)  # over a leap day
ROWS = st.fixed_dictionaries(
    {
        "day": st.integers(0, 9).map(lambda n: FIRST + dt.timedelta(days=n)),
        "site": st.sampled_from(["A", "B", None]),
        "village": st.sampled_from(["V", None]),
        "site_kind": st.sampled_from(["school", "school", "market", None]),
        "person": st.none() | st.integers(1, 6),
        "count": st.sampled_from([None, None, None, 1, 2, 3]),
        "hospitalised": st.sampled_from([True, False, None]),
        "syndrome": st.sampled_from(["ili", "ili", "rash", None]),
        "enrolled": st.sampled_from([None, 5, 10, 20]),
    }
)
SCHEMA = pa.schema(
    [
        ("day", pa.date32()),
        ("site", pa.string()),
        ("village", pa.string()),
        ("site_kind", pa.string()),
        ("person", pa.int64()),
        ("count", pa.int64()),
        ("hospitalised", pa.bool_()),
        ("syndrome", pa.string()),
        ("enrolled", pa.int64()),
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(ROWS, max_size=24),
    on=st.integers(3, 11),
    back=st.integers(0, 4),
    sized=st.booleans(),
)
def test_what_is_found_at_once_is_what_is_found_one_by_one(
    rows: list[dict[str, Any]], on: int, back: int, sized: bool
) -> None:
    pack, last = made(), FIRST + dt.timedelta(days=on)
    since = last - dt.timedelta(days=back)
    sizes = {"A": {"enrolled": 8.0}, "B": {"enrolled": 15.0}} if sized else None
    table = pa.table({"site": ["A", "B"], "enrolled": [8.0, 15.0]}) if sized else None
    found = thresholds.crossed(
        pack,
        pa.Table.from_pylist(rows, schema=SCHEMA),
        of="illness",
        on=last,
        since=since,
        sizes=table,
    )
    told = {(one.threshold, one.group, one.last, one.count, one.at_most) for one in found}
    assert len(told) == len(found)
    assert told == thresholds_oracle.crossed(
        pack, rows, of="illness", on=last, since=since, sizes=sizes
    )


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=4, max_size=24))
def test_a_stored_crossing_is_found_again_from_what_was_stored(rows: list[dict[str, Any]]) -> None:
    pack = made()
    for one in thresholds.crossed(
        pack,
        pa.Table.from_pylist(rows, schema=SCHEMA),
        of="illness",
        on=FIRST + dt.timedelta(days=7),
    ):
        again = thresholds.again(pack, one.judgement.stored())
        assert again is not None
        assert judge.same(one.judgement.stored(), again)
        assert again.trace == one.trace

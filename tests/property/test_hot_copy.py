"""A day copied in parts from the truth's file is the day sealed from all its rows at once."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.lake import lake_rows as rows

from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.segments import SECTIONS, Segment
from zhongshu.lake import parquet, sealing, visits
from zhongshu.lake.clocks import CLOCKS
from zhongshu.lake.hot import copying
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS, VISITS

DAY = dt.date(2022, 11, 1)
visit = st.tuples(
    st.none() | st.integers(1, 40),
    st.none() | st.sampled_from([0, 1, 64, 70_000]),
    st.sampled_from([0, 1, 7]),
    st.none() | st.sampled_from([0, 5, 8, 6000]),
    st.sampled_from([9, 10, 20]),
    st.sampled_from(["venue_scan", "ticket"]),
)


def table(every: list[tuple[int | None, int | None, int, int | None, int, str]]) -> pa.Table:
    person, place, time_in, time_out, recorded, source = zip(*every, strict=True)
    columns = {
        "person": pa.array(person, pa.int64()),
        "place": pa.array(place, pa.int32()),
        "time_in": [rows.at(minute) for minute in time_in],
        "time_out": [None if minute is None else rows.at(minute) for minute in time_out],
        "source": pa.array(source),
        "recorded_at": [rows.at(minute) for minute in recorded],
    }
    return pa.table(
        {name: pa.array(columns[name]).cast(VISITS.field(name).type) for name in VISITS.names}
    )


def clock(ahead_s: int) -> pa.Table:
    """Scans' clocks are off from before the first visit on."""
    moment = pa.array([rows.at(-1000)], SECONDS)
    return pa.table([["venue_scan"], moment, [ahead_s]], names=CLOCKS.names)


def same(one: Segment, other: Segment) -> bool:
    plain = ("begin_s", "known_to_s", "longest")
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in SECTIONS) and (
        [getattr(one, name) for name in plain] == [getattr(other, name) for name in plain]
    )


@settings(max_examples=60, deadline=None)
@given(
    st.lists(visit, min_size=1, max_size=40),
    st.sampled_from([None, 8, 9, 15, 30]),
    st.integers(1, 9),
    st.sampled_from([0, 0, 60, -3600]),
)
def test_a_day_copied_in_parts_is_the_day_sealed_at_once(
    every: list[tuple[int | None, int | None, int, int | None, int, str]],
    known: int | None,
    group: int,
    ahead_s: int,
) -> None:
    moment = None if known is None else rows.at(known)
    with tempfile.TemporaryDirectory() as root, mock.patch.object(parquet, "ROW_GROUP", group):
        lake, twin = Lake(Path(root) / "lake"), HotLake(Path(root) / "twin")
        hot = HotLake(Path(root) / "hot")
        lake.write_visits(table(every))
        if ahead_s:  # the days beside it are read then, and all rows at once
            lake.write_clocks(clock(ahead_s))
        found = sealing.copy_of(lake, DAY, None if moment is None else int(moment.timestamp()))
        slow = lake.visits(DAY, DAY, moment)
        slow = slow.filter(pc.and_(pc.is_valid(slow["person"]), pc.is_valid(slow["place"])))
        assert found.rows == slow.num_rows
        newest = lake.visits(DAY, DAY)["recorded_at"].to_pylist()
        later = [at for at in newest if moment is not None and at > moment]
        assert found.later == min((int(at.timestamp()) for at in later), default=None)
        if found.rows:
            found.seal(hot, "name")
            twin.seal(slow)
            assert hot.origin(DAY) == "name"
            (one,), (other,) = hot.snapshot().segments, twin.snapshot().segments
            assert same(one, other)
            assert np.array_equal(hot.snapshot().people.base, twin.snapshot().people.base)


def test_a_file_of_another_day_or_of_unknown_persons_is_refused(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6), (2, 1, 0, 5, 6)))
    (path,) = visits.paths(lake.store, DAY, DAY)
    assert len(copying.read(path, DAY, people=2)) == 2
    with pytest.raises(BadInput, match="of another day"):
        copying.read(path, DAY + dt.timedelta(days=1), people=2)
    with pytest.raises(BadInput, match="does not know"):
        copying.read(path, DAY, people=1)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(BadInput, match=path.name):
        copying.read(path, DAY, people=2)

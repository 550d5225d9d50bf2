"""Clocks that are off: what was sent is kept, what is read is true."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from tests.unit.lake import lake_rows as rows

from zhongshu.kernel import tables
from zhongshu.kernel.errors import BadInput
from zhongshu.lake import sealing
from zhongshu.lake.clocks import CLOCKS
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake

FIRST = dt.date(2022, 11, 1)
SECOND = dt.date(2022, 11, 2)
MIDNIGHT = 16 * 60  # minutes after the start of lake_rows


def clocks(*entries: tuple[str, float, int]) -> pa.Table:
    """(source, minute valid from, offset in seconds)."""
    return pa.table(
        {
            "source": [entry[0] for entry in entries],
            "valid_from": pa.array([rows.at(entry[1]) for entry in entries], CLOCKS.field(1).type),
            "offset_s": pa.array([entry[2] for entry in entries], pa.int64()),
        }
    )


def times(lake: Lake, day: dt.date) -> list[tuple[int, dt.datetime, dt.datetime | None]]:
    found = lake.visits(day, day).to_pylist()
    return [(row["person"], row["time_in"], row["time_out"]) for row in found]


def test_the_offset_is_taken_off_time_in_and_time_out_and_nothing_else(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((1, 1, 60, 90, 91)))
    lake.write_clocks(clocks(("venue_scan", 0, 120)))
    (row,) = lake.visits(FIRST, FIRST).to_pylist()
    assert (row["time_in"], row["time_out"]) == (rows.at(58), rows.at(88))
    assert row["recorded_at"] == rows.at(91)
    assert lake.person_visits([1], FIRST, FIRST).to_pylist() == [row]
    lake.write_clocks(clocks(("venue_scan", 0, 0)))
    assert times(lake, FIRST) == [(1, rows.at(60), rows.at(90))]


def test_an_offset_holds_from_its_beginning_until_the_next_of_its_source(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits(*((n, 1, n * 10, None, 700) for n in range(1, 5))))
    lake.write_clocks(clocks(("venue_scan", 20, 60), ("venue_scan", 40, -60), ("ticket", 0, 3600)))
    found = {person: time_in for person, time_in, _ in times(lake, FIRST)}
    assert found == {1: rows.at(10), 2: rows.at(19), 3: rows.at(29), 4: rows.at(41)}


@pytest.mark.parametrize("offset_s", [90, -90])
def test_a_visit_over_midnight_by_a_wrong_clock_comes_back_to_its_day(
    tmp_path: Path, offset_s: int
) -> None:
    lake = Lake(tmp_path)
    sent = MIDNIGHT + offset_s / 60 / 2  # 45 s into the wrong day
    lake.write_visits(rows.visits((1, 1, sent, None, 2000), (2, 1, 100, None, 2000)))
    lake.write_visits(rows.visits((3, 1, MIDNIGHT + 100, None, 2000)))
    wrong, right = (SECOND, FIRST) if offset_s > 0 else (FIRST, SECOND)
    assert 1 in [person for person, *_ in times(lake, wrong)]
    lake.write_clocks(clocks(("venue_scan", 0, offset_s)))
    assert 1 not in [person for person, *_ in times(lake, wrong)]
    assert 1 in [person for person, *_ in times(lake, right)]
    assert lake.visits(FIRST, SECOND).num_rows == 3


def test_corrected_visits_are_still_sorted_by_place_and_time(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    table = rows.visits((1, 1, 10, None, 50), (2, 1, 12, None, 50))
    table = table.set_column(4, "source", pa.array(["ticket", "venue_scan"]))
    lake.write_visits(table)
    lake.write_clocks(clocks(("venue_scan", 0, 300)))
    assert [person for person, *_ in times(lake, FIRST)] == [2, 1]


def test_duckdb_reading_in_place_takes_the_same_offsets_off(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(
        rows.visits(*((n, n % 3, n * 90, n * 90 + 7 if n % 2 else None, 5000) for n in range(30)))
    )
    lake.write_clocks(clocks(("venue_scan", 500, 1800), ("venue_scan", 1500, -4000)))
    for first, last in ((FIRST, FIRST), (SECOND, SECOND), (FIRST, SECOND)):
        files = lake.visit_files(first, last)
        with duckdb.connect() as con:
            con.register("who", files.persons)
            found = con.sql(files.select("who")).to_arrow_table()
        columns = ("person", "place", "time_in", "time_out")
        plain = tables.frame(lake.visits(first, last).select(columns))
        in_place = tables.frame(found.select(columns).cast(plain.to_arrow().schema))
        assert in_place.sort("person", "time_in").equals(plain.sort("person", "time_in"))
        assert plain.height > 5


def test_a_new_offset_makes_the_sealed_days_it_touches_stale(tmp_path: Path) -> None:
    lake, hot = Lake(tmp_path), HotLake(tmp_path / "hot")
    lake.write_visits(rows.visits((1, 1, 0, None, 5), (1, 1, 4 * 1440, None, 5 * 1440)))
    last = FIRST + dt.timedelta(days=4)
    sealing.seal_stale(lake, hot, FIRST, last)
    lake.write_clocks(clocks(("venue_scan", 3 * 1440, 60)))
    assert sealing.stale_days(lake, hot, FIRST, last) == [last]
    sealing.seal_stale(lake, hot, FIRST, last)
    assert sealing.stale_days(lake, hot, FIRST, last) == []


@pytest.mark.parametrize("offset_s", [86_400, -86_400, 10**9])
def test_an_offset_of_a_day_or_more_is_refused(tmp_path: Path, offset_s: int) -> None:
    with pytest.raises(BadInput, match="wrong date, not a wrong clock") as refusal:
        Lake(tmp_path).write_clocks(clocks(("venue_scan", 0, offset_s)))
    assert refusal.value.code == "lake.clock_absurd"
    assert Lake(tmp_path).clocks().num_rows == 0


def test_a_source_no_feed_has_and_a_blank_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="gossip"):
        Lake(tmp_path).write_clocks(clocks(("gossip", 0, 5)))
    blank = clocks(("ticket", 0, 5)).set_column(2, "offset_s", pa.nulls(1, pa.int64()))
    with pytest.raises(BadInput, match="needs source"):
        Lake(tmp_path).write_clocks(blank)
    with pytest.raises(BadInput, match="offset_s"):
        Lake(tmp_path).write_clocks(blank.drop_columns(["offset_s"]))


def test_entering_the_same_offsets_again_is_nothing_new(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.write_clocks(clocks(("ticket", 0, 5), ("ticket", 0, 6))).new == 1
    assert lake.clocks()["offset_s"].to_pylist() == [6]
    again = lake.write_clocks(clocks(("ticket", 0, 6)))
    assert (again.new, again.files) == (0, ())

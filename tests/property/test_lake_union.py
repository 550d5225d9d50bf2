"""The lake is a set union: order and repetition of writes do not matter."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.lake import lake_rows as rows
from tests.unit.lake.lake_rows import hashes

from zhongshu.lake.lake import Lake
from zhongshu.lake.versions import order

FIRST, LAST = dt.date(2022, 10, 1), dt.date(2022, 12, 31)
minute = st.integers(0, 3000)
visit = st.tuples(
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([0, 1000, 2000]),
    st.none() | st.sampled_from([2500, 2600]),
    st.sampled_from([10, 20, 30]),
)
batches = st.lists(st.lists(visit, max_size=6), min_size=1, max_size=4)


@settings(max_examples=30, deadline=None)
@given(batches, st.randoms(use_true_random=False))
def test_any_order_and_any_repetition_holds_the_same_versions(
    parts: list[list[tuple[int, int, int, int | None, int]]], chance: object
) -> None:
    shuffled = parts + parts[:1]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        for part in parts:
            Lake(Path(one)).write_visits(rows.visits(*part))
        before = hashes(Path(one))
        for part in shuffled:
            Lake(Path(one)).write_visits(rows.visits(*part))
            Lake(Path(two)).write_visits(rows.visits(*part))
        assert hashes(Path(one)) == before, "what was written before changes no byte"
        for known in (None, *(rows.at(minute) for minute in (9, 10, 20, 30))):
            first, other = (_rows(Lake(Path(root)), known) for root in (one, two))
            assert first == other


def _rows(lake: Lake, known: dt.datetime | None) -> list[tuple[str, ...]]:
    found = lake.visits(FIRST, LAST, known).to_pylist()
    return sorted(tuple(str(value) for value in row.values()) for row in found)


number = st.none() | st.integers(-1, 3)
# with the row in one number, without it, and in none
wide = st.sampled_from([40, 58, 62]).flatmap(lambda bits: st.integers(-(2**bits), 2**bits))


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.integers(0, 3), wide, number, number)),
    st.booleans(),
)
def test_sorting_by_one_number_is_sorting(
    every: list[tuple[int | None, int, int | None, int | None]], few: bool
) -> None:
    schema = {"a": pl.Int32, "b": pl.Int64, "c": pl.Int8, "d": pl.Int64}
    frame = pl.DataFrame(every, schema=schema, orient="row")
    if few:  # many ties
        frame = frame.with_columns(pl.col("b") % 3)
    found = frame[pl.Series(order(frame, list(schema)))]
    assert found.equals(frame.sort(list(schema), nulls_last=False))


@settings(max_examples=30, deadline=None)
@given(batches)
def test_both_orders_hold_the_same_facts(
    parts: list[list[tuple[int, int, int, int | None, int]]],
) -> None:
    with tempfile.TemporaryDirectory() as root:
        lake = Lake(Path(root))
        for part in parts:
            lake.write_visits(rows.visits(*part))
        assert lake.verify() == []
        for known in (None, rows.at(15), rows.at(30)):
            every = lake.visits(FIRST, LAST, known).to_pylist()
            for asked in ([1], [2, 3], [1, 2, 3], [4]):
                found = lake.person_visits(asked, FIRST, LAST, known).to_pylist()
                mine = [row for row in every if row["person"] in asked]
                key = lambda row: (row["person"], row["time_in"], row["place"])  # noqa: E731
                assert found == sorted(found, key=lambda row: (row["person"], row["time_in"]))
                assert sorted(found, key=key) == sorted(mine, key=key)


@settings(max_examples=40, deadline=None)
@given(st.lists(visit, max_size=12), minute)
def test_what_was_known_is_what_a_slow_reading_of_all_versions_says(
    every: list[tuple[int, int, int, int | None, int]], known: int
) -> None:
    """The readable twin: of each fact the newest version known, ties to the greater content."""
    newest: dict[tuple[int, int, int], tuple[int, int]] = {}
    for person, place, time_in, time_out, recorded in every:
        if recorded <= known:
            version = (recorded, -1 if time_out is None else time_out)
            key = (person, place, time_in)
            newest[key] = max(newest.get(key, version), version)
    with tempfile.TemporaryDirectory() as root:
        lake = Lake(Path(root))
        written = lake.write_visits(rows.visits(*every))
        found = lake.visits(FIRST, LAST, rows.at(known)).to_pylist()
        assert written.rows == len(every)
        assert written.new == len({row[:3] + row[4:] for row in every})
    got = {
        (row["person"], row["place"], row["time_in"]): (row["recorded_at"], row["time_out"])
        for row in found
    }
    assert len(got) == len(found)
    assert got == {
        (key[0], key[1], rows.at(key[2])): (rows.at(v[0]), None if v[1] < 0 else rows.at(v[1]))
        for key, v in newest.items()
    }

"""What the evidence lake promises: known-at, no doubles, whole files, damage named."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.killing import Killed
from tests.unit.lake import lake_rows as rows

from zhongshu.kernel.errors import BadInput
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import VISITS

FIRST, LAST = dt.date(2022, 10, 1), dt.date(2022, 12, 31)


def test_a_visit_lands_in_the_file_of_its_beijing_day(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    # 23:59 and 00:01 Beijing time; both are 1 November in UTC
    lake.write_visits(
        rows.visits((1, 1, 15 * 60 + 59, None, 2000), (2, 1, 16 * 60 + 1, None, 2000))
    )
    assert lake.days("visits") == [dt.date(2022, 11, 1), dt.date(2022, 11, 2)]
    assert lake.visits(dt.date(2022, 11, 2), LAST).column("person").to_pylist() == [2]


def test_rows_are_sorted_by_place_and_time(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((9, 2, 5, None, 6), (8, 1, 9, None, 10), (7, 1, 3, 4, 5)))
    assert lake.visits(FIRST, LAST).column("person").to_pylist() == [7, 8, 9]


def test_writing_the_same_rows_again_changes_no_byte(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    table = rows.visits((1, 1, 0, 5, 6), (2, 1, 0, None, 6), (3, 2, 2000, None, 2001))
    lake.write_visits(table)
    before = rows.hashes(tmp_path)
    again = Lake(tmp_path).write_visits(table)
    assert (again.new, again.files) == (0, ())
    assert rows.hashes(tmp_path) == before


def test_a_later_version_is_unknown_before_it_was_recorded(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, None, 10)))
    lake.write_visits(rows.visits((1, 1, 0, 30, 60)))
    assert lake.visits(FIRST, LAST, rows.at(5)).num_rows == 0
    assert lake.visits(FIRST, LAST, rows.at(10)).column("time_out").to_pylist() == [None]
    assert lake.visits(FIRST, LAST, rows.at(60)).column("time_out").to_pylist() == [rows.at(30)]
    assert lake.visits(FIRST, LAST).num_rows == 1


def test_a_corrected_count_replaces_the_first_from_its_own_time_on(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_counts(
        rows.counts(("fever_clinic", "c1", 1, 12, 10), ("fever_clinic", "c1", 1, 9, 99))
    )
    assert lake.counts(rows.at(50)).column("count").to_pylist() == [12]
    assert lake.counts(rows.at(99)).column("count").to_pylist() == [9]


def test_a_corrected_result_replaces_the_first(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_tests(rows.tests((1, "s1", 0, 60, "positive"), (1, "s1", 0, 90, "negative")))
    assert lake.tests(FIRST, LAST, rows.at(70)).column("result").to_pylist() == ["positive"]
    assert lake.tests(FIRST, LAST).column("result").to_pylist() == ["negative"]


def test_an_arrival_received_twice_is_one_version(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_arrivals(rows.arrivals((1, 0, "train", 10)))
    assert lake.write_arrivals(rows.arrivals((1, 0, "train", 500))).new == 0
    assert lake.write_arrivals(rows.arrivals((1, 0, "air", 600))).new == 1
    assert lake.arrivals(FIRST, LAST, rows.at(599)).column("mode").to_pylist() == ["train"]


def test_reading_what_was_never_sent_gives_an_empty_table(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.visits(FIRST, LAST).num_rows == 0
    assert lake.visits(LAST, FIRST).num_rows == 0
    assert lake.counts().num_rows == lake.places().num_rows == 0


def test_place_keys_are_given_once_and_kept(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_places(rows.places(("b", "shop"), ("a", "school")))
    first, _ = lake.place_keys(pa.array(["a", "b", "a"]))
    lake.write_places(rows.places(("0", "bus"), ("a", "market")))
    again, described = lake.place_keys(pa.array(["a", "b", "a"]))
    assert first.to_pylist() == again.to_pylist()
    assert described.to_pylist() == [True, True, True]
    kinds = dict(
        zip(*(lake.places().column(c).to_pylist() for c in ("place_id", "kind")), strict=True)
    )
    assert kinds == {"a": "market", "b": "shop", "0": "bus"}


def test_a_place_named_only_by_visits_gets_a_key_and_keeps_it(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    keys, described = lake.place_keys(pa.array(["x", "x"]))
    assert (keys.to_pylist(), described.to_pylist()) == ([1, 1], [False, False])
    lake.write_places(rows.places(("x", "shop")))
    assert lake.places().to_pylist()[0]["kind"] == "shop"
    keys, described = lake.place_keys(pa.array(["x"]))
    assert (keys.to_pylist(), described.to_pylist()) == ([1], [True])


@pytest.mark.parametrize("harm", ["truncated", "one byte", "missing", "not parquet"])
def test_a_damaged_file_is_named_and_the_rest_still_reads(tmp_path: Path, harm: str) -> None:
    Lake(tmp_path).write_visits(rows.visits((1, 1, 0, 5, 6), (2, 1, 3000, None, 3001)))
    victim = tmp_path / "visits" / "day=2022-11-01.parquet"
    body = victim.read_bytes()
    changed = bytearray(body)
    changed[20] ^= 0xFF
    {
        "truncated": lambda: victim.write_bytes(body[: len(body) // 2]),
        "one byte": lambda: victim.write_bytes(bytes(changed)),
        "missing": victim.unlink,
        "not parquet": lambda: victim.write_bytes(b"x" * len(body)),
    }[harm]()
    lake = Lake(tmp_path)
    with pytest.raises(BadInput, match="day=2022-11-01") as refusal:
        lake.visits(FIRST, LAST)
    assert refusal.value.code == "lake.damaged"
    assert lake.visits(dt.date(2022, 11, 2), LAST).num_rows == 1
    assert [victim.name in found.message for found in lake.verify()] == [True]
    with pytest.raises(BadInput, match="day=2022-11-01"):
        lake.write_visits(rows.visits((3, 1, 0, 5, 6)))


def test_a_dropped_day_can_be_written_again(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    table = rows.visits((1, 1, 0, 5, 6))
    lake.write_visits(table)
    (tmp_path / "visits" / "day=2022-11-01.parquet").write_bytes(b"")
    lake.drop("visits", "day=2022-11-01.parquet")
    assert lake.verify() == []
    lake.write_visits(table)
    assert lake.visits(FIRST, LAST).num_rows == 1


def test_an_unreadable_manifest_is_named(tmp_path: Path) -> None:
    Lake(tmp_path).write_visits(rows.visits((1, 1, 0, 5, 6)))
    (tmp_path / "visits" / "manifest.json").write_text("{")
    with pytest.raises(BadInput, match=r"manifest\.json"):
        Lake(tmp_path).visits(FIRST, LAST)


def test_what_a_writer_killed_before_the_rename_had_prepared_is_put_in_place_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6)))

    def die(self: Path, target: Path) -> Path:
        if target.suffix == ".parquet":
            raise Killed
        return real(self, target)

    real = Path.replace
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(Killed):
            lake.write_visits(rows.visits((2, 1, 0, 5, 6)))
    assert Lake(tmp_path).visits(FIRST, LAST).column("person").to_pylist() == [1, 2]
    assert Lake(tmp_path).write_visits(rows.visits((2, 1, 0, 5, 6))).new == 0
    assert not list(tmp_path.rglob("*.tmp"))
    manifest = json.loads((tmp_path / "visits" / "manifest.json").read_text())
    assert all(entry["former"] is None for entry in manifest["files"].values())


def test_the_manifest_states_rows_and_checksum_of_each_file(tmp_path: Path) -> None:
    Lake(tmp_path).write_visits(rows.visits((1, 1, 0, 5, 6), (2, 1, 0, 5, 6)))
    name, entry = next(
        iter(json.loads((tmp_path / "visits" / "manifest.json").read_text())["files"].items())
    )
    path = tmp_path / "visits" / name
    assert entry["rows"] == pq.ParquetFile(path).metadata.num_rows == 2
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_duckdb_reads_the_same_rows_in_place(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(
        rows.visits((1, 1, 0, 5, 6), (2, 1, 3000, None, 3001), (2, 1, 3000, 3010, 3020))
    )
    for known_at in (None, rows.at(3001), rows.at(3019), rows.at(3020), rows.at(-1)):
        files = lake.visit_files(FIRST, LAST, known_at)
        with duckdb.connect() as con:
            con.register("who", files.persons)
            found = con.sql(files.select("who")).order("place, time_in, person").to_arrow_table()
        plain = pa.table({name: found[name].cast(_plain(name)) for name in VISITS.names})
        assert plain.to_pylist() == lake.visits(FIRST, LAST, known_at).to_pylist()


def _plain(name: str) -> pa.DataType:
    kind = VISITS.field(name).type
    return pa.string() if pa.types.is_dictionary(kind) else kind


def test_a_naive_known_at_is_refused(tmp_path: Path) -> None:
    Lake(tmp_path).write_visits(rows.visits((1, 1, 0, 5, 6)))
    with pytest.raises(BadInput, match="time zone"):
        Lake(tmp_path).visits(FIRST, LAST, dt.datetime(2022, 11, 1))  # noqa: DTZ001


def test_an_unknown_source_is_refused(tmp_path: Path) -> None:
    table = rows.visits((1, 1, 0, 5, 6)).set_column(4, "source", pa.array(["gossip"]))
    with pytest.raises(BadInput, match="source"):
        Lake(tmp_path).write_visits(table)
    assert not (tmp_path / "visits").exists()

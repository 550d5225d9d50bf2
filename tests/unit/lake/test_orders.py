"""The two copies of a day: the same facts always, whatever a writer dies of."""

from __future__ import annotations

import datetime as dt
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.killing import Killed, die
from tests.unit.lake import lake_rows as rows

from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.kernel.visitfiles import PACKED
from zhongshu.lake import visits
from zhongshu.lake.lake import Lake
from zhongshu.lake.schema import SECONDS, VISITS

FIRST, LAST = dt.date(2022, 11, 1), dt.date(2022, 11, 3)
DAY = "day=2022-11-01.parquet"
BY_PERSON = "day=2022-11-01.by-person.parquet"


def many(count: int, first: int = 0) -> pa.Table:
    return rows.visits(*((n, n % 7, n % 600, None, 700) for n in range(first, first + count)))


def facts(lake: Lake) -> list[int]:
    return sorted(lake.visits(FIRST, LAST)["person"].to_pylist())


def by_person(lake: Lake, asked: list[int]) -> list[int]:
    return sorted(lake.person_visits(asked, FIRST, LAST)["person"].to_pylist())


def test_a_persons_visits_of_several_days_come_from_the_copy_by_person(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(rows.visits((1, 2, 1500, None, 1501), (1, 1, 0, 5, 6), (2, 1, 0, 5, 6)))
    found = lake.person_visits([1], FIRST, LAST)
    assert found.schema == VISITS
    assert found["time_in"].to_pylist() == [rows.at(0), rows.at(1500)]
    assert lake.person_visits([1], FIRST, FIRST).num_rows == 1
    assert lake.person_visits([7], FIRST, LAST).num_rows == 0
    assert lake.person_visits([], FIRST, LAST).num_rows == 0


def test_only_the_parts_of_the_file_that_can_hold_the_person_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = Lake(tmp_path)
    person = pa.array([n // 2 for n in range(300_000)], pa.int64())
    moment = pa.array([rows.at(0)] * 300_000, SECONDS)
    table = pa.table(
        {
            "person": person,
            "place": pa.array([1] * 300_000, pa.int32()),
            "time_in": moment,
            "time_out": pa.nulls(300_000, SECONDS),
            "source": pa.array(["venue_scan"] * 300_000),
            "recorded_at": moment,
        }
    )
    lake.write_visits(table)
    read: list[list[int]] = []
    real = pq.ParquetFile.read_row_groups

    def watched(self: pq.ParquetFile, groups: list[int], *args: object) -> pa.Table:
        read.append(groups)
        return real(self, groups, *args)

    monkeypatch.setattr(pq.ParquetFile, "read_row_groups", watched)
    assert lake.person_visits([3], FIRST, LAST).num_rows == 1
    assert read == [[0]]


@pytest.mark.parametrize("after", range(5))
def test_a_writer_killed_at_any_rename_leaves_a_lake_that_checks_and_heals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """Renames of one write: manifest, list of persons, both orders, manifest again."""
    lake = Lake(tmp_path)
    lake.write_visits(many(5))
    count = 0
    real = Path.replace

    def die(self: Path, target: Path) -> Path:
        nonlocal count
        if count == after:
            raise Killed
        count += 1
        return real(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        with pytest.raises(Killed):
            lake.write_visits(many(5, first=5))
    kept = 5 if after == 0 else 10  # prepared in full: finished; else: as before
    assert facts(Lake(tmp_path)) == list(range(kept))
    assert by_person(Lake(tmp_path), list(range(20))) == list(range(kept))
    assert Lake(tmp_path).verify() == []
    Lake(tmp_path).write_visits(many(5, first=5))
    assert facts(Lake(tmp_path)) == by_person(Lake(tmp_path), list(range(20))) == list(range(10))
    assert not list(tmp_path.rglob("*.tmp"))


def test_a_process_killed_by_the_system_while_writing_leaves_a_lake_that_checks(
    tmp_path: Path,
) -> None:
    Lake(tmp_path).write_visits(many(5))
    program = f"""
from pathlib import Path
from tests.unit.lake.test_orders import many
from zhongshu.lake.lake import Lake
print("ready", flush=True)
n = 5
while True:
    Lake(Path({str(tmp_path)!r})).write_visits(many(50, first=n))
    n += 50
"""
    started = [sys.executable, "-c", program]
    with subprocess.Popen(started, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        while len(Lake(tmp_path).visits(FIRST, LAST)) == 5:
            pass
        os.kill(process.pid, signal.SIGKILL)
    lake = Lake(tmp_path)
    held = facts(lake)
    assert held == list(range(len(held)))
    assert by_person(lake, held) == held
    assert lake.verify() == []


def test_prepared_files_that_vanished_leave_the_day_as_it_was(tmp_path: Path) -> None:
    """Somebody tidied up temporary files after a crash: back to what the manifest had."""
    lake = Lake(tmp_path)
    lake.write_visits(many(5))
    real = Path.replace
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Path,
            "replace",
            lambda self, to: real(self, to) if to.suffix == ".json" else die(),
        )
        with pytest.raises(Killed):
            lake.write_visits(many(5, first=5))
    for path in (tmp_path / "visits").glob(".*.parquet.tmp"):
        path.unlink()
    assert facts(Lake(tmp_path)) == by_person(Lake(tmp_path), list(range(20))) == list(range(5))
    assert Lake(tmp_path).verify() == []


@pytest.mark.parametrize("victim", [DAY, BY_PERSON])
@pytest.mark.parametrize("harm", ["truncated", "one byte", "missing"])
def test_a_damaged_copy_is_refused_by_name_and_made_anew_from_the_other(
    tmp_path: Path, victim: str, harm: str
) -> None:
    Lake(tmp_path).write_visits(many(50))
    path = tmp_path / "visits" / victim
    body = bytearray(path.read_bytes())
    if harm == "missing":
        path.unlink()
    else:
        body[len(body) // 2] ^= 0xFF
        path.write_bytes(bytes(body) if harm == "one byte" else bytes(body[: len(body) // 2]))
    lake = Lake(tmp_path)
    with pytest.raises(BadInput, match=victim) as refusal:
        facts(lake) if victim == DAY else by_person(lake, [1])
    assert refusal.value.code == "lake.damaged"
    assert [victim in found.message for found in lake.verify()] == [True]
    assert visits.mend(lake.store) == [FIRST]
    assert facts(lake) == by_person(lake, list(range(60))) == list(range(50))
    assert lake.verify() == []


def test_a_day_with_both_copies_damaged_is_not_mended(tmp_path: Path) -> None:
    Lake(tmp_path).write_visits(many(50))
    for name in (DAY, BY_PERSON):
        (tmp_path / "visits" / name).write_bytes(b"")
    with pytest.raises(BadInput, match="day=2022-11-01"):
        visits.mend(Lake(tmp_path).store)


def test_two_sound_copies_that_differ_are_noticed_and_the_one_by_place_holds(
    tmp_path: Path,
) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(many(50))
    lake.store.replace(
        "visits", {BY_PERSON: pq.read_table(tmp_path / "visits" / BY_PERSON).slice(1)}
    )
    (refusal,) = lake.verify()
    assert refusal.code == "lake.orders_differ"
    visits.mend(lake.store)
    assert (lake.verify(), len(by_person(lake, list(range(50))))) == ([], 50)


@contextmanager
def no_file_beyond(most: int) -> Iterator[None]:
    """As a full disk: no file of this process can grow beyond `most` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("most", [100, 3_000, 9_000])
def test_a_full_disk_refuses_the_write_and_changes_nothing(tmp_path: Path, most: int) -> None:
    lake = Lake(tmp_path)
    lake.write_visits(many(5))
    before = rows.hashes(tmp_path)
    with no_file_beyond(most), pytest.raises(Refused, match="the disk is full") as refusal:
        lake.write_visits(many(20_000))
    assert refusal.value.code == "lake.disk_full"
    assert rows.hashes(tmp_path) == before
    lake.write_visits(many(20_000))
    assert len(facts(lake)) == 20_000


def test_times_more_than_68_years_apart_are_refused(tmp_path: Path) -> None:
    late = rows.visits((1, 1, 0, None, 70 * 365 * 24 * 60))
    with pytest.raises(BadInput, match="68 years"):
        Lake(tmp_path).write_visits(late)
    assert Lake(tmp_path).visits(FIRST, LAST).num_rows == 0


def test_a_visit_without_a_time_is_refused(tmp_path: Path) -> None:
    table = rows.visits((1, 1, 0, None, 5))
    for name in ("time_in", "recorded_at"):
        at = table.column_names.index(name)
        with pytest.raises(BadInput, match="has no place"):
            Lake(tmp_path).write_visits(table.set_column(at, name, pa.nulls(1, SECONDS)))


def test_persons_keep_their_number_and_the_files_hold_no_pseudonym(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    secret = 2**62 + 12345
    lake.write_visits(rows.visits((secret, 1, 0, None, 5), (7, 1, 0, None, 5)))
    lake.write_visits(rows.visits((3, 1, 0, None, 5), (secret, 1, 10, None, 15)))
    assert by_person(lake, [secret, 3, 7]) == [3, 7, secret, secret]
    packed = pq.read_table(tmp_path / "visits" / DAY)
    assert packed.schema.names == PACKED.names
    assert secret not in packed["person_no"].to_pylist()
    assert sorted(set(packed["person_no"].to_pylist())) == [0, 1, 2]

"""A day is deleted when its time is over, with a receipt, and nothing of it is left."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import struct
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from tests.killing import killed_at
from tests.unit.lake import lake_rows as rows
from tests.unit.lake.test_clock_offsets import clocks

from zhongshu.kernel.errors import BadInput, NotFound, WrongState
from zhongshu.lake import compacting, receipts, retention, sealing, upkeep
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake
from zhongshu.lake.receipts import Receipt

FIRST, SECOND, LAST = dt.date(2022, 11, 1), dt.date(2022, 11, 2), dt.date(2022, 11, 9)
KEEPING = retention.Keeping(days=21, rule_id="HC-8")
DUE = dt.date(2022, 11, 23)  # the day after the 21st


def order(today: dt.date = DUE) -> retention.Order:
    at = dt.datetime(2022, 11, 23, 3, tzinfo=dt.UTC)
    return retention.Order(by="somebody", at=at, today=today, keeping=KEEPING)


def filled(root: Path) -> tuple[Lake, HotLake]:
    """Person 1 on both days, 2 only on the first, 3 only on the second; one sealed, one logged."""
    lake, hot = Lake(root), HotLake(root / "hot")
    lake.write_visits(
        rows.visits(
            (1, 1, 0, 5, 6),
            (2, 1, 0, None, 6),
            (1, 1, 1500, None, 1501),
            (3, 1, 1500, None, 1501),
        )
    )
    sealing.seal_stale(lake, hot, FIRST, LAST)
    late = rows.visits((2, 2, 30, None, 40))
    lake.write_visits(late)
    hot.append(late)
    return lake, hot


def drop(lake: Lake, hot: HotLake, day: dt.date = FIRST) -> Receipt:
    return retention.drop_day(lake, hot, day, order(max(DUE, day + dt.timedelta(days=22))))


def test_a_dropped_day_is_gone_from_files_index_and_list_of_persons(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    receipt = drop(lake, hot)
    assert (receipt.rows, receipt.index_rows) == (3, 3)
    assert lake.visits(FIRST, LAST)["person"].to_pylist() == [1, 3]
    assert lake.person_visits([2], FIRST, LAST).num_rows == 0
    assert hot.days() == [SECOND]
    assert all(part.begin_s != 1667232000 for part in hot.snapshot().segments)
    assert lake.visit_files(FIRST, LAST).persons["person"].to_pylist().count(None) == 1
    assert not [path for path in tmp_path.rglob("*") if "2022-11-01" in path.name]
    assert lake.verify() == retention.verify(lake, hot) == []


def test_the_receipt_names_rule_person_moment_and_the_hash_of_each_file(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    hashes = {
        str(path.relative_to(tmp_path)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in tmp_path.rglob("day=2022-11-01*")
    }
    assert len(hashes) == 4  # two orders, a seal and a log
    assert drop(lake, hot).deleted == hashes
    written = json.loads((tmp_path / "receipts" / "000001.json").read_text())
    assert written["by"] == "somebody"
    assert written["at"] == "2022-11-23T03:00:00+00:00"
    assert (written["rule_id"], written["keep_days"], written["day"]) == ("HC-8", 21, "2022-11-01")
    assert written["previous"] == receipts.GENESIS


def test_receipts_are_a_chain_and_a_change_is_noticed(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    one, two = drop(lake, hot), drop(lake, hot, SECOND)
    assert (two.number, two.previous) == (2, one.hash)
    assert receipts.read(tmp_path) == [one, two]
    path = tmp_path / "receipts" / "000001.json"
    text = path.read_text()
    for changed in (text.replace('"rows": 3', '"rows": 2'), "{", text.replace("somebody", "you")):
        path.write_text(changed)
        (refusal,) = retention.verify(lake, hot)
        assert refusal.code == "lake.receipts_broken"
    path.unlink()
    assert [found.code for found in retention.verify(lake, hot)] == ["lake.receipts_broken"]
    path.write_text(text)
    assert retention.verify(lake, hot) == []


@pytest.mark.parametrize("today", [FIRST, dt.date(2022, 11, 22)])
def test_a_day_that_must_be_kept_is_not_deleted(tmp_path: Path, today: dt.date) -> None:
    lake, hot = filled(tmp_path)
    before = rows.hashes(tmp_path)
    with pytest.raises(WrongState, match=r"kept for 21 days \(HC-8\).* 2022-11-23") as refusal:
        retention.drop_day(lake, hot, FIRST, order(today))
    assert refusal.value.code == "lake.day_kept"
    assert rows.hashes(tmp_path) == before


def test_a_day_the_lake_does_not_have_is_refused(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    with pytest.raises(NotFound, match="no visits of 2022-10-01"):
        drop(lake, hot, dt.date(2022, 10, 1))
    assert receipts.read(tmp_path) == []


def test_a_day_being_worked_on_is_refused_and_stays(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    with (
        upkeep.doing(tmp_path, f"compacting {FIRST}"),
        pytest.raises(WrongState, match="compacting 2022-11-01"),
    ):
        drop(lake, hot)
    assert (hot.days(), receipts.read(tmp_path)) == ([FIRST, SECOND], [])


def test_temporary_files_and_copies_of_the_day_are_deleted_too(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    body = (tmp_path / "visits" / "day=2022-11-01.parquet").read_bytes()
    for left in (
        "visits/.day=2022-11-01.parquet.tmp",
        "visits/day=2022-11-01.parquet.bak",
        "hot/.day=2022-11-01.seg.tmp",
    ):
        (tmp_path / left).write_bytes(body)
    assert "hot/.day=2022-11-01.seg.tmp" in drop(lake, hot).deleted
    assert not [path for path in tmp_path.rglob("*") if "2022-11-01" in path.name]


def test_a_copy_under_another_name_is_found_by_its_content(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    body = (tmp_path / "visits" / "day=2022-11-01.by-person.parquet").read_bytes()
    copy = tmp_path / "visits" / "keep-me"
    copy.write_bytes(body)
    with pytest.raises(BadInput, match="keep-me"):
        drop(lake, hot)
    assert [found.code for found in retention.verify(lake, hot)] == ["lake.day_left"]
    copy.unlink()
    assert retention.verify(lake, hot) == []


def test_visits_that_come_after_their_day_was_deleted_are_noticed_and_deleted_again(
    tmp_path: Path,
) -> None:
    lake, hot = filled(tmp_path)
    drop(lake, hot)
    lake.write_visits(rows.visits((9, 1, 3, None, 4)))
    assert {found.code for found in retention.verify(lake, hot)} == {"lake.day_left"}
    assert drop(lake, hot).rows == 1
    assert retention.verify(lake, hot) == []


def test_a_deletion_that_was_cut_off_is_noticed_and_finished(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    with killed_at("zhongshu.lake.visits.put"):
        drop(lake, hot)
    assert "lake.day_left" in {found.code for found in retention.verify(lake, hot)}
    drop(lake, hot)
    assert retention.verify(lake, hot) == []
    assert [receipt.rows for receipt in receipts.read(tmp_path)] == [3, 3]


def test_a_dropped_day_asked_for_again_is_finished_under_its_receipt(tmp_path: Path) -> None:
    lake, hot = with_long_pseudonyms(tmp_path)
    with killed_at("zhongshu.lake.retention.forget_in_index"):
        drop(lake, hot)
    assert [found.code for found in retention.verify(lake, hot)] == ["lake.persons_left"]
    (receipt,) = receipts.read(tmp_path)
    assert drop(lake, hot) == receipt
    assert receipts.read(tmp_path) == [receipt]
    assert _anywhere(tmp_path, LONG[0]) == retention.verify(lake, hot) == []


def test_a_damaged_day_can_still_be_deleted(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    for path in tmp_path.rglob("day=2022-11-01*"):
        path.write_bytes(b"no")
    drop(lake, HotLake(tmp_path / "hot"))
    assert lake.verify() == retention.verify(lake, hot) == []


def test_the_neighbour_a_wrong_clock_reached_into_is_sealed_anew(tmp_path: Path) -> None:
    lake, hot = Lake(tmp_path), HotLake(tmp_path / "hot")
    lake.write_visits(rows.visits((1, 1, 16 * 60 - 1, None, 2000), (2, 1, 1500, None, 2000)))
    lake.write_clocks(clocks(("venue_scan", 0, -120)))  # 23:59 was 00:01 of the next day
    sealing.seal_stale(lake, hot, FIRST, LAST)
    assert sum(part.rows for part in hot.snapshot().segments) == 2
    drop(lake, hot)
    assert sum(part.rows for part in hot.snapshot().segments) == 1
    assert sealing.stale_days(lake, hot, FIRST, LAST) == []


def test_pseudonyms_of_nobody_are_told_and_forgotten(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    drop(lake, hot)
    lake.drop("visits", "day=2022-11-02.parquet")
    assert [found.code for found in retention.verify(lake, hot)] == ["lake.persons_left"]
    assert retention.forget_nobodies(lake) == 2
    assert retention.verify(lake, hot) == []
    lake.write_visits(rows.visits((3, 1, 1500, None, 1501)))
    assert lake.visits(FIRST, LAST)["person"].to_pylist() == [3]
    assert lake.visit_files(FIRST, LAST).persons["person"].to_pylist() == [None, None, None, 3]


def _anywhere(root: Path, pseudonym: int) -> list[str]:
    """Files in which the eight bytes of a pseudonym stand."""
    word = struct.pack("<q", pseudonym)
    return [str(path) for path in root.rglob("*") if path.is_file() and word in path.read_bytes()]


LONG = (0x13579BDF02468ACE, 0x2B3C4D5E6F708192, 0x7A6B5C4D3E2F1A0B)


def with_long_pseudonyms(root: Path) -> tuple[Lake, HotLake]:
    """The first and the last only on the first day, the second only on the second."""
    lake, hot = Lake(root), HotLake(root / "hot")
    lake.write_visits(
        rows.visits((LONG[0], 1, 0, 5, 6), (LONG[2], 1, 0, 5, 6), (LONG[1], 1, 1500, None, 1501))
    )
    sealing.seal_stale(lake, hot, FIRST, LAST)
    return lake, hot


def test_pseudonyms_of_a_dropped_day_are_in_no_byte_of_the_lake(tmp_path: Path) -> None:
    lake, hot = with_long_pseudonyms(tmp_path)
    assert [bool(_anywhere(tmp_path, one)) for one in LONG] == [True, True, True]
    drop(lake, hot)
    assert [_anywhere(tmp_path, one) for one in (LONG[0], LONG[2])] == [[], []]
    found = hot.snapshot().people.dense(np.array(LONG))
    assert [at >= 0 for at in found.tolist()] == [False, True, False]
    lake.write_visits(rows.visits((LONG[0], 1, 1600, None, 1601)))  # he comes again
    sealing.seal_stale(lake, hot, FIRST, LAST)
    people = HotLake(tmp_path / "hot").snapshot().people
    dense = people.dense(np.array(LONG[:2]))
    assert people.pseudonyms(dense).tolist() == list(LONG[:2])
    assert lake.verify() == hot.verify() == retention.verify(lake, hot) == []


@pytest.mark.parametrize("receipts_too", [True, False])
def test_a_pseudonym_the_index_has_no_row_of_is_told_and_compacting_deletes_it(
    tmp_path: Path, receipts_too: bool
) -> None:
    lake, hot = with_long_pseudonyms(tmp_path)
    if receipts_too:
        drop(lake, hot)
    lake.drop("visits", "day=2022-11-02.parquet")
    retention.forget_nobodies(lake)
    hot.drop(SECOND)
    (refusal,) = retention.verify(lake, hot)
    assert refusal.code == "lake.persons_left"
    assert refusal.facts["count"] == 1
    assert compacting.compact(lake, hot).forgotten_in_index == 1
    assert _anywhere(tmp_path, LONG[1]) == []
    assert retention.verify(lake, hot) == []


@pytest.mark.parametrize("step", ["hot.people._list", "disk.sync", "hot.files.replace"])
def test_forgetting_that_was_cut_off_is_noticed_and_finished(tmp_path: Path, step: str) -> None:
    lake, hot = with_long_pseudonyms(tmp_path)
    hot.drop(FIRST)
    with killed_at(f"zhongshu.lake.{step}"):
        hot.forget_nobodies()
    hot = HotLake(tmp_path / "hot")
    assert hot.snapshot().people.dense(np.array(LONG[1:2])) >= 0
    assert hot.verify() == []
    assert hot.nobodies() > 0
    retention.forget_in_index(lake, hot)
    assert hot.nobodies() == 0
    assert not list((tmp_path / "hot").glob(".people*"))
    assert len(list((tmp_path / "hot").glob("people*.bin"))) == 1


def test_half_an_entry_behind_the_list_of_persons_is_told_and_deleted(tmp_path: Path) -> None:
    _, hot = with_long_pseudonyms(tmp_path)
    with (tmp_path / "hot" / "people.bin").open("ab") as file:
        file.write(struct.pack("<q", 0x1122334455667788))
    assert hot.nobodies() == 1
    hot.forget_nobodies()
    assert _anywhere(tmp_path, 0x1122334455667788) == []
    assert hot.snapshot().rows == 3


def test_a_damaged_segment_is_sealed_again_before_anybody_is_forgotten(tmp_path: Path) -> None:
    lake, hot = with_long_pseudonyms(tmp_path)
    (tmp_path / "hot" / "day=2022-11-02.seg").write_bytes(b"no")
    drop(lake, HotLake(tmp_path / "hot"))
    assert HotLake(tmp_path / "hot").snapshot().rows == 1
    assert retention.verify(lake, hot) == hot.verify() == []


def test_a_question_beyond_what_is_kept_is_refused() -> None:
    today = dt.date(2022, 11, 23)
    retention.check_window(dt.date(2022, 11, 2), today=today, keeping=KEEPING)
    with pytest.raises(BadInput, match="kept for 21 days") as refusal:
        retention.check_window(dt.date(2022, 11, 1), today=today, keeping=KEEPING)
    assert refusal.value.code == "lake.window_too_long"


def test_a_receipt_is_on_disk_before_anything_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake, hot = filled(tmp_path)
    before = lake.visits(FIRST, LAST)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("zhongshu.lake.receipts.os.fsync", full)
        with pytest.raises(Exception, match="the disk is full"):
            drop(lake, hot)
    assert lake.visits(FIRST, LAST).equals(before)
    assert isinstance(before, pa.Table)
    assert receipts.read(tmp_path) == []


def test_compacting_folds_logs_in_and_can_be_repeated(tmp_path: Path) -> None:
    lake, hot = filled(tmp_path)
    done = compacting.compact(lake, hot)
    assert (done.mended, done.folded, done.forgotten) == ((), (FIRST,), 0)
    assert not list((tmp_path / "hot").glob("*.wal"))
    assert sealing.stale_days(lake, hot, FIRST, LAST) == []
    assert compacting.compact(lake, hot) == compacting.Compacted((), (), 0)
    with upkeep.doing(tmp_path, "sealing"), pytest.raises(WrongState, match="sealing"):
        compacting.compact(lake, hot)

"""The hot index as a copy of the truth: what is stale is known, sealed anew, and nothing else."""

from __future__ import annotations

import datetime as dt
import fcntl
from pathlib import Path

import pytest
from tests.unit.lake import lake_rows as rows

from zhongshu.kernel.errors import WrongState
from zhongshu.lake import sealing, upkeep
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.lake import Lake

FIRST, LAST = dt.date(2022, 11, 1), dt.date(2022, 11, 3)


def lakes(root: Path) -> tuple[Lake, HotLake]:
    return Lake(root), HotLake(root / "hot")


def held(hot: HotLake) -> int:
    return sum(part.rows for part in hot.snapshot().segments)


def test_a_day_is_stale_until_it_is_sealed_and_again_when_a_visit_comes_late(
    tmp_path: Path,
) -> None:
    lake, hot = lakes(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6), (2, 1, 1500, None, 1501)))
    assert sealing.stale_days(lake, hot, FIRST, LAST) == [FIRST, dt.date(2022, 11, 2)]
    done = sealing.seal_stale(lake, hot, FIRST, LAST)
    assert (done.days, done.gone) == ((FIRST, dt.date(2022, 11, 2)), ())
    assert sealing.stale_days(lake, hot, FIRST, LAST) == []
    lake.write_visits(rows.visits((3, 1, 2, None, 9)))
    assert sealing.stale_days(lake, hot, FIRST, LAST) == [FIRST]
    assert sealing.seal_stale(lake, hot, FIRST, LAST).days == (FIRST,)
    assert held(hot) == 3


def test_what_waited_in_the_log_is_there_once_after_sealing(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    visit = rows.visits((1, 1, 0, 5, 6))
    lake.write_visits(visit)
    hot.append(visit)
    sealing.seal_stale(lake, hot, FIRST, LAST)
    assert held(hot) == 1
    assert hot.origin(FIRST) == sealing.origin(lake, FIRST)


def test_a_day_the_truth_lost_is_forgotten_by_the_index(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6)))
    sealing.seal_stale(lake, hot, FIRST, LAST)
    lake.drop("visits", "day=2022-11-01.parquet")
    assert sealing.stale_days(lake, hot, FIRST, LAST) == [FIRST]
    assert sealing.seal_stale(lake, hot, FIRST, LAST).gone == (FIRST,)
    assert (hot.days(), sealing.stale_days(lake, hot, FIRST, LAST)) == ([], [])


def test_a_damaged_seal_is_stale_and_healed_by_sealing(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6)))
    sealing.seal_stale(lake, hot, FIRST, LAST)
    (tmp_path / "hot" / "day=2022-11-01.seg").write_bytes(b"no")
    assert sealing.stale_days(lake, hot, FIRST, LAST) == [FIRST]
    sealing.seal_stale(lake, hot, FIRST, LAST)
    assert held(HotLake(tmp_path / "hot")) == 1


def test_a_day_with_a_damaged_log_is_stale_and_healed_by_sealing(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    visit = rows.visits((1, 1, 0, 5, 6))
    lake.write_visits(visit)
    sealing.seal_stale(lake, hot, FIRST, LAST)
    hot.append(visit)
    assert sealing.stale_days(lake, hot, FIRST, LAST) == []
    log = tmp_path / "hot" / "day=2022-11-01.wal"
    log.write_bytes(log.read_bytes()[:-1] + b"~")
    hot = HotLake(tmp_path / "hot")
    assert sealing.stale_days(lake, hot, FIRST, LAST) == [FIRST]
    assert sealing.seal_stale(lake, hot, FIRST, LAST).days == (FIRST,)
    assert (held(hot), hot.verify()) == (1, [])


def test_current_days_are_sealed_anew_only_when_asked_for(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6)))
    sealing.seal_stale(lake, hot, FIRST, LAST)
    assert sealing.seal_stale(lake, hot, FIRST, LAST).days == ()
    assert sealing.seal_stale(lake, hot, FIRST, LAST, every=True).days == (FIRST,)


def test_who_comes_while_a_day_is_worked_on_is_told_by_whom(tmp_path: Path) -> None:
    lake, hot = lakes(tmp_path)
    lake.write_visits(rows.visits((1, 1, 0, 5, 6)))
    with (
        upkeep.doing(tmp_path, "compacting 2022-11-01"),
        pytest.raises(WrongState, match=r"compacting 2022-11-01, process \d+") as refusal,
    ):
        sealing.seal_stale(lake, hot, FIRST, LAST, wait=False)
    assert refusal.value.code == "lake.busy"
    assert hot.days() == []
    sealing.seal_stale(lake, hot, FIRST, LAST, wait=False)
    assert hot.days() == [FIRST]


def test_a_lock_whose_holder_says_nothing_still_turns_others_away(tmp_path: Path) -> None:
    with (tmp_path / upkeep.FILE).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(WrongState, match="nothing was changed"), upkeep.doing(tmp_path, "x"):
            pass

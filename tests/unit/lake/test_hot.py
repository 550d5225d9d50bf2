"""The hot index on disk: what goes in comes out, damage is named, nothing acknowledged is lost."""

from __future__ import annotations

import datetime as dt
import itertools
import os
import resource
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhongshu.kernel.errors import BadInput, Refused
from zhongshu.kernel.random import stream
from zhongshu.kernel.segments import Segment, Snapshot
from zhongshu.lake.hot import build, files
from zhongshu.lake.hot.hot import HotLake
from zhongshu.lake.schema import VISITS

DAY = dt.date(2022, 11, 8)
BEGIN = build.begin_s(DAY)
COLUMNS = [VISITS.field(name) for name in build.NEEDED]


def visits(*rows: tuple[int, int, int, int | None], day: int = 0) -> pa.Table:
    """(person, place, second of the day in, second out)."""
    start = BEGIN + day * 86_400
    return pa.Table.from_pylist(
        [
            {
                "person": person,
                "place": place,
                "time_in": start + begun,
                "time_out": None if ended is None else start + ended,
                "recorded_at": start + begun + 60,
            }
            for person, place, begun, ended in rows
        ],
        schema=pa.schema(COLUMNS),
    )


def random_visits(rows: int, *, days: int = 2, seed: int = 1) -> pa.Table:
    """With duplicates, missing and impossible times out, and pseudonyms of 63 bits."""
    rng = stream(seed, "hot visits")
    people = rng.integers(0, 2**63 - 1, max(rows // 5, 1))
    time_in = BEGIN + rng.integers(0, days * 86_400, rows)
    time_out = time_in + rng.integers(-600, 40_000, rows)
    table = pa.table(
        {
            "person": people[rng.integers(0, len(people), rows)],
            "place": rng.integers(0, 300, rows).astype(np.int32),
            "time_in": pa.array(time_in).cast(COLUMNS[2].type),
            "time_out": pa.array(time_out, mask=rng.random(rows) < 0.3).cast(COLUMNS[3].type),
            "recorded_at": pa.array(time_in + 60).cast(COLUMNS[4].type),
        },
        schema=pa.schema(COLUMNS),
    )
    return pa.concat_tables([table, table.slice(0, rows // 10)])


def by_person(snapshot: Snapshot) -> set[tuple[int, int, int, int]]:
    """(pseudonym, place, time in, stay) of every row, from the person's side."""
    found: list[tuple[int, int, int, int]] = []
    names = np.concatenate([snapshot.people.base, snapshot.people.extra])
    for part in snapshot.segments:
        rows = build.rows_of(part, names)
        columns = (rows.person, rows.place, rows.time_in, rows.stay)
        found += zip(*(column.tolist() for column in columns), strict=True)
    assert len(set(found)) == len(found)
    return set(found)


def by_place(snapshot: Snapshot) -> set[tuple[int, int, int, int]]:
    """The same from the place's side, read as the module says."""
    names = np.concatenate([snapshot.people.base, snapshot.people.extra])
    return {row for part in snapshot.segments for row in _of_places(part, names)}


def _of_places(part: Segment, names: Any) -> list[tuple[int, int, int, int]]:
    words = [format(int(word), "064b")[::-1] for word in part.place_bits]
    keys = [n for n, bit in enumerate("".join(words)) if bit == "1"]
    before = list(itertools.accumulate((word.count("1") for word in words), initial=0))
    assert part.place_ranks.tolist() == before[:-1]
    found = []
    for n, place in enumerate(keys):
        span = part.place_rows[int(part.place_offsets[n]) : int(part.place_offsets[n + 1])]
        rows = [int(row) % 2**64 for row in span]
        assert rows == sorted(rows)
        for row in rows:
            person, tod, stay = (row >> 18) % 2**29, row >> 47, row % 2**18
            found.append((int(names[person]), place, part.begin_s + tod, stay))
    return found


def expected(table: pa.Table) -> set[tuple[int, int, int, int]]:
    stays: dict[tuple[int, int, int], int] = {}
    for row in table.to_pylist():
        begun = int(row["time_in"].timestamp())
        stay = int(row["time_out"].timestamp()) - begun if row["time_out"] else 0
        key = (row["person"], row["place"], begun)
        stays[key] = max(stays.get(key, 0), stay)
    return {(*key, stay) for key, stay in stays.items()}


def test_both_orders_hold_every_visit_once_with_its_longest_stay(tmp_path: Path) -> None:
    table = random_visits(3000)
    lake = HotLake(tmp_path)
    assert lake.seal(table) == [DAY, DAY + dt.timedelta(days=1)]
    snapshot = HotLake(tmp_path).snapshot()
    assert by_person(snapshot) == by_place(snapshot) == expected(table)


def test_few_rows_of_places_with_great_keys_are_found_by_place(tmp_path: Path) -> None:
    rng = stream(3, "great keys")
    rows = [(n, int(rng.integers(0, 2**25)), 100 * n, None) for n in range(200)]
    table = visits(*rows, (7, 2**25 - 1, 5, 9), (8, 0, 5, 9), (8, rows[0][1], 5, 6))
    HotLake(tmp_path).seal(table)
    snapshot = HotLake(tmp_path).snapshot()
    assert by_person(snapshot) == by_place(snapshot) == expected(table)


def test_a_few_visits_among_many_people_are_found_by_person(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(visits(*((person, 1, 100, None) for person in range(5000))))
    few = visits(
        (4999, 7, 60, 90), (17, 7, 50, None), (17, 7, 50, 80), (17, 3, 50, None), (0, 9, 7, None),
        day=1,
    )  # fmt: skip
    lake.append(few)
    sealed, late = lake.snapshot().segments
    alone = Snapshot((late,), lake.snapshot().people)
    assert by_person(alone) == by_place(alone) == expected(few)
    assert (sealed.longest, late.longest) == (1, 2)


def test_sealing_in_parts_or_again_gives_what_sealing_at_once_gives(tmp_path: Path) -> None:
    table = random_visits(2000)
    lake = HotLake(tmp_path)
    for part in (table.slice(700), table.slice(0, 900), table):
        lake.seal(part)
    assert by_person(lake.snapshot()) == by_place(lake.snapshot()) == expected(table)


def test_a_day_can_be_replaced_whole(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(random_visits(100, days=1))
    corrected = visits((1, 2, 100, 200))
    lake.seal(corrected, replace=True)
    assert by_place(lake.snapshot()) == expected(corrected)


def test_a_sealed_day_says_what_it_is_a_copy_of(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    rows = random_visits(300, days=1)
    assert lake.origin(DAY) is None
    lake.seal(rows, origin="abc")
    lake.append(rows)
    assert HotLake(tmp_path).origin(DAY) == lake.origin(DAY) == "abc"
    lake.seal(rows, replace=True, origin="def")
    assert lake.origin(DAY) == "def"
    lake.append(visits((1, 2, 3, 4)))
    lake.compact(DAY)
    assert lake.origin(DAY) == ""


def test_stats_tell_what_is_sealed_and_what_is_logged_of_each_day(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    assert lake.stats() == []
    lake.seal(visits((1, 2, 100, 200), (2, 2, 100, 300)), origin="abc")
    lake.append(visits((3, 2, 500, None)))
    lake.append(visits((3, 2, 900, None), (4, 2, 90, None), day=1))
    first, second = HotLake(tmp_path).stats()
    assert (first.day, first.sealed_rows, first.tail_rows, first.rows) == (DAY, 2, 1, 3)
    assert (second.sealed_rows, second.tail_rows) == (0, 2)
    assert (first.origin, second.origin) == ("abc", None)
    assert [one.known_to.timestamp() - BEGIN for one in (first, second)] == [560, 86_400 + 960]
    on_disk = sum(path.stat().st_size for path in tmp_path.glob("day=*"))
    assert first.bytes + second.bytes == on_disk


def test_what_is_appended_is_in_the_next_snapshot_and_stays_when_sealed(tmp_path: Path) -> None:
    table = random_visits(2000)
    lake, reader = HotLake(tmp_path), HotLake(tmp_path)
    lake.seal(table.slice(0, 1000))
    for at in range(1000, table.num_rows, 100):
        lake.append(table.slice(at, 100))
        whole = lake.snapshot().rows
        assert whole == reader.snapshot().rows
    lake.settle()
    for state in (lake, reader, HotLake(tmp_path)):
        names = np.concatenate([state.snapshot().people.base, state.snapshot().people.extra])
        assert len(np.unique(names)) == len(names)
        assert by_place(state.snapshot()) == expected(table)
    for day in (DAY, DAY + dt.timedelta(days=1)):
        lake.compact(day)
    assert not list(tmp_path.glob("*.wal"))
    for state in (lake, reader, HotLake(tmp_path)):
        assert by_person(state.snapshot()) == by_place(state.snapshot()) == expected(table)


def test_small_segments_of_the_tail_become_one_while_questions_go_on(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    table = random_visits(80_000, days=1).slice(0, 80_000)  # each once
    batches = range(0, table.num_rows, 20_000)
    for at in batches:
        lake.append(table.slice(at, 20_000))
        assert by_place(lake.snapshot()) == expected(table.slice(0, at + 20_000))
    lake.settle()
    after = lake.snapshot()
    assert len(after.segments) < len(batches)
    assert by_person(after) == by_place(after) == expected(table)
    assert lake.snapshot() is after


def test_a_log_begun_anew_is_read_from_its_beginning(tmp_path: Path) -> None:
    writer, reader = HotLake(tmp_path), HotLake(tmp_path)
    for n in range(5):  # each time a longer log than the one before
        batch = visits(*((10 * n + k, 5, 1000 * n + k, None) for k in range(n + 1)))
        writer.append(batch)
        if n % 2:
            reader.snapshot()
        writer.compact(DAY)
    late = visits((999, 5, 80_000, None), *((k, 6, k, None) for k in range(9)))
    writer.append(late)
    assert (
        by_place(reader.snapshot())
        == by_place(writer.snapshot())
        == by_place(HotLake(tmp_path).snapshot())
    )
    assert (999, 5, BEGIN + 80_000, 0) in by_place(reader.snapshot())


def test_people_met_in_the_tail_keep_their_visits_when_another_day_is_sealed(
    tmp_path: Path,
) -> None:
    writer, reader = HotLake(tmp_path), HotLake(tmp_path)
    table = random_visits(40_000).slice(0, 40_000)
    first_day = table.filter(pc.less(table["time_in"], pa.scalar(BEGIN + 86_400, COLUMNS[2].type)))
    second_day = table.filter(
        pc.greater_equal(table["time_in"], pa.scalar(BEGIN + 86_400, COLUMNS[2].type))
    )
    for at in range(0, second_day.num_rows, 9_000):
        writer.append(second_day.slice(at, 9_000))
        reader.snapshot()
    old = reader.snapshot()
    writer.seal(first_day.slice(0, 5_000))
    writer.seal(first_day)
    for lake in (writer, reader, HotLake(tmp_path)):
        assert by_person(lake.snapshot()) == by_place(lake.snapshot()) == expected(table)
    assert by_place(old) == expected(second_day)


def test_many_threads_append_and_ask_at_once(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    table = random_visits(3000).slice(0, 3000)
    parts = [table.slice(at, 100) for at in range(0, table.num_rows, 100)]

    def work(part: pa.Table) -> bool:
        lake.append(part)
        return expected(part) <= seen(lake.snapshot())

    def seen(snapshot: Snapshot) -> set[tuple[int, int, int, int]]:
        names = np.concatenate([snapshot.people.base, snapshot.people.extra])
        return {row for part in snapshot.segments for row in _of_places(part, names)}

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(work, parts))
    assert all(told)
    assert by_place(lake.snapshot()) == expected(table)
    assert sum(one.tail_rows for one in lake.stats()) == len(expected(table))


@pytest.mark.parametrize("section", ["header", "place_rows", "person_offsets", "cut", "empty"])
def test_a_damaged_segment_is_refused_by_name_and_the_other_days_stay(
    tmp_path: Path, section: str
) -> None:
    lake = HotLake(tmp_path)
    lake.seal(random_visits(1000))
    (first, second) = sorted(tmp_path.glob("*.seg"))
    data = bytearray(first.read_bytes())
    if section == "cut":
        data = data[:-100]
    elif section == "empty":
        data = bytearray()
    else:
        plan = files.header(first)["sections"]
        data[100 if section == "header" else plan[section]["at"] + 5] ^= 4
    first.write_bytes(data)
    with pytest.raises(BadInput, match=f"{tmp_path.name}/{first.name}") as refusal:
        HotLake(tmp_path).snapshot()
    assert refusal.value.code == "lake.damaged"
    assert str(tmp_path) not in refusal.value.message, "where the machine keeps it is told nobody"
    assert len(lake.verify()) == 1
    lake.drop(DAY)
    assert lake.verify() == []
    assert [part.begin_s for part in lake.snapshot().segments] == [BEGIN + 86_400]
    assert second.exists()


def test_a_file_found_sound_is_not_read_again_except_to_verify(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(random_visits(1000))
    path = min(tmp_path.glob("*.seg"))
    data = bytearray(path.read_bytes())
    data[files.header(path)["sections"]["person_rows"]["at"]] ^= 1
    path.write_bytes(data)
    files.Sound(tmp_path).add(path, files.Mark.of(path))  # stands for a disk that fails silently
    assert len(HotLake(tmp_path).snapshot().segments) == 2
    (refusal,) = lake.verify()
    assert refusal.facts["path"] == str(path)
    with pytest.raises(BadInput, match=path.name):  # from then on by everybody
        HotLake(tmp_path).snapshot()


def test_without_its_list_of_sound_files_everything_is_compared_again(tmp_path: Path) -> None:
    HotLake(tmp_path).seal(random_visits(1000))
    known = tmp_path / files.Sound.LIST
    for text in ("{", "[]", '{"day=2022-11-08.seg": 5}'):
        known.write_text(text)
        assert len(HotLake(tmp_path).snapshot().segments) == 2
    assert set(files.Sound(tmp_path)._marks) == {
        "day=2022-11-08.seg",
        "day=2022-11-09.seg",
        "people.bin",
    }


def test_a_damaged_list_of_people_is_refused(tmp_path: Path) -> None:
    HotLake(tmp_path).seal(random_visits(100))
    path = tmp_path / "people.bin"
    data = bytearray(path.read_bytes())
    data[9] ^= 1
    path.write_bytes(data)
    with pytest.raises(BadInput, match=r"people\.bin"):
        HotLake(tmp_path)


def test_a_full_disk_refuses_the_seal_and_the_batch_and_changes_nothing(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    known = random_visits(500, days=1)
    lake.seal(known)
    before = (tmp_path / "day=2022-11-08.seg").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, hard))  # stands for a disk that is full
    try:
        for act in (lake.seal, lake.append):
            with pytest.raises(Refused) as refusal:
                act(random_visits(5000, days=1, seed=2))
            assert refusal.value.code == "lake.disk_full"
            assert str(tmp_path) not in refusal.value.message
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)
    assert (tmp_path / "day=2022-11-08.seg").read_bytes() == before
    assert by_place(lake.snapshot()) == by_place(HotLake(tmp_path).snapshot()) == expected(known)
    lake.append(visits((1, 2, 3, 4)))
    assert HotLake(tmp_path).snapshot().rows == lake.snapshot().rows == len(expected(known)) + 1


_WRITER = """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from test_hot import visits
    from zhongshu.lake.hot.hot import HotLake
    lake = HotLake(Path({root!r}))
    n = 0
    while True:
        lake.append(visits(*((1000 * n + k, k, k, k + 900) for k in range(50))))
        print(n, flush=True)  # acknowledged
        n += 1
"""


def test_a_killed_process_loses_no_acknowledged_batch(tmp_path: Path) -> None:
    code = textwrap.dedent(_WRITER).format(tests=str(Path(__file__).parent), root=str(tmp_path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout is not None
        for _ in range(20):
            last = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        rest = writer.stdout.read().split()
        last = max([last, *map(int, rest)])
    assert writer.returncode == -signal.SIGKILL
    lake = HotLake(tmp_path)
    rows = by_place(lake.snapshot())
    assert {row[0] // 1000 for row in rows} >= set(range(last + 1))
    lake.append(visits((77, 5, 100, 200)))
    assert HotLake(tmp_path).snapshot().rows == len(rows) + 1


def test_half_a_record_at_the_end_of_the_log_is_written_over(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.append(visits((1, 2, 3, 4)))
    log = tmp_path / "day=2022-11-08.wal"
    whole = log.read_bytes()
    log.write_bytes(whole + whole[: len(whole) - 7])
    other = HotLake(tmp_path)
    assert other.snapshot().rows == 1
    other.append(visits((2, 2, 3, 4)))
    assert log.stat().st_size == 2 * len(whole)
    assert HotLake(tmp_path).snapshot().rows == 2


def _logged(root: Path, count: int = 4) -> tuple[Path, int]:
    """(a log of so many batches, bytes of each)."""
    lake = HotLake(root)
    for n in range(count):
        lake.append(visits((n, 2, 3, 4)))
    log = root / "day=2022-11-08.wal"
    return log, log.stat().st_size // count


@pytest.mark.parametrize("record", [0, 1, 3])
@pytest.mark.parametrize("byte", [0, 8, 14, 16, 24, 32, 70])  # magic, rows, sums, body
def test_a_damaged_record_hides_no_acknowledged_one(tmp_path: Path, record: int, byte: int) -> None:
    log, each = _logged(tmp_path)
    data = bytearray(log.read_bytes())
    data[record * each + byte] ^= 1
    log.write_bytes(data)
    lake = HotLake(tmp_path)
    assert [found.facts["path"] for found in lake.verify()] == [str(log)]
    for act in (
        lake.snapshot,
        lambda: lake.append(visits((9, 2, 3, 4))),
        lambda: lake.logged(DAY),
        lambda: lake.compact(DAY),
    ):
        with pytest.raises(BadInput, match=f"{tmp_path.name}/{log.name}") as refusal:
            act()
        assert refusal.value.code == "lake.damaged"
        assert str(tmp_path) not in refusal.value.message
    assert log.read_bytes() == data  # nothing is written over what may have been acknowledged
    assert lake.damaged_logs() == [DAY]
    lake.append(visits((9, 2, 3, 4), day=1))  # other days go on
    lake.seal(visits(*((n, 2, 3, 4) for n in range(4))), replace=True)
    assert lake.verify() == []
    assert lake.snapshot().rows == 5


def test_a_log_that_lost_its_end_while_it_was_read_is_refused(tmp_path: Path) -> None:
    log, each = _logged(tmp_path)
    lake = HotLake(tmp_path)
    assert lake.logged(DAY) == (4 * each, 4)
    os.truncate(log, 2 * each)
    with pytest.raises(BadInput, match="bytes"):
        lake.append(visits((9, 2, 3, 4)))
    assert HotLake(tmp_path).logged(DAY) == (2 * each, 2)


@pytest.mark.parametrize("left", [1, 31, 32, 71])
def test_a_last_record_cut_anywhere_is_a_torn_end(tmp_path: Path, left: int) -> None:
    log, each = _logged(tmp_path)
    os.truncate(log, 3 * each + left)
    lake = HotLake(tmp_path)
    assert (lake.snapshot().rows, lake.verify()) == (3, [])
    lake.append(visits((9, 2, 3, 4)))
    assert HotLake(tmp_path).logged(DAY) == (4 * each, 4)


def test_rows_that_cannot_be_kept_are_refused(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    with pytest.raises(BadInput, match="time_out"):
        lake.seal(visits().drop_columns(["time_out"]))
    with pytest.raises(BadInput, match="33554431"):
        lake.append(visits((1, 2**26, 3, 4)))
    with pytest.raises(BadInput, match="2022-11-08"):
        lake.drop(DAY)
    assert lake.seal(visits()) == []
    assert lake.snapshot().rows == 0

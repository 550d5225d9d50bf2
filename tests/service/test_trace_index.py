"""The hot index of the service: whole or not, and the same answer as the files."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pytest

from tests.service import builders as b
from zhongshu.engines.tracing import model
from zhongshu.kernel.errors import BadInput
from zhongshu.kernel.time import beijing_day
from zhongshu.lake import schema, upkeep
from zhongshu.lake.lake import Lake
from zhongshu.rules import reader
from zhongshu.service.tracing import facade as tracing
from zhongshu.service.tracing.index import Index, Span

pytestmark = pytest.mark.django_db
NOON = b.NOW - 8 * b.HOUR
TODAY = Span(beijing_day(b.NOW), beijing_day(b.NOW))
PACK = reader.load("cn-covid-9")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return tracing.index(tmp_path / "lake")


def visits(*rows: tuple[int, int, dt.datetime, float | None, dt.datetime]) -> pa.Table:
    """person, place, time in, hours or None, recorded at."""
    return pa.Table.from_pylist(
        [
            {
                "person": person,
                "place": place,
                "time_in": at,
                "time_out": None if hours is None else at + hours * b.HOUR,
                "source": "venue_scan",
                "recorded_at": recorded,
            }
            for person, place, at, hours, recorded in rows
        ],
        schema=schema.VISITS,
    )


def market(lake: Lake) -> int:
    row = {"place_id": "M", "name": "M", "kind": "restaurant", "village_code": b.VILLAGE}
    blank = dict.fromkeys(set(schema.PLACES.names) - {*row, "place"})
    lake.write_places(pa.Table.from_pylist([blank | row]))
    keys, _ = lake.place_keys(pa.array(["M"]))
    return int(keys[0].as_py())


def case(person: int, as_of: dt.datetime = b.NOW) -> pa.Table:
    row = {"case_id": 1, "person": person, "window_from": NOON - b.DAY, "window_to": as_of}
    return pa.Table.from_pylist([row], schema=model.CASES)


def persons(result: model.TraceResult) -> set[int]:
    return set(result.contacts["person"].to_pylist())


def ask(index: Index, as_of: dt.datetime = b.NOW, **how: object) -> model.TraceResult:
    root = index.lake.root
    return tracing.trace(case(1, as_of), as_of=as_of, pack=PACK, root=root, **how)  # type: ignore[arg-type]


def test_what_was_taken_is_seen_by_the_next_question_without_sealing(index: Index) -> None:
    place = market(index.lake)
    index.land(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, NOON)), b.NOW)
    assert index.stale(TODAY, b.NOW) == []
    first = ask(index, engine="hot")
    index.land(visits((3, place, NOON, 2, NOON)), b.NOW)
    second = ask(index, engine="hot")
    assert (persons(first), persons(second)) == ({2}, {2, 3})
    assert tracing.engine_of(second) == "hot"


def test_hot_index_and_files_answer_the_same(index: Index) -> None:
    place = market(index.lake)
    index.land(visits((1, place, NOON, 2, NOON), (2, place, NOON, None, NOON)), b.NOW)
    hot, files = (ask(index, engine=engine) for engine in ("hot", "parquet"))
    for name in ("contacts", "exposures", "notices", "capped"):
        assert getattr(hot, name).equals(getattr(files, name)), name


def test_a_corrected_visit_makes_its_day_stale_and_the_files_answer_until_it_is_sealed(
    index: Index,
) -> None:
    place = market(index.lake)
    index.land(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, NOON)), b.NOW)
    index.land(visits((2, place, NOON, 1 / 60, NOON + b.HOUR)), b.NOW)
    assert index.stale(TODAY, b.NOW) == [TODAY.first]
    with pytest.raises(BadInput, match="seal the day") as refused:
        ask(index, engine="hot")
    assert refused.value.code == "tracing.index_behind"
    late = ask(index)
    assert (tracing.engine_of(late), persons(late)) == ("parquet", set())
    sealed = ask(index, seal=True)
    assert (tracing.engine_of(sealed), persons(sealed)) == ("hot", set())


def test_rows_another_writer_put_in_the_truth_are_missed_by_nobody(index: Index) -> None:
    place = market(index.lake)
    index.land(visits((1, place, NOON, 2, NOON)), b.NOW)
    Lake(index.lake.root).write_visits(visits((2, place, NOON, 2, NOON)))
    assert index.stale(TODAY, b.NOW) == [TODAY.first]
    index.land(visits((3, place, NOON, 2, NOON)), b.NOW)
    assert index.stale(TODAY, b.NOW) == [TODAY.first]
    assert persons(ask(index)) == {2, 3}


def test_what_is_recorded_later_waits_and_does_not_stop_the_index(index: Index) -> None:
    """A device's clock, or a drill whose files know the evening."""
    place = market(index.lake)
    later = b.NOW + b.HOUR
    index.land(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, NOON)), b.NOW)
    index.land(visits((3, place, NOON, 2, later)), b.NOW)
    assert persons(ask(index, engine="hot")) == {2}
    assert index.stale(TODAY, later) == [TODAY.first]
    evening = ask(index, later)
    assert (tracing.engine_of(evening), persons(evening)) == ("hot", {2, 3})
    # A question about the past leaves the index as it is for everybody else.
    past = ask(index)
    assert (tracing.engine_of(past), persons(past)) == ("parquet", {2})
    assert persons(ask(index, later, engine="hot")) == {2, 3}


def test_sealing_for_now_takes_out_what_is_known_later(index: Index) -> None:
    place = market(index.lake)
    index.lake.write_visits(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, b.NOW + b.HOUR)))
    index.seal(TODAY, b.NOW)
    assert index.stale(TODAY, b.NOW) == []
    assert persons(ask(index, engine="hot")) == set()
    assert index.stale(TODAY, b.NOW + b.HOUR) == [TODAY.first]


def test_a_day_of_which_nothing_is_known_yet_is_whole(index: Index) -> None:
    place = market(index.lake)
    index.lake.write_visits(visits((1, place, NOON, 2, b.NOW + b.HOUR)))
    index.seal(TODAY, b.NOW)
    assert index.stale(TODAY, b.NOW) == []
    assert index.stale(TODAY, b.NOW + b.HOUR) == [TODAY.first]


def test_a_damaged_log_is_passed_over_and_healed_by_sealing(index: Index) -> None:
    place = market(index.lake)
    for person in (1, 2, 3):
        index.land(visits((person, place, NOON, 2, NOON)), b.NOW)
    (log,) = (index.lake.root / "hot").glob("*.wal")
    data = bytearray(log.read_bytes())
    data[60] ^= 1
    log.write_bytes(data)
    again = Index(index.lake.root)  # another process
    assert again.stale(TODAY, b.NOW) == [TODAY.first]
    again.land(visits((4, place, NOON, 2, NOON)), b.NOW)
    assert log.read_bytes() == data
    assert again.stale(TODAY, b.NOW) == [TODAY.first]
    again.seal(TODAY, b.NOW)
    assert again.stale(TODAY, b.NOW) == []
    assert {1, 2, 3, 4} == set(again.snapshot().people.base.tolist())
    assert not log.exists()


def test_a_log_without_its_last_rows_makes_its_day_stale(index: Index) -> None:
    place = market(index.lake)
    for person in (1, 2):
        index.land(visits((person, place, NOON, 2, NOON)), b.NOW)
    covers = index.lake.root / "hot" / "covered.json"
    told = covers.read_text()
    ((day, (seal, size, rows, truth, until)),) = json.loads(told).items()
    assert rows == 2
    covers.write_text(json.dumps({day: (seal, size, 3, truth, until)}))
    assert index.stale(TODAY, b.NOW) == [TODAY.first]
    covers.write_text(told)
    assert index.stale(TODAY, b.NOW) == []


def test_a_damaged_segment_is_passed_over_and_healed_by_sealing(index: Index) -> None:
    place = market(index.lake)
    index.lake.write_visits(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, NOON)))
    index.seal(TODAY, b.NOW)
    (path,) = (index.lake.root / "hot").glob("*.seg")
    path.write_bytes(path.read_bytes()[:-8])
    answer = ask(index)
    assert (tracing.engine_of(answer), persons(answer)) == ("parquet", {2})
    assert persons(ask(index, engine="hot", seal=True)) == {2}


@pytest.mark.parametrize("sealed", [True, False])
def test_rows_that_become_known_are_appended_once_and_the_answers_stay_those_of_the_files(
    index: Index, sealed: bool
) -> None:
    place = market(index.lake)
    index.lake.write_visits(
        visits(
            (1, place, NOON, 2, NOON),
            *((n, place, NOON, 2, b.NOW + (n // 2) * b.HOUR) for n in range(2, 9)),
        )
    )
    index.seal(TODAY, b.NOW if sealed else NOON - b.DAY)
    for hours in range(5):
        moment = b.NOW + hours * b.HOUR
        hot, files = (ask(index, moment, engine=engine) for engine in ("hot", "parquet"))
        assert hot.contacts.num_rows == min(7, 2 * hours)
        for name in ("contacts", "exposures", "notices", "capped"):
            assert getattr(hot, name).equals(getattr(files, name)), name
    assert index.behind(TODAY, b.NOW + 9 * b.HOUR) == []
    (log,) = (index.lake.root / "hot").glob("*.wal")
    size = log.stat().st_size
    index.behind(TODAY, b.NOW + 9 * b.HOUR)
    assert log.stat().st_size == size
    (index.lake.root / "hot" / "covered.json").unlink()  # as after a kill between the two
    assert index.behind(TODAY, b.NOW + 9 * b.HOUR) == [TODAY.first]
    assert log.stat().st_size == size


def test_a_correction_that_becomes_known_is_not_appended(index: Index) -> None:
    place = market(index.lake)
    index.lake.write_visits(visits((1, place, NOON, 2, NOON), (2, place, NOON, 2, NOON)))
    index.lake.write_visits(visits((2, place, NOON, 1 / 60, b.NOW + b.HOUR)))
    index.seal(TODAY, b.NOW)
    late = ask(index, b.NOW + b.HOUR)
    assert (tracing.engine_of(late), persons(late)) == ("parquet", set())


def test_nobody_waits_for_upkeep(index: Index) -> None:
    place = market(index.lake)
    index.land(visits((1, place, NOON, 2, NOON)), b.NOW)
    index.lake.write_visits(visits((2, place, NOON, 2, NOON)))
    with upkeep.doing(index.lake.root, "compacting"):
        answer = ask(index, seal=True)
    assert (tracing.engine_of(answer), persons(answer)) == ("parquet", {2})

"""What tracing over the hot index refuses, sees at once, and answers to the plain question."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from trace_builders import aliases, at, cases, households, isolations, places, rules, visits

from zhongshu.engines.tracing import fast, model, solve
from zhongshu.kernel.errors import BadInput
from zhongshu.lake.hot.hot import HotLake

CASE = (1, 10, at("00:00"), at("23:59", day=2))
UNTIL = at("20:00", day=3)


def prepared(lake: HotLake, **changes: Any) -> fast.Tracer:
    plain = {"places": places(), "households": households(), "rules": rules(), "threads": 1}
    return fast.prepare(lake.snapshot(), **(plain | changes))


def people(result: model.TraceResult) -> list[int]:
    return result.contacts["person"].to_pylist()


def test_a_visit_is_traced_as_soon_as_it_is_acknowledged(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(visits((10, 1, at("09:00"), at("10:00"))))
    tracer = prepared(lake)
    assert people(tracer.trace(cases(CASE), until=UNTIL)) == []
    lake.append(visits((20, 1, at("09:30"), at("09:50"))))
    lake.append(visits((30, 99, at("11:00"), at("11:50")), (10, 99, at("11:00"), None)))
    newer = tracer.at(lake.snapshot())
    assert people(newer.trace(cases(CASE), until=UNTIL)) == [30, 20]
    assert people(tracer.trace(cases(CASE), until=UNTIL)) == []


def test_an_old_tracer_answers_from_its_snapshot_while_the_day_is_sealed(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.append(visits((10, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00"))))
    tracer = prepared(lake)
    lake.compact(dt.date(2022, 11, 1))
    assert people(tracer.trace(cases(CASE), until=UNTIL)) == [20]
    assert people(prepared(lake).trace(cases(CASE), until=UNTIL)) == [20]


def test_merged_pseudonyms_stay_merged_when_sealing_gives_their_people_other_ids(
    tmp_path: Path,
) -> None:
    lake = HotLake(tmp_path)
    for person in (40, 30, 20, 10):  # ids in this order, after sealing in the other
        lake.append(visits((person, 1, at("09:00"), at("10:00"))))
    tracer = prepared(lake, aliases=aliases((40, 30)))
    assert sorted(people(tracer.trace(cases(CASE), until=UNTIL))) == [20, 30]
    lake.compact(dt.date(2022, 11, 1))
    newer = tracer.at(lake.snapshot())
    assert sorted(people(newer.trace(cases(CASE), until=UNTIL))) == [20, 30]


def test_people_without_a_scan_are_traced_through_their_households(tmp_path: Path) -> None:
    scans = visits((10, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00")))
    HotLake(tmp_path).seal(scans)
    homes = households((10, 700), (20, 800), (700, 900))
    how = {"households": homes, "rules": rules()}
    gone = isolations((20, at("12:00")))
    asked = cases(CASE, (2, 500, at("00:00"), at("20:00")))
    found = prepared(HotLake(tmp_path), **how).trace(asked, until=UNTIL, isolations=gone)
    known = solve.trace(asked, visits=scans, places=places(), until=UNTIL, isolations=gone, **how)
    assert found.contacts.equals(known.contacts)
    assert set(people(found)) == {20, 700, 800, 900}


def test_what_was_known_earlier_is_not_for_the_hot_index(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(visits((10, 1, at("09:00"), at("10:00")), known=at("12:00")))
    with pytest.raises(BadInput, match=r"2022-11-01.*Parquet") as refusal:
        prepared(lake).trace(cases(CASE), until=at("11:00"))
    assert refusal.value.code == "tracing.known_later"
    before = (1, 10, at("00:00", day=5), at("23:59", day=5))
    assert people(prepared(lake).trace(cases(before), until=at("20:00", day=6))) == []


def test_bad_questions_are_refused_as_they_are_over_parquet(tmp_path: Path) -> None:
    tracer = prepared(HotLake(tmp_path))
    with pytest.raises(BadInput, match="twice"):
        tracer.trace(cases(CASE, CASE), until=UNTIL)
    with pytest.raises(BadInput, match="ends before it begins"):
        tracer.trace(cases((1, 10, at("10:00"), at("09:00"))), until=UNTIL)
    with pytest.raises(BadInput, match="time zone"):
        tracer.trace(cases(CASE), until=UNTIL.replace(tzinfo=None))
    long = dict.fromkeys(("market", "school", "bus"), 5000.0)
    with pytest.raises(BadInput, match="72 hours"):
        prepared(HotLake(tmp_path), rules=rules(max_stay_min=long))


def test_nothing_in_gives_nothing_out(tmp_path: Path) -> None:
    tracer = prepared(HotLake(tmp_path))
    for asked in (model.CASES.empty_table(), cases(CASE)):
        result = tracer.trace(asked, until=UNTIL)
        assert result.contacts.schema == model.CONTACTS
        assert result.contacts.num_rows == result.exposures.num_rows == result.notices.num_rows == 0
        assert tracer.overlaps(asked, until=UNTIL).num_rows == 0


def test_many_cases_on_two_threads_give_what_one_thread_gives(tmp_path: Path) -> None:
    scans = visits(
        *(
            (n, n % 7, at(f"{8 + n % 5:02d}:{n % 60:02d}"), None if n % 3 else at("14:00"))
            for n in range(1, 200)
        )
    )
    lake = HotLake(tmp_path)
    lake.seal(scans)
    asked = cases(*((n, n, at("00:00"), at("23:00")) for n in range(1, 60)))
    one, two = (prepared(lake, threads=n).trace(asked, until=UNTIL) for n in (1, 2))
    for name in ("contacts", "exposures", "notices", "capped"):
        assert getattr(one, name).equals(getattr(two, name))
    known = solve.trace(
        asked, visits=scans, places=places(), households=households(), rules=rules(), until=UNTIL
    )
    assert two.contacts.equals(known.contacts)
    assert two.exposures.equals(known.exposures)


def test_the_plain_question_lists_overlapping_scans_as_they_are(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    lake.seal(
        visits(
            (10, 3, at("23:30"), None),
            (20, 3, at("23:50"), at("02:00", day=2)),
            (30, 3, at("00:10", day=2), at("00:15", day=2)),  # too short
            (40, 3, at("00:00", day=2), at("01:00", day=2)),
            (10, 1, at("09:00"), at("23:00")),  # cut at eight hours
            (20, 1, at("16:40"), at("23:00")),
            (20, 1, at("17:10"), at("23:00")),
        )
    )
    rows = prepared(lake).overlaps(cases(CASE), until=UNTIL).to_pylist()
    assert [tuple(row.values()) for row in sorted(rows, key=lambda row: row["time_from"])] == [
        (1, 20, 1, at("16:40"), at("17:00")),
        (1, 20, 3, at("23:50"), at("00:30", day=2)),
        (1, 40, 3, at("00:00", day=2), at("00:30", day=2)),
    ]


def test_a_tracer_gives_its_index_the_figures_of_places_seen_later(tmp_path: Path) -> None:
    lake = HotLake(tmp_path)
    tracer = prepared(lake)
    lake.append(visits((10, 1000, at("09:00"), None), (20, 1000, at("09:05"), None)))
    result = tracer.at(lake.snapshot()).trace(cases(CASE), until=UNTIL)
    assert people(result) == [20]
    assert pa.compute.all(result.contacts["imputed"]).as_py()

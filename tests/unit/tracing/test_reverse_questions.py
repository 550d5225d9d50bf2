"""Who was at a place, where a person went."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from trace_builders import aliases, at, households, places, rules, visits

from zhongshu.engines.tracing import fast, questions, scans
from zhongshu.engines.tracing.placetree import PlaceTree
from zhongshu.kernel.errors import BadInput
from zhongshu.lake.hot.hot import HotLake

MARKET, FLOOR_1, FLOOR_2, STALL = 1, 11, 12, 121
KINDS = {MARKET: "market", FLOOR_1: "market", FLOOR_2: "market", STALL: "market", 2: "school"}
WITHIN = {FLOOR_1: (MARKET, 1), FLOOR_2: (MARKET, 2), STALL: (FLOOR_2, None)}
UNTIL = at("20:00", day=3)


def tree(**changes: Any) -> PlaceTree:
    return PlaceTree.of(places(KINDS, within=WITHIN), rules(**changes))


def s(moment: dt.datetime) -> int:
    return int(moment.timestamp())


def who(lake: pa.Table, place: int, begin: str, end: str, **given: Any) -> dict[int, Any]:
    source = scans.over_table(lake, until=UNTIL, aliases=given.pop("aliases", None))
    found = questions.venue(source, tree(**given), [place], begin_s=s(at(begin)), end_s=s(at(end)))
    return {row["person"]: row for row in found.persons.to_pylist()}


def went(lake: pa.Table, person: int, **given: Any) -> questions.Timeline:
    source = scans.over_table(lake, until=UNTIL)
    return questions.timeline(
        source, tree(**given), person, begin_s=s(at("08:00")), end_s=s(at("12:00"))
    )


def test_a_missing_time_out_ends_with_the_next_scan_elsewhere() -> None:
    lake = visits((1, MARKET, at("09:00"), None), (1, 2, at("09:20"), at("10:00")))
    row = who(lake, MARKET, "09:10", "11:00")[1]
    assert (row["first"], row["last"], row["minutes"], row["imputed"]) == (
        at("09:10"), at("09:20"), 10, True,
    )  # fmt: skip
    assert who(lake, MARKET, "09:20", "11:00") == {}


def test_who_was_in_a_part_was_at_the_whole_and_who_was_at_the_whole_may_have_been_in_it() -> None:
    lake = visits(
        (1, MARKET, at("09:00"), at("10:00")),
        (2, FLOOR_1, at("09:00"), at("10:00")),
        (3, STALL, at("09:00"), at("10:00")),
    )
    assert set(who(lake, MARKET, "09:00", "10:00")) == {1, 2, 3}
    assert set(who(lake, FLOOR_2, "09:00", "10:00")) == {1, 3}
    assert set(who(lake, FLOOR_1, "09:00", "10:00")) == {1, 2}


def test_minutes_at_two_parts_at_once_count_once() -> None:
    lake = visits((1, MARKET, at("09:00"), at("10:00")), (1, FLOOR_1, at("09:30"), at("10:30")))
    assert who(lake, MARKET, "08:00", "12:00")[1]["minutes"] == 90


def test_persons_of_two_pseudonyms_are_told_by_one_name() -> None:
    lake = visits((1, MARKET, at("09:00"), None), (9, 2, at("09:05"), None))
    assert who(lake, MARKET, "09:00", "10:00", aliases=aliases((1, 9)))[9]["minutes"] == 5


def test_hours_count_each_person_once_an_hour() -> None:
    lake = visits(
        (1, MARKET, at("09:00"), at("10:00")),
        (2, MARKET, at("09:50"), at("10:10")),
        (2, FLOOR_1, at("10:05"), at("10:20")),
    )
    source = scans.over_table(lake, until=UNTIL)
    found = questions.venue(source, tree(), [MARKET], begin_s=s(at("08:00")), end_s=s(at("12:00")))
    told = questions.hours(found.stays).to_pylist()
    assert [(row["hour"], row["persons"]) for row in told] == [(at("09:00"), 2), (at("10:00"), 1)]
    assert questions.hours(found.stays.slice(0, 0)).num_rows == 0


def test_a_timeline_flags_two_places_at_once_and_leaves_gaps_open() -> None:
    lake = visits(
        (1, MARKET, at("08:30"), at("09:30")),
        (1, 2, at("09:00"), at("10:00")),
        (1, FLOOR_1, at("11:00"), None),
        (1, MARKET, at("11:10"), at("11:20")),
    )
    found = went(lake, 1)
    rows = found.stays.to_pylist()
    assert [(row["place"], row["doubted"], row["imputed"]) for row in rows] == [
        (MARKET, True, False), (2, True, False), (FLOOR_1, False, True), (MARKET, False, False),
    ]  # fmt: skip
    gaps = [(row["time_from"], row["time_to"]) for row in found.gaps.to_pylist()]
    assert gaps == [
        (at("08:00"), at("08:30")), (at("10:00"), at("11:00")), (at("11:20"), at("12:00")),
    ]  # fmt: skip


def test_a_timeline_names_who_sent_the_scan_where_that_is_kept() -> None:
    lake = visits((1, MARKET, at("09:00"), at("10:00"))).append_column(
        "source", pa.array(["venue_scan"]).dictionary_encode()
    )
    assert went(lake, 1).stays["source"].to_pylist() == ["venue_scan"]


def test_kinds_not_read_are_not_asked_about_and_end_no_stay() -> None:
    lake = visits((1, MARKET, at("09:00"), None), (1, 2, at("09:20"), None))
    assert who(lake, MARKET, "09:30", "10:00", not_read=frozenset({"school"}))[1]["minutes"] == 30
    with pytest.raises(BadInput) as refusal:
        who(lake, 2, "09:30", "10:00", not_read=frozenset({"school"}))
    assert refusal.value.code == "tracing.place_not_read"


def test_a_time_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInput, match="ends before it begins"):
        who(visits(), MARKET, "10:00", "09:00")


def test_the_hot_index_answers_what_is_known_now_and_refuses_what_was_known_earlier(
    tmp_path: Path,
) -> None:
    lake = HotLake(tmp_path)
    lake.seal(visits((1, MARKET, at("09:00"), None), known=at("12:00")))
    tracer = fast.prepare(
        lake.snapshot(), places=places(KINDS, within=WITHIN), households=households(), rules=rules()
    )
    times = {"begin_s": s(at("09:00")), "end_s": s(at("10:00"))}
    now = scans.hot(tracer, until=UNTIL)
    assert questions.venue(now, tree(), [MARKET], **times).persons.num_rows == 1
    assert questions.timeline(now, tree(), 7, **times).stays.num_rows == 0
    earlier = scans.hot(tracer, until=at("11:00"))
    with pytest.raises(BadInput) as refusal:
        questions.venue(earlier, tree(), [MARKET], **times)
    assert refusal.value.code == "tracing.known_later"
    with pytest.raises(BadInput, match="time zone"):
        scans.hot(tracer, until=UNTIL.replace(tzinfo=None))

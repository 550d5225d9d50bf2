"""Who was near whom in a vehicle or a building, as tables: seats in, contacts out.

Every example is answered by all engines.  Place 1 is the whole; figures are of the example.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from trace_builders import aliases, at, cases, households, places, rules, visits

from zhongshu.engines.tracing import fast, model, oracle, parts, solve
from zhongshu.lake.hot.hot import HotLake

WHOLE = 1
CASE = 10
UNTIL = at("20:00", day=3)
Seats = Mapping[int, int]  # place by person


def vehicle(kind: str, spots: Mapping[int, tuple[int, int | None]]) -> pa.Table:
    """A whole and its spots: (parent, number) by place."""
    return places(dict.fromkeys([WHOLE, *spots], kind), within=dict(spots))


def figures(kind: str, **more: Any) -> model.TraceRules:
    every = {kind: 10.0}
    names = {kind: f"WHO-2.{kind}", "household": "WHO-2.household"}
    plain = {
        "degrees": 1,
        "min_overlap_min": every,
        "imputed_stay_min": {kind: 60.0},
        "max_stay_min": {kind: 480.0},
        "rule_ids": names,
    }
    return rules(**(plain | more))


def answers(
    tmp_path: Path, scans: pa.Table, where: pa.Table, how: model.TraceRules, **more: Any
) -> model.TraceResult:
    """What every engine answers about the case, who is person 10."""
    asked = cases((1, CASE, at("00:00"), at("23:59", day=2)))
    given = {"places": where, "households": households(), "rules": how, **more}
    known = solve.trace(asked, visits=scans, until=UNTIL, **given)
    slow = oracle.trace(asked, visits=scans, until=UNTIL, **given)
    HotLake(tmp_path).seal(scans)
    tracer = fast.prepare(HotLake(tmp_path).snapshot(), threads=1, **given)
    divided = parts.question(asked, until=UNTIL, isolations=None, parts=1, **given)
    own = parts.answer(divided, 0, model.canonical(scans, divided.aliases), memory_limit="256MB")
    for other in (slow, tracer.trace(asked, until=UNTIL), own):
        for name in ("contacts", "exposures", "notices"):
            columns = [one for one in getattr(known, name).column_names if one != "reason"]
            assert getattr(other, name).select(columns).equals(getattr(known, name).select(columns))
    return known


def contacts_of(tmp_path: Path, seats: Seats, where: pa.Table, how: model.TraceRules) -> set[int]:
    """All travel from 9 to 11."""
    scans = visits(*[(who, spot, at("09:00"), at("11:00")) for who, spot in seats.items()])
    return set(answers(tmp_path, scans, where, how).contacts["person"].to_pylist())


def rows_of(first: int, count: int, *, parent: int = WHOLE) -> dict[int, tuple[int, int | None]]:
    """`count` numbered rows as places first + number."""
    return {first + number: (parent, number) for number in range(1, count + 1)}


@pytest.mark.parametrize(
    ("row", "near"),
    [(12, {9, 10, 11, 12, 13, 14, 15}), (1, {1, 2, 3, 4}), (20, {17, 18, 19, 20})],
)
def test_in_an_aircraft_three_rows_before_and_behind_and_the_crew(
    tmp_path: Path, row: int, near: set[int]
) -> None:
    seats = {100 + n: 100 + n for n in range(1, 21)}  # a passenger a row
    crew = {900: WHOLE}
    found = contacts_of(
        tmp_path,
        {CASE: 100 + row} | seats | crew,
        vehicle("aircraft", rows_of(100, 20)),
        figures("aircraft", near_apart={"aircraft": 3.0}),
    )
    assert found == {100 + n for n in near} | {900}


def test_a_flight_attendant_meets_the_whole_aircraft(tmp_path: Path) -> None:
    seats = {100 + n: 100 + n for n in range(1, 21)}
    found = contacts_of(
        tmp_path,
        {CASE: WHOLE} | seats,
        vehicle("aircraft", rows_of(100, 20)),
        figures("aircraft", near_apart={"aircraft": 3.0}),
    )
    assert found == set(seats)


def test_in_a_train_of_hard_seats_the_same_carriage_and_not_the_next(tmp_path: Path) -> None:
    found = contacts_of(
        tmp_path,
        {CASE: 105, 20: 105, 30: 104, 40: 106, 50: WHOLE},
        vehicle("train_sealed", rows_of(100, 16)),
        figures("train_sealed"),
    )
    assert found == {20, 50}


def test_in_a_soft_sleeper_the_same_compartment(tmp_path: Path) -> None:
    carriages = {50: (WHOLE, None), 60: (WHOLE, None)}
    spots = carriages | rows_of(500, 9, parent=50) | rows_of(600, 9, parent=60)
    found = contacts_of(
        tmp_path,
        {CASE: 503, 20: 503, 30: 502, 40: 504, 60: 603, 70: 50},
        vehicle("train_soft", spots),
        figures("train_soft"),
    )
    assert found == {20, 70}, "and the attendant of the carriage"


def test_in_an_open_carriage_the_bay_and_the_next_ones_but_not_across_carriages(
    tmp_path: Path,
) -> None:
    carriages = {50: (WHOLE, None), 60: (WHOLE, None)}
    spots = carriages | rows_of(500, 11, parent=50) | rows_of(600, 11, parent=60)
    seats = {500 + n: 500 + n for n in range(1, 12)} | {600 + n: 600 + n for n in range(1, 12)}
    how = figures("train_open", near_apart={"train_open": 1.0})
    where = vehicle("train_open", spots)
    crew = {901: 50, 902: 60, 903: WHOLE}
    found = contacts_of(tmp_path / "7", {CASE: 507} | seats | crew, where, how)
    assert found == {506, 507, 508, 901, 903}
    found = contacts_of(tmp_path / "11", {CASE: 511} | seats, where, how)
    assert found == {510, 511}, "bay 1 of the next carriage is another place"


def test_in_a_sealed_coach_everybody_is_near_everybody(tmp_path: Path) -> None:
    spots = rows_of(100, 12) | {200: (WHOLE, None)}  # one seat has no number
    seats = {100 + n: 100 + n for n in range(1, 13)}
    found = contacts_of(
        tmp_path,
        {CASE: 101, 300: 200, 900: WHOLE} | seats,
        vehicle("coach_sealed", spots),
        figures("coach_sealed", near_apart={"coach_sealed": math.inf}),
    )
    assert found == {300, 900} | set(seats)


def test_in_a_coach_with_open_windows_three_rows_and_the_driver(tmp_path: Path) -> None:
    seats = {100 + n: 100 + n for n in range(1, 13)}
    found = contacts_of(
        tmp_path,
        {CASE: 106, 900: WHOLE} | seats,
        vehicle("coach_open", rows_of(100, 12)),
        figures("coach_open", near_apart={"coach_open": 3.0}),
    )
    assert found == {100 + n for n in range(3, 10)} | {900}


def test_on_a_ship_the_cabin_and_the_crew(tmp_path: Path) -> None:
    found = contacts_of(
        tmp_path,
        {CASE: 102, 20: 102, 30: 101, 40: 103, 900: WHOLE},
        vehicle("ship", rows_of(100, 5)),
        figures("ship"),
    )
    assert found == {20, 900}


def test_who_changes_seats_nearby_stays_one_contact_with_one_exposure(tmp_path: Path) -> None:
    where = vehicle("aircraft", rows_of(100, 20))
    scans = visits(
        (CASE, 112, at("09:00"), at("11:00")),
        (20, 111, at("09:00"), at("10:00")),
        (20, 113, at("10:00"), at("11:00")),
        (30, 112, at("09:00"), at("09:06")),  # twice six minutes beside each other are twelve
        (30, 115, at("09:06"), at("09:12")),
        (30, 119, at("09:12"), at("11:00")),
    )
    found = answers(tmp_path, scans, where, figures("aircraft", near_apart={"aircraft": 3.0}))
    minutes = found.contacts.select(["person", "exposures", "minutes", "two_places"]).to_pylist()
    assert minutes == [
        {"person": 20, "exposures": 1, "minutes": 120.0, "two_places": False},
        {"person": 30, "exposures": 1, "minutes": 12.0, "two_places": False},
    ]
    assert found.exposures["place"].to_pylist() == [112, 112], "where the case was"


def test_a_ticket_of_the_train_and_a_seat_in_it_are_not_two_places_at_once(tmp_path: Path) -> None:
    where = vehicle("train_sealed", rows_of(100, 16))
    scans = visits(
        (CASE, 105, at("09:00"), at("11:00")),
        (20, WHOLE, at("09:00"), at("11:00")),
        (20, 105, at("09:30"), at("10:00")),
        (30, 105, at("09:00"), at("11:00")),
        (30, 106, at("09:30"), at("10:00")),
    )
    found = answers(tmp_path, scans, where, figures("train_sealed")).contacts
    assert dict(zip(found["person"].to_pylist(), found["two_places"].to_pylist(), strict=True)) == {
        20: False,
        30: True,
    }


def test_a_mall_is_split_by_floor_before_it_becomes_a_notice(tmp_path: Path) -> None:
    floors = {31: (WHOLE, 1), 32: (WHOLE, 2)}
    crowd = [(100 + n, 31, at("09:00"), at("11:00")) for n in range(8)]
    few = [(200 + n, 32, at("12:00"), at("13:00")) for n in range(3)]
    own = [(CASE, 31, at("09:00"), at("10:00")), (CASE, 32, at("12:00"), at("13:00"))]
    scans = visits(*own, *crowd, *few)
    how = figures("market", heavy_place_persons=5)
    split = answers(tmp_path / "split", scans, vehicle("market", floors), how)
    assert set(split.contacts["person"].to_pylist()) == {200, 201, 202}
    assert split.notices.select(["place", "persons"]).to_pylist() == [{"place": 31, "persons": 8}]
    one = {"place": pa.array([WHOLE] * scans.num_rows, pa.int32())}
    whole = scans.set_column(1, "place", one["place"])
    notices = answers(tmp_path / "whole", whole, vehicle("market", {}), how)
    assert notices.contacts.num_rows == 0
    assert set(notices.notices["place"].to_pylist()) == {WHOLE}


def test_second_degree_follows_the_rows_too(tmp_path: Path) -> None:
    where = vehicle("aircraft", rows_of(100, 20))
    seats = {CASE: 103, 20: 105, 30: 107, 40: 110}
    scans = visits(*[(who, spot, at("09:00"), at("11:00")) for who, spot in seats.items()])
    how = figures("aircraft", near_apart={"aircraft": 3.0}, degrees=2)
    found = answers(tmp_path, scans, where, how).contacts
    degrees = dict(zip(found["person"].to_pylist(), found["degree"].to_pylist(), strict=True))
    assert degrees == {20: 1, 30: 2}


def test_kinds_not_read_leave_no_trace_even_as_the_next_scan_elsewhere(tmp_path: Path) -> None:
    where = places({1: "market", 2: "cell"})
    scans = visits(
        (CASE, 1, at("09:00"), None),
        (CASE, 2, at("09:05"), at("12:00")),
        (20, 1, at("09:00"), at("10:00")),
        (30, 2, at("09:00"), at("12:00")),
    )
    how = figures("market", not_read=frozenset({"cell"}))
    found = answers(tmp_path, scans, where, how).contacts
    assert found.select(["person", "minutes", "two_places"]).to_pylist() == [
        {"person": 20, "minutes": 60.0, "two_places": False}
    ]


def test_a_question_without_households_names_nobody_for_living_together(tmp_path: Path) -> None:
    scans = visits((CASE, 1, at("09:00"), at("10:00")), (20, 1, at("09:00"), at("10:00")))
    how = figures("market", households=False, degrees=2)
    found = answers(tmp_path, scans, places({1: "market"}), how,
                    households=households((CASE, 30), (20, 40)))  # fmt: skip
    assert found.contacts["person"].to_pylist() == [20]


def test_two_pseudonyms_of_one_person_are_one_person(tmp_path: Path) -> None:
    where = places({1: "market", 2: "market"})
    scans = visits(
        (11, 1, at("09:00"), None),  # the case by his other pseudonym
        (CASE, 2, at("09:30"), at("09:40")),  # which ends what is assumed of the first
        (20, 1, at("09:00"), at("10:00")),
        (21, 1, at("09:00"), at("10:00")),  # the same scan of the same person
    )
    found = answers(
        tmp_path, scans, where, figures("market"),
        households=households((11, 30)), aliases=aliases((11, CASE), (21, 20)),
    )  # fmt: skip
    rows = found.contacts.select(["person", "exposures", "minutes"]).to_pylist()
    assert rows == [
        {"person": 30, "exposures": 1, "minutes": 0.0},
        {"person": 20, "exposures": 1, "minutes": 30.0},
    ]
    assert set(found.exposures["source_person"].to_pylist()) == {CASE}

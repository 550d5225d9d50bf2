"""Tickets, floors and cells become visits to places that tracing can compare."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.unit.intake import feed_files as feeds
from tests.unit.intake.feed_files import Desk

from zhongshu.connectors.feeds.landing import journeys
from zhongshu.connectors.feeds.landing.journeys import Ticket
from zhongshu.connectors.feeds.ports import Layout

DAY = dt.date(2022, 11, 1)
# vehicle, class, sealed, carriage, seat -> place, its kind, its number (rules WHO-3 to WHO-5)
TICKETS = [
    ("aircraft", "economy", None, None, "12A", "flight:X1#12", "aircraft", 12),
    ("aircraft", None, None, None, None, "flight:X1", "aircraft", None),
    ("aircraft", None, None, None, "吸烟区", "flight:X1", "aircraft", None),
    # sealed: the whole carriage, whoever sits where
    ("train", "second", "yes", "05", "7F", "train:X1#05", "train_sealed", 5),
    ("train", "hard_sleeper", None, "05", "12号中铺", "train:X1#05", "train_sealed", 5),
    ("train", None, None, None, "7F", "train:X1", "train_sealed", None),
    # soft sleeper: the compartment of four, in either train
    ("train", "soft_sleeper", "yes", "09", "4号下铺", "train:X1#09#1", "train_soft", 1),
    ("train", "soft_sleeper", "no", "09", "5号上铺", "train:X1#09#2", "train_soft", 2),
    ("train", "soft_sleeper", None, "09", None, "train:X1#09", "train_soft", 9),
    # open: the bay
    ("train", "hard_sleeper", "no", "05", "12号中铺", "train:X1#05#6", "train_open", 6),
    ("train", "hard_seat", "no", "05", "9", "train:X1#05#1", "train_open", 1),
    ("train", "hard_seat", "no", "05", "10", "train:X1#05#2", "train_open", 2),
    ("train", "hard_seat", "no", "05", None, "train:X1#05", "train_open", None),
    ("coach", None, "no", None, "3排2座", "coach:X1#3", "coach_open", 3),
    ("coach", None, "no", None, "9", "coach:X1#3", "coach_open", 3),
    ("coach", None, None, None, "9", "coach:X1#3", "coach_sealed", 3),
    ("coach", None, "no", None, None, "coach:X1", "coach_open", None),  # the driver
    ("ship", None, None, "203", None, "ship:X1#203", "ship", 203),
    ("ship", None, None, None, "203号", "ship:X1#203", "ship", 203),
]


@pytest.mark.parametrize(
    ("vehicle", "class_", "sealed", "carriage", "seat", "place", "kind", "number"), TICKETS
)
def test_a_ticket_puts_its_passenger_where_the_rule_looks(
    vehicle: str, class_: str | None, sealed: str | None, carriage: str | None, seat: str | None,
    place: str, kind: str, number: int | None,
) -> None:  # fmt: skip
    ticket = Ticket(vehicle, "X1", carriage, seat, class_, sealed)
    found = journeys.parts(ticket, feeds.LAYOUT.seats_per_spot)
    assert (found[-1].place_id, found[-1].kind, found[-1].number) == (place, kind, number)


def test_a_carriage_of_an_open_train_is_not_beside_the_next_one() -> None:
    found = journeys.parts(
        Ticket("train", "1461", "05", "9", "hard_seat", "no"), feeds.LAYOUT.seats_per_spot
    )
    assert [part.number for part in found] == [None, None, 1]


def test_without_an_edition_that_knows_seats_a_row_is_told_by_the_ticket_alone() -> None:
    places = [
        journeys.parts(Ticket("coach", "X1", None, seat, None, "no"), {})[-1].place_id
        for seat in ("3排2座", "9")
    ]
    assert places == ["coach:X1#3", "coach:X1"]


def journey(serial: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id_no": feeds.id_no(serial),
        "vehicle": "train",
        "number": "G1234",
        "board_at": "2022-11-01 08:00",
        "alight_at": "2022-11-01 10:30",
        "carriage": "05",
        "seat": "7F",
        "class": "second",
        "sealed": "",
        "recorded_at": "2022-11-01 08:05",
    }
    return row | changes  # fmt: skip


def cell(serial: int, **changes: Any) -> dict[str, Any]:
    row = {
        "id_no": feeds.id_no(serial),
        "lon": "112.5500",
        "lat": "37.8700",
        "time_in": "2022-11-01 08:00",
        "time_out": "2022-11-01 08:30",
        "recorded_at": "2022-11-01 09:00",
    }
    return row | changes


def where(desk: Desk) -> list[tuple[str, str]]:
    """(place id, source) of each visit of the day, in order of person."""
    ids = {row["place"]: row["place_id"] for row in desk.lake.places().to_pylist()}
    rows = desk.lake.visits(DAY, DAY).to_pylist()
    return [(ids[row["place"]], row["source"]) for row in sorted(rows, key=lambda r: r["person"])]


def test_one_train_written_in_four_ways_is_one_train(desk: Desk) -> None:
    headers = {"number": "车次航班", "carriage": "车厢", "vehicle": "交通工具", "class": "席别"}
    rows = [
        journey(1, number="Ｇ 1234次", carriage="5号车厢", vehicle="高铁"),
        journey(2, number="g1234", carriage="五车", **{"class": "二等座"}),
        journey(3, number="G1234次列车"),
        journey(4, number="G-1234"),
    ]
    feeds.write_csv(desk.feeds / "购票乘车-1101.csv", rows, encoding="gb18030", headers=headers)
    report = desk.one()
    assert (report.counts.accepted, report.counts.flagged) == (4, 0)
    assert set(where(desk)) == {("train:G1234#05", "ticket")}


def test_a_vehicle_and_its_parts_are_entered_with_their_whole_kind_and_order(desk: Desk) -> None:
    rows = [
        journey(1, vehicle="aircraft", number="CA1234", seat="12A", carriage="", **{"class": ""}),
        journey(2, number="1461", sealed="否", seat="12号上铺", **{"class": "硬卧"}),
    ]
    feeds.write_csv(desk.feeds / "journeys.csv", rows)
    assert desk.one().counts.accepted == 2
    places = {row["place_id"]: row for row in desk.lake.places().to_pylist()}
    keys = {place_id: row["place"] for place_id, row in places.items()}
    shown = {
        place_id: (row["kind"], row["number"], row["parent"], row["name"])
        for place_id, row in places.items()
    }
    assert shown == {
        "flight:CA1234": ("aircraft", None, None, "CA1234航班"),
        "flight:CA1234#12": ("aircraft", 12, keys["flight:CA1234"], "CA1234航班12排"),
        "train:1461": ("train_sealed", None, None, "1461次列车"),
        "train:1461#05": ("train_open", None, keys["train:1461"], "1461次列车05车厢"),
        "train:1461#05#6": ("train_open", 6, keys["train:1461#05"], "1461次列车05车厢6格"),
    }


# One cell changed -> reason that rejects the row, or remark that keeps it
MESS = [
    ({"number": ""}, "number:blank", None),
    ({"number": "———"}, "number:number.no_service", None),
    ({"number": "1.2E+10"}, "number:number.lost_digits", None),
    ({"vehicle": "火箭"}, "vehicle:value.unknown", None),
    ({"class": "站票？"}, "class:value.unknown", None),
    ({"board_at": "昨天"}, "board_at:time.unreadable", None),
    ({"id_no": feeds.id_no(1)[:-1] + "A"}, "id_no:id.format", None),
    ({"number": "CA1234"}, None, "number:number.unusual"),
    ({"alight_at": "2022-11-01 07:00"}, None, "alight_at:time.out_before_in"),
    ({"sealed": "否", "seat": "靠窗"}, None, "seat:seat.unread"),
    ({"seat": "靠窗"}, None, None),  # in a sealed carriage the seat does not matter
]


@pytest.mark.parametrize(("change", "reason", "flag"), MESS)
def test_a_bad_cell_rejects_its_row_or_is_remarked_on(
    desk: Desk, change: dict[str, str], reason: str | None, flag: str | None
) -> None:
    feeds.write_csv(desk.feeds / "journeys.csv", [journey(1, **change), journey(2)])
    report = desk.one()
    assert report.cells == ({reason: 1} if reason else {})
    assert report.flags == ({flag: 1} if flag else {})
    assert report.counts.rejected == (1 if reason else 0)
    assert bool(report.repair) == bool(reason)


def test_a_journey_sent_twice_counts_once(desk: Desk) -> None:
    rows = [journey(1), journey(1, number="Ｇ1234次"), journey(2)]
    feeds.write_csv(desk.feeds / "journeys.csv", rows)
    assert desk.one().counts.duplicates == 1
    assert len(where(desk)) == 2


def test_a_floor_is_a_part_of_its_venue(desk: Desk) -> None:
    place = {"place_id": "P1", "name": "合成商场", "kind": "market", "village_code": feeds.VILLAGE,
             "lon": 112.5, "lat": 37.8}  # fmt: skip
    feeds.write_csv(desk.feeds / "places.csv", [place])
    rows = [
        feeds.visit(1, spot="三楼"),
        feeds.visit(2, spot="3F"),
        feeds.visit(3, spot="负一层"),
        feeds.visit(4, spot=""),
    ]
    feeds.write_csv(desk.feeds / "visits.csv", rows)
    _, visits = desk.take().files
    assert (visits.counts.accepted, visits.counts.flagged) == (4, 0)
    assert sorted(place for place, _ in where(desk)) == ["P1", "P1#3F", "P1#3F", "P1#B1"]
    shown = {row["place_id"]: row for row in desk.lake.places().to_pylist()}
    third = shown["P1#3F"]
    assert (third["name"], third["kind"], third["number"]) == ("合成商场 3F", "market", 3)
    assert (third["parent"], third["village_code"]) == (shown["P1"]["place"], feeds.VILLAGE)
    assert shown["P1#B1"]["number"] == -1


def test_a_venue_described_after_its_floors_still_gives_them_its_kind(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1, spot="3F")])
    assert desk.one().flags == {"place_id:place.unknown": 1}
    place = {"place_id": "P1", "name": "合成商场", "kind": "market", "village_code": feeds.VILLAGE,
             "lon": 112.5, "lat": 37.8}  # fmt: skip
    feeds.write_csv(desk.feeds / "places.csv", [place])
    desk.take()
    assert {row["kind"] for row in desk.lake.places().to_pylist()} == {"market"}


def test_two_phones_in_one_cell_meet_and_in_the_next_one_do_not(desk: Desk) -> None:
    rows = [cell(1), cell(2, lon="112.5501"), cell(3, lon="112.5700")]
    feeds.write_csv(desk.feeds / "cells.csv", rows)
    assert desk.one().counts.accepted == 3
    visited = [place for place, source in where(desk) if source == "cell"]
    assert sorted(map(visited.count, set(visited))) == [1, 2]
    assert {row["kind"] for row in desk.lake.places().to_pylist()} == {"cell"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"lon": ""}, "lon:blank"),
        ({"lat": "91"}, "lat:number.too_large"),
        ({"lon": "东经112度"}, "lon:number.unreadable"),
    ],
)
def test_a_cell_without_a_sound_point_is_rejected(
    desk: Desk, change: dict[str, str], reason: str
) -> None:
    feeds.write_csv(desk.feeds / "cells.csv", [cell(1, **change), cell(2)])
    report = desk.one()
    assert (report.counts.rejected, report.cells) == (1, {reason: 1})


def test_an_edition_without_cells_refuses_the_file_and_takes_the_others(desk: Desk) -> None:
    desk.registers.layout_ = Layout(None, {})
    feeds.write_csv(desk.feeds / "cells.csv", [cell(1)])
    feeds.write_csv(desk.feeds / "journeys.csv", [journey(1)])
    states = {report.kind: report.state for report in desk.take().files}
    assert states == {"journeys": "taken", "cells": "refused"}
    assert [source for _, source in where(desk)] == ["ticket"]


def test_room_mates_reach_the_register_and_a_move_out_before_the_move_in_is_not_believed(
    desk: Desk,
) -> None:
    stay = {"id_no": feeds.id_no(1), "dormitory_id": "D1", "village_code": feeds.VILLAGE,
            "moved_in": "2022-09-01", "moved_out": "2022-08-01"}  # fmt: skip
    feeds.write_xlsx(desk.feeds / "宿舍.xlsx", [stay, stay | {"id_no": feeds.id_no(2)}])
    report = desk.one()
    assert (report.counts.accepted, report.flags) == (2, {"moved_out:time.no_day_left": 2})
    assert [row["moved_out"] for row in desk.registers.tables["dormitories"].values()] == [None] * 2

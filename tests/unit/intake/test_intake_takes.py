"""What is taken, in the many ways departments write it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.killing import Killed, die
from tests.unit.intake import feed_files as feeds
from tests.unit.intake.feed_files import Desk
from tests.unit.lake.lake_rows import hashes

from zhongshu.kernel.feeds import FEEDS
from zhongshu.kernel.time import BEIJING

FIRST, LAST = dt.date(2022, 10, 1), dt.date(2022, 12, 31)
ZH = {column.name: column.zh for column in FEEDS["persons"].columns}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_usual_encoding_is_read(desk: Desk, encoding: str) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1, name="㐂𠮷")], encoding=encoding)
    assert desk.one().counts.accepted == 1
    (row,) = desk.registers.tables["persons"].values()
    assert row["name"] == "㐂𠮷"
    assert row["birth_date"] == dt.date(1980, 1, 1)


def test_headers_may_be_chinese_and_in_any_order(desk: Desk) -> None:
    rows = [dict(reversed(feeds.person(1, sex="男").items()))]
    feeds.write_csv(desk.feeds / "人口 11月.csv", rows, headers=ZH)
    report = desk.one()
    assert (report.kind, report.counts.accepted) == ("persons", 1)


def test_full_width_letters_and_digits_are_read(desk: Desk) -> None:
    wide = str.maketrans({chr(n): chr(n + 0xFEE0) for n in range(0x21, 0x7F)})
    row = {name: str(value).translate(wide) for name, value in feeds.visit(1).items()}
    row["time_in"] = "２０２２－１１－０１　０８：００"
    row["time_out"] = row["recorded_at"] = ""
    row["recorded_at"] = "2022年11月1日 9时5分"
    feeds.write_csv(desk.feeds / "visits.csv", [row])
    assert desk.one().counts.accepted == 1
    (visit,) = desk.lake.visits(FIRST, LAST).to_pylist()
    assert visit["time_in"] == dt.datetime(2022, 11, 1, 8, tzinfo=BEIJING)
    assert visit["recorded_at"] == dt.datetime(2022, 11, 1, 9, 5, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2022-11-01 08:00", "2022-11-01T08:00+08:00"),
        ("2022-11-01T08:00:30", "2022-11-01T08:00:30+08:00"),
        ("2022-11-01T08:00:30.500", "2022-11-01T08:00:30+08:00"),
        ("2022-11-01T00:00:00Z", "2022-11-01T08:00+08:00"),
        ("2022-11-01T00:00:00-05:00", "2022-11-01T13:00+08:00"),
        ("2022/11/1 8:00", "2022-11-01T08:00+08:00"),
        ("2022.11.1 8:00", "2022-11-01T08:00+08:00"),
        ("2022年11月1日8时0分", "2022-11-01T08:00+08:00"),
        ("2022年11月1日 08:00", "2022-11-01T08:00+08:00"),
        ("20221101080000", "2022-11-01T08:00+08:00"),
        ("202211010800", "2022-11-01T08:00+08:00"),
        ("20221101", "2022-11-01T00:00+08:00"),
        ("2022-10-31 24:00", "2022-11-01T00:00+08:00"),
        ("44866.3333333333", "2022-11-01T08:00+08:00"),
        ("44866", "2022-11-01T00:00+08:00"),
    ],
)
def test_times_are_read_as_people_write_them(desk: Desk, written: str, instant: str) -> None:
    row = feeds.visit(1, time_in=written, time_out="")
    feeds.write_csv(desk.feeds / "visits.csv", [row])
    assert desk.one().counts.accepted == 1
    assert desk.lake.visits(FIRST, LAST).column("time_in")[0].as_py() == dt.datetime.fromisoformat(
        instant
    )


def test_excel_dates_numbers_and_a_title_line_are_read(desk: Desk) -> None:
    naive = dt.datetime(2022, 11, 2, 10)  # noqa: DTZ001 - Excel knows no zone
    row = feeds.case(1, onset_date=dt.date(2022, 11, 1), sampled_at=naive)
    row |= {"confirmed_at": 44867.5, "village_code": int(feeds.VILLAGE)}
    feeds.write_xlsx(desk.feeds / "cases.xlsx", [row], ["病例一览表"], [])
    report = desk.one()
    assert report.counts.accepted == 1, report
    (case,) = desk.registers.tables["cases"].values()
    assert case["onset_date"] == dt.date(2022, 11, 1)
    assert case["sampled_at"] == dt.datetime(2022, 11, 2, 10, tzinfo=BEIJING)
    assert case["confirmed_at"] == dt.datetime(2022, 11, 2, 12, tzinfo=BEIJING)
    assert case["village_code"] == feeds.VILLAGE


def test_a_number_excel_has_shortened_says_so(desk: Desk) -> None:
    feeds.write_xlsx(desk.feeds / "cases.xlsx", [feeds.case(1, id_no=990001198001010010)])
    assert desk.one().cells == {"id_no:number.lost_digits": 1}


def test_an_unread_second_sheet_is_mentioned(desk: Desk) -> None:
    path = feeds.write_xlsx(desk.feeds / "cases.xlsx", [feeds.case(1)])
    book = openpyxl.load_workbook(path)
    book.create_sheet("more").append(["x"])
    book.save(path)
    assert [notice["code"] for notice in desk.one().notices] == [
        "file.more_sheets",
        "id.region_unknown",
    ]


def test_parquet_types_are_taken_as_declared(desk: Desk) -> None:
    rows = [feeds.visit(1), feeds.visit(2, time_out=None)]
    table = pa.Table.from_pylist(rows)
    for name in ("time_in", "recorded_at"):
        instants = [dt.datetime(2022, 11, 1, 8, tzinfo=BEIJING)] * 2
        table = table.set_column(
            table.column_names.index(name), name, pa.array(instants, pa.timestamp("us", tz="UTC"))
        )
    table = table.set_column(0, "id_no", table.column("id_no").dictionary_encode())
    pq.write_table(table, desk.feeds / "visits.parquet")
    assert desk.one().counts.accepted == 2
    assert set(desk.lake.visits(FIRST, LAST).column("time_in").to_pylist()) == {
        dt.datetime(2022, 11, 1, 8, tzinfo=BEIJING)
    }


def test_a_parquet_time_without_a_zone_is_beijing_time(desk: Desk) -> None:
    table = pa.Table.from_pylist([feeds.visit(1, time_out=None)])
    naive = pa.array([dt.datetime(2022, 11, 1, 8)], pa.timestamp("ms"))  # noqa: DTZ001
    table = table.set_column(table.column_names.index("time_in"), "time_in", naive)
    pq.write_table(table, desk.feeds / "visits.parquet")
    desk.one()
    assert desk.lake.visits(FIRST, LAST).column("time_in")[0].as_py() == dt.datetime(
        2022, 11, 1, 8, tzinfo=BEIJING
    )


def test_ndjson_keeps_long_numbers_and_sets_bad_lines_aside(desk: Desk) -> None:
    arrival = {"id_no": feeds.id_no(1), "arrived_at": "2022-11-01 08:00",
               "from_province": 310000000000, "mode": "火车", "number": "G1",
               "to_county": feeds.COUNTY}  # fmt: skip
    feeds.write_ndjson(
        desk.feeds / "arrivals.ndjson",
        [arrival, "{not json", "[1]", arrival | {"id_no": [1]}, "", arrival | {"mode": "boat"}],
    )
    report = desk.one()
    assert (report.counts.rows_in, report.counts.accepted, report.counts.rejected) == (5, 1, 4)
    assert report.cells == {"mode:value.unknown": 1, ":row.not_json": 2, ":row.nested": 1}
    (row,) = desk.lake.arrivals(FIRST, LAST).to_pylist()
    assert (row["mode"], row["from_province"]) == ("train", "310000000000")
    assert row["known_at"] == feeds.RECEIVED


def test_semicolons_and_tabs_separate_too(desk: Desk) -> None:
    row = feeds.clinic(1)
    for name, mark in (("fever_clinic-a.csv", ";"), ("fever_clinic-b.csv", "\t")):
        lines = [mark.join(row), mark.join(str(value) for value in row.values())]
        (desk.feeds / name).write_text("\n".join(lines), encoding="utf-8")
    assert [file.counts.accepted for file in desk.take().files] == [1, 1]


def test_a_header_alone_is_a_zero_report(desk: Desk) -> None:
    (desk.feeds / "persons.csv").write_text(",".join(feeds.person(1)), encoding="utf-8")
    report = desk.one()
    assert (report.state, report.counts.rows_in) == ("taken", 0)
    assert [notice["code"] for notice in report.notices] == ["file.no_rows"]


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"id_no": "123"}, "id_no:id.format"),
        ({"id_no": feeds.id_no(1, "19800230")}, "id_no:id.date"),
        ({"id_no": feeds.id_no(1)[:-1] + ("1" if feeds.id_no(1)[-1] != "1" else "2")},
         "id_no:id.checksum"),
        ({"id_no": ""}, "id_no:blank"),
        ({"id_no": "9.90001198001E+17"}, "id_no:number.lost_digits"),
        ({"sex": "X"}, "sex:value.unknown"),
        ({"birth_date": "1980-02-30"}, "birth_date:time.unreadable"),
        ({"birth_date": "yesterday"}, "birth_date:time.unreadable"),
        ({"name": "x" * 101}, "name:text.too_long"),
        ({"name": "a\nb"}, "name:text.line_break"),
    ],
)  # fmt: skip
def test_a_bad_cell_rejects_its_row_for_one_reason(
    desk: Desk, changes: dict[str, str], cell: str
) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1, **changes), feeds.person(3)])
    report = desk.one()
    assert report.cells == {cell: 1}
    assert (report.counts.accepted, report.counts.rejected) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "cell"),
    [
        ({"visits": "-1"}, "visits:number.too_small"),
        ({"visits": "3.5"}, "visits:number.not_whole"),
        ({"visits": "many"}, "visits:number.unreadable"),
        ({"visits": "99999999999"}, "visits:number.too_large"),
        ({"visits": ""}, "visits:blank"),
        ({"county_code": "14010"}, "county_code:division.format"),
    ],
)
def test_a_bad_number_or_code_is_named(desk: Desk, changes: dict[str, str], cell: str) -> None:
    feeds.write_csv(desk.feeds / "fever_clinic.csv", [feeds.clinic(1, **changes)])
    assert desk.one().cells == {cell: 1}
    assert desk.lake.counts().num_rows == 0


def test_numbers_with_grouping_and_decimals_are_read(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "fever_clinic.csv", [feeds.clinic(1, visits="1,234", fever="7.0")])
    desk.one()
    (row,) = desk.lake.counts().to_pylist()
    assert (row["count"], row["denominator"]) == (7, 1234)


def test_an_unknown_division_is_kept_with_a_flag(desk: Desk) -> None:
    rows = [feeds.clinic(1, county_code="149999000000"), feeds.clinic(2, county_code="140105")]
    feeds.write_csv(desk.feeds / "fever_clinic.csv", rows)
    report = desk.one()
    assert report.flags == {"county_code:division.unknown": 1}
    assert (report.counts.accepted, report.counts.flagged) == (2, 1)
    assert set(desk.lake.counts().column("county_code").to_pylist()) == {
        "149999000000",
        feeds.COUNTY,
    }


def test_an_unassigned_region_is_one_remark_on_the_file(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(n) for n in (1, 3)])
    report = desk.one()
    assert report.counts.accepted == 2
    assert report.counts.flagged == 0
    assert ["2 identity numbers" in notice["en"] for notice in report.notices] == [True]


def test_a_person_who_differs_from_his_number_is_flagged_not_lost(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1, sex="F", birth_date="1981-01-01")])
    report = desk.one()
    assert report.flags == {"birth_date:id.birth_differs": 1, "sex:id.sex_differs": 1}
    assert (report.counts.accepted, report.counts.flagged) == (1, 1)


def test_an_old_number_is_converted_with_a_flag(desk: Desk) -> None:
    number = feeds.id_no(1)
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1, id_no=number[:6] + number[8:17])])
    assert desk.one().flags == {"id_no:id.old_form": 1}
    assert list(desk.registers.tables["persons"]) == [(number,)]


def test_an_exit_before_the_entry_is_not_believed(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1, time_out="2022-11-01 07:00")])
    assert "time_out:time.out_before_in" in desk.one().flags
    assert desk.lake.visits(FIRST, LAST).column("time_out").to_pylist() == [None]


def test_a_time_far_ahead_is_flagged(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1, time_in="2023-11-01", time_out="")])
    assert "time_in:time.ahead" in desk.one().flags


def test_a_visit_to_an_unknown_place_still_counts(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1), feeds.visit(2)])
    report = desk.one()
    assert report.flags == {"place_id:place.unknown": 2}
    assert desk.lake.visits(FIRST, LAST).column("place").to_pylist() == [1, 1]
    assert desk.lake.places().column("kind").to_pylist() == ["unknown"]


def test_places_come_before_visits_whatever_the_file_names(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1)])
    feeds.write_csv(
        desk.feeds / "places.csv",
        [{"place_id": "P1", "name": "店", "kind": "shop", "village_code": feeds.VILLAGE}],
    )
    report = desk.take()
    assert [file.kind for file in report.files] == ["places", "visits"]
    assert report.files[1].flags == {}


def test_the_lake_knows_no_identity_number(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1)])
    desk.take()
    for path in desk.lake.root.rglob("*"):
        assert not path.is_file() or feeds.id_no(1).encode() not in path.read_bytes()


def test_each_person_is_hashed_once_however_many_files_name_him(desk: Desk) -> None:
    for day in range(3):
        rows = [feeds.visit(n, time_in=f"2022-11-0{day + 1} 10:00", time_out="") for n in (1, 2, 1)]
        feeds.write_csv(desk.feeds / f"visits-{day}.csv", rows)
    desk.take()
    assert desk.registers.hashed == 2


def test_extra_columns_are_left_aside_and_said(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1) | {"phone": "1"}])
    notices = {notice["code"]: notice["en"] for notice in desk.one().notices}
    assert "phone" in notices["file.extra_columns"]


def test_doubles_in_a_file_are_accepted_once(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1), feeds.visit(1), feeds.visit(2)])
    report = desk.one()
    assert (report.counts.accepted, report.counts.duplicates) == (3, 1)
    assert desk.lake.visits(FIRST, LAST).num_rows == 2


def test_of_two_rows_with_one_key_the_newer_counts_and_the_older_is_flagged(desk: Desk) -> None:
    newer = feeds.case(1, reported_at="2022-11-03 08:00", severity="severe")
    feeds.write_csv(desk.feeds / "cases.csv", [newer, newer, feeds.case(1)])
    report = desk.one()
    assert (report.counts.accepted, report.counts.duplicates) == (3, 2)
    assert report.flags == {"case_no:key.superseded": 1}
    (case,) = desk.registers.tables["cases"].values()
    assert case["severity"] == "severe"


def test_taking_the_folder_twice_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(n) for n in range(1, 9)])
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1), feeds.person(2, sex="?")])
    desk.take()
    before, tables = hashes(tmp_path), repr(desk.registers.tables)
    report = desk.take()
    assert report.count("already_taken") == 2
    assert report.counts.rows_in == 0
    assert (hashes(tmp_path), repr(desk.registers.tables)) == (before, tables)
    again = desk.take(again=True)
    assert again.counts.duplicates == again.counts.accepted == 9
    assert (hashes(tmp_path), repr(desk.registers.tables)) == (before, tables)


def test_a_file_sent_again_under_another_name_is_known(desk: Desk) -> None:
    path = feeds.write_csv(desk.feeds / "visits-1.csv", [feeds.visit(1)])
    (desk.feeds / "visits-2.csv").write_bytes(path.read_bytes())
    assert [file.state for file in desk.take().files] == ["taken", "already_taken"]


def test_a_kill_before_the_record_is_made_good_by_taking_again(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1), feeds.visit(2)])
    real, desk.registers.record = desk.registers.record, die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        desk.take()
    desk.registers.record = real  # type: ignore[method-assign]
    assert desk.one().state == "taken"
    assert desk.lake.visits(FIRST, LAST).num_rows == 2


def test_a_damaged_lake_file_refuses_only_the_feeds_that_need_it(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "visits-1.csv", [feeds.visit(1)])
    desk.take()
    victim = desk.lake.root / "visits" / "day=2022-11-01.parquet"
    victim.write_bytes(b"")
    feeds.write_csv(desk.feeds / "visits-2.csv", [feeds.visit(2)])
    feeds.write_csv(
        desk.feeds / "visits-3.csv", [feeds.visit(3, time_in="2022-11-05", time_out="")]
    )
    states = {file.name: file for file in desk.take().files}
    refused = states["visits-2.csv"].reason
    assert refused is not None
    assert (refused["code"], victim.name in refused["en"]) == ("lake.damaged", True)
    assert states["visits-3.csv"].state == "taken"
    desk.lake.drop("visits", victim.name)
    assert desk.take(again=True).count("taken") == 3
    assert desk.lake.visits(FIRST, LAST).num_rows == 3


def test_the_raw_content_is_kept_for_its_owner_alone(desk: Desk) -> None:
    path = feeds.write_csv(desk.feeds / "visits.csv", [feeds.visit(1)])
    kept = desk.raw / desk.one().raw
    assert kept.read_bytes() == path.read_bytes()
    assert kept.stat().st_mode & 0o077 == 0


def test_a_lost_day_is_restored_from_the_raw_contents(desk: Desk) -> None:
    rows = [feeds.visit(1), feeds.visit(2, source="?")]
    feeds.write_csv(desk.feeds / "visits.csv", rows)
    desk.take()
    before = hashes(desk.lake.root)
    desk.lake.drop("visits", "day=2022-11-01.parquet")
    report = desk.take(desk.raw, again=True)
    assert [file.name for file in report.files] == ["visits.csv"]
    assert hashes(desk.lake.root) == before

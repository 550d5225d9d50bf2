"""The repair file: every rejected row, why, and back again."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
from tests.unit.intake import feed_files as feeds
from tests.unit.intake.feed_files import Desk

from zhongshu.connectors.feeds.kinds import REASON_HEADER, ROW_HEADER


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_each_bad_cell_has_its_reason_and_each_row_its_number(desk: Desk) -> None:
    rows = [feeds.person(1), feeds.person(2, sex="?", id_no="1"), feeds.person(3, name="")]
    feeds.write_csv(desk.feeds / "persons.csv", rows, encoding="gb18030")
    report = desk.one()
    repair = read(desk.raw / report.repair)
    assert len(repair) == report.counts.rejected == 2
    assert [row[ROW_HEADER] for row in repair] == ["3", "4"]
    assert "id_no: 身份证号应为18位" in repair[0][REASON_HEADER]
    assert "[value.unknown]" in repair[0][REASON_HEADER]
    assert repair[1][REASON_HEADER].endswith("[blank]")
    assert repair[0]["name"] == "张三"


def test_a_repaired_file_sent_back_is_taken(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1), feeds.person(2, sex="?")])
    repair = desk.raw / desk.one().repair
    text = repair.read_text(encoding="utf-8-sig").replace(",?,", ",F,").replace('"?"', '"F"')
    (desk.feeds / repair.name).write_text(text, encoding="utf-8-sig")
    report = desk.take().files[0]
    assert (report.name, report.counts.accepted, report.notices[0]["code"]) == (
        repair.name,
        1,
        "id.region_unknown",
    )
    assert len(desk.registers.tables["persons"]) == 2


def test_rows_that_cannot_be_split_are_in_the_repair_file(desk: Desk) -> None:
    path = feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1), feeds.person(2)])
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], lines[1], "a,b", lines[2]]))
    report = desk.one()
    (row,) = read(desk.raw / report.repair)
    assert (row[ROW_HEADER], row["id_no"]) == ("3", "a,b")
    assert report.cells == {":row.columns": 1}
    assert (report.counts.rows_in, report.counts.accepted) == (3, 2)


def test_an_xlsx_sender_gets_xlsx_back_with_text_cells(desk: Desk) -> None:
    rows = [feeds.case(1), feeds.case(2, category="=1+1", name="=HYPERLINK()")]
    feeds.write_xlsx(desk.feeds / "cases.xlsx", rows)
    book = openpyxl.load_workbook(desk.raw / desk.one().repair)
    header, row = list(book.worksheets[0].iter_rows())
    cells = {str(name.value): cell for name, cell in zip(header, row, strict=True)}
    assert cells[ROW_HEADER].value == 3
    assert (cells["id_no"].value, cells["id_no"].data_type) == (feeds.id_no(2), "s")
    assert all(cell.data_type != "f" for cell in row)


def test_a_file_without_bad_rows_has_no_repair_file(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(1)])
    assert desk.one().repair == ""
    assert not (desk.raw / "repair").exists()


def test_the_repair_of_a_repair_keeps_its_name_short(desk: Desk) -> None:
    feeds.write_csv(desk.feeds / "persons-repair-0123abcd.csv", [feeds.person(1, sex="?")])
    name = Path(desk.one().repair).name
    assert name.count("repair") == 1

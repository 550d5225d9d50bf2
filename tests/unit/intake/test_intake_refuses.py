"""Bad input: refused with what to do, nothing changed, the other files taken."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.unit.intake import feed_files as feeds
from tests.unit.intake.feed_files import Desk

from zhongshu.connectors.feeds.limits import Limits
from zhongshu.kernel.errors import BadInput

TINY = Limits(max_bytes=100_000, max_rows=10, max_xlsx_rows=10, max_xlsx_bytes=200_000)


def test_a_folder_that_is_not_there_is_refused(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is not there") as refusal:
        desk.take(tmp_path / "nowhere")
    assert refusal.value.code == "feeds.no_folder"


def test_a_file_in_place_of_a_folder_is_refused(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("x")
    with pytest.raises(BadInput, match="not a folder"):
        desk.take(path)


def broken_xlsx(folder: Path) -> None:
    path = feeds.write_xlsx(folder / "cases.xlsx", [feeds.case(1)])
    path.write_bytes(path.read_bytes()[:-300])


def xlsx_without_its_sheet(folder: Path) -> None:
    whole = feeds.write_xlsx(folder / "whole", [feeds.case(1)])
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(folder / "cases.xlsx", "w") as target:
        for item in source.infolist():
            body = source.read(item)
            target.writestr(item, body[:40] if "sheet1" in item.filename else body)
    whole.unlink()


def zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / "cases.xlsx", "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)


def empty_xlsx(folder: Path) -> None:
    openpyxl.Workbook().save(folder / "cases.xlsx")


def too_long_xlsx(folder: Path) -> None:
    feeds.write_xlsx(folder / "cases.xlsx", [feeds.case(n) for n in range(1, 30)])


def too_long_csv(folder: Path) -> None:
    feeds.write_csv(folder / "persons.csv", [feeds.person(n) for n in range(1, 30)])


def too_long_parquet(folder: Path) -> None:
    pq.write_table(pa.Table.from_pylist([feeds.visit(1)] * 30), folder / "visits.parquet")


def truncated_parquet(folder: Path) -> None:
    path = folder / "visits.parquet"
    pq.write_table(pa.Table.from_pylist([feeds.visit(1)]), path)
    path.write_bytes(path.read_bytes()[:-20])


def of(name: str, body: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(body) and None


def wrong_kind(folder: Path) -> None:
    feeds.write_csv(folder / "visits.csv", [feeds.person(1)])


BAD: dict[str, tuple[Callable[[Path], None], str, str]] = {
    "unknown name": (of("gossip.csv", b"a,b\n1,2\n"), "feeds.unknown_kind", "begin its name"),
    "unknown format": (of("visits.docx", b"PK"), "feeds.unknown_format", "save it as"),
    "old xls": (of("cases.xls", b"\xd0\xcf\x11\xe0"), "feeds.protected", "save it as"),
    "xlsx with a password": (of("cases.xlsx", b"\xd0\xcf\x11\xe0z"), "feeds.protected", "password"),
    "broken xlsx": (broken_xlsx, "feeds.broken_xlsx", "open it in Excel"),
    "xlsx cut inside": (xlsx_without_its_sheet, "feeds.broken_xlsx", "open it in Excel"),
    "xlsx that is no zip": (of("cases.xlsx", b"hello"), "feeds.broken_xlsx", "open it in Excel"),
    "xlsx that unpacks to much": (zip_bomb, "feeds.too_large", "split it"),
    "empty xlsx file": (of("cases.xlsx", b""), "feeds.empty", "header alone"),
    "xlsx with nothing in it": (empty_xlsx, "feeds.empty", "header alone"),
    "xlsx with too many rows": (too_long_xlsx, "feeds.too_large", "split it"),
    "csv with too many rows": (too_long_csv, "feeds.too_large", "split it"),
    "csv of too many bytes": (of("visits.csv", b"a" * 100_001), "feeds.too_large", "split it"),
    "parquet with too many rows": (too_long_parquet, "feeds.too_large", "split it"),
    "truncated parquet": (truncated_parquet, "feeds.broken_parquet", "send it again"),
    "text called parquet": (of("visits.parquet", b"hello world"), "feeds.broken_parquet", "again"),
    "empty csv": (of("persons.csv", b""), "feeds.empty", "header alone"),
    "blank csv": (of("persons.csv", b"\r\n \r\n"), "feeds.empty", "header alone"),
    "wrong kind": (wrong_kind, "feeds.columns_missing", "looks like 'persons'"),
    "garbage": (of("persons.csv", bytes(range(256)) * 4), "feeds.binary", "export it again"),
    "garbage without zeros": (of("persons.csv", b"\xff\xfd\x81" * 9 + b"\x80"), "feeds.encoding",
                              "CSV UTF-8"),
    "an image": (of("persons.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "feeds.binary", "CSV"),
    "xlsx called csv": (of("persons.csv", b"PK\x03\x04abc"), "feeds.binary", "not CSV"),
    "open quotation mark": (of("persons.csv", b'id_no,name\n1,"Zhang\n2,Li\n'), "feeds.quotes",
                            "do not pair"),
    "open quotation mark in the header": (of("persons.csv", b'id_no,"name\n1,2"\n'), "feeds.quotes",
                                          "do not pair"),
    "a column twice": (of("persons.csv", "id_no,身份证号\n1,2\n".encode()), "feeds.column_twice",
                       "appears twice"),
    "text called ndjson": (of("arrivals.ndjson", b"hello\nworld\n"), "feeds.binary", "NDJSON"),
    "empty ndjson": (of("arrivals.ndjson", b""), "feeds.empty", "header alone"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_and_the_others_are_taken(desk: Desk, name: str) -> None:
    make, code, advice = BAD[name]
    make(desk.feeds)
    feeds.write_csv(desk.feeds / "fever_clinic-good.csv", [feeds.clinic(1)])
    report = desk.take(limits=TINY)
    refused, good = sorted(report.files, key=lambda file: file.state == "taken")
    assert (refused.state, good.state) == ("refused", "taken")
    assert refused.reason is not None
    assert refused.reason["code"] == code
    assert advice in refused.reason["en"]
    assert refused.reason["zh"]
    assert refused.counts.rows_in == 0
    assert not desk.registers.tables
    assert desk.lake.counts().num_rows == 1


def test_a_refused_file_leaves_no_copy_and_may_come_again(desk: Desk) -> None:
    path = feeds.write_csv(desk.feeds / "persons.csv", [feeds.person(n) for n in range(1, 30)])
    assert desk.one(limits=TINY).state == "refused"
    assert not desk.raw.exists()
    assert desk.one().state == "taken"
    assert list(desk.raw.rglob(path.name))


def test_links_to_nowhere_and_folders_are_passed_over(desk: Desk) -> None:
    (desk.feeds / "persons.csv").symlink_to(desk.feeds / "persons.csv.real")
    (desk.feeds / "visits.csv").mkdir()
    assert desk.take().files == ()


def test_a_row_limit_stops_reading_early(desk: Desk) -> None:
    """A file of the size of a hundred million rows is refused after its first lines."""
    path = desk.feeds / "persons.csv"
    with path.open("wb") as file:
        file.write(b"id_no\n" + b"1\n" * 5_000_000)
    reason = desk.one(limits=Limits(max_rows=1_000_000)).reason
    assert reason is not None
    assert reason["code"] == "feeds.too_large"
    assert "1000000" in reason["en"]


def test_hidden_and_lock_files_are_passed_over(desk: Desk) -> None:
    for name in (".DS_Store", "~$cases.xlsx"):
        (desk.feeds / name).write_bytes(b"x")
    assert desk.take().files == ()


def test_a_refusal_never_repeats_what_may_be_a_person(desk: Desk) -> None:
    """A file without a header line: its first row is data, not headers."""
    row = feeds.person(1)
    (desk.feeds / "persons.csv").write_text(",".join(str(value) for value in row.values()))
    reason = desk.one().reason
    assert reason is not None
    assert reason["code"] == "feeds.columns_missing"
    assert row["id_no"] not in repr(reason)
    assert row["name"] not in repr(reason)

"""Tables as people send them: each is read, or refused in one sentence that names the row."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.cli import bad_tables as t

from zhongshu.cli import countfile
from zhongshu.kernel.errors import NotFound, Refused
from zhongshu.kernel.time import start_of_day

COMMANDS = (("warn", "run"), ("rt", "--si-mean", "5", "--si-sd", "3"), ("forecast",))

BAD = [
    # header, rows, code, what the sentence must say
    ("date,n_of_people", [("2022-11-01", 3)], "counts.column_missing", "row 1 has no column count"),
    ("when,count", [("2022-11-01", 3)], "counts.column_missing", "no column date"),
    ("date,count,病例数", [("2022-11-01", 3, 3)], "counts.column_twice", "two columns for count"),
    ("date,count", [], "counts.empty", "no row"),
    ("date,count", [("2022-11-01", 3), ("44867", 4)], "counts.date", "row 3: '44867' is no date"),
    ("date,count", [("44867.0", 4)], "counts.date", "Excel's number of 2022-11-02"),
    ("date,count", [("11/08/2022", 3)], "counts.date", "row 2: '11/08/2022'"),
    ("date,count", [("8.11.22", 3)], "counts.date", "which part is the month"),
    ("date,count", [("2022-02-30", 3)], "counts.date", "row 2: '2022-02-30' is no date"),
    ("date,count", [("1022-11-08", 3)], "counts.date", "row 2: '1022-11-08'"),
    ("date,count", [("2022-11-08", "9" * 30)], "counts.not_whole", "row 2"),
    ("date,count", [("", 3)], "counts.date", "row 2: '' is no date"),
    ("date,count", [("2022-11-12", 1), ("2022-11-13", 3)], "counts.future", "row 3: 2022-11-13"),
    ("date,count", [("2022-11-01", "3.5")], "counts.not_whole", "row 2: '3.5'"),
    ("date,count", [("2022-11-01", "<5")], "counts.not_whole", "row 2: '<5'"),
    ("date,count", [("2022-11-01", 3), ("2022-11-01", 4)], "counts.twice", "rows 2 and 3"),
    ("date,unit,count", [("2022-11-01", "A", 3), ("2022-11-01", "A", 4)], "counts.twice", "A 2022"),
    ("date,count,imported", [("2022-11-01", 3, 4)], "counts.imported", "row 2: 4 imported of 3"),
    ("date,count,outbreak", [("2022-11-01", 3, "x")], "counts.outbreak", "row 2: 'x'"),
    ("date,count,known_at", [("2022-11-02", 3, "2022-11-01")], "counts.known_before", "row 2"),
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
@pytest.mark.parametrize(("header", "rows", "code", "says"), BAD, ids=lambda one: str(one)[:30])
def test_a_bad_table_is_one_sentence_with_its_row(
    tmp_path: Path,
    command: tuple[str, ...],
    header: str,
    rows: list[tuple[object, ...]],
    code: str,
    says: str,
) -> None:
    told = t.refusal(*command, t.write(tmp_path / "bad.csv", rows, header))
    assert told.code == code
    assert says in told.message
    assert "bad.csv" in told.message
    assert "\n" not in told.message


def test_negative_corrections_are_left_out_of_warning_and_refused_where_cases_are_counted(
    tmp_path: Path,
) -> None:
    file = t.write(tmp_path / "n.csv", t.days([*t.QUIET[:-3], -5, 30, 31]))
    assert "row 27: negative, a correction of another report; left out." in t.said(
        "warn", "run", file
    )
    for command in COMMANDS[1:]:
        told = t.refusal(*command, file)
        assert (told.code, "row 27" in told.message) == ("counts.negative", True)


def test_the_same_report_twice_counts_once_and_is_told(tmp_path: Path) -> None:
    rows = [*t.days(t.QUIET), t.days(t.QUIET)[-1]]
    told = t.said("warn", "run", t.write(tmp_path / "d.csv", rows))
    assert "row 30: the same report given before; left out." in told
    assert "1 tested" in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_columns_and_units_are_read_in_every_common_encoding(
    tmp_path: Path, encoding: str
) -> None:
    rows = [(day, "小店区", count) for day, count in t.days(t.QUIET)]
    file = t.write(tmp_path / "数.csv", rows, "日期,区县,病例数", encoding)
    found = countfile.read(file, today=t.TODAY)
    assert {row.unit for row in found.rows} == {"小店区"}
    assert [row.count for row in found.rows] == t.QUIET


@pytest.mark.parametrize(
    "written", ["2022-11-08", "2022/11/8", "2022.11.08", "20221108", "2022年11月8日",
                "2022/11/8 0:00", "2022-11-08 00:00:00"]
)  # fmt: skip
def test_dates_that_mean_one_day_are_read(tmp_path: Path, written: str) -> None:
    file = t.write(tmp_path / "d.csv", [(written, 3)])
    (row,) = countfile.read(file, today=t.TODAY).rows
    assert str(row.date) == "2022-11-08"


def test_semicolons_thousands_gzip_and_empty_counts(tmp_path: Path) -> None:
    text = 'date;count\n2022-11-08;"1,234"\n\n2022-11-09;\n2022-11-10;12.0\n'
    file = tmp_path / "s.csv.gz"
    file.write_bytes(gzip.compress(text.encode()))
    rows = countfile.read(file, today=t.TODAY).rows
    assert [(row.line, row.count) for row in rows] == [(2, 1234), (4, None), (5, 12)]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"PK\x03\x04rest", "counts.workbook"), (b"\xff\xfe\x00", "counts.unreadable")],
)
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "x.csv").write_bytes(content)
    assert t.refusal("warn", "run", tmp_path / "x.csv").code == code


def test_a_broken_archive_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv.gz").write_bytes(b"\x1f\x8bno")
    assert t.refusal("rt", tmp_path / "x.csv.gz").code == "counts.unreadable"
    assert isinstance(t.refusal("rt", tmp_path / "none.csv"), NotFound)


def test_a_refusal_ends_with_exit_code_2_and_its_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from zhongshu.cli import main  # noqa: PLC0415 - only here

    file = t.write(tmp_path / "bad.csv", [("44867", 4)])
    monkeypatch.setattr("sys.argv", ["zhongshu", "warn", "run", str(file)])
    with pytest.raises(SystemExit) as ended:
        main.app(obj=t.Here())
    assert ended.value.code == 2
    assert "counts.date" in capsys.readouterr().err


def end_of(*day: int) -> dt.datetime:
    return countfile.asked_moment("", dt.date(*day))


def test_known_at_takes_moments_and_the_later_of_a_day_stands(tmp_path: Path) -> None:
    rows = [(day, n, f"{day} 08:00") for day, n in t.days(t.QUIET[:-1])]
    rows += [("2022-11-12", 30, "2022-11-12T09:00+08:00"), ("2022-11-12", 90, "2022-11-12T08:00Z")]
    file = t.write(tmp_path / "k.csv", rows, "date,count,known_at")
    found = [json.loads(t.said("warn", "run", file, "--as-of", asked, "--json"))["raised"]
             for asked in ("2022-11-12T15:59", "2022-11-12T16:00", "2022-11-12")]  # fmt: skip
    assert [len(one) for one in found] == [0, 1, 1]
    bad = t.write(tmp_path / "b.csv", [("2022-11-02", 3, "2022-11-02 25:00")],
                  "date,count,known_at")  # fmt: skip
    assert t.refusal("warn", "run", bad).message == (
        "b.csv row 2: '2022-11-02 25:00' is no known_at; write it like 2022-11-08 or "
        "2022-11-08T18:30+08:00."
    )


def test_a_report_known_later_stands_in_for_the_earlier_one_only_then() -> None:
    day = dt.date(2022, 11, 1)
    rows = pl.DataFrame(
        {"unit": ["A"] * 3, "stream": ["x"] * 3, "count": [3, 5, 4],
         "date": [day, day, day - dt.timedelta(days=1)],
         "known_at": [start_of_day(day), start_of_day(dt.date(2022, 11, 4)), None]}
    )  # fmt: skip
    found = [countfile.as_known(rows, end_of(2022, 11, n)) for n in (1, 3, 4)]
    assert [sorted(one["count"].to_list()) for one in found] == [[3, 4], [3, 4], [4, 5]]
    assert countfile.as_known(rows, end_of(2022, 10, 31))["count"].to_list() == [4]


CELLS = st.sampled_from(
    ["2022-11-01", "2022/11/2", "1022-11-01", "44867", "", " ", "3", "-3", "1,5", "1,000", "9" * 30,
     "3.0", "NA", "是", "x", '"', "\x00", "２０２２年11月1日"]
)  # fmt: skip


@given(st.lists(st.lists(CELLS, max_size=5), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_whatever_the_cells_hold_it_is_rows_or_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], mark: str
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    lines = [mark.join(("date", "count", "imported", "outbreak")), *map(mark.join, rows)]
    file.write_text("\n".join(lines), encoding="utf-8")
    kept: tuple[countfile.Row, ...] = ()
    code = "counts.read"
    try:
        kept = countfile.read(file, today=t.TODAY, negative=True).rows
    except Refused as refused:
        code = refused.code
    assert code.startswith("counts.")
    assert all(row.date <= t.TODAY for row in kept)
    assert all(row.count is None or row.count >= 0 for row in kept)


def test_one_day_alone_is_untested_and_says_what_would_work(tmp_path: Path) -> None:
    file = t.write(tmp_path / "one.csv", [("2022-11-08", 3)])
    assert "0 tested, 0 raised, 1 untested" in t.said("warn", "run", file)
    assert t.refusal("rt", file, "--si-mean", "5", "--si-sd", "3").code == "epidemic.series_short"
    assert t.refusal("forecast", file).code == "forecast.short"

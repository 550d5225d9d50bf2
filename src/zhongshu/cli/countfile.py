"""Counts from a file that somebody made with a spreadsheet: what each row says, or which is wrong.

The row numbers of all sentences are those a spreadsheet shows: the header is row 1.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import gzip
import io
import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow as pa

from zhongshu.engines.warning.model import SERIES
from zhongshu.kernel.errors import BadInput, NotFound
from zhongshu.kernel.time import BEIJING, DAY, beijing_day, parse_moment, start_of_day

UNIT, STREAM = "all", "cases"  # of a file without the column
_NAMES: Mapping[str, tuple[str, ...]] = {
    "date": ("date", "day", "week", "日期", "发病日期", "报告日期"),
    "count": ("count", "cases", "n", "number", "病例数", "例数", "人数", "人次", "数量"),
    "unit": ("unit", "county", "city", "region", "地区", "区县", "县区", "城市", "单位"),
    "stream": ("stream", "source", "数据流", "来源", "监测来源"),
    "imported": ("imported", "输入", "输入病例", "境外输入"),
    "outbreak": ("outbreak", "暴发", "爆发", "疫情"),
    "known_at": ("known_at", "reported_on", "known", "获知日期", "上报日期"),
}
_EMPTY = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "—", "缺报", "未报"})
_TRUE, _FALSE = frozenset({"1", "true", "yes", "是"}), frozenset({"0", "false", "no", "否"})
_DATE = re.compile(r"(\d{4})([-/.年])(\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0?0:00(?::00(?:\.0+)?)?)?")
_TIMED = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[ T]\d")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_EXCEL_DAYS, _EXCEL_ZERO = (20_000, 80_000), dt.date(1899, 12, 30)
_WHOLE = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(?:\.0+)?")
_LISTED = 5
_DATE_LONG, _INSTANT = len("2022-11-08"), dt.timedelta(microseconds=1)
_FIRST_YEAR, _MOST = 1900, 10**12  # earlier years and larger counts are slips of the hand


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """One report.  count, imported: None where nothing was reported.  outbreak: of a known one;
    known_at: when it became known, of a date its beginning; each None where the file does not say.
    """

    line: int
    unit: str
    stream: str
    date: dt.date
    count: int | None
    imported: int | None
    outbreak: bool | None
    known_at: dt.datetime | None

    @property
    def known_on(self) -> dt.date:
        """The Beijing day it became known: its own, where the file does not say."""
        return beijing_day(self.when())

    def when(self) -> dt.datetime:
        """The moment it became known: the beginning of its day, where the file does not say."""
        return self.known_at or start_of_day(self.date)

    def known(self, moment: dt.datetime) -> bool:
        return self.when() <= moment


@dataclasses.dataclass(frozen=True, slots=True)
class CountFile:
    """columns: those of the known ones that are there.  remarks: sentences on rows left out."""

    name: str
    columns: frozenset[str]
    rows: tuple[Row, ...]
    remarks: tuple[str, ...]

    def series(self) -> pa.Table:
        """As the warning engine takes them (`model.SERIES`)."""
        columns = [[getattr(row, name) for row in self.rows] for name in SERIES.names]
        return pa.table(dict(zip(SERIES.names, columns, strict=True)), schema=SERIES)

    def line_of(self, unit: str, stream: str, day: dt.date) -> int | None:
        """The row of a report."""
        hits = (one.line for one in self.rows if (one.unit, one.stream, one.date)
                == (unit, stream, day))  # fmt: skip
        return next(hits, None)


def read(path: Path, *, today: dt.date, negative: bool = False) -> CountFile:
    """The rows of a CSV file: date, count, and unit, stream, imported, outbreak, known_at or not.

    UTF-8 with or without a mark, UTF-16 with one, GB18030; gzipped or not; commas, semicolons or
    tabs.  An empty count is a day without a report, never a zero.  A negative count is a correction
    that does not say which report it corrects: left out with a remark, or refused where
    `negative` is False.  The same report given twice is left out with a remark.
    Refuses, with the row: a missing or unknown column, a date that is none or lies after `today`, a
    count that is no whole number, two different counts of one report.
    """
    grid = _lines(path)
    if not grid:
        raise BadInput(
            "counts.empty",
            f"{path.name} is empty; it needs a first row like date,count and a row a report.",
        )
    where = _columns(path.name, grid[0][1])
    rows = [_row(path.name, line, cells, where, today) for line, cells in grid[1:]]
    if not rows:
        raise BadInput(
            "counts.empty", f"{path.name} has no row below the header; add a row a report."
        )
    rows, repeated = _once(path.name, rows)
    below = [row.line for row in rows if (row.count or 0) < 0]
    if below and not negative:
        raise BadInput(
            "counts.negative",
            f"{path.name} {_places(below)}: a negative count is a correction that does not say "
            "which report it corrects; correct those, or leave the count empty: a gap, not a zero.",
        )
    rows = [dataclasses.replace(row, count=None) if (row.count or 0) < 0 else row for row in rows]
    remarks = []
    if below:
        remarks.append(f"{_places(below)}: negative, a correction of another report; left out.")
    if repeated:
        remarks.append(f"{_places(repeated)}: the same report given before; left out.")
    return CountFile(path.name, frozenset(where), tuple(rows), tuple(remarks))


def _places(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:_LISTED]))
    more = f" and {len(lines) - _LISTED} more" if len(lines) > _LISTED else ""
    return f"row{'s' if len(lines) > 1 else ''} {shown}{more}"


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """(row, cells) of every line that is not empty."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise NotFound("counts.no_file", f"There is no file {path} that can be read.") from error
    if path.suffix == ".gz":
        raw = _unpacked(path, raw)
    text = _text(path, raw)
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        found = [(line, [cell.strip() for cell in cells]) for line, cells in enumerate(reader, 1)]
    except csv.Error as error:
        raise BadInput("counts.unreadable", f"{path.name} is no table: {error}.") from error
    return [(line, cells) for line, cells in found if any(cells)]


def _unpacked(path: Path, raw: bytes) -> bytes:
    try:
        return gzip.decompress(raw)
    except (OSError, EOFError) as error:
        raise BadInput("counts.unreadable", f"{path.name} is not a whole gzip file.") from error


def _text(path: Path, raw: bytes) -> str:
    if raw[:4] in {b"PK\x03\x04", b"\xd0\xcf\x11\xe0"}:
        raise BadInput(
            "counts.workbook",
            f"{path.name} is a workbook; save the sheet as CSV (UTF-8) and give that.",
        )
    marked = raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput(
        "counts.unreadable",
        f"{path.name} is neither UTF-8, UTF-16 with a mark nor GB18030; save it as UTF-8 text.",
    )


def _columns(file: str, header: list[str]) -> dict[str, int]:
    """Known column to its place; refuses a file without date or count, or with one twice."""
    where: dict[str, int] = {}
    for place, cell in enumerate(header):
        for name, words in _NAMES.items():
            if cell.lower().replace(" ", "_") not in words:
                continue
            if name in where:
                raise BadInput(
                    "counts.column_twice",
                    f"{file} row 1 has two columns for {name}: {header[where[name]]} and {cell}; "
                    "keep one.",
                )
            where[name] = place
    for name in ("date", "count"):
        if name not in where:
            there = ", ".join(cell or "(empty)" for cell in header) or "nothing"
            raise BadInput(
                "counts.column_missing",
                f"{file} row 1 has no column {name} ({_NAMES[name][-1]}); it has {there}. "
                f"Name one of them {name}.",
            )
    return where


def _row(file: str, line: int, cells: list[str], where: Mapping[str, int], today: dt.date) -> Row:
    def cell(name: str) -> str | None:
        place = where.get(name)
        return None if place is None else (cells[place] if place < len(cells) else "")

    at = f"{file} row {line}"
    day = _day(at, "date", cell("date") or "")
    if day > today:
        raise BadInput(
            "counts.future",
            f"{at}: {day} lies after today, {today}; correct the date or leave the row out.",
        )
    known = cell("known_at")
    known_at = _moment(at, known) if known else None
    if known_at is not None and beijing_day(known_at) < day:
        raise BadInput(
            "counts.known_before",
            f"{at}: known at {known}, before its date {day}; correct one of the two.",
        )
    count, imported = _whole(at, "count", cell("count")), _whole(at, "imported", cell("imported"))
    if imported is not None and not 0 <= imported <= (imported if count is None else count):
        raise BadInput(
            "counts.imported",
            f"{at}: {imported} imported of {count}; give 0 up to the cases of the day.",
        )
    return Row(
        line=line,
        unit=cell("unit") or UNIT,
        stream=cell("stream") or STREAM,
        date=day,
        count=count,
        imported=imported,
        outbreak=_flag(at, cell("outbreak")),
        known_at=known_at,
    )


def _day(at: str, name: str, text: str) -> dt.date:
    found = _DATE.fullmatch(text)
    parts = (found[1], found[3], found[4]) if found else ()
    compact = _COMPACT.fullmatch(text)
    if compact:
        parts = (compact[1], compact[2], compact[3])
    if parts:
        try:
            day = dt.date(*map(int, parts))
        except ValueError:
            day = dt.date.min
        if day.year >= _FIRST_YEAR:
            return day
    hint = "write it like 2022-11-08."
    whole = _WHOLE.fullmatch(text)
    if whole and _EXCEL_DAYS[0] <= float(text.replace(",", "")) <= _EXCEL_DAYS[1]:
        day = _EXCEL_ZERO + dt.timedelta(days=int(float(text.replace(",", ""))))
        hint = (
            f"it looks like Excel's number of {day}: format the column as yyyy-mm-dd, save again."
        )
    elif re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}", text):
        hint = "which part is the month cannot be known; write it like 2022-11-08."
    raise BadInput("counts.date", f"{at}: '{text}' is no {name}; {hint}")


def _moment(at: str, text: str) -> dt.datetime:
    """Of known_at: a date, its beginning; or a moment, on the Beijing clock without a zone."""
    if not _TIMED.match(text):
        return start_of_day(_day(at, "known_at", text))
    try:
        return parse_moment(text)
    except BadInput as error:
        raise BadInput(
            "counts.date",
            f"{at}: '{text}' is no known_at; write it like 2022-11-08 or 2022-11-08T18:30+08:00.",
        ) from error


def _whole(at: str, name: str, text: str | None) -> int | None:
    if text is None or text.lower() in _EMPTY:
        return None
    found = _WHOLE.fullmatch(text)
    if found is None or int(found[2].replace(",", "")) > _MOST:
        raise BadInput(
            "counts.not_whole",
            f"{at}: '{text}' is no whole number; give the {name}, or leave it empty where there "
            "was no report.",
        )
    return int(found[1] + found[2].replace(",", ""))


def _flag(at: str, text: str | None) -> bool | None:
    if text is None or text.lower() in _EMPTY:
        return None if text is None else False
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise BadInput("counts.outbreak", f"{at}: '{text}' says neither 1 nor 0 to outbreak.")


def _once(file: str, rows: list[Row]) -> tuple[list[Row], list[int]]:
    """Each report once, and the rows left out; refuses two different counts of one report."""
    seen: dict[tuple[object, ...], Row] = {}
    again = []
    for row in rows:
        key = (row.unit, row.stream, row.date, row.known_at)
        first = seen.setdefault(key, row)
        if first is row:
            continue
        if (first.count, first.imported) != (row.count, row.imported):
            raise BadInput(
                "counts.twice",
                f"{file} rows {first.line} and {row.line}: {_who(row)}{row.date} has different "
                f"counts, {_told(first.count)} and {_told(row.count)}; keep one.",
            )
        again.append(row.line)
    return list(seen.values()), again


def _who(row: Row) -> str:
    named = [name for name in (row.unit, row.stream) if name not in {UNIT, STREAM}]
    return f"{' '.join(named)} " if named else ""


def _told(count: int | None) -> str:
    return "none" if count is None else str(count)


def as_known(rows: pl.DataFrame, until: dt.datetime) -> pl.DataFrame:
    """Of each report the version known by the moment; rows: with known_at, null: on its date."""
    begins = pl.col("date").cast(pl.Datetime("us")).dt.replace_time_zone(str(BEIJING))
    known = pl.col("known_at").fill_null(begins)
    return (
        rows.filter(pl.max_horizontal(known, begins) <= until)
        .sort(known)
        .group_by("unit", "stream", "date", maintain_order=True)
        .last()
    )


def asked_moment(text: str, today: dt.date) -> dt.datetime:
    """What --as-of means for a file: of a date, or none, the end of that day, or of today."""
    if not text or len(text.strip()) <= _DATE_LONG:
        day = beijing_day(parse_moment(text)) if text else today
        return start_of_day(day + DAY) - _INSTANT
    return parse_moment(text)

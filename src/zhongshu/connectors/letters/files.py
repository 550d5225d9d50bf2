"""A letter as CSV or XLSX.  Whatever stands in a cell is text to the program that opens it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from zhongshu.connectors.letters import sheet
from zhongshu.connectors.letters.sheet import COLUMNS, Cell, Sheet
from zhongshu.service.letters import facade as letters

Format = Literal["csv", "xlsx"]
TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# A cell that begins so is run as a formula by a spreadsheet (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DIGITS = 12  # a number of more digits loses some of them when a spreadsheet reads it as one
_WIDTHS = {
    "证件号码": 21,
    "住址": 24,
    "接触场所": 28,
    "管控措施": 34,
    "首次接触": 17,
    "末次接触": 17,
}


def content(opened: letters.Opened, *, format: Format) -> bytes:
    """The file's bytes."""
    drawn = sheet.of(opened)
    return _csv(drawn) if format == "csv" else _xlsx(drawn)


def plain(cell: Cell) -> Cell:
    """The cell for CSV: a formula becomes text by an apostrophe, a long number by a tab."""
    if isinstance(cell, int):
        return cell
    if cell.startswith(_FORMULA):
        return f"'{cell}"
    return f"\t{cell}" if len(cell) > _DIGITS and cell.isdigit() else cell


def _csv(drawn: Sheet) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerow([drawn.title])
    for row in [*drawn.head, (), COLUMNS, *drawn.rows]:
        writer.writerow([plain(cell) for cell in row])
    return sink.getvalue().encode("utf-8-sig")  # with the mark by which Excel knows UTF-8


def _xlsx(drawn: Sheet) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet(drawn.title)
    for place, column in enumerate(COLUMNS, start=1):
        page.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(column, 12)
    bold = Font(bold=True)
    page.append([_text(page, drawn.title, Font(bold=True, size=16))])
    for label, value in drawn.head:
        page.append([_text(page, label, bold), _cell(page, value)])
    page.append([])
    page.append([_text(page, column, bold) for column in COLUMNS])
    for row in drawn.rows:
        page.append(_cells(page, row))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def _cells(page: WriteOnlyWorksheet, row: Iterable[Cell]) -> list[Any]:
    return [_cell(page, cell) for cell in row]


def _cell(page: WriteOnlyWorksheet, value: Cell) -> Any:
    return WriteOnlyCell(page, value) if isinstance(value, int) else _text(page, value)


def _text(page: WriteOnlyWorksheet, value: str, font: Font | None = None) -> Any:
    """Text and nothing else: no formula is run, no digit is lost."""
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub(" ", value))
    cell.data_type = "s"
    cell.number_format = "@"
    if font is not None:
        cell.font = font
    return cell

"""XLSX through openpyxl's streaming reader: line lists, not mass data."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pyarrow as pa
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from zhongshu.connectors.feeds.kinds import matches
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers.raw import TEXTS, Raw
from zhongshu.connectors.feeds.reasons import refusal
from zhongshu.kernel.feeds import FeedSpec

_HEADER_ROWS = 5  # a title may stand above the header
_OLE = b"\xd0\xcf\x11\xe0"  # old .xls, and any workbook with a password
_EXACT = 10**15  # Excel keeps 15 significant digits
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    ParseError,
    OSError,
    EOFError,
    KeyError,
    IndexError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
)  # fmt: skip - all that openpyxl was seen to raise on damaged workbooks
Row = tuple[int, list[Any]]


def read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    """The first sheet that holds anything.  Refuses broken, protected and oversized workbooks."""
    _refuse_unread(path, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of features it leaves out
            return _read(path, spec, limits)
    except _BROKEN as error:
        raise refusal("feeds.broken_xlsx") from error


def _refuse_unread(path: Path, limits: Limits) -> None:
    size = path.stat().st_size
    if size == 0:
        raise refusal("feeds.empty")
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise refusal("feeds.protected")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except zipfile.BadZipFile:
        raise refusal("feeds.broken_xlsx") from None
    if unpacked > limits.max_xlsx_bytes:
        raise refusal(
            "feeds.too_large", found=unpacked, limit=limits.max_xlsx_bytes, unit="bytes unpacked"
        )


def _read(path: Path, spec: FeedSpec, limits: Limits) -> Raw:
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        sheets = [sheet for sheet in book.worksheets if next(_rows(sheet), None)]
        if not sheets:
            raise refusal("feeds.empty")
        rows: list[Row] = []
        for row in _rows(sheets[0]):
            rows.append(row)
            if len(rows) > limits.max_xlsx_rows + _HEADER_ROWS:
                raise refusal(
                    "feeds.too_large", found=f">{limits.max_xlsx_rows}",
                    limit=limits.max_xlsx_rows, unit="rows",
                )  # fmt: skip
        return _raw(rows, spec, book.epoch == CALENDAR_MAC_1904, sheets[0].title, len(sheets) - 1)
    finally:
        book.close()


def _rows(sheet: Any) -> Iterator[Row]:
    """Rows with anything in them, by the number Excel shows."""
    sheet.reset_dimensions()  # some programs write a wrong extent
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if any(cell is not None and cell != "" for cell in cells):
            yield number, list(cells)


def _raw(rows: list[Row], spec: FeedSpec, mac: bool, sheet: str, others: int) -> Raw:
    heads = [[_text(cell) or "" for cell in cells] for _, cells in rows[:_HEADER_ROWS]]
    top = max(range(len(heads)), key=lambda index: (matches(spec, heads[index]), -index))
    headers = heads[top]
    body = rows[top + 1 :]
    width = max([len(headers), *(len(cells) for _, cells in body)])
    headers = headers + [""] * (width - len(headers))
    columns = [
        pa.array(
            [_text(cells[index]) if index < len(cells) else None for _, cells in body], pa.string()
        ).cast(TEXTS)
        for index in range(width)
    ]
    numbers = np.array([number for number, _ in body], np.int64)
    return Raw(headers, columns, numbers, excel_1904=mac, sheet=sheet, other_sheets=others)


def _text(cell: Any) -> str | None:
    """A cell as the person saw it; a number of more than 15 digits in scientific notation,
    because Excel has lost its last digits."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        cell = (cell + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    return str(cell)


def _number(value: float) -> str:
    if abs(value) >= _EXACT:
        return f"{value:.14E}"
    return str(int(value)) if value == int(value) else repr(value)

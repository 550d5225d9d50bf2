"""Files as departments send them, into `<out>/feeds`.

Each department has its habit: police and transport export CSV in GB18030 with Chinese headers, the
laboratories UTF-8, disease control fills in an Excel sheet, the data bureau delivers Parquet, the
railway one JSON object a line.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from zhongshu.kernel.feeds import FEEDS, Column, Kind
from zhongshu.kernel.random import stream

AS_TEXT, AS_SERIAL = 0.3, 0.75  # date cells: text below, bare serial numbers above
EXCEL_ZERO = dt.date(1899, 12, 30)  # day 0 of Excel's serial dates (ECMA-376, 18.17.4.1)


@dataclasses.dataclass(frozen=True)
class Habit:
    """suffix: csv | xlsx | parquet | ndjson; encoding of text; Chinese or English headers."""

    suffix: str
    encoding: str = "utf-8"
    chinese: bool = False


HABITS = {
    "households": Habit("csv", "gb18030", chinese=True),
    "persons": Habit("csv", "gb18030", chinese=True),
    "dormitories": Habit("csv", "gb18030", chinese=True),
    "places": Habit("csv", "utf-8-sig"),
    "sampling_points": Habit("csv"),
    "visits": Habit("parquet"),
    "journeys": Habit("csv", "gb18030", chinese=True),
    "cells": Habit("parquet"),
    "cases": Habit("xlsx", chinese=True),
    "tubes": Habit("csv"),
    "tube_results": Habit("csv", "gb18030", chinese=True),
    "lab_results": Habit("csv"),
    "fever_clinic": Habit("csv", "gb18030", chinese=True),
    "pharmacy_sales": Habit("csv", "utf-8-sig", chinese=True),
    "school_absences": Habit("csv", "gb18030", chinese=True),
    "arrivals": Habit("ndjson"),
    "hospital_beds": Habit("xlsx", chinese=True),
    "isolation_rooms": Habit("csv", "gb18030"),
    "vehicles": Habit("csv", "gb18030", chinese=True),
    "stocks": Habit("xlsx", chinese=True),
    "prices": Habit("csv", "gb18030", chinese=True),
    "laboratories": Habit("csv"),
}


def feeds(
    tables: Mapping[str, pa.Table], folder: Path, *, day: dt.date | str | None, seed: int
) -> list[Path]:
    """Writes each table that has rows; `day`, or a span as named, goes into the name, None for the
    registers."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        if table.num_rows:
            habit = HABITS[name]
            named = f"{day:%Y%m%d}" if isinstance(day, dt.date) else day
            stem = f"{name}-{named}" if named else name
            path = folder / f"{stem}.{habit.suffix}"
            _WRITERS[habit.suffix](name, table, path, habit, seed)
            written.append(path)
    return written


def again(name: str, table: pa.Table, folder: Path, *, day: dt.date, seed: int) -> Path:
    """The same rows once more in another order and under another name: a re-sent file."""
    order = stream(seed, "resent", name).permutation(table.num_rows)
    path = folder / f"{name}-{day:%Y%m%d}-2.{HABITS[name].suffix}"
    _WRITERS[HABITS[name].suffix](name, table.take(pa.array(order)), path, HABITS[name], seed)
    return path


def _headers(name: str, habit: Habit) -> list[str]:
    return [column.zh if habit.chinese else column.name for column in FEEDS[name].columns]


def _csv(name: str, table: pa.Table, path: Path, habit: Habit, seed: int) -> None:
    buffer = io.BytesIO()
    renamed = table.rename_columns(_headers(name, habit))
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    pyarrow.csv.write_csv(renamed, buffer, options)
    data = buffer.getvalue()
    if habit.encoding != "utf-8":
        data = data.decode("utf-8").encode(habit.encoding)
    path.write_bytes(data)


_REPEATED = ("id_no", "place_id", "source", "spot")


def _parquet(name: str, table: pa.Table, path: Path, habit: Habit, seed: int) -> None:
    pyarrow.parquet.write_table(
        table,
        path,
        compression="zstd",
        compression_level=1,
        use_dictionary=[name for name in _REPEATED if name in table.column_names],
        dictionary_pagesize_limit=64 * 1024 * 1024,
        write_statistics=False,
    )


def _ndjson(name: str, table: pa.Table, path: Path, habit: Habit, seed: int) -> None:
    """Moments with their zone, as the published schema asks of machines."""
    moments = [c.name for c in FEEDS[name].columns if c.kind is Kind.MOMENT]
    lines = []
    for row in table.to_pylist():
        for column in moments:
            if row[column]:
                row[column] = row[column].replace(" ", "T") + "+08:00"
        lines.append(json.dumps(row, ensure_ascii=False))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _xlsx(name: str, table: pa.Table, path: Path, habit: Habit, seed: int) -> None:
    """Numbers as numbers; dates as date cells, some as bare serial numbers, some as text."""
    rng = stream(seed, "excel", path.name)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(FEEDS[name].zh)
    sheet.append(_headers(name, habit))
    columns = FEEDS[name].columns
    styles = rng.random((table.num_rows, len(columns)))
    for row, style in zip(table.to_pylist(), styles, strict=True):
        sheet.append(
            [_cell(column, row[column.name], s) for column, s in zip(columns, style, strict=True)]
        )
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(_without_clock(buffer.getvalue()))


def _without_clock(workbook: bytes) -> bytes:
    """The same workbook without the moment of writing, so that equal worlds give equal files."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = re.sub(rb"<dcterms:(created|modified).*?</dcterms:\1>", b"", data)
            entry = zipfile.ZipInfo(name)  # dated 1980-01-01
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data)
    return out.getvalue()


def _cell(column: Column, value: str | None, style: float) -> object:
    """style: a draw in [0, 1) that decides how dates are entered."""
    if value is None or not value.isascii():  # full-width digits stay the text they are
        return value
    if column.kind is Kind.INTEGER:
        return int(value)
    if column.kind is Kind.NUMBER:
        return float(value)
    if column.kind not in (Kind.DATE, Kind.MOMENT) or style < AS_TEXT:
        return value
    moment = dt.datetime.fromisoformat(value)
    if column.kind is Kind.DATE and style >= AS_SERIAL:
        return (moment.date() - EXCEL_ZERO).days
    return moment


_WRITERS = {"csv": _csv, "parquet": _parquet, "ndjson": _ndjson, "xlsx": _xlsx}

__all__ = ["HABITS", "Habit", "again", "feeds"]

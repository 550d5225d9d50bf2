"""The rejected rows, each with its reasons, in a file the sender can repair and send back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.csv as pacsv
from openpyxl.cell import WriteOnlyCell

from zhongshu.connectors.feeds.checks.rows import Checked
from zhongshu.connectors.feeds.kinds import REASON_HEADER, ROW_HEADER
from zhongshu.connectors.feeds.limits import Limits
from zhongshu.connectors.feeds.readers.raw import Raw
from zhongshu.connectors.feeds.reasons import CELL_CODES, cell_text

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XLSX cannot hold them


def write(
    folder: Path, raw: Raw, checked: Checked, *, name: str, sha256: str, limits: Limits
) -> Path:
    """`<folder>/<name>-repair-<hash>.csv|xlsx`: row number, reasons, and the cells as sent.

    An XLSX sender gets XLSX back, every other CSV (UTF-8 with a mark, which Excel understands).
    The two columns in front are passed over when the file comes back.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows = _rows(raw, checked)
    stem = re.sub(r"-repair-[0-9a-f]{8}$", "", Path(name).stem)
    as_xlsx = name.lower().endswith(".xlsx") and rows.height <= limits.max_xlsx_rows
    path = folder / f"{stem}-repair-{sha256[:8]}{'.xlsx' if as_xlsx else '.csv'}"
    temporary = path.with_suffix(".tmp")
    headers = [ROW_HEADER, REASON_HEADER, *raw.headers]
    if as_xlsx:
        _xlsx(temporary, headers, rows)
    else:
        _csv(temporary, headers, rows)
    temporary.chmod(0o600)
    return temporary.replace(path)


def _rows(raw: Raw, checked: Checked) -> pl.DataFrame:
    """Columns "row", "reason", "c0".. of text, in the order of the file."""
    where = pa.array(checked.rejected)
    columns = {
        f"c{n}": pl.Series(pl.from_arrow(column.filter(where).cast(pa.string())), dtype=pl.String)
        for n, column in enumerate(raw.columns)
    }
    reasons = [
        pl.Series([_sentences(header, code) for code in CELL_CODES], dtype=pl.String).gather(
            pl.Series(checked.reasons[name][checked.rejected]).cast(pl.UInt32)
        )
        for name, header in checked.headers.items()
        if name in checked.reasons
    ]
    numbers = pl.Series("row", raw.numbers[checked.rejected])
    reason = (
        pl.select(pl.concat_str(reasons, separator="; ", ignore_nulls=True)).to_series()
        if reasons
        else pl.Series([], dtype=pl.String)
    )
    rows = pl.DataFrame({"row": numbers, "reason": reason, **columns})
    broken = pl.DataFrame(
        {
            "row": [row.number for row in raw.broken],
            "reason": [cell_text("行 row", row.code) for row in raw.broken],
            "c0": [row.text for row in raw.broken],
        },
        schema={"row": pl.Int64, "reason": pl.String, "c0": pl.String},
    )
    return pl.concat([rows, broken], how="diagonal").sort("row")


def _sentences(header: str, code: str) -> str | None:
    return cell_text(header, code) if code else None


def _csv(path: Path, headers: list[str], rows: pl.DataFrame) -> None:
    table = rows.to_arrow().cast(
        pa.schema([(name, pa.int64() if name == "row" else pa.string()) for name in rows.columns])
    )
    with path.open("wb") as file:
        file.write("\ufeff".encode())
        line = ",".join('"' + header.replace('"', '""') + '"' for header in headers)
        file.write(f"{line}\n".encode())
        pacsv.write_csv(table, file, pacsv.WriteOptions(include_header=False))


def _xlsx(path: Path, headers: list[str], rows: pl.DataFrame) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("repair")
    sheet.append(headers)
    for number, *cells in rows.iter_rows():
        sheet.append([number, *(_cell(sheet, text) for text in cells)])
    book.save(path)


def _cell(sheet: Any, text: str | None) -> Any:
    """Text and nothing else: no formula is run, no digit is lost."""
    cell = WriteOnlyCell(sheet, value=None)
    if text is not None:
        cell.value = _CONTROL.sub(" ", text)
        cell.data_type = "s"
        cell.number_format = "@"
    return cell

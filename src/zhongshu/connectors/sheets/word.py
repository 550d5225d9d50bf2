"""A sheet as a Word document, A4 across: equal sheets are equal bytes."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from typing import Any

from docx import Document
from docx.shared import Mm, Pt

from zhongshu.connectors import wordpage
from zhongshu.connectors.sheets.model import Column, Lang, Section, Sheet
from zhongshu.kernel.time import beijing

TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT_MM = 257
_HEAD_PAIRS = 2  # pairs of label and value on a line of the head
_LABEL_MM = 30
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
WORDS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "synthetic": "合成数据，仅供演练",
        "unit": "单位",
        "made_at": "制表时间",
        "empty": "（无）",
        "page": "第",
        "of": "页，共",
        "pages": "页",
        "signature": "{who}（签字）：____________________    时间：________________",
    },
    "en": {
        "synthetic": "SYNTHETIC DATA, FOR EXERCISE ONLY",
        "unit": "Unit",
        "made_at": "Made at",
        "empty": "(none)",
        "page": "page",
        "of": "of",
        "pages": "",
        "signature": "{who} (signature): ____________________    Time: ________________",
    },
}


def draw(sheet: Sheet) -> bytes:
    """The document's bytes; `sheet.made_at` becomes its date."""
    words = WORDS[sheet.lang]
    document = Document()
    wordpage.page(document, text_mm=_TEXT_MM, landscape=True)
    wordpage.styles(document)
    document.styles["Title"].font.size = Pt(18)
    foot = f"{sheet.title}    {words['page']}", words["of"], words["pages"]
    banner = words["synthetic"] if sheet.synthetic else ""
    wordpage.running(document, banner=banner, foot=foot)
    wordpage.masthead(document, sheet.title)
    made_at = f"{beijing(sheet.made_at):%Y-%m-%d %H:%M}"
    _head(document, ((words["unit"], sheet.unit), *sheet.head, (words["made_at"], made_at)))
    for section in sheet.sections:
        document.add_heading(section.heading, level=1)
        _table(document, section, words["empty"])
    for note in sheet.notes:
        document.add_paragraph(note).paragraph_format.space_before = Pt(6)
    for who in sheet.signatures:
        line = document.add_paragraph(words["signature"].format(who=who))
        line.paragraph_format.space_before = Pt(14)
        line.paragraph_format.keep_together = True
    return _saved(document, sheet)


def _saved(document: Any, sheet: Sheet) -> bytes:
    about = document.core_properties
    about.title, about.author, about.comments = sheet.title, "zhongshu", ""
    about.language = "zh-CN" if sheet.lang == "zh" else "en"
    about.created = about.modified = sheet.made_at.astimezone(dt.UTC).replace(tzinfo=None)
    saved = io.BytesIO()
    document.save(saved)
    return wordpage.frozen(saved.getvalue())


def _head(document: Any, pairs: Sequence[tuple[str, str]]) -> None:
    rows = -(-len(pairs) // _HEAD_PAIRS)
    table = document.add_table(rows=rows, cols=2 * _HEAD_PAIRS)
    table.autofit = False
    for place, (label, value) in enumerate(pairs):
        row = table.rows[place // _HEAD_PAIRS]
        at = 2 * (place % _HEAD_PAIRS)
        wordpage.fill(row.cells[at], label, bold=True)
        wordpage.fill(row.cells[at + 1], value)
    _widths(table, [_LABEL_MM, _TEXT_MM / _HEAD_PAIRS - _LABEL_MM] * _HEAD_PAIRS)


def _table(document: Any, section: Section, empty: str) -> None:
    columns, rows = section.columns, section.rows
    table = document.add_table(rows=1 + max(1, len(rows)), cols=len(columns))
    table.autofit = False
    wordpage.lines(table, _SIDES)
    drawn = list(table.rows)  # looked up once: each look-up walks the whole table
    for cell, column in zip(drawn[0].cells, columns, strict=True):
        wordpage.fill(cell, column.name, numeric=column.numeric, bold=True)
        wordpage.shade(cell)
    wordpage.mark(drawn[0], "w:tblHeader")
    for row, values in zip(drawn[1:], rows or (_blank(empty, columns),), strict=True):
        for cell, column, value in zip(row.cells, columns, values, strict=True):
            wordpage.fill(cell, value, numeric=column.numeric)
    for row in drawn:
        wordpage.mark(row, "w:cantSplit")
    whole = sum(column.width for column in columns)
    _widths(table, [_TEXT_MM * column.width / whole for column in columns])


def _blank(empty: str, columns: Sequence[Column]) -> tuple[str, ...]:
    return (empty, *[""] * (len(columns) - 1))


def _widths(table: Any, widths_mm: Sequence[float]) -> None:
    for place, width in enumerate(widths_mm):
        table.columns[place].width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths_mm, strict=True):
            cell.width = Mm(width)

"""Makes ``templates/situation.docx``: `python -m zhongshu.connectors.reports.wordtemplate`.

The result is committed, so that a headquarters can restyle it in Word; a test keeps the committed
one equal to what this makes.  Layout follows GB/T 9704 where a report can (A4, red masthead).
"""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.shared import Mm, Pt

from zhongshu.connectors import wordpage
from zhongshu.connectors.reports.columns import COLUMNS
from zhongshu.connectors.reports.view import Column

PATH = Path(__file__).parent / "templates" / "situation.docx"
_TEXT_MM = 170  # width between the margins; every table's columns add up to it
_SECTIONS = (
    "key",
    "figures",
    "proposals",
    "decisions",
    "zones",
    "signals",
    "trends",
    "feeds",
    "missing",
    "card",
)


def build() -> bytes:
    document = Document()
    wordpage.page(document, text_mm=_TEXT_MM)
    wordpage.styles(document)
    parts = [f"{{{{ view.footer[{number}] }}}}" for number in range(3)]
    foot = f"{{{{ view.title }}}}    {parts[0]}", parts[1], parts[2]
    wordpage.running(document, banner="{{ banner }}", foot=foot)
    _masthead(document)
    for key in _SECTIONS:
        _section(document, key)
    about = document.core_properties
    about.author, about.comments = "zhongshu", ""
    about.created = about.modified = dt.datetime(2022, 1, 1)  # noqa: DTZ001 - docx has no zones
    saved = io.BytesIO()
    document.save(saved)
    return wordpage.frozen(saved.getvalue())


def _masthead(document: Any) -> None:
    wordpage.masthead(document, "{{ view.title }}")
    document.add_paragraph("{%p for name, value in view.masthead %}")
    document.add_paragraph("{{ name }}  {{ value }}")
    document.add_paragraph("{%p endfor %}")
    basis = document.add_paragraph("{{ view.basis }}")
    basis.runs[0].font.size, basis.runs[0].font.color.rgb = Pt(9), wordpage.MUTED
    wordpage.border(basis, "top")


def _section(document: Any, key: str) -> None:
    here = f"sections.{key}"
    document.add_heading(f"{{{{ {here}.title }}}}", level=1)
    document.add_paragraph(f"{{%p for line in {here}.lines %}}")
    document.add_paragraph("{{r line }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    if key in COLUMNS:
        document.add_paragraph(f"{{%p if {here}.rows %}}")
        _table(document, key, COLUMNS[key])
        document.add_paragraph("{%p endif %}")
        document.add_paragraph(f"{{%p if {here}.more %}}")
        document.add_paragraph(f"{{{{r {here}.more }}}}")
        document.add_paragraph("{%p endif %}")
    document.add_paragraph(f"{{%p if not {here}.rows and not {here}.lines %}}")
    document.add_paragraph(f"{{{{ {here}.empty }}}}").runs[0].font.color.rgb = wordpage.MUTED
    document.add_paragraph("{%p endif %}")


def _table(document: Any, key: str, columns: tuple[Column, ...]) -> None:
    headed = key != "card"
    table = document.add_table(rows=3 + headed, cols=len(columns))
    table.autofit = False
    wordpage.lines(table)
    if headed:
        for index, column in enumerate(columns):
            head = table.rows[0].cells[index]
            wordpage.fill(
                head,
                f"{{{{ sections.{key}.heads[{index}] }}}}",
                numeric=column.numeric,
                bold=True,
            )
            wordpage.shade(head)
        wordpage.mark(table.rows[0], "w:tblHeader")
    opening, body, closing = table.rows[headed], table.rows[headed + 1], table.rows[headed + 2]
    opening.cells[0].text = f"{{%tr for row in sections.{key}.rows %}}"
    for index, column in enumerate(columns):
        wordpage.fill(body.cells[index], f"{{{{r row[{index}] }}}}", numeric=column.numeric)
    closing.cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        wordpage.mark(row, "w:cantSplit")
        for cell, column in zip(row.cells, columns, strict=True):
            cell.width = Mm(column.width_mm)
    for index, column in enumerate(columns):
        table.columns[index].width = Mm(column.width_mm)


if __name__ == "__main__":
    PATH.write_bytes(build())

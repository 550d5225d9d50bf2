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
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from zhongshu.connectors.reports.columns import COLUMNS
from zhongshu.connectors.reports.view import Column
from zhongshu.connectors.reports.word import frozen

PATH = Path(__file__).parent / "templates" / "situation.docx"
_RED = RGBColor(0xB3, 0x26, 0x1E)
_MUTED = RGBColor(0x6B, 0x74, 0x80)
_TEXT_MM = 170  # width between the margins; every table's columns add up to it
_CELL = "Table Text"
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
    _page(document)
    _styles(document)
    _running(document)
    _masthead(document)
    for key in _SECTIONS:
        _section(document, key)
    about = document.core_properties
    about.author, about.comments = "zhongshu", ""
    about.created = about.modified = dt.datetime(2022, 1, 1)  # noqa: DTZ001 - docx has no zones
    saved = io.BytesIO()
    document.save(saved)
    return frozen(saved.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - _TEXT_MM) / 2)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)


def _fonts(style: Any, *, east: str, points: float, bold: bool = False) -> None:
    style.font.name = "Times New Roman"
    style.font.size, style.font.bold = Pt(points), bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east)


def _styles(document: Any) -> None:
    styles = document.styles
    _fonts(styles["Normal"], east="宋体", points=10.5)
    styles["Normal"].paragraph_format.space_after = Pt(2)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    _fonts(styles["Title"], east="宋体", points=24, bold=True)
    _fonts(styles["Heading 1"], east="黑体", points=13, bold=True)
    styles["Heading 1"].font.color.rgb = RGBColor(0x16, 0x20, 0x2B)
    styles["Heading 1"].paragraph_format.space_before = Pt(12)
    styles["Heading 1"].paragraph_format.space_after = Pt(4)
    _fonts(styles["List Bullet"], east="宋体", points=10.5)
    table = styles.add_style(_CELL, WD_STYLE_TYPE.PARAGRAPH)
    table.base_style = styles["Normal"]
    _fonts(table, east="宋体", points=9.5)
    table.paragraph_format.space_before = table.paragraph_format.space_after = Pt(1)
    table.paragraph_format.line_spacing = 1.0


def _running(document: Any) -> None:
    """The synthetic banner above every page, the page number below."""
    section = document.sections[0]
    banner = section.header.paragraphs[0]
    banner.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = banner.add_run("{{ banner }}")
    run.bold, run.font.color.rgb, run.font.size = True, _RED, Pt(10)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run("{{ view.title }}    {{ view.footer[0] }} ")
    _field(foot, "PAGE")
    foot.add_run(" {{ view.footer[1] }} ")
    _field(foot, "NUMPAGES")
    foot.add_run(" {{ view.footer[2] }}")
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(9), _MUTED


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def _masthead(document: Any) -> None:
    title = document.add_paragraph("{{ view.title }}", style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.runs[0].font.color.rgb = _RED
    _border(title, None)
    document.add_paragraph("{%p for name, value in view.masthead %}")
    document.add_paragraph("{{ name }}  {{ value }}")
    document.add_paragraph("{%p endfor %}")
    basis = document.add_paragraph("{{ view.basis }}")
    basis.runs[0].font.size, basis.runs[0].font.color.rgb = Pt(9), _MUTED
    _border(basis, "top")


def _border(paragraph: Any, side: str | None) -> None:
    """A thick red rule on one side of the paragraph; None clears what the style draws."""
    properties = paragraph._p.get_or_add_pPr()
    border = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side or 'bottom'}")
    values = {"val": "single", "sz": "18", "space": "4", "color": "B3261E"}
    for name, value in (values if side else {"val": "nil"}).items():
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    properties.insert_element_before(border, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


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
    document.add_paragraph(f"{{{{ {here}.empty }}}}").runs[0].font.color.rgb = _MUTED
    document.add_paragraph("{%p endif %}")


def _table(document: Any, key: str, columns: tuple[Column, ...]) -> None:
    headed = key != "card"
    table = document.add_table(rows=3 + headed, cols=len(columns))
    table.autofit = False
    _lines(table)
    if headed:
        for index, column in enumerate(columns):
            _fill(table.rows[0].cells[index], f"{{{{ sections.{key}.heads[{index}] }}}}", column)
            _shade(table.rows[0].cells[index])
            table.rows[0].cells[index].paragraphs[0].runs[0].bold = True
        _mark(table.rows[0], "w:tblHeader")
    opening, body, closing = table.rows[headed], table.rows[headed + 1], table.rows[headed + 2]
    opening.cells[0].text = f"{{%tr for row in sections.{key}.rows %}}"
    for index, column in enumerate(columns):
        _fill(body.cells[index], f"{{{{r row[{index}] }}}}", column)
    closing.cells[0].text = "{%tr endfor %}"
    for row in table.rows:
        _mark(row, "w:cantSplit")
        for cell, column in zip(row.cells, columns, strict=True):
            cell.width = Mm(column.width_mm)
    for index, column in enumerate(columns):
        table.columns[index].width = Mm(column.width_mm)


def _fill(cell: Any, text: str, column: Column) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = _CELL
    paragraph.add_run(text)
    if column.numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": "EEF2F6"}.items():
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _lines(table: Any) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": "4", "space": "0", "color": "B8C0CA"}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


if __name__ == "__main__":
    PATH.write_bytes(build())

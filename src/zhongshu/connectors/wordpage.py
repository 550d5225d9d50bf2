"""What every Word document of ours looks like: page, type, running heads, tables.

Layout follows GB/T 9704 where our papers can: A4, 宋体 and 黑体, a red masthead.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

RED = RGBColor(0xB3, 0x26, 0x1E)
MUTED = RGBColor(0x6B, 0x74, 0x80)
CELL = "Table Text"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the zip format's first day: no clock in the bytes
_SHORT_MM, _LONG_MM = 210, 297
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML document may hold these


def page(document: Any, *, text_mm: int, landscape: bool = False) -> None:
    """A4 with `text_mm` between the margins."""
    section = document.sections[0]
    wide, high = (_LONG_MM, _SHORT_MM) if landscape else (_SHORT_MM, _LONG_MM)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(wide), Mm(high)
    section.left_margin = section.right_margin = Mm((wide - text_mm) / 2)
    section.top_margin, section.bottom_margin = Mm(24), Mm(20)
    section.header_distance = section.footer_distance = Mm(10)


def _fonts(style: Any, *, east: str, points: float, bold: bool = False) -> None:
    style.font.name = "Times New Roman"
    style.font.size, style.font.bold = Pt(points), bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east)


def styles(document: Any) -> None:
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
    table = styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    table.base_style = styles["Normal"]
    _fonts(table, east="宋体", points=9.5)
    table.paragraph_format.space_before = table.paragraph_format.space_after = Pt(1)
    table.paragraph_format.line_spacing = 1.0


def running(document: Any, *, banner: str, foot: tuple[str, str, str]) -> None:
    """The banner above every page; below it, with the page and their number between its parts."""
    section = document.sections[0]
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = head.add_run(banner)
    run.bold, run.font.color.rgb, run.font.size = True, RED, Pt(10)
    below = section.footer.paragraphs[0]
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    before, between, after = foot
    below.add_run(f"{before} ")
    _field(below, "PAGE")
    below.add_run(f" {between} ")
    _field(below, "NUMPAGES")
    below.add_run(f" {after}")
    for run in below.runs:
        run.font.size, run.font.color.rgb = Pt(9), MUTED


def _field(paragraph: Any, code: str) -> None:
    run = paragraph.add_run()
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = code
        run._r.append(element)


def masthead(document: Any, title: str) -> None:
    drawn = document.add_paragraph(title, style="Title")
    drawn.alignment = WD_ALIGN_PARAGRAPH.CENTER
    drawn.runs[0].font.color.rgb = RED
    border(drawn, None)


def border(paragraph: Any, side: str | None) -> None:
    """A thick red rule on one side of the paragraph; None clears what the style draws."""
    properties = paragraph._p.get_or_add_pPr()
    drawn = OxmlElement("w:pBdr")
    line = OxmlElement(f"w:{side or 'bottom'}")
    values = {"val": "single", "sz": "18", "space": "4", "color": "B3261E"}
    for name, value in (values if side else {"val": "nil"}).items():
        line.set(qn(f"w:{name}"), value)
    drawn.append(line)
    properties.insert_element_before(drawn, "w:shd", "w:spacing", "w:ind", "w:jc", "w:rPr")


def fill(cell: Any, text: str, *, numeric: bool = False, bold: bool = False) -> None:
    """Text as given; what no document can hold becomes a space."""
    paragraph = cell.paragraphs[0]
    paragraph.style = CELL
    run = paragraph.add_run(_NO_XML.sub(" ", text))
    if bold:
        run.bold = True
    if numeric:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def shade(cell: Any) -> None:
    drawn = OxmlElement("w:shd")
    for name, value in {"val": "clear", "color": "auto", "fill": "EEF2F6"}.items():
        drawn.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(drawn)


def lines(table: Any, sides: tuple[str, ...] = ("top", "bottom", "insideH")) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in sides:
        line = OxmlElement(f"w:{side}")
        for name, value in {"val": "single", "sz": "4", "space": "0", "color": "B8C0CA"}.items():
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def frozen(document: bytes) -> bytes:
    """The same zip with every member dated alike, so that equal content is equal bytes."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(document)) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, _EPOCH)
            new.writestr(entry, old.read(member), zipfile.ZIP_DEFLATED)
    return result.getvalue()

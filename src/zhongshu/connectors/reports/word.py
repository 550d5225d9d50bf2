"""The report as a Word document: the committed template, filled by docxtpl."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import io
from typing import Any

from docxtpl import DocxTemplate, RichText

from zhongshu.connectors import wordpage
from zhongshu.connectors.reports.view import Line, Section, View

TONES = {
    "red": "B3261E",
    "orange": "B3560C",
    "yellow": "7A6000",
    "blue": "1F4E79",
    "muted": "6B7480",
    "tiny": "1F4E79",
}
_TINY = 13  # half points: bars of block characters stay inside their row
_LINK = "1F4E79"


def draw(view: View, *, made_at: dt.datetime) -> bytes:
    """`made_at` is the moment the facts speak for; it becomes the document's date."""
    folder = importlib.resources.files("zhongshu.connectors.reports") / "templates"
    template = DocxTemplate(io.BytesIO((folder / "situation.docx").read_bytes()))
    context = {
        "view": view,
        "banner": view.banner,
        "sections": {section.key: _section(template, section) for section in view.sections},
    }
    template.render(context, autoescape=True)
    about = template.docx.core_properties
    about.title, about.language = view.title, "zh-CN" if view.lang == "zh" else "en"
    about.created = about.modified = made_at.astimezone(dt.UTC).replace(tzinfo=None)
    filled = io.BytesIO()
    template.save(filled)
    return wordpage.frozen(filled.getvalue())


def _section(template: DocxTemplate, section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "empty": section.empty,
        "heads": section.heads,
        "lines": [_rich(template, line) for line in section.lines],
        "rows": [[_rich(template, (cell,)) for cell in row] for row in section.rows],
        "more": _rich(template, section.more) if section.more else None,
    }


def _rich(template: DocxTemplate, line: Line) -> RichText:
    rich = RichText()
    for cell in line:
        link = template.build_url_id(cell.href) if cell.href else None
        rich.add(
            cell.text,
            color=TONES.get(cell.tone) or (_LINK if cell.href else None),
            bold=cell.tone == "strong",
            size=_TINY if cell.tone == "tiny" else None,
            url_id=link,
        )
    return rich

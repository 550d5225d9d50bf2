"""The situation report of a period, as bytes ready to be sent or kept."""

from __future__ import annotations

from typing import Literal

from zhongshu.connectors.reports import catalogue, page, sections, word
from zhongshu.connectors.reports.catalogue import Lang
from zhongshu.connectors.reports.facts import SituationFacts
from zhongshu.connectors.reports.links import Links

Format = Literal["html", "docx"]
FORMATS: tuple[Format, ...] = ("html", "docx")
MEDIA_TYPES: dict[Format, str] = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(facts: SituationFacts, *, lang: Lang, format: Format, base_url: str) -> bytes:
    """The report of `facts`; the same facts give the same bytes.

    base_url: address of the console that the figures' links lead to, e.g. http://127.0.0.1:8000
    """
    shown = sections.view(facts, say=catalogue.load(lang), to=Links.of(facts, base_url))
    return page.draw(shown) if format == "html" else word.draw(shown, made_at=facts.as_of)

"""Situation reports, made by a connector behind a port."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path
from typing import Literal, Protocol, TypedDict, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from zhongshu.api.door import here, needs
from zhongshu.kernel.errors import NotFound
from zhongshu.rules.permissions import Permission
from zhongshu.service.incidents import facade as incidents

router = Router(tags=["system"])
TYPES = {
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class Listed(TypedDict):
    period: str
    as_of: dt.datetime
    langs: list[str]
    formats: list[str]


class Port(Protocol):
    """What the connector named by ``ZHONGSHU_REPORT_PORT`` offers; root: the reports' folder."""

    def listed(self, root: Path) -> list[Listed]:
        """Latest period first."""
        ...

    def content(self, root: Path, *, period: str, lang: str, format: str) -> bytes:
        """Refuses (NotFound) a report that is not there."""
        ...


class ReportItem(Schema):
    period: str
    as_of: dt.datetime
    langs: list[str]
    formats: list[str]


def _port() -> Port:
    return cast(Port, import_module(settings.ZHONGSHU_REPORT_PORT))


def _about_all(request: HttpRequest) -> bool:
    """Reports speak of the whole incident; whoever's rights end lower reads the situation."""
    return here(request).scope.covers(incidents.current().scope_unit.path)


@router.get("/reports", response=list[ReportItem])
@needs(Permission.REPORT_READ)
def reports(request: HttpRequest) -> object:
    """Latest period first; none for posts below the unit the reports are about."""
    if not _about_all(request):
        return []
    return _port().listed(Path(settings.ZHONGSHU_REPORTS))


@router.get("/reports/{period}/{lang}.{format}", response=None)
@needs(Permission.REPORT_READ)
def report(
    request: HttpRequest, period: str, lang: Literal["zh", "en"], format: Literal["html", "docx"]
) -> object:
    if not _about_all(request):
        raise NotFound("reports.unknown", "There is no such report within your rights.")
    root = Path(settings.ZHONGSHU_REPORTS)
    content = _port().content(root, period=period, lang=lang, format=format)
    response = HttpResponse(content, content_type=TYPES[format])
    kind = "inline" if format == "html" else "attachment"
    response["Content-Disposition"] = f'{kind}; filename="zhongshu-{period}-{lang}.{format}"'
    return response

"""`zhongshu report`: the situation report of a period."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    HTML = "html"
    DOCX = "docx"


def register(app: typer.Typer) -> None:
    app.command("report")(report)


def report(
    context: typer.Context,
    to: Annotated[Path | None, typer.Option(help="Folder (default: var/reports).")] = None,
    lang: Annotated[Language | None, typer.Option(help="One language only.")] = None,
    format_: Annotated[Format | None, typer.Option("--format", help="One format only.")] = None,
) -> None:
    """Write the situation report of the last run: HTML and Word, Chinese and English."""
    here = installation.of(context)
    here.open()
    from zhongshu.connectors.reports import port

    for path in port.write(
        to or here.reports_root,
        langs=[lang.value] if lang else [one.value for one in Language],
        formats=[format_.value] if format_ else [one.value for one in Format],
        base_url=here.url,
        now=intake.headquarters_now(here),
    ):
        out.print(str(path))

"""`zhongshu report`: the situation report of a period."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.installation import Installation
from zhongshu.cli.output import Steps, out


class Language(StrEnum):
    ZH = "zh"
    EN = "en"


class Format(StrEnum):
    HTML = "html"
    DOCX = "docx"


def write_all(here: Installation, step: Steps) -> Path:
    """The report of the last run in both languages and formats; the folder it is in."""
    from zhongshu.connectors.reports import port

    step("situation report", 0.1)
    written = port.write(
        here.reports_root,
        langs=[one.value for one in Language],
        formats=[one.value for one in Format],
        base_url=here.url,
        now=intake.headquarters_now(here),
    )
    step("situation report", 1.0)
    return written[0].parent


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

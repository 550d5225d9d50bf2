"""`zhongshu feeds`: take what departments sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zhongshu.cli import installation, intake
from zhongshu.cli.output import out, steps, table
from zhongshu.kernel.time import parse_moment

app = typer.Typer(help="Feeds: what departments send.", no_args_is_help=True)


@app.command("take")
def take(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder with the files.")],
    received_at: Annotated[str, typer.Option(help="When they came (default: now).")] = "",
) -> None:
    """Take all feeds in a folder.  Rows that cannot be taken go to a file the sender can repair."""
    here = installation.of(context)
    here.open()
    moment = parse_moment(received_at) if received_at else intake.headquarters_now(here)
    with steps() as step:
        report = intake.take(here, folder, received_at=moment, step=step)
    intake.show(report)
    if report.count("refused"):
        raise typer.Exit(2)


@app.command("list")
def list_(context: typer.Context) -> None:
    """Each feed: last received, rows, rejected."""
    here = installation.of(context)
    here.open()
    from zhongshu.service.intake import facade

    rows = [
        (
            source.feed,
            source.sender,
            source.files,
            source.rows,
            source.rejected,
            str(source.last_data_date or ""),
            "late" if source.late else "",
        )
        for source in facade.sources(as_of=intake.headquarters_now(here))
    ]
    table("Feeds", ("feed", "sender", "files", "rows", "rejected", "last day", ""), rows)
    out.print(f"Raw files and repair files: {here.raw_root}")

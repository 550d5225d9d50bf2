"""`zhongshu audit`: the record of who did what."""

from __future__ import annotations

import typer

from zhongshu.cli import installation
from zhongshu.cli.output import out

app = typer.Typer(help="The record of who did what.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """The record of who did what: hash-chained, append-only."""


@app.command("verify")
def verify(context: typer.Context) -> None:
    """Recompute the whole chain; exit code 1 and the first bad entry when it does not fit."""
    installation.of(context).open()
    from zhongshu.service.audit import facade as audit

    verdict = audit.verify()
    if verdict.ok:
        out.print(f"The record is whole: {verdict.checked:,} entries.")
        return
    out.print(
        f"[bold red]Entry {verdict.first_bad} does not fit[/]; {verdict.checked:,} before it do."
    )
    raise typer.Exit(1)
